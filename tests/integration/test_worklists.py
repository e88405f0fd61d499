"""The contract of the desk: the one in memory and the table keep the same; each page of a list costs one query."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from casework.dossier import SYSTEM, change
from casework.errors import StaleVersion
from casework.found import Entry, Hit
from casework.interests import Profile
from casework.tallies import Tally
from casework.worklist import Wanted, stretch, task_record

from tests.builders import filed
from tests.fakes import MemoryStore
from tests.integration.test_store import case_table
from tests.unit.test_review import a_task

NOW = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)
OFFICE = "H29.1"


@pytest.fixture(params=["memory", "table"])
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        request.getfixturevalue("aws")
        yield case_table()


def with_tasks(store: Any, *said: dict[str, Any], tallies: list[Tally] | None = None) -> list[str]:
    """A dossier for each task; their ids."""
    made = []
    for number, differs in enumerate(said):
        begun = filed(id=f"d{number}")
        store.commit(begun)
        task = a_task(dossier_id=f"d{number}", entered_at="2020-05-18T02:00:00+00:00", **differs)
        records = [task_record(task)]
        store.commit(
            change(begun.after, begun.after, "step", actor=SYSTEM, now=NOW, records=records, tallies=tallies or [])
        )
        made.append(task.dossier_id)
    return made


def found(store: Any, limit: int = 50, *, free: bool = False, **wanted: Any) -> list[str]:
    """Every page of what is wanted."""
    ids, after = [], ""
    while True:
        page, after = store.stretch(stretch(OFFICE, Wanted(**wanted), NOW, free=free), after, limit)
        ids += [dossier_id for dossier_id, _ in page]
        if not after:
            return ids


HELD = {"claimed_by": "o", "claimed_until": (NOW + timedelta(minutes=5)).isoformat()}
SPENT = {"claimed_by": "o", "claimed_until": (NOW - timedelta(minutes=5)).isoformat()}


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_lists_by_each_mark_and_by_several(store: Any, limit: int) -> None:
    with_tasks(
        store,
        {"due_on": "2020-05-22", "route": "review"},
        {"due_on": "2020-05-15", "procedure": "TC", **HELD},
        {"due_on": "2020-05-19", "stage": "other_stage", **SPENT},
        {"due_on": "", "procedure": "TC", "route": "review"},
        {"due_on": "2020-05-20", "office": "H29.2"},
        {"due_on": "2020-05-18", "state": "decided"},
    )
    assert found(store, limit) == ["d1", "d2", "d0", "d3"]
    assert found(store, limit, service="TC") == ["d1", "d3"]
    assert found(store, limit, stage="other_stage") == ["d2"]
    assert found(store, limit, route="review") == ["d0", "d3"]
    assert found(store, limit, route="review", service="TC") == ["d3"]
    assert found(store, limit, holder="o") == ["d1", "d2"]
    assert found(store, limit, free=True) == ["d2", "d0", "d3"]
    assert found(store, limit, mark="overdue") == ["d1"]
    assert found(store, limit, mark="at_risk") == ["d2"]
    assert found(store, limit, older_than=1) == []
    assert found(store, limit, service="LN") == []


def test_a_task_that_changes_hands_leaves_the_lists_it_stood_in(store: Any) -> None:
    with_tasks(store, HELD)
    [(_, record)], _ = store.stretch(stretch(OFFICE, Wanted(holder="o"), NOW), "", 10)
    assert record.marks["held_until"] == HELD["claimed_until"]
    dossier = store.load("d0")
    given = task_record(a_task(dossier_id="d0"))
    store.commit(change(dossier, dossier, "step", actor=SYSTEM, now=NOW, records=[given]))
    assert found(store, holder="o") == []
    assert found(store) == ["d0"]


def test_counts_add_up_and_can_be_taken_back(store: Any) -> None:
    some = [Tally(OFFICE, "NOW", {"open": 1, "service:SW": 1}), Tally(OFFICE, "DAY#2020-05-18", {"arrived": 1})]
    with_tasks(store, *({"due_on": "2020-05-22"} for _ in range(6)), tallies=some)
    dossier = store.load("d3")
    store.commit(
        change(
            dossier, dossier, "x", actor=SYSTEM, now=NOW, tallies=[Tally(OFFICE, "NOW", {"open": -2, "service:SW": -1})]
        )
    )
    assert store.tallies(OFFICE, "NOW", "NOW") == {"NOW": {"open": 4, "service:SW": 5}}
    assert store.tallies(OFFICE, "DAY#2020-05-01", "DAY#2020-05-31") == {"DAY#2020-05-18": {"arrived": 6}}
    assert store.tallies(OFFICE, "DAY#2020-05-19", "DAY#2020-05-31") == {}


def test_an_effect_that_has_not_left_is_cancelled_and_one_that_has_is_not(store: Any) -> None:
    begun = filed()
    store.commit(begun)
    sent = change(begun.after, begun.after, "x", actor=SYSTEM, now=NOW, effects=[("notify", {}), ("notify", {})],
                  not_before="2020-05-18T02:02:00+00:00")  # fmt: skip
    store.commit(sent)
    first, second = (effect.id for effect in sent.effects)
    store.commit(change(sent.after, sent.after, "y", actor=SYSTEM, now=NOW, cancelled=[first]))
    assert [pending.effect.id for pending in store.waiting(10)] == [second]
    pending = store.effect("d1", second)
    assert pending.effect.not_before == "2020-05-18T02:02:00+00:00"
    store.finish(pending, "done", NOW)
    now = store.load("d1")
    with pytest.raises(StaleVersion):
        store.commit(change(now, now, "z", actor=SYSTEM, now=NOW, cancelled=[second]))


def test_words_lead_to_dossiers_in_their_areas_and_numbers_only_whole(store: Any) -> None:
    begun = filed()
    store.commit(begun)
    hit = Hit("d1", begun.after.code, "name", "Nguyễn Văn Ánh")
    words = ("name:nguyen van anh", "number:7912345670", "code:h29.1-200518-0001")
    for _ in range(2):
        store.note_words(["H29.1", "H29"], [Entry(word, hit) for word in words])
    for word in (*words, "name:nguyen v", "code:h29.1-2005"):
        assert store.find("H29", word, 10) == [hit], word
    assert store.find("H29.2", words[0], 10) == []
    assert store.find("H29.1", "number:791234567", 10) == []
    [head] = store.heads(["d1", "nobody", "d1"])
    assert dataclasses.replace(head, documents=()) == dataclasses.replace(begun.after, documents=())
    assert store.heads([]) == []


def test_a_profile_is_written_in_its_order_and_listed_with_its_office(store: Any) -> None:
    assert store.profile("o") is None
    store.keep_profile(Profile("o", OFFICE, "Lê Hai"))
    store.keep_profile(Profile("p", OFFICE, "An"))
    with pytest.raises(StaleVersion):
        store.keep_profile(Profile("o", OFFICE, "Lê Ba"))
    store.keep_profile(Profile("o", OFFICE, "Lê Ba", version=2))
    assert [officer.name for officer in store.officers(OFFICE, 10)] == ["An", "Lê Ba"]
    store.keep_own("o", "views", {"a": {"mark": "overdue"}})
    assert (store.own("o", "views"), store.own("p", "views")) == ({"a": {"mark": "overdue"}}, None)


def test_a_page_costs_one_query_however_many_tasks_there_are(aws: None) -> None:
    store = case_table()
    with_tasks(store, *({"due_on": "2020-05-22", "route": "review" if n % 9 else "ask"} for n in range(40)))
    calls: Counter[str] = Counter()
    store._client.meta.events.register("before-call.dynamodb.*", lambda model, **_: calls.update([model.name]))
    for wanted in ({}, {"service": "SW"}, {"route": "ask", "service": "SW"}, {"holder": "none"}, {"mark": "overdue"}):
        calls.clear()
        store.stretch(stretch(OFFICE, Wanted(**wanted), NOW), "", 20)
        assert calls == {"Query": 1}, wanted
