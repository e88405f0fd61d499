"""Figures that papers are held against each other by, read a second time where they were read from pixels.

One figure read as another that looks like it is as sure as a right one: on development scans a day of birth with 0.999
was wrong in its last figure. The second look sees the value alone and enlarged; what both readings say was read, what
they do not is doubted. Which values are read twice is data (rulebook/contradictions.toml). Pure.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import resources

from casework.document import Box, Field
from casework.reading.values import read_value
from casework.reading.window import Window

SecondLook = Callable[[int, Box, str | None], tuple[str, float]]
MOST = 24
"""Second looks at one paper, of some 0.2 s of processor time each: all of a contract, the rows of a short list."""
_SURE = 0.9  # what was read less surely is held against nothing
_LOWERED = 0.8
_FIGURES = re.compile(r"\d+")


def read_twice(
    fields: dict[str, Field],
    kinds: Mapping[str, str],
    alphabets: Mapping[str, str],
    second_look: SecondLook,
    most: int = MOST,
) -> dict[str, Field]:
    """The fields, those of figures that were read surely from pixels marked "second_look" where a second look gives the
    same, doubted where it gives another value. kinds: by field; alphabets: the only signs of a kind, by kind."""
    wanted = [name for name in _values() if name in fields and _to_be_seen(fields[name])][:most]
    return fields | {name: _again(fields[name], kinds.get(name, ""), alphabets, second_look) for name in wanted}


def _to_be_seen(read: Field) -> bool:
    where = read.source == "ocr" and read.page is not None and read.box is not None
    return where and read.confidence >= _SURE and bool(_FIGURES.search(read.raw))


def _again(read: Field, kind: str, alphabets: Mapping[str, str], second_look: SecondLook) -> Field:
    assert read.page is not None
    assert read.box is not None
    only_figures = not any(sign.isalpha() for sign in read.raw)
    text, _ = second_look(read.page, read.box, alphabets.get(kind) if only_figures else None)
    if _FIGURES.findall(text) == _FIGURES.findall(read.raw):
        return replace(read, source="second_look")
    again = read_value(kind, Window(text, text)) if kind in alphabets or kind == "number" else None
    if again is None or again.value is None or again.doubts or again.value == read.value:
        return read  # what gives no value of its kind says nothing against the first reading
    doubt = f"đọc lại là {' '.join(text.split())}"
    return replace(read, confidence=round(read.confidence * _LOWERED, 3), doubts=(*read.doubts, doubt))


@functools.cache
def _values() -> tuple[str, ...]:
    source = (resources.files("casework") / "rulebook/contradictions.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(source)["read_twice"])
