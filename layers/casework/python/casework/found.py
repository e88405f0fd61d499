"""What dossiers are searched by: names without accents, numbers, companies, codes; as words that keys begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from casework.dossier import Dossier
from casework.vietnam.letters import fold, nfc
from casework.vietnam.names import company_key, match_key, strip_title

Kind = Literal["name", "number", "company", "code"]
LEAST_LETTERS = 2
LEAST_DIGITS = 8  # fewer digits are nobody's number
_FORMS = frozenset({"cty", "tnhh", "mtv", "2tv", "cp", "dntn", "htx", "cn"})
_CODE = re.compile(r"[a-z]\d{2}[\w.]*-\d{6}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A dossier and what it was found by. `shown` is the name as it is written; of a number nothing is kept."""

    dossier_id: str
    code: str
    kind: Kind
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A dossier under one word it is found by."""

    word: str
    hit: Hit


def entries(dossier: Dossier, people: Mapping[str, Mapping[str, Any]], company: str, unit: str) -> list[Entry]:
    """Every word that leads to a dossier. people: of its last check, {name, numbers} by key."""

    def entry(kind: Kind, word: str, shown: str = "") -> Entry:
        return Entry(f"{kind}:{word}", Hit(dossier.id, dossier.code, kind, shown))

    names = {person["name"] for person in people.values() if person.get("name")} | {dossier.applicant.name}
    numbers = {number.partition(":")[2] for person in people.values() for number in person.get("numbers", ())}
    numbers |= {digits for digits in (_digits(unit), _digits(dossier.applicant.phone)) if len(digits) >= LEAST_DIGITS}
    found = [entry("code", dossier.code.lower())]
    found += [entry("name", folded, name) for name in sorted(names) if (folded := plain_name(name))]
    found += [entry("number", number) for number in sorted(numbers)]
    companies = (company, dossier.applicant.name)
    found += [entry("company", word, name) for name in companies if (word := plain_company(name))]
    return list({made.word: made for made in found}.values())


def words(asked: str) -> list[str]:
    """What to look under for what somebody typed; empty where it says too little."""
    text = " ".join(nfc(asked).split())
    if _CODE.match(text.lower()):
        return [f"code:{text.lower()}"]
    digits = _digits(text)
    if len(digits) >= LEAST_DIGITS and not re.search(r"[^\W\d_]", text):
        return [f"number:{digits}"]
    found = [f"name:{plain_name(text)}", f"company:{plain_company(text)}"]
    return [word for word in found if len(word.partition(":")[2]) >= LEAST_LETTERS]


def best_first(asked: str, hits: Iterable[Hit]) -> list[Hit]:
    """One hit a dossier: the name as it was typed first, then other accents, then names that only begin so."""
    text = nfc(asked)

    def rank(hit: Hit) -> tuple[int, str, str]:
        if hit.shown and match_key(hit.shown) == match_key(text):
            return 0, hit.shown, hit.code
        whole = hit.kind in ("number", "code") or plain_name(hit.shown) == plain_name(text)
        return (1 if whole else 2), hit.shown, hit.code

    first: dict[str, Hit] = {}
    for hit in sorted(hits, key=rank):
        first.setdefault(hit.dossier_id, hit)
    return list(first.values())


def plain_name(name: str) -> str:
    """A name in small letters without accents and titles."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(strip_title(name))).split())


def plain_company(name: str) -> str:
    """A company by its own words: without accents, and without what companies are called in law."""
    return " ".join(word for word in company_key(name).split() if word not in _FORMS)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
