"""Plain text as the baseline's expressions see it: folded letter for letter; values after labels, dates, money."""

from __future__ import annotations

import contextlib
import re
import unicodedata

DATE = r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})|ngay\s*(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})"


def fold(text: str) -> str:
    """Small letters without accents, letter for letter: positions stay those of the text."""
    return "".join(_bare(letter) for letter in text)


def _bare(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    bare = unicodedata.normalize("NFD", letter)[0].lower()
    return bare if len(bare) == 1 else letter


def date_of(found: re.Match[str]) -> str | None:
    day, month, year = [part for part in found.groups()[-6:] if part]
    with contextlib.suppress(ValueError):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"
    return None


def money(text: str) -> int | None:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else None


class Text:
    """One part of a paper's text and its folded twin."""

    def __init__(self, text: str) -> None:
        self.text, self.folded = text, fold(text)

    def after(self, labels: str, value: str) -> str | None:
        """What stands after a label, as long as it looks like `value`."""
        found = re.search(rf"(?:{labels})(?:\s*\([^)\n]*\))?\s*[:;.,\-|]*\s*({value})", self.folded)
        return self.text[found.start(1) : found.end(1)].strip(" .:;,|-–…") if found else None

    def line(self, labels: str) -> str | None:
        """The rest of the line after a label, up to the next label of the same line or a wide gap."""
        stop = r"(?:\s{3,}|\.{3,}|;|\||\s+(?:dien thoai|chuc vu|quoc tich|gioi tinh|noi cap|ngay cap|ngay sinh|mst)\b)"
        found = re.search(rf"(?:{labels})(?:\s*\([^)\n]*\))?\s*[:;\-|]+\s*([^\n]+?)(?={stop}|\n|$)", self.folded)
        if found is None:
            return None
        return " ".join(self.text[found.start(1) : found.end(1)].strip(" .:;,|-–…").split()) or None

    def date(self, labels: str) -> str | None:
        found = re.search(rf"(?:{labels})\s*[:;,]*\s*(?:{DATE})", self.folded)
        return date_of(found) if found else None


def person(text: str | None) -> str | None:
    if not text:
        return None
    name = re.sub(r"^(ông|bà|ong|ba|mr|ms)\b[./:\s]*(bà\b[:\s]*)?", "", text, flags=re.I)
    words = []
    for word in name.split():
        if not word[:1].isupper():
            break
        words.append(word.strip(",.;"))
    return " ".join(words) or None
