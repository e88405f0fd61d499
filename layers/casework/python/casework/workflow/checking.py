"""Registries are consulted, the law is applied, the route is chosen.

A verdict is kept with the facts it rests on, so that it can be derived again as of its day. The machine recommends
and asks for what is missing; whatever it cannot know goes to an officer, and nothing is asked twice.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from casework import checks, procedures
from casework.document import Reading, Text
from casework.dossier import SYSTEM, Change, Document, Dossier, Record, Request, State, change, derived_id, vietnam_day
from casework.errors import RegistryUnavailable
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore, Registry
from casework.registry import Answer, Employer, Question, QuestionRow, RegistryName
from casework.rules import Procedure
from casework.situation import MissingPaper, Person, Situation, gather
from casework.workflow.commit import commit
from casework.workflow.notices import notice
from casework.workflow.ordering import order_supplement
from casework.workflow.reading import load_reading

STOP = {"next": "stop", "stage": "", "review_seconds": 0}


def consult_registry(
    dossier_id: str,
    round_number: int,
    registry_name: str,
    *,
    store: DossierStore,
    files: FileStore,
    registry: Registry,
    clock: Clock,
) -> str:
    """Ask one registry its one question of this round and keep question and answer. Returns answered | overtaken.

    Raises RegistryUnavailable, after noting the attempt and its reason in the dossier.
    """
    key = f"ANSWER#{round_number:03d}#{registry_name}"
    dossier = store.load(dossier_id)
    if dossier.round != round_number or dossier.state is not State.PROCESSING:
        return "overtaken"
    known = store.record(dossier_id, key)
    if known is not None and known.data["status"] == "answered":
        return "answered"
    procedure = _procedure(dossier)
    situation = gather(dossier, _readings(dossier, files), (), {}, procedure)
    question = _question(dossier, procedure, situation, registry_name)
    try:
        answer = registry.ask(question)
    except RegistryUnavailable as unavailable:
        attempts = (known.data["attempts"] if known else 0) + 1
        data = {"status": "unavailable", "reason": unavailable.reason, "attempts": attempts}
        _note(dossier_id, round_number, key, data, "registry.unavailable", store=store, clock=clock)
        raise
    kept = to_plain({"question": to_plain(question), "answer": to_plain(answer)})
    place = f"answers/{dossier_id}/{_digest(kept)}.json"
    files.put_evidence(place, kept)
    data = {"status": "answered", "key": place, "attempts": (known.data["attempts"] if known else 0) + 1}
    _note(dossier_id, round_number, key, data, "registry.answered", store=store, clock=clock)
    return "answered"


def check_dossier(
    dossier_id: str, round_number: int, *, store: DossierStore, files: FileStore, clock: Clock
) -> dict[str, Any]:
    """Apply the procedure's rules; keep the verdict; choose the route; ask the applicant for what he can give.

    Answers what is next: {next: review | stop, stage, review_seconds}. Checked again it answers the same.
    """
    now = clock()

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state is not State.PROCESSING or dossier.stage:
            return None
        procedure = _procedure(dossier)
        answers, unavailable = _answers(dossier, store, files)
        situation = gather(dossier, _readings(dossier, files), answers, unavailable, procedure)
        kept = verdict_of(dossier, situation, procedure, vietnam_day(now), unavailable)
        place = f"verdicts/{dossier_id}/{_digest(kept)}.json"
        files.put_evidence(place, kept)
        asks = _new_requests(dossier, situation, kept["verdict"])
        requests = tuple(_closed(request) for request in dossier.requests)
        open_points = [*kept["contradictions"], *(request for request in requests if request.unanswered)]
        route = "ask" if asks else _route(dossier, kept["verdict"]["route"], open_points, situation)
        checked = dataclasses.replace(dossier, route=route, verdict_key=place, requests=(*requests, *asks))
        details = {"route": route, "verdict": place, "unavailable": sorted(unavailable), "asks": len(asks)}
        if asks:
            after = dataclasses.replace(checked, state=State.AWAITING_APPLICANT)
            return change(
                dossier,
                after,
                "applicant.asked",
                actor=SYSTEM,
                now=now,
                details=details,
                effects=[("notify", {"event": "asked"}), order_supplement(dossier, [ask.says for ask in asks], now)],
                records=[notice(after, "asked", now), _verdict_record(dossier, place, route)],
            )
        after = dataclasses.replace(checked, stage=procedure.stages[0].id)
        records = [_verdict_record(dossier, place, route)]
        return change(dossier, after, "dossier.checked", actor=SYSTEM, now=now, details=details, records=records)

    dossier = commit(store, dossier_id, decide)
    if dossier.round != round_number or dossier.state is not State.PROCESSING:
        return STOP
    stage = _procedure(dossier).stage(dossier.stage)
    return {"next": "review", "stage": stage.id, "review_seconds": stage.review_seconds(now)}


def verdict_of(
    dossier: Dossier, situation: Situation, procedure: Procedure, as_of: date, unavailable: Mapping[str, str]
) -> dict[str, Any]:
    """The verdict with everything it rests on, as plain data: what is kept as evidence and derived again from it."""
    people = situation.people
    verdict = checks.evaluate(
        procedure,
        situation.facts,
        [person.facts for person in people],
        as_of=as_of,
        keys=[person.key for person in people],
    )
    used = {fact for rule in procedure.rules for fact in rule.facts}
    return {
        "schema": 1,
        "dossier_id": dossier.id,
        "code": dossier.code,
        "round": dossier.round,
        "received_on": dossier.received_on.isoformat() if dossier.received_on else None,
        "facts": {"dossier": to_plain(situation.facts), "rows": [to_plain(person.facts) for person in people]},
        "people": {person.key: {"name": person.name, "documents": list(person.documents)} for person in people},
        "strangers": list(situation.strangers),
        "contradictions": [to_plain(text) for text in situation.contradictions(used)],
        "unavailable": dict(unavailable),
        "verdict": to_plain(verdict),
    }


# -- asking the applicant ---------------------------------------------------------------------------------------------


def _new_requests(dossier: Dossier, situation: Situation, verdict: Mapping[str, Any]) -> list[Request]:
    """What only the applicant can give, each thing once: pages and papers first, else what the papers leave open."""
    wanted = [request for document in dossier.live_documents for request in _illegible(document)]
    wanted += [_missing(dossier, paper) for paper in situation.missing]
    if not wanted:
        wanted = _unsaid(verdict, situation)
    asked = {request.key for request in dossier.requests}
    return [request for request in wanted if request.key not in asked]


def _closed(request: Request) -> Request:
    """A new check asks anew; what was asked for and did not come stays visible as unanswered."""
    came_not = request.open and request.kind != "fact"
    return dataclasses.replace(request, open=False, unanswered=request.unanswered or came_not)


def _illegible(document: Document) -> list[Request]:
    name = document.file_name
    if document.state == "rejected" and document.problem is not None:
        says = Text(
            f"Gửi lại tệp {name}: {document.problem.detail}", f"Send {name} again: {document.problem.detail_en}"
        )
        uploads = tuple(upload.id for upload in document.uploads)
        return [Request(f"{document.id} whole", "document", says, document.id, known=uploads)]
    requests = []
    for ref in document.pages:
        if ref.problem is not None:
            says = Text(
                f"Gửi lại trang {ref.number} của {name}: {ref.problem.detail}",
                f"Send page {ref.number} of {name} again: {ref.problem.detail_en}",
            )
            key = f"{document.id} page {ref.number}"
            requests.append(Request(key, "page", says, document.id, page=ref.number, known=(ref.upload_id,)))
    return requests


def _missing(dossier: Dossier, paper: MissingPaper) -> Request:
    of_vi = f" của {paper.person.name}" if paper.person else ""
    of_en = f" of {paper.person.name}" if paper.person else ""
    there = tuple(d.id for d in dossier.live_documents if d.document_type in paper.types)
    return Request(
        key=f"missing {'/'.join(paper.types)} {paper.person.key if paper.person else ''}".strip(),
        kind="document",
        says=Text(f"Gửi thêm: {paper.title.vi}{of_vi}.", f"Send also: {paper.title.en}{of_en}."),
        document_type=paper.types[0],
        types=paper.types,
        known=there,
    )


def _unsaid(verdict: Mapping[str, Any], situation: Situation) -> list[Request]:
    names = {person.key: person.name for person in situation.people}
    found = [("", finding) for finding in verdict["findings"]]
    found += [(row["key"], finding) for row in verdict["rows"] for finding in row["findings"]]
    requests = []
    for key, finding in found:
        if finding["then"] == "ask" and finding["verdict"] == "unknown":
            who = f"{names[key]}: " if names.get(key) else ""
            says = Text(f"{who}{finding['because']['vi']}", f"{who}{finding['because']['en']}")
            requests.append(Request(f"{finding['rule']} {key}".strip(), "fact", says, rule=finding["rule"]))
    return requests


def _route(dossier: Dossier, route: str, open_points: list[Any], situation: Situation) -> str:
    """The rules' route, unless something an officer must see stands beside them; what was asked before is reviewed."""
    if route == "ask":
        return "review"
    unread = any(d.state != "read" or d.document_type == "unknown" for d in dossier.live_documents)
    if route == "fast_lane" and (open_points or situation.strangers or situation.missing or unread):
        return "review"
    return route


# -- the question to a registry ---------------------------------------------------------------------------------------


def _question(dossier: Dossier, procedure: Procedure, situation: Situation, registry: str) -> Question:
    """One question about the whole list, with no more of each person than is needed to find and compare him."""
    received = dossier.day_of_receipt
    starts = sorted(start for person in situation.people if (start := person.value("suspension.starts_on")))
    as_of = date.fromisoformat(starts[0]) - timedelta(days=1) if starts and registry == "vss" else received
    rows = tuple(_row(person) for person in situation.people) if _asks_people(procedure, registry) else ()
    employer = Employer(str(_value(situation, "employer.tax_code")), str(_value(situation, "employer.name")))
    digest = _digest(to_plain([employer, rows]))[:12]
    question_id = f"{dossier.code}/{registry}/{as_of.isoformat()}/{digest}"
    return Question(RegistryName(registry), question_id, as_of, employer, rows)


def _asks_people(procedure: Procedure, registry: str) -> bool:
    need = next(need for need in procedure.registries if need.name == registry)
    return any(procedure.kinds[fact].subject == "row" for fact in need.facts)


def _row(person: Person) -> QuestionRow:
    born, start = person.value("employee.date_of_birth"), person.value("suspension.starts_on")
    return QuestionRow(
        key=person.key,
        bhxh_number=str(person.value("employee.bhxh_number") or ""),
        full_name=person.name,
        date_of_birth=date.fromisoformat(born) if born and len(born) == 10 else None,
        from_month=str(start or "")[:7],
    )


def _value(situation: Situation, fact_id: str) -> Any:
    fact = situation.facts.get(fact_id)
    return fact.value if fact and fact.value is not None else ""


# -- what is on record ------------------------------------------------------------------------------------------------


def _readings(dossier: Dossier, files: FileStore) -> dict[str, Reading]:
    found = {document.id: load_reading(document, files) for document in dossier.live_documents}
    return {document_id: reading for document_id, reading in found.items() if reading is not None}


def _answers(dossier: Dossier, store: DossierStore, files: FileStore) -> tuple[list[Answer], dict[str, str]]:
    """Believed answers of this round, and why each other registry gave none."""
    answers, unavailable = [], {}
    records = {r.key.rsplit("#", 1)[1]: r.data for r in store.records(dossier.id, f"ANSWER#{dossier.round:03d}#")}
    for name in _procedure(dossier).registry_names:
        data = records.get(name)
        if data is None:
            unavailable[name] = "was not asked"
        elif data["status"] == "answered":
            answers.append(from_plain(Answer, files.evidence(data["key"])["answer"]))
        else:
            unavailable[name] = data["reason"]
    return answers, unavailable


def _note(
    dossier_id: str,
    round_number: int,
    key: str,
    data: Mapping[str, Any],
    action: str,
    *,
    store: DossierStore,
    clock: Clock,
) -> None:
    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state is not State.PROCESSING:
            return None
        now = clock()
        record = Record(key, {**data, "at": now.isoformat(timespec="seconds")})
        details = {"registry": key.rsplit("#", 1)[1], **{k: v for k, v in data.items() if k != "status"}}
        return change(dossier, dossier, action, actor=SYSTEM, now=now, details=details, records=[record])

    commit(store, dossier_id, decide)


def _verdict_record(dossier: Dossier, place: str, route: str) -> Record:
    return Record(f"VERDICT#{dossier.round:03d}", {"key": place, "route": route})


def _procedure(dossier: Dossier) -> Procedure:
    return procedures.load(dossier.procedure, dossier.day_of_receipt)


def _digest(data: Any) -> str:
    return derived_id(hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest())
