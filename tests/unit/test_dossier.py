"""A dossier's life: the transitions it allows, the chain of its changes, and what may be known from its papers."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, date, datetime

import pytest
from casework.document import Problem
from casework.dossier import (
    FINAL,
    SYSTEM,
    TRANSITIONS,
    AuditEntry,
    Dossier,
    PageRef,
    State,
    Upload,
    chain_breaks,
    change,
    derived_id,
    vietnam_day,
)
from casework.errors import IllegalTransition

from tests.builders import a_document, a_dossier
from tests.fakes import altered

NOW = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)

# The law of a dossier's life, written out once more: a change of the table must be meant.
MAY_BECOME = {
    "draft": "draft submitted processing withdrawn parked",
    "submitted": "submitted processing withdrawn parked",
    "processing": "processing in_review awaiting_applicant withdrawn parked",
    "in_review": "in_review decided withdrawn parked",
    "decided": "decided in_review processing awaiting_applicant approved partly_approved refused parked",
    "awaiting_applicant": "awaiting_applicant submitted processing withdrawn parked",
    "parked": "parked draft submitted processing withdrawn",
    "approved": "approved processing",
    "partly_approved": "partly_approved processing",
    "refused": "refused processing",
    "withdrawn": "withdrawn",
}


@pytest.mark.parametrize(("start", "end"), list(itertools.product(State, State)), ids=lambda s: s.value)
def test_only_the_legal_transitions_can_be_made(start: State, end: State) -> None:
    before = a_dossier(state=start, version=3)
    after = dataclasses.replace(before, state=end)
    if end in MAY_BECOME[start].split():
        assert change(before, after, "step", actor=SYSTEM, now=NOW).after.state is end
    else:
        with pytest.raises(IllegalTransition, match=f"{start} -> {end}"):
            change(before, after, "step", actor=SYSTEM, now=NOW)


def test_what_is_final_stays_as_it_is_or_begins_a_new_round() -> None:
    ends = {state for state, next_ in TRANSITIONS.items() if next_ <= {state, State.PROCESSING}}
    assert ends == FINAL
    assert TRANSITIONS[State.WITHDRAWN] == {State.WITHDRAWN}
    assert set(TRANSITIONS) == set(State)


def a_chain(length: int = 5) -> tuple[list[AuditEntry], Dossier]:
    dossier, entries = None, []
    for number in range(length):
        made = change(dossier, dossier or a_dossier(), f"step {number}", actor=SYSTEM, now=NOW, details={"n": number})
        entries.append(made.audit)
        dossier = made.after
    assert dossier is not None
    return entries, dossier


def test_a_change_counts_up_by_one_and_chains_to_the_last() -> None:
    entries, dossier = a_chain(3)
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == ["", entries[0].hash, entries[1].hash]
    assert (dossier.version, dossier.audit_hash) == (3, entries[-1].hash)
    assert chain_breaks(entries, dossier.audit_hash) == []


@pytest.mark.parametrize(
    "differs",
    [
        {"at": "2020-05-18T02:00:00.001+00:00"},
        {"action": "another step"},
        {"actor": dataclasses.replace(SYSTEM, id="somebody")},
        {"details": {"n": 2, "state": "approved"}},
    ],
    ids=lambda differs: next(iter(differs)),
)
def test_an_altered_entry_is_found(differs: dict[str, object]) -> None:
    entries, dossier = a_chain()
    entries[2] = altered(entries[2], **differs)
    assert chain_breaks(entries, dossier.audit_hash) == ["entry 3 was altered"]


def test_an_entry_altered_together_with_its_hash_breaks_the_next_link() -> None:
    from casework.dossier import audit_hash

    entries, dossier = a_chain()
    forged = altered(entries[2], action="forged")
    entries[2] = altered(forged, hash=audit_hash(forged))
    assert chain_breaks(entries, dossier.audit_hash) == ["entry 4 does not follow its predecessor"]


def test_a_missing_entry_is_found() -> None:
    entries, dossier = a_chain()
    del entries[2]
    assert chain_breaks(entries, dossier.audit_hash) == [
        "entry 3 is missing, 4 stands in its place",
        "entry 4 does not follow its predecessor",
    ]


def test_swapped_entries_are_found() -> None:
    entries, dossier = a_chain()
    entries[1], entries[2] = entries[2], entries[1]
    assert "entry 2 is missing, 3 stands in its place" in chain_breaks(entries, dossier.audit_hash)


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_a_truncated_tail_is_found_by_the_dossiers_own_head(kept: int) -> None:
    entries, dossier = a_chain()
    assert chain_breaks(entries[:kept], dossier.audit_hash) == ["the chain does not end where the dossier says"]


def test_effects_have_ids_that_follow_from_the_change() -> None:
    made = change(
        None, a_dossier(), "step", actor=SYSTEM, now=NOW, effects=[("notify", {"event": "a"}), ("notify", {})]
    )
    assert [effect.id for effect in made.effects] == ["d1-1-0", "d1-1-1"]


def test_a_paper_being_read_is_not_settled_even_if_it_was_read_before() -> None:
    read = a_document("a", "form_01")
    page = Upload("u2", "trang-2.jpg", 5, "1" * 64, "image/jpeg", page=1, state="received")
    assert read.settled
    assert not read.with_upload(page).settled
    assert not dataclasses.replace(read, state="received").settled
    assert dataclasses.replace(read.with_upload(page), state="removed").settled


def test_the_first_file_names_the_paper_whatever_comes_later() -> None:
    document = a_document("a", "form_01")
    page = Upload("u2", "trang-2.jpg", 5, "1" * 64, "image/jpeg", page=1)
    document = document.with_upload(page)
    document = document.with_upload(dataclasses.replace(document.uploads[0], state="received"))
    assert document.file_name == "a.pdf"
    assert [upload.id for upload in document.uploads] == ["u-a", "u2"]


def test_pages_that_cannot_be_read_are_named() -> None:
    bad = Problem("page-blurred", "mờ", "chụp lại")
    document = a_document("a", "form_01", pages=(PageRef(1, "u", "1", 1), PageRef(2, "u", "1", 2, bad)))
    assert document.unreadable_pages == (2,)


def test_ids_do_not_run_together() -> None:
    assert derived_id("ab", "c") != derived_id("a", "bc")
    assert derived_id("ab", "c") == derived_id("ab", "c")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2020, 5, 17, 16, 59, 59, tzinfo=UTC), date(2020, 5, 17)),
        (datetime(2020, 5, 17, 17, 0, tzinfo=UTC), date(2020, 5, 18)),
        (datetime(2020, 2, 28, 17, 0, tzinfo=UTC), date(2020, 2, 29)),
    ],
)
def test_the_day_is_that_of_vietnam(now: datetime, day: date) -> None:
    assert vietnam_day(now) == day
