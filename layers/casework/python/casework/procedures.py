"""Loads the law from rulebook/procedures/*.toml and refuses what is not sound.

Every defect is found at load and named by file, rule and reason: an unknown operator, fact or setting, a rule that
cites no law, two versions of one rule at the same time, a fact nobody looks at. Knows nothing of dossiers.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, cast, get_args

from casework.counting import month_of
from casework.errors import BadRulebook
from casework.facts import FactKind, Subject, dictionary, fact_kind
from casework.finding import Text, Then
from casework.operators import OPERATORS
from casework.rules import (
    Beneficiaries,
    Benefit,
    Condition,
    DayUnit,
    Need,
    OfficeLevel,
    PaperNeed,
    Procedure,
    RefusalReason,
    RegistryNeed,
    Rule,
    Setting,
    Stage,
)

__all__ = ["Procedure", "Service", "Stage", "Version", "check", "ids", "load", "office_of", "parse", "service"]

_GIVERS = ("document", "registry", "applicant", "officer", "system")
_DEPTH = {"province": 1, "district": 2, "commune": 3}  # parts of an agency code
_CONDITION_WORDS = {"test", "any", "all", "if_known"}
_RULE_WORDS = {"id", "subject", "says", "says_en", "law", "source", "since", "until", "otherwise", "way_into", "ways"}
_RULE_WORDS |= {"any_row", "sum_rows", "to_be_confirmed"} | _CONDITION_WORDS
_SERVICE_WORDS = {"id", "title", "title_en", "applicant", "applicant_en", "beneficiaries", "confidence_bar", "law"}
_SERVICE_WORDS |= {
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
}


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


def ids() -> tuple[str, ...]:
    """Ids of all services of the rulebook, sorted."""
    folder = resources.files("casework").joinpath("rulebook/procedures")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


@functools.cache
def service(service_id: str) -> Service:
    """A service by id, loaded and validated once. KeyError when there is none; BadRulebook when it is not sound."""
    if service_id not in ids():
        raise KeyError(service_id)
    name = f"procedures/{service_id}.toml"
    loaded = parse(_text(name), name)
    if loaded.id != service_id:
        raise BadRulebook([f"{name}: the id is {loaded.id}, the file's name says {service_id}"])
    return loaded


def load(procedure_id: str, received_on: date) -> Procedure:
    """The law of a service for a dossier received on a day (Vietnam time)."""
    return service(procedure_id).on(received_on)


def office_of(office: str, level: OfficeLevel) -> str:
    """The office of a level that is competent for a dossier filed at an office: from "H29.1", the province is "H29"
    and the bank's branch "H29.1-bank". Codes are those of agencies, dotted from the left (H29.1.2)."""
    parts = office.split(".")
    if level in _DEPTH:
        return ".".join(parts[: _DEPTH[level]])
    return f"{'.'.join(parts[: _DEPTH['district']])}-{level}"


def check() -> list[str]:
    """Every defect of the whole rulebook, one line each; empty when it is sound."""
    defects: list[str] = []
    for service_id in ids():
        try:
            service(service_id)
        except BadRulebook as bad:
            defects.extend(bad.defects)
    return defects


def parse(text: str, name: str, overrides: Mapping[str, Any] | None = None) -> Service:
    """A service from the text of its file. `overrides` sets settings by id. Raises BadRulebook with all defects."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRulebook([f"{name}: not valid TOML: {error}"]) from error
    reader = _Reader(data, name, overrides or {})
    found = reader.service()
    if reader.defects:
        raise BadRulebook(reader.defects)
    return found


@functools.cache
def common_settings() -> Mapping[str, Mapping[str, Any]]:
    """The settings of rulebook/settings.toml by id, as tables."""
    return {
        f"{area}.{name}": table
        for area, tables in tomllib.loads(_text("settings.toml")).items()
        for name, table in tables.items()
    }


def _text(name: str) -> str:
    return resources.files("casework").joinpath(f"rulebook/{name}").read_text(encoding="utf-8")


class _Reader:
    """Turns one file's tables into a Service, collecting every defect on the way."""

    def __init__(self, data: dict[str, Any], name: str, overrides: Mapping[str, Any]) -> None:
        self.data, self.name, self.defects = data, name, list[str]()
        self.settings = self._settings(overrides)
        self.used_settings: set[str] = set()
        self.kinds, self.given_by = self._facts()
        self.versions = self._versions()

    def service(self) -> Service:
        data = self.data
        self._only(data, _SERVICE_WORDS, "the file")
        for word in ("id", "title", "title_en", "applicant", "applicant_en", "law"):
            if not data.get(word):
                self._defect("the file", f"{word} is missing")
        rules = [self._rule(table) for table in data.get("rule", [])]
        self._one_at_a_time(rules)
        benefits = [(self._validity(t, "benefit"), self._benefit(t)) for t in data.get("benefit", [])]
        stages = [(self._validity(t, f"stage {t.get('id')}"), self._stage(t)) for t in data.get("stage", [])]
        papers = [(self._validity(t, "paper"), self._paper(t)) for t in data.get("paper", [])]
        registries = tuple(self._registry(table) for table in data.get("registry", []))
        reasons = tuple(self._reason(table, {rule.id for rule in rules}) for table in data.get("refusal_reason", []))
        self._nothing_dead(rules, [benefit for _, benefit in benefits if benefit])
        self._givers_exist([paper for _, paper in papers], registries)
        procedures = {}
        for version in self.versions:
            rules_now = tuple(rule for rule in rules if _in_force(rule.since, rule.until, version))
            benefits_now = [b for (since, until), b in benefits if b and _in_force(since, until, version)]
            if len(benefits_now) > 1:
                self._defect("benefit", f"more than one in version {version.id}")
            self._ways_exist(rules_now, version)
            procedures[version.id] = Procedure(
                id=str(data.get("id", "")),
                title=self._texts(data, "title", "the file"),
                version=version.id,
                since=version.since,
                until=version.until,
                law=tuple(data.get("law", ())),
                applicant=self._texts(data, "applicant", "the file"),
                beneficiaries=cast(
                    Beneficiaries, self._choice(data, "beneficiaries", get_args(Beneficiaries), "the file")
                ),
                confidence_bar=float(data.get("confidence_bar", 0.9)),
                rules=rules_now,
                given_by=self.given_by,
                kinds=self.kinds,
                benefit=benefits_now[0] if benefits_now else None,
                whole_way=_with_final([s for (since, until), s in stages if s and _in_force(since, until, version)]),
                papers=tuple(p for (since, until), p in papers if p and _in_force(since, until, version)),
                registries=registries,
                refusal_reasons=reasons,
                settings=self.settings,
                identifies=tuple(data.get("identifies", ())),
            )
        return Service(str(data.get("id", "")), self._texts(data, "title", "the file"), self.versions, procedures)

    # ---- settings, facts, versions ----

    def _settings(self, overrides: Mapping[str, Any]) -> dict[str, Setting]:
        own = {f"{self.data.get('id')}.{key}": table for key, table in self.data.get("setting", {}).items()}
        settings = {}
        for setting_id, table in {**common_settings(), **own}.items():
            where = f"setting {setting_id}"
            if "value" not in table or not table.get("source"):
                self._defect(where, "value and source are both needed")
            value = overrides.get(setting_id, table.get("value"))
            says = self._texts(table, "says", where)
            settings[setting_id] = Setting(setting_id, value, says, str(table.get("source", "")))
        return settings

    def _setting_id(self, name: str) -> str:
        return name if name in self.settings else f"{self.data.get('id')}.{name}"

    def _resolve(self, value: Any, where: str, open_settings: list[str]) -> Any:
        """`$name` becomes the setting's value, and the setting is noted as one the rule rests on."""
        if isinstance(value, str) and value.startswith("$"):
            return self._noted(value[1:], where, open_settings).value
        if isinstance(value, dict):
            return {key: self._resolve(item, where, open_settings) for key, item in value.items()}
        if isinstance(value, list):
            return [self._resolve(item, where, open_settings) for item in value]
        return value

    def _noted(self, name: str, where: str, open_settings: list[str]) -> Setting:
        setting_id = self._setting_id(name)
        if setting_id not in self.settings:
            self._defect(where, f"unknown setting {name}")
            return Setting(setting_id, None, Text("", ""), "")
        self.used_settings.add(setting_id)
        if setting_id not in open_settings:
            open_settings.append(setting_id)
        return self.settings[setting_id]

    def _open(self, table: Mapping[str, Any], where: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        noted: list[str] = []
        for name in table.get("to_be_confirmed", []):
            self._noted(name, where, noted)
        resolved = {k: self._resolve(v, where, noted) for k, v in table.items() if k != "to_be_confirmed"}
        return resolved, tuple(noted)

    def _facts(self) -> tuple[dict[str, FactKind], dict[str, tuple[str, ...]]]:
        kinds: dict[str, FactKind] = {}
        given_by: dict[str, tuple[str, ...]] = {}
        for fact_id, table in self.data.get("facts", {}).items():
            where = f"fact {fact_id}"
            givers = tuple(table.get("given_by", ()))
            if not givers or any(giver.split()[0] not in _GIVERS for giver in givers):
                self._defect(where, f"given_by must name who gives it: {', '.join(_GIVERS)}")
            if "type" in table:
                if fact_id in dictionary():
                    self._defect(where, "is in the dictionary already and cannot be declared again")
                    continue
                try:
                    kinds[fact_id] = fact_kind(fact_id, table)
                except ValueError as error:
                    self._defect(where, str(error))
                    continue
            elif fact_id in dictionary():
                kinds[fact_id] = dictionary()[fact_id]
            else:
                self._defect(where, "unknown fact: not in facts.toml and declared without a type")
                continue
            given_by[fact_id] = givers
        return kinds, given_by

    def _versions(self) -> tuple[Version, ...]:
        versions = []
        for table in self.data.get("version", []):
            where = f"version {table.get('id')}"
            since, until = self._validity(table, where)
            versions.append(Version(str(table.get("id", "")), since, until))
        if not versions:
            self._defect("the file", "no version")
        versions.sort(key=lambda version: version.since or date.min)
        for earlier, later in itertools.pairwise(versions):
            if earlier.until is None or later.since is None or later.since <= earlier.until:
                self._defect(f"version {later.id}", f"overlaps version {earlier.id}")
        if len({version.id for version in versions}) < len(versions):
            self._defect("the file", "two versions with one id")
        return tuple(versions)

    def _validity(self, table: Mapping[str, Any], where: str) -> tuple[date | None, date | None]:
        since, until = table.get("since"), table.get("until")
        for word, day in (("since", since), ("until", until)):
            if day is not None and not isinstance(day, date):
                self._defect(where, f"{word} must be a date")
                return None, None
        if since and until and until < since:
            self._defect(where, "until is before since")
        for version in getattr(self, "versions", ()):
            inside = _in_force(since, until, version)
            outside = (until and version.since and until < version.since) or (
                since and version.until and version.until < since
            )
            if not inside and not outside:
                self._defect(where, f"is in force for a part of version {version.id} only")
        return since, until

    # ---- rules ----

    def _rule(self, table: Mapping[str, Any]) -> Rule:
        rule_id = str(table.get("id", "?"))
        where = f"rule {rule_id}"
        if rule_id == "?":
            self._defect(where, "has no id")
        if not table.get("law") or not table.get("source"):
            self._defect(where, "cites no law (law and source are both needed)")
        since, until = self._validity(table, where)
        resolved, open_settings = self._open(table, where)
        ways = tuple(resolved.get("ways", ()))
        condition = None if ways else self._condition(resolved, where)
        if not ways:
            known = (
                set(OPERATORS[resolved["test"]].facts) | set(OPERATORS[resolved["test"]].values)
                if (resolved.get("test") in OPERATORS)
                else set()
            )
            self._only(table, _RULE_WORDS | known, where)
        facts = tuple(dict.fromkeys(condition.all_facts())) if condition else ()
        otherwise = resolved.get("otherwise", "refuse")
        if otherwise not in get_args(Then):
            self._defect(where, f"otherwise must be one of {', '.join(get_args(Then))}")
        sum_rows = tuple(resolved.get("sum_rows", ()))
        for fact_id in sum_rows:
            if fact_id not in facts:
                self._defect(where, f"sum_rows names {fact_id}, which the rule does not look at")
        return Rule(
            id=rule_id,
            subject=cast(Subject, self._choice(resolved, "subject", get_args(Subject), where)),
            says=self._texts(resolved, "says", where),
            law=str(table.get("law", "")),
            source=str(table.get("source", "")),
            condition=condition,
            otherwise=cast(Then, otherwise),
            since=since,
            until=until,
            way_into=resolved.get("way_into"),
            ways=ways,
            any_row=bool(resolved.get("any_row", False)),
            sum_rows=sum_rows,
            facts=facts,
            to_be_confirmed=open_settings,
        )

    def _condition(self, table: Mapping[str, Any], where: str) -> Condition | None:
        forms = [form for form in ("test", "any", "all") if form in table]
        if len(forms) != 1:
            self._defect(where, "needs exactly one of test, any, all")
            return None
        if_known = table.get("if_known")
        if if_known is not None and if_known not in self.kinds:
            self._defect(where, f"unknown fact {if_known}")
        if forms[0] != "test":
            parts = tuple(c for c in (self._condition(part, where) for part in table[forms[0]]) if c)
            if not parts:
                self._defect(where, f"{forms[0]} is empty")
            return Condition(forms[0], parts=parts, if_known=if_known)
        operator = OPERATORS.get(table["test"])
        if operator is None:
            self._defect(where, f"unknown operator {table['test']}")
            return None
        params: dict[str, Any] = {}
        facts = []
        for word, types in operator.facts.items():
            fact_id = table.get(word)
            if fact_id is None:
                if word not in operator.optional:
                    self._defect(where, f"{table['test']} needs the fact “{word}”")
                continue
            if fact_id not in self.kinds:
                self._defect(where, f"unknown fact {fact_id}")
                continue
            if self.kinds[fact_id].type not in types:
                self._defect(
                    where, f"{fact_id} is of type {self.kinds[fact_id].type}, not {' or '.join(sorted(types))}"
                )
            params[word] = fact_id
            facts.append(fact_id)
        for word, kind in operator.values.items():
            if word not in table:
                if word not in operator.optional:
                    self._defect(where, f"{table['test']} needs the value “{word}”")
                continue
            value = table[word]
            if not _is_of_kind(value, kind):
                self._defect(where, f"{word} is not of kind {kind}")
            params[word] = value
        self._members_exist(params, where)
        return Condition(table["test"], params, tuple(facts), if_known=if_known)

    def _members_exist(self, params: Mapping[str, Any], where: str) -> None:
        """Members of an enum named in a rule must be members of the fact it looks at."""
        for fact_word, value_word in (("fact", "values"), ("by", "lines"), ("kind", "seasonal")):
            kind = self.kinds.get(params.get(fact_word, ""))
            if kind and kind.type == "enum" and value_word in params and not kind.open:
                for member in params[value_word]:
                    if member not in kind.values:
                        self._defect(where, f"{kind.id} has no value {member}")

    def _one_at_a_time(self, rules: list[Rule]) -> None:
        for version in self.versions:
            seen: set[str] = set()
            for rule in rules:
                if _in_force(rule.since, rule.until, version):
                    if rule.id in seen:
                        self._defect(f"rule {rule.id}", f"stands twice in version {version.id}")
                    seen.add(rule.id)

    def _ways_exist(self, rules: tuple[Rule, ...], version: Version) -> None:
        by_id = {rule.id: rule for rule in rules}
        for rule in rules:
            if rule.way_into is not None and not by_id.get(rule.way_into, rule).ways:
                self._defect(f"rule {rule.id}", f"leads into {rule.way_into}, which has no ways")
            if rule.ways and not any(way in by_id for way in rule.ways):
                self._defect(f"rule {rule.id}", f"has no way in version {version.id}")
            for way in rule.ways:
                if way in by_id and by_id[way].way_into != rule.id:
                    self._defect(f"rule {rule.id}", f"its way {way} does not lead into it")

    # ---- the rest ----

    def _benefit(self, table: Mapping[str, Any]) -> Benefit | None:
        resolved, open_settings = self._open(table, "benefit")
        missing = [
            w for w in ("starts", "from", "to", "most_months", "monthly_vnd", "law", "source") if w not in resolved
        ]
        if missing:
            self._defect("benefit", f"{', '.join(missing)} missing")
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
            law=resolved["law"],
            to_be_confirmed=open_settings,
        )
        for fact_id in benefit.facts():
            if fact_id not in self.kinds:
                self._defect("benefit", f"unknown fact {fact_id}")
        return benefit

    def _stage(self, table: Mapping[str, Any]) -> Stage | None:
        where = f"stage {table.get('id')}"
        resolved, open_settings = self._open(table, where)
        if not resolved.get("id") or not resolved.get("source"):
            self._defect(where, "id and source are both needed")
            return None
        days = resolved.get("days")
        if days is not None and (not isinstance(days, int) or days < 1):
            self._defect(where, "days must be a whole number from 1, or absent")
        return Stage(
            id=resolved["id"],
            level=cast(OfficeLevel, self._choice(resolved, "level", get_args(OfficeLevel), where)),
            title=self._texts(resolved, "title", where),
            days=days,
            unit=cast(DayUnit, self._choice({"unit": "working", **resolved}, "unit", get_args(DayUnit), where)),
            output=self._texts(resolved, "output", where),
            review=bool(resolved.get("review", False)),
            source=resolved["source"],
            to_be_confirmed=open_settings,
        )

    def _paper(self, table: Mapping[str, Any]) -> PaperNeed | None:
        where = f"paper {table.get('types')}"
        resolved, open_settings = self._open(table, where)
        if not resolved.get("types") or not resolved.get("source"):
            self._defect(where, "types and source are both needed")
            return None
        return PaperNeed(
            types=tuple(resolved["types"]),
            need=cast(Need, self._choice(resolved, "need", get_args(Need), where)),
            subject=cast(Subject, self._choice(resolved, "subject", get_args(Subject), where)),
            title=self._texts(resolved, "title", where),
            to_be_confirmed=open_settings,
        )

    def _registry(self, table: Mapping[str, Any]) -> RegistryNeed:
        where = f"registry {table.get('name')}"
        facts = tuple(fact for fact, givers in self.given_by.items() if f"registry {table.get('name')}" in givers)
        if not facts:
            self._defect(where, "gives no fact")
        as_of = self._texts(table, "as_of", where)
        return RegistryNeed(str(table.get("name")), self._texts(table, "title", where), as_of, facts)

    def _reason(self, table: Mapping[str, Any], rule_ids: set[str]) -> RefusalReason:
        where = f"refusal_reason {table.get('id')}"
        for rule_id in table.get("rules", []):
            if rule_id not in rule_ids:
                self._defect(where, f"unknown rule {rule_id}")
        return RefusalReason(str(table.get("id")), self._texts(table, "says", where), tuple(table.get("rules", [])))

    def _nothing_dead(self, rules: list[Rule], benefits: list[Benefit]) -> None:
        looked_at = {fact for rule in rules for fact in rule.facts}
        looked_at |= {fact for benefit in benefits for fact in benefit.facts()}
        looked_at |= set(self.data.get("identifies", ()))
        for fact_id in self.data.get("identifies", ()):
            if fact_id not in self.kinds:
                self._defect("identifies", f"unknown fact {fact_id}")
        for fact_id in self.given_by:
            if fact_id not in looked_at:
                self._defect(f"fact {fact_id}", "no rule and no benefit looks at it")
        for key in self.data.get("setting", {}):
            if f"{self.data.get('id')}.{key}" not in self.used_settings:
                self._defect(f"setting {key}", "nothing rests on it")

    def _givers_exist(self, papers: list[PaperNeed | None], registries: tuple[RegistryNeed, ...]) -> None:
        known = {f"document {kind}" for paper in papers if paper for kind in paper.types}
        known |= {f"registry {registry.name}" for registry in registries} | {"applicant", "officer", "system"}
        for fact_id, givers in self.given_by.items():
            for giver in givers:
                if giver not in known:
                    self._defect(f"fact {fact_id}", f"given by “{giver}”, which the service does not have")

    def _texts(self, table: Mapping[str, Any], word: str, where: str) -> Text:
        vi, en = table.get(word), table.get(f"{word}_en")
        if not isinstance(vi, str) or not isinstance(en, str) or not vi or not en:
            self._defect(where, f"{word} and {word}_en are both needed")
            return Text("", "")
        return Text(vi, en)

    def _choice(self, table: Mapping[str, Any], word: str, choices: tuple[str, ...], where: str) -> str:
        value = table.get(word)
        if value not in choices:
            self._defect(where, f"{word} must be one of {', '.join(choices)}")
        return str(value)

    def _only(self, table: Mapping[str, Any], words: set[str], where: str) -> None:
        for word in table:
            if word not in words:
                self._defect(where, f"does not know the word “{word}”")

    def _defect(self, where: str, reason: str) -> None:
        line = f"{self.name}: {where}: {reason}"
        if line not in self.defects:
            self.defects.append(line)


def _in_force(since: date | None, until: date | None, version: Version) -> bool:
    """Whether something in force from `since` to `until` is in force during the whole version."""
    starts = since is None or (version.since is not None and since <= version.since)
    ends = until is None or (version.until is not None and version.until <= until)
    return starts and ends


def _with_final(stages: list[Stage]) -> tuple[Stage, ...]:
    """The last stage of review is where the dossier is decided."""
    last = max((number for number, stage in enumerate(stages) if stage.review), default=None)
    return tuple(dataclasses.replace(stage, final=number == last) for number, stage in enumerate(stages))


def _is_of_kind(value: Any, kind: str) -> bool:
    match kind:
        case "date":
            return isinstance(value, date)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "month":
            return isinstance(value, str) and len(value) == 7 and value == month_of(_first_day(value))
        case "texts":
            return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
        case _:
            return isinstance(value, dict) and bool(value) and all(_is_of_kind(item, "int") for item in value.values())


def _first_day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return date.min


def facts_of(procedure: Procedure) -> Iterator[tuple[FactKind, tuple[str, ...], tuple[str, ...]]]:
    """Every fact the procedure looks at, with who gives it and the rules on it."""
    for fact_id, givers in procedure.given_by.items():
        rules = procedure.rules_on(fact_id)
        in_benefit = procedure.benefit is not None and fact_id in procedure.benefit.facts()
        if rules or in_benefit or fact_id in procedure.identifies:
            yield procedure.kinds[fact_id], givers, rules
