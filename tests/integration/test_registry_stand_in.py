"""The registries' stand-in over real HTTP: what is documented is what it does."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from adapters.registries import CONNECTORS, HeardRegistry
from adapters.registries.http import HttpRegistry
from casework.errors import RegistryUnavailable
from casework.registry import DOSSIER_FACTS

from infra.local import registry_answers as told
from infra.local.registries import StandIn, registry_down
from infra.local.registry_answers import (
    CIC_BAD_DEBT,
    ENTERPRISE_NOT_FOUND,
    HOUSEHOLD_AT_THE_LINE,
    HOUSEHOLD_UNKNOWN,
    TAX_HAS_REVENUE,
    VSS_BROKEN,
    VSS_DOWN,
    VSS_FLIPS,
    VSS_LATER,
    VSS_NO_CUT,
    VSS_SLOW,
    answer_for,
)
from tests.registry_side import EMPLOYER, SECRET, ask_about

SANDBOX = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def stand_in():
    with StandIn(slow_seconds=0.4) as service:
        service.secret = SECRET
        yield service


@pytest.fixture
def registry(stand_in):
    return HttpRegistry(stand_in.base_url, lambda: SECRET, deadline_seconds=3)


def test_every_http_registry_of_the_table_is_played():
    assert {name for name, kind in CONNECTORS.items() if kind == "http"} == set(DOSSIER_FACTS)


def test_a_known_person_matches(registry):
    answer = registry.ask(ask_about("7916123456", question_id="known"))
    (row,) = answer.rows
    assert (row.status, row.about, row.key) == ("match", "7916123456", "r1")
    assert row.facts == {
        "vss.participating_before_suspension": True,
        "vss.decrease_reported": True,
        "vss.contract_ended": False,
    }
    assert answer.as_of == dt.date(2020, 4, 14)
    assert answer.answered_at.tzinfo is not None


@pytest.mark.parametrize(
    ("number", "status", "fact", "value", "mismatched"),
    [
        ("7916120001", "match", "vss.participating_before_suspension", False, ()),
        ("7916120002", "match", "vss.decrease_reported", False, ()),
        ("7916120003", "match", "vss.contract_ended", True, ()),
        ("7916120004", "mismatch", "vss.contract_ended", False, ("employee.full_name",)),
        ("7916120005", "not_found", "vss.contract_ended", None, ()),
    ],
)
def test_magic_numbers_of_persons(registry, number, status, fact, value, mismatched):
    (row,) = registry.ask(ask_about(number, question_id=number)).rows
    assert (row.status, row.facts.get(fact), row.mismatched) == (status, value, mismatched)


def test_fault_25_wrong_person_is_no_answer(registry):
    told = []
    heard = HeardRegistry("vss", registry, lambda *what: told.append(what))
    with pytest.raises(RegistryUnavailable, match="wrong person: row 2"):
        heard.ask(ask_about("7916123456", "7916120006", question_id="wrong"))
    assert told == [("vss", "wrong")]
    with pytest.raises(RegistryUnavailable):
        heard.ask(ask_about(tax_code=VSS_BROKEN, question_id="broken"))
    assert heard.ask(ask_about("7916123456", question_id="right")).rows[0].status == "match"
    assert told == [("vss", "wrong")]


def test_magic_tax_codes(registry):
    not_found = registry.ask(ask_about(registry="enterprise", tax_code=ENTERPRISE_NOT_FOUND, question_id="e1"))
    assert (not_found.dossier.status, not_found.dossier.facts) == ("not_found", {})
    found = registry.ask(ask_about(registry="enterprise", question_id="e2"))
    assert found.dossier.facts == {"employer.kind": "enterprise"}
    poor = registry.ask(ask_about(registry="tax", question_id="t1"))
    assert set(poor.dossier.facts.values()) == {0}
    rich = registry.ask(ask_about(registry="tax", tax_code=TAX_HAS_REVENUE, question_id="t2"))
    assert rich.dossier.facts["finance.revenue_vnd"] > 0


@pytest.mark.parametrize(
    ("name", "tax_code", "wanted", "line", "expected"),
    [
        ("cic", EMPLOYER.tax_code, ["cic.bad_debt_at_2019_12_31"], "", [False]),
        ("cic", CIC_BAD_DEBT, ["cic.bad_debt_at_2019_12_31"], "", [True]),
        ("tax", "8100000047", ["tax.household_found", "tax.household_revenue_2020_vnd"], "", [True, 78_000_000]),
        ("tax", HOUSEHOLD_AT_THE_LINE, ["tax.household_revenue_2020_vnd"], "", [100_000_000]),
        ("tax", HOUSEHOLD_UNKNOWN, ["tax.household_found"], "", [False]),
        ("closures", "8100000047", ["province.closed_from"], "Karaoke", ["2020-03-28"]),
        ("closures", "8100000047", ["province.closed_from"], "Tạp hóa", [None]),
        ("vss", EMPLOYER.tax_code, ["bhxh.headcount_2020_01", "bhxh.headcount_now"], "", [20, 8]),
        ("vss", VSS_NO_CUT, ["bhxh.headcount_2020_01", "bhxh.headcount_now"], "", [20, 20]),
    ],
)
def test_what_the_registries_of_the_other_services_say(registry, name, tax_code, wanted, line, expected):
    question = ask_about(
        registry=name, tax_code=tax_code, wanted=wanted, line=line, question_id=f"{name}{tax_code}{expected}"
    )
    answer = registry.ask(question)
    assert [answer.dossier.facts[fact] for fact in wanted] == expected
    assert set(answer.dossier.facts) == set(wanted)  # nothing that was not asked for


@pytest.mark.parametrize(("ending", "months"), [("9999", 7), ("0008", 20)])
def test_months_of_unemployment_insurance(registry, ending, months):
    question = ask_about(f"791612{ending}", registry="ui", wanted=["ui.months_last_24"], question_id=f"ui{ending}")
    assert registry.ask(question).rows[0].facts == {"ui.months_last_24": months}


@pytest.mark.parametrize(("ending", "reported"), [("9999", False), ("0007", True)])
def test_who_is_only_stopped_was_not_reported_as_a_decrease(registry, ending, reported):
    question = ask_about(f"791612{ending}", wanted=["vss.decrease_reported"], question_id=f"stopped{ending}")
    assert registry.ask(question).rows[0].facts == {"vss.decrease_reported": reported}


def test_a_registry_under_maintenance_says_when_to_come_back(registry, stand_in):
    with pytest.raises(RegistryUnavailable, match="HTTP 503") as caught:
        registry.ask(ask_about("7916123456", tax_code=VSS_DOWN))
    assert caught.value.retry_after_seconds == 1
    with registry_down(stand_in, "tax"), pytest.raises(RegistryUnavailable):
        registry.ask(ask_about(registry="tax", question_id="t9"))
    assert registry.ask(ask_about(registry="tax", question_id="t9")).dossier


def test_a_slow_registry_is_waited_for_within_the_deadline(registry, stand_in):
    assert registry.ask(ask_about("7916123456", tax_code=VSS_SLOW, question_id="slow")).rows
    hasty = replace(registry, deadline_seconds=0.2)
    with pytest.raises(RegistryUnavailable, match=r"no answer within 0\.2 s"):
        hasty.ask(ask_about("7916123456", tax_code=VSS_SLOW, question_id="slow2"))


def test_the_documented_magic_numbers_are_those_that_are_played():
    text = SANDBOX
    assert set(re.findall(r"^\| `(\d{10})` \| `", text, re.M)) == {
        VSS_DOWN,
        VSS_SLOW,
        TAX_HAS_REVENUE,
        ENTERPRISE_NOT_FOUND,
        CIC_BAD_DEBT,
        VSS_NO_CUT,
        VSS_LATER,
        VSS_BROKEN,
        VSS_FLIPS,
        HOUSEHOLD_UNKNOWN,
        HOUSEHOLD_AT_THE_LINE,
    }
    now = dt.datetime(2020, 4, 20, tzinfo=dt.UTC)
    endings, found = [f"{number:04}" for number in range(100)], set()
    for asked in ({}, {"wanted": ["vss.decrease_reported"]}, {"registry": "ui", "wanted": ["ui.months_last_24"]}):
        usual = answer_for(ask_about("7916129999", **asked), now).rows[0]
        rows = answer_for(ask_about(*(f"791612{ending}" for ending in endings), **asked), now).rows
        found |= {e for e, row in zip(endings, rows, strict=True) if replace(row, key="r1", about=usual.about) != usual}
        found |= {e for e, row in zip(endings, rows, strict=True) if row.about != f"791612{e}"}
    assert found == set(re.findall(r"^\| `(\d{4})` \|", text, re.M))


def test_people_it_knows_by_name_are_those_documented_and_compared():
    listed = re.findall(r"^\| `(\d{10})` \| ([^|`]+) \| (\d\d)/(\d\d)/(\d{4}) \|$", SANDBOX, re.M)
    people = {number: told.Known(name, dt.date(int(y), int(m), int(d))) for number, name, d, m, y in listed}
    assert people == told.PEOPLE
    for number, known in people.items():
        for name, born, differs in (
            (known.full_name.upper(), known.date_of_birth, ()),
            ("Nguyễn Văn Khác", known.date_of_birth, ("employee.full_name",)),
            (known.full_name, dt.date(1970, 1, 1), ("employee.date_of_birth",)),
        ):
            question = ask_about(number)
            [asked] = question.rows
            question = replace(question, rows=(replace(asked, full_name=name, date_of_birth=born),))
            [row] = answer_for(question, dt.datetime(2020, 4, 20, tzinfo=dt.UTC)).rows
            assert (row.status, row.mismatched) == ("mismatch" if differs else "match", differs)


def test_a_broken_registry_and_one_that_changes_its_mind(registry):
    with pytest.raises(RegistryUnavailable, match="text/html instead of JSON"):
        registry.ask(ask_about("7916123456", tax_code=VSS_BROKEN, question_id="broken"))
    first = registry.ask(ask_about("7916123456", tax_code=VSS_FLIPS, question_id="flips"))
    anew = registry.ask(ask_about("7916123456", tax_code=VSS_FLIPS, question_id="flips~2"))
    assert first.rows[0].facts["vss.contract_ended"] != anew.rows[0].facts["vss.contract_ended"]


def test_answers_bear_the_time_the_system_believes_in():
    believed = dt.datetime(2020, 5, 4, 2, tzinfo=dt.UTC)
    with StandIn(now=lambda: believed) as service:
        service.secret = SECRET
        answer = HttpRegistry(service.base_url, lambda: SECRET).ask(ask_about("7916123456"))
    assert answer.answered_at == believed
