"""Reads the tables every file of the rulebook has: settings, facts, versions, rules. Collects every defect.

A defect names file, table and reason; nothing is repaired or guessed.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Any, cast, get_args

from casework import closures
from casework.counting import month_of
from casework.facts import FactKind, Subject, dictionary, fact_kind
from casework.finding import Text, Then
from casework.operators import OPERATORS, Operator
from casework.rules import Benefit, Condition, Rule, Setting, Version

_GIVERS = ("document", "registry", "applicant", "officer", "system")
_CONDITION_WORDS = {"test", "any", "all", "if_known"}
_RULE_WORDS = {"id", "subject", "says", "says_en", "law", "source", "since", "until", "otherwise", "way_into", "ways"}
_RULE_WORDS |= {"for_ways", "counted", "each", "any_row", "sum_rows", "to_be_confirmed"} | _CONDITION_WORDS


@functools.cache
def common_settings() -> Mapping[str, Mapping[str, Any]]:
    """The settings of rulebook/settings.toml by id, as tables, and what of rulebook/closures.toml is not confirmed."""
    settings = {
        f"{area}.{name}": table
        for area, tables in tomllib.loads(text("settings.toml")).items()
        for name, table in tables.items()
    }
    for closure in closures.table():
        says = closure.said()
        open_point = {
            "value": closure.starts_on.isoformat(),
            "source": closure.source,
            "says": says.vi,
            "says_en": says.en,
        }
        settings |= {} if closure.confirmed else {closure.setting_id: open_point}
    return settings


def text(name: str) -> str:
    return resources.files("casework").joinpath(f"rulebook/{name}").read_text(encoding="utf-8")


class Tables:
    """One file's tables, and the defects found in them."""

    def __init__(self, data: dict[str, Any], name: str, overrides: Mapping[str, Any]) -> None:
        self.data, self.name, self.defects = data, name, list[str]()
        self.settings = self.read_settings(overrides)
        self.used_settings: set[str] = set()
        self.from_address: dict[str, tuple[str, ...]] = {}
        self.kinds, self.given_by = self.read_facts()
        self.versions = self.read_versions()

    def read_settings(self, overrides: Mapping[str, Any]) -> dict[str, Setting]:
        own = {f"{self.data.get('id')}.{key}": table for key, table in self.data.get("setting", {}).items()}
        settings = {}
        for setting_id, table in {**common_settings(), **own}.items():
            where = f"setting {setting_id}"
            if "value" not in table or not table.get("source"):
                self.defect(where, "value and source are both needed")
            value = overrides.get(setting_id, table.get("value"))
            says = self.texts(table, "says", where)
            settings[setting_id] = Setting(setting_id, value, says, str(table.get("source", "")))
        return settings

    def setting_id(self, name: str) -> str:
        return name if name in self.settings else f"{self.data.get('id')}.{name}"

    def resolve(self, value: Any, where: str, open_settings: list[str]) -> Any:
        """`$name` becomes the setting's value, and the setting is noted as one the rule rests on."""
        if isinstance(value, str) and value.startswith("$"):
            return self.noted(value[1:], where, open_settings).value
        if isinstance(value, dict):
            return {key: self.resolve(item, where, open_settings) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item, where, open_settings) for item in value]
        return value

    def noted(self, name: str, where: str, open_settings: list[str]) -> Setting:
        setting_id = self.setting_id(name)
        if setting_id not in self.settings:
            self.defect(where, f"unknown setting {name}")
            return Setting(setting_id, None, Text("", ""), "")
        self.used_settings.add(setting_id)
        if setting_id not in open_settings:
            open_settings.append(setting_id)
        return self.settings[setting_id]

    def open(self, table: Mapping[str, Any], where: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        noted: list[str] = []
        for name in table.get("to_be_confirmed", []):
            self.noted(name, where, noted)
        resolved = {k: self.resolve(v, where, noted) for k, v in table.items() if k != "to_be_confirmed"}
        return resolved, tuple(noted)

    def read_facts(self) -> tuple[dict[str, FactKind], dict[str, tuple[str, ...]]]:
        kinds: dict[str, FactKind] = {}
        given_by: dict[str, tuple[str, ...]] = {}
        for fact_id, table in self.data.get("facts", {}).items():
            where = f"fact {fact_id}"
            givers = tuple(table.get("given_by", ()))
            if not givers or any(giver.split()[0] not in _GIVERS for giver in givers):
                self.defect(where, f"given_by must name who gives it: {', '.join(_GIVERS)}")
            if "type" in table:
                if fact_id in dictionary():
                    self.defect(where, "is in the dictionary already and cannot be declared again")
                    continue
                try:
                    kinds[fact_id] = fact_kind(fact_id, table)
                except ValueError as error:
                    self.defect(where, str(error))
                    continue
            elif fact_id in dictionary():
                kinds[fact_id] = dictionary()[fact_id]
            else:
                self.defect(where, "unknown fact: not in facts.toml and declared without a type")
                continue
            given_by[fact_id] = givers
            if "from_address" in table:
                self.from_address[fact_id] = tuple(table["from_address"])
        for fact_id, addresses in self.from_address.items():
            if any(name not in kinds or kinds[name].type != "address" for name in addresses):
                self.defect(f"fact {fact_id}", "from_address must name addresses the service knows")
        return kinds, given_by

    def read_versions(self) -> tuple[Version, ...]:
        versions = []
        for table in self.data.get("version", []):
            where = f"version {table.get('id')}"
            since, until = self.validity(table, where)
            versions.append(Version(str(table.get("id", "")), since, until))
        if not versions:
            self.defect("the file", "no version")
        versions.sort(key=lambda version: version.since or date.min)
        for earlier, later in itertools.pairwise(versions):
            if earlier.until is None or later.since is None or later.since <= earlier.until:
                self.defect(f"version {later.id}", f"overlaps version {earlier.id}")
        if len({version.id for version in versions}) < len(versions):
            self.defect("the file", "two versions with one id")
        return tuple(versions)

    def validity(self, table: Mapping[str, Any], where: str) -> tuple[date | None, date | None]:
        since, until = table.get("since"), table.get("until")
        for word, day in (("since", since), ("until", until)):
            if day is not None and type(day) is not date:
                self.defect(where, f"{word} must be a date")
                return None, None
        if since and until and until < since:
            self.defect(where, "until is before since")
        for version in getattr(self, "versions", ()):
            inside = in_force(since, until, version)
            outside = (until and version.since and until < version.since) or (
                since and version.until and version.until < since
            )
            if not inside and not outside:
                self.defect(where, f"is in force for a part of version {version.id} only")
        return since, until

    def rule(self, table: Mapping[str, Any]) -> Rule:
        rule_id = str(table.get("id", "?"))
        where = f"rule {rule_id}"
        if rule_id == "?":
            self.defect(where, "has no id")
        if not table.get("law") or not table.get("source"):
            self.defect(where, "cites no law (law and source are both needed)")
        since, until = self.validity(table, where)
        resolved, open_settings = self.open(table, where)
        ways = tuple(resolved.get("ways", ()))
        if ways:
            self.only(table, _RULE_WORDS, where)
        condition = None if ways else self.condition(resolved, where, _RULE_WORDS)
        facts = tuple(dict.fromkeys(condition.all_facts())) if condition else ()
        counted, each = self._counted(resolved, facts, where)
        if each is not None:
            facts = tuple(dict.fromkeys((*facts, *each.all_facts())))
        otherwise = resolved.get("otherwise", "refuse")
        if otherwise not in get_args(Then):
            self.defect(where, f"otherwise must be one of {', '.join(get_args(Then))}")
        sum_rows = tuple(resolved.get("sum_rows", ()))
        for fact_id in sum_rows:
            if fact_id not in facts:
                self.defect(where, f"sum_rows names {fact_id}, which the rule does not look at")
        return Rule(
            id=rule_id,
            subject=cast(Subject, self.choice(resolved, "subject", get_args(Subject), where)),
            says=self.texts(resolved, "says", where),
            law=str(table.get("law", "")),
            source=str(table.get("source", "")),
            condition=condition,
            otherwise=cast(Then, otherwise),
            since=since,
            until=until,
            way_into=resolved.get("way_into"),
            ways=ways,
            for_ways=tuple(resolved.get("for_ways", ())),
            any_row=bool(resolved.get("any_row", False)),
            sum_rows=sum_rows,
            counted=counted,
            each=each,
            facts=facts,
            to_be_confirmed=open_settings,
        )

    def condition(self, table: Mapping[str, Any], where: str, words: set[str]) -> Condition | None:
        forms = [form for form in ("test", "any", "all") if form in table]
        if len(forms) != 1:
            self.defect(where, "needs exactly one of test, any, all")
            return None
        if_known = table.get("if_known")
        if if_known is not None and if_known not in self.kinds:
            self.defect(where, f"unknown fact {if_known}")
        if forms[0] != "test":
            self.only(table, words, where)
            parts = tuple(c for c in (self._part(part, where) for part in table[forms[0]]) if c)
            if not parts:
                self.defect(where, f"{forms[0]} is empty")
            return Condition(forms[0], parts=parts, if_known=if_known)
        operator = OPERATORS.get(table["test"])
        if operator is None:
            self.defect(where, f"unknown operator {table['test']}")
            return None
        self.only(table, words | set(operator.facts) | set(operator.values), where)
        params, facts = self._parameters(table, operator, where)
        self.members_exist(params, where)
        return Condition(table["test"], params, tuple(facts), if_known=if_known)

    def _counted(
        self, table: Mapping[str, Any], facts: tuple[str, ...], where: str
    ) -> tuple[str | None, Condition | None]:
        """The count a rule rests on, and what each row that is counted must meet."""
        counted, each = table.get("counted"), table.get("each")
        if (counted is None) != (each is None) or (counted is not None and table.get("subject") != "dossier"):
            self.defect(where, "counted and each go together, in a rule on the dossier")
            return None, None
        if each is None:
            return None, None
        if counted not in facts or self.kinds[counted].type != "int":
            self.defect(where, f"counted names {counted}, which is no whole number the rule looks at")
            return None, None
        return counted, self.condition(each, where, _CONDITION_WORDS)

    def _part(self, table: Mapping[str, Any], where: str) -> Condition | None:
        """A part of `any` or `all`; with otherwise = "review" its no is an officer's question, not a no."""
        part = self.condition(table, where, _CONDITION_WORDS | {"otherwise"})
        if table.get("otherwise", "review") != "review":
            self.defect(where, "a part's otherwise can only be review")
        return part and dataclasses.replace(part, review_if_not="otherwise" in table)

    def _parameters(self, table: Mapping[str, Any], operator: Operator, where: str) -> tuple[dict[str, Any], list[str]]:
        params: dict[str, Any] = {}
        facts = []
        for word, types in operator.facts.items():
            fact_id = table.get(word)
            if fact_id is None:
                if word not in operator.optional:
                    self.defect(where, f"{table['test']} needs the fact “{word}”")
                continue
            if fact_id not in self.kinds:
                self.defect(where, f"unknown fact {fact_id}")
                continue
            if self.kinds[fact_id].type not in types:
                self.defect(where, f"{fact_id} is of type {self.kinds[fact_id].type}, not {' or '.join(sorted(types))}")
            params[word] = fact_id
            facts.append(fact_id)
        for word, kind in operator.values.items():
            if word not in table:
                if word not in operator.optional:
                    self.defect(where, f"{table['test']} needs the value “{word}”")
                continue
            value = table[word]
            if not _is_of_kind(value, kind):
                self.defect(where, f"{word} is not of kind {kind}")
            params[word] = value
        return params, facts

    def members_exist(self, params: Mapping[str, Any], where: str) -> None:
        """Members of an enum named in a rule must be members of the fact it looks at."""
        for fact_word, value_word in (("fact", "values"), ("by", "lines"), ("kind", "seasonal")):
            kind = self.kinds.get(params.get(fact_word, ""))
            if kind and kind.type == "enum" and value_word in params and not kind.open:
                for member in params[value_word]:
                    if member not in kind.values:
                        self.defect(where, f"{kind.id} has no value {member}")
                if value_word == "lines":
                    self.all_members(kind, params["lines"], where)

    def all_members(self, kind: FactKind, amounts: Mapping[str, Any], where: str) -> None:
        """An amount per member of an enum must leave none out."""
        for member in kind.values:
            if member not in amounts:
                self.defect(where, f"no amount for {kind.id} {member}")

    def one_at_a_time(self, rules: list[Rule]) -> None:
        for version in self.versions:
            seen: set[str] = set()
            for rule in rules:
                if in_force(rule.since, rule.until, version):
                    if rule.id in seen:
                        self.defect(f"rule {rule.id}", f"stands twice in version {version.id}")
                    seen.add(rule.id)

    def ways_exist(self, rules: tuple[Rule, ...], version: Version) -> None:
        by_id = {rule.id: rule for rule in rules}
        for rule in rules:
            if rule.way_into is not None and not by_id.get(rule.way_into, rule).ways:
                self.defect(f"rule {rule.id}", f"leads into {rule.way_into}, which has no ways")
            if rule.ways and not any(way in by_id for way in rule.ways):
                self.defect(f"rule {rule.id}", f"has no way in version {version.id}")
            if rule.for_ways and rule.subject != "row":
                self.defect(f"rule {rule.id}", "for_ways is for a rule on a row only")
            if rule.for_ways and not any(way in by_id and by_id[way].way_into for way in rule.for_ways):
                self.defect(f"rule {rule.id}", f"is for no way in of version {version.id}")
            for way in rule.ways:
                if way in by_id and by_id[way].way_into != rule.id:
                    self.defect(f"rule {rule.id}", f"its way {way} does not lead into it")

    def texts(self, table: Mapping[str, Any], word: str, where: str) -> Text:
        vi, en = table.get(word), table.get(f"{word}_en")
        if not isinstance(vi, str) or not isinstance(en, str) or not vi or not en:
            self.defect(where, f"{word} and {word}_en are both needed")
            return Text("", "")
        return Text(vi, en)

    def choice(self, table: Mapping[str, Any], word: str, choices: tuple[str, ...], where: str) -> str:
        value = table.get(word)
        if value not in choices:
            self.defect(where, f"{word} must be one of {', '.join(choices)}")
        return str(value)

    def only(self, table: Mapping[str, Any], words: set[str], where: str) -> None:
        for word in table:
            if word not in words:
                self.defect(where, f"does not know the word “{word}”")

    def defect(self, where: str, reason: str) -> None:
        line = f"{self.name}: {where}: {reason}"
        if line not in self.defects:
            self.defects.append(line)


def in_force(since: date | None, until: date | None, version: Version) -> bool:
    """Whether something in force from `since` to `until` is in force during the whole version."""
    starts = since is None or (version.since is not None and since <= version.since)
    ends = until is None or (version.until is not None and version.until <= until)
    return starts and ends


def uses(condition: Condition, test: str) -> bool:
    """Whether the test stands anywhere in a condition."""
    return condition.test == test or any(uses(part, test) for part in condition.parts)


def given_benefit(condition: Condition, benefit: Benefit) -> Condition:
    """The condition with the benefit whose months `month_left` looks at."""
    if condition.test == "month_left":
        facts = (*benefit.held_facts(), *benefit.period_facts())
        return dataclasses.replace(condition, params={**condition.params, "benefit": benefit}, facts=facts)
    parts = tuple(given_benefit(part, benefit) for part in condition.parts)
    return dataclasses.replace(condition, parts=parts)


def _is_of_kind(value: Any, kind: str) -> bool:
    match kind:
        case "date":
            return type(value) is date
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
