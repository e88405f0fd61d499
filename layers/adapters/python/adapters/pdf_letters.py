"""Figures that were put into a line of a PDF later: in letters of another family, another embedding of the same font,
another size, or off the line's foot.

Knows how programs write honest files: values filled in throughout in another family, bold values, raised figures, one
font embedded twice in two encodings (Word does) are no reason to look. Takes letters as pdfplumber gives them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

Letter = Mapping[str, Any]
Odd = tuple[int, int, tuple[str, str]]

_LEAST_LINE, _LEAST_RUN = 6, 2
_GAP = 2.5  # of the size: further apart letters belong to two columns
_TOKEN_GAP = 0.25  # of the size: nearer ones to one number
_SAME_FOOT = 0.2  # of the size: letters on one line; raised figures (100 m²) stand higher
_OFF_FOOT, _OTHER_SIZE, _SMALL = 0.04, 0.03, 0.8  # of the size, within one number
_WORDS_FROM = 20  # letters of a family in a file: it writes words there, not only figures
_FEW_FIGURES = 40  # of a family in a file: more are the habit of a table
_STYLES = re.compile(
    r"(?:[-,](?:Bold|Italic|Oblique|Regular|Roman|Book|Medium|Semibold|Light|It|BoldMT|ItalicMT|BoldItalicMT))+$|PS(?=-|MT|$)|MT$",
    re.IGNORECASE,
)


def lines_of(letters: Iterable[Letter]) -> list[list[Letter]]:
    """Letters on one foot line, from left to right, without wide gaps."""
    rows: list[list[Letter]] = []
    upright = [one for one in letters if one["text"].strip() and one.get("upright", True)]
    for letter in sorted(upright, key=lambda one: -float(one["matrix"][5])):
        if rows and rows[-1][-1]["matrix"][5] - letter["matrix"][5] <= _SAME_FOOT * letter["size"]:
            rows[-1].append(letter)
        else:
            rows.append([letter])
    found = []
    for row in rows:
        row.sort(key=lambda one: one["x0"])
        start = 0
        for place, (before, after) in enumerate(pairwise(row), 1):
            if after["x0"] - before["x1"] > _GAP * after["size"]:
                found.append(row[start:place])
                start = place
        found.append(row[start:])
    return found


def odd_figures(
    pages: Sequence[Sequence[Sequence[Letter]]], kinds: Mapping[str, frozenset[str]]
) -> Iterator[tuple[int, Sequence[Letter], Sequence[Letter], tuple[str, str]]]:
    """(place of the page, line, its odd part, what the line and the part have) for each line with figures put in.

    kinds: of each font's whole name, how it is embedded ("/Type0", "/TrueType")."""
    uses = _uses([line for lines in pages for line in lines])
    for place, lines in enumerate(pages):
        drawn = _drawn(lines)
        for line in lines:
            odd = _within_a_number(line, drawn) or _another_family(line, uses) or _embedded_again(line, drawn, kinds)
            if odd is not None:
                first, last, has = odd
                yield place, line, line[first:last], has


def family(name: str) -> str:
    """The family of a font: without the mark of a subset and without style."""
    bare = _bare(name)
    while (shorter := _STYLES.sub("", bare)) != bare and shorter:
        bare = shorter
    return bare.replace(" ", "").lower()


# -- within one number ------------------------------------------------------------------------------------------------


def _within_a_number(line: Sequence[Letter], drawn: Mapping[str, set[str]]) -> Odd | None:
    """A number whose figures differ among themselves: some were replaced."""
    for first, last in _numbers(line):
        number = line[first:last]
        for has in (_families(number), _fonts(number), _sizes(number), _feet(number)):
            runs = _runs(has)
            if len(runs) < 2:
                continue
            *_, common = by_length = sorted(runs, key=lambda run: run[1] - run[0])
            rare = by_length[0]
            main, odd = has[common[0]], number[rare[0] : rare[1]]
            if main in drawn and not any(one["text"] in drawn[main] for one in odd if one["text"].isdigit()):
                continue  # a font of many signs is embedded in parts, each sign once
            return first + rare[0], first + rare[1], (main, has[rare[0]])
    return None


def _numbers(line: Sequence[Letter]) -> Iterator[tuple[int, int]]:
    """(first, behind the last) of figures that follow each other closely, signs between them included."""
    start = 0
    for place in range(len(line) + 1):
        within = place < len(line) and _in_number(line[place])
        if within and not (place > start and _apart(line[place - 1], line[place])):
            continue
        first, last = start, place
        while last > first and not line[last - 1]["text"].isdigit():
            last -= 1
        if last - first > _LEAST_RUN:
            yield first, last
        start = place if within else place + 1


def _in_number(letter: Letter) -> bool:
    return all(sign.isdigit() or sign in ".,-/" for sign in letter["text"])


def _apart(before: Letter, after: Letter) -> bool:
    smaller = min(before["size"], after["size"]) / max(before["size"], after["size"])
    return bool(after["x0"] - before["x1"] > _TOKEN_GAP * after["size"] or smaller < _SMALL)


def _families(number: Sequence[Letter]) -> list[str]:
    return [family(one["fontname"]) for one in number]


def _fonts(number: Sequence[Letter]) -> list[str]:
    """Whole names where one font is embedded more than once, else nothing to tell apart."""
    twice = len({one["fontname"] for one in number}) > len({_bare(one["fontname"]) for one in number})
    return [str(one["fontname"]) if twice else "" for one in number]


def _sizes(number: Sequence[Letter]) -> list[str]:
    usual = Counter(round(float(one["size"]), 2) for one in number).most_common(1)[0][0]
    return [_pt(usual if abs(one["size"] - usual) <= _OTHER_SIZE * usual else one["size"]) for one in number]


def _feet(number: Sequence[Letter]) -> list[str]:
    usual = Counter(round(float(one["matrix"][5]), 2) for one in number).most_common(1)[0][0]
    off = [float(one["matrix"][5]) - usual for one in number]
    return [
        f"{by:+.1f} pt" if abs(by) > _OFF_FOOT * one["size"] else "0 pt" for by, one in zip(off, number, strict=True)
    ]


def _pt(size: float) -> str:
    return f"{size:.1f} pt"


# -- among the words of a line ----------------------------------------------------------------------------------------


def _another_family(line: Sequence[Letter], uses: Mapping[str, Counter[str]]) -> Odd | None:
    """Figures in a family that writes no words in this file, beside words in another, or alone where figures elsewhere
    are in the family of the words."""
    own = [family(one["fontname"]) for one in line]
    words = Counter(name for name, one in zip(own, line, strict=True) if one["text"].isalpha())
    body = max(uses, key=lambda name: uses[name]["words"])
    main = words.most_common(1)[0][0] if words else body
    for first, last in _runs(own):
        name, figures = own[first], sum(one["text"].isdigit() for one in line[first:last])
        if name == main or last - first < _LEAST_RUN or figures * 2 < last - first:
            continue
        if uses[name]["words"] >= max(_WORDS_FROM, uses[name]["figures"]):
            continue
        if words and len(line) >= _LEAST_LINE:
            return first, last, (main, name)
        if uses[name]["figures"] <= _FEW_FIGURES < uses[main]["figures"]:
            return first, last, (main, name)
    return None


def _embedded_again(
    line: Sequence[Letter], drawn: Mapping[str, set[str]], kinds: Mapping[str, frozenset[str]]
) -> Odd | None:
    """Figures from a second embedding of the words' own font, in the same encoding, that the first one has as well."""
    words = Counter(str(one["fontname"]) for one in line if one["text"].isascii() and one["text"].isalpha())
    names = [str(one["fontname"]) for one in line]
    for first, last in _runs(names):
        other, figures = names[first], sum(one["text"].isdigit() for one in line[first:last])
        if last - first < _LEAST_RUN or figures * 2 < last - first:
            continue
        for main, _ in words.most_common():
            twin = main != other and _bare(main) == _bare(other) and kinds.get(main) == kinds.get(other)
            if twin and any(one["text"] in drawn[main] for one in line[first:last] if one["text"].isdigit()):
                return first, last, (main, other)
    return None


def _uses(lines: Iterable[Sequence[Letter]]) -> dict[str, Counter[str]]:
    """Of each family: how many letters of words and how many figures it writes."""
    uses: dict[str, Counter[str]] = {}
    for line in lines:
        for one in line:
            kind = "words" if one["text"].isalpha() else "figures" if one["text"].isdigit() else "signs"
            uses.setdefault(family(one["fontname"]), Counter())[kind] += 1
    return uses


def _drawn(lines: Iterable[Sequence[Letter]]) -> dict[str, set[str]]:
    """What each font draws on a page."""
    drawn: dict[str, set[str]] = {}
    for line in lines:
        for one in line:
            drawn.setdefault(str(one["fontname"]), set()).add(one["text"])
    return drawn


def _runs(names: Sequence[str]) -> list[tuple[int, int]]:
    """(first, behind the last) of each run of one name."""
    found, start = [], 0
    for place in range(1, len(names) + 1):
        if place == len(names) or names[place] != names[start]:
            found.append((start, place))
            start = place
    return found


def _bare(name: str) -> str:
    """The font's own name, without the mark of a subset."""
    return str(name).rsplit("+", 1)[-1]
