"""A case as its officer meets it: what has to be looked at on top, each field with its place on the page, each rule
with its reason, each registry with the day it speaks of. Everything comes from casework; nothing is decided here.
"""

import functools
from dataclasses import dataclass, field, replace

from casework import procedures
from casework.document import Reading, Text
from casework.dossier import Dossier
from casework.facts import dictionary
from casework.finding import Verdict
from casework.review import Task
from casework.rules import Procedure
from casework.workflow.deciding import proposals
from casework.workflow.reading import load_reading
from casework.workflow.verdicts import facts_of, read
from papers import STATES, being_read, said_of, shown_fields, type_name
from world import files, store

from desk.places import Places, cut

OWN = "payments"  # what the system keeps itself is not asked again
MOST_PAPERS = 10  # papers of a case whose pages are on one screen
SOURCES = {
    "text": Text("chữ trong tệp", "text of the file"),
    "ocr": Text("máy đọc ảnh", "read from the picture"),
    "second_look": Text("máy đọc lại lần hai", "read a second time"),
    "person": Text("người nhập", "entered by a person"),
}
NO_VERDICT = Text("Chưa đối chiếu với quy định", "Not checked against the rules yet")


@dataclass
class Case:
    """Everything one screen needs of a task. `kept` is the verdict as it lies in the evidence, `verdict` whole."""

    task: Task
    dossier: Dossier
    procedure: Procedure
    kept: dict
    verdict: Verdict | None
    readings: dict[str, Reading]
    places: Places = field(default_factory=Places)

    @property
    def stage(self):
        return self.procedure.stage(self.task.stage)

    @property
    def is_list(self):
        return self.verdict is not None and len(self.verdict.rows) > 1

    @functools.cached_property
    def facts(self):
        """What the verdict rests on: (facts of the dossier, those of each person by key)."""
        if not self.kept:
            return {}, {}
        of_dossier, of_rows = facts_of(self.kept)
        keys = [row["key"] for row in self.kept["verdict"]["rows"]]
        return of_dossier, dict(zip(keys, of_rows, strict=False))

    def person(self, key):
        return self.kept.get("people", {}).get(key, {}).get("name") or key


def load_case(task, dossier):
    """The case of a task: its readings and its verdict fetched once."""
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    readings = {document.id: load_reading(document, files) for document in dossier.live_documents}
    kept = files.evidence(dossier.verdict_key) if dossier.verdict_key else {}
    known = {document_id: reading for document_id, reading in readings.items() if reading is not None}
    return Case(task, dossier, procedure, kept, read(kept) if kept else None, known)


def papers_of(case, first=0):
    """The papers on the screen, from a number on, each with fields, people, pages; what to look at is marked."""
    found = []
    for document in case.dossier.live_documents[first : first + MOST_PAPERS]:
        if document.only_expected:
            continue
        reading = case.readings.get(document.id)
        state, colour = STATES["received" if being_read(document) else document.state]
        found.append(
            {
                "id": document.id,
                "name": type_name(document.document_type),
                "file": document.file_name,
                "state": state,
                "colour": colour,
                "problems": [*([document.problem] if document.problem else []), *document.remarks],
                "fields": _fields(case, document, reading) if reading else [],
                "rows": len(reading.tables.get("roster", ())) if reading and case.is_list else 0,
                "pages": _pages(document, reading),
            }
        )
    return found


def _fields(case, document, reading):
    """The fields of a paper, with those of its only row where it is a list of one person."""
    bar, found = case.procedure.confidence_bar, []
    rows = reading.tables.get("roster", ())
    spoken = {**reading.fields, **rows[0]} if len(rows) == 1 else reading.fields
    about = [key for key, who in case.kept.get("people", {}).items() if document.id in who["documents"]]
    person = about[0] if len(about) == 1 else ""
    for shown in shown_fields(document, replace(reading, fields=spoken)):
        here = spoken.get(shown["id"])
        if shown["value"] is None and shown["correction"] is None:
            continue
        doubtful = here is None or here.confidence < bar or bool(here.doubts)
        place = ""
        if here is not None:
            place = case.places.at(document.id, here.page, here.box, shown["label"].vi, doubtful)
        source = SOURCES.get(here.source) if here is not None and here.source else None
        found.append(
            {
                **shown,
                "document_id": document.id,
                "place": place,
                "doubtful": doubtful,
                "confidence": round(100 * here.confidence) if here is not None else None,
                "source": source,
                "raw": here.raw if here is not None and here.raw != str(here.value) else "",
                "rules": case.procedure.rules_on(shown["id"]),
                "stateable": _stateable(case, shown["id"], person),
                "person": person if _of_person(case, shown["id"]) else "",
            }
        )
    return found


def _of_person(case, fact_id):
    kind = case.procedure.kinds.get(fact_id)
    return kind is not None and kind.subject == "row"


def _stateable(case, fact_id, person):
    """Whether an officer may say what stands there: a fact the law looks at, of a person who is known."""
    if case.verdict is None or not case.procedure.applicant_gives(fact_id):
        return False
    return bool(person) if _of_person(case, fact_id) else fact_id in case.procedure.kinds


def _pages(document, reading):
    sizes = {page.number: (page.width_px, page.height_px) for page in reading.pages} if reading else {}
    return [
        {"number": ref.number, "problem": ref.problem, "size": sizes.get(ref.number, (0, 0))} for ref in document.pages
    ]


# -- what has to be looked at -----------------------------------------------------------------------------------------


def open_points(case):
    """Why this case is before a person: [{kind, says, places}], the gravest first."""
    if case.verdict is None:
        return [{"kind": "unknown", "says": NO_VERDICT}]
    found = [
        {"kind": "unavailable", "says": _not_checked(case, name, why)}
        for name, why in sorted(case.kept["unavailable"].items())
    ]
    found += [{"kind": "contradiction", "says": Text(text["vi"], text["en"])} for text in
              [*case.kept["contradictions"], *case.kept.get("conflicts", [])]]  # fmt: skip
    for document_id in case.kept["strangers"]:
        document = case.dossier.document(document_id)
        name = document.file_name if document else document_id
        text = Text(f"Giấy tờ không nói về ai trong danh sách: {name}", f"A paper about nobody on the list: {name}")
        found.append({"kind": "stranger", "says": text})
    for request in case.dossier.requests:
        if request.unanswered:
            text = Text(f"Đã hỏi, chưa có: {request.says.vi}", f"Asked for, not come: {request.says.en}")
            found.append({"kind": "unanswered", "says": text})
    return found


def _not_checked(case, name, why):
    title = case.procedure.registry(name).title if name in case.procedure.registry_names else Text(name, name)
    return Text(f"Chưa kiểm tra được: {title.vi} ({why})", f"Not checked: {title.en} ({why})")


def contradictions(case):
    """Facts that two sources say otherwise, each source with the piece of the page it stands on, side by side."""
    if not case.kept:
        return []
    subjects = [("", case.facts[0]), *case.facts[1].items()]
    found = []
    for key, facts in subjects:
        for name, fact in facts.items():
            sources = [source_of(case, item) for item in fact.evidence] if fact.doubt else []
            if len({source["said"].vi for source in sources}) < 2:
                continue
            kind = case.procedure.kinds.get(name) or dictionary().get(name)
            found.append(
                {
                    "who": case.person(key) if key else "",
                    "title": kind.title if kind else Text(name, name),
                    "doubt": fact.doubt,
                    "sources": sources,
                }
            )
    return found


def source_of(case, item):
    """One source's word, with its piece of the page where it stands on a paper."""
    where, shown = _where(case, item), None
    if item.source == "paper" and item.document_id and item.page and item.box:
        sizes = {p.number: (p.width_px, p.height_px) for p in case.readings[item.document_id].pages} if (
            item.document_id in case.readings) else {}  # fmt: skip
        width, height = sizes.get(item.page, (0, 0))
        if width and height:
            place = case.places.at(item.document_id, item.page, item.box, doubtful=True)
            shown = {
                "document_id": item.document_id,
                "page": item.page,
                "size": (width, height),
                "view": cut(item.box, width, height),
                "place": place,
                "box": item.box,
            }
    raw = Text(item.raw, item.raw)
    return {"where": where, "said": raw, "cut": shown, "confidence": item.confidence}


def _where(case, item):
    match item.source:
        case "paper":
            name = type_name(item.document_type or "")
            page = f", trang {item.page}" if item.page else ""
            page_en = f", page {item.page}" if item.page else ""
            return Text(f"{name.vi}{page}", f"{name.en}{page_en}")
        case "registry":
            names = case.procedure.registry_names
            known = item.registry in names
            return case.procedure.registry(item.registry).title if known else Text(item.registry or "", item.registry)
        case "applicant":
            return Text("Người nộp khai", "Declared by the applicant")
        case "officer":
            return Text("Cán bộ xác nhận", "Stated by an officer")
        case _:
            return Text("Hệ thống", "The system")


# -- rules, people, registries ----------------------------------------------------------------------------------------


def rules_of(case):
    """The findings on the dossier (and of its only person), the worst first, each with links to its evidence."""
    if case.verdict is None:
        return []
    order = {"fail": 0, "unknown": 1, "pass": 2}
    found = [_finding(case, finding) for finding in case.verdict.findings]
    if len(case.verdict.rows) == 1:
        [row] = case.verdict.rows
        found += [_finding(case, finding, row.key) for finding in row.findings]
    return sorted(found, key=lambda f: (order[f["verdict"]], f["rule"]))


def _finding(case, finding, key=""):
    evidence, open_facts = [], []
    of_person = case.facts[1].get(key, {})
    for fact_id in finding.facts if finding.verdict == "unknown" else ():
        who = key if _of_person(case, fact_id) else ""
        fact = (of_person if who else case.facts[0]).get(fact_id)
        if fact is not None and fact.doubt and _stateable(case, fact_id, who):
            open_facts.append({"id": fact_id, "person": who, "title": case.procedure.kinds[fact_id].title})
    for item in finding.evidence:
        label = _where(case, item)
        place = case.places.at(item.document_id, item.page, item.box) if item.source == "paper" else ""
        entry = {"where": label, "raw": item.raw, "place": place, "at": item.answered_at}
        if entry not in evidence:
            evidence.append(entry)
    return {
        "rule": finding.rule,
        "verdict": finding.verdict,
        "says": finding.says,
        "law": finding.law,
        "because": finding.because,
        "would_pass_if": finding.would_pass_if,
        "evidence": evidence[:12],
        "places": list({item["where"].vi: item for item in reversed(evidence) if item["place"]}.values()),
        "to_be_confirmed": finding.to_be_confirmed,
        "counts": finding.counts,
        "open_facts": open_facts,
    }


def rows_of(case, chosen="", first=0, limit=100):
    """The people of a list, exceptions first: (rows from a number on, how many there are of each verdict)."""
    if case.verdict is None:
        return [], {}
    proposed = proposals(case.verdict)
    numbered = list(enumerate(case.verdict.rows, 1))
    order = {"fail": 0, "unknown": 1, "pass": 2}
    whole = {number: _verdict_of_row(row, proposed[row.key]) for number, row in numbered}
    counts = {name: list(whole.values()).count(name) for name in order}
    numbered = [(number, row) for number, row in numbered if not chosen or whole[number] == chosen]
    numbered.sort(key=lambda item: (order[whole[item[0]]], item[0]))
    return [
        {
            "number": number,
            "key": row.key,
            "name": case.person(row.key),
            "verdict": whole[number],
            "proposed": proposed[row.key],
            "months": row.months,
            "counted_months": row.counted_months,
            "amount_vnd": row.amount_vnd,
            "certain": row.certain,
            "because": row.because,
            "findings": [_finding(case, f, row.key) for f in row.findings if f.verdict != "pass" and f.counts],
            "passes": sum(f.verdict == "pass" for f in row.findings),
        }
        for number, row in numbered[first : first + limit]
    ], counts


def _verdict_of_row(row, proposed):
    return {"refuse": "fail", "approve": "pass"}.get(proposed, "unknown" if row.verdict != "fail" else "fail")


def registries_of(case):
    """What each registry answered in this round, with the day it speaks of and the moment it answered."""
    found = []
    for record in store.records(case.dossier.id, f"ANSWER#{case.dossier.round:03d}#"):
        name = record.key.rsplit("#", 1)[1]
        known = name in case.procedure.registry_names
        need = case.procedure.registry(name) if known else None
        entry = {
            "name": name,
            "due": record.data.get("due", ""),
            "asked_by_us": name != OWN,
            "title": need.title if need else Text(name, name),
            "as_of_rule": need.as_of if need else Text("", ""),
            "answered": record.data["status"] == "answered",
            "awaited": record.data["status"] == "awaited",
            "reason": record.data.get("reason", ""),
            "attempts": record.data.get("attempts", 1),
        }
        if entry["answered"]:
            entry |= _answer(case, files.evidence(record.data["key"])["answer"])
        found.append(entry)
    return sorted(found, key=lambda entry: (entry["answered"], entry["name"]))


def _answer(case, answer):
    rows = [("", answer["dossier"])] if answer["dossier"] else []
    rows += [(row["key"], row) for row in answer["rows"]]
    shown = [
        {
            "who": case.person(key) if key else "",
            "status": row["status"],
            "facts": [_fact(case, name, value) for name, value in row["facts"].items() if value is not None],
            "mismatched": [_title(case, name) for name in row["mismatched"]],
        }
        for key, row in rows
    ]
    shown.sort(key=lambda row: row["status"] == "match")
    return {
        "as_of": answer["as_of"],
        "answered_at": answer["answered_at"],
        "source": answer["source"],
        "rows": shown[:20],
        "more": max(0, len(shown) - 20),
        "differs": sum(row["status"] != "match" for row in shown),
    }


def _fact(case, name, value):
    kind = case.procedure.kinds.get(name) or dictionary().get(name)
    return {"title": _title(case, name), "said": said_of(kind, value) if kind else Text(str(value), str(value))}


def _title(case, name):
    kind = case.procedure.kinds.get(name) or dictionary().get(name)
    return kind.title if kind else Text(name, name)


def settings_of(case):
    """What the verdict rests on and no lawyer has confirmed."""
    if case.verdict is None:
        return []
    return [point.says for point in case.verdict.to_be_confirmed]
