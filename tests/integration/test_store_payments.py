"""The contract of the payments, and of many at once: the store in memory and the table keep the same."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from adapters.store import CaseTable
from casework.dossier import Record, State, chain_breaks
from casework.errors import StaleVersion
from casework.payments import Identity

from tests.builders import ANH, DISTRICT, PROVINCE, House
from tests.integration.stores import a_claim, a_lower_claim, begun, granted, held, over, step


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
