"""Registries answer, at once or later by a call of their own. Whatever comes is kept.

A dossier waits for no registry for ever: what has no answer goes on unchecked, an officer sees that, and the question
stays in the registry's queue until it is answered or the dossier decided. An answer that comes before the decision is
taken at once: the verdict is derived anew, the officer's task stays where it is. A registry that was not reached has
said nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from casework import procedures
from casework.asking import joined, parts_of
from casework.dossier import SYSTEM, Actor, Change, Dossier, State, change
from casework.errors import AnswerAwaited, NotFound, RegistryUnavailable
from casework.plain import from_plain
from casework.ports import Clock, DeskStore, DossierStore, FileStore, Registry
from casework.registry import Answer, Question, believe
from casework.workflow.checking import rechecked, situation_of
from casework.workflow.commit import commit
from casework.workflow.consulting import (
    Consulted,
    Given,
    answer_address,
    bare,
    consulted_of,
    keep,
    kept_answer,
    newest,
    open_questions,
    question_of,
    record_of,
)

AWAITED_FOR = timedelta(hours=1)  # how long a promised answer is waited for before the registry is asked again
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
MOST_AT_ONCE = 200  # open questions of one registry looked at in one round of asking again
COUNTS = (State.PROCESSING, State.IN_REVIEW)  # an answer counts until the stage is decided


def consult_registry(
    dossier_id: str,
    round_number: int,
    registry_name: str,
    *,
    store: DeskStore,
    files: FileStore,
    registry: Registry,
    clock: Clock,
    answers_at: str = "",
) -> str:
    """Ask one registry its one question of this round and keep question and answer. Returns answered | overtaken.

    answers_at: the address under which later answers are taken. Raises RegistryUnavailable and AnswerAwaited, each time
    after noting it in the dossier.
    """
    dossier = store.load(dossier_id)
    if dossier.round != round_number or dossier.state not in COUNTS:
        return "overtaken"
    known = consulted_of(dossier, registry_name, store) or Consulted("unavailable", "was not asked")
    now = clock()
    if known.status == "answered" and not known.due:
        return "answered"
    if known.status == "awaited" and now < datetime.fromisoformat(known.due):
        raise AnswerAwaited
    question = asked_of(dossier, registry_name, known, files, answers_at)
    try:
        answer = registry.ask(question)
    except RegistryUnavailable as unavailable:
        _note_silence(dossier, registry_name, unavailable, store=store, clock=clock)
        raise
    except AnswerAwaited as awaited:
        _note_promise(dossier, registry_name, question, awaited.parts, store=store, files=files, clock=clock)
        raise
    take_answer(dossier_id, round_number, question, answer, SYSTEM, store=store, files=files, clock=clock)
    return "answered"


def take_answer(
    dossier_id: str,
    round_number: int,
    question: Question,
    answer: Answer,
    actor: Actor,
    *,
    store: DeskStore,
    files: FileStore,
    clock: Clock,
) -> Dossier:
    """Keep a believed answer. Before the stage is decided the newest answer counts, and a dossier that was checked
    already is checked anew; afterwards it is kept and shown. The same answer again changes nothing."""
    registry = str(question.registry)
    place = keep(dossier_id, bare(question), answer, files)

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number:
            return None
        known = consulted_of(dossier, registry, store) or Consulted("unavailable")
        now, late = clock(), dossier.state not in COUNTS
        again = next((given for given in known.answers if given.key == place), None)
        if again is not None and not known.due and not known.parts:
            return None
        at = now.isoformat(timespec="seconds")
        given = Given(place, answer.answered_at.isoformat(), at, answer.source, answer.officer, answer.evidence, late)
        answers = known.answers if again is not None else (*known.answers, given)
        details = {"registry": registry, "key": place, "attempts": known.attempts + 1, "source": answer.source}
        if late:
            after = replace(known, answers=answers, due="", parts={}, at=at)
            records = [record_of(dossier, registry, after)]
            return change(
                dossier, dossier, "registry.answered_late", actor=actor, now=now, details=details, records=records
            )
        counts = newest(answers)
        after = Consulted("answered", "", counts.key, known.attempts + 1, answers, anew=known.anew, at=at)
        seen, records = dossier, [record_of(dossier, registry, after)]
        if dossier.stage and counts.key != known.key:
            seen, more = rechecked(dossier, now, {registry: after}, store=store, files=files)
            records += more
            details |= {"route": seen.route, "verdict": seen.verdict_key}
        return change(dossier, seen, "registry.answered", actor=actor, now=now, details=details, records=records)

    return commit(store, dossier_id, decide)


# -- answers that come later ------------------------------------------------------------------------------------------


def receive_answer(
    address: str, registry: str, data: Any, *, store: DeskStore, files: FileStore, clock: Clock, answers_at: str = ""
) -> None:
    """Take an answer that a registry sends of its own, to the question whose address this is; again it is harmless.

    Raises NotFound for what was not asked, RegistryUnavailable for what is no answer to it.
    """
    dossier_id, _, rest = address.partition(".")
    dossier = store.load(dossier_id)
    known = consulted_of(dossier, registry, store)
    if address != answer_address(dossier, registry) or known is None or not rest:
        raise NotFound(address)
    question = asked_of(dossier, registry, known, files, answers_at)
    asked_for = data.get("question_id") if isinstance(data, dict) else None
    part = next((part for part in parts_of(question) if part.question_id == asked_for), None)
    if part is None:
        raise NotFound(address)
    answer = believe(part, data)
    given = {part.question_id: answer} | _kept_parts(known, files)
    whole = joined(question, given)
    if whole is None:
        _note_promise(dossier, registry, question, [answer], store=store, files=files, clock=clock)
    else:
        take_answer(dossier_id, dossier.round, question, whole, SYSTEM, store=store, files=files, clock=clock)


# -- asking again -----------------------------------------------------------------------------------------------------


def ask_again(
    registry_name: str,
    *,
    store: DeskStore,
    files: FileStore,
    registry: Registry,
    clock: Clock,
    enough: Callable[[], bool],
    answers_at: str = "",
) -> dict[str, int]:
    """Ask what is due of a registry's open questions, longest due first, until it is to be left alone or `enough`.

    Counts what became of them: asked, answered, closed (decided or withdrawn meanwhile)."""
    done = {"asked": 0, "answered": 0, "closed": 0}
    page, _ = store.queue(open_questions(registry_name), "", MOST_AT_ONCE)
    for dossier_id, record in page:
        known = from_plain(Consulted, record.data)
        if enough() or datetime.fromisoformat(known.due) > clock():
            break
        try:
            result = consult_registry(
                dossier_id,
                int(record.key.split("#")[1]),
                registry_name,
                store=store,
                files=files,
                registry=registry,
                clock=clock,
                answers_at=answers_at,
            )
        except RegistryUnavailable as unavailable:
            if not unavailable.asked:
                break  # nobody may ask it now
            done["asked"] += 1
        except AnswerAwaited:
            done["asked"] += 1
        else:
            done["asked" if result == "answered" else "closed"] += 1
            done["answered"] += result == "answered"
            if result == "overtaken":
                _close(dossier_id, record.key, store=store, clock=clock)
    return done


def _close(dossier_id: str, key: str, *, store: DossierStore, clock: Clock) -> None:
    """A question nobody needs an answer to any more leaves the queue."""

    def decide(dossier: Dossier) -> Change | None:
        row = store.record(dossier_id, key)
        if row is None or not row.data["due"]:
            return None
        records = [replace(row, data={**row.data, "due": ""}, queue="", queue_order="")]
        details = {"registry": key.rsplit("#", 1)[1]}
        return change(
            dossier, dossier, "registry.not_needed", actor=SYSTEM, now=clock(), details=details, records=records
        )

    commit(store, dossier_id, decide)


# -- what is noted ----------------------------------------------------------------------------------------------------


def asked_of(dossier: Dossier, registry: str, known: Consulted, files: FileStore, answers_at: str = "") -> Question:
    """This round's question to a registry, as it is asked."""
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    to = f"{answers_at}/{registry}/answers/{answer_address(dossier, registry)}" if answers_at else ""
    return question_of(dossier, procedure, situation_of(dossier, files), registry, known.anew, to)


def _note_silence(
    asked: Dossier, registry: str, unavailable: RegistryUnavailable, *, store: DossierStore, clock: Clock
) -> None:
    """The registry did not answer. One that was left alone is noted once: nothing new happened."""

    def decide(dossier: Dossier) -> Change | None:
        known = consulted_of(dossier, registry, store)
        if dossier.round != asked.round or dossier.state not in COUNTS:
            return None
        if not unavailable.asked and known is not None and known.due:
            return None
        known, now = known or Consulted("unavailable"), clock()
        attempts = known.attempts + unavailable.asked
        pause = min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 10), LONGEST_PAUSE)
        pause = (
            max(pause, timedelta(seconds=unavailable.retry_after_seconds or 0)) if unavailable.asked else timedelta()
        )
        at = now.isoformat(timespec="seconds")
        due = (now + pause).isoformat(timespec="seconds")
        if not unavailable.asked and unavailable.retry_after_seconds is None:
            due = ""  # it cannot be called at all: asking again is no use
        after = replace(known, attempts=attempts, due=due, at=at)
        if known.status != "answered":
            after = replace(after, status="unavailable", reason=unavailable.reason)
        details = {"registry": registry, "reason": unavailable.reason, "attempts": attempts}
        records = [record_of(dossier, registry, after)]
        return change(dossier, dossier, "registry.unavailable", actor=SYSTEM, now=now, details=details, records=records)

    commit(store, asked.id, decide)


def _note_promise(
    asked: Dossier,
    registry: str,
    question: Question,
    parts: Sequence[Answer],
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> None:
    """The registry answers later; what came of a long list meanwhile is kept."""
    by_id = {part.question_id: part for part in parts_of(question)}
    places = {answer.question_id: keep(asked.id, bare(by_id[answer.question_id]), answer, files) for answer in parts}

    def decide(dossier: Dossier) -> Change | None:
        known = consulted_of(dossier, registry, store) or Consulted("unavailable")
        if dossier.round != asked.round or dossier.state not in COUNTS:
            return None
        now = clock()
        due = (now + AWAITED_FOR).isoformat(timespec="seconds")
        after = replace(
            known,
            attempts=known.attempts + 1,
            parts=known.parts | places,
            due=due,
            at=now.isoformat(timespec="seconds"),
        )
        if known.status != "answered":
            after = replace(after, status="awaited", reason="answers later")
        details = {"registry": registry, "attempts": after.attempts, "parts": len(after.parts)}
        records = [record_of(dossier, registry, after)]
        return change(dossier, dossier, "registry.awaited", actor=SYSTEM, now=now, details=details, records=records)

    commit(store, asked.id, decide)


def _kept_parts(known: Consulted, files: FileStore) -> dict[str, Answer]:
    return {part: kept_answer(place, files) for part, place in known.parts.items()}
