"""The people of a list as its applicant follows them: one state for each, what is amiss first.

Before the list is handed in the papers alone speak: who lacks one, what is unsure on them. After the check the rules
do, after the decision the officer. Pages go on after a place in the order: none is missed when rows come between.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from casework.document import Reading, Text
from casework.dossier import FINAL, Dossier, State
from casework.facts import dictionary
from casework.ports import DossierStore, FileStore
from casework.rules import Procedure
from casework.situation import Person, Situation, gather
from casework.workflow.granting import decided_rows
from casework.workflow.reading import load_reading
from casework.workflow.tasks import standing_decision
from casework.workflow.verdicts import outline

RowState = Literal["lacking", "against", "unsure", "waiting", "ready", "refused", "approved"]
ORDER: tuple[RowState, ...] = ("lacking", "refused", "against", "unsure", "waiting", "ready", "approved")
EXCEPTIONS = frozenset({"lacking", "refused", "against", "unsure"})
MOST_REASONS = 5
_PLACE = re.compile(r"([0-9])-([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Row:
    """One person: place on the list from 1, name, state, why it is so, and what was granted."""

    number: int
    name: str
    state: RowState
    why: tuple[Text, ...] = ()
    amount_vnd: int | None = None

    @property
    def place(self) -> str:
        """Its place in the order of the pages."""
        return f"{ORDER.index(self.state)}-{self.number}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is: people by state, papers read of those sent."""

    people: int
    by_state: dict[str, int]
    papers: int
    papers_read: int

    @property
    def exceptions(self) -> int:
        return sum(count for state, count in self.by_state.items() if state in EXCEPTIONS)


def rows_of(dossier: Dossier, procedure: Procedure, *, store: DossierStore, files: FileStore) -> list[Row]:
    """Everybody on the list, exceptions first, else as listed."""
    if dossier.state in FINAL and (decision := standing_decision(dossier, store=store)):
        found = _decided(decided_rows(decision, files))
    elif dossier.verdict_key and dossier.state not in (State.DRAFT, State.SUBMITTED):
        found = _checked(files.evidence(dossier.verdict_key))
    else:
        read = {document.id: load_reading(document, files) for document in dossier.live_documents}
        readings: dict[str, Reading] = {document_id: reading for document_id, reading in read.items() if reading}
        found = _sent(gather(dossier, readings, (), {}, procedure), handed_in=dossier.received_on is not None)
    return sorted(found, key=lambda row: (ORDER.index(row.state), row.number))


def progress(dossier: Dossier, rows: Sequence[Row]) -> Progress:
    sent = [document for document in dossier.live_documents if not document.only_expected]
    read = sum(document.settled for document in sent)
    return Progress(len(rows), dict(Counter(row.state for row in rows)), len(sent), read)


def page_of(rows: Sequence[Row], after: str, limit: int, state: str = "") -> tuple[list[Row], str]:
    """The rows after a place in the order, those of one state if it is named, and where the next page begins ("" at
    the end). What is no place is the beginning."""
    found = _PLACE.fullmatch(after)
    begin = (int(found[1]), int(found[2])) if found else (-1, 0)
    rest = [
        row
        for row in rows
        if (ORDER.index(row.state), row.number) > begin and (row.state == state if state in ORDER else True)
    ]
    return rest[:limit], rest[limit - 1].place if len(rest) > limit else ""


def _sent(situation: Situation, *, handed_in: bool) -> list[Row]:
    lacking: dict[int, list[Text]] = {}
    for missing in situation.missing:
        if missing.person is not None:
            lacking.setdefault(id(missing.person), []).append(
                Text(f"Còn thiếu: {missing.title.vi}", f"Still missing: {missing.title.en}")
            )
    found = []
    for number, person in enumerate(situation.people, 1):
        unsure = _doubts(person)
        state: RowState = "waiting" if handed_in else "ready"
        if id(person) in lacking:
            state = "lacking"
        elif unsure:
            state = "unsure"
        found.append(Row(number, person.name, state, (*lacking.get(id(person), ()), *unsure)[:MOST_REASONS]))
    return found


def _doubts(person: Person) -> list[Text]:
    """What the papers leave unsure, each once, with what it is about."""
    said = {}
    for name, fact in person.facts.items():
        if fact.doubt:
            kind = dictionary().get(name)
            title = kind.title if kind else Text(name, name)
            no_word = kind and kind.type == "enum" and not kind.open and fact.value not in kind.values
            doubt = Text("chưa rõ", "not known") if no_word else fact.doubt
            said[name, doubt.vi] = Text(f"{title.vi}: {doubt.vi}", f"{title.en}: {doubt.en}")
    return list(said.values())


def _checked(kept: dict[str, Any]) -> list[Row]:
    states: dict[str, RowState] = {"pass": "waiting", "fail": "against", "unknown": "unsure"}
    found = []
    for number, row in enumerate(outline(kept).rows, 1):
        amiss = [finding for finding in row.findings if finding.verdict == row.verdict and row.verdict != "pass"]
        why = [Text(finding.because.vi, finding.because.en) for finding in amiss]
        name = kept["people"].get(row.key, {}).get("name", "")
        found.append(Row(number, name, states[row.verdict], tuple(why[:MOST_REASONS])))
    return found


def _decided(rows: Sequence[dict[str, Any]]) -> list[Row]:
    found = []
    for number, row in enumerate(rows, 1):
        approved = row["outcome"] == "approve"
        why = () if approved or not row["reason"] else (Text(row["reason"]),)
        found.append(
            Row(
                number, row["name"], "approved" if approved else "refused", why, row["amount_vnd"] if approved else None
            )
        )
    return found
