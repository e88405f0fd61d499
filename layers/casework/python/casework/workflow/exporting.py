"""The queue and the decisions of an office as tables: one page of a list a call, numbers of people masked.

Who wants the numbers whole gives a reason; that he took them, and why, is kept, and every person's dossier says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.dossier import Actor
from casework.errors import Refused, problem
from casework.plain import from_plain
from casework.ports import Clock, DeskStore, FileStore
from casework.review import Task
from casework.workflow.granting import decided_rows
from casework.workflow.tasks import moment
from casework.workflow.viewing import note_view
from casework.worklist import Stretch, Wanted, decided_list, flags, stretch

ROWS = 500  # tasks of one table
DECISIONS = 100  # decisions of one table
MOST_PEOPLE = 20_000  # people of one table: a decision more is left for the next
Cell = str | int


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its headings (Vietnamese and English), and where the next one begins ("" at the end)."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    following: str


QUEUE = (
    "Mã hồ sơ · code", "Thủ tục · service", "Bước · stage", "Luồng · route", "Người nộp · applicant",
    "Số người · people", "Nhận lúc · entered", "Hạn · due", "Cờ · flags", "Người giữ · holder",
)  # fmt: skip
DECISIONS_HEADINGS = (
    "Mã hồ sơ · code", "Thủ tục · service", "Bước · stage", "Quyết định lúc · decided at", "Cán bộ · by",
    "Kết quả · outcome", "Mã lý do · reason code", "Lý do · reason", "Họ tên · person", "Số · number",
    "Kết quả từng người · person's outcome", "Tháng · months", "Số tiền · amount VND",
)  # fmt: skip


def export_queue(actor: Actor, after: str, *, store: DeskStore, clock: Clock) -> Table:
    """A part of the open tasks of an officer's office, by deadline: one query. Raises Refused: not-an-officer."""
    _refuse_stranger(actor)
    now = clock()
    rows, following = store.stretch(stretch(actor.office, Wanted(), now), after, ROWS)
    tasks = [from_plain(Task, record.data) for _, record in rows]
    lines = [
        (
            task.code,
            task.procedure,
            task.stage,
            task.route,
            task.applicant,
            task.people,
            task.entered_at,
            task.due_on,
            " ".join(flags(task, now)),
            task.holder_name or task.claimed_by if task.holder(now) else "",
        )
        for task in tasks
    ]
    return Table("queue", QUEUE, tuple(lines), following)


def export_decisions(
    actor: Actor,
    after: str,
    *,
    unmask: bool,
    reason: str,
    store: DeskStore,
    files: FileStore,
    clock: Clock,
) -> Table:
    """A part of what an officer's office has decided, oldest first, person by person: one query, one file for each
    decision on very many. Raises Refused: not-an-officer, unmask-reason-missing."""
    _refuse_stranger(actor)
    if unmask and not reason.strip():
        raise Refused(problem("unmask-reason-missing"))
    found, following = store.stretch(Stretch("", decided_list(actor.office)), after, DECISIONS)
    lines: list[tuple[Cell, ...]] = []
    heads = {dossier.id: dossier for dossier in store.heads([dossier_id for dossier_id, _ in found])}
    for number, (dossier_id, record) in enumerate(found):
        people = decided_rows(record.data, files)
        if lines and len(lines) + len(people) > MOST_PEOPLE:
            following = found[number - 1][1].queue_order
            break
        dossier = heads[dossier_id]
        if unmask:
            note_view(dossier, actor, "export", store=store, clock=clock, why=reason.strip()[:200])
        told = (dossier.code, dossier.procedure, *_decision(record.data))
        lines += [(*told, *_person(row, unmask=unmask)) for row in people] or [(*told, "", "", "", "", 0)]
    if unmask:
        kept = {"at": moment(clock()), "office": actor.office, "reason": reason.strip(), "people": len(lines)}
        store.keep_own(actor.id, f"export#{kept['at']}", kept)
    return Table("decisions", DECISIONS_HEADINGS, tuple(lines), following)


def masked(number: str) -> str:
    """A number with its last four signs alone: bhxh:******5670."""
    kind, colon, digits = number.rpartition(":")
    return f"{kind}{colon}{'*' * max(len(digits) - 4, 0)}{digits[-4:] if len(digits) > 4 else '****'}"


def _decision(data: Mapping[str, Any]) -> Sequence[Cell]:
    if "undone_at" in data:
        return data["stage"], data["undone_at"], data["by"], "undone", "", ""
    by = data.get("by_name") or data["by"]
    return data["stage"], data["at"], by, data["outcome"], data["reason_code"], data["reason"]


def _person(row: Mapping[str, Any], *, unmask: bool) -> Iterable[Cell]:
    number = str(row["key"]) if not str(row["key"]).startswith("name:") else ""
    shown = number if unmask or not number else masked(number)
    return row["name"], shown, row["outcome"], " ".join(row["months"]), row["amount_vnd"]


def _refuse_stranger(actor: Actor) -> None:
    if actor.role not in ("officer", "supervisor"):
        raise Refused(problem("not-an-officer"))
