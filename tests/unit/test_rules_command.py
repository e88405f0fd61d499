"""motcua rules: the shapes and exit codes that others hold us to."""

# ruff: noqa: E501 - a table of cases is read one case a line

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from casework import procedures
from casework.errors import BadRulebook
from typer.testing import CliRunner

from infra.local.commands import rules

app = typer.Typer()
rules.register(app)
runner = CliRunner()

EMPLOYER = {"dossier.received_on": "2020-05-12", "employer.kind": "enterprise", "finance.revenue_vnd": 0}
EMPLOYEE = {
    "suspension.starts_on": "2020-04-15",
    "suspension.ends_on": "2020-05-13",
    "suspension.reason": "dịch Covid-19",
    "contract.type": "indefinite",
    "contract.starts_on": "2018-03-01",
    "vss.participating_before_suspension": True,
    "vss.decrease_reported": True,
    "vss.contract_ended": None,
    "payments.months": [],
    "loans.months": [],
}


def run(*words: str, given: Any = None) -> tuple[int, str, str]:
    text = given if isinstance(given, str) else json.dumps(given) if given is not None else None
    result = runner.invoke(app, ["rules", *words], input=text)
    return result.exit_code, result.stdout, result.stderr


def tried(given: Any, *words: str) -> Any:
    code, out, err = run("try", "SW", "--facts", "-", "--json", *words, given=given)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_situation_is_judged_in_the_promised_shape(tmp_path: Path) -> None:
    file = tmp_path / "situation.json"
    file.write_text(json.dumps({"dossier": EMPLOYER, "rows": [EMPLOYEE]}), encoding="utf-8")
    code, out, _ = run("try", "SW", "--facts", str(file), "--as-of", "2020-05-20", "--json")
    verdict = json.loads(out)
    assert code == 0
    assert (verdict["procedure"], verdict["version"], verdict["route"]) == ("SW", "2020-04", "refusal_proposed")
    short = next(f for f in verdict["rows"][0]["findings"] if f["rule"] == "SW-1")
    assert short["verdict"] == "fail"
    assert short["says"].startswith("Thời gian tạm hoãn")
    assert short["law"].startswith("Quyết định 15/2020/QĐ-TTg")
    assert short["because"].startswith("15/04/2020–13/05/2020: 29 ngày")
    assert short["would_pass_if"] == "Sẽ đạt nếu kéo dài đến hết ngày 14/05/2020"
    unchecked = next(f for f in verdict["rows"][0]["findings"] if f["rule"] == "SW-10")
    assert (unchecked["verdict"], unchecked["would_pass_if"]) == ("unknown", None)
    assert verdict["rows"][0]["benefit"]["amount_vnd"] == 0
    assert verdict["total_vnd"] == 0


def test_a_service_may_be_written_small() -> None:
    code, out, _ = run("try", "sw", "--facts", "-", "--json", given={"dossier": EMPLOYER, "rows": [EMPLOYEE]})
    assert (code, json.loads(out)["procedure"]) == (0, "SW")
    code, _, err = run("facts", "xx")
    assert code == 2
    assert "SW" in err


def test_a_month_held_costs_that_month_and_says_by_which_dossier() -> None:
    held = {"month": "2020-05", "code": "H29.1.1-200506-0002", "procedure": "TC", "amount_vnd": 1_000_000}
    row = EMPLOYEE | {"suspension.ends_on": "2020-06-14", "vss.contract_ended": False, "payments.months": [held]}
    [told] = tried({"dossier": EMPLOYER, "rows": [row]})["rows"]
    assert (told["benefit"]["months"], told["benefit"]["amount_vnd"]) == (2, 2_600_000)
    assert told["benefit"]["months_held"] == [held | {"grant": "", "added_vnd": 800_000}]
    [finding] = [f for f in told["findings"] if f["rule"] == "SW-11"]
    assert finding["verdict"] == "pass"
    assert "05/2020 (TC, hồ sơ H29.1.1-200506-0002: 1.000.000 đồng)" in finding["because"]
    assert "05/2020 (TC, dossier H29.1.1-200506-0002: 1,000,000 VND)" in finding["because_en"]
    assert "payments.highest" in finding["to_be_confirmed"]


@pytest.mark.parametrize(
    ("dossier", "as_of", "version"),
    [
        ({"dossier.received_on": "2020-10-18"}, "2020-12-01", "2020-04"),
        ({"dossier.received_on": "2020-10-19"}, "2020-05-01", "2020-10"),
        ({}, "2020-10-18", "2020-04"),
        ({}, "2020-10-19", "2020-10"),
        ({"dossier.as_of": "2020-05-01"}, "", "2020-04"),
        ({"dossier.received_on": None, "dossier.as_of": "2020-05-01"}, "", "2020-04"),
    ],
)
def test_the_law_is_that_of_receipt_and_without_it_of_the_day_of_the_verdict(
    dossier: dict[str, Any], as_of: str, version: str
) -> None:
    words = ["--as-of", as_of] if as_of else []
    assert tried({"dossier": dossier, "rows": []}, *words)["version"] == version


def test_nothing_known_is_all_unknown() -> None:
    verdict = tried({"rows": [{}]}, "--as-of", "2020-05-12")
    assert verdict["route"] == "ask"
    assert {f["verdict"] for f in [*verdict["findings"], *verdict["rows"][0]["findings"]]} == {"unknown"}


def test_a_fact_of_another_service_is_known_and_left_aside() -> None:
    dossier = {**EMPLOYER, "household.name": "Quán Bình Minh", "loan.months": 2}
    assert (
        tried({"dossier": dossier, "rows": [{**EMPLOYEE, "vss.contract_ended": False}]})["route"] == "refusal_proposed"
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"dossier": {"employer.size": 3}}, "dossier: unknown fact employer.size"),
        ({"rows": [{}, {"suspension.starts_on": "15/04/2020"}]}, "rows[1]: suspension.starts_on: '15/04/2020' is not a date YYYY-MM-DD"),
        ({"rows": [{"suspension.starts_on": "2020-02-30"}]}, "is not a date"),
        ({"dossier": {"finance.revenue_vnd": "0"}}, "'0' is not a whole number of VND"),
        ({"dossier": {"finance.revenue_vnd": 1.5}}, "1.5 is not a whole number of VND"),
        ({"dossier": {"finance.revenue_vnd": -5}}, "dossier: finance.revenue_vnd: -5 is not a whole number of VND, 0 or more"),
        ({"dossier": {"finance.revenue_vnd": True}}, "True is not a whole number of VND"),
        ({"dossier": {"employer.kind": "enterprize"}}, "is not one of enterprise, education_private"),
        ({"rows": [{"vss.contract_ended": "no"}]}, "'no' is not true or false"),
        ({"rows": [{"payments.months": "2020-05"}]}, "is not a list of months"),
        ({"rows": [{"payments.months": ["2020-13"]}]}, "is not a list of months"),
        ({"facts": {}}, 'an object with "dossier" and "rows" is expected'),
        ([], 'an object with "dossier" and "rows" is expected'),
        ({"rows": {}}, '"rows" a list of such objects'),
        ({"dossier": []}, '"dossier" is an object of facts'),
        ({"rows": [3]}, '"rows" a list of such objects'),
        ({"dossier": {"dossier.received_on": 20200512}}, "is not a date"),
    ],
)  # fmt: skip
def test_a_wrong_fact_is_named_and_ends_with_2(given: Any, says: str) -> None:
    code, out, err = run("try", "SW", "--facts", "-", "--json", given=given)
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.parametrize(
    ("words", "given", "code", "says"),
    [
        (["try", "XX", "--facts", "-"], {}, 2, "no such procedure: XX (there are HB, LN, PS, SW, TC)"),
        (["try", "SW", "--facts", "-", "--as-of", "20/05/2020"], {}, 2, "not a date YYYY-MM-DD: 20/05/2020"),
        (
            ["try", "SW", "--facts", "-", "--as-of", "20200520"],
            {},
            2,
            "không phải là ngày dạng YYYY-MM-DD: 20200520 · not a date",
        ),
        (["try", "SW", "--facts", "-", "--as-of", "2020-W21-3"], {}, 2, "not a date YYYY-MM-DD: 2020-W21-3"),
        (["try", "SW", "--facts", "-"], "[" * 100_000, 3, "JSON lồng nhau quá sâu · -: the JSON is nested too deeply"),
        (
            ["try", "SW", "--facts", "-"],
            '{"dossier": {"finance.revenue_vnd": ' + "9" * 5000 + "}}",
            3,
            "có số quá dài · -: a number is too long",
        ),
        (
            ["try", "SW", "--facts", "-"],
            '{"dossier": {"employer.name": "A", "employer.name": "B"}}',
            2,
            "tên “employer.name” được ghi hai lần · ",
        ),
        (["try", "SW", "--facts", "-"], '{"rows": [], "rows": [{}]}', 2, "the name “rows” is given twice"),
        (["try", "SW", "--facts", "/nowhere/there.json"], None, 3, "cannot read /nowhere/there.json"),
        (["try", "SW", "--facts", "-"], "{", 3, "is not JSON"),
        (["facts", "XX"], None, 2, "no such procedure"),
    ],
)
def test_usage_and_unreadable_input(words: list[str], given: Any, code: int, says: str) -> None:
    found, out, err = run(*words, given=given)
    assert (found, out) == (code, "")
    assert says in err and len(err.splitlines()) == 1


def test_a_date_known_by_its_month_is_unknown_and_not_an_error() -> None:
    verdict = tried({"dossier": EMPLOYER, "rows": [{**EMPLOYEE, "suspension.starts_on": "2020-04"}]})
    assert next(f for f in verdict["rows"][0]["findings"] if f["rule"] == "SW-3")["verdict"] == "unknown"


def test_for_people_it_prints_reasons_money_and_what_is_to_be_confirmed() -> None:
    situation = {
        "dossier": EMPLOYER,
        "rows": [{**EMPLOYEE, "suspension.ends_on": "2020-05-14", "vss.contract_ended": False}],
    }
    code, out, _ = run("try", "SW", "--facts", "-", given=situation)
    assert code == 0
    assert "1.800.000 đồng" in out and "luồng nhanh" in out and "cần xác nhận" in out
    assert "fast lane" in run("try", "SW", "--facts", "-", "--english", given=situation)[1]


def test_a_benefit_that_comes_to_nothing_says_so_and_which_reading_of_the_law_decides() -> None:
    ended = {"contract.type": "fixed", "contract.signed_on": "2019-09-01", "termination.effective_on": "2020-06-15"}
    ended |= {"termination.reason": "expiry", "vss.participating_before_termination": True, "payments.months": []}
    ended |= {"ui.months_last_24": 8, "ui.months_last_36": 8, "income.monthly_vnd": 0}
    situation = {"dossier": {"dossier.received_on": "2020-06-20"}, "rows": [ended]}
    code, out, _ = run("try", "TC", "--facts", "-", "--english", given=situation)
    said = " ".join(out.split())
    assert code == 0
    assert "nothing to pay: no month counts" in said and "review · an officer looks" in said
    assert "to be confirmed · TC.period" in said


@pytest.mark.parametrize("service", ["SW", "LN", "HB", "TC", "PS"])
def test_the_facts_are_listed_with_type_and_giver(service: str) -> None:
    code, out, _ = run("facts", service, "--json")
    listed = json.loads(out)
    assert code == 0
    assert listed["procedure"] == service
    for fact in listed["facts"]:
        assert fact["type"] and fact["given_by"] and fact["title"] and fact["title_en"]
    named = {rule for fact in listed["facts"] for rule in fact["rules"]}
    laws = procedures.service(service).procedures.values()
    assert named == {rule.id for law in laws for rule in law.rules if rule.facts}
    assert run("facts", service)[0] == 0


@pytest.mark.parametrize("service", ["SW", "LN", "HB", "TC", "PS"])
def test_at_100_columns_no_fact_is_cut_short(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    out = run("facts", service)[1]
    assert "dữ kiện" in out and "…" not in out
    assert all(line.endswith("│") for line in out.splitlines() if line.startswith("│"))
    named = [line.split("│")[1].strip() for line in out.splitlines() if line.startswith("│")]
    listed = json.loads(run("facts", service, "--json")[1])["facts"]
    assert [fact["fact"] for fact in listed if fact["fact"] not in named] == []


def test_tables_have_headings_in_the_language_asked_for() -> None:
    situation = {"dossier": EMPLOYER, "rows": [EMPLOYEE]}
    vi, en = (run("try", "SW", "--facts", "-", *words, given=situation)[1] for words in ([], ["--english"]))
    assert all(word in vi for word in ("quy định", "kết quả", "nội dung", "lý do"))
    assert all(word in en for word in ("rule", "verdict", "what it asks", "why"))


def test_words_in_square_brackets_are_printed_as_they_are() -> None:
    row = {**EMPLOYEE, "suspension.reason": "lý do [/khác] [red]"}
    code, out, _ = run("try", "SW", "--facts", "-", given={"dossier": EMPLOYER, "rows": [row]})
    assert code == 0
    assert "[/khác]" in out and "[red]" in out


def test_half_a_character_is_refused_in_words() -> None:
    code, out, err = run("try", "SW", "--facts", "-", given='{"dossier": {"\\ud800": 1}}')
    assert (code, out) == (2, "")
    assert "unknown fact" in err


def test_the_rulebook_is_checked() -> None:
    code, out, _ = run("check")
    assert code == 0
    assert "SW: 11 rules, versions 2020-04, 2020-10: ok" in out
    assert json.loads(run("check", "--json")[1])["sound"] is True


def test_a_rulebook_that_is_not_sound_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsound(service_id: str) -> Any:
        raise BadRulebook([f"procedures/{service_id}.toml: rule X-1: unknown operator guess"])

    monkeypatch.setattr(procedures, "service", unsound)
    code, _, err = run("check")
    assert code == 1
    assert "procedures/SW.toml: rule X-1: unknown operator guess" in err
    assert run("try", "SW", "--facts", "-", given={})[0] == 1
