"""The provinces' decisions that closed lines of business, as a table (rulebook/closures.toml, rule HB-2).

A decision is found by the province an address ends in, its district where the decision names one, and words of the line
of business. What is not in the table is not known: the table never says that something stayed open. Pure.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from casework.errors import BadRulebook
from casework.facts import day_said
from casework.finding import Text
from casework.vietnam.addresses import province_of
from casework.vietnam.letters import fold, nfc
from casework.vietnam.provinces import PROVINCES

_WORDS = {"id", "province", "district", "lines", "from", "to", "source", "confirmed", "says", "says_en"}
_NEEDED = _WORDS - {"district", "to", "confirmed"}


@dataclass(frozen=True, slots=True)
class Closure:
    """One decision for some lines of business. `province` is its code, `district` empty for the whole province;
    `ends_on` None where no end is known. One that is not `confirmed` (from memory, not read) refuses nobody."""

    id: str
    province: str
    district: str
    lines: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    source: str
    confirmed: bool
    says: Text

    @property
    def setting_id(self) -> str:
        """By this name it is shown as "to be confirmed" where it decides."""
        return f"closures.{self.id}"

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def said(self) -> Text:
        """“TP. Hồ Chí Minh, từ 24/03/2020: …”, with its source."""
        where = PROVINCES[self.province] + (f", {self.district}" if self.district else "")
        first, last = day_said(self.starts_on), day_said(self.ends_on) if self.ends_on else ""
        until = (f" đến {last}", f" to {last}") if last else ("", "")
        return Text(
            f"{where}, từ {first}{until[0]}: {self.says.vi} (nguồn: {self.source})",
            f"{where}, from {first}{until[1]}: {self.says.en} (source: {self.source})",
        )


def found(address: str, line: str) -> list[Closure]:
    """The decisions on a line of business at an address, first to last."""
    code, place, business = province_of(address), _plain(address), _plain(line)
    if code is None or not business.strip():
        return []
    return [
        closure
        for closure in table()
        if closure.province == code
        and (not closure.district or _plain(closure.district) in place)
        and any(_plain(words) in business for words in closure.lines)
    ]


@functools.cache
def table() -> tuple[Closure, ...]:
    """Every decision, by its first day. Raises BadRulebook."""
    return parse((resources.files("casework") / "rulebook/closures.toml").read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Closure, ...]:
    """The table from its file's text. Raises BadRulebook naming every defect."""
    defects: list[str] = []
    closures = []
    for number, entry in enumerate(tomllib.loads(text).get("closure", []), start=1):
        wrong = _wrong(entry)
        if wrong:
            defects.append(f"closures.toml: closure {entry.get('id', number)}: {wrong}")
            continue
        closures.append(
            Closure(
                entry["id"],
                entry["province"],
                entry.get("district", ""),
                tuple(entry["lines"]),
                entry["from"],
                entry.get("to"),
                entry["source"],
                entry.get("confirmed", False),
                Text(entry["says"], entry["says_en"]),
            )
        )
    if len({closure.id for closure in closures}) < len(closures):
        defects.append("closures.toml: two closures with one id")
    if defects:
        raise BadRulebook(defects)
    return tuple(sorted(closures, key=lambda closure: (closure.starts_on, closure.id)))


def _wrong(entry: Mapping[str, Any]) -> str:
    if missing := sorted(word for word in _NEEDED if not entry.get(word)):
        return f"{', '.join(missing)} missing"
    if unknown := sorted(set(entry) - _WORDS):
        return f"unknown word {', '.join(unknown)}"
    if entry["province"] not in PROVINCES:
        return f"no province {entry['province']}"
    days = [entry["from"], entry.get("to", entry["from"])]
    if any(type(day) is not date for day in days) or days[1] < days[0]:
        return "from and to must be days, in their order"
    if entry.get("confirmed") and entry["source"] == "mem":
        return "what is from memory is not confirmed"
    return ""


def _plain(text: str) -> str:
    """Without marks, signs and capitals, blanks around it, so that whole words are compared."""
    return f" {re.sub(r'[^0-9a-z]+', ' ', fold(nfc(text))).strip()} "
