"""The contract of the store and the outbox: the one in memory and the table keep the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from adapters.store import CaseTable
from casework.dossier import Record, State, chain_breaks
from casework.errors import NotFound, StaleVersion
from casework.ports import PendingEffect

from tests.builders import APPLICANT, a_document, a_dossier, filed
from tests.integration.stores import NOW, a_claim, begun, case_table, granted, step

# ── dossiers ─────────────────────────────────────────────────────────────────


def test_what_was_committed_is_loaded(store: Any) -> None:
    dossier = begun(store)
    documents = tuple(a_document(name, "form_01") for name in ("z", "a", "m"))
    moved = step(dossier, after=dataclasses.replace(dossier, state=State.SUBMITTED, documents=documents))
    store.commit(moved)
    assert store.load("d1") == moved.after
    assert [document.id for document in store.load("d1").documents] == ["z", "a", "m"]


def test_a_document_that_changed_is_written_in_its_place(store: Any) -> None:
    dossier = begun(store)
    two = dataclasses.replace(dossier, documents=(a_document("z", "form_01"), a_document("a", "form_01")))
    first = step(dossier, after=two)
    store.commit(first)
    removed = first.after.with_document(dataclasses.replace(two.documents[0], state="removed"))
    store.commit(step(first.after, after=removed))
    assert [(d.id, d.state) for d in store.load("d1").documents] == [("z", "removed"), ("a", "read")]


def test_what_is_not_there_is_not_found(store: Any) -> None:
    with pytest.raises(NotFound):
        store.load("d1")
    assert store.record("d1", "TASK#1") is None
    assert store.records("d1", "TASK#") == []
    assert store.effect("d1", "d1-1-0") is None
    assert store.audit("d1") == []


def test_the_second_of_two_changes_of_one_version_is_stale_and_leaves_nothing(store: Any) -> None:
    dossier = begun(store)
    store.commit(step(dossier, "first"))
    lost = step(dossier, "second", records=[Record("NOTE", {"a": 1})], effects=[("notify", {})])
    with pytest.raises(StaleVersion):
        store.commit(lost)
    assert store.record("d1", "NOTE") is None
    assert store.waiting(10) == []
    assert [entry.action for entry in store.audit("d1")] == ["dossier.filed", "first"]


def test_a_dossier_begins_once(store: Any) -> None:
    begun(store)
    with pytest.raises(StaleVersion):
        store.commit(filed())


def test_a_dossier_that_is_not_there_cannot_be_changed(store: Any) -> None:
    with pytest.raises(StaleVersion):
        store.commit(step(a_dossier(version=1)))
    with pytest.raises(NotFound):
        store.load("d1")


def test_a_record_written_once_is_never_overwritten(store: Any) -> None:
    dossier = begun(store)
    first = step(dossier, records=[Record("DECISION#1", {"outcome": "approve"}, once=True)])
    store.commit(first)
    with pytest.raises(StaleVersion):
        store.commit(step(first.after, records=[Record("DECISION#1", {"outcome": "refuse"}, once=True)]))
    assert store.record("d1", "DECISION#1").data == {"outcome": "approve"}
    assert store.load("d1").version == 2


def test_other_records_are_replaced(store: Any) -> None:
    dossier = begun(store)
    first = step(dossier, records=[Record("TASK#1", {"n": 1}, queue="QUEUE#a", queue_order="1")])
    store.commit(first)
    store.commit(step(first.after, records=[Record("TASK#1", {"n": 2})]))
    assert store.record("d1", "TASK#1") == Record("TASK#1", {"n": 2})
    assert store.queue("QUEUE#a", "", 10) == ([], "")


def test_records_come_by_prefix_in_order_of_their_keys(store: Any) -> None:
    records = [Record(key, {"k": key}) for key in ("B#2", "A#1", "B#10", "B#1")]
    store.commit(step(begun(store), records=records))
    assert [record.key for record in store.records("d1", "B#")] == ["B#1", "B#10", "B#2"]


def test_the_audit_comes_in_order_and_whole(store: Any) -> None:
    dossier = begun(store)
    for number in range(12):
        made = step(dossier, f"step {number}", details={"text": "Hồ sơ — “ổn”", "n": [number, None, 0.5, True]})
        store.commit(made)
        dossier = made.after
    entries = store.audit("d1")
    assert [entry.sequence for entry in entries] == list(range(1, 14))
    assert chain_breaks(entries, store.load("d1").audit_hash) == []


def test_many_rows_are_all_there(store: Any) -> None:
    """More than one page of a query holds: 1 MB."""
    dossier = begun(store)
    for number in range(6):
        made = step(dossier, records=[Record(f"BIG#{number}", {"text": "x" * 250_000})])
        store.commit(made)
        dossier = made.after
    assert len(store.records("d1", "BIG#")) == 6


def test_numbers_are_counted_by_office_and_day(store: Any) -> None:
    day = date(2020, 5, 18)
    assert [store.next_number("H29.1", day) for _ in range(3)] == [1, 2, 3]
    assert store.next_number("H29.2", day) == 1
    assert store.next_number("H29.1", day + timedelta(days=1)) == 1


# ── lists ────────────────────────────────────────────────────────────────────


def paged(read: Callable[[str, int], tuple[list[Any], str]], size: int) -> list[Any]:
    found, after = [], ""
    while True:
        page, after = read(after, size)
        assert len(page) <= size
        found += page
        if not after:
            return found


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_an_owners_dossiers_newest_first_in_pages(store: Any, size: int) -> None:
    for number in range(5):
        begun(store, id=f"d{number}", created_at=f"2020-05-1{number}T00:00:00")
    begun(store, id="other", owner="somebody")
    found = paged(lambda after, limit: store.owned_by(APPLICANT.id, after, limit), size)
    assert [item["id"] for item in found] == ["d4", "d3", "d2", "d1", "d0"]
    assert set(found[0]) == {"id", "code", "procedure", "state", "created_at", "due_on", "version"}


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_queue_in_its_order_in_pages(store: Any, size: int) -> None:
    for number in (3, 1, 2, 0):
        dossier = begun(store, id=f"d{number}")
        store.commit(step(dossier, records=[Record("TASK#1", {}, queue="QUEUE#a", queue_order=f"{number}")]))
    found = paged(lambda after, limit: store.queue("QUEUE#a", after, limit), size)
    assert [dossier_id for dossier_id, _ in found] == ["d0", "d1", "d2", "d3"]
    assert store.queue("QUEUE#b", "", 10) == ([], "")


# ── the outbox ───────────────────────────────────────────────────────────────


def with_effects(store: Any, count: int = 1, **differs: Any) -> list[PendingEffect]:
    dossier = begun(store, **differs)
    made = step(dossier, effects=[("notify", {"event": "received", "n": n}) for n in range(count)])
    store.commit(made)
    found = [store.effect(dossier.id, effect.id) for effect in made.effects]
    assert None not in found
    return found


def test_an_effect_waits_until_it_is_finished(store: Any) -> None:
    [pending] = with_effects(store)
    assert (pending.state, pending.effect.kind, pending.effect.payload["event"]) == ("pending", "notify", "received")
    assert [p.effect.id for p in store.waiting(10)] == [pending.effect.id]
    store.finish(pending, "done", NOW, "note")
    assert store.waiting(10) == []
    assert store.effect("d1", pending.effect.id).state == "done"


def test_an_effect_is_claimed_once(store: Any) -> None:
    [pending] = with_effects(store)
    assert store.claim(pending, NOW)
    assert not store.claim(pending, NOW + timedelta(days=1))
    held = store.effect("d1", pending.effect.id)
    assert (held.state, datetime.fromisoformat(held.claimed_at)) == ("sending", NOW)
    assert [p.effect.id for p in store.waiting(10)] == [pending.effect.id]


def test_what_is_done_is_not_doubted_afterwards(store: Any) -> None:
    [pending] = with_effects(store)
    store.claim(pending, NOW)
    store.finish(pending, "done", NOW)
    store.finish(pending, "maybe_sent", NOW)
    assert store.effect("d1", pending.effect.id).state == "done"


def test_what_was_doubted_may_turn_out_done(store: Any) -> None:
    [pending] = with_effects(store)
    store.claim(pending, NOW)
    store.finish(pending, "maybe_sent", NOW)
    assert store.waiting(10) == []
    store.finish(pending, "done", NOW)
    assert store.effect("d1", pending.effect.id).state == "done"
    assert not store.claim(pending, NOW)


def test_effects_wait_oldest_first_over_all_dossiers_and_no_more_than_asked(store: Any) -> None:
    order = []
    for number in range(8):
        dossier = begun(store, id=f"d{number}")
        made = step(dossier, now=NOW + timedelta(minutes=number), effects=[("notify", {})])
        store.commit(made)
        order.append(made.effects[0].id)
    assert [p.effect.id for p in store.waiting(100)] == order
    assert [p.effect.id for p in store.waiting(3)] == order[:3]


# ── the table's own ──────────────────────────────────────────────────────────


@pytest.fixture
def table(aws: None) -> CaseTable:
    return case_table()


def rows(table: CaseTable) -> list[dict[str, Any]]:
    return list(table._client.scan(TableName="cases")["Items"])


def test_keys_show_no_number_of_a_person(table: CaseTable) -> None:
    assert granted(table, "d1", a_claim("bhxh:7912345670")) == []
    assert "7912345670" not in str([row["pk"] for row in rows(table)])


def test_a_dossier_in_a_machines_or_officers_hands_is_watched_longest_untouched_first(table: CaseTable) -> None:
    from adapters.store import watch_queues

    def watched() -> list[str]:
        return [found for queue in watch_queues() for found, _ in table.queue(queue, "", 50)[0]]

    dossier = begun(table)
    assert watched() == []
    for state, seen in (
        (State.SUBMITTED, True), (State.PROCESSING, True), (State.IN_REVIEW, True), (State.DECIDED, True),
        (State.AWAITING_APPLICANT, False), (State.PARKED, True), (State.WITHDRAWN, False),
    ):  # fmt: skip
        made = step(dossier, after=dataclasses.replace(dossier, state=state))
        table.commit(made)
        dossier = made.after
        assert watched() == (["d1"] if seen else [])


def test_an_unchanged_document_is_not_written_again(table: CaseTable) -> None:
    dossier = begun(table)
    first = step(dossier, after=dataclasses.replace(dossier, documents=(a_document("a", "form_01"),)))
    table.commit(first)
    sent: list[int] = []
    client = table._client
    client.meta.events.register(
        "before-parameter-build.dynamodb.TransactWriteItems",
        lambda params, **_: sent.append(len(params["TransactItems"])),
    )
    table.commit(step(first.after))
    assert sent == [2]  # the head and the audit


def test_any_other_refusal_of_the_table_is_an_error_and_no_lost_race(table: CaseTable) -> None:
    from botocore.exceptions import ClientError

    made = filed()
    too_large = dataclasses.replace(made, records=(Record("BIG", {"text": "x" * 500_000}),))
    with pytest.raises(ClientError):
        table.commit(too_large)
    with pytest.raises(NotFound):
        table.load("d1")
