"""Dossiers with and without a contradiction sown into one of their papers, to measure what is found.

A dossier is employer, people and papers that agree with one another (infra.papers); a seed changes one value of one
paper, as a forger or a tired clerk would, where another paper says the same thing. `readings` gives what a reader
without faults would read; `files` prints the papers, for the real reader. Development and test sets have other people,
other employers and, where there are two sets of layouts, other layouts. "test" was measured several times while reading
was mended, so "fresh" was drawn: again other people and seeds, the test layouts' contracts and agreements in other
fonts, one or two people a dossier. Its sums led to second looks after handing in, developed on "varied", the
development layouts in other fonts; "unseen" was drawn before, "last" after mends that followed more of "varied", and
"final" after what "varied" showed of values that were not read at all, "settled" after mends that further development
layouts led to, "closing" after names that were none had been mended; what it missed was looked into, and "renewed"
drawn, and likewise after it "once_more". They are like "fresh", each scored once.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from casework.document import Box, Field, Reading

from infra.papers.affairs import Fact
from infra.papers.layouts import BONUM, DEJAVU, HEROS, LAYOUTS, PAGELLA, SCHOLA, TERMES, layouts_of
from infra.papers.lists import LISTS, list_facts
from infra.papers.pen import Pen, facts_of
from infra.papers.people import Employer, Job, invent_employer, invent_job, invent_person, tax_code
from infra.papers.printing import ONE_AT_A_TIME, compose
from infra.papers.wording import spell_money

SURE = 0.99
Set = Literal["dev", "varied", "test", "fresh", "unseen", "last", "final", "settled", "closing", "renewed", "once_more"]
SETS: tuple[Set, ...] = (
    "dev",
    "varied",
    "test",
    "fresh",
    "unseen",
    "last",
    "final",
    "settled",
    "closing",
    "renewed",
    "once_more",
)
DEVELOPED_ON = ("dev", "varied")
SCANNED: tuple[Set, ...] = ("varied", "fresh", "unseen", "last", "final", "settled", "closing", "renewed", "once_more")
"""One or two people a dossier, papers in other fonts than their layouts', all of them scanned."""
KINDS = (
    "names-differ", "birth-dates-differ", "ids-differ", "insurance-numbers-differ", "suspension-dates-differ",
    "contract-references-differ", "contract-terms-differ", "tax-codes-differ", "employers-differ", "signers-differ",
    "cccd-and-birth", "cccd-and-sex", "words-and-figures", "dates-out-of-order", "list-totals-differ",
)  # fmt: skip
"""Those that two papers of these dossiers can have; sex and account stand on one of them only."""


@dataclass(frozen=True, slots=True)
class PaperPlan:
    """One paper: whose it is (indices of the dossier's people), and what it says in place of the truth. `words`: the
    amount its salary is spelled as; `font`: in place of the layout's."""

    layout: str
    people: tuple[int, ...]
    seed: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    row_facts: tuple[Mapping[str, Fact], ...] = ()
    words: int | None = None
    font: str = ""

    @property
    def kind(self) -> str:
        return LAYOUTS[self.layout].kind


@dataclass(frozen=True, slots=True)
class Case:
    """A dossier; `sown`: the kind of its contradiction and the paper it is in, None for a clean one."""

    name: str
    procedure: str
    employer: Employer
    jobs: tuple[Job, ...]
    papers: tuple[PaperPlan, ...]
    sown: tuple[str, int] | None = None

    def readings(self) -> dict[str, Reading]:
        """What a reader without faults reads, by document id ("p0", "p1", …)."""
        return {f"p{number}": _as_read(self._pen(paper), paper) for number, paper in enumerate(self.papers)}

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(document id, printed PDF)."""
        import weasyprint

        from infra.papers.printing import _fonts

        for number, paper in enumerate(self.papers):
            html, pen, _ = self._composed(paper, signed=True)
            if paper.words is not None:
                html = _spelled_otherwise(html, pen, paper)
            with ONE_AT_A_TIME:
                yield f"p{number}", weasyprint.HTML(string=html).write_pdf(font_config=_fonts())

    def _pen(self, paper: PaperPlan) -> Pen:
        return self._composed(paper, signed=False)[1]

    def _composed(self, paper: PaperPlan, *, signed: bool) -> tuple[str, Pen, Any]:
        layout, jobs = LAYOUTS[paper.layout], [self.jobs[index] for index in paper.people]
        layout = dataclasses.replace(layout, font=paper.font or layout.font)
        return compose(
            layout, self.employer, jobs, facts=paper.facts, row_facts=paper.row_facts, seed=paper.seed, signed=signed
        )


def _spelled_otherwise(html: str, pen: Pen, paper: PaperPlan) -> str:
    """Raises ValueError where the paper does not spell its salary so: nothing would be sown."""
    true = spell_money(pen.facts["contract.salary_vnd"], south=pen.hand.south)  # type: ignore[arg-type]
    said = spell_money(paper.words or 0)
    changed = html.replace(true, said).replace(true.lower(), said.lower())
    if changed == html:
        raise ValueError(f"{paper.layout} does not say {true}")
    return changed


def cases(set_: Set, count: int) -> Iterator[Case]:
    """`count` dossiers, every third of them clean, the others with each kind in turn."""
    for number in range(count):
        rng = random.Random(f"contradicted {set_} {number}")
        wanted = None if number % 3 == 2 else KINDS[(number // 3 * 2 + number % 3) % len(KINDS)]
        yield _case(f"{set_}-{number:03d}", set_, wanted, rng)


def _case(name: str, set_: Set, wanted: str | None, rng: random.Random) -> Case:
    """A dossier in which the wanted contradiction can be: drawn again until papers say the thing twice."""
    for _ in range(300):
        base = _dossier(name, set_, wanted, rng)
        if wanted is None:
            return base
        changed = _SEEDS[wanted](base, rng)
        if changed is not None:
            number, paper = changed
            papers = tuple(paper if place == number else other for place, other in enumerate(base.papers))
            return dataclasses.replace(base, papers=papers, sown=(wanted, number))
    raise ValueError(f"{wanted}: no dossier says it twice")


def _dossier(name: str, set_: Set, wanted: str | None, rng: random.Random) -> Case:
    employer = invent_employer(rng)
    jobs = []
    for _ in range(rng.randrange(1, 3 if set_ in SCANNED else 4)):
        person = invent_person(rng, employer.line)
        jobs.append(invent_job(rng, employer, person))
    loan = wanted == "list-totals-differ" or (wanted is None and rng.random() < 0.25)
    return _loan(name, employer, tuple(jobs), rng) if loan else _support(name, set_, employer, tuple(jobs), rng)


def _support(name: str, set_: Set, employer: Employer, jobs: tuple[Job, ...], rng: random.Random) -> Case:
    everybody = tuple(range(len(jobs)))
    papers = [_plan("form_01", set_, everybody, rng)]
    for index, job in enumerate(jobs):
        agreement = "suspension_agreement" if job.suspension_kind == "suspension" else "unpaid_leave_agreement"
        papers += [_plan("labour_contract", set_, (index,), rng), _plan(agreement, set_, (index,), rng)]
        papers.append(_plan("id_card", "dev", (index,), rng, layout=f"idcard_{job.person.id_kind}"))
    return Case(name, "SW", employer, jobs, tuple(papers))


def _loan(name: str, employer: Employer, jobs: tuple[Job, ...], rng: random.Random) -> Case:
    everybody = tuple(range(len(jobs)))
    amount = sum(int(list_facts(job, employer)["loan.amount_vnd"] or 0) for job in jobs)
    said: dict[str, Fact] = {"stoppage.count": len(jobs), "loan.amount_vnd": amount}
    request = dataclasses.replace(_plan("form_11", "dev", (0,), rng), facts=said)
    return Case(name, "LN", employer, jobs, (request, _plan("form_12", "dev", everybody, rng)))


def _plan(kind: str, set_: Set, people: tuple[int, ...], rng: random.Random, layout: str = "") -> PaperPlan:
    choices = layouts_of(kind, "dev" if set_ in DEVELOPED_ON else "test") or layouts_of(kind, "dev")  # type: ignore[arg-type]
    plan = PaperPlan(layout or rng.choice(choices).id, people, rng.randrange(10_000))
    own = LAYOUTS[plan.layout].font
    other = set_ in SCANNED and (kind not in LISTS or set_ == "varied") and not layout
    return dataclasses.replace(plan, font=rng.choice([font for font in _FONTS if font != own])) if other else plan


_FONTS = (TERMES, HEROS, PAGELLA, SCHOLA, BONUM, DEJAVU)


# -- seeds ------------------------------------------------------------------------------------------------------------

Seed = Callable[[Case, random.Random], tuple[int, PaperPlan] | None]


def _changing(name: str, change: Callable[[Any, random.Random], Any], *, only: Sequence[str] = ()) -> Seed:
    """Changes one field of one paper where another paper of the same person says it too."""

    def sow(case: Case, rng: random.Random) -> tuple[int, PaperPlan] | None:
        places = [(number, index) for number, index in _places(case, name) if not only or _kind(case, number) in only]
        shared = [place for place in places if _said_elsewhere(case, place, name)]
        if not shared:
            return None
        number, index = rng.choice(shared)
        paper, job = case.papers[number], case.jobs[index]
        truth = facts_of(job, case.employer).get(name)
        if name == "document.issued_on":
            truth = job.suspension_starts_on
        changed = change(truth, rng)
        if truth is None or changed in (None, truth):
            return None
        return number, _with(paper, index, {name: changed})

    return sow


def _kind(case: Case, number: int) -> str:
    return case.papers[number].kind


def _places(case: Case, name: str) -> list[tuple[int, int]]:
    """(paper, person) of every place where a field is said."""
    found = []
    for number, paper in enumerate(case.papers):
        pen = case._pen(paper)
        if paper.kind in LISTS and pen.rows and name in pen.rows[0].said:
            found += [(number, index) for index in paper.people]
        elif pen.said.get(name) is not None:
            found.append((number, paper.people[0]))
    return found


def _said_elsewhere(case: Case, place: tuple[int, int], name: str) -> bool:
    if name == "document.issued_on":
        return bool(_places(case, "suspension.starts_on"))
    others = [other for other in _places(case, name) if other[0] != place[0]]
    if "representative" in name:  # of a contract's day another may have signed
        others = [other for other in others if _kind(case, other[0]) != "labour_contract"]
    return any(other[1] == place[1] or name.startswith("employer.") for other in others)


def _with(paper: PaperPlan, index: int, facts: dict[str, Fact]) -> PaperPlan:
    if paper.kind not in LISTS or not any(name.startswith(("employee.", "suspension.", "contract.")) for name in facts):
        return dataclasses.replace(paper, facts={**paper.facts, **facts})
    rows: list[Mapping[str, Fact]] = [{} for _ in paper.people]
    rows[paper.people.index(index)] = facts
    return dataclasses.replace(paper, row_facts=tuple(rows))


def _other_name(name: str, rng: random.Random) -> str:
    words = name.split()
    other = invent_person(rng).full_name.split()
    words[-1] = other[-1] if other[-1] != words[-1] else "Khánh"
    return " ".join(words)


def _other_digit(number: str, rng: random.Random) -> str:
    place = rng.randrange(len(number) - 5, len(number))
    return number[:place] + str((int(number[place]) + rng.randrange(1, 9)) % 10) + number[place + 1 :]


def _other_tax_code(code: str, rng: random.Random) -> str:
    while True:
        found = tax_code(code[:2] + f"{rng.randrange(1, 10_000_000):07d}")
        if found:
            return found


def _moved(day: date, rng: random.Random) -> date:
    return day + timedelta(days=rng.choice((-9, -3, 2, 6, 11)))


def _other_contract(number: str, rng: random.Random) -> str:
    serial, _, rest = number.partition("/")
    return f"{int(serial) + rng.randrange(1, 40):02d}/{rest}"


def _cccd(change: Callable[[str], str], other: str) -> Seed:
    """An identity card whose number is of somebody born in another year, or of the other sex."""

    def sow(case: Case, rng: random.Random) -> tuple[int, PaperPlan] | None:
        for index, job in enumerate(case.jobs):
            cards = [n for n, paper in enumerate(case.papers) if paper.kind == "id_card" and paper.people == (index,)]
            if job.person.id_kind == "cccd" and cards and _said(case, cards[0], other):
                changed: dict[str, Fact] = {"employee.id_number": change(job.person.id_number)}
                return cards[0], _with(case.papers[cards[0]], index, changed)
        return None

    return sow


def _said(case: Case, number: int, name: str) -> bool:
    return case._pen(case.papers[number]).said.get(name) is not None


def _words(case: Case, rng: random.Random) -> tuple[int, PaperPlan] | None:
    spelled = [n for n, paper in enumerate(case.papers) if _said(case, n, "contract.salary_words_vnd")]
    if not spelled:
        return None
    number = rng.choice(spelled)
    salary = case.jobs[case.papers[number].people[0]].salary_vnd
    return number, dataclasses.replace(case.papers[number], words=salary + rng.choice((-1, 1, 2)) * 500_000)


def _totals(case: Case, rng: random.Random) -> tuple[int, PaperPlan] | None:
    request = case.papers[0]
    name = rng.choice(("stoppage.count", "loan.amount_vnd"))
    if case.procedure != "LN" or not _said(case, 0, name):
        return None
    true = int(str(request.facts[name]))
    changed = true + rng.choice((1, 2)) if name == "stoppage.count" else true + rng.randrange(1, 9) * 500_000
    return 0, dataclasses.replace(request, facts={**request.facts, name: changed})


def _signed_late(start: date, rng: random.Random) -> date:
    return start + timedelta(days=rng.randrange(2, 20))


_AGREEMENTS = ("suspension_agreement", "unpaid_leave_agreement")
_SEEDS: Mapping[str, Seed] = {
    "names-differ": _changing("employee.full_name", _other_name),
    "birth-dates-differ": _changing(
        "employee.date_of_birth", lambda day, rng: day + timedelta(days=rng.choice((-30, 1, 9)))
    ),
    "ids-differ": _changing("employee.id_number", _other_digit),
    "insurance-numbers-differ": _changing("employee.bhxh_number", _other_digit),
    "suspension-dates-differ": _changing("suspension.ends_on", _moved),
    "contract-references-differ": _changing("contract.number", _other_contract, only=_AGREEMENTS),
    "contract-terms-differ": _changing("contract.starts_on", _moved),
    "tax-codes-differ": _changing("employer.tax_code", _other_tax_code),
    "employers-differ": _changing("employer.name", lambda name, rng: f"{name} {rng.choice(('Miền Nam', 'II'))}"),
    "signers-differ": _changing("employer.representative.full_name", _other_name, only=_AGREEMENTS),
    "cccd-and-birth": _cccd(
        lambda number: f"{number[:4]}{(int(number[4:6]) + 3) % 100:02d}{number[6:]}", "employee.date_of_birth"
    ),
    "cccd-and-sex": _cccd(lambda number: f"{number[:3]}{int(number[3]) ^ 1}{number[4:]}", "employee.sex"),
    "words-and-figures": _words,
    "dates-out-of-order": _changing("document.issued_on", _signed_late, only=_AGREEMENTS),
    "list-totals-differ": _totals,
}


# -- what a reader without faults reads -------------------------------------------------------------------------------


def _as_read(pen: Pen, paper: PaperPlan) -> Reading:
    fields = _fields(pen)
    if paper.words is not None:
        fields["contract.salary_words_vnd"] = dataclasses.replace(
            fields["contract.salary_words_vnd"], value=paper.words, raw=spell_money(paper.words)
        )
    tables = {"roster": tuple(_fields(row) for row in pen.rows)} if paper.kind in LISTS else {}
    return Reading(paper.kind, 1.0, fields, tables)


def _fields(pen: Pen) -> dict[str, Field]:
    return {
        name: Field(value, pen.printed.get(name, ""), SURE, 1, Box(0.1, 0.1, 0.4, 0.12), "text")
        for name, value in pen.said.items()
    }
