"""Sets of papers for tuning and for measuring, and the small samples kept with the tests.

A set is counted off by its number alone: paper 17 of the "test" set is the same paper everywhere, whoever asks and
however many others are made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from .affairs import Fact, Household
from .layouts import LAYOUTS, Kind, Set, layouts_of
from .lists import LISTS
from .people import Employer, Job, SuspensionKind, invent_employer, invent_job, invent_person
from .printing import Paper, print_paper
from .wearing import LEVELS, Level, wear, wear_page, wear_some, wear_tiff

KINDS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if layouts_of(kind))

_KIND_OF: dict[Kind, SuspensionKind] = {
    "suspension_agreement": "suspension",
    "unpaid_leave_agreement": "unpaid_leave",
    "unpaid_leave_request": "unpaid_leave",
}


def kinds_of(set_: Set) -> tuple[Kind, ...]:
    """The kinds that have layouts in the set."""
    return tuple(kind for kind in KINDS if layouts_of(kind, set_))


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A worn paper as a file: `truth` as in `Paper`, and its level."""

    name: str
    data: bytes
    truth: dict[str, Any]


def paper_set(
    set_: Set, count: int, *, levels: Sequence[Level] = LEVELS, kinds: Sequence[Kind] = (), first: int = 0,
    employer: Employer | None = None, staff: Sequence[Job] = (),
) -> Iterator[PaperFile]:  # fmt: skip
    """`count` papers going round kinds, levels and layouts evenly; `first` is the number of the first.

    kinds: all that the set has when empty. employer and staff (`one_employer`): all papers are of this one and its
    people, so that they can be filed together; else each is of another employer.
    """
    kinds = kinds or kinds_of(set_)
    for number in range(first, first + count):
        turn, which = divmod(number, len(kinds))
        kind, level = kinds[which], levels[turn % len(levels)]
        choices = layouts_of(kind, set_)
        layout = choices[(turn + turn // len(levels)) % len(choices)]
        who = [job for job in staff if job.suspension_kind == _KIND_OF.get(kind, job.suspension_kind)]
        own = who if kind in LISTS else who[turn % len(who) : turn % len(who) + 1] if who else []
        paper = make_paper(kind, layout.id, seed=number, set_=set_, employer=employer, jobs=own or None)
        yield PaperFile(
            f"{set_}-{number:04d}-{layout.id}-{level}.pdf",
            wear(paper.pdf, level, number),
            paper.truth | {"level": level},
        )


def one_employer(people: int, *, seed: int = 0) -> tuple[Employer, list[Job]]:
    """An employer and its people, suspended and on unpaid leave by turns."""
    rng = random.Random(f"one employer {seed}")
    employer = invent_employer(rng)
    kinds: tuple[SuspensionKind, ...] = ("suspension", "unpaid_leave")
    persons = [invent_person(rng, employer.line) for _ in range(people)]
    jobs = [invent_job(rng, employer, person, kind=kinds[index % 2]) for index, person in enumerate(persons)]
    return employer, jobs


@dataclass(frozen=True, slots=True)
class Sample:
    """One small sample kept in tests/fixtures/documents: enough to make it again. `scanned`: the pages (from 1) that
    are scans in an otherwise printed PDF; empty: all of them are worn."""

    name: str
    layout: str
    level: Level
    seed: int
    rows: int = 1
    long_side_px: int | None = None
    quality: int | None = None
    scanned: tuple[int, ...] = ()

    @property
    def form(self) -> Literal["pdf", "jpg", "png", "tiff"]:
        return self.name.rsplit(".", 1)[1]  # type: ignore[return-value]

    def make(self) -> PaperFile:
        kind = LAYOUTS[self.layout].kind
        paper = make_paper(kind, self.layout, seed=self.seed, rows=self.rows)
        truth = paper.truth | {"level": self.level}
        if self.scanned:
            return PaperFile(self.name, wear_some(paper.pdf, self.level, self.seed, pages=self.scanned), truth)
        if self.form == "pdf":
            return PaperFile(self.name, wear(paper.pdf, self.level, self.seed), truth)
        if self.form == "tiff":
            return PaperFile(self.name, wear_tiff(paper.pdf, self.level, self.seed), truth)
        if truth["pages"] != 1:
            raise ValueError(f"{self.name}: a {self.form} holds one page, the paper has {truth['pages']}")
        data = wear_page(
            paper.pdf, self.level, self.seed, form="png" if self.form == "png" else "jpeg",
            long_side_px=self.long_side_px, quality=self.quality,
        )  # fmt: skip
        return PaperFile(self.name, data, truth)


SAMPLES = (
    Sample("contract-born-digital.pdf", "contract_one_side", "born_digital", 101),
    Sample("contract-second-page-scanned.pdf", "contract_table", "fax150", 112, scanned=(2,)),
    Sample("contract-fax.tiff", "contract_party_a_b", "fax150", 102),
    Sample("contract-table-fax.pdf", "contract_table", "fax150", 103),
    Sample("suspension-phone.jpg", "suspension_letterhead", "phone", 104, long_side_px=2300, quality=62),
    Sample("suspension-office.jpg", "suspension_letterhead", "office200", 107, quality=45),
    Sample("suspension-two-pages-fax.pdf", "suspension_minutes", "fax150", 106),
    Sample("suspension-born-digital.pdf", "suspension_minutes", "born_digital", 108),
    Sample("unpaid-leave-stamped.jpg", "unpaid_form", "stamped", 109, long_side_px=2400, quality=52),
    Sample("unpaid-leave-rotated.jpg", "unpaid_two_sides", "rotated", 110, quality=45),
    Sample("unpaid-leave-clean.jpg", "unpaid_form", "clean300", 111, long_side_px=2400, quality=52),
    Sample("list-office.jpg", "form01_ruled", "office200", 113, rows=3, quality=48),
    Sample("list-fax.png", "form01_split", "fax150", 114, rows=4),
    Sample("list-three-pages-born-digital.pdf", "form01_ruled", "born_digital", 115, rows=26),
)


def make_paper(
    kind: Kind, layout: str | None = None, *, seed: int = 0, set_: Set = "dev", rows: int | None = None,
    signed: bool = True, employer: Employer | None = None, jobs: Sequence[Job] | None = None,
    household: Household | None = None, facts: Mapping[str, Fact] | None = None,
    row_facts: Sequence[Mapping[str, Fact]] = (),
) -> Paper:  # fmt: skip
    """One paper of the kind; what is not given (layout, people, number of rows of a list) follows from the seed.

    set_: from which set the layout is taken when none is named; the two sets' people differ too.
    employer, jobs (people with their contracts), household, facts and row_facts (values by field id, of the paper and
    of each row of a list) make papers that agree with one another.
    """
    rng = random.Random(f"paper {kind} {set_} {seed}")
    chosen = LAYOUTS[layout] if layout else layouts_of(kind, set_)[seed % len(layouts_of(kind, set_))]
    if chosen.kind != kind:
        raise ValueError(f"layout {chosen.id} prints {chosen.kind}, not {kind}")
    drawn = invent_employer(rng)
    employer = employer or drawn
    count = (rows or rng.choice((2, 5, 12, 24, 40))) if kind in LISTS else 1
    if jobs is None:
        people = (invent_person(rng, employer.line) for _ in range(count))
        jobs = [invent_job(rng, employer, person, kind=_KIND_OF.get(kind)) for person in people]
    return print_paper(
        chosen, employer, jobs, household=household, facts=facts, row_facts=row_facts, seed=seed, signed=signed
    )
