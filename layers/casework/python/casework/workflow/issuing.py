"""Papers are printed, kept and put on their dossier; whoever holds one can have it confirmed.

An order may come more than once: the paper it made before is found, and nothing is made again. The PDF is kept before
the transaction that names it, under a name made of its content.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from casework import procedures
from casework.dossier import SYSTEM, AuditEntry, Change, Dossier, Record, change, derived_id, vietnam_day
from casework.errors import NotFound
from casework.forms import catalogue, one_stop
from casework.forms.catalogue import FormKind
from casework.forms.decision import decision
from casework.forms.sheet import Sheet
from casework.issued import IssuedPaper, is_token, paper_record_key, token_queue
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore, Outbox, PaperPrinter
from casework.workflow.commit import PAPER_ISSUED, commit
from casework.workflow.granting import decided_rows
from casework.workflow.verdicts import read

PAPERS = "PAPER#"


def issue_paper(
    dossier_id: str,
    effect_id: str,
    *,
    store: DossierStore,
    outbox: Outbox,
    files: FileStore,
    printer: PaperPrinter,
    new_token: Callable[[], str],
    public_url: str,
    clock: Clock,
) -> IssuedPaper:
    """Make the paper an order asks for, once; answers the paper on record. Raises NotFound for what is no order."""
    pending = outbox.effect(dossier_id, effect_id)
    if pending is None or pending.effect.kind != "issue_paper":
        raise NotFound(effect_id)
    order = pending.effect.payload
    kind: FormKind = order["kind"]
    version = int(effect_id.rsplit("-", 2)[-2])
    key = paper_record_key(version, kind)
    if known := store.record(dossier_id, key):
        return from_plain(IssuedPaper, known.data)
    dossier = store.load(dossier_id)
    history = [entry for entry in store.audit(dossier_id) if entry.sequence <= version]
    token, at = new_token(), datetime.fromisoformat(order["at"])
    issue = one_stop.Issue(
        dossier=dossier,
        procedure=procedures.load(dossier.procedure, dossier.day_of_receipt),
        at=at,
        nth=sum(entry.action in catalogue.form(kind).called_by for entry in history),
        url=f"{public_url}/xac-minh/{token}",
        office=order["office"],
    )
    sheet = _sheet(kind, issue, order["data"], history, store, files)
    printed = printer.print(sheet)
    sha256 = hashlib.sha256(printed.pdf).hexdigest()
    place = f"papers/{dossier_id}/{sha256}.pdf"
    files.put_paper(place, printed.pdf)
    paper = IssuedPaper(
        id=derived_id("paper", effect_id),
        kind=kind,
        number=sheet.number,
        code=dossier.code,
        office=order["office"],
        issued_on=vietnam_day(at).isoformat(),
        issued_at=at.isoformat(timespec="seconds"),
        token=token,
        sha256=sha256,
        size_bytes=len(printed.pdf),
        pages=printed.pages,
        key=place,
    )

    def decide(newest: Dossier) -> Change | None:
        if store.record(dossier_id, key) is not None:
            return None
        records = _with_replaced(key, paper, issued_papers(dossier_id, store=store))
        details = {"kind": kind, "paper": paper.id, "number": paper.number, "sha256": sha256}
        return change(newest, newest, PAPER_ISSUED, actor=SYSTEM, now=clock(), details=details, records=records)

    commit(store, dossier_id, decide)
    kept = store.record(dossier_id, key)
    if kept is None:
        raise NotFound(key)
    return from_plain(IssuedPaper, kept.data)


def issued_papers(dossier_id: str, *, store: DossierStore) -> list[tuple[str, IssuedPaper]]:
    """(key of its record, paper) of every paper of a dossier, in the order in which they were called for."""
    return [(record.key, from_plain(IssuedPaper, record.data)) for record in store.records(dossier_id, PAPERS)]


def find_issued(dossier_id: str, paper_id: str, *, store: DossierStore) -> IssuedPaper:
    """A paper of a dossier by its id. Raises NotFound."""
    for _, paper in issued_papers(dossier_id, store=store):
        if paper.id == paper_id:
            return paper
    raise NotFound(paper_id)


def confirm_paper(token: str, *, store: DossierStore) -> IssuedPaper:
    """The paper a token leads to. May lag behind a new paper by moments. Raises NotFound."""
    if not is_token(token):
        raise NotFound("no token")
    found, _ = store.queue(token_queue(token), "", 1)
    for _, record in found:
        return from_plain(IssuedPaper, record.data)
    raise NotFound("unknown token")


def _sheet(
    kind: FormKind,
    issue: one_stop.Issue,
    data: Mapping[str, Any],
    history: Sequence[AuditEntry],
    store: DossierStore,
    files: FileStore,
) -> Sheet:
    if kind == "control_sheet":
        return one_stop.control_sheet(issue, history)
    if kind == "decision":
        made = store.record(issue.dossier.id, data["key"])
        if made is None:
            raise NotFound(f"decision of round {data['round']}")
        kept = files.evidence(made.data["verdict_key"])
        whole = {**kept, "verdict": to_plain(read(kept))}
        return decision(issue, {**made.data, "rows": decided_rows(made.data, files)}, whole)
    return one_stop.BUILDERS[kind](issue, data)


def _with_replaced(key: str, paper: IssuedPaper, others: Sequence[tuple[str, IssuedPaper]]) -> list[Record]:
    """The new paper's record, and those of the papers it takes the place of. A paper that comes late is itself out of
    date when a later one of its kind is there."""
    later = [other for place, other in others if place > key and paper.kind in catalogue.form(other.kind).replaces]
    if later:
        paper = dataclasses.replace(paper, validity="replaced", replaced_by=later[0].number)
    replaces = catalogue.form(paper.kind).replaces
    records = [_record(key, paper)]
    for place, other in others:
        if place < key and other.kind in replaces and other.validity == "valid":
            records.append(_record(place, dataclasses.replace(other, validity="replaced", replaced_by=paper.number)))
    return records


def _record(key: str, paper: IssuedPaper) -> Record:
    return Record(key, to_plain(paper), queue=token_queue(paper.token), queue_order=key)
