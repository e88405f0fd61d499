"""What of a dossier was seen in others too: pages, bank accounts, telephone numbers. Found by key, never by going
through a table.

A key is a digest of a number: an account, a telephone, the long figures of a page. Under it everybody who showed it is
noted; who shows it again is told who did before. That two pages share a figure says nothing yet: they are one page when
they look alike (`Look.likeness`) and most of their figures are the same. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.document import Box, Field, Page, Reading, Text
from casework.dossier import Dossier
from casework.signals import Place, Signal, signal
from casework.vietnam.letters import fold
from casework.vietnam.names import match_key

# Of 60 pairs of copies of one page (printed, scanned, in grey, photographed) the farthest are 0.19 apart and share 0.75
# of their figures; of 129 pairs of one form filled in otherwise the nearest are 0.05 apart and none shares more than
# 0.36 (`python -m tests.bench.measure_likeness`).
ALIKE_WITHIN, FIGURES_SHARED = 0.22, 0.55
_FIGURES_COMPARED = 5  # fewer than this on both pages prove nothing
_KEYS_OF_A_PAGE = 3
_SHIFTS = (-1, 0, 1)
_COLUMNS = 32
MOST_KEYS = 1000  # of one check: a list of thousands is looked up as far as this, and says so
_MANY_DOSSIERS = 3  # a telephone number in so many of other applicants; an accountant files for two
_LIST = "roster"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody's showing of something. `key`: kind and digest of what; `mark`: what is compared once the key fits (a
    page's likeness and figures; the person, as digests of his numbers and name, for an account; the applicant for a
    telephone)."""

    key: str
    dossier: str
    code: str
    document: str = ""
    page: int = 0
    mark: str = ""


def sightings_of(dossier: Dossier, readings: Mapping[str, Reading]) -> tuple[list[Sighting], int]:
    """What the dossier shows, accounts first, and how many more there are than are looked up."""
    found = [*_phones(dossier), *_accounts(dossier, readings), *_pages(dossier, readings)]
    return found[:MOST_KEYS], max(0, len(found) - MOST_KEYS)


def elsewhere(
    dossier: Dossier,
    readings: Mapping[str, Reading],
    shown: Sequence[Sighting],
    others: Mapping[str, Sequence[Sighting]],
    left: int = 0,
) -> list[Signal]:
    """The signals that follow. others: by key, who else showed it; left: how many keys were not looked up."""
    found = [*_shared_accounts(dossier, readings, shown, others), *_shared_phones(dossier, shown, others)]
    found += _used_pages(dossier, shown, others)
    if left:
        found.append(signal("lookups-cut", looked=len(shown), left=left))
    return found


# -- pages ------------------------------------------------------------------------------------------------------------


def _pages(dossier: Dossier, readings: Mapping[str, Reading]) -> Iterable[Sighting]:
    for turn in range(_KEYS_OF_A_PAGE):
        for document in dossier.live_documents:
            for page in readings[document.id].pages if document.id in readings else ():
                look = page.look
                if look is None or not look.likeness or turn >= len(look.keys):
                    continue
                mark = f"{look.likeness}:{','.join(look.figures)}"
                yield Sighting(f"page:{look.keys[turn]}", dossier.id, dossier.code, document.id, page.number, mark)


def _used_pages(
    dossier: Dossier, shown: Sequence[Sighting], others: Mapping[str, Sequence[Sighting]]
) -> Iterable[Signal]:
    names = {str(document.id): document.file_name for document in dossier.live_documents}
    best: dict[tuple[str, int], dict[str, tuple[float, Sighting]]] = {}
    for own in shown:
        if not own.key.startswith("page:"):
            continue
        for other in others.get(own.key, ()):
            alike = likeness(own.mark, other.mark) if other.dossier != dossier.id else None
            if alike is not None:
                same = best.setdefault((own.document, own.page), {})
                if other.dossier not in same or same[other.dossier][0] < alike:
                    same[other.dossier] = (alike, other)
    for (document, page), same in best.items():
        paper = Text(f"{names[document]}, trang {page}", f"{names[document]}, page {page}")
        places = [Place(document, page)]
        places += [Place(other.document, other.page, dossier=other.dossier) for _, other in same.values()]
        codes = ", ".join(sorted({other.code for _, other in same.values()}))
        sure = round(100 * max(alike for alike, _ in same.values()))
        yield signal("page-used-before", places, dossiers=same, paper=paper, codes=codes, likeness=sure)


def likeness(first: str, second: str) -> float | None:
    """How alike two pages are (0–1) by their marks; None when they are not one page."""
    (look, figures), (other_look, other_figures) = (mark.split(":", 1) for mark in (first, second))
    mine, theirs = set(figures.split(",")) - {""}, set(other_figures.split(",")) - {""}
    fewer = min(len(mine), len(theirs))
    if fewer < _FIGURES_COMPARED or len(mine & theirs) < FIGURES_SHARED * fewer:
        return None
    apart = distance(look, other_look)
    return round(1 - apart, 3) if apart <= ALIKE_WITHIN else None


def distance(first: str, second: str) -> float:
    """The part of bits in which two hashes differ, at the best of nine places to lay one over the other."""
    if len(first) != len(second) or not first:
        return 1.0
    rows = len(first) * 4 // _COLUMNS
    one, other = _rows(first, rows), _rows(second, rows)
    return min(_apart(one, other, down, aside) for down in _SHIFTS for aside in _SHIFTS)


def _rows(look: str, rows: int) -> list[int]:
    width = _COLUMNS // 4
    return [int(look[row * width : (row + 1) * width], 16) for row in range(rows)]


def _apart(one: Sequence[int], other: Sequence[int], down: int, aside: int) -> float:
    """Rows moved by `down`, columns by `aside`; only what lies on both counts."""
    wide = _COLUMNS - abs(aside)
    mask = (1 << wide) - 1
    pairs = zip(one[max(0, down) :], other[max(0, -down) :], strict=False)
    differing = high = 0
    for mine, theirs in pairs:
        left, right = (mine, theirs >> aside) if aside >= 0 else (mine >> -aside, theirs)
        differing += ((left ^ right) & mask).bit_count()
        high += 1
    return differing / (high * wide) if high else 1.0


# -- accounts and telephones ------------------------------------------------------------------------------------------


def _accounts(dossier: Dossier, readings: Mapping[str, Reading]) -> Iterable[Sighting]:
    seen = set()
    for document, page, account, person, _ in _payees(dossier, readings):
        one = Sighting(f"account:{_digest(account)}", dossier.id, dossier.code, document, page, person)
        if (one.key, one.mark) not in seen:
            seen.add((one.key, one.mark))
            yield one


def _payees(dossier: Dossier, readings: Mapping[str, Reading]) -> Iterable[tuple[str, int, str, str, Box | None]]:
    """(document, page, account, who, box) of everybody to whom money would go; who: as `_who` has it."""
    for document in dossier.live_documents:
        for part in readings[document.id].papers if document.id in readings else ():
            for said in (part.fields, *part.tables.get(_LIST, ())):
                account = said.get("employee.bank_account")
                if account is None or not isinstance(account.value, str) or account.confidence < 0.9:
                    continue
                who = _who(said)
                if who:
                    yield document.id, account.page or 0, account.value, who, account.box


def _who(said: Mapping[str, Field]) -> str:
    """Somebody as digests by kind of number, and of the name without accents: papers name one person differently."""

    def value(name: str) -> str:
        field = said.get(name)
        return str(field.value) if field and field.value else ""

    bhxh, id_number, name = value("employee.bhxh_number"), value("employee.id_number"), value("employee.full_name")
    # By its length: a CMND and a CCCD are two cards of one person.
    told = {"bhxh": bhxh, f"id{len(id_number)}": id_number, "name": match_key(fold(name))}
    return ",".join(f"{kind}={_digest(text)[:12]}" for kind, text in told.items() if text)


def _other_person(one: str, other: str) -> bool:
    """Whether two are told apart: by numbers of one kind where both have them, else by their names."""
    mine, theirs = (dict(part.split("=", 1) for part in who.split(",") if "=" in part) for who in (one, other))
    both = mine.keys() & theirs.keys()
    return bool(both) and all(mine[kind] != theirs[kind] for kind in (both - {"name"}) or both)


def _people(marks: Iterable[str]) -> list[list[str]]:
    """The marks of each person, whoever names him how."""
    people: list[list[str]] = []
    for mark in sorted(marks, key=lambda mark: (-len(mark), mark)):
        own = next((each for each in people if not all(_other_person(mark, known) for known in each)), None)
        if own is None:
            people.append([mark])
        else:
            own.append(mark)
    return people


def _shared_accounts(
    dossier: Dossier,
    readings: Mapping[str, Reading],
    shown: Sequence[Sighting],
    others: Mapping[str, Sequence[Sighting]],
) -> Iterable[Signal]:
    own: dict[str, set[str]] = {}
    for one in shown:
        if one.key.startswith("account:"):
            own.setdefault(one.key, set()).add(one.mark)
    places: dict[str, list[Place]] = {}
    numbers: dict[str, str] = {}
    for document, page, account, _, box in _payees(dossier, readings):
        key = f"account:{_digest(account)}"
        numbers[key] = account
        places.setdefault(key, []).append(Place(document, page or None, box, account))
    for key, people in own.items():
        strangers = [other for other in others.get(key, ()) if other.dossier != dossier.id]
        everybody = _people(people | {other.mark for other in strangers})
        if len(everybody) < 2:
            continue
        apart = [other for other in strangers if all(_other_person(other.mark, mark) for mark in people)]
        codes = sorted({other.code for other in apart})
        named = ", ".join(codes)
        where = Text(f", cả trong hồ sơ {named}", f", in dossier {named} too") if codes else Text("", "")
        elsewhere_ = [Place(other.document, other.page or None, dossier=other.dossier) for other in strangers]
        yield signal(
            "account-shared",
            [*places.get(key, ()), *elsewhere_],
            dossiers=[other.dossier for other in strangers],
            account=f"…{numbers.get(key, '')[-4:]}",
            people=len(everybody),
            where=where,
        )


def _phones(dossier: Dossier) -> Iterable[Sighting]:
    digits = "".join(sign for sign in dossier.applicant.phone if sign.isdigit())
    if len(digits) >= 9:
        yield Sighting(f"phone:{_digest(digits[-9:])}", dossier.id, dossier.code, mark=_digest(dossier.owner))


def _shared_phones(
    dossier: Dossier, shown: Sequence[Sighting], others: Mapping[str, Sequence[Sighting]]
) -> Iterable[Signal]:
    for own in shown:
        if not own.key.startswith("phone:"):
            continue
        strangers = [other for other in others.get(own.key, ()) if other.mark != own.mark]
        dossiers = {other.dossier for other in strangers}
        if len(dossiers) >= _MANY_DOSSIERS:
            phone = f"…{dossier.applicant.phone[-3:]}"
            yield signal("phone-shared", dossiers=dossiers, phone=phone, count=len(dossiers) + 1)


def long_figures(page: Page) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(keys, figures) of a page: digests of its longest numbers, and short ones of all its numbers and dates."""
    numbers = {"".join(sign for sign in word.text if sign.isdigit()) for word in page.words}
    told = sorted((number for number in numbers if len(number) >= 4), key=lambda number: (-len(number), number))
    keys = tuple(_digest(number) for number in told[:_KEYS_OF_A_PAGE] if len(number) >= 6)
    return keys, tuple(sorted(_digest(number)[:5] for number in told[:40]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
