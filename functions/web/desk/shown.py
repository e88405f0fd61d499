"""How tasks, deadlines and outcomes are said at the desk."""

import functools
from dataclasses import dataclass
from datetime import date

from casework import procedures, worklist
from casework.document import Text
from services import known_service

OUTCOMES = {
    "approve": Text("Duyệt", "Approve"),
    "approve_in_part": Text("Duyệt một phần", "Approve in part"),
    "refuse": Text("Không duyệt", "Refuse"),
    "ask": Text("Yêu cầu bổ sung", "Ask for more"),
    "send_on": Text("Chuyển bước sau", "Send on"),
    "send_back": Text("Trả về bước trước", "Send back a stage"),
    "not_accept": Text("Từ chối tiếp nhận", "Do not accept"),
}
OUTCOME_KEYS = {
    "approve": "a", "approve_in_part": "p", "refuse": "r", "ask": "q", "send_on": "s", "send_back": "b",
    "not_accept": "x",
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A legal deadline as people see it: the day, working days left (negative when late), overdue | risk | fine."""

    day: date | None
    left: int
    state: str


def due_of(task, now):
    """The deadline of a task, or of none."""
    if task is None or not task.due_on:
        return Due(None, 0, "fine")
    late = worklist.flags(task, now)
    left = worklist.working_days_left(task, now) or 0
    return Due(
        date.fromisoformat(task.due_on), left, {"overdue": "overdue", "at_risk": "risk"}[late[0]] if late else "fine"
    )


@functools.cache
def service_name(service_id):
    """What a service is called in short; its id where the rulebook has none."""
    try:
        latest = list(procedures.service(service_id).procedures.values())[-1]
        return known_service(service_id, latest.since or latest.until).short
    except KeyError:
        return Text(service_id, service_id)


@functools.cache
def stage_title(service_id, stage_id):
    """What a stage is called, by the latest law that has it."""
    for procedure in reversed(procedures.service(service_id).procedures.values()):
        for stage in procedure.stages:
            if stage.id == stage_id:
                return stage.title
    return Text(stage_id, stage_id)
