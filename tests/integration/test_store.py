"""The contract of the store, the outbox and the payments: the one in memory and the table keep the same."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from adapters.store import CaseTable
from casework.dossier import SYSTEM, Change, Dossier, Record, State, chain_breaks, change
from casework.errors import MonthsTaken, NotFound, StaleVersion
from casework.payments import Claim, Conflict, Identity
from casework.ports import PendingEffect

from tests.builders import ANH, APPLICANT, DISTRICT, PROVINCE, House, a_document, a_dossier, filed
from tests.fakes import MemoryStore
from tests.template_file import properties, template

NOW = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)


def case_table() -> CaseTable:
    """The table as infra/template.yaml describes it."""
    import boto3

    client = boto3.client("dynamodb")
    wanted = properties(template(), "CasesTable")
    shape = {name: wanted[name] for name in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")}
    client.create_table(TableName="cases", BillingMode="PAY_PER_REQUEST", **shape)
    return CaseTable(client, "cases")


@pytest.fixture(params=["memory", "table"])
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        request.getfixturevalue("aws")
        yield case_table()


def step(before: Dossier, action: str = "step", **more: Any) -> Change:
    after = more.pop("after", before)
    return change(before, after, action, actor=SYSTEM, now=more.pop("now", NOW), **more)


def begun(store: Any, **differs: Any) -> Dossier:
    made = filed(**differs)
    store.commit(made)
    return made.after


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


# ── payments ─────────────────────────────────────────────────────────────────


def granted(store: Any, dossier_id: str, *claims: Claim) -> list[Conflict]:
    """A change of a dossier of its own that claims; the conflicts, none when it went through."""
    try:
        before = store.load(dossier_id)
    except NotFound:
        before = begun(store, id=dossier_id, code=f"code-{dossier_id}")
    try:
        store.commit(step(before, "granted", claims=claims))
    except MonthsTaken as taken:
        return list(taken.conflicts)
    return []


def a_claim(*numbers: str, months: tuple[str, ...] = ("2020-05",), name: str = "", kind: str = "cash") -> Claim:
    return Claim(f"row {numbers} {name}", Identity(numbers, name), months, kind, 1_800_000)


def held(store: Any, *numbers: str, name: str = "") -> list[tuple[str, str, bool]]:
    [found] = store.held([Identity(numbers, name)])
    return [(holding.month, holding.dossier_id, holding.sure) for holding in found]


def test_a_month_is_granted_to_one_dossier(store: Any) -> None:
    assert held(store, "bhxh:1") == []
    assert granted(store, "d1", a_claim("bhxh:1")) == []
    assert granted(store, "d1", a_claim("bhxh:1")) == []
    [conflict] = granted(store, "d2", a_claim("bhxh:1", months=("2020-04", "2020-05")))
    assert (conflict.holding.month, conflict.holding.dossier_id, conflict.holding.code) == ("2020-05", "d1", "code-d1")
    assert store.load("d2").version == 1  # nothing of it was done
    assert granted(store, "d2", a_claim("bhxh:1", months=("2020-04",))) == []
    assert held(store, "bhxh:1") == [("2020-04", "d2", True), ("2020-05", "d1", True)]


def test_a_person_is_found_by_any_of_his_numbers(store: Any) -> None:
    assert granted(store, "d1", a_claim("bhxh:1", "id:9")) == []
    assert len(granted(store, "d2", a_claim("id:9"))) == 1
    assert len(granted(store, "d3", a_claim("bhxh:1", "id:8"))) == 1
    assert granted(store, "d4", a_claim("bhxh:2", "id:8")) == []


def test_name_and_birth_count_where_no_number_tells_two_people_apart(store: Any) -> None:
    assert granted(store, "d1", a_claim("bhxh:1", name="name:a")) == []
    assert granted(store, "d2", a_claim("bhxh:2", name="name:a")) == []  # two people of one name
    assert len(granted(store, "d3", a_claim("id:9", name="name:a"))) == 1  # who knows
    assert len(granted(store, "d4", a_claim(name="name:a"))) == 1
    assert held(store, "id:9", name="name:a") == [("2020-05", "d1", False)]
    assert held(store, "bhxh:3", name="name:a") == []


def test_a_loan_list_and_a_cash_benefit_exclude_each_other(store: Any) -> None:
    assert granted(store, "d1", a_claim("bhxh:1", kind="loan")) == []
    [conflict] = granted(store, "d2", a_claim("bhxh:1"))
    assert conflict.holding.kind == "loan"


def a_lower_claim(*numbers: str) -> Claim:
    return dataclasses.replace(a_claim(*numbers), amount_vnd=1_000_000)


def over(store: Any, lower: Claim, *numbers: str) -> Claim:
    """A claim of 1,800,000 a month that takes over what the person holds."""
    [[holding]] = store.held([lower.who])
    return dataclasses.replace(a_claim(*numbers), over=(holding.held,))


def test_a_higher_benefit_takes_over_a_lower_grant_once(store: Any) -> None:
    lower = a_lower_claim("bhxh:1", "id:9")
    assert granted(store, "low", lower) == []
    higher = over(store, lower, "bhxh:1")
    [conflict] = granted(store, "blind", a_claim("bhxh:1"))  # who does not know of the lower grant takes nothing over
    assert (conflict.holding.dossier_id, conflict.holding.amount_vnd) == ("low", 1_000_000)
    assert granted(store, "high", higher) == []
    assert held(store, "bhxh:1") == held(store, "id:9") == [("2020-05", "high", True)]
    [[now]] = store.held([Identity(("id:9",))])
    assert now.amount_vnd == 1_800_000
    [conflict] = granted(store, "late", higher)
    assert conflict.holding.dossier_id == "high"
    assert (
        len(granted(store, "other", dataclasses.replace(higher, who=Identity(("id:9",))))) == 1
    )  # nor by another number
    assert granted(store, "high", higher) == []  # the same decision again
    for kept in ("low", "high"):
        assert store.load(kept).code == f"code-{kept}"


def test_of_many_higher_benefits_at_once_one_takes_over(store: Any) -> None:
    lower = a_lower_claim("bhxh:1")
    assert granted(store, "low", lower) == []
    higher = over(store, lower, "bhxh:1")
    results = at_once(16, lambda n: granted(store, f"high{n}", higher))
    assert sum(result == [] for result in results) == 1
    [(_, holder, _)] = held(store, "bhxh:1")
    assert all({c.holding.dossier_id for c in result} <= {holder} for result in results)


def test_a_long_list_takes_over_lower_grants_whole_or_not_at_all(store: Any) -> None:
    lower = [a_lower_claim(f"bhxh:{n}") for n in range(120)]
    assert granted(store, "low", *lower) == []
    higher = [over(store, claim, *claim.who.numbers) for claim in lower]
    assert granted(store, "one", a_claim("bhxh:500")) == []
    assert len(granted(store, "high", *higher, a_claim("bhxh:500"))) == 1
    assert held(store, "bhxh:7") == [
        ("2020-05", "low", True)
    ]  # held for a decision that never came: it counts for nothing
    if isinstance(store, CaseTable):
        return  # its holds die after a while
    assert granted(store, "next", *higher) == []


def test_a_list_longer_than_a_transaction_is_granted_whole_or_not_at_all(store: Any) -> None:
    many = tuple(a_claim(f"bhxh:{n}", f"id:{n}", months=("2020-04", "2020-05")) for n in range(150))
    assert granted(store, "d1", *many) == []
    assert held(store, "id:149") == [("2020-04", "d1", True), ("2020-05", "d1", True)]
    conflicts = granted(store, "d2", *(a_claim(f"bhxh:{n}") for n in range(140, 300)))
    assert {conflict.holding.dossier_id for conflict in conflicts} == {"d1"}
    assert held(store, "bhxh:299") == []
    assert granted(store, "d3", a_claim("bhxh:299")) == [] or isinstance(store, CaseTable)


# ── many at once ─────────────────────────────────────────────────────────────


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    start, results = threading.Barrier(count), []

    def run(number: int) -> None:
        start.wait()
        try:
            results.append(act(number))
        except StaleVersion:
            results.append("stale")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_sixteen_changes_at_once_one_wins(store: Any) -> None:
    dossier = begun(store)

    def act(number: int) -> str:
        store.commit(step(dossier, f"by {number}", records=[Record("DECISION", {"by": number}, once=True)]))
        return f"by {number}"

    results = at_once(16, act)
    [winner] = [result for result in results if result != "stale"]
    assert len(results) == 16
    assert [entry.action for entry in store.audit("d1")] == ["dossier.filed", winner]
    assert f"by {store.record('d1', 'DECISION').data['by']}" == winner


def test_of_sixteen_grants_at_once_one_wins_and_numbers_are_all_different(store: Any) -> None:
    results = at_once(16, lambda n: granted(store, f"d{n}", a_claim("bhxh:1", "id:9", name="name:a")))
    assert results.count([]) == 1
    [(_, winner, _)] = held(store, "bhxh:1")
    told = {conflict.holding.dossier_id for conflicts in results for conflict in conflicts}
    assert told == {winner}  # every other one knows why
    assert sorted(len(conflicts) for conflicts in results) == [0] + [1] * 15
    assert sorted(at_once(16, lambda n: store.next_number("H29.1", date(2020, 5, 18)))) == list(range(1, 17))


def test_of_sixteen_officers_at_once_one_decides(store: Any) -> None:
    from casework.errors import Refused

    house = House(store=store)
    dossier = house.submitted()

    def decide(number: int) -> str:
        try:
            officer = dataclasses.replace(DISTRICT, id=f"officer-{number}")
            house.decide(dossier.id, actor=officer, version=dossier.version)
            return officer.id
        except Refused as refused:
            return refused.problem.type

    results = at_once(16, decide)
    [winner] = [result for result in results if result.startswith("officer-")]
    assert set(results) - {winner} <= {"task-decided", "version-stale"}
    assert [record.data["by"] for record in store.records(dossier.id, "DECISION#")] == [winner]
    assert chain_breaks(store.audit(dossier.id), store.load(dossier.id).audit_hash) == []


def test_a_whole_way_from_draft_to_payment(store: Any) -> None:
    house = House(store=store)
    dossier = house.at_province()
    house.decide(dossier.id, "approve", actor=PROVINCE)
    house.settle()
    after = store.load(dossier.id)
    assert (after.state, after.total_vnd) == (State.APPROVED, 1_800_000)
    assert [month for month, _, _ in held(store, f"bhxh:{ANH.bhxh}")] == ["2020-04"]
    assert store.waiting(10) == []
    assert chain_breaks(store.audit(dossier.id), after.audit_hash) == []


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
