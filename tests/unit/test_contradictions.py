"""Papers that contradict each other are shown with both values and both places; what people write alike is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from casework.contradictions import contradictions, looked_at
from casework.document import Reading
from casework.signals import Signal, kinds

from tests.bench.contradicted import cases
from tests.bench.found import together
from tests.bench.measure_contradictions import BAR, signals_of, tallied
from tests.builders import ANH, BINH, a_document, a_dossier, a_reading


def found(**papers: Reading) -> list[Signal]:
    documents = tuple(a_document(name, reading.document_type) for name, reading in papers.items())
    return contradictions(a_dossier(documents=documents), papers, BAR)


def contract(**differs: Any) -> Reading:
    fields = {"employee.full_name": ANH.name, "employee.bhxh_number": ANH.bhxh, "contract.number": "07/2018/HĐLĐ"}
    return a_reading("labour_contract", fields | differs)


def agreement(**differs: Any) -> Reading:
    return a_reading("suspension_agreement", ANH.agreement(**differs))


def test_papers_that_agree_say_nothing() -> None:
    listed = a_reading("form_01", {"employer.tax_code": "0312345671"}, [ANH.row()])
    assert found(l=listed, c=contract(), a=agreement(**{"contract.number": "7/2018/HĐLĐ-AD"})) == []


def test_a_contradiction_has_both_values_and_both_places() -> None:
    [one] = found(c=contract(), a=agreement(**{"contract.number": "08/2018/HĐLĐ"}))
    assert one.kind == "contract-references-differ"
    assert [place.document for place in one.places] == ["c", "a"]
    assert [place.value for place in one.places] == ["07/2018/HĐLĐ", "08/2018/HĐLĐ"]
    assert all(place.page == 1 and place.box for place in one.places)
    assert "07/2018/HĐLĐ" in one.saw.vi
    assert "08/2018/HĐLĐ" in one.saw.en


@pytest.mark.parametrize(
    ("differs", "kind"),
    [
        ({"employee.full_name": "NGUYEN THI ANH"}, None),
        ({"employee.full_name": "Nguyễn Thị Oanh"}, "names-differ"),
        ({"employee.full_name": "Nguyễn Thị Ảnh"}, None),  # on a scan: marks are misread
        ({"employee.full_name": "Nguyễn Thị Anb"}, None),
        ({"employee.full_name": "Nguyễn Ánh"}, None),  # a word was lost
        ({"contract.number": "07/2018/HDLO"}, None),
        ({"contract.number": "05/2018/HĐLĐ"}, "contract-references-differ"),
        ({"employee.bhxh_number": ["7912345678", 0.97]}, None),  # 0 and 8 look alike on a scan
        ({"employee.bhxh_number": "7912345671"}, "insurance-numbers-differ"),
        ({"employee.bhxh_number": ["7912345671", 0.5]}, None),
    ],
)
def test_what_people_write_alike_or_was_read_unsurely_is_no_contradiction(differs: Any, kind: str | None) -> None:
    assert [one.kind for one in found(c=contract(), a=agreement(**differs))] == ([kind] if kind else [])


def test_an_old_card_beside_a_new_one_is_none_but_two_numbers_of_one_kind_are() -> None:
    old, new, other = "024567890", "079190001234", "079190001235"
    assert found(c=contract(**{"employee.id_number": old}), a=agreement(**{"employee.id_number": new})) == []
    [one] = found(c=contract(**{"employee.id_number": new}), a=agreement(**{"employee.id_number": other}))
    assert one.kind == "ids-differ"


def test_a_cccd_tells_birth_and_sex() -> None:
    paper = agreement(**{"employee.id_number": "079090001234", "employee.sex": "female"})
    assert {one.kind for one in found(a=paper)} == {"cccd-and-sex"}
    late = agreement(**{"employee.id_number": "079175001234", "employee.date_of_birth": "1990-02-03"})
    assert {one.kind for one in found(a=late)} == {"cccd-and-birth"}


def test_a_number_doubted_only_for_what_it_contradicts_is_compared() -> None:
    paper = agreement(**{"employee.id_number": ["079090001234", 0.54], "employee.sex": "female"})
    assert found(a=paper) == []
    doubt = "CCCD cho giới tính khác với giới tính ghi trên giấy"
    number = replace(paper.fields["employee.id_number"], doubts=(doubt,))
    [one] = found(a=replace(paper, fields=paper.fields | {"employee.id_number": number}))
    assert one.kind == "cccd-and-sex"


@pytest.mark.parametrize("born", ["1994", "1994-11", "1994-03-22", "1994-05-02"])
def test_a_day_cut_off_or_a_figure_like_another_on_a_scan_is_no_other_day(born: str) -> None:
    birth = "employee.date_of_birth"
    assert found(c=contract(**{birth: "1994-05-22"}), a=agreement(**{birth: born})) == []
    assert found(c=contract(**{birth: "1994-05-22"}), a=agreement(**{birth: "1993-04-21"})) != []


def test_a_day_without_its_whole_year_on_a_scan_is_not_held_against_another() -> None:
    birth = "employee.date_of_birth"
    paper = agreement(**{birth: "2019-06-04"})
    cut = replace(paper, fields=paper.fields | {birth: replace(paper.fields[birth], raw="04/U6/19")})
    assert found(c=contract(**{birth: "1978-06-04"}), a=cut) == []


@pytest.mark.parametrize(("doubts", "kinds_found"), [((), ["birth-dates-differ"]), (("đọc lại là 06/02/1978",), [])])
def test_figures_read_twice_alike_are_compared_though_they_look_like_others(
    doubts: tuple[str, ...], kinds_found: list[str]
) -> None:
    birth = "employee.date_of_birth"

    def twice(paper: Reading, *doubts: str) -> Reading:
        return replace(
            paper, fields=paper.fields | {birth: replace(paper.fields[birth], source="second_look", doubts=doubts)}
        )

    one, other = twice(contract(**{birth: "1978-02-06"})), agreement(**{birth: "1978-02-08"})
    assert found(c=one, a=other) == []
    assert [each.kind for each in found(c=one, a=twice(other, *doubts))] == kinds_found


@pytest.mark.parametrize(("source", "said"), [("ocr", []), ("second_look", ["words-and-figures"])])
def test_an_amount_in_words_is_held_against_figures_read_twice(source: Any, said: list[str]) -> None:
    paper = contract(**{"contract.salary_vnd": [12_295_000, 0.97], "contract.salary_words_vnd": 12_795_000})
    figures = replace(paper.fields["contract.salary_vnd"], source=source)
    read = replace(paper, fields=paper.fields | {"contract.salary_vnd": figures})
    assert [one.kind for one in found(c=read)] == said


def test_a_name_with_a_speck_before_it_does_not_part_a_person_in_two() -> None:
    who = {"employee.full_name": "Vũ Thị Hiền", "employee.id_number": "120954586"}
    listed = a_reading("form_01", {}, [{"employee.full_name": "Vũ Thị Hiền", "employee.bhxh_number": "2710306295"}])
    first = a_reading("labour_contract", who | {"employee.full_name": "L Vũ Thị Hiền"})
    card = a_reading("id_card", who | {"employee.id_number": "120954571"})
    assert "ids-differ" in {
        one.kind for one in found(l=listed, c=first, a=a_reading("suspension_agreement", who), k=card)
    }


def test_a_paper_whose_name_was_not_read_goes_to_the_one_born_on_that_day() -> None:
    born = {"employee.date_of_birth": "1977-07-15"}
    nameless = a_reading("labour_contract", born | {"contract.starts_on": "2019-10-29"})
    listed = a_reading("form_01", {}, [ANH.row(**{"contract.starts_on": "2019-11-01"})])
    [one] = found(l=listed, c=nameless, a=agreement(**born))
    assert one.kind == "contract-terms-differ"


def test_a_list_has_no_row_where_only_a_number_stands() -> None:
    rows = [{"row.number": 1}, *(person.row() for person in (ANH, BINH))]
    assert found(a=a_reading("form_11", {"stoppage.count": 2}), l=a_reading("form_12", {}, rows)) == []


def test_what_two_papers_say_was_not_cut_in_both() -> None:
    short, long = ({"employer.name": f"Công ty TNHH May An Phú{more}"} for more in ("", " Miền Nam"))
    assert found(c=contract(**long), a=agreement(**short)) == []
    [one] = found(c=contract(**short), a=agreement(**short), b=agreement(**long))
    assert one.kind == "employers-differ"


def test_the_one_row_without_a_paper_and_the_one_person_without_a_row_are_one_by_most_of_the_name() -> None:
    listed = a_reading("form_01", {}, [{"employee.full_name": "Nguyễn Minh Nguyệt"}])
    paper = {"employee.full_name": "Nguyễn Minh Hải", "employee.id_number": "240946609"}
    [one] = found(l=listed, c=a_reading("labour_contract", paper))
    assert one.kind == "names-differ"
    other = a_reading("labour_contract", paper | {"employee.full_name": "Trần Văn Hải"})
    assert found(l=listed, c=other) == []


def test_a_branch_has_its_employers_tax_code() -> None:
    head, branch = {"employer.tax_code": "0312345671"}, {"employer.tax_code": "0312345671-001"}
    assert found(a=agreement(**head), c=contract(**branch)) == []


def test_the_sum_a_list_says_is_held_against_its_rows() -> None:
    rows = [person.row(**{"stoppage.wage_due_vnd": due}) for person, due in ((ANH, 1_000_000), (BINH, 2_000_000))]
    listed = a_reading("form_12", {"roster.sum.stoppage.wage_due_vnd": 3_500_000}, rows)
    [one] = found(l=listed)
    assert one.kind == "list-totals-differ"
    assert "3.500.000" in one.saw.vi
    assert "3,000,000" in one.saw.en


def test_the_same_contradiction_seen_again_is_the_same_signal() -> None:
    papers = {"c": contract(), "a": agreement(**{"employee.full_name": "Nguyễn Thị Oanh"})}
    [one] = found(**papers)
    assert [again.id for again in found(**papers)] == [one.id]


def test_those_sown_into_dossiers_nobody_tuned_on_are_found() -> None:
    tally = together(tallied((case, signals_of(case, case.readings())) for case in cases("test", 30)))
    assert tally.right + tally.missed == 20
    assert tally.worst >= 0.95, tally


def test_every_kind_says_what_to_look_at_in_both_languages() -> None:
    for kind in kinds().values():
        for text in (kind.title, kind.saw, kind.look):
            assert text.vi
            assert text.en
        assert kind.group in ("contradiction", "genuineness", "elsewhere")


def test_words_of_a_name_that_were_lost_do_not_part_a_person_in_two() -> None:
    row = {"employee.full_name": ["Đoàn Ngọc", 0.97], "contract.starts_on": "2020-02-24"}
    paper = {
        "employee.full_name": "Đoàn Ngọc Hải",
        "employee.id_number": "240946609",
        "contract.starts_on": "2020-02-13",
    }
    [one] = found(l=a_reading("form_01", {}, [row]), c=a_reading("labour_contract", paper))
    assert one.kind == "contract-terms-differ"


def test_a_letter_read_twice_is_no_other_name() -> None:
    assert (
        found(
            c=contract(**{"employee.full_name": "LƯU XUÂN VỸ"}), a=agreement(**{"employee.full_name": "LƯU XUÂN VŸỸ"})
        )
        == []
    )


def test_a_contracts_number_that_begins_with_a_letter_for_1_is_no_other() -> None:
    number = "contract.number"
    assert found(c=contract(**{number: "I26/2018/HĐLĐ-MHB"}), a=agreement(**{number: "126/2018/HĐLĐ-MHB"})) == []


def test_an_apostrophe_and_a_paper_with_both_numbers_part_no_person_in_two() -> None:
    listed = {
        "employee.full_name": "HHEN Niê",
        "employee.bhxh_number": "6618070490",
        "contract.starts_on": "2016-05-22",
    }
    card = {"employee.full_name": "Hen Niê", "employee.id_number": "241083981", "contract.starts_on": "2016-04-01"}
    both = {
        "employee.full_name": "H'Hen Niê",
        "employee.bhxh_number": "6618070490",
        "employee.id_number": "241083981",
    }
    papers = found(
        l=a_reading("form_01", {}, [listed]), c=a_reading("labour_contract", card), a=a_reading("id_card", both)
    )
    assert "contract-terms-differ" in {one.kind for one in papers}


_SPELLED = "Mười hai triệu bốn trăm sáu mươi lăm nghìn đồng"


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (["11.265.000", "11.965.000", "11.265.000", "11.265.000", "11.965.000"], ["words-and-figures"]),
        (["12.465.000", "11.965.000", "11.265.000", "11.265.000", "11.965.000"], []),  # one of them says as the words
    ],
)
def test_an_amount_none_of_whose_readings_is_the_one_in_words_differs(again: list[str], said: list[str]) -> None:
    paper = contract(**{"contract.salary_vnd": 11_965_000, "contract.salary_words_vnd": 12_465_000})
    scanned = {
        name: replace(field, source="ocr", raw=_SPELLED if name.endswith("words_vnd") else "11.965.000")
        for name, field in paper.fields.items()
        if name.startswith("contract.salary")
    }
    papers = {"c": replace(paper, fields=paper.fields | scanned)}
    dossier = a_dossier(documents=(a_document("c", "labour_contract"),))
    looks = looked_at(dossier, papers, lambda place: [_SPELLED] * 5 if place.value == _SPELLED else again)
    assert [one.kind for one in contradictions(dossier, papers, BAR, looks)] == said


@pytest.mark.parametrize(("doubts", "kinds_found"), [((), ["employers-differ"]), (("nhãn không rõ",), [])])
def test_a_name_whose_second_looks_are_torn_stands_by_another_that_says_the_same(
    doubts: tuple[str, ...], kinds_found: list[str]
) -> None:
    name, torn = "employer.name", "Công ty TNHH Minh , _ Khánh Phương"
    short, long = "Công ty TNHH Minh Khánh Phương", "Công ty TNHH Minh Khánh Phương Miền Nam"
    papers = {"l": contract(**{name: short}), "a": agreement(**{name: short}), "c": contract(**{name: long})}
    for paper, reading in papers.items():
        field = replace(reading.fields[name], source="ocr", raw=str(reading.fields[name].value))
        field = replace(field, doubts=doubts, confidence=0.6) if paper == "a" and doubts else field
        papers[paper] = replace(reading, fields=reading.fields | {name: replace(field, page=ord(paper))})
    dossier = a_dossier(documents=tuple(a_document(paper, one.document_type) for paper, one in papers.items()))
    looks = looked_at(dossier, papers, lambda place: [torn if place.document == "a" else place.value] * 5)
    assert [one.kind for one in contradictions(dossier, papers, BAR, looks)] == kinds_found
