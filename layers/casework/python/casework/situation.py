"""What a dossier's papers, registries and applicant say, brought together fact by fact and person by person.

The same fact may stand on a list, an agreement and a contract: when they agree their evidence adds up, when they
do not the fact is doubtful and says where each of them stands. Nothing is preferred silently, and what nobody
says is absent, never "no". Pure; the law is applied to the result by casework.checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.consulted import Confirmation, by_person, confirm, declare, follow, take_answers
from casework.document import Field, Part, Reading, Text
from casework.dossier import Document, Dossier
from casework.finding import Evidence, Fact
from casework.finding import Text as Said
from casework.offices import elsewhere
from casework.payments import Identity, identity, person_key
from casework.registry import Answer
from casework.rules import PaperNeed, Procedure
from casework.testimony import Statement, merged
from casework.vietnam.names import match_key

WHO_IS_PAID = frozenset(
    [
        "employee.full_name",
        "employee.bhxh_number",
        "employee.id_number",
        "employee.bank_account",
        "employer.tax_code",
        "household.owner.full_name",
        "household.owner.id_number",
        "household.tax_code",
    ]
)
"""Who is meant and where the money goes: read unsurely, an officer sees it, whether a rule hangs on it or not."""
LISTS = "roster"  # the table of a list of people


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the dossier with what is known of him; `key` finds him in every dossier (rule X-5).

    `papers` are the types of paper that are about him, `documents` the files they stand in.
    """

    key: str
    name: str
    facts: dict[str, Fact]
    documents: tuple[str, ...] = ()
    who: Identity = field(default_factory=Identity)
    papers: frozenset[str] = frozenset()

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
    misfiled: Said | None = None

    def contradictions(self, used: Iterable[str]) -> list[Said]:
        """Doubts about facts that no rule looks at, so that they are seen all the same: papers that differ, and what is
        read unsurely where money would go wrong by it. Another reading that nothing hangs on may be unsure."""
        known = set(used)
        doubts = [self.misfiled] if self.misfiled else []
        for facts in (self.facts, *(person.facts for person in self.people)):
            for name, fact in facts.items():
                if fact.doubt and name not in known and not (fact.unsure and name not in WHO_IS_PAID):
                    doubts.append(fact.doubt)
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
    confirmations: Sequence[Confirmation] = (),
) -> Situation:
    """Bring together what is known.

    readings: by document id. answers: what registries answered. unavailable: registry -> why it did not answer;
    each fact that only it could give is doubtful for that reason. confirmations: what officers stated.
    """
    sheets, common = _sheets(dossier, readings, procedure)
    facts = merged(common, procedure.confidence_bar)
    groups, strangers = _grouped(sheets, procedure)
    declare(facts, dossier, procedure)
    people = _told_apart([_person(group, facts, procedure) for group in groups])
    answered = by_person(answers)
    for person in people:
        take_answers(person.facts, person.key, answers, answered, unavailable, procedure, subject="row")
        follow(person.facts, procedure)
        confirm(person.facts, confirmations, person.key)
    take_answers(facts, "", answers, answered, unavailable, procedure, subject="dossier")
    confirm(facts, confirmations)
    if dossier.received_on is not None:
        system = Evidence("system", raw=dossier.code)
        facts["dossier.received_on"] = Fact(dossier.received_on.isoformat(), (system,))
    missing = tuple(_missing(dossier, people, procedure))
    misfiled = _misfiled(readings.values(), dossier, procedure)
    return Situation(facts, tuple(people), missing, tuple(strangers), misfiled)


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
        corrected = False
        for part in reading.papers:
            fields: Mapping[str, Field | tuple[Field, Any]] = part.fields
            if part.document_type == reading.document_type and not corrected:  # the part that speaks for the file
                fields, corrected = _corrected(document, part.fields), True
            _take_paper(document, part, fields, procedure, sheets, common)
    return sheets, common


def _take_paper(
    document: Document,
    part: Part,
    fields: Mapping[str, Field | tuple[Field, Any]],
    procedure: Procedure,
    sheets: list[_Sheet],
    common: dict[str, list[Statement]],
) -> None:
    """Put what one paper says with what the others say."""
    own = _Sheet(document.id, part.document_type, {})
    for name, read in fields.items():
        said = _said(document, part.document_type, name, read, Text("", ""))
        if said is None or (name not in procedure.kinds and name not in procedure.who.of_person):
            continue
        kind = procedure.kinds.get(name)
        if kind is not None and kind.subject == "dossier":
            common.setdefault(name, []).extend(said)
        else:
            own.words.setdefault(name, []).extend(said)
    rows = part.tables.get(LISTS, ())
    for number, row in enumerate(rows, start=1):
        place = Text(f"dòng {number}", f"row {number}")
        sheet = _Sheet(document.id, part.document_type, {})
        for name, read in row.items():
            if (said := _said(document, part.document_type, name, read, place)) is not None:
                sheet.words[name] = said
        for name, said in own.words.items():  # what stands over the list holds for every row that says nothing
            if name not in procedure.who.of_person:
                sheet.words.setdefault(name, said)
        sheets.append(sheet)
    if not rows and own.words:
        sheets.append(own)


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


def _grouped(sheets: Sequence[_Sheet], procedure: Procedure) -> tuple[list[list[_Sheet]], list[str]]:
    """The sheets of each person, and the papers about nobody of the dossier.

    Of a list: its rows, each with the papers about him; without a list, the people the papers are about. A service for
    one person has one, with every paper that does not name another.
    """
    needed = {kind for paper in procedure.papers if _is_list(paper) for kind in paper.types}
    if procedure.beneficiaries == "one":
        return _only_one(sheets, needed, procedure)
    listed = [sheet for sheet in sheets if sheet.kind in needed]
    others = [sheet for sheet in sheets if sheet.kind not in needed]
    groups = [[sheet] for sheet in listed] if listed else []
    strangers = []
    find = _finder(groups, procedure)
    for sheet in others:
        group = find(sheet)
        if group is not None:
            group.append(sheet)
        elif not any(sheet.value(name) for name in procedure.who.of_person if name):
            continue  # it speaks of nobody: a statement, a certificate
        elif listed:
            strangers.append(sheet.document)
        else:
            groups.append([sheet])
            find = _finder(groups, procedure)
    return groups, strangers


def _is_list(paper: PaperNeed) -> bool:
    return paper.need == "required" and paper.subject == "dossier"


def _only_one(sheets: Sequence[_Sheet], needed: set[str], procedure: Procedure) -> tuple[list[list[_Sheet]], list[str]]:
    """Everything about the one person, unless a paper gives another number or, without numbers, another name."""
    group = [sheet for sheet in sheets if sheet.kind in needed]
    strangers = []
    for sheet in sheets:
        if sheet.kind in needed:
            continue
        if group and _another(sheet, group, procedure):
            strangers.append(sheet.document)
        else:
            group.append(sheet)
    return [group], strangers


def _another(sheet: _Sheet, group: Sequence[_Sheet], procedure: Procedure) -> bool:
    """Whether a paper is about another person than those of the group."""
    who = procedure.who
    compared = []
    for name in (who.bhxh, who.id, who.name):
        mine, theirs = sheet.value(name), [other.value(name) for other in group if other.value(name) is not None]
        if mine is not None and theirs:
            keys = {match_key(str(value)) if name == who.name else value for value in theirs}
            compared.append((match_key(str(mine)) if name == who.name else mine) in keys)
    return bool(compared) and not any(compared)


def _finder(groups: list[list[_Sheet]], procedure: Procedure) -> Callable[[_Sheet], list[_Sheet] | None]:
    """Finds the group a paper belongs to: by social-insurance number, id number, else by a name no one else bears."""
    who = procedure.who
    by_number: dict[tuple[str, Any], list[list[_Sheet]]] = {}
    by_name: dict[str, list[list[_Sheet]]] = {}
    for group in groups:
        for sheet in group:
            for name in (who.bhxh, who.id):
                if (value := sheet.value(name)) is not None:
                    by_number.setdefault((name, value), []).append(group)
            if (name_read := sheet.value(who.name)) is not None:
                by_name.setdefault(match_key(str(name_read)), []).append(group)

    def find(sheet: _Sheet) -> list[_Sheet] | None:
        same_name = by_name.get(match_key(str(sheet.value(who.name) or "")), [])
        for name in (who.bhxh, who.id):
            found = by_number.get((name, sheet.value(name)), []) if sheet.value(name) is not None else []
            if len(found) > 1:  # one number on several rows: the same person twice, or somebody's was misread
                found = [group for group in found if any(group is other for other in same_name)][:1]
            if found:
                return found[0]
        return same_name[0] if len(same_name) == 1 else None

    return find


def _person(group: Sequence[_Sheet], common: Mapping[str, Fact], procedure: Procedure) -> Person:
    """The person of these sheets; who he is may also stand among the facts of the dossier."""
    words: dict[str, list[Statement]] = {}
    for sheet in group:
        for name, said in sheet.words.items():
            words.setdefault(name, []).extend(said)
    facts, who = merged(words, procedure.confidence_bar), procedure.who

    def value(name: str) -> Any:
        fact = facts.get(name) or common.get(name)
        return fact.value if fact else None

    unit = value(who.unit) if who.unit_is_person else None
    bhxh, id_number, called, born = (value(fact_id) if fact_id else None for fact_id in who.of_person)
    known = identity(bhxh=bhxh, id_number=id_number, name=called, born=born, unit=unit)
    documents = tuple(dict.fromkeys(sheet.document for sheet in group))
    papers = frozenset(sheet.kind for sheet in group)
    return Person(person_key(known, called, born), str(called or ""), facts, documents, known, papers)


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
            papers = same[0].papers | person.papers
            person = Person(f"{person.key}#{len(same)}", person.name, facts, documents, person.who, papers)
        result.append(person)
    return result


# -- the right office -------------------------------------------------------------------------------------------------


def _misfiled(readings: Iterable[Reading], dossier: Dossier, procedure: Procedure) -> Said | None:
    """Whether a paper gives an address of another office's area: an officer sends the dossier there, or keeps it."""
    for paper in (paper for reading in readings for paper in reading.papers):
        read = paper.fields.get(procedure.who.unit_address)
        office = elsewhere(str(read.value), dossier.office) if read and read.value else None
        if office is not None:
            return Said(
                f"địa chỉ trên giấy tờ thuộc địa bàn của {office.title.vi} ({office.code}), nộp tại {dossier.office}",
                f"the address on the papers is in the area of {office.title.en} ({office.code}), filed at "
                f"{dossier.office}",
            )
    return None


# -- papers the law wants ---------------------------------------------------------------------------------------------


def _missing(dossier: Dossier, people: Sequence[Person], procedure: Procedure) -> list[MissingPaper]:
    kinds = {kind for document in dossier.live_documents for kind in document.types}
    missing: list[MissingPaper] = []
    for need in procedure.papers:
        if need.need != "required":
            continue
        title = Text(need.title.vi, need.title.en)
        if need.subject == "dossier":
            if not set(need.types) & kinds:
                missing.append(MissingPaper(need.types, title))
        else:
            missing += [
                MissingPaper(need.types, title, person) for person in people if person.papers.isdisjoint(need.types)
            ]
    return missing
