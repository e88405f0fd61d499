"""Reads one file of the rulebook into a service, and refuses what is not sound.

Every defect is found and named by file, rule and reason: an unknown operator, fact, setting or word, a rule that
cites no law, one rule twice at a time, versions that overlap, a fact or a setting that nothing looks at.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any, cast, get_args

from casework.errors import BadRulebook
from casework.facts import Subject
from casework.rule_tables import Tables, given_benefit, in_force, uses
from casework.rules import (
    Beneficiaries,
    Benefit,
    Claims,
    DayUnit,
    Need,
    OfficeLevel,
    PaperNeed,
    Procedure,
    RefusalReason,
    RegistryNeed,
    Rule,
    Service,
    Stage,
    Who,
)

_SERVICE_WORDS = {"id", "title", "title_en", "applicant", "applicant_en", "beneficiaries", "confidence_bar", "law"}
_SERVICE_WORDS |= {
    "filing",
    "identifies",
    "version",
    "facts",
    "rule",
    "benefit",
    "stage",
    "paper",
    "registry",
    "refusal_reason",
    "setting",
    "who",
    "claims",
    "most_vnd",
}


def parse(text: str, name: str, overrides: Mapping[str, Any] | None = None) -> Service:
    """A service from the text of its file. `overrides` sets settings by id. Raises BadRulebook with all defects."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRulebook([f"{name}: not valid TOML: {error}"]) from error
    reader = _ServiceFile(data, name, overrides or {})
    found = reader.service()
    if reader.defects:
        raise BadRulebook(reader.defects)
    return found


class _ServiceFile(Tables):
    """One file as a whole: its rules per version, and all that stands around them."""

    def service(self) -> Service:
        data = self.data
        self.only(data, _SERVICE_WORDS, "the file")
        for word in ("id", "title", "title_en", "applicant", "applicant_en", "law"):
            if not data.get(word):
                self.defect("the file", f"{word} is missing")
        rules = [self.rule(table) for table in data.get("rule", [])]
        self.one_at_a_time(rules)
        benefits = [(self.validity(t, "benefit"), self._benefit(t)) for t in data.get("benefit", [])]
        stages = [(self.validity(t, f"stage {t.get('id')}"), self._stage(t)) for t in data.get("stage", [])]
        papers = [(self.validity(t, "paper"), self._paper(t)) for t in data.get("paper", [])]
        registries = [
            (self.validity(t, f"registry {t.get('name')}"), self._registry(t)) for t in data.get("registry", [])
        ]
        reasons = tuple(self._reason(table, {rule.id for rule in rules}) for table in data.get("refusal_reason", []))
        self._nothing_dead(rules, [benefit for _, benefit in benefits if benefit])
        self._givers_exist([paper for _, paper in papers], [registry for _, registry in registries])
        self._officers_can_say([stage for _, stage in stages if stage], {rule.id for rule in rules})
        who = self._who()
        procedures = {}
        for version in self.versions:
            benefits_now = [b for (since, until), b in benefits if b and in_force(since, until, version)]
            if len(benefits_now) > 1:
                self.defect("benefit", f"more than one in version {version.id}")
            rules_now = tuple(
                self._on_months_of(benefits_now, rule) for rule in rules if in_force(rule.since, rule.until, version)
            )
            self.ways_exist(rules_now, version)
            procedures[version.id] = Procedure(
                id=str(data.get("id", "")),
                title=self.texts(data, "title", "the file"),
                version=version.id,
                since=version.since,
                until=version.until,
                law=tuple(data.get("law", ())),
                applicant=self.texts(data, "applicant", "the file"),
                beneficiaries=cast(
                    Beneficiaries, self.choice(data, "beneficiaries", get_args(Beneficiaries), "the file")
                ),
                confidence_bar=float(data.get("confidence_bar", 0.9)),
                rules=rules_now,
                given_by=self.given_by,
                kinds=self.kinds,
                benefit=benefits_now[0] if benefits_now else None,
                whole_way=_with_final([s for (since, until), s in stages if s and in_force(since, until, version)]),
                papers=tuple(p for (since, until), p in papers if p and in_force(since, until, version)),
                registries=tuple(r for (since, until), r in registries if in_force(since, until, version)),
                refusal_reasons=reasons,
                settings=self.settings,
                identifies=tuple(data.get("identifies", ())),
                open_for_filing=self.choice({"filing": "open", **data}, "filing", ("open", "closed"), "the file")
                == "open",
                who=who,
                claims=cast(Claims, self.choice(data, "claims", get_args(Claims), "the file"))
                if "claims" in data
                else None,
                from_address=self.from_address,
                most_vnd=self._most_vnd(),
            )
        return Service(str(data.get("id", "")), self.texts(data, "title", "the file"), self.versions, procedures)

    def _benefit(self, table: Mapping[str, Any]) -> Benefit | None:
        resolved, open_settings = self.open(table, "benefit")
        missing = [
            w for w in ("starts", "from", "to", "most_months", "monthly_vnd", "law", "source") if w not in resolved
        ]
        if missing:
            self.defect("benefit", f"{', '.join(missing)} missing")
            return None
        benefit = Benefit(
            starts=resolved["starts"],
            ends=resolved.get("ends"),
            window_from=resolved["from"],
            window_to=resolved["to"],
            most_months=resolved["most_months"],
            monthly_vnd=resolved["monthly_vnd"],
            by=resolved.get("by"),
            months_asked=resolved.get("months_asked"),
            due=resolved.get("due"),
            paid=resolved.get("paid"),
            cash=resolved.get("cash"),
            loans=resolved.get("loans"),
            kind=self.data.get("claims"),
            raises="highest" in resolved and self.noted(resolved["highest"], "benefit", []).value == "raise",
            law=resolved["law"],
            to_be_confirmed=open_settings,
        )
        for fact_id in benefit.facts():
            if fact_id not in self.kinds:
                self.defect("benefit", f"unknown fact {fact_id}")
        if isinstance(benefit.monthly_vnd, dict) != (benefit.by is not None):
            self.defect("benefit", "amounts by kind need “by”, and only they have it")
        elif isinstance(benefit.monthly_vnd, dict) and benefit.by in self.kinds:
            self.all_members(self.kinds[benefit.by], benefit.monthly_vnd, "benefit")
        return benefit

    def _on_months_of(self, benefits: list[Benefit], rule: Rule) -> Rule:
        """A rule on the months that are left is given the benefit that counts them."""
        if rule.condition is None or not uses(rule.condition, "month_left"):
            return rule
        if not benefits or not benefits[0].held_facts():
            self.defect(f"rule {rule.id}", "month_left needs a benefit that names the months held (cash, loans)")
            return rule
        condition = given_benefit(rule.condition, benefits[0])
        return dataclasses.replace(rule, condition=condition, facts=tuple(dict.fromkeys(condition.all_facts())))

    def _stage(self, table: Mapping[str, Any]) -> Stage | None:
        where = f"stage {table.get('id')}"
        resolved, open_settings = self.open(table, where)
        if not resolved.get("id") or not resolved.get("source"):
            self.defect(where, "id and source are both needed")
            return None
        days = resolved.get("days")
        if days is not None and (not isinstance(days, int) or days < 1):
            self.defect(where, "days must be a whole number from 1, or absent")
        return Stage(
            id=resolved["id"],
            level=cast(OfficeLevel, self.choice(resolved, "level", get_args(OfficeLevel), where)),
            title=self.texts(resolved, "title", where),
            days=days,
            unit=cast(DayUnit, self.choice({"unit": "working", **resolved}, "unit", get_args(DayUnit), where)),
            output=self.texts(resolved, "output", where),
            review=bool(resolved.get("review", False)),
            source=resolved["source"],
            to_be_confirmed=open_settings,
            confirms=tuple(resolved.get("confirms", ())),
            for_rule=resolved.get("for_rule"),
        )

    def _paper(self, table: Mapping[str, Any]) -> PaperNeed | None:
        where = f"paper {table.get('types')}"
        resolved, open_settings = self.open(table, where)
        if not resolved.get("types") or not resolved.get("source"):
            self.defect(where, "types and source are both needed")
            return None
        return PaperNeed(
            types=tuple(resolved["types"]),
            need=cast(Need, self.choice(resolved, "need", get_args(Need), where)),
            subject=cast(Subject, self.choice(resolved, "subject", get_args(Subject), where)),
            title=self.texts(resolved, "title", where),
            to_be_confirmed=open_settings,
        )

    def _registry(self, table: Mapping[str, Any]) -> RegistryNeed:
        where = f"registry {table.get('name')}"
        facts = tuple(fact for fact, givers in self.given_by.items() if f"registry {table.get('name')}" in givers)
        if not facts:
            self.defect(where, "gives no fact")
        as_of = self.texts(table, "as_of", where)
        on, before = table.get("on"), table.get("before")
        if on is not None and type(on) is not date:
            self.defect(where, "on must be a date")
        if before is not None and (before not in self.kinds or self.kinds[before].type not in ("date", "month")):
            self.defect(where, f"is asked before {before}, which is no day or month the service knows")
        title, days = self.texts(table, "title", where), int(table.get("days_before", 0))
        return RegistryNeed(str(table.get("name")), title, as_of, facts, on, before, days)

    def _who(self) -> Who:
        """Who is meant, where it is not the employee and his employer."""
        table = self.data.get("who", {})
        self.only(table, {entry.name for entry in dataclasses.fields(Who)}, "who")
        for word, fact_id in table.items():
            if isinstance(fact_id, str) and fact_id and fact_id not in self.kinds:
                self.defect("who", f"{word}: unknown fact {fact_id}")
        return Who(**table)

    def _most_vnd(self) -> str | None:
        fact_id = self.data.get("most_vnd")
        if fact_id is not None and (fact_id not in self.kinds or self.kinds[fact_id].type != "money"):
            self.defect("the file", f"most_vnd names {fact_id}, which is no amount the service knows")
        return fact_id

    def _officers_can_say(self, stages: list[Stage], rules: set[str]) -> None:
        """A stage's officer states facts that officers give, and none of these is left without an officer."""
        said = {fact_id for stage in stages for fact_id in stage.confirms}
        for stage in stages:
            for fact_id in stage.confirms:
                if "officer" not in self.given_by.get(fact_id, ()) or self.kinds[fact_id].type != "bool":
                    self.defect(f"stage {stage.id}", f"confirms {fact_id}, which is no yes or no that an officer gives")
            if stage.for_rule is not None and (stage.for_rule not in rules or not stage.confirms):
                self.defect(f"stage {stage.id}", f"is for rule {stage.for_rule}, which needs nothing of it")
        for fact_id, givers in self.given_by.items():
            if "officer" in givers and fact_id not in said:
                self.defect(f"fact {fact_id}", "is given by an officer, and no stage has him say it")

    def _reason(self, table: Mapping[str, Any], rule_ids: set[str]) -> RefusalReason:
        where = f"refusal_reason {table.get('id')}"
        for rule_id in table.get("rules", []):
            if rule_id not in rule_ids:
                self.defect(where, f"unknown rule {rule_id}")
        return RefusalReason(str(table.get("id")), self.texts(table, "says", where), tuple(table.get("rules", [])))

    def _nothing_dead(self, rules: list[Rule], benefits: list[Benefit]) -> None:
        looked_at = {fact for rule in rules for fact in rule.facts}
        looked_at |= {fact for benefit in benefits for fact in benefit.facts()}
        looked_at |= set(self.data.get("identifies", ())) | {str(self.data.get("most_vnd", ""))}
        looked_at |= {fact for facts in self.from_address.values() for fact in facts}
        for fact_id in self.data.get("identifies", ()):
            if fact_id not in self.kinds:
                self.defect("identifies", f"unknown fact {fact_id}")
        for fact_id in self.given_by:
            if fact_id not in looked_at:
                self.defect(f"fact {fact_id}", "no rule and no benefit looks at it")
        for key in self.data.get("setting", {}):
            if f"{self.data.get('id')}.{key}" not in self.used_settings:
                self.defect(f"setting {key}", "nothing rests on it")

    def _givers_exist(self, papers: list[PaperNeed | None], registries: list[RegistryNeed]) -> None:
        known = {f"document {kind}" for paper in papers if paper for kind in paper.types}
        known |= {f"registry {registry.name}" for registry in registries} | {"applicant", "officer", "system"}
        for fact_id, givers in self.given_by.items():
            for giver in givers:
                if giver not in known:
                    self.defect(f"fact {fact_id}", f"given by “{giver}”, which the service does not have")


def _with_final(stages: list[Stage]) -> tuple[Stage, ...]:
    """The last stage of review is where the dossier is decided."""
    last = max((number for number, stage in enumerate(stages) if stage.review), default=None)
    return tuple(dataclasses.replace(stage, final=number == last) for number, stage in enumerate(stages))
