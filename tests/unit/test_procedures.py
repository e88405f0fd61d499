"""The rulebook: what is sound loads, what is not is refused with file, rule and reason."""

# ruff: noqa: E501 - a table of cases is read one case a line

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from casework import checks, offices, procedures, rule_tables
from casework.errors import BadRulebook
from casework.finding import Fact

HERE = Path(__file__).parent
SOUND = (HERE / "fictitious_service.toml").read_text(encoding="utf-8")
EXAMPLES = tomllib.loads((HERE / "fictitious_examples.toml").read_text(encoding="utf-8"))
RULE_1 = SOUND[SOUND.index('[[rule]]\nid = "BK-1"') : SOUND.index('[[rule]]\nid = "BK-2"')]


def defects(text: str) -> list[str]:
    with pytest.raises(BadRulebook) as caught:
        procedures.parse(text, "BK.toml")
    return caught.value.defects


# ---- what ships ----


def test_the_rulebook_is_sound() -> None:
    assert procedures.check() == []
    assert procedures.ids() == ("HB", "LN", "PS", "SW", "TC")


@pytest.mark.parametrize(
    ("service", "received_on", "rules"),
    [
        ("SW", date(2020, 10, 18), "1 2 3 4 5 6 7 9 10 11"),
        ("SW", date(2020, 10, 19), "1 2 3 4 5 6 8 9 10 11"),
        ("LN", date(2020, 10, 18), "1 2 3 4 7 9 10"),
        ("LN", date(2020, 10, 19), "4 5 6 7 8 9 10"),
        ("HB", date(2020, 4, 24), "1 2 3 4 5"),
        ("HB", date(2020, 12, 1), "1 2 3 4 5"),
        ("TC", date(2020, 4, 24), "1 2 3 4 5 6 7"),
        ("TC", date(2020, 12, 1), "1 2 3 4 5 6 7"),
        ("PS", date(2020, 10, 18), "0 1 2 3 4 5 6 7"),
        ("PS", date(2020, 10, 19), "0 1 2 3-20 4 5 6 7"),
    ],
)
def test_each_version_has_its_rules(service: str, received_on: date, rules: str) -> None:
    law = procedures.load(service, received_on)
    assert {rule.id for rule in law.rules} == {f"{service}-{number}" for number in rules.split()}


@pytest.mark.parametrize(("value", "raises"), [("raise", True), ("first", False)])
def test_a_setting_says_whether_the_highest_takes_over(value: str, raises: bool) -> None:
    service = procedures.parse(rule_tables.text("procedures/SW.toml"), "SW.toml", {"payments.highest": value})
    law = service.on(date(2020, 5, 1))
    assert law.benefit is not None and law.benefit.raises is raises
    [rule] = [rule for rule in law.rules if rule.id == "SW-11"]
    assert set(law.benefit.held_facts()) <= set(rule.facts)  # the rule looks at the months the benefit counts


def test_the_day_of_receipt_chooses_the_version() -> None:
    assert procedures.load("SW", date(2020, 10, 18)).version == "2020-04"
    assert procedures.load("SW", date(2020, 10, 19)).version == "2020-10"
    with pytest.raises(KeyError):
        procedures.load("XX", date(2020, 10, 19))


def test_every_rule_cites_law_and_says_it_in_both_languages() -> None:
    for service_id in procedures.ids():
        for law in procedures.service(service_id).procedures.values():
            for rule in law.rules:
                assert rule.law and rule.source and rule.says.vi and rule.says.en


def test_what_is_from_memory_is_a_setting_shown_as_to_be_confirmed() -> None:
    for service_id in procedures.ids():
        for law in procedures.service(service_id).procedures.values():
            parts = [*law.whole_way, *law.papers]
            for part in parts:
                source = getattr(part, "source", "")
                if "days mem" in source or source == "mem":
                    assert part.to_be_confirmed or getattr(part, "need", "") == "supporting", part


def test_amounts_and_caps_of_the_law() -> None:
    amounts = {i: procedures.load(i, date(2020, 5, 1)).benefit for i in ("SW", "HB", "TC")}
    assert {i: (b.monthly_vnd, b.most_months) for i, b in amounts.items() if b} == {
        "SW": (1_800_000, 3),
        "HB": (1_000_000, 3),
        "TC": (1_000_000, 3),
    }
    wages = {"I": 4_420_000, "II": 3_920_000, "III": 3_430_000, "IV": 3_070_000}
    for received_on in (date(2020, 5, 1), date(2020, 11, 1)):
        loan = procedures.load("LN", received_on).benefit
        assert loan is not None
        assert loan.monthly_vnd == {region: wage // 2 for region, wage in wages.items()}
    assert procedures.load("PS", date(2020, 5, 1)).benefit is None


def test_the_stages_officers_decide() -> None:
    stages = {
        service_id: [
            (stage.id, stage.level, stage.days) for stage in procedures.load(service_id, date(2020, 5, 1)).stages
        ]
        for service_id in procedures.ids()
    }
    assert stages["SW"] == [("district_appraisal", "district", 3), ("province_decision", "province", 2)]
    assert [level for _, level, _ in stages["HB"]] == ["commune", "tax", "district", "province"]
    assert [days for _, _, days in stages["HB"]] == [5, 2, 3, 2]
    assert [days for _, _, days in stages["TC"]] == [3, 2, 3]
    new_loan = procedures.load("LN", date(2020, 11, 1))
    assert [(stage.id, stage.days, stage.final) for stage in new_loan.stages] == [("bank_decision", 5, True)]


def test_the_stage_after_and_the_last_one() -> None:
    law = procedures.load("SW", date(2020, 5, 1))
    assert law.stage_after("district_appraisal").id == "province_decision"
    assert [stage.final for stage in law.stages] == [False, True]
    with pytest.raises(KeyError):
        law.stage_after("province_decision")
    with pytest.raises(KeyError):
        law.stage("vss_confirmation")  # happens outside: no officer of this system decides it


@pytest.mark.parametrize(
    ("filed_at", "level", "office"),
    [
        ("H29.1", "district", "H29.1"),
        ("H29.1", "province", "H29"),
        ("H29.1.2", "commune", "H29.1.2"),
        ("H29.1.2", "district", "H29.1"),
        ("H29.1.2", "tax", "H29.1-tax"),
        ("H29.1", "bank", "H29.1-bank"),
        ("H29.1-vss", "labour", "H29.1-labour"),
        ("H29-vss", "labour", "H29-labour"),  # who pays social insurance to the city is the city's business
    ],
)
def test_the_office_of_a_level(filed_at: str, level: Any, office: str) -> None:
    assert offices.office_of(filed_at, level) == office


def test_loading_is_quick_and_pulls_in_nothing_heavy() -> None:
    code = (
        "import sys; from datetime import date; from casework import checks, procedures; "
        "procedures.load('SW', date(2020, 5, 1)); print(sorted({'holidays', 'boto3', 'pydantic'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# ---- a sixth service ----


@pytest.mark.parametrize("example", EXAMPLES["example"], ids=[example["says"] for example in EXAMPLES["example"]])
def test_a_sixth_service_is_one_file_and_its_examples(example: dict[str, Any]) -> None:
    law = procedures.parse(SOUND, "BK.toml").on(date(2020, 5, 12))
    without = set(example.get("without", ()))
    rows = [
        {name: Fact(value) for name, value in (EXAMPLES["usual"]["row"] | row).items() if name not in without}
        for row in example.get("rows", [{}])
    ]
    verdict = checks.evaluate(law, {}, rows, as_of=date(2020, 5, 12))
    findings = [finding for row in verdict.rows for finding in row.findings]
    assert verdict.route == example["route"]
    assert [f.rule for f in findings if f.verdict == "fail"] == example.get("fails", [])
    assert [f.rule for f in findings if f.verdict == "unknown"] == example.get("unknown", [])
    assert verdict.total_vnd == example.get("total_vnd", verdict.total_vnd)


def test_a_setting_can_be_set_otherwise() -> None:
    law = procedures.parse(SOUND, "BK.toml", overrides={"BK.least_age": 12}).on(date(2020, 5, 12))
    assert law.rules[0].condition is not None
    assert law.rules[0].condition.params["value"] == 12
    assert law.rules[0].to_be_confirmed == ("BK.least_age",)
    assert law.settings["BK.least_age"].value == 12


# ---- what is refused ----


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('test = "at_least"', 'test = "at_lest"', "BK.toml: rule BK-1: unknown operator at_lest"),
        ('fact = "bicycle.age_months"', 'fact = "bicycle.age"', "BK.toml: rule BK-1: unknown fact bicycle.age"),
        ('fact = "bicycle.age_months"', 'fact = "guild.member"', "BK.toml: rule BK-1: guild.member is of type bool, not int or money"),
        ('value = "$least_age"', 'value = "$last_age"', "BK.toml: rule BK-1: unknown setting last_age"),
        ('value = "$least_age"', 'value = "24"', "BK.toml: rule BK-1: value is not of kind int"),
        ('value = "$least_age"\n', "", "BK.toml: rule BK-1: at_least needs the value “value”"),
        ('value = "$least_age"', "value = 24", "BK.toml: setting least_age: nothing rests on it"),
        ('fact = "bicycle.age_months"\n', "", "BK.toml: rule BK-1: at_least needs the fact “fact”"),
        ('value = "$least_age"', 'value = "$least_age"\nvaleu = 3', "BK.toml: rule BK-1: does not know the word “valeu”"),
        ('law = "Quy chế giả tưởng số 1/2020, Điều 1"\n', "", "BK.toml: rule BK-1: cites no law (law and source are both needed)"),
        ('says_en = "The bicycle is old enough."\n', "", "BK.toml: rule BK-1: says and says_en are both needed"),
        ('values = ["cargo"]', 'values = ["tandem"]', "BK.toml: rule BK-2: bicycle.kind has no value tandem"),
        ('[[rule]]\nid = "BK-2"', RULE_1 + '[[rule]]\nid = "BK-2"', "BK.toml: rule BK-1: stands twice in version 2020"),
        ("[facts]\n", '[facts]\n"suspension.kind" = { given_by = ["applicant"] }\n', "BK.toml: fact suspension.kind: no rule and no benefit looks at it"),
        ("[facts]\n", '[facts]\n"bell.loud" = { given_by = ["applicant"] }\n', "BK.toml: fact bell.loud: unknown fact: not in facts.toml and declared without a type"),
        ("[facts]\n", '[facts]\n"suspension.kind" = { type = "int", subject = "row", title = "a", title_en = "b", given_by = ["applicant"] }\n', "BK.toml: fact suspension.kind: is in the dictionary already and cannot be declared again"),
        ('given_by = ["registry guild"]', 'given_by = ["registry gild"]', "BK.toml: fact guild.member: given by “registry gild”, which the service does not have"),
        ('given_by = ["registry guild"]', 'given_by = ["rumour"]', "BK.toml: fact guild.member: given_by must name who gives it: document, registry, applicant, officer, system"),
        ('id = "2020"', 'id = "2020"\nuntil = 2020-06-30\n\n[[version]]\nid = "2020b"\nsince = 2020-06-30', "BK.toml: version 2020b: overlaps version 2020"),
        ('value = "$least_age"', 'value = "$least_age"\nsince = 2020-03-01', "BK.toml: rule BK-1: is in force for a part of version 2020 only"),
        ('value = "$least_age"', 'value = "$least_age"\nuntil = "2020"', "BK.toml: rule BK-1: until must be a date"),
        ('value = "$least_age"', 'value = "$least_age"\notherwise = "shout"', "BK.toml: rule BK-1: otherwise must be one of ask, review, refuse"),
        ('subject = "row"\nsays = "Xe đã', 'subject = "wheel"\nsays = "Xe đã', "BK.toml: rule BK-1: subject must be one of dossier, row"),
        ('test = "at_least"', 'test = "at_least"\nany = []', "BK.toml: rule BK-1: needs exactly one of test, any, all"),
        ("days = 2", "days = 0", "BK.toml: stage commune_decision: days must be a whole number from 1, or absent"),
        ('level = "commune"', 'level = "planet"', "BK.toml: stage commune_decision: level must be one of commune, district, province, vss, bank, tax, labour, finance"),
        ('unit = "working"', 'unit = "moon"', "BK.toml: stage commune_decision: unit must be one of working, calendar"),
        ('rules = ["BK-2"]', 'rules = ["BK-9"]', "BK.toml: refusal_reason racing: unknown rule BK-9"),
        ("monthly_vnd = 100_000", "", "BK.toml: benefit: monthly_vnd missing"),
        ('starts = "courier.stops_on"', 'starts = "courier.stop"', "BK.toml: benefit: unknown fact courier.stop"),
        ('starts = "courier.stops_on"', 'starts = "courier.stops_on"\nby = "bicycle.kind"', "BK.toml: benefit: amounts by kind need “by”, and only they have it"),
        ("monthly_vnd = 100_000", 'by = "bicycle.kind"\nmonthly_vnd = { cargo = 1 }', "BK.toml: benefit: no amount for bicycle.kind racing"),
        ('need = "required"', 'need = "nice"', "BK.toml: paper ['bicycle_card']: need must be one of required, supporting"),
        ('title_en = "Bicycle repair grant for couriers (a fictitious service)"\n', "", "BK.toml: the file: title_en is missing"),
        ('law = ["Quy chế giả tưởng số 1/2020"]', 'law = ["Quy chế giả tưởng số 1/2020"]\nlaws = []', "BK.toml: the file: does not know the word “laws”"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_named_by_file_rule_and_reason(old: str, new: str, expected: str) -> None:
    assert SOUND.count(old) >= 1
    assert expected in defects(SOUND.replace(old, new, 1))


def test_all_defects_are_told_at_once() -> None:
    broken = SOUND.replace('test = "at_least"', 'test = "at_lest"').replace('values = ["cargo"]', 'values = ["tandem"]')
    assert len(defects(broken)) >= 2


def test_what_is_no_toml_is_refused() -> None:
    assert defects("id = ")[0].startswith("BK.toml: not valid TOML")


def test_a_way_in_must_lead_somewhere() -> None:
    with_way = SOUND.replace('id = "BK-1"', 'id = "BK-1"\nway_into = "BK-2"', 1)
    assert "BK.toml: rule BK-1: leads into BK-2, which has no ways" in defects(with_way)
    settled = SOUND + (
        '\n[[rule]]\nid = "BK-0"\nsubject = "row"\nsays = "a"\nsays_en = "b"\nlaw = "c"\nsource = "d"\nways = ["BK-1"]\n'
    )
    assert "BK.toml: rule BK-0: its way BK-1 does not lead into it" in defects(settled)


def test_a_rule_for_ways_in_must_have_them_and_stand_on_a_row() -> None:
    for_none = SOUND.replace('id = "BK-1"', 'id = "BK-1"\nfor_ways = ["BK-2"]', 1)
    assert "BK.toml: rule BK-1: is for no way in of version 2020" in defects(for_none)
    on_dossier = for_none.replace('subject = "row"\nsays = "Xe đã', 'subject = "dossier"\nsays = "Xe đã')
    assert "BK.toml: rule BK-1: for_ways is for a rule on a row only" in defects(on_dossier)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ('counted = "bicycle.age_months"', "counted and each go together, in a rule on the dossier"),
        (
            'counted = "guild.member"\neach = { test = "is_true", fact = "guild.member" }',
            "counted and each go together",
        ),
    ],
)
def test_a_count_goes_with_what_each_row_must_meet(words: str, reason: str) -> None:
    assert reason in "\n".join(defects(SOUND.replace('id = "BK-1"', f'id = "BK-1"\n{words}', 1)))


def test_what_is_counted_is_a_number_the_rule_looks_at() -> None:
    words = 'counted = "guild.member"\neach = { test = "is_true", fact = "guild.member" }\nsubject = "dossier"'
    broken = SOUND.replace('id = "BK-1"\nsubject = "row"', f'id = "BK-1"\n{words}', 1)
    assert "counted names guild.member, which is no whole number the rule looks at" in "\n".join(defects(broken))


def test_a_later_version_replaces_a_rule() -> None:
    versions = 'id = "2020"\nuntil = 2020-06-30\n\n[[version]]\nid = "2021"\nsince = 2020-07-01'
    later = RULE_1.replace('value = "$least_age"', "value = 36\nsince = 2020-07-01")
    earlier = RULE_1.replace('value = "$least_age"', 'value = "$least_age"\nuntil = 2020-06-30')
    text = SOUND.replace('id = "2020"', versions, 1).replace(RULE_1, earlier + later)
    service = procedures.parse(text, "BK.toml")
    values = [
        rule.condition.params["value"]
        for day in (date(2020, 6, 30), date(2020, 7, 1))
        for rule in service.on(day).rules
        if rule.id == "BK-1" and rule.condition
    ]
    assert values == [24, 36]
