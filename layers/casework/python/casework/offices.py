"""The offices: where a dossier is filed, which office a stage goes to, and whose business a dossier is.

Knows the table of rulebook/offices.toml and how codes nest; knows no dossier. Who is competent is data: a province
with another division of work is another table.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from casework.finding import Text
from casework.rules import OfficeLevel, Procedure
from casework.vietnam.letters import fold, nfc


@dataclass(frozen=True, slots=True)
class Office:
    """One office. `area` is the code of what it is competent for ("H29.1"); `place` names it as addresses do."""

    code: str
    level: OfficeLevel
    title: Text
    area: str
    place: tuple[str, ...] = ()

    def holds(self, area: str) -> bool:
        """Whether an area lies in this office's."""
        return f"{area}.".startswith(f"{self.area}.")


@functools.cache
def offices() -> Mapping[str, Office]:
    """Every office by code."""
    text = resources.files("casework").joinpath("rulebook/offices.toml").read_text(encoding="utf-8")
    return {
        code: Office(
            code,
            entry["level"],
            Text(entry["title"], entry["title_en"]),
            entry.get("area", code),
            tuple(entry.get("place", ())),
        )
        for code, entry in tomllib.loads(text).items()
    }


def area_of(code: str) -> str:
    """The area of an office, which begins the codes of its dossiers; of an office not in the table its own code."""
    office = offices().get(code)
    return office.area if office else code


def office_of(filed_at: str, level: OfficeLevel) -> str:
    """The office of a level that is competent for a dossier filed at an office: of those whose area holds the dossier's
    the nearest. LookupError when the table has none: such a dossier cannot be filed."""
    area = area_of(filed_at)
    competent = [office for office in offices().values() if office.level == level and office.holds(area)]
    if not competent:
        raise LookupError(f"no office of level {level} is competent for {filed_at}")
    return max(competent, key=lambda office: len(office.area)).code


def filing_offices(procedure: Procedure) -> list[Office]:
    """The offices that take dossiers of a service, in the table's order: those of its first stage's level for whose
    area every other stage has an office. A district's agency stands for its area, the province's for who belongs to it.
    """
    levels = {stage.level for stage in procedure.stages}
    return [office for office in offices().values() if office.level == procedure.filed_at and _complete(office, levels)]


def may_look(office: str, filed_at: str, procedure: Procedure) -> bool:
    """Whether a dossier filed at one office is the business of another: it lies in its area, and one of the service's
    stages is at its level (the committees above look at everything below them)."""
    own = offices().get(office)
    if own is None or not own.holds(area_of(filed_at)):
        return False
    if own.code == own.area:
        return True
    return own.level in {stage.level for stage in procedure.whole_way}


def elsewhere(address: str, filed_at: str) -> Office | None:
    """The office of the same level that an address names, when it is another than the one filed at; None when the
    address names that one, or none at all."""
    own = offices().get(filed_at)
    if own is None:
        return None
    area = offices().get(own.area, own)
    named = [other for other in offices().values() if other.level == area.level and _names(address, other)]
    if not named or area in named:
        return None
    return named[0] if len(named) == 1 else None


def _complete(office: Office, levels: set[OfficeLevel]) -> bool:
    return all(any(o.level == level and o.holds(office.area) for o in offices().values()) for level in levels)


def _names(address: str, office: Office) -> bool:
    """Every part of the office's place stands in the address as whole words."""
    text = f" {_words(address)} "
    return bool(office.place) and all(f" {_words(part)} " in text for part in office.place)


_SHORT = (
    (re.compile(r"\b(?:tp|thanh pho)\b"), " "),
    (re.compile(r"\b(?:hcm|tphcm)\b"), "ho chi minh"),
    (re.compile(r"\bq (?=\w)|\bq(?=\d)"), "quan "),
    (re.compile(r"\bp (?=\w)|\bp(?=\d)"), "phuong "),
    (re.compile(r"\bh (?=\w)"), "huyen "),
    (re.compile(r"\bx (?=\w)"), "xa "),
    (re.compile(r"\btt (?=\w)"), "thi tran "),
)


def _words(text: str) -> str:
    """An address without accents and signs, its usual short forms written out."""
    plain = re.sub(r"[^\w]+", " ", fold(nfc(text)))
    for short, long in _SHORT:
        plain = short.sub(long, plain)
    return " ".join(plain.split())
