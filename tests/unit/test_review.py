"""Who may decide what, with which reasons: the decision rules as a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from casework.dossier import Actor
from casework.errors import Refused
from casework.finding import Finding, RowVerdict, Text, Verdict
from casework.review import (
    DecisionRequest,
    PageAsked,
    RowDecision,
    Task,
    may_see,
    refuse_decision,
    refuse_officer,
    row_outcomes,
)
from casework.workflow.reviewing import proposals, split_task_id, task_record

from tests.builders import APPLICANT, DISTRICT, PROVINCE, a_document, a_dossier

NOW = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)
DOSSIER = a_dossier(route="fast_lane", documents=(a_document("a", "form_01"),))
OPEN: dict[str, Any] = {"one": "approve", "two": "approve"}


def a_task(**differs: Any) -> Task:
    valid = {
        "dossier_id": "d1", "code": "H29.1-200518-0001", "procedure": "SW", "round": 1, "stage": "district_appraisal",
        "office": "H29.1", "due_on": "2020-05-21", "route": "fast_lane", "token": "t",
    }  # fmt: skip
    return Task(**(valid | differs))


def refused(outcome: str, *, final: bool = True, proposed: dict[str, Any] | None = None, **said: Any) -> str:
    """The slug a decision is refused with, or ""."""
    route = said.pop("route", "fast_lane")
    request = DecisionRequest(outcome, **said)  # type: ignore[arg-type]
    proposed = OPEN if proposed is None else proposed
    try:
        refuse_decision(request, a_dossier(route=route, documents=DOSSIER.documents), final_stage=final,
                        proposed=proposed)  # fmt: skip
        if final and outcome != "ask":
            row_outcomes(request, proposed)
    except Refused as error:
        return error.problem.type
    return ""


ROW = RowDecision
ASK = (PageAsked("a", 1, "mờ"),)
FAILING = {"one": "approve", "two": "refuse"}
UNKNOWN = {"one": "approve", "two": None}


@pytest.mark.parametrize(
    ("case", "slug"),
    [
        ({"outcome": "approve"}, ""),
        ({"outcome": "approve", "route": "review"}, "reason-missing"),
        ({"outcome": "approve", "route": "review", "reason": "   "}, "reason-missing"),
        ({"outcome": "approve", "route": "review", "reason": "đã gọi điện"}, ""),
        ({"outcome": "approve", "final": False}, "decision-not-allowed"),
        ({"outcome": "refuse", "final": False, "reason": "x"}, "decision-not-allowed"),
        ({"outcome": "approve_in_part", "final": False, "reason": "x"}, "decision-not-allowed"),
        ({"outcome": "send_on", "final": False}, ""),
        ({"outcome": "send_on", "final": False, "route": "review"}, ""),
        ({"outcome": "send_on"}, "decision-not-allowed"),
        ({"outcome": "refuse"}, "reason-missing"),
        ({"outcome": "refuse", "reason": "không đủ"}, ""),
        ({"outcome": "refuse", "reason": "x", "rows": (ROW("one", "approve"),)}, "outcome-contradicts-rows"),
        ({"outcome": "approve", "proposed": FAILING}, "outcome-contradicts-rows"),
        ({"outcome": "approve", "proposed": UNKNOWN, "route": "review", "reason": "đã gọi"}, ""),
        ({"outcome": "approve", "rows": (ROW("two", "refuse", "x"),)}, "outcome-contradicts-rows"),
        ({"outcome": "approve_in_part", "proposed": FAILING}, "reason-missing"),
        ({"outcome": "approve_in_part", "proposed": FAILING, "reason": "x"}, ""),
        ({"outcome": "approve_in_part", "reason": "x"}, "outcome-contradicts-rows"),
        ({"outcome": "approve_in_part", "proposed": UNKNOWN, "reason": "x"}, "rows-undecided"),
        ({"outcome": "approve_in_part", "proposed": UNKNOWN, "reason": "x", "rows": (ROW("two", "refuse"),)}, ""),
        ({"outcome": "approve", "rows": (ROW("three", "approve"),)}, "row-unknown"),
        ({"outcome": "ask", "reason": "x"}, "ask-names-nothing"),
        ({"outcome": "ask", "asks": ASK}, "reason-missing"),
        ({"outcome": "ask", "asks": ASK, "reason": "mờ"}, ""),
        ({"outcome": "ask", "asks": ASK, "reason": "mờ", "final": False}, ""),
        ({"outcome": "ask", "asks": (PageAsked("a", 2),), "reason": "mờ"}, "page-unknown"),
        ({"outcome": "ask", "asks": (PageAsked("b"),), "reason": "mờ"}, "page-unknown"),
        ({"outcome": "ask", "asks": (PageAsked("a"),), "reason": "mờ"}, ""),
        (
            {"outcome": "approve_in_part", "reason": "x", "rows": (ROW("two", "refuse"), ROW("two", "approve"))},
            "row-twice",
        ),
    ],
)  # fmt: skip
def test_what_may_be_decided(case: dict[str, Any], slug: str) -> None:
    assert refused(**case) == slug


def test_every_row_gets_its_outcome_and_the_officers_word_counts_most() -> None:
    request = DecisionRequest("approve_in_part", reason="x", rows=(RowDecision("two", "approve", "giấy bổ sung"),))
    rows = row_outcomes(request, {"one": "refuse", "two": None, "three": "approve"})
    assert {key: row.outcome for key, row in rows.items()} == {"one": "refuse", "two": "approve", "three": "approve"}
    assert rows["two"].reason == "giấy bổ sung"


def test_a_refused_dossier_refuses_everybody() -> None:
    rows = row_outcomes(DecisionRequest("refuse", reason="x"), {"one": None, "two": "approve"})
    assert {row.outcome for row in rows.values()} == {"refuse"}


@pytest.mark.parametrize(
    ("actor", "slug"),
    [
        (DISTRICT, ""),
        (Actor("supervisor", "s", "H29.1"), ""),
        (PROVINCE, "other-office"),
        (Actor("officer", "o", "H29.2"), "other-office"),
        (Actor("officer", "o", ""), "other-office"),
        (APPLICANT, "not-an-officer"),
        (Actor("administrator", "a", "H29.1"), "not-an-officer"),
        (Actor("integrator", "i"), "not-an-officer"),
        (Actor("officer", APPLICANT.id, "H29.1"), "own-dossier"),
    ],
)  # fmt: skip
def test_who_may_work_on_a_task(actor: Actor, slug: str) -> None:
    if not slug:
        refuse_officer(a_task(), DOSSIER, actor)
        return
    with pytest.raises(Refused) as refusal:
        refuse_officer(a_task(), DOSSIER, actor)
    assert refusal.value.problem.type == slug


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (APPLICANT, True),
        (Actor("applicant", "somebody"), False),
        (Actor("integrator", APPLICANT.id), True),
        (DISTRICT, True),
        (PROVINCE, True),
        (Actor("officer", "o", "H2"), False),
        (Actor("officer", "o", "H29.2"), False),
        (Actor("officer", "o", "H29.1.1"), False),
        (Actor("officer", "o", ""), False),
        (Actor("administrator", "a", "H29"), False),
    ],
)
def test_who_may_see_a_dossier(actor: Actor, sees: bool) -> None:
    assert may_see(actor, DOSSIER) is sees


def test_an_office_sees_its_own_branch_only_not_one_with_the_same_beginning() -> None:
    assert not may_see(Actor("officer", "o", "H29.1"), a_dossier(office="H29.11"))
    assert may_see(Actor("officer", "o", "H29.1"), a_dossier(office="H29.1.2"))


def test_a_claim_lasts_half_an_hour() -> None:
    task = a_task(claimed_by="me", claimed_until=(NOW + timedelta(minutes=30)).isoformat())
    assert task.holder(NOW + timedelta(minutes=29, seconds=59)) == "me"
    assert task.holder(NOW + timedelta(minutes=30)) == ""
    assert a_task().holder(NOW) == ""


@pytest.mark.parametrize(
    ("dossier", "row", "proposed"),
    [
        (["pass"], ["pass", "pass"], "approve"),
        (["pass"], ["pass", "fail"], "refuse"),
        (["pass"], ["unknown", "fail"], "refuse"),
        (["pass"], ["pass", "unknown"], None),
        (["fail"], ["pass"], "refuse"),
        (["unknown"], ["pass"], None),
        (["unknown"], ["fail"], "refuse"),
        (["fail", "unknown"], ["unknown"], "refuse"),
        ([], ["pass"], "approve"),
        (["pass"], ["pass", "fail?"], "approve"),  # a way in that another rule settles
        (["unknown?"], ["pass"], "approve"),
    ],
)
def test_what_the_rules_propose_for_a_row(dossier: list[str], row: list[str], proposed: str | None) -> None:
    def findings(verdicts: list[str]) -> tuple[Finding, ...]:
        says = Text("a", "a")
        return tuple(Finding("R", v.rstrip("?"), says, "law", says, counts=not v.endswith("?")) for v in verdicts)

    rows = (RowVerdict("one", "pass", findings(row)),)
    verdict = Verdict("SW", "2020-04", "review", findings(dossier), rows, 0, "2020-05-18")
    assert proposals(verdict) == {"one": proposed}


def test_an_open_task_stands_in_its_queue_and_no_other_does() -> None:
    assert (task_record(a_task()).queue, task_record(a_task()).queue_order) == ("QUEUE#H29.1", "2020-05-21#d1")
    for state in ("decided", "withdrawn"):
        assert task_record(a_task(state=state)).queue == ""


def test_task_ids_are_taken_apart_or_not_found() -> None:
    from casework.errors import NotFound

    assert split_task_id(a_task().id) == ("d1", 1, "district_appraisal")
    for wrong in ("", "d1", "d1.x.stage", "d1.1", "d1.1.a.b", "d1.-1.a"):
        with pytest.raises(NotFound):
            split_task_id(wrong)
