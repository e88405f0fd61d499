"""Registries are consulted, the law is applied, the route is chosen.

A verdict is kept with the facts it rests on, so that it can be derived again as of its day. The machine recommends
and asks for what is missing; whatever it cannot know goes to an officer, and nothing is asked twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from casework import procedures
from casework.consulted import Confirmation
from casework.document import Reading, Text
from casework.dossier import SYSTEM, Change, Document, Dossier, Record, Request, State, change, vietnam_day
from casework.errors import RegistryUnavailable
from casework.finding import Finding, Verdict
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore, Registry
from casework.registry import Answer, Employer, Question, QuestionRow, RegistryName
from casework.rules import Procedure, RegistryNeed, Stage
from casework.situation import MissingPaper, Person, Situation, gather
from casework.workflow.commit import commit
from casework.workflow.notices import notice, notifications
from casework.workflow.ordering import order_supplement
from casework.workflow.reading import load_reading
from casework.workflow.signalling import keep_signals, signals_found, stopping
from casework.workflow.verdicts import digest, verdict_of

_MOST_ASKED = 20  # requests of one kind that are made one by one; of more people there is one for all
_ASKED_WITH_THE_UNITS_OWN = ("closures",)  # registries that find their answer by place and line of business
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
    place = f"answers/{dossier_id}/{digest(kept)}.json"
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
        kept_answers, unavailable = _answers(dossier, store, files)
        answers, stated = [answer for answer, _ in kept_answers], confirmations(store, dossier)
        situation = gather(dossier, _readings(dossier, files), answers, unavailable, procedure, stated)
        kept, verdict = verdict_of(dossier, situation, procedure, vietnam_day(now), unavailable, kept_answers, stated)
        signals = signals_found(dossier, procedure.confidence_bar, store=store, files=files)
        kept["signals"] = stopping(signals)
        signalled = keep_signals(dossier, "check", signals, files)
        place = f"verdicts/{dossier_id}/{digest(kept)}.json"
        files.put_evidence(place, kept)
        asks = _new_requests(dossier, situation, verdict)
        requests = tuple(_closed(request) for request in dossier.requests)
        open_points = [*kept["contradictions"], *kept["signals"], *(request for request in requests if request.unanswered)]
        route = "ask" if asks else _route(dossier, verdict.route, open_points, situation)
        way = tuple(stage.id for stage in way_of(procedure, verdict))
        checked = dataclasses.replace(dossier, route=route, verdict_key=place, requests=(*requests, *asks), way=way)
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
                effects=[*notifications(dossier, "asked"), order_supplement(dossier, [ask.says for ask in asks], now)],
                records=[notice(after, "asked", now), verdict_record(dossier, place, route, now), *signalled],
            )
        after = dataclasses.replace(checked, stage=way[0])
        records = [verdict_record(dossier, place, route, now), *signalled]
        return change(dossier, after, "dossier.checked", actor=SYSTEM, now=now, details=details, records=records)

    dossier = commit(store, dossier_id, decide)
    if dossier.round != round_number or dossier.state is not State.PROCESSING:
        return STOP
    stage = _procedure(dossier).stage(dossier.stage)
    return {"next": "review", "stage": stage.id, "review_seconds": stage.review_seconds(now)}


# -- asking the applicant ---------------------------------------------------------------------------------------------


def way_of(procedure: Procedure, verdict: Verdict) -> list[Stage]:
    """The stages a dossier passes: all that everybody passes, and those for a rule that waits for nothing else."""
    found = {finding.rule: finding for finding in verdict.findings}

    def passes(stage: Stage) -> bool:
        if stage.for_rule is None:
            return True
        finding, rule = found.get(stage.for_rule), procedure.rule(stage.for_rule)
        if finding is None or rule is None:
            return False
        settled = rule.way_into is not None and found[rule.way_into].verdict == "pass"
        waits = finding.verdict == "unknown" and bool(finding.missing) and set(finding.missing) <= set(stage.confirms)
        return waits and not settled

    return [stage for stage in procedure.stages if passes(stage)]


def _new_requests(dossier: Dossier, situation: Situation, verdict: Verdict) -> list[Request]:
    """What only the applicant can give, each thing once: pages and papers first, else what the papers leave open."""
    wanted = [request for document in dossier.live_documents for request in _illegible(document)]
    unknown = any(d.document_type in ("", "unknown") and d.unreadable_pages for d in dossier.live_documents)
    if not (wanted and unknown):  # what cannot be read may be the paper that is missing
        wanted += _missing_papers(dossier, situation.missing)
    if not wanted:
        wanted = _unsaid(verdict, situation, _procedure(dossier))
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
    lost = [remark for remark in document.remarks if remark.type == "page-missing"]
    if lost:
        details = Text(" ".join(remark.detail for remark in lost), " ".join(remark.detail_en for remark in lost))
        says = Text(f"Gửi lại tệp {name}: {details.vi}", f"Send {name} again: {details.en}")
        uploads = tuple(upload.id for upload in document.uploads)
        requests.append(Request(f"{document.id} pages", "document", says, document.id, known=uploads))
    return requests


def _missing_papers(dossier: Dossier, missing: Sequence[MissingPaper]) -> list[Request]:
    """One request for each paper; where the same is missing of very many people, one for all of them."""
    by_types: dict[tuple[str, ...], list[MissingPaper]] = {}
    for paper in missing:
        by_types.setdefault(paper.types, []).append(paper)
    requests = []
    for papers in by_types.values():
        several = papers if len(papers) <= _MOST_ASKED else papers[:1]
        requests += [_missing(dossier, paper, papers if len(several) < len(papers) else [paper]) for paper in several]
    return requests


def _missing(dossier: Dossier, paper: MissingPaper, of: Sequence[MissingPaper]) -> Request:
    names = [item.person.name for item in of if item.person]
    whose = _listed(names)
    of_vi, of_en = (f" của {whose.vi}", f" of {whose.en}") if names else ("", "")
    there = tuple(d.id for d in dossier.live_documents if not set(d.types).isdisjoint(paper.types))
    who = paper.person.key if paper.person and len(of) == 1 else "everybody" if paper.person else ""
    return Request(
        key=f"missing {'/'.join(paper.types)} {who}".strip(),
        kind="document",
        says=Text(f"Gửi thêm: {paper.title.vi}{of_vi}.", f"Send also: {paper.title.en}{of_en}."),
        document_type=paper.types[0],
        types=paper.types,
        known=there,
    )


def _listed(names: Sequence[str]) -> Text:
    """Some names, and how many more."""
    shown, more = ", ".join(names[:_MOST_ASKED]), len(names) - _MOST_ASKED
    return Text(shown, shown) if more <= 0 else Text(f"{shown} và {more} người nữa", f"{shown} and {more} more")


def _unsaid(verdict: Verdict, situation: Situation, procedure: Procedure) -> list[Request]:
    """What the papers leave open. Of several ways in nothing is asked for while one waits for an officer alone."""
    names = {person.key: person.name for person in situation.people}
    found = [("", finding) for finding in verdict.findings]
    found += [(row.key, finding) for row in verdict.rows for finding in row.findings]
    by_rule: dict[str, list[tuple[str, Finding]]] = {}
    officers = {finding.rule for _, finding in found if finding.then == "review" and finding.verdict == "unknown"}
    for key, finding in found:
        rule = procedure.rule(finding.rule)
        elsewhere = rule is not None and bool(officers & set(rule.ways))
        if finding.then == "ask" and finding.verdict == "unknown" and finding.counts and not elsewhere:
            by_rule.setdefault(finding.rule, []).append((key, finding))
    requests = []
    for rule_id, asked in by_rule.items():
        if len(asked) <= _MOST_ASKED:
            requests += [_unsaid_of(names.get(key, ""), key, finding) for key, finding in asked]
        else:
            whose, because = _listed([names.get(key, key) for key, _ in asked]), asked[0][1].because
            says = Text(f"{whose.vi}: {because.vi}", f"{whose.en}: {because.en}")
            requests.append(Request(f"{rule_id} everybody", "fact", says, rule=rule_id))
    return requests


def _unsaid_of(name: str, key: str, finding: Finding) -> Request:
    who = f"{name}: " if name else ""
    says = Text(f"{who}{finding.because.vi}", f"{who}{finding.because.en}")
    return Request(f"{finding.rule} {key}".strip(), "fact", says, rule=finding.rule)


def _route(dossier: Dossier, route: str, open_points: list[Any], situation: Situation) -> str:
    """The rules' route, unless something an officer must see stands beside them; what was asked before is reviewed."""
    if route == "ask":
        return "review"
    unread = any(d.state != "read" or "unknown" in d.types for d in dossier.live_documents)
    if route == "fast_lane" and (open_points or situation.strangers or situation.missing or unread):
        return "review"
    return route


# -- the question to a registry ---------------------------------------------------------------------------------------


def _question(dossier: Dossier, procedure: Procedure, situation: Situation, registry: str) -> Question:
    """One question about the whole list, with no more of each person than is needed to find and compare him."""
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
    found = digest(to_plain([employer, rows]))[:12]
    question_id = f"{dossier.code}/{registry}/{as_of.isoformat()}/{found}"
    return Question(RegistryName(registry), question_id, as_of, employer, rows, need.facts)


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


# -- what is on record ------------------------------------------------------------------------------------------------


def _readings(dossier: Dossier, files: FileStore) -> dict[str, Reading]:
    found = {document.id: load_reading(document, files) for document in dossier.live_documents}
    return {document_id: reading for document_id, reading in found.items() if reading is not None}


def confirmations(store: DossierStore, dossier: Dossier) -> list[Confirmation]:
    """What officers stated at their stages, in this round and before."""
    stated = []
    for record in store.records(dossier.id, "DECISION#"):
        data = record.data
        stated += [
            Confirmation(fact, value, data["by"], data["at"], data["stage"])
            for fact, value in data.get("confirms", {}).items()
        ]
    return sorted(stated, key=lambda said: said.at)


def _answers(
    dossier: Dossier, store: DossierStore, files: FileStore
) -> tuple[list[tuple[Answer, str]], dict[str, str]]:
    """Believed answers of this round with where they are kept, and why each other registry gave none."""
    answers, unavailable = [], {}
    records = {r.key.rsplit("#", 1)[1]: r.data for r in store.records(dossier.id, f"ANSWER#{dossier.round:03d}#")}
    for name in _procedure(dossier).registry_names:
        data = records.get(name)
        if data is None:
            unavailable[name] = "was not asked"
        elif data["status"] == "answered":
            answers.append((from_plain(Answer, files.evidence(data["key"])["answer"]), data["key"]))
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


def verdict_record(dossier: Dossier, place: str, route: str, now: datetime, stage: str = "") -> Record:
    """Where the verdict of a round is kept; one that an officer's word changed bears the name of his stage."""
    key = f"VERDICT#{dossier.round:03d}{'#' + stage if stage else ''}"
    return Record(key, {"key": place, "route": route, "at": now.isoformat(timespec="seconds")})


def _procedure(dossier: Dossier) -> Procedure:
    return procedures.load(dossier.procedure, dossier.day_of_receipt)
