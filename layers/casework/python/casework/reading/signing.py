"""Where a page is to be signed: whose place it is, and the space for it.

Told by the words alone: below a "(Ký, ghi rõ họ tên)", or below the name of a side that has nothing under it for the
height of a signature; what is written close under either (an office, the same in English) belongs to it. Which words
name whom is data (rulebook/signing.toml); whether anything stands in the space is for who sees the pixels
(`adapters.looking`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from statistics import median

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from casework.document import Box, Page, Word
from casework.vietnam.letters import fold

_SPACE_MM, _WIDEST_MM = 27.0, 38.0
_SIGNED_MM = 10.0  # a person's name so far under is who signed above it
_LABEL_MM = 16.0  # a side's name stands at most so high over its "(Ký …)"
_LEVEL_MM = 12.0  # places beside each other begin within this
_PARTED_MM = 7.0  # words of one line further apart belong to two columns
_EMPTY_MM, _SURELY_EMPTY_MM = 13.0, 20.0  # under a side's name that nobody explains
_NAMED_MM = 45.0  # the name under the signature
_LABEL_WORDS, _NOTE_WORDS = 9, 12
_CLOSE_MM, _CENTRED_MM, _STACK, _STACK_WORDS = 3.5, 9.0, 3, 7  # lines that follow each other in one label
_HEADS_FROM = 0.15  # of the page's height: letterheads stand higher, and the motto beside them
_ALIKE, _MISREAD, _LONG_WORDS = 92, 2, 12
_SURE_LETTERS, _SURE = 5, 0.85  # a word that no scribble is read as
_AMID = 0.7  # of a seal's radius: its words stand within, the side's name at its rim


@dataclass(frozen=True, slots=True)
class SigningPlace:
    """A place to sign: whose (a role of the rulebook, or "other"), the space for it in page fractions, whether a seal
    is asked for there."""

    role: str
    box: Box
    sealed: bool


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words that follow each other on one line."""

    words: tuple[Word, ...]
    box: Box
    text: str  # without marks, small, words and single spaces only

    @property
    def middle(self) -> float:
        return (self.box.x0 + self.box.x1) / 2


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page in millimetres: its segments from the top, and where its seals are."""

    segments: tuple[_Segment, ...]
    seals: tuple[Box, ...]
    down: float
    across: float
    first: bool


@dataclass(frozen=True, slots=True)
class _Words:
    places: tuple[tuple[str, tuple[str, ...]], ...]
    begins: tuple[str, ...]
    says: tuple[str, ...]
    seal: tuple[str, ...]
    before: tuple[str, ...]
    behalf: tuple[str, ...]
    motto: tuple[str, ...]


def signing_places(page: Page) -> tuple[SigningPlace, ...]:
    """The places to sign on a page, from left to right."""
    if not page.words or not page.width_px or not page.height_px:
        return ()
    tall = page.height_px >= page.width_px
    down, across = (1 / 297.0, 1 / 210.0) if tall else (1 / 210.0, 1 / 297.0)
    sheet = _Sheet(
        _segments(page.words, down, across), tuple(seal.box for seal in page.seals), down, across, page.number == 1
    )
    notes = _notes(sheet)
    heads = _heads(sheet, [note for note, _ in notes])
    over = [(*place, True) for place in notes] + [(*place, False) for place in heads]
    found = []
    for place, labels, noted in sorted(over, key=lambda one: one[0].box.x0):
        level = [
            one for one, _, _ in over
            if abs(one.box.y0 - place.box.y0) < _LEVEL_MM * down and abs(one.middle - place.middle) > _LEVEL_MM * across
        ]  # fmt: skip
        reach = min([_WIDEST_MM * across, *(abs(one.middle - place.middle) / 2 for one in level)])
        below = _stack(sheet, place, noted)
        top = below[-1].box.y1
        named = [under.box.y0 for under in _under(sheet, below[-1], _SIGNED_MM, _SPACE_MM) if _is_name(under)]
        foot = min([1.0, top + _SPACE_MM * down, *named])
        space = Box(max(0.0, place.middle - reach), top, min(1.0, place.middle + reach), foot)
        role = _role([*(line.text for line in reversed(below)), *labels] if not noted else labels)
        sealed = _says(place.text, _known().seal) if noted else role == "employer"
        found.append(SigningPlace(role, space, sealed))
    return tuple(found)


# -- lines and their parts --------------------------------------------------------------------------------------------


def _segments(words: Sequence[Word], down: float, across: float) -> tuple[_Segment, ...]:
    high = median(word.box.y1 - word.box.y0 for word in words)
    rows: list[list[Word]] = []
    for word in sorted(words, key=_height):
        if rows and _height(word) - sum(map(_height, rows[-1])) / len(rows[-1]) < max(0.5 * high, 1.2 * down):
            rows[-1].append(word)
        else:
            rows.append([word])
    found = []
    for row in rows:
        row.sort(key=lambda word: word.box.x0)
        start = 0
        for place in range(1, len(row) + 1):
            if place == len(row) or row[place].box.x0 - row[place - 1].box.x1 > _PARTED_MM * across:
                found.append(_segment(row[start:place]))
                start = place
    return tuple(found)


def _segment(words: Sequence[Word]) -> _Segment:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return _Segment(tuple(words), box, _plain(" ".join(word.text for word in words)))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def _height(word: Word) -> float:
    return (word.box.y0 + word.box.y1) / 2


# -- (Ký, ghi rõ họ tên) ----------------------------------------------------------------------------------------------


def _notes(sheet: _Sheet) -> list[tuple[_Segment, list[str]]]:
    """Each "(Ký …)" with the lines over it in its column, the nearest first."""
    found: list[tuple[_Segment, list[str]]] = []
    for segment in sheet.segments:
        start = _note_from(segment)
        if start is None:
            continue
        note = _segment(segment.words[start:])
        if any(abs(note.middle - other.middle) < 10 * sheet.across and
               0 <= note.box.y0 - other.box.y0 < _LEVEL_MM * sheet.down for other, _ in found):  # fmt: skip
            continue  # its second line
        labels = [_segment(segment.words[:start]).text] if start else []
        found.append((note, [*labels, *_labels(sheet, note)]))
    return found


def _note_from(segment: _Segment) -> int | None:
    """Where a "(Ký …)" begins among the words of a segment."""
    known = _known()
    for start, word in enumerate(segment.words):
        rest = _plain(" ".join(other.text for other in segment.words[start:]))
        bracket = word.text.lstrip()[:1] in "([{"
        if (
            not any(f"{rest} ".startswith(f"{one} ") for one in known.begins)
            or len(rest.split()) > _NOTE_WORDS
            or not (start == 0 or bracket)
        ):
            continue
        if _says(rest, known.says) or (bracket and segment.words[-1].text.rstrip().endswith((")", "]", "}"))):
            return start
    return None


def _labels(sheet: _Sheet, note: _Segment) -> list[str]:
    above = [
        segment
        for segment in sheet.segments
        if 0 < note.box.y0 - segment.box.y0 <= _LABEL_MM * sheet.down
        and segment.box.y0 + 1.5 * sheet.down < note.box.y0
        and len(segment.words) <= _LABEL_WORDS
        and _in_column(sheet, segment, note)
    ]
    return [segment.text for segment in sorted(above, key=lambda segment: -segment.box.y0)]


def _in_column(sheet: _Sheet, segment: _Segment, place: _Segment) -> bool:
    """Whether a segment's middle is over or under a place, or the place's over or under it."""
    near = 8 * sheet.across
    return (
        place.box.x0 - near <= segment.middle <= place.box.x1 + near
        or segment.box.x0 - near <= place.middle <= segment.box.x1 + near
    )


def _stack(sheet: _Sheet, place: _Segment, noted: bool) -> list[_Segment]:
    """A place's line and those of its label that follow close under it; after "(Ký …)" only what explains it."""
    lines = [place]
    for segment in sheet.segments:
        last = lines[-1]
        gap = segment.box.y0 - last.box.y1
        if len(lines) > _STACK or gap > _CLOSE_MM * sheet.down:
            break
        if segment.box.y0 < last.box.y0 + 1.5 * sheet.down or len(segment.words) > _STACK_WORDS:
            continue
        if abs(segment.middle - place.middle) > _CENTRED_MM * sheet.across or _seals_own(sheet, segment):
            continue
        explains = _named(segment.text) is not None or _says(segment.text, _known().says)
        if explains or not (noted or _is_name(segment) or sum(map(_is_sure, segment.words)) < 2):
            lines.append(segment)
    return lines


# -- names of sides ---------------------------------------------------------------------------------------------------


def _heads(sheet: _Sheet, notes: Sequence[_Segment]) -> list[tuple[_Segment, list[str]]]:
    """Names of sides with room for a signature under them, and something that says that it is one: another side's name
    beside it, a person's name under it, or much room."""
    rooms: list[_Segment] = []
    taken: list[_Segment] = []
    letterhead = sheet.first or any(_says(segment.text, _known().motto) for segment in sheet.segments)
    for segment in sheet.segments:
        if (
            (letterhead and segment.box.y0 < _HEADS_FROM)
            or len(segment.words) > _LABEL_WORDS
            or _named(segment.text) is None
        ):
            continue
        if _seals_own(sheet, segment) or segment in taken:
            continue
        explained = any(
            -1 * sheet.down <= note.box.y0 - segment.box.y0 <= _LABEL_MM * sheet.down
            and _in_column(sheet, segment, note)
            for note in notes
        )
        if explained or not _bare(segment):
            continue
        lines = _stack(sheet, segment, noted=False)
        if not _under(sheet, lines[-1], 0.5, _EMPTY_MM):
            rooms.append(segment)
            taken += lines
    found = []
    for room in rooms:
        beside = [other for other in (*rooms, *notes) if other is not room
                  and abs(other.box.y0 - room.box.y0) < _LEVEL_MM * sheet.down]  # fmt: skip
        last = _stack(sheet, room, noted=False)[-1]
        named = any(_is_name(under) for under in _under(sheet, last, _EMPTY_MM, _NAMED_MM))
        if beside or named or not _under(sheet, last, 0.5, _SURELY_EMPTY_MM):
            found.append((room, _over(sheet, room)))
    return found


def _over(sheet: _Sheet, room: _Segment) -> list[str]:
    """The lines of a label over the one that was found, the nearest first."""
    lines = [room]
    for segment in reversed(sheet.segments):
        first = lines[-1]
        if segment.box.y0 > first.box.y0 - 1.5 * sheet.down or segment.box.y0 < first.box.y0 - _LABEL_MM * sheet.down:
            continue
        close = first.box.y0 - segment.box.y1 <= _CLOSE_MM * sheet.down
        centred = abs(segment.middle - room.middle) <= _CENTRED_MM * sheet.across
        if close and centred and len(segment.words) <= _LABEL_WORDS and _bare(segment):
            lines.append(segment)
    return [line.text for line in lines[1:]]


def _seals_own(sheet: _Sheet, segment: _Segment) -> bool:
    """Whether a line is read in the middle of a seal."""
    return any(_amid(segment.box, seal) for seal in sheet.seals)


def _bare(segment: _Segment) -> bool:
    """Whether a line is a side's name and nothing else before it, nor a sentence or "name: value"."""
    known, raw = _known(), " ".join(word.text for word in segment.words).strip()
    if ":" in raw.rstrip(":") or raw.endswith((",", ";", ".")) or any(sign.isdigit() for sign in raw):
        return False
    text = f" {segment.text} "
    named = [at for _, words in known.places for one in words if (at := text.find(f" {one} ")) >= 0]
    before = text[: min(named)].split() if named else []
    return all(_is_before(word) for word in before)


def _is_before(word: str) -> bool:
    """Whether a word may stand before a side's name; of longer ones a letter may be misread."""
    known = _known().before
    return word in known or (len(word) >= 3 and any(Levenshtein.distance(word, one) == 1 for one in known))


def _under(sheet: _Sheet, place: _Segment, first_mm: float, last_mm: float) -> list[_Segment]:
    """What is written in the column under a place between two depths; not what is read in a seal, nor a scribble."""
    top, foot = place.box.y1 + first_mm * sheet.down, place.box.y1 + last_mm * sheet.down
    return [
        segment
        for segment in sheet.segments
        if segment is not place
        and segment.box.y0 > place.box.y0 + 1.5 * sheet.down
        and top <= _height_of(segment.box) <= foot
        and _in_column(sheet, segment, place)
        and not any(_within(segment.box, seal) for seal in sheet.seals)
        and (sum(map(_is_sure, segment.words)) >= 2 or any(map(_is_no_scribble, segment.words)))
    ]


def _is_sure(word: Word) -> bool:
    return len(word.text) >= 3 and word.confidence >= 0.6


def _is_no_scribble(word: Word) -> bool:
    return len(_plain(word.text)) >= _SURE_LETTERS and word.confidence >= _SURE


def _height_of(box: Box) -> float:
    return (box.y0 + box.y1) / 2


def _within(box: Box, seal: Box) -> bool:
    return seal.x0 <= (box.x0 + box.x1) / 2 <= seal.x1 and seal.y0 <= (box.y0 + box.y1) / 2 <= seal.y1


def _amid(box: Box, seal: Box) -> bool:
    """Whether a box is in the middle of a seal; at its rim it may be a line that the seal was laid over."""
    across = ((box.x0 + box.x1) - (seal.x0 + seal.x1)) / (seal.x1 - seal.x0)
    down = ((box.y0 + box.y1) - (seal.y0 + seal.y1)) / (seal.y1 - seal.y0)
    return across**2 + down**2 < _AMID**2


def _is_name(segment: _Segment) -> bool:
    words = [word.text.strip(".,") for word in segment.words]
    return 2 <= len(words) <= 6 and all(word[:1].isupper() and word.isalpha() for word in words)


# -- whose ------------------------------------------------------------------------------------------------------------


def _role(labels: Sequence[str]) -> str:
    """Whose place it is: of whom somebody signs on behalf, else by the nearest line that says so."""
    behalf = [line for line in labels if line.split(" ")[0] in _known().behalf]
    return next((role for line in (*reversed(behalf), *labels) if (role := _named(line)) is not None), "other")


def _named(line: str) -> str | None:
    return next((role for role, words in _known().places if _says(line, words)), None)


def _says(line: str, words: Sequence[str]) -> bool:
    spaced = f" {line} "
    return any(f" {one} " in spaced or (len(one) >= _LONG_WORDS and _is_alike(one, line)) for one in words)


def _is_alike(phrase: str, line: str) -> bool:
    """Whether a line has a long phrase with a letter or two misread. Word by word: as letters in a row "người lao động"
    is as like to "bên sử dịtng lao động" as "sử dụng lao động" is."""
    if len(line) >= len(phrase) - 1 and fuzz.partial_ratio(phrase, line) >= _ALIKE:
        return True
    words, lines = phrase.split(), line.split()
    for start in range(len(lines) - len(words) + 1):
        wrong = [Levenshtein.distance(*pair) for pair in zip(words, lines[start:], strict=False)]
        if sum(wrong) <= _MISREAD and all(many <= len(word) // 2 for many, word in zip(wrong, words, strict=True)):
            return True
    return False


@cache
def _known() -> _Words:
    told = tomllib.loads((resources.files("casework") / "rulebook" / "signing.toml").read_text(encoding="utf-8"))

    def plain(words: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_plain(one) for one in words))

    return _Words(
        tuple((place["role"], plain(place["words"])) for place in told["place"]),
        plain(told["note"]["begins"]),
        plain(told["note"]["says"]),
        plain(told["note"]["seal"]),
        tuple({word: None for one in told["head"]["before"] for word in _plain(one).split()}),
        plain(told["head"]["behalf"]),
        plain(told["head"]["motto"]),
    )
