"""What each registry is asked about a dossier, and what of its answers is on record.

One row a round and registry (`ANSWER#round#registry`): the answer that counts, every answer that came, or why there is
none and when it is asked again. Questions and answers themselves lie in the evidence bucket.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from casework import procedures
from casework.document import Text
from casework.dossier import Dossier, Record, derived_id
from casework.plain import from_plain, to_plain
from casework.ports import DossierStore, FileStore
from casework.registry import Answer, Employer, Question, QuestionRow, RegistryName, differences
from casework.rules import Procedure, RegistryNeed
from casework.situation import Person, Situation
from casework.workflow.verdicts import digest

_ASKED_WITH_THE_UNITS_OWN = ("closures",)  # registries that find their answer by place and line of business
Status = Literal["answered", "unavailable", "awaited"]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that came: where question and answer are kept, the registry's time and ours, who confirmed it by hand.

    `late`: it came when the stage was decided already; it is kept and shown, and counts for nothing.
    """

    key: str
    answered_at: str
    at: str
    source: str
    officer: str = ""
    evidence: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Consulted:
    """Where one registry stands in one round. `key`: the answer that counts; `due`: when the registry is asked again,
    empty for what needs no asking; `anew`: how often somebody wanted it asked anew; `parts`: answers to parts of a long
    list, while others are awaited, by the part's id."""

    status: Status
    reason: str = ""
    key: str = ""
    attempts: int = 0
    answers: tuple[Given, ...] = ()
    due: str = ""
    anew: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    at: str = ""


def answer_key(round_number: int, registry: str) -> str:
    return f"ANSWER#{round_number:03d}#{registry}"


def open_questions(registry: str) -> str:
    """The queue of questions to a registry that have no answer yet, or are to be asked anew, by when they are due."""
    return f"UNANSWERED#{registry}"


def record_of(dossier: Dossier, registry: str, consulted: Consulted) -> Record:
    """The row of a registry's answer; while something is due it stands in the registry's queue."""
    key, data = answer_key(dossier.round, registry), to_plain(consulted)
    if not consulted.due:
        return Record(key, data)
    return Record(key, data, queue=open_questions(registry), queue_order=f"{consulted.due}#{dossier.id}")


def consulted_of(dossier: Dossier, registry: str, store: DossierStore) -> Consulted | None:
    """Where a registry stands in this round; None before it was asked."""
    found = store.record(dossier.id, answer_key(dossier.round, registry))
    return from_plain(Consulted, found.data) if found else None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What registries said in a round: the answers that count with where they are kept, why each other one gave none,
    and where one said different things at different times."""

    answers: tuple[tuple[Answer, str], ...]
    unavailable: dict[str, str]
    conflicts: tuple[Text, ...] = ()


def answers_of(
    dossier: Dossier, *, store: DossierStore, files: FileStore, fresh: Mapping[str, Consulted] | None = None
) -> OnRecord:
    """The answers of this round; `fresh` are rows that are written in the same change."""
    rows = store.records(dossier.id, answer_key(dossier.round, ""))
    known = {row.key.rsplit("#", 1)[1]: from_plain(Consulted, row.data) for row in rows} | dict(fresh or {})
    answers, unavailable, conflicts = [], {}, []
    for need in procedures.load(dossier.procedure, dossier.day_of_receipt).registries:
        consulted = known.get(need.name)
        if consulted is None:
            unavailable[need.name] = "was not asked"
        elif consulted.status != "answered":
            unavailable[need.name] = consulted.reason
        else:
            answer = kept_answer(consulted.key, files)
            answers.append((answer, consulted.key))
            conflicts += _conflicts(need, answer, consulted, files)
    return OnRecord(tuple(answers), unavailable, tuple(conflicts))


def kept_answer(place: str, files: FileStore) -> Answer:
    return from_plain(Answer, files.evidence(place)["answer"])


def keep(dossier_id: str, question: Question, answer: Answer, files: FileStore) -> str:
    """Keep question and answer as evidence; the place follows from the content."""
    kept = to_plain({"question": to_plain(question), "answer": to_plain(answer)})
    place = f"answers/{dossier_id}/{digest(kept)}.json"
    files.put_evidence(place, kept)
    return place


def newest(answers: Sequence[Given]) -> Given:
    """The answer that counts: by the registry's own time, of two at the same time the later that came."""
    counting = [given for given in answers if not given.late]
    return max(enumerate(counting), key=lambda item: (datetime.fromisoformat(item[1].answered_at), item[0]))[1]


def _conflicts(need: RegistryNeed, answer: Answer, consulted: Consulted, files: FileStore) -> list[Text]:
    others = [given for given in consulted.answers if given.key != consulted.key and not given.late]
    told = []
    for given in others:
        differs = differences(answer, kept_answer(given.key, files))
        if differs:
            facts = ", ".join(differs)
            first, last = given.answered_at, answer.answered_at.isoformat(timespec="seconds")
            told.append(
                Text(
                    f"{need.title.vi} trả lời khác nhau về {facts}: lúc {first} và lúc {last}; dùng câu mới nhất",
                    f"{need.title.en} answered differently about {facts}: at {first} and at {last}; the newest counts",
                )
            )
    return told


# -- the question -----------------------------------------------------------------------------------------------------


def question_of(
    dossier: Dossier, procedure: Procedure, situation: Situation, registry: str, anew: int = 0, answer_to: str = ""
) -> Question:
    """One question about the whole list, with no more of each person than is needed to find and compare him.

    Asked again it has the same id; in another round, or anew at somebody's wish, another one.
    """
    need, who = procedure.registry(registry), procedure.who
    by_row = any(procedure.kinds[fact].subject == "row" for fact in need.facts)
    rows = tuple(_row(person, situation, procedure, need) for person in situation.people) if by_row else ()
    own = _days_before(_value(situation, need.before), need) if need.before else None
    days = [day for day in (*(row.on for row in rows), own) if day is not None]
    as_of = need.on or (min(days) if days else dossier.day_of_receipt)
    wants_unit = registry in _ASKED_WITH_THE_UNITS_OWN
    employer = Employer(
        _text(situation, who.unit),
        _text(situation, who.unit_name),
        representative_id=_text(situation, who.unit_id) if registry == "cic" else "",
        business_line=_text(situation, who.unit_line) if wants_unit else "",
        address=_text(situation, who.unit_address) if wants_unit else "",
    )
    found = digest(to_plain([dossier.round, employer, rows]))[:12]  # a round has its own address for later answers
    question_id = f"{dossier.code}/{registry}/{as_of.isoformat()}/{found}" + (f"~{anew + 1}" if anew else "")
    return Question(RegistryName(registry), question_id, as_of, employer, rows, need.facts, answer_to)


def answer_address(dossier: Dossier, registry: str) -> str:
    """The name under which a later answer to this round's question is taken: not to be guessed from the question."""
    return f"{dossier.id}.{dossier.round}.{derived_id('answer', dossier.id, str(dossier.round), registry)[:8]}"


def _row(person: Person, situation: Situation, procedure: Procedure, need: RegistryNeed) -> QuestionRow:
    who = procedure.who
    born, on = person.value(who.born), None
    if need.before:
        on = _days_before(person.value(need.before) or _value(situation, need.before), need)
    numbers = dict(number.split(":", 1) for number in person.who.numbers)
    own_payments = need.name == "payments"  # kept by this system: nobody else is told
    return QuestionRow(
        key=person.key,
        bhxh_number=numbers.get("bhxh", ""),
        full_name=person.name,
        date_of_birth=date.fromisoformat(born) if born and len(born) == 10 else None,
        from_month=(on + timedelta(days=need.days_before)).isoformat()[:7] if on else "",
        id_number=numbers.get("id", "") if own_payments else "",
        unit=numbers.get("unit", "") if own_payments else "",
        on=on,
    )


def _days_before(value: Any, need: RegistryNeed) -> date | None:
    """The day a registry is asked about, from a day or a month that papers give; None where they give none whole."""
    text = str(value or "")
    if len(text) == 7:
        text += "-01"
    return date.fromisoformat(text) - timedelta(days=need.days_before) if len(text) == 10 else None


def _value(situation: Situation, fact_id: str) -> Any:
    fact = situation.facts.get(fact_id)
    return fact.value if fact else None


def _text(situation: Situation, fact_id: str) -> str:
    value = _value(situation, fact_id) if fact_id else None
    return str(value.get("raw", "") if isinstance(value, dict) else value or "")


def bare(question: Question) -> Question:
    """The question without where its answer goes: what it asks."""
    return dataclasses.replace(question, answer_to="")
