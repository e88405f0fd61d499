"""The one codec: what it writes it reads again, across versions of a class."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
from casework.document import Box, Field, Page, Problem, Reading, Text, Word
from casework.dossier import Correction, Request, State
from casework.finding import Evidence, Fact
from casework.plain import from_plain, to_plain

from tests.builders import a_document, a_dossier

READING = Reading(
    "form_01",
    0.9,
    {"a": Field("Đỗ Thị Hằng", "ĐỖ THỊ HẰNG", 0.5, 1, Box(0, 0.25, 0.5, 1), "ocr", ("mờ",)), "b": Field(None)},
    {"roster": ({"c": Field(3)}, {})},
    (
        Page(
            1, "ocr", 10, 20, quality={"ink": 0.1}, problem=Problem("x", "y", "z"), words=(Word("à", Box(0, 0, 1, 1)),)
        ),
    ),
)
DOSSIER = a_dossier(
    state=State.IN_REVIEW,
    due_on=date(2020, 5, 21),
    documents=(a_document("a", "form_01", corrections={"x": Correction(True, "me", "now")}),),
    requests=(Request("k", "page", Text("một", "one"), known=("u",)),),
    closing_note=Text("xong"),
)


@pytest.mark.parametrize("value", [READING, DOSSIER, Fact([1], (Evidence("paper", box=Box(0, 0, 1, 1)),))])
def test_what_was_written_is_read_again(value: Any) -> None:
    assert from_plain(type(value), json.loads(json.dumps(to_plain(value)))) == value


@dataclass(frozen=True)
class Old:
    name: str


@dataclass(frozen=True)
class New:
    name: str
    colour: Literal["red", "blue"] = "red"
    seen: tuple[tuple[int, str], ...] = ()
    at: datetime | None = None
    marks: list[float] = field(default_factory=list)


def test_an_older_reader_ignores_what_it_does_not_know() -> None:
    assert from_plain(Old, to_plain(New("a", "blue"))) == Old("a")


def test_a_newer_reader_takes_its_defaults_for_what_is_missing() -> None:
    assert from_plain(New, to_plain(Old("a"))) == New("a")


def test_nested_forms_come_back_as_they_were() -> None:
    made = New("a", "blue", ((1, "x"), (2, "y")), datetime(2020, 5, 1, 3, tzinfo=UTC), [1.0, 2.0])
    assert from_plain(New, json.loads(json.dumps(to_plain(made)))) == made


def test_what_must_be_there_is_demanded() -> None:
    with pytest.raises(TypeError):
        from_plain(Old, {})


class Colour(enum.StrEnum):
    RED = "red"


def test_enums_dates_and_sets_become_plain() -> None:
    given = {"c": Colour.RED, "d": date(2020, 5, 1), "s": {"b", "a"}, 1: (1, None)}
    assert to_plain(given) == {"c": "red", "d": "2020-05-01", "s": ["a", "b"], "1": [1, None]}


def test_a_value_no_enum_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        from_plain(State, "nonsense")
