"""What leaves the house when a registry is asked: these fields and no other, in parts that come back together."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from casework.asking import EMPLOYER_SENT, ROW_SENT, ROWS_AT_ONCE, joined, parts_of, sent
from casework.errors import RegistryUnavailable
from casework.registry import DOSSIER_FACTS, ROW_FACTS, Answer, Employer, Question, QuestionRow, RowAnswer

EVERYTHING = Employer("0100109106", "Công ty", "079190000001", "may mặc", "Quận 1")
PERSON = QuestionRow(
    "id:079190000001", "7912345670", "Nguyễn Thị Ánh", dt.date(1990, 2, 3), "2020-04", "079190000001", "0312", None
)
NOON = dt.datetime(2020, 5, 18, 5, tzinfo=dt.UTC)

# Who is told what. A registry that is to be told more is added here first, with the reason in docs/sandbox.md.
TOLD = {
    "vss": ({"tax_code"}, {"key", "bhxh_number", "full_name", "date_of_birth", "from_month", "on"}),
    "ui": ({"tax_code"}, {"key", "bhxh_number", "full_name", "date_of_birth", "on"}),
    "enterprise": ({"tax_code", "name"}, set()),
    "tax": ({"tax_code"}, set()),
    "cic": ({"tax_code", "representative_id"}, set()),
    "closures": ({"tax_code", "business_line", "address"}, set()),
}


def a_question(registry="vss", count=1):
    rows = tuple(dataclasses.replace(PERSON, key=f"k{n}", bhxh_number=f"{n:010d}") for n in range(count))
    return Question(registry, "q", dt.date(2020, 4, 14), EVERYTHING, rows, ("a",), "https://example/answers")


@pytest.mark.parametrize("registry", sorted(TOLD))
def test_each_registry_is_told_these_fields_and_no_other(registry):
    [part] = parts_of(a_question(registry))
    said = sent(part)
    employer, row = TOLD[registry]
    assert set(said) == {"registry", "question_id", "as_of", "employer", "rows", "wanted", "answer_to"}
    assert set(said["employer"]) == employer
    assert [set(one) for one in said["rows"]] == ([row] if row else [])
    assert "079190000001" not in str(said["rows"])  # an identity number is no social-insurance office's business


def test_every_registry_that_can_be_asked_says_what_it_is_told():
    assert set(TOLD) == set(EMPLOYER_SENT) == set(DOSSIER_FACTS)
    assert set(ROW_SENT) == {name for name, facts in ROW_FACTS.items() if facts}


def test_people_go_by_their_place_and_come_back_under_our_own_keys():
    question = a_question(count=ROWS_AT_ONCE + 2)
    first, second = parts_of(question)
    assert [row.key for row in (first.rows[0], second.rows[0], second.rows[-1])] == ["1", "1001", "1002"]
    assert (first.question_id, second.question_id) == ("q.0", "q.1")
    answers = {part.question_id: answer_to(part) for part in (first, second)}
    whole = joined(question, answers)
    assert whole.question_id == "q"
    assert [(row.key, row.about) for row in whole.rows] == [(row.key, row.bhxh_number) for row in question.rows]
    assert whole.answered_at == NOON + dt.timedelta(seconds=1)
    assert joined(question, {"q.0": answers["q.0"]}) is None


def test_parts_that_differ_about_the_employer_are_no_answer():
    question = a_question(count=ROWS_AT_ONCE + 1)
    first, second = parts_of(question)
    other = dataclasses.replace(answer_to(second), dossier=RowAnswer("", "0100109106", "not_found"))
    with pytest.raises(RegistryUnavailable, match="do not say the same"):
        joined(question, {"q.0": answer_to(first), "q.1": other})


def answer_to(part):
    rows = tuple(RowAnswer(row.key, row.bhxh_number, "match") for row in part.rows)
    at = NOON + dt.timedelta(seconds=part.question_id.endswith(".1"))
    return Answer(part.registry, part.question_id, part.as_of, at, "t/1", RowAnswer("", "0100109106", "match"), rows)
