"""What is believed of a registry's answer, and what is no answer."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime

import pytest
from casework.errors import RegistryUnavailable
from casework.plain import from_plain, to_plain
from casework.registry import Answer, Employer, Question, QuestionRow, RowAnswer, believe

PEOPLE = (
    QuestionRow("1", "7916123456", "Nguyễn Thị Hòa", date(1990, 2, 3), "2020-04"),
    QuestionRow("2", "7916123457", "Trần Văn Bình"),
)
VSS = Question("vss", "d1-vss-2020-04-14", date(2020, 4, 14), Employer("0100109106", "Công ty"), PEOPLE)
TAX = Question("tax", "d1-tax-2020-03-31", date(2020, 3, 31), Employer("0100109106"))
OF_ANOTHER = {"registry", "question_id", "as_of", "wrong person: row 1", "wrong employer"}  # operators hear of these
GOOD_VSS = {
    "registry": "vss",
    "question_id": "d1-vss-2020-04-14",
    "as_of": "2020-04-14",
    "answered_at": "2020-04-20T09:00:00+07:00",
    "source": "vss/1",
    "dossier": None,
    "rows": [
        {"key": "2", "about": "7916123457", "status": "mismatch", "facts": {}, "mismatched": ["employee.full_name"]},
        {"key": "1", "about": "7916123456", "status": "match", "facts": {"vss.contract_ended": False}},
    ],
}
GOOD_TAX = {
    **{name: GOOD_VSS[name] for name in ("answered_at", "source")},
    "registry": "tax",
    "question_id": TAX.question_id,
    "as_of": "2020-03-31",
    "dossier": {"key": "", "about": "0100109106", "status": "match", "facts": {"finance.revenue_vnd": 0}},
}


def but(answer, path, value):
    changed = copy.deepcopy(answer)
    *way, last = path
    place = changed
    for step in way:
        place = place[step]
    place[last] = value
    return changed


def test_a_good_answer_is_read_in_the_order_of_the_question():
    answer = believe(VSS, GOOD_VSS)
    assert [row.key for row in answer.rows] == ["1", "2"]
    assert answer.rows[0].facts == {"vss.contract_ended": False}
    assert answer.rows[1].mismatched == ("employee.full_name",)
    assert answer.answered_at == datetime(2020, 4, 20, 2, tzinfo=UTC)


def test_zero_and_nothing_are_different_answers():
    assert believe(TAX, GOOD_TAX).dossier == RowAnswer("", "0100109106", "match", {"finance.revenue_vnd": 0})
    nothing = but(GOOD_TAX, ["dossier", "facts"], {"finance.revenue_vnd": None})
    assert believe(TAX, nothing).dossier.facts == {"finance.revenue_vnd": None}
    assert believe(TAX, but(GOOD_TAX, ["dossier", "facts"], {})).dossier.facts == {}


def test_question_and_answer_survive_their_plain_form():
    assert from_plain(Question, to_plain(VSS)) == VSS
    answer = believe(VSS, GOOD_VSS)
    assert from_plain(Answer, to_plain(answer)) == answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "not an object"),
        ([], "not an object"),
        (but(GOOD_VSS, ["registry"], "tax"), "registry"),
        (but(GOOD_VSS, ["question_id"], "other"), "question_id"),
        (but(GOOD_VSS, ["as_of"], "2020-04-15"), "as_of"),
        (but(GOOD_VSS, ["answered_at"], None), "answered_at"),
        (but(GOOD_VSS, ["answered_at"], "2020-04-20T09:00:00"), "time zone"),
        (but(GOOD_VSS, ["source"], None), "source"),
        (but(GOOD_VSS, ["rows"], {}), "rows is not a list"),
        (but(GOOD_VSS, ["rows"], GOOD_VSS["rows"][:1]), "row 1 is missing"),
        (but(GOOD_VSS, ["rows"], [*GOOD_VSS["rows"], GOOD_VSS["rows"][0]]), "answered twice"),
        (but(GOOD_VSS, ["rows", 1, "about"], "7916123457"), "wrong person: row 1"),
        (but(GOOD_VSS, ["rows", 1, "about"], None), "without key or number"),
        (but(GOOD_VSS, ["rows", 1, "status"], "yes"), "unknown status"),
        (but(GOOD_VSS, ["rows", 1, "status"], "mismatch"), "names the fields"),
        (but(GOOD_VSS, ["rows", 1, "mismatched"], "x"), "not a list of field ids"),
        (but(GOOD_VSS, ["rows", 1, "status"], "not_found"), "not found"),
        (but(GOOD_VSS, ["rows", 1, "facts"], []), "not an object"),
        (but(GOOD_VSS, ["rows", 1, "facts"], {"vss.contract_ended": 1}), "is not bool"),
        (but(GOOD_VSS, ["rows", 1, "facts"], {"vss.contract_ended": "không"}), "is not bool"),
    ],
)
def test_what_is_no_answer(answer, reason):
    with pytest.raises(RegistryUnavailable, match=reason) as refused:
        believe(VSS, answer)
    assert refused.value.of_another == (reason in OF_ANOTHER)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (but(GOOD_TAX, ["dossier"], None), "nothing about the employer"),
        (but(GOOD_TAX, ["dossier", "about"], "0100109107"), "wrong employer"),
        (but(GOOD_TAX, ["dossier", "facts"], {"finance.revenue_vnd": True}), "is not int"),
        (but(GOOD_TAX, ["dossier", "facts"], {"finance.revenue_vnd": 0.0}), "is not int"),
        (but(GOOD_TAX, ["dossier", "facts"], {"finance.revenue_vnd": "0"}), "is not int"),
    ],
)
def test_what_is_no_answer_about_an_employer(answer, reason):
    with pytest.raises(RegistryUnavailable, match=reason) as refused:
        believe(TAX, answer)
    assert refused.value.of_another == (reason in OF_ANOTHER)


def test_facts_of_other_registries_are_not_taken():
    more = but(GOOD_VSS, ["rows", 1, "facts"], {"vss.contract_ended": True, "finance.revenue_vnd": 0, "x": 1})
    assert believe(VSS, more).rows[0].facts == {"vss.contract_ended": True}
