"""The shapes of the law as data: rules and their conditions, benefits, stages, papers, registries, open settings.

Shapes only; casework.procedures fills them from the rulebook, casework.checks evaluates them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from casework.facts import FactKind, Subject
from casework.finding import Text, Then
from casework.vietnam import working_days

OfficeLevel = Literal["commune", "district", "province", "vss", "bank", "tax", "labour", "finance"]
DayUnit = Literal["working", "calendar"]
Need = Literal["required", "supporting"]
Beneficiaries = Literal["list", "one"]
Claims = Literal["cash", "loan"]

_NO_LIMIT_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on facts, or `any` / `all` of several. One with `if_known` stands aside while that fact is missing; the no
    of one with `review_if_not` is a question for an officer."""

    test: str
    params: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    parts: tuple[Condition, ...] = ()
    if_known: str | None = None
    review_if_not: bool = False

    def all_facts(self) -> Iterator[str]:
        yield from self.facts
        for part in self.parts:
            yield from part.all_facts()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of law. `otherwise` is what follows when the condition does not hold: "refuse" is a fail, "review" and
    "ask" leave it to an officer or to the applicant. `way_into` names the rule that this one, if it passes, settles;
    `ways` are the rules that settle this one; a rule on a row with `for_ways` matters for those ways in only.
    `any_row`: one row that meets the condition is enough. `sum_rows`: facts that are added up over the rows when the
    dossier does not give them. `counted`: a number the dossier gives of the people who meet `each`; rows that say
    another number leave the rule to an officer."""

    id: str
    subject: Subject
    says: Text
    law: str
    source: str
    condition: Condition | None
    otherwise: Then = "refuse"
    since: date | None = None
    until: date | None = None
    way_into: str | None = None
    ways: tuple[str, ...] = ()
    for_ways: tuple[str, ...] = ()
    any_row: bool = False
    sum_rows: tuple[str, ...] = ()
    counted: str | None = None
    each: Condition | None = None
    facts: tuple[str, ...] = ()
    to_be_confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a row that passes is due: an amount per whole month of its period, clipped to the window. `monthly_vnd` is
    one amount, or one per member of the enum fact `by`. Without `ends` the period runs to the end of the window.
    `months_asked` caps the months; `due` less `paid` caps the amount. `cash` and `loans` are the months held already
    under either `kind`; with `raises` a lower cash benefit of the same month gives way to this one (X-1)."""

    starts: str
    window_from: date
    window_to: date
    most_months: int
    monthly_vnd: int | Mapping[str, int]
    law: str
    ends: str | None = None
    by: str | None = None
    months_asked: str | None = None
    due: str | None = None
    paid: str | None = None
    cash: str | None = None
    loans: str | None = None
    kind: Claims | None = None
    raises: bool = False
    to_be_confirmed: tuple[str, ...] = ()

    def facts(self) -> tuple[str, ...]:
        named = (*self.period_facts(), self.by, self.months_asked, self.due, self.paid, *self.held_facts())
        return tuple(fact for fact in named if fact is not None)

    def period_facts(self) -> tuple[str, ...]:
        return tuple(fact for fact in (self.starts, self.ends) if fact is not None)

    def held_facts(self) -> tuple[str, ...]:
        return tuple(fact for fact in (self.cash, self.loans) if fact is not None)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the procedure, at an office of this level. `days` None: no time limit is laid down. `review`: an
    officer works on the dossier in the queue; the others happen outside (VSS signs the list, the bank lends).
    `final`: the last stage of review, where the dossier is decided. `confirms` are the facts its officer states; a
    stage `for_rule` is on a dossier's way only while that rule waits for nothing else."""

    id: str
    level: OfficeLevel
    title: Text
    days: int | None
    unit: DayUnit
    output: Text
    review: bool
    source: str
    to_be_confirmed: tuple[str, ...] = ()
    final: bool = False
    confirms: tuple[str, ...] = ()
    for_rule: str | None = None

    def due_on(self, now: datetime) -> date | None:
        """The day at whose close of office the stage is due if it begins now; None without a time limit."""
        return working_days.deadline(self, working_days.received_on(now))

    def review_seconds(self, now: datetime) -> int:
        """Seconds from now to the close of office on the due day, at least a minute; a year without a time limit."""
        due_on = self.due_on(now)
        return working_days.seconds_to_close(due_on, now) if due_on else _NO_LIMIT_SECONDS


@dataclass(frozen=True, slots=True)
class PaperNeed:
    """Papers of which one is needed: for the dossier, or for each row."""

    types: tuple[str, ...]
    need: Need
    subject: Subject
    title: Text
    to_be_confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryNeed:
    """A registry to consult and the facts it answers. `as_of` says for which day it is asked: `on` that day, or
    `days_before` the day a fact (`before`) gives, person by person, or else the day of receipt."""

    name: str
    title: Text
    as_of: Text
    facts: tuple[str, ...]
    on: date | None = None
    before: str | None = None
    days_before: int = 0


@dataclass(frozen=True, slots=True)
class Who:
    """The facts that say who is meant, in papers and in questions to registries: of a person the number of social
    insurance, the identity number, name and birth; of the employer or household (`unit`) tax code and name."""

    bhxh: str = "employee.bhxh_number"
    id: str = "employee.id_number"
    name: str = "employee.full_name"
    born: str = "employee.date_of_birth"
    unit: str = "employer.tax_code"
    unit_name: str = "employer.name"
    unit_id: str = "employer.representative.id_number"
    unit_line: str = ""
    unit_address: str = "employer.address"
    unit_is_person: bool = False

    @property
    def of_person(self) -> tuple[str, str, str, str]:
        return self.bhxh, self.id, self.name, self.born


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """A reason an officer may give, and the rules it goes with."""

    id: str
    says: Text
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A point the law leaves open, with the default in force and where it comes from."""

    id: str
    value: Any
    says: Text
    source: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """One service in one version of the law.

    `given_by` lists for every fact who gives it, best first: "document TYPE", "applicant", "registry NAME",
    "officer", "system". `identifies` are the facts that say who is meant, for the questions to registries. `stages`
    are those an officer decides in the queue, in order; `whole_way` also those that happen outside the system. One
    that is not `open_for_filing` has its rules, but its papers are not read yet.
    """

    id: str
    title: Text
    version: str
    since: date | None
    until: date | None
    law: tuple[str, ...]
    applicant: Text
    beneficiaries: Beneficiaries
    confidence_bar: float
    rules: tuple[Rule, ...]
    given_by: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, FactKind]
    benefit: Benefit | None
    whole_way: tuple[Stage, ...]
    papers: tuple[PaperNeed, ...]
    registries: tuple[RegistryNeed, ...]
    refusal_reasons: tuple[RefusalReason, ...]
    settings: Mapping[str, Setting]
    identifies: tuple[str, ...] = ()
    open_for_filing: bool = True
    who: Who = field(default_factory=Who)
    claims: Claims | None = None
    from_address: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    most_vnd: str | None = None

    @property
    def filed_at(self) -> OfficeLevel:
        """The level of the offices that take its dossiers: that of the first stage every dossier passes."""
        return next(stage.level for stage in self.stages if stage.for_rule is None)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.whole_way if stage.review)

    @property
    def registry_names(self) -> tuple[str, ...]:
        """Names of the registries to consult."""
        return tuple(need.name for need in self.registries)

    @property
    def declarable(self) -> frozenset[str]:
        """Facts the applicant may give by a word, without a paper."""
        return frozenset(fact_id for fact_id, givers in self.given_by.items() if "applicant" in givers)

    def stage(self, stage_id: str) -> Stage:
        """The stage of review by id. KeyError when there is none."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise KeyError(stage_id)

    def stage_after(self, stage_id: str, way: Sequence[str] = ()) -> Stage:
        """The stage of review after this one, on the dossier's `way` (ids of stages) where it has one of its own.
        KeyError when it is the last, or none of this procedure."""
        stages = [stage for stage in self.stages if not way or stage.id in way]
        for stage, following in itertools.pairwise(stages):
            if stage.id == stage_id:
                return following
        raise KeyError(stage_id)

    def stage_before(self, stage_id: str, way: Sequence[str] = ()) -> Stage:
        """The stage of review before this one, on the dossier's `way`. KeyError when it is the first, or none."""
        stages = [stage for stage in self.stages if not way or stage.id in way]
        for before, stage in itertools.pairwise(stages):
            if stage.id == stage_id:
                return before
        raise KeyError(stage_id)

    def registry(self, name: str) -> RegistryNeed:
        """The need of a registry by name. KeyError when the procedure does not consult it."""
        for need in self.registries:
            if need.name == name:
                return need
        raise KeyError(name)

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def rules_on(self, fact_id: str) -> tuple[str, ...]:
        """Ids of the rules that look at a fact."""
        return tuple(rule.id for rule in self.rules if fact_id in rule.facts)

    def applicant_gives(self, fact_id: str) -> bool:
        """Whether the applicant can give the fact, by a paper or by a word."""
        return any(giver.split()[0] in ("document", "applicant") for giver in self.given_by.get(fact_id, ()))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the law for a service: received from `since` to `until`, both included, either end open."""

    id: str
    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Service:
    """One service with all its versions, first to last."""

    id: str
    title: Text
    versions: tuple[Version, ...]
    procedures: Mapping[str, Procedure]

    def on(self, received_on: date) -> Procedure:
        """The law for a dossier received on a day. LookupError when no version covers it."""
        for version in self.versions:
            if version.covers(received_on):
                return self.procedures[version.id]
        raise LookupError(f"{self.id}: no version of the law covers {received_on.isoformat()}")
