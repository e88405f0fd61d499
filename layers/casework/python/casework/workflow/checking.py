"""The law is applied to what is known, the route is chosen; anew when an answer comes while an officer has the dossier.

A verdict is kept with the facts it rests on, so that it can be derived again as of its day. The machine recommends
and asks for what is missing; whatever it cannot know goes to an officer, and nothing is asked twice.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from casework import procedures
from casework.consulted import Confirmation
from casework.document import Reading, Text
from casework.dossier import SYSTEM, Change, Document, Dossier, Record, Request, State, change, vietnam_day
from casework.finding import Finding, Verdict
from casework.offices import office_of
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DeskStore, DossierStore, FileStore
from casework.review import Task, task_key
from casework.rules import Procedure, Stage
from casework.signals import Signal
from casework.situation import MissingPaper, Situation, gather
from casework.workflow.commit import commit
from casework.workflow.consulting import Consulted, answers_of
from casework.workflow.listing import beside_others
from casework.workflow.notices import notice, notifications
from casework.workflow.ordering import order_supplement
from casework.workflow.outcomes import paper_called
from casework.workflow.searching import note_dossier
from casework.workflow.signalling import Sighted, counted, keep_signals, signals_found, stopping
from casework.workflow.tasks import decisions
from casework.workflow.verdicts import digest, kept_papers, verdict_of, verdict_record
from casework.worklist import task_record

_MOST_ASKED = 20  # requests of one kind that are made one by one; of more people there is one for all
STOP = {"next": "stop", "stage": "", "review_seconds": 0}


def check_dossier(
    dossier_id: str, round_number: int, *, store: DeskStore, files: FileStore, clock: Clock
) -> dict[str, Any]:
    """Apply the procedure's rules; keep the verdict; choose the route; ask the applicant for what he can give.

    Answers what is next: {next: review | stop, stage, review_seconds}. Checked again it answers the same.
    """
    now = clock()
    sighted = functools.cache(store.sighted)  # who loses a race begins anew, but need not ask this again

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state is not State.PROCESSING or dossier.stage:
            return None
        procedure = _procedure(dossier)
        derived = _derived(dossier, now, procedure, {}, store=store, files=files, sighted=sighted)
        kept, verdict, situation, place = derived.kept, derived.verdict, derived.situation, derived.place
        signalled = derived.signalled
        first_office = office_of(dossier.office, procedure.stages[0].level)
        counts = counted(dossier, derived.signals, first_office, vietnam_day(now), store=store)
        note_dossier(dossier, kept, procedure, store=store)
        asks = _new_requests(dossier, situation, verdict)
        requests = tuple(_closed(request) for request in dossier.requests)
        route = "ask" if asks else _route(dossier, derived, requests)
        way = tuple(stage.id for stage in way_of(procedure, verdict))
        checked = dataclasses.replace(
            dossier, route=route, verdict_key=place, requests=(*requests, *asks), way=way, people=len(situation.people)
        )
        details = {"route": route, "verdict": place, "unavailable": sorted(kept["unavailable"]), "asks": len(asks)}
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
                tallies=counts,
            )
        after = dataclasses.replace(checked, stage=way[0])
        records = [verdict_record(dossier, place, route, now), *signalled]
        return change(
            dossier, after, "dossier.checked", actor=SYSTEM, now=now, details=details, records=records, tallies=counts
        )

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
    name = paper_called(document)
    if document.state == "rejected" and document.problem is not None:
        says = Text(
            f"Gửi lại tệp {name.vi}: {document.problem.detail}", f"Send {name.en} again: {document.problem.detail_en}"
        )
        uploads = tuple(upload.id for upload in document.uploads)
        return [Request(f"{document.id} whole", "document", says, document.id, known=uploads)]
    requests = []
    for ref in document.pages:
        if ref.problem is not None:
            says = Text(
                f"Gửi lại trang {ref.number} của {name.vi}: {ref.problem.detail}",
                f"Send page {ref.number} of {name.en} again: {ref.problem.detail_en}",
            )
            key = f"{document.id} page {ref.number}"
            requests.append(Request(key, "page", says, document.id, page=ref.number, known=(ref.upload_id,)))
    lost = [remark for remark in document.remarks if remark.type == "page-missing"]
    if lost:
        details = Text(" ".join(remark.detail for remark in lost), " ".join(remark.detail_en for remark in lost))
        says = Text(f"Gửi lại tệp {name.vi}: {details.vi}", f"Send {name.en} again: {details.en}")
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


def _route(dossier: Dossier, derived: _Derived, requests: Sequence[Request]) -> str:
    """The rules' route, unless something an officer must see stands beside them; what was asked before is reviewed."""
    route, situation = derived.verdict.route, derived.situation
    if route == "ask":
        return "review"
    kept = derived.kept
    open_points = kept["contradictions"] or kept["conflicts"] or kept["signals"] or any(r.unanswered for r in requests)
    unread = any(d.state != "read" or "unknown" in d.types for d in dossier.live_documents)
    if route == "fast_lane" and (open_points or situation.strangers or situation.missing or unread):
        return "review"
    return route


# -- the verdict of now ------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class _Derived:
    """A verdict with all it rests on, as it is kept and where."""

    kept: dict[str, Any]
    verdict: Verdict
    situation: Situation
    place: str
    signals: Sequence[Signal]
    signalled: Sequence[Record]


def rechecked(
    dossier: Dossier, now: datetime, fresh: Mapping[str, Consulted], *, store: DossierStore, files: FileStore
) -> tuple[Dossier, list[Record]]:
    """The dossier and its records after an answer came while an officer has it: verdict and route anew, nothing asked
    of the applicant, the task where it is. The verdict before is kept beside it."""
    derived = _derived(dossier, now, _procedure(dossier), fresh, store=store, files=files, sighted=store.sighted)
    route = _route(dossier, derived, dossier.requests)
    after = dataclasses.replace(dossier, route=route, verdict_key=derived.place)
    base = verdict_record(dossier, derived.place, route, now)
    before = store.record(dossier.id, base.key)
    records = [base, *derived.signalled]
    if before is not None and before.data["key"] != derived.place:
        count = len(store.records(dossier.id, f"FORMER#{dossier.round:03d}#"))
        records.append(Record(f"FORMER#{dossier.round:03d}#{count:03d}", before.data))
    found = store.record(dossier.id, task_key(dossier.round, dossier.stage))
    if found is not None and found.data["state"] == "open":
        records.append(task_record(dataclasses.replace(from_plain(Task, found.data), route=route)))
    return after, records


def situation_of(dossier: Dossier, files: FileStore) -> Situation:
    """What papers and applicant say, before anybody else is asked."""
    return gather(dossier, _understood(_kept_readings(dossier, files)), (), {}, _procedure(dossier))


def _derived(
    dossier: Dossier,
    now: datetime,
    procedure: Procedure,
    fresh: Mapping[str, Consulted],
    *,
    store: DossierStore,
    files: FileStore,
    sighted: Sighted,
) -> _Derived:
    said, stated = answers_of(dossier, store=store, files=files, fresh=fresh), confirmations(store, dossier)
    readings = _kept_readings(dossier, files)
    answers, as_of = [answer for answer, _ in said.answers], vietnam_day(now)
    understood = _understood(readings)
    situation = gather(dossier, understood, answers, said.unavailable, procedure, stated)
    papers = kept_papers(dossier, readings)
    kept, verdict = verdict_of(dossier, situation, procedure, as_of, said.unavailable, said.answers, stated, papers)
    kept["conflicts"] = [to_plain(text) for text in said.conflicts]
    signals = signals_found(dossier, understood, procedure.confidence_bar, store=store, files=files, sighted=sighted)
    beside, listed = beside_others(dossier, kept, procedure, store=store, files=files)
    signals += beside
    kept["signals"] = stopping(signals)
    place = f"verdicts/{dossier.id}/{digest(kept)}.json"
    files.put_evidence(place, kept)
    signalled = [*keep_signals(dossier, "check", signals, files), *listed]
    return _Derived(kept, verdict, situation, place, signals, signalled)


# -- what is on record ------------------------------------------------------------------------------------------------


def _kept_readings(dossier: Dossier, files: FileStore) -> dict[str, Any]:
    return {document.id: files.json(key) for document in dossier.live_documents if (key := document.reading_key)}


def _understood(readings: Mapping[str, Any]) -> dict[str, Reading]:
    return {document_id: from_plain(Reading, kept) for document_id, kept in readings.items()}


def confirmations(store: DossierStore, dossier: Dossier) -> list[Confirmation]:
    """What officers stated at their stages, in this round and before."""
    stated = []
    for data in decisions(dossier.id, store=store):
        if "undone" in data:
            continue
        stated += [
            Confirmation(fact, value, data["by"], data["at"], data["stage"])
            for fact, value in data.get("confirms", {}).items()
        ]
    stated += [from_plain(Confirmation, record.data["said"]) for record in store.records(dossier.id, "STATED#")]
    return sorted(stated, key=lambda said: said.at)


def _procedure(dossier: Dossier) -> Procedure:
    return procedures.load(dossier.procedure, dossier.day_of_receipt)
