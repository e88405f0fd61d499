"""Registries and rules over a dossier: what goes fast, what is asked, what an officer must see, and never a guess."""

from __future__ import annotations

from typing import Any

import pytest
from casework.dossier import State
from casework.errors import NotFound, RegistryUnavailable, StaleVersion
from casework.workflow import answering
from casework.workflow.verdicts import failures, read

from tests.builders import ANH, BINH, DISTRICT, House, agreement, papers, the_list
from tests.fakes import BLURRED, AnsweringRegistry, SilentRegistry, WrongRegistry

REGISTRIES = ("vss", "enterprise", "tax", "payments")


@pytest.fixture
def house() -> House:
    return House()


def kept(house: House, dossier_id: str) -> Any:
    return house.files.evidence(house.store.load(dossier_id).verdict_key)


def verdicts(house: House, dossier_id: str) -> dict[str, str]:
    """Rule -> verdict, over the dossier and its rows."""
    verdict = kept(house, dossier_id)["verdict"]
    found = [*verdict["findings"], *(finding for row in verdict["rows"] for finding in row["findings"])]
    return {finding["rule"]: finding["verdict"] for finding in found}


# ── the fast lane, and what keeps a dossier out of it ────────────────────────


def test_a_dossier_with_everything_right_takes_the_fast_lane(house: House) -> None:
    dossier = house.submitted(ANH, BINH)
    assert (dossier.state, dossier.route, dossier.stage) == (State.IN_REVIEW, "fast_lane", "district_appraisal")
    assert set(verdicts(house, dossier.id).values()) == {"pass"}
    assert kept(house, dossier.id)["verdict"]["total_vnd"] == 2 * 1_800_000


def test_a_check_that_loses_a_race_asks_once_what_others_showed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, sighted, check = [], house.store.sighted, house.check

    def counted(sightings: Any) -> Any:
        asked.append(sightings)
        return sighted(sightings)

    def raced(dossier_id: str, round_number: int) -> Any:
        house.store.interrupt = lambda: (_ for _ in ()).throw(StaleVersion("somebody was first"))
        return check(dossier_id, round_number)

    monkeypatch.setattr(house.store, "sighted", counted)
    monkeypatch.setattr(house, "check", raced)
    dossier = house.submitted(ANH)
    assert (dossier.route, len(asked)) == ("fast_lane", 1)


DIFFER = {"suspension.ends_on": "2020-06-20"}


@pytest.mark.parametrize(
    ("papers_", "registries"),
    [
        ({**papers(), "them.pdf": agreement(BINH)}, {}),
        ({**papers(), "thoa-thuan-7912345670.pdf": agreement(**DIFFER)}, {}),
        ({**papers(), "thoa-thuan-7912345670.pdf": agreement(**{"employee.full_name": "Trần Thị Ánh"})}, {}),
        ({"mau-01.pdf": the_list(ANH, ANH), "thoa-thuan.pdf": agreement()}, {}),
        ({**papers(), "la.pdf": b"something else"}, {}),
        (papers(), {"vss": SilentRegistry()}),
        (papers(), {"tax": SilentRegistry()}),
        (papers(), {"enterprise": SilentRegistry()}),
        (papers(), {"payments": SilentRegistry()}),
        (papers(), {"vss": "wrong"}),
        (papers(), {"vss": {"rows": {ANH.bhxh: {"status": "not_found", "facts": {}}}}}),
        (papers(), {"vss": {"rows": {ANH.bhxh: {"status": "mismatch", "mismatched": ["employee.full_name"]}}}}),
        (papers(), {"tax": {"employer": {"status": "mismatch", "mismatched": ["employer.name"]}}}),
    ],
    ids=[
        "a paper about a stranger", "papers that differ", "names that differ", "somebody twice on the list",
        "a paper nobody knows", "vss silent", "tax silent", "enterprise silent", "payments silent",
        "vss about somebody else", "not found at vss", "another name at vss", "another name at the tax office",
    ],
)  # fmt: skip
def test_what_is_not_clear_goes_to_an_officer_and_nobody_is_refused_for_it(
    house: House, papers_: Any, registries: Any
) -> None:
    for name, registry in registries.items():
        if registry == "wrong":
            registry = WrongRegistry(house.clock)
        elif isinstance(registry, dict):
            registry = AnsweringRegistry(house.clock, **registry)
        house.registries[name] = registry
    dossier = house.submitted(papers_=papers_)
    assert (dossier.state, dossier.route) == (State.IN_REVIEW, "review")
    assert "fail" not in verdicts(house, dossier.id).values()


def test_a_page_left_unreadable_keeps_the_dossier_out_of_the_fast_lane(house: House) -> None:
    dossier = house.submitted(papers_={**papers(), "hop-dong.pdf": BLURRED.encode()})
    assert dossier.state is State.AWAITING_APPLICANT
    house.submit(dossier.id)
    house.settle()
    after = house.store.load(dossier.id)
    assert set(verdicts(house, dossier.id).values()) == {"pass"}
    assert after.route == "review"


def test_a_registrys_no_refuses_with_rule_law_and_reason(house: House) -> None:
    no = {"facts": {"vss.participating_before_suspension": False, "vss.decrease_reported": True,
                    "vss.contract_ended": False}}  # fmt: skip
    house.registries["vss"] = AnsweringRegistry(house.clock, rows={BINH.bhxh: no})
    dossier = house.submitted(ANH, BINH)
    assert dossier.route == "partial"
    rows = {row.key: row for row in read(kept(house, dossier.id)).rows}
    [failed] = [f for f in rows[f"bhxh:{BINH.bhxh}"].findings if f.verdict == "fail"]
    assert (failed.rule, failed.law) == ("SW-5", "Quyết định 15/2020/QĐ-TTg, Điều 1 khoản 2")
    assert failed.because.vi
    assert [evidence.registry for evidence in failed.evidence] == ["vss"]
    assert rows[f"bhxh:{BINH.bhxh}"].amount_vnd == 0
    assert rows[f"bhxh:{ANH.bhxh}"].amount_vnd == 1_800_000
    on_dossier, on_row = failures(kept(house, dossier.id))
    assert on_dossier == on_row[f"bhxh:{ANH.bhxh}"] == ()
    [told] = on_row[f"bhxh:{BINH.bhxh}"]
    assert (told.says, told.because, told.law) == (failed.says, failed.because, failed.law)


# ── registries ───────────────────────────────────────────────────────────────


def test_a_registry_is_asked_once_a_round_however_often_the_step_runs(house: House) -> None:
    dossier = house.submit(house.draft().id)
    vss = house.registries["vss"]
    assert [house.consult(dossier.id, 1, "vss") for _ in range(3)] == ["answered"] * 3
    assert len(vss.asked) == 1
    assert house.actions(dossier.id).count("registry.answered") == 1


def test_question_and_answer_are_kept_as_evidence(house: House) -> None:
    dossier = house.submit(house.draft().id)
    house.consult(dossier.id, 1, "vss")
    record = house.store.record(dossier.id, "ANSWER#001#vss").data
    evidence = house.files.evidence(record["key"])
    assert evidence["question"]["as_of"] == "2020-04-14"  # the day before the suspension
    assert evidence["question"]["rows"][0]["bhxh_number"] == ANH.bhxh
    assert evidence["answer"]["rows"][0]["status"] == "match"


def test_a_registry_is_told_no_more_than_it_needs(house: House) -> None:
    house.submitted()
    assert len(house.registries["vss"].asked[0].rows) == 1
    for name in ("enterprise", "tax"):
        assert house.registries[name].asked[0].rows == ()


def test_an_unavailable_registry_is_noted_each_time_and_the_step_says_so(house: House) -> None:
    house.registries["vss"] = SilentRegistry("503")
    dossier = house.submit(house.draft().id)
    for attempt in (1, 2):
        with pytest.raises(RegistryUnavailable, match="503"):
            answering.consult_registry(
                dossier.id, 1, "vss", store=house.store, files=house.files,
                registry=house.registries["vss"], clock=house.clock,
            )  # fmt: skip
        data = house.store.record(dossier.id, "ANSWER#001#vss").data
        assert (data["status"], data["reason"], data["attempts"]) == ("unavailable", "503", attempt)


def test_a_registry_that_comes_back_is_believed(house: House) -> None:
    up = house.registries["vss"]
    house.registries["vss"] = SilentRegistry()
    dossier = house.submit(house.draft().id)
    assert house.consult(dossier.id, 1, "vss", tries=2) == "unavailable"
    house.registries["vss"] = up
    house.settle()
    assert house.store.load(dossier.id).route == "fast_lane"
    assert house.store.record(dossier.id, "ANSWER#001#vss").data["attempts"] == 3


def test_all_registries_silent_never_fails_and_never_refuses(house: House) -> None:
    for name in REGISTRIES:
        house.registries[name] = SilentRegistry("503")
    dossier = house.submitted()
    assert (dossier.state, dossier.route) == (State.IN_REVIEW, "review")
    assert set(kept(house, dossier.id)["unavailable"]) == set(REGISTRIES)
    found = verdicts(house, dossier.id)
    assert "fail" not in found.values()
    assert found["SW-5"] == found["SW-6"] == found["SW-7"] == found["SW-10"] == "unknown"
    unknown = [f for row in kept(house, dossier.id)["verdict"]["rows"] for f in row["findings"] if f["rule"] == "SW-5"]
    assert "không trả lời" in unknown[0]["because"]["vi"]


@pytest.mark.parametrize("verb", ["consult", "check"])
def test_a_step_of_a_round_that_is_over_does_nothing(house: House, verb: str) -> None:
    dossier = house.submitted(papers_={"mau-01.pdf": the_list()})
    house.submit(dossier.id)  # round 2
    before = house.snapshot(dossier.id)
    if verb == "consult":
        assert house.consult(dossier.id, 1, "vss") == "overtaken"
    else:
        assert house.check(dossier.id, 1)["next"] == "stop"
    assert house.snapshot(dossier.id) == before


def test_a_registry_not_asked_at_all_is_not_taken_for_a_yes(house: House) -> None:
    dossier = house.submit(house.draft().id)
    step = house.check(dossier.id, 1)
    assert step["next"] == "review"
    assert house.store.load(dossier.id).route == "review"
    assert kept(house, dossier.id)["unavailable"] == dict.fromkeys(REGISTRIES, "was not asked")


# ── the verdict ──────────────────────────────────────────────────────────────


def test_checked_again_it_answers_the_same_and_writes_nothing(house: House) -> None:
    dossier = house.submit(house.draft().id)
    for name in REGISTRIES:
        house.consult(dossier.id, 1, name)
    first = house.check(dossier.id, 1)
    before = house.snapshot(dossier.id)
    assert house.check(dossier.id, 1) == first == {
        "next": "review", "stage": "district_appraisal", "review_seconds": first["review_seconds"],
    }  # fmt: skip
    assert house.snapshot(dossier.id) == before


def test_a_verdict_is_derived_again_from_what_was_kept(house: House) -> None:
    from casework import checks, procedures
    from casework.finding import Fact
    from casework.plain import from_plain, to_plain

    dossier = house.submitted(ANH, BINH)
    found = kept(house, dossier.id)
    procedure = procedures.load("SW", dossier.received_on)

    def facts(plain: Any) -> dict[str, Fact]:
        return {name: from_plain(Fact, fact) for name, fact in plain.items()}

    again = checks.evaluate(
        procedure,
        facts(found["facts"]["dossier"]),
        [facts(row) for row in found["facts"]["rows"]],
        as_of=house.clock().date(),
        keys=list(found["people"]),
    )
    assert to_plain(again) == to_plain(read(found))


def test_the_law_is_that_of_the_day_of_receipt(house: House) -> None:
    dossier = house.draft()
    house.clock.advance(days=200)  # December 2020: the law changed in October
    house.submit(dossier.id)
    house.settle()
    assert kept(house, dossier.id)["verdict"]["version"] == "2020-10"
    assert "SW-8" in verdicts(house, dossier.id)


# ── asking ───────────────────────────────────────────────────────────────────


def test_the_applicant_is_asked_for_exactly_what_is_missing(house: House) -> None:
    dossier = house.submitted(papers_={"mau-01.pdf": the_list(ANH, BINH), "thoa-thuan.pdf": agreement()})
    assert (dossier.state, dossier.route) == (State.AWAITING_APPLICANT, "ask")
    [request] = dossier.open_requests
    assert BINH.name in request.says.vi
    assert "thỏa thuận" in request.says.vi
    notices = [record.data["event"] for record in house.store.records(dossier.id, "NOTICE#")]
    assert notices == ["received", "asked"]


def test_nothing_is_asked_twice(house: House) -> None:
    dossier = house.submitted(papers_={"mau-01.pdf": the_list()})
    assert dossier.state is State.AWAITING_APPLICANT
    house.submit(dossier.id)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.route, len(after.requests)) == (State.IN_REVIEW, "review", 1)
    assert after.open_requests == ()


def test_a_rejected_file_is_asked_for_with_its_reason(house: House) -> None:
    dossier = house.submitted(papers_={**papers(), "hong.pdf": b"\0broken"})
    [request] = dossier.open_requests
    assert (request.kind, request.page) == ("document", None)
    assert "hong.pdf" in request.says.vi
    assert "bị hỏng" in request.says.vi


def test_what_the_papers_leave_open_is_asked_only_when_no_page_is_missing(house: House) -> None:
    silent = agreement(**{"suspension.reason": None})
    dossier = house.submitted(papers_={"mau-01.pdf": the_list(), "thoa-thuan.pdf": silent})
    [request] = dossier.open_requests
    assert (request.kind, request.rule) == ("fact", "SW-9")
    assert ANH.name in request.says.vi


def test_a_dossier_nobody_knows_is_not_checked(house: House) -> None:
    with pytest.raises(NotFound):
        house.check("nobody", 1)


def test_an_officer_sees_the_dossier_only_after_the_applicant_has_answered(house: House) -> None:
    house.submitted(papers_={"mau-01.pdf": the_list()})
    assert house.store.queue(f"QUEUE#{DISTRICT.office}", "", 10) == ([], "")
