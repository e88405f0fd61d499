"""From candidates to fields: the best one is taken, agreement raises and contradiction lowers its confidence.

The only place where a document's type, fields and tables come together; also where values are compared with one
another (CCCD with date of birth, figures with words) and where a doubtful number is looked at a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from casework.document import Box, Field, FieldSource, FieldValue, Page
from casework.reading.candidates import candidates
from casework.reading.choosing import fuller, settle
from casework.reading.comparison import ABSENT, compare_fields
from casework.reading.confidence import Signs, confidence, signs_of_value
from casework.reading.correction import mend, name_by_vote
from casework.reading.document_types import DocumentType, FieldDescription, document_types, is_label
from casework.reading.flow import Flow, read_lines
from casework.reading.kinds import UNKNOWN, recognise
from casework.reading.paper import Candidate, Paper
from casework.reading.prose import names_epidemic
from casework.reading.seal_words import without_seals_words
from casework.reading.spelling import respell
from casework.reading.tables import Roster, find_roster
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.vietnam.letters import fold
from casework.vietnam.names import match_key

SecondLook = Callable[[int, Box, str | None], tuple[str, float]]

Tables = dict[str, tuple[dict[str, Field], ...]]

DIGITS = "0123456789"

_DIGIT_TYPES = {
    "id_number": DIGITS, "bhxh": DIGITS, "mst": DIGITS + "-", "account": DIGITS, "phone": DIGITS + "+.() ",
    "date": DIGITS + "/-.", "birth_date": DIGITS + "/-.", "money": DIGITS + ".,",
}  # fmt: skip

# Words that one paper often prints in several places.
_VOTED = frozenset({"person", "address", "company", "text", "position"})

_MAY_BE_CUT = frozenset({"company", "address", "text", "issuer", "bank"})

# Below this belief it is not clear that the value is the field's.
_WEAK_LABEL = 0.6
# Below this a value of digits is looked at again, so many of a document at most, the least certain first.
_SECOND_LOOK_BELOW = 0.85
_MOST_LOOKS = 6
# A word read with this confidence is read clearly.
_CLEAR = 0.8


def extract(pages: Sequence[Page], second_look: SecondLook | None) -> tuple[str, float, dict[str, Field], Tables]:
    """Type, belief in it, fields and tables of one document."""
    pages = [without_seals_words(page) for page in pages]
    flow = read_lines(pages, is_label=is_label)
    kind = recognise(flow)
    if kind.document_type == UNKNOWN:
        return UNKNOWN, kind.confidence, {}, {}
    described = document_types()[kind.document_type]
    tables: Tables = {}
    roster_fields: dict[str, Field] = {}
    roster = None
    if described.table is not None:
        roster = find_roster(pages, described.table, flow.folded)
        tables[described.table.id] = roster.rows
        roster_fields = {f"{described.table.id}.rows": roster.count}
        roster_fields |= {f"{described.table.id}.sum.{column}": said for column, said in roster.sums.items()}
        whole, flow = flow, read_lines(pages, is_label=is_label, without=roster.areas)
    fields = _fields(flow, described, second_look)
    if "document.has_seal" in fields:
        fields["document.has_seal"] = _seal(pages)
    if roster is not None and described.table is not None:
        counted = described.table.count_field
        if counted and fields.get(counted, ABSENT).value is None:
            fields[counted] = _declared(roster, whole)
    return kind.document_type, kind.confidence, {**fields, **roster_fields}, tables


def _declared(roster: Roster, whole: Flow) -> Field:
    """How many people the list says it has: in its last row, or in a sentence of the paper's text."""
    if roster.said.value is not None or roster.told is None:
        return roster.said
    piece = whole.piece(roster.told.start, roster.told.end)
    sure = confidence(Signs(0.9, piece.confidence, piece.weakest, ocr=piece.ocr, figures=True))
    source: FieldSource = "ocr" if piece.ocr else "text"
    return Field(roster.told.count, " ".join(piece.text.split()), sure, piece.page, piece.box, source)


def _fields(flow: Flow, described: DocumentType, second_look: SecondLook | None) -> dict[str, Field]:
    paper = Paper(flow, described)
    fields: dict[str, Field] = {}
    found = settle(described, {each.id: candidates(paper, each) for each in described.fields})
    for description in described.fields:
        fields[description.id] = _choose(paper, description, found[description.id])
    if second_look is not None:
        fields |= _looked_at_again(fields, described, second_look)
    return compare_fields(fields, described)


def _looked_at_again(fields: dict[str, Field], described: DocumentType, second_look: SecondLook) -> dict[str, Field]:
    """The least certain values made of digits, read again from their crops."""
    kinds = {description.id: description.type for description in described.fields}
    doubtful = [
        name
        for name, field in fields.items()
        if field.source == "ocr" and field.confidence < _SECOND_LOOK_BELOW and can_be_looked_at(field, kinds[name])
    ]
    doubtful.sort(key=lambda name: (fields[name].confidence, name))
    return {name: look_again(fields[name], kinds[name], second_look) for name in doubtful[:_MOST_LOOKS]}


def can_be_looked_at(field: Field, kind: str) -> bool:
    """A value of digits, and where it stands."""
    return kind in _DIGIT_TYPES and field.page is not None and field.box is not None and _is_figures(field.raw)


def _seal(pages: Sequence[Page]) -> Field:
    """True where a seal was seen. A seal that was not seen may still be there: then nothing is said."""
    seen = [(mark.confidence, page, mark) for page in pages if page.readable for mark in page.seals]
    if not seen:
        return ABSENT
    sure, page, mark = max(seen, key=lambda each: each[0])
    return Field(True, "", round(sure, 3), page.number, mark.box, "ocr" if page.source == "ocr" else "text")


def _choose(paper: Paper, description: FieldDescription, found: list[Candidate]) -> Field:
    if not found:
        return ABSENT
    # An earlier place wins among equals: papers name a thing before they speak of it again.
    best = max(found, key=lambda candidate: (round(candidate.belief, 2), -candidate.start))
    if description.type in _MAY_BE_CUT:
        best = fuller(best, found)
    same = [other for other in found if other is not best and _equal(other.value, best.value, description.type)]
    others = [
        other
        for other in found
        if other.belief >= 0.85 * best.belief
        and other.value is not None
        and not _equal(other.value, best.value, description.type)
    ]
    piece = paper.flow.piece(best.start, best.end)
    doubts = list(best.doubts)
    if others and description.find == "label" and description.type not in ("person", "number", "date", "text"):
        doubts.append(f"chỗ khác trên giấy ghi {others[0].value}")
    if piece.ocr and piece.weakest < 0.6:
        doubts.append("chữ khó đọc")
    if description.find == "label" and best.belief < _WEAK_LABEL:
        doubts.append("nhãn không rõ")
    value, agreed = best.value, False
    mended: tuple[str, ...] = ()
    if piece.ocr:
        value, mended = mend(value, description.type)
        doubts += mended
        # Banks print their customers without marks: the name elsewhere on the paper is no other reading of it.
        if description.type in _VOTED and not description.id.endswith("account_holder") and isinstance(value, str):
            voted, agreed = name_by_vote(paper.flow, value)
            if voted != value:
                doubts.append(f"chỗ này đọc là {value}, chỗ khác trên giấy là {voted}")
                value = voted
        before = value
        if isinstance(value, str):
            value, said = respell(value, description.type)
            doubts += [said] if said else []
    else:
        before = value
    spoken, told = piece, signs_of_value(value, piece.text, description.type)
    keyword = names_epidemic(piece.text) if description.find == "epidemic" else None
    if keyword is not None:
        # Of a reason only its kind counts, and that is told by one word where it is read clearly.
        spoken = paper.flow.piece(best.start + keyword.start(), best.start + keyword.end())
        told |= {"length": 0.0, "figures": False, "told": spoken.weakest >= _CLEAR, "syllables": 1.0}
    signs = Signs(
        belief=best.belief,
        glyphs=spoken.confidence,
        weakest=spoken.weakest,
        agreed=bool(same) or agreed,
        contradicted=bool(others),
        doubted=bool(best.doubts),
        mended=bool(mended) or before != best.value,
        ocr=piece.ocr,
        page=paper.flow.page_confidence(piece.page) if piece.ocr else 1.0,
        **told,  # type: ignore[arg-type]
    )
    return Field(
        value=value,
        raw=" ".join(piece.text.split()),
        confidence=confidence(signs),
        page=piece.page,
        box=piece.box,
        source="ocr" if piece.ocr else "text",
        doubts=tuple(doubts),
    )


def look_again(field: Field, kind: str, second_look: SecondLook) -> Field:
    """The field after a second look at its crop, if that gave a value of sounder form; else the field as it was."""
    alphabet = _DIGIT_TYPES.get(kind)
    if alphabet is None or field.page is None or field.box is None or not _is_figures(field.raw):
        return field
    text, score = second_look(field.page, field.box, alphabet)
    again = read_value(kind, Window(text, text))
    if again is None or again.value is None:
        return field
    if again.value == field.value:
        return replace(field, confidence=max(field.confidence, round(0.5 + 0.45 * score, 3)), source="second_look")
    sound_before, sound_now = not field.doubts, not again.doubts
    if sound_now and (not sound_before or score > field.confidence + 0.1):
        doubts = (f"lần đọc đầu là {field.raw}",)
        return replace(
            field,
            value=again.value,
            raw=text,
            confidence=round(0.4 + 0.4 * score, 3),
            source="second_look",
            doubts=doubts,
        )
    return replace(field, confidence=round(field.confidence * 0.8, 3), doubts=(*field.doubts, f"đọc lại là {text}"))


def _is_figures(raw: str) -> bool:
    letters = sum(character.isalpha() for character in raw)
    return letters <= 2 and any(character.isdigit() for character in raw)


def _equal(first: FieldValue, second: FieldValue, kind: str) -> bool:
    if first == second:
        return True
    if isinstance(first, str) and isinstance(second, str):
        if kind == "person":
            return match_key(first) == match_key(second)
        return fold(first) == fold(second)
    return False
