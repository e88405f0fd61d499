"""What a dossier's papers, registries and applicant say, brought together fact by fact and person by person.

The same fact may stand on a list, an agreement and a contract: when they agree their evidence adds up, when they
do not the fact is doubtful and says where each of them stands. Nothing is preferred silently, and what nobody
says is absent, never "no". Pure; the law is applied to the result by casework.checks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.document import DocumentId, Field, Reading, Text
from casework.dossier import Document, Dossier
from casework.finding import Evidence, Fact
from casework.finding import Text as Said
from casework.registry import Answer
from casework.rules import PaperNeed, Procedure
from casework.testimony import Statement, merged
from casework.vietnam.names import match_key

LISTS = "roster"  # the table of a list of people
IDENTITY_FACTS = ("employee.bhxh_number", "employee.id_number", "employee.full_name", "employee.date_of_birth")


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the dossier with what is known of him; `key` finds him in every dossier (rule X-5)."""

    key: str
    name: str
    facts: dict[str, Fact]
    documents: tuple[str, ...] = ()

    def value(self, fact_id: str) -> Any:
        fact = self.facts.get(fact_id)
        return fact.value if fact else None


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """A paper the law wants that is not there: for one person, or for the dossier (`person` None)."""

    types: tuple[str, ...]
    title: Text
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the rules look at. `strangers` are papers about nobody on the list."""

    facts: dict[str, Fact] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    missing: tuple[MissingPaper, ...] = ()
    strangers: tuple[str, ...] = ()

    def contradictions(self, used: Iterable[str]) -> list[Said]:
        """Doubts about facts that no rule looks at, so that they are seen all the same."""
        known = set(used)
        doubts = [fact.doubt for name, fact in self.facts.items() if fact.doubt and name not in known]
        for person in self.people:
            doubts += [fact.doubt for name, fact in person.facts.items() if fact.doubt and name not in known]
        return doubts


@dataclass(slots=True)
class _Sheet:
    """The words of one paper, or one row of a list, about one person or about the dossier."""

    document: str
    kind: str
    words: dict[str, list[Statement]]

    def value(self, fact_id: str) -> Any:
        said = self.words.get(fact_id)
        return said[0].value if said else None


def gather(
    dossier: Dossier,
    readings: Mapping[str, Reading],
    answers: Sequence[Answer],
    unavailable: Mapping[str, str],
    procedure: Procedure,
) -> Situation:
    """Bring together what is known.

    readings: by document id. answers: what registries answered. unavailable: registry -> why it did not answer;
    each fact that only it could give is doubtful for that reason.
    """
    sheets, common = _sheets(dossier, readings, procedure)
    people, strangers = _people(sheets, procedure)
    facts = merged(common, procedure.confidence_bar)
    _declare(facts, dossier, procedure)
    people = [_with_answers(person, answers, unavailable, procedure) for person in people]
    _take_answers(facts, "", answers, unavailable, procedure, subject="dossier")
    if dossier.received_on is not None:
        system = Evidence("system", raw=dossier.code)
        facts["dossier.received_on"] = Fact(dossier.received_on.isoformat(), (system,))
    missing = _missing(dossier, people, procedure)
    return Situation(facts, tuple(people), tuple(missing), tuple(strangers))


def person_key(bhxh_number: Any, id_number: Any, name: Any, born: Any) -> str:
    """Who somebody is across dossiers (rule X-5): social-insurance number, else id number, else name and birth."""
    if bhxh_number:
        return f"bhxh:{bhxh_number}"
    if id_number:
        return f"id:{id_number}"
    text = f"{match_key(str(name or ''))}|{born or ''}"
    return f"name:{hashlib.sha256(text.encode('utf-8')).hexdigest()[:16]}"


# -- papers -----------------------------------------------------------------------------------------------------------


def _sheets(
    dossier: Dossier, readings: Mapping[str, Reading], procedure: Procedure
) -> tuple[list[_Sheet], dict[str, list[Statement]]]:
    """What each paper says of a person (a list: of each row), and what all of them say of the dossier."""
    sheets: list[_Sheet] = []
    common: dict[str, list[Statement]] = {}
    for document in dossier.live_documents:
        reading = readings.get(document.id)
        if reading is None:
            continue
        own = _Sheet(document.id, reading.document_type, {})
        for name, read in _corrected(document, reading.fields).items():
            said = _said(document, reading.document_type, name, read, Text("", ""))
            if said is None or (name not in procedure.kinds and name not in IDENTITY_FACTS):
                continue
            kind = procedure.kinds.get(name)
            if kind is not None and kind.subject == "dossier":
                common.setdefault(name, []).extend(said)
            else:
                own.words.setdefault(name, []).extend(said)
        rows = reading.tables.get(LISTS, ())
        for number, row in enumerate(rows, start=1):
            place = Text(f"dòng {number}", f"row {number}")
            sheet = _Sheet(document.id, reading.document_type, {})
            for name, read in row.items():
                if (said := _said(document, reading.document_type, name, read, place)) is not None:
                    sheet.words[name] = said
            sheets.append(sheet)
        if not rows and own.words:
            sheets.append(own)
    return sheets, common


def _corrected(document: Document, fields: Mapping[str, Field]) -> dict[str, Field | tuple[Field, Any]]:
    """Fields, and beside them what the applicant says stands there."""
    both: dict[str, Field | tuple[Field, Any]] = dict(fields)
    for name, correction in document.corrections.items():
        both[name] = (fields.get(name, Field(None)), correction.value)
    return both


def _said(
    document: Document, kind: str, name: str, read: Field | tuple[Field, Any], place: Text
) -> list[Statement] | None:
    paper, corrected = read if isinstance(read, tuple) else (read, None)
    words = []
    where = Text(_title(kind, document, place, "vi"), _title(kind, document, place, "en"))
    if paper.value is not None:
        evidence = Evidence("paper", document.id, kind, paper.page, paper.box, paper.raw, round(paper.confidence, 4))
        words.append(Statement(paper.value, paper.confidence, evidence, where))
    if corrected is not None:
        evidence = Evidence("applicant", document.id, kind, raw=str(corrected))
        words.append(Statement(corrected, 0.0, evidence, Text("người nộp hồ sơ", "the applicant")))
    return words or None


def _title(kind: str, document: Document, place: Text, language: str) -> str:
    spot = getattr(place, language)
    return f"{document.file_name}{', ' + spot if spot else ''}"


# -- people -----------------------------------------------------------------------------------------------------------


def _people(sheets: Sequence[_Sheet], procedure: Procedure) -> tuple[list[Person], list[str]]:
    """The people of the list, each with the papers about him; without a list, the people the papers are about."""
    required = {kind for paper in procedure.papers if paper.subject == "dossier" for kind in paper.types}
    listed = [sheet for sheet in sheets if sheet.kind in required]
    others = [sheet for sheet in sheets if sheet.kind not in required]
    groups = [[sheet] for sheet in listed] if listed else []
    strangers = []
    find = _finder(groups)
    for sheet in others:
        group = find(sheet)
        if group is not None:
            group.append(sheet)
        elif listed:
            strangers.append(sheet.document)
        else:
            groups.append([sheet])
            find = _finder(groups)
    people = [_person(group, procedure) for group in groups]
    return _told_apart(people), strangers


def _finder(groups: list[list[_Sheet]]) -> Callable[[_Sheet], list[_Sheet] | None]:
    """Finds the group a paper belongs to: by social-insurance number, id number, else by a name no one else bears."""
    by_number: dict[tuple[str, Any], list[list[_Sheet]]] = {}
    by_name: dict[str, list[list[_Sheet]]] = {}
    for group in groups:
        for sheet in group:
            for name in ("employee.bhxh_number", "employee.id_number"):
                if (value := sheet.value(name)) is not None:
                    by_number.setdefault((name, value), []).append(group)
            if (name_read := sheet.value("employee.full_name")) is not None:
                by_name.setdefault(match_key(str(name_read)), []).append(group)

    def find(sheet: _Sheet) -> list[_Sheet] | None:
        same_name = by_name.get(match_key(str(sheet.value("employee.full_name") or "")), [])
        for name in ("employee.bhxh_number", "employee.id_number"):
            found = by_number.get((name, sheet.value(name)), []) if sheet.value(name) is not None else []
            if len(found) > 1:  # one number on several rows: the same person twice, or somebody's was misread
                found = [group for group in found if any(group is other for other in same_name)][:1]
            if found:
                return found[0]
        return same_name[0] if len(same_name) == 1 else None

    return find


def _person(group: Sequence[_Sheet], procedure: Procedure) -> Person:
    words: dict[str, list[Statement]] = {}
    for sheet in group:
        for name, said in sheet.words.items():
            words.setdefault(name, []).extend(said)
    facts = merged(words, procedure.confidence_bar)

    def value(name: str) -> Any:
        return facts[name].value if name in facts else None

    key = person_key(*(value(name) for name in IDENTITY_FACTS))
    return Person(key, str(value("employee.full_name") or ""), facts, tuple(sheet.document for sheet in group))


def _told_apart(people: Sequence[Person]) -> list[Person]:
    """The same person twice on a list gets two keys, and every fact of the second says why an officer must look.

    The papers about him are about both.
    """
    seen: dict[str, list[Person]] = {}
    result = []
    for person in people:
        same = seen.setdefault(person.key, [])
        same.append(person)
        if len(same) > 1:
            twice = Said(f"{person.name} có tên hai lần trong danh sách", f"{person.name} is on the list twice")
            known = {**same[0].facts, **person.facts}
            facts = {name: Fact(fact.value, fact.evidence, twice) for name, fact in known.items()}
            documents = tuple(dict.fromkeys((*same[0].documents, *person.documents)))
            person = Person(f"{person.key}#{len(same)}", person.name, facts, documents)
        result.append(person)
    return result


# -- the applicant's word, and the registries' ------------------------------------------------------------------------


def _declare(facts: dict[str, Fact], dossier: Dossier, procedure: Procedure) -> None:
    """What the applicant declares counts where the law takes his word; where a registry must confirm it, it waits."""
    for name, value in dossier.declared.items():
        if value is None or name in facts:
            continue
        evidence = Evidence("applicant", raw=str(value))
        to_confirm = any(giver.startswith("registry ") for giver in procedure.given_by.get(name, ()))
        doubt = Said("người nộp khai, chưa được xác nhận", "declared by the applicant, not confirmed yet")
        facts[name] = Fact(value, (evidence,), doubt if to_confirm else None)


def _with_answers(
    person: Person, answers: Sequence[Answer], unavailable: Mapping[str, str], procedure: Procedure
) -> Person:
    facts = dict(person.facts)
    _take_answers(facts, person.key, answers, unavailable, procedure, subject="row")
    return Person(person.key, person.name, facts, person.documents)


def _take_answers(
    facts: dict[str, Fact],
    key: str,
    answers: Sequence[Answer],
    unavailable: Mapping[str, str],
    procedure: Procedure,
    *,
    subject: str,
) -> None:
    for answer in answers:
        row = answer.dossier if subject == "dossier" else next((r for r in answer.rows if r.key == key), None)
        if row is None:
            continue
        evidence = Evidence(
            "registry",
            registry=answer.registry,
            question_id=answer.question_id,
            answered_at=answer.answered_at.isoformat(timespec="seconds"),
            raw=row.status,
        )
        title = next((need.title for need in procedure.registries if need.name == answer.registry), None)
        name = title or Said(answer.registry, answer.registry)
        for fact_id in _facts_of(answer.registry, procedure, subject):
            if row.status == "match" and row.facts.get(fact_id) is not None:
                facts[fact_id] = _confirmed(facts.get(fact_id), row.facts[fact_id], evidence, name)
            elif row.status == "mismatch":
                differs = ", ".join(row.mismatched)
                doubt = Said(
                    f"{name.vi} có thông tin khác về {differs}", f"{name.en} knows something else about {differs}"
                )
                facts[fact_id] = Fact(row.facts.get(fact_id), (evidence,), doubt)
            elif row.status == "not_found":
                doubt = Said(f"{name.vi} không tìm thấy", f"not found by {name.en}")
                facts[fact_id] = Fact(None, (evidence,), doubt)
    for need in procedure.registries:
        if need.name not in unavailable:
            continue
        for fact_id in _facts_of(need.name, procedure, subject):
            known = facts.get(fact_id)
            doubt = Said(
                f"chưa kiểm tra được: {need.title.vi} không trả lời",
                f"not checked: {need.title.en} did not answer",
            )
            facts[fact_id] = Fact(known.value if known else None, known.evidence if known else (), doubt)


def _facts_of(registry: str, procedure: Procedure, subject: str) -> list[str]:
    """The facts of rows, or of the dossier, that this registry answers."""
    need = next((need for need in procedure.registries if need.name == registry), None)
    return [fact for fact in (need.facts if need else ()) if procedure.kinds[fact].subject == subject]


def _confirmed(known: Fact | None, value: Any, evidence: Evidence, name: Said) -> Fact:
    """A registry's word beside what papers or applicant say: the same is confirmed, something else is a doubt."""
    if known is None or known.value is None or known.value == value:
        return Fact(value, (*(known.evidence if known else ()), evidence))
    doubt = Said(
        f"hồ sơ ghi {known.value}, {name.vi} ghi {value}", f"the dossier says {known.value}, {name.en} says {value}"
    )
    return Fact(value, (*known.evidence, evidence), doubt)


# -- papers the law wants ---------------------------------------------------------------------------------------------


def _missing(dossier: Dossier, people: Sequence[Person], procedure: Procedure) -> list[MissingPaper]:
    kinds = {document.id: document.document_type for document in dossier.live_documents}
    missing: list[MissingPaper] = []
    for need in procedure.papers:
        if need.need != "required":
            continue
        title = Text(need.title.vi, need.title.en)
        if need.subject == "dossier":
            if not set(need.types) & set(kinds.values()):
                missing.append(MissingPaper(need.types, title))
        else:
            missing += [MissingPaper(need.types, title, person) for person in people if _lacks(person, need, kinds)]
    return missing


def _lacks(person: Person, need: PaperNeed, kinds: Mapping[DocumentId, str]) -> bool:
    return not any(kinds.get(DocumentId(document)) in need.types for document in person.documents)
