"""How tasks, deadlines and outcomes are said at the desk."""

import functools
from dataclasses import dataclass
from datetime import date, timedelta

from casework import procedures
from casework.document import Text
from casework.dossier import vietnam_day
from casework.vietnam.working_days import has_closed, is_working_day

AT_RISK_DAYS = 1  # working days left from which a task is at risk
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


def due_of(due_on, overdue, now):
    """The deadline of a task."""
    if not due_on:
        return Due(None, 0, "fine")
    day = date.fromisoformat(due_on)
    late = overdue or has_closed(day, now)
    left = working_days_between(vietnam_day(now), day)
    if late:
        return Due(day, min(left, -1) if left else 0, "overdue")
    return Due(day, left, "risk" if left <= AT_RISK_DAYS else "fine")


def working_days_between(today, day):
    """Working days after today until a day; negative when it is past."""
    step = 1 if day >= today else -1
    passed, at = 0, today
    while at != day:
        at += timedelta(days=step)
        passed += is_working_day(at if step > 0 else at + timedelta(days=1))
    return passed * step


@functools.cache
def service_name(service_id):
    """What a service is called; its id where the rulebook has none."""
    try:
        return procedures.service(service_id).title
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
