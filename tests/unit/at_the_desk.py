"""What tests of the officers' desk in memory share: papers, decisions, and who is who."""

from __future__ import annotations

from typing import Any

import pytest
from casework.agreement import SecondLook
from casework.dossier import Actor
from casework.errors import Refused
from casework.payments import Identity
from casework.review import DecisionRequest
from casework.workflow import deciding, tasks

from tests.builders import ANH, DISTRICT, Employee, House, papers

LEADER = Actor("supervisor", "leader", "H29.1")
CHIEF = Actor("supervisor", "chief", "H29")
SECOND = Actor("officer", "officer-province-2", "H29")
ALL_TWICE = SecondLook(100.0, None)
ANH_KEY = f"bhxh:{ANH.bhxh}"


def refusal(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problem.type


def another(number: int) -> dict[str, bytes]:
    """The papers of an employer's other dossier: the same, sent again."""
    return {name: data + b" " * number for name, data in papers(Employee(bhxh=f"79123456{number:02d}")).items()}


def several(house: House, count: int) -> list[str]:
    """Dossiers before the district, one a day, so that each has another deadline."""
    made = []
    for number in range(count):
        made.append(house.submitted(papers_=another(number + 10)).id)
        house.clock.advance(days=1)
    return made


def decide(house: House, dossier_id: str, outcome: str = "send_on", actor: Actor = DISTRICT, **more: Any) -> Any:
    rule = more.pop("second_look", SecondLook())
    version = more.pop("version", 0) or house.store.load(dossier_id).version
    request = DecisionRequest(outcome, **more)  # type: ignore[arg-type]
    task_id = house.task_id(dossier_id)
    world = {"store": house.store, "files": house.files, "clock": house.clock}
    return deciding.decide_stage(task_id, request, actor, version, second_look=rule, **world)


def world(house: House) -> dict[str, Any]:
    return {"store": house.store, "files": house.files, "clock": house.clock}


def task_of(house: House, dossier_id: str) -> Any:
    return tasks.load_task(house.task_id(dossier_id), store=house.store)[0]


def months(house: House) -> list[str]:
    [held] = house.store.held([Identity((ANH_KEY,))])
    return [holding.month for holding in held]
