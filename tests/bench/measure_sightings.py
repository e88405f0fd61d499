"""One account for several people, one telephone in many dossiers: precision and recall over dossiers with some sown.

    python -m tests.bench.measure_sightings [--short] [--wrong]

Accounts: the dossiers of `tests.bench.contradicted` as a reader without faults reads them, come in one after another;
every third is given an account of somebody else, of its own or of an earlier dossier. Not to be reported: one account
on several papers of one person, and the same people in a later dossier that names them by fewer numbers. Telephones: of
applicants who file once or often, of accountants who file for two or three, of agents who file for four and more, each
written in many ways. A case is a dossier as it comes in. Writes build/reports/sightings.json; fails below 0.95 on the
test set.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
from collections.abc import Iterator
from typing import Any

from casework.document import Field, Reading
from casework.dossier import Applicant, Document, DocumentId, Dossier
from casework.sightings import elsewhere, sightings_of

from infra.papers.layouts import Set
from tests.bench.contradicted import cases
from tests.bench.found import Tally, keep, show
from tests.fakes.store import MemoryStore

ACCOUNT, PHONE = "account-shared", "phone-shared"
_ACCOUNT = "employee.bank_account"
_WHOLE, _SHORT = 90, 24
_GROUPS = 60  # of people with one telephone
_WAYS = ("0{}", "+84 {}", "84{}", "0{0[0]}{0[1]} {0[2]}{0[3]}{0[4]} {0[5]}{0[6]}{0[7]}{0[8]}", "(+84) {}")
_MANY = 4
Readings = dict[str, Reading]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--short", action="store_true", help="a part of the test set")
    options.add_argument("--wrong", action="store_true", help="print what is wrong on the development set")
    wanted = options.parse_args()
    tallies: dict[str, Tally] = {}
    for set_ in ("test",) if wanted.short else ("dev", "test"):
        shown = wanted.wrong and set_ == "dev"
        count = _SHORT if wanted.short else _WHOLE
        tallies[f"{set_} {ACCOUNT}"] = accounts(set_, count, wrong=shown)  # type: ignore[arg-type]
        tallies[f"{set_} {PHONE}"] = phones(set_, wrong=shown)  # type: ignore[arg-type]
    show("Seen in other dossiers", tallies)
    keep("sightings", tallies)
    sys.exit(any(tally.worst < 0.95 for name, tally in tallies.items() if name.startswith("test")))


def accounts(set_: Set, count: int, *, wrong: bool = False) -> Tally:
    """Each dossier told of what came before it."""
    store, tally = MemoryStore(), Tally()
    for dossier, readings, sown in _paid(set_, count):
        _count(tally, ACCOUNT, store, dossier, readings, sown, wrong)
    return tally


def phones(set_: Set, *, wrong: bool = False) -> Tally:
    """Each dossier told of what came before it; sown where its telephone is then in four of different applicants."""
    store, tally = MemoryStore(), Tally()
    for dossier, sown in _calling(set_):
        _count(tally, PHONE, store, dossier, {}, sown, wrong)
    return tally


def _count(
    tally: Tally, kind: str, store: MemoryStore, dossier: Dossier, readings: Readings, sown: bool, wrong: bool
) -> None:
    shown, left = sightings_of(dossier, readings)
    signals = elsewhere(dossier, readings, shown, store.sighted(shown), left)
    found = [one for one in signals if one.kind == kind]
    tally.add(wanted=sown, found=bool(found))
    if wrong and sown != bool(found):
        sys.stdout.write(f"{'missed' if sown else 'alarm'}: {dossier.id} {[one.saw.vi for one in found]}\n")


# -- accounts ---------------------------------------------------------------------------------------------------------


def _paid(set_: Set, count: int) -> Iterator[tuple[Dossier, Readings, bool]]:
    rng = random.Random(f"accounts {set_}")
    before: list[str] = []
    for number, case in enumerate(cases(set_, 3 * count)):
        if case.sown:
            continue
        readings = case.readings()
        own = _accounts_in(readings)
        wanted = number // 3 % 3
        sown = False
        if wanted == 0 and own:  # everybody of an earlier dossier, or of this one, is paid to one of its people
            others = own[1:] if len(own) > 1 and number % 2 else before
            if others:
                readings = _replaced(readings, own[0], rng.choice(others))
                sown = True
        name = f"{case.name}-{number}"
        yield _dossier(name, readings), readings, sown
        if wanted == 1 and own:
            fewer = _by_fewer_numbers(readings, rng)
            yield _dossier(f"{name}-again", fewer), fewer, False
        before += [account for account in own if not sown]


def _accounts_in(readings: Readings) -> list[str]:
    found = [said[_ACCOUNT].value for reading in readings.values() for said in _places(reading) if _ACCOUNT in said]
    return list(dict.fromkeys(account for account in found if account))


def _places(reading: Reading) -> list[dict[str, Field]]:
    return [dict(reading.fields), *(dict(row) for row in reading.tables.get("roster", ()))]


def _each(reading: Reading, change: Any) -> Reading:
    tables = {name: tuple(change(row) for row in rows) for name, rows in reading.tables.items()}
    return dataclasses.replace(reading, fields=change(reading.fields), tables=tables)


def _replaced(readings: Readings, account: str, other: str) -> Readings:
    def change(said: dict[str, Field]) -> dict[str, Field]:
        field = said.get(_ACCOUNT)
        if field is None or field.value != account:
            return said
        return said | {_ACCOUNT: dataclasses.replace(field, value=other, raw=other)}

    return {name: _each(reading, change) for name, reading in readings.items()}


def _by_fewer_numbers(readings: Readings, rng: random.Random) -> Readings:
    """The same people, named without their insurance or identity number."""
    left_away = rng.choice(("employee.bhxh_number", "employee.id_number"))

    def change(said: dict[str, Field]) -> dict[str, Field]:
        return {name: field for name, field in said.items() if name != left_away}

    return {name: _each(reading, change) for name, reading in readings.items()}


def _dossier(name: str, readings: Readings) -> Dossier:
    documents = tuple(Document(DocumentId(document), "read") for document in readings)
    return Dossier(name, name, "SW", "", name, Applicant(""), "", "", documents=documents)


# -- telephones -------------------------------------------------------------------------------------------------------


def _calling(set_: Set) -> Iterator[tuple[Dossier, bool]]:
    """Dossiers of people who share a telephone, or do not, in mixed order."""
    rng = random.Random(f"phones {set_}")
    filed = []
    for group in range(_GROUPS):
        number = f"9{group:02d}{rng.randrange(10**6):06d}"
        applicants = rng.choice((1, 1, 1, 2, 3, 4, 5, 7))
        for applicant in range(applicants):
            filed += [(number, f"{group}-{applicant}")] * rng.choice((1, 1, 2, 4))
    rng.shuffle(filed)
    seen: dict[str, set[str]] = {}
    for place, (number, owner) in enumerate(filed):
        # Dossiers count, of other applicants: who files again is one applicant more often.
        others = seen.setdefault(number, set())
        own = f"{owner}/{place}"
        sown = sum(not other.startswith(f"{owner}/") for other in others) >= _MANY - 1
        others.add(own)
        applicant_ = Applicant("", phone=rng.choice(_WAYS).format(number))
        yield Dossier(f"{set_}-{own}", own, "SW", "", owner, applicant_, "", ""), sown


if __name__ == "__main__":
    main()
