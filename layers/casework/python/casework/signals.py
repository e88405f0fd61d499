"""What should make an officer look twice: papers that contradict each other, marks that are missing or odd, things
seen in other dossiers.

A signal says what was seen and where, in both languages; it is a reason to look and never a verdict: no rule hangs on
it. Its kinds and their wording are data (rulebook/signals.toml). An officer who looked may dismiss it with a reason;
reason and name stay beside it. Pure.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from casework.document import Box, Text

Group = Literal["contradiction", "genuineness", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is seen: a page of a document (from 1) with the box in page fractions, or as much of it as is known.

    `value` is what stands there as printed; `dossier` is empty for a place in the dossier itself.
    """

    document: str
    page: int | None = None
    box: Box | None = None
    value: str = ""
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """An officer looked and found nothing in it: who, of which office, when (ISO 8601), why."""

    by: str
    office: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to look. `id` follows from kind and what was seen: seen again it is the same, and stays dismissed.

    `person`: the key of the person it is about, empty for the dossier. `dossiers`: ids of the other dossiers concerned.
    """

    id: str
    kind: str
    saw: Text
    places: tuple[Place, ...] = ()
    person: str = ""
    dossiers: tuple[str, ...] = ()
    dismissed: Dismissal | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of signal as rulebook/signals.toml words it: its name, what was seen (with placeholders), what to look
    at. `stops_fast_lane`: while one of them is open the dossier is reviewed, whatever the rules say."""

    id: str
    group: Group
    title: Text
    saw: Text
    look: Text
    stops_fast_lane: bool = False


def signal(
    kind: str,
    places: Sequence[Place] = (),
    *,
    person: str = "",
    dossiers: Iterable[str] = (),
    **values: str | int | Text,
) -> Signal:
    """A signal of a kind of rulebook/signals.toml; `values` fill the placeholders of its wording, a Text those of its
    language. Two signals of one kind differ by person, values or the pages they stand on. Raises KeyError for a kind
    or placeholder that is not there."""
    known = kinds()[kind]
    saw = Text(_filled(known.saw.vi, values, "vi"), _filled(known.saw.en, values, "en"))
    seen = [kind, person, *(f"{name}={_said(value, 'vi')}" for name, value in sorted(values.items()))]
    seen += [f"{place.dossier}/{place.document}/{place.page}" for place in places]
    digest = hashlib.sha256("\x1f".join(seen).encode()).hexdigest()[:16]
    others = tuple(sorted(set(dossiers)))
    return Signal(digest, kind, saw, tuple(places), person, others)


def dismissed(signals: Iterable[Signal], dismissals: Mapping[str, Dismissal]) -> list[Signal]:
    """The signals with what officers said of them, those still to be looked at first."""
    marked = [dataclasses.replace(found, dismissed=dismissals.get(found.id)) for found in signals]
    return sorted(marked, key=lambda found: found.dismissed is not None)


@functools.cache
def kinds() -> dict[str, Kind]:
    """All kinds by id. Raises KeyError, TypeError for a file that is not sound."""
    found = {}
    for id_, entry in _source().items():
        title, saw, look = (Text(entry[name], entry[f"{name}_en"]) for name in ("title", "saw", "look"))
        stops = entry["group"] == "contradiction" or bool(entry.get("stops_fast_lane", False))
        found[id_] = Kind(id_, entry["group"], title, saw, look, stops)
    return found


def editors() -> tuple[str, ...]:
    """Programs made to change what stands on a page, in small letters."""
    return tuple(_source()["made-with-an-editor"]["programs"])


@functools.cache
def _source() -> dict[str, Any]:
    return tomllib.loads((resources.files("casework") / "rulebook/signals.toml").read_text(encoding="utf-8"))


def _filled(wording: str, values: Mapping[str, str | int | Text], language: str) -> str:
    return wording.format(**{name: _said(value, language) for name, value in values.items()})


def _said(value: str | int | Text, language: str) -> str:
    return str(getattr(value, language)) if isinstance(value, Text) else str(value)
