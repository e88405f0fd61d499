"""Papers, registries and the applicant's word brought together: agreement, contradiction, strangers, silence."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest
from casework import procedures
from casework.document import Part
from casework.dossier import Correction, Dossier
from casework.payments import identity, person_key
from casework.registry import Answer, RegistryName, RowAnswer
from casework.situation import Situation, gather

from tests.builders import ANH, BINH, Employee, a_document, a_dossier, a_reading

PROCEDURE = procedures.load("SW", date(2020, 5, 18))
EMPLOYER = {"employer.tax_code": "0312345671", "employer.name": "Công ty TNHH May Ánh Dương"}
ANH_KEY = f"bhxh:{ANH.bhxh}"


def situation(
    *papers: tuple[str, dict[str, Any]],
    people: tuple[Employee, ...] = (ANH,),
    rows: list[dict[str, Any]] | None = None,
    answers: tuple[Answer, ...] = (),
    unavailable: dict[str, str] | None = None,
    corrections: dict[str, Any] | None = None,
    **differs: Any,
) -> Situation:
    """Form 01 with these people, and these other papers (type, fields)."""
    roster = rows if rows is not None else [person.row() for person in people]
    found = [("form_01", EMPLOYER, roster), *((kind, fields, []) for kind, fields in papers)]
    documents, readings = [], {}
    for number, (kind, fields, table) in enumerate(found):
        document_id = f"doc{number}"
        noted = {name: Correction(value, "a", "t") for name, value in (corrections or {}).items() if number == 1}
        documents.append(a_document(document_id, kind, corrections=noted))
        readings[document_id] = a_reading(kind, fields, table)
    dossier: Dossier = a_dossier(documents=tuple(documents), **differs)
    return gather(dossier, readings, answers, unavailable or {}, PROCEDURE)


def agreement(person: Employee = ANH, **differs: Any) -> tuple[str, dict[str, Any]]:
    return "suspension_agreement", person.agreement(**differs)


def test_papers_that_agree_make_each_other_surer() -> None:
    shaky = {"suspension.starts_on": [ANH.starts, 0.8]}
    alone = situation(rows=[ANH.row(**shaky)], people=())
    assert alone.people[0].facts["suspension.starts_on"].doubt is not None
    both = situation(agreement(**shaky), rows=[ANH.row(**shaky)])
    fact = both.people[0].facts["suspension.starts_on"]
    assert (fact.value, fact.doubt) == (ANH.starts, None)
    assert {evidence.document_type for evidence in fact.evidence} == {"form_01", "suspension_agreement"}


def test_papers_that_differ_leave_a_doubt_that_names_both() -> None:
    found = situation(agreement(**{"suspension.ends_on": "2020-06-30"}))
    doubt = found.people[0].facts["suspension.ends_on"].doubt
    assert doubt is not None
    for text in (doubt.vi, doubt.en):
        for told in ("doc0.pdf", "2020-05-14", "doc1.pdf", "2020-06-30"):
            assert told in text
    assert "dòng 1" in doubt.vi
    assert "row 1" in doubt.en


def test_a_name_in_capitals_is_the_same_name() -> None:
    found = situation(agreement(**{"employee.full_name": "NGUYỄN THỊ  ÁNH"}))
    assert found.people[0].facts["employee.full_name"].doubt is None


def test_what_is_read_below_the_bar_is_doubtful_and_shows_what_was_read() -> None:
    found = situation(rows=[ANH.row(**{"suspension.ends_on": ["2020-05-14", 0.6]})])
    doubt = found.people[0].facts["suspension.ends_on"].doubt
    assert doubt is not None
    assert "2020-05-14" in doubt.vi
    assert "60%" in doubt.vi


def test_what_nobody_says_is_absent_and_never_no() -> None:
    found = situation()
    assert "suspension.reason" not in found.people[0].facts
    assert "vss.participating_before_suspension" not in found.people[0].facts
    assert "employer.kind" not in found.facts


def test_a_correction_of_the_applicant_stands_beside_the_paper_and_makes_it_doubtful() -> None:
    found = situation(agreement(), corrections={"suspension.ends_on": "2020-06-14"})
    fact = found.people[0].facts["suspension.ends_on"]
    assert fact.doubt is not None
    assert "2020-06-14" in fact.doubt.vi
    assert {evidence.source for evidence in fact.evidence} == {"paper", "applicant"}


def test_a_correction_alone_is_not_sure() -> None:
    found = situation(agreement(), corrections={"employee.id_number": "079090000123"})
    fact = found.people[0].facts["employee.id_number"]
    assert (fact.value, fact.doubt is not None) == ("079090000123", True)


def test_a_paper_is_put_to_its_person_by_number_even_if_the_name_is_misread() -> None:
    found = situation(agreement(BINH, **{"employee.full_name": "Tràn Van Bính"}), people=(ANH, BINH))
    assert [person.documents for person in found.people] == [("doc0",), ("doc0", "doc1")]
    assert found.strangers == ()


def test_a_paper_without_number_is_put_to_the_only_person_of_that_name() -> None:
    found = situation(agreement(BINH, **{"employee.bhxh_number": None}), people=(ANH, BINH))
    assert found.people[1].documents == ("doc0", "doc1")


def test_two_people_of_one_name_are_not_guessed_between() -> None:
    other = Employee(ANH.name, "7912345699", "1970-01-01")
    found = situation(agreement(**{"employee.bhxh_number": None}), people=(ANH, other))
    assert found.strangers == ("doc1",)
    assert all(person.documents == ("doc0",) for person in found.people)


def test_a_paper_about_nobody_on_the_list_is_a_stranger_and_nobodys_evidence() -> None:
    found = situation(agreement(BINH))
    assert found.strangers == ("doc1",)
    assert len(found.people) == 1
    assert "suspension.reason" not in found.people[0].facts


def test_the_same_person_twice_gets_two_keys_and_the_second_is_doubtful_throughout() -> None:
    found = situation(people=(ANH, ANH))
    assert [person.key for person in found.people] == [ANH_KEY, f"{ANH_KEY}#2"]
    assert all(fact.doubt is None for fact in found.people[0].facts.values())
    assert all(fact.doubt and "hai lần" in fact.doubt.vi for fact in found.people[1].facts.values())


def test_a_declared_fact_that_a_registry_must_confirm_waits_for_it() -> None:
    fact = situation().facts["finance.revenue_vnd"]
    assert (fact.value, fact.doubt is not None) == (0, True)
    confirmed = situation(answers=(the_tax_office(0),)).facts["finance.revenue_vnd"]
    assert (confirmed.value, confirmed.doubt) == (0, None)


def test_a_registry_that_says_otherwise_leaves_a_doubt_naming_both() -> None:
    fact = situation(answers=(the_tax_office(5_000_000),)).facts["finance.revenue_vnd"]
    assert fact.doubt is not None
    assert "5000000" in fact.doubt.vi
    assert "hồ sơ ghi 0" in fact.doubt.vi


def test_a_declared_fact_never_overrules_a_paper() -> None:
    found = situation(declared={"employer.tax_code": "9999999999"})
    assert found.facts["employer.tax_code"].value == "0312345671"


def test_a_silent_registry_makes_its_facts_doubtful_and_the_reason_is_told() -> None:
    found = situation(unavailable={"vss": "timeout", "tax": "503", "enterprise": "503"})
    for fact_id in ("vss.participating_before_suspension", "vss.decrease_reported", "vss.contract_ended"):
        fact = found.people[0].facts[fact_id]
        assert fact.value is None
        assert fact.doubt is not None
        assert "không trả lời" in fact.doubt.vi
    assert found.facts["finance.revenue_vnd"].value == 0
    assert found.facts["finance.revenue_vnd"].doubt is not None
    assert found.facts["employer.kind"].doubt is not None


@pytest.mark.parametrize("status", ["mismatch", "not_found"])
def test_a_registry_that_does_not_know_the_person_as_he_is_leaves_a_doubt(status: str) -> None:
    mismatched = ("employee.full_name",) if status == "mismatch" else ()
    found = situation(answers=(the_vss(status, mismatched=mismatched),))
    fact = found.people[0].facts["vss.participating_before_suspension"]
    assert fact.doubt is not None


def test_a_registrys_no_about_the_right_person_is_a_fact() -> None:
    found = situation(answers=(the_vss("match", {"vss.participating_before_suspension": False}),))
    fact = found.people[0].facts["vss.participating_before_suspension"]
    assert (fact.value, fact.doubt) == (False, None)
    assert fact.evidence[0].registry == "vss"
    assert fact.evidence[0].answered_at == "2020-05-18T02:00:00+00:00"


def test_an_answer_about_another_person_says_nothing() -> None:
    found = situation(answers=(the_vss("match", {"vss.participating_before_suspension": True}, key="bhxh:1"),))
    assert "vss.participating_before_suspension" not in found.people[0].facts


def test_missing_papers_are_named_for_whom() -> None:
    found = situation(agreement(), people=(ANH, BINH))
    assert [(paper.types, paper.person and paper.person.name) for paper in found.missing] == [
        (("suspension_agreement", "unpaid_leave_agreement"), BINH.name)
    ]


def test_without_a_list_the_people_are_those_the_papers_are_about() -> None:
    dossier = a_dossier(documents=(a_document("a", "suspension_agreement"), a_document("b", "suspension_agreement")))
    readings = {
        "a": a_reading("suspension_agreement", ANH.agreement()),
        "b": a_reading("suspension_agreement", BINH.agreement()),
    }
    found = gather(dossier, readings, (), {}, PROCEDURE)
    assert [person.name for person in found.people] == [ANH.name, BINH.name]
    assert [paper.types for paper in found.missing] == [("form_01",)]


def test_removed_and_unread_papers_say_nothing() -> None:
    documents = (a_document("a", "form_01", state="removed"), a_document("b", "form_01"))
    found = gather(a_dossier(documents=documents), {"a": a_reading("form_01", {}, [ANH.row()])}, (), {}, PROCEDURE)
    assert found.people == ()


def test_a_doubt_no_rule_looks_at_is_still_seen() -> None:
    found = situation(agreement(**{"employee.full_name": "Nguyễn Thị Anh Đào"}))
    assert any("Đào" in text.vi for text in found.contradictions({"suspension.starts_on"}))
    assert found.contradictions(set(PROCEDURE.kinds)) == []


@pytest.mark.parametrize(("fact", "seen"), [("employee.bank_account", True), ("employee.department", False)])
def test_an_unsure_reading_is_seen_where_it_says_who_is_paid(fact: str, seen: bool) -> None:
    found = situation(rows=[ANH.row(**{fact: ["0123456789", 0.6]})])
    assert any("0123456789" in text.vi for text in found.contradictions({"suspension.starts_on"})) is seen


def test_a_person_is_the_same_in_every_dossier() -> None:
    def key(bhxh: Any, id_number: Any, name: str, born: Any) -> str:
        return person_key(identity(bhxh=bhxh, id_number=id_number, name=name, born=born), name, born)

    assert key("7912345670", "0123", "a", None) == "bhxh:7912345670"
    assert key(None, "079090000123", "a", None) == "id:079090000123"
    assert key(None, None, "NGUYỄN  THỊ ÁNH", "1990-02-03") == key("", "", "Nguyễn Thị Ánh", "1990-02-03")
    assert key(None, None, "Nguyễn Thị Ánh", None) != key(None, None, "Nguyễn Thị Ánh", "1990-02-03")


def the_tax_office(revenue_vnd: int) -> Answer:
    row = RowAnswer("", "0312345671", "match", {"finance.revenue_vnd": revenue_vnd})
    return Answer(RegistryName("tax"), "q", date(2020, 5, 18), datetime(2020, 5, 18, 2, tzinfo=UTC), "tax/1", row)


def the_vss(
    status: Any, facts: dict[str, Any] | None = None, *, key: str = ANH_KEY, mismatched: tuple[str, ...] = ()
) -> Answer:
    rows = (RowAnswer(key, ANH.bhxh, status, facts or {}, mismatched),)
    return Answer(
        RegistryName("vss"), "q", date(2020, 4, 14), datetime(2020, 5, 18, 2, tzinfo=UTC), "vss/1", None, rows
    )


def test_the_papers_of_somebody_who_is_on_the_list_twice_are_asked_for_once_and_not_again() -> None:
    found = situation(agreement(), people=(ANH, ANH))
    assert [person.documents for person in found.people] == [("doc0", "doc1")] * 2
    assert (found.strangers, found.missing) == ((), ())


def test_a_number_on_two_rows_of_different_names_goes_by_the_name() -> None:
    misread = Employee(BINH.name, ANH.bhxh)
    found = situation(agreement(misread), people=(ANH, misread))
    assert found.people[1].documents == ("doc0", "doc1")
    nobody = situation(agreement(Employee("Phạm Văn Cường", ANH.bhxh)), people=(ANH, misread))
    assert nobody.strangers == ("doc1",)


# -- several papers in one file ---------------------------------------------------------------------------------------


def together(*papers: tuple[str, dict[str, Any], list[dict[str, Any]]], corrections: Any = None) -> Situation:
    """One file that holds these papers."""
    parts = [Part(kind, 1.0, (number,), *held(kind, *said)) for number, (kind, *said) in enumerate(papers, 1)]
    kinds = tuple(part.document_type for part in parts)
    document = dataclasses.replace(a_document("doc0", kinds[0], corrections=corrections or {}), part_types=kinds)
    reading = dataclasses.replace(a_reading(*papers[0]), parts=tuple(parts))
    return gather(a_dossier(documents=(document,)), {"doc0": reading}, (), {}, PROCEDURE)


def held(kind: str, fields: dict[str, Any], rows: list[dict[str, Any]]) -> tuple[Any, Any]:
    reading = a_reading(kind, fields, rows)
    return reading.fields, reading.tables


LIST_OF_BOTH = ("form_01", EMPLOYER, [ANH.row(), BINH.row()])


def test_every_paper_of_a_file_is_heard() -> None:
    found = together(LIST_OF_BOTH, (*agreement(), []), (*agreement(BINH), []))
    assert [person.name for person in found.people] == [ANH.name, BINH.name]
    assert (found.missing, found.strangers) == ((), ())
    kinds = {evidence.document_type for evidence in found.people[1].facts["suspension.starts_on"].evidence}
    assert kinds == {"form_01", "suspension_agreement"}


def test_the_agreement_of_one_person_is_not_that_of_another_in_the_same_file() -> None:
    found = together(LIST_OF_BOTH, (*agreement(BINH), []))
    assert [(paper.types[0], paper.person and paper.person.name) for paper in found.missing] == [
        ("suspension_agreement", ANH.name)
    ]


def test_papers_of_one_file_that_differ_leave_a_doubt() -> None:
    found = together(LIST_OF_BOTH, (*agreement(**{"suspension.ends_on": "2020-06-30"}), []), (*agreement(BINH), []))
    assert found.people[0].facts["suspension.ends_on"].doubt is not None
    assert found.people[1].facts["suspension.ends_on"].doubt is None


def test_a_correction_is_of_the_paper_that_speaks_for_the_file() -> None:
    noted = {"employer.name": Correction("Công ty khác", "a", "t")}
    found = together(LIST_OF_BOTH, ("labour_contract", EMPLOYER, []), corrections=noted)
    said = [evidence for evidence in found.facts["employer.name"].evidence if evidence.source == "applicant"]
    assert len(said) == 1
