"""Settings come from the environment once; what is missing is named, and production runs on the true time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from adapters.settings import PretendedClock, SettingMissing, Settings, TrueClock


def test_what_is_missing_is_named() -> None:
    with pytest.raises(SettingMissing, match="CASES_TABLE"):
        Settings.of({}).need("CASES_TABLE")


def test_an_empty_value_is_missing_too() -> None:
    with pytest.raises(SettingMissing, match="CASES_TABLE"):
        Settings.of({"CASES_TABLE": ""}).need("CASES_TABLE")


def test_what_may_be_missing_is_empty() -> None:
    assert Settings.of({}).maybe("PRETEND_NOW") == ""
    assert Settings.of({"STAGE": "dev"}).maybe("STAGE") == "dev"


def test_settings_do_not_follow_the_environment_afterwards() -> None:
    environment = {"STAGE": "dev"}
    settings = Settings.of(environment)
    environment["STAGE"] = "prod"
    assert settings.need("STAGE") == "dev"


def test_production_never_pretends_a_time() -> None:
    with pytest.raises(ValueError, match="PRETEND_NOW"):
        Settings.of({"STAGE": "prod", "PRETEND_NOW": "2020-05-18T02:00:00+00:00"})
    assert Settings.of({"STAGE": "dev", "PRETEND_NOW": "2020-05-18T02:00:00+00:00"})


def test_a_pretended_clock_runs_on_from_where_it_was_set() -> None:
    start = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)
    clock = PretendedClock(start)
    first, second = clock(), clock()
    assert start <= first <= second < start + timedelta(minutes=1)


def test_the_true_clock_is_in_utc() -> None:
    assert TrueClock()().utcoffset() == timedelta(0)
