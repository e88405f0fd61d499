"""Working days of the Vietnamese administration, over Tết 2020 and the end of April."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from casework import procedures
from casework.vietnam import working_days
from casework.vietnam.working_days import VIETNAM


@dataclass(frozen=True)
class Limit:
    days: int | None
    unit: Literal["working", "calendar"] = "working"


def test_working_days_of_each_month_of_2020() -> None:
    day, counted = date(2020, 1, 1), [0] * 12
    while day.year == 2020:
        counted[day.month - 1] += working_days.is_working_day(day)
        day += timedelta(days=1)
    assert counted == [17, 20, 22, 20, 20, 22, 23, 21, 21, 22, 21, 23]


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2020, 4, 29), 3, date(2020, 5, 6)),  # 30/04, 01/05 and the weekend are skipped
        (date(2020, 4, 1), 3, date(2020, 4, 7)),  # 02/04 is Giỗ Tổ
        (date(2020, 5, 12), 8, date(2020, 5, 22)),  # the whole way of SW
        (date(2020, 5, 12), 12, date(2020, 5, 28)),  # the whole way of HB in working days
        (date(2020, 1, 22), 1, date(2020, 1, 30)),  # Tết: 23–29/01
        (date(2020, 1, 22), 3, date(2020, 2, 3)),
        (date(2020, 1, 25), 1, date(2020, 1, 31)),  # received on Tết counts as received on 30/01
        (date(2020, 5, 2), 1, date(2020, 5, 5)),  # a Saturday counts as received on Monday
        (date(2020, 9, 1), 1, date(2020, 9, 3)),
    ],
)
def test_working_days_after_receipt(received: date, days: int, due: date) -> None:
    assert working_days.add_working_days(received, days) == due
    assert working_days.deadline(Limit(days), received) == due


def test_a_limit_below_one_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        working_days.add_working_days(date(2020, 5, 12), 0)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2020, 5, 11), 3, date(2020, 5, 14)),
        (date(2020, 5, 12), 4, date(2020, 5, 18)),  # 16/05 is a Saturday
        (date(2020, 4, 27), 3, date(2020, 5, 4)),  # 30/04, 01/05, weekend
    ],
)
def test_calendar_days_end_on_a_working_day(received: date, days: int, due: date) -> None:
    assert working_days.deadline(Limit(days, "calendar"), received) == due


def test_no_limit_has_no_deadline() -> None:
    assert working_days.deadline(Limit(None), date(2020, 5, 12)) is None


@pytest.mark.parametrize(
    ("moment", "received"),
    [
        (datetime(2020, 5, 12, 16, 59, tzinfo=VIETNAM), date(2020, 5, 12)),
        (datetime(2020, 5, 12, 17, 0, tzinfo=VIETNAM), date(2020, 5, 12)),
        (datetime(2020, 5, 12, 17, 1, tzinfo=VIETNAM), date(2020, 5, 13)),
        (datetime(2020, 5, 12, 9, 59, tzinfo=UTC), date(2020, 5, 12)),  # 16:59 in Viet Nam
        (datetime(2020, 5, 12, 20, 0, tzinfo=UTC), date(2020, 5, 13)),  # 03:00 of the next day
        (datetime(2020, 5, 15, 18, 0, tzinfo=VIETNAM), date(2020, 5, 18)),  # Friday evening
        (datetime(2020, 4, 29, 18, 0, tzinfo=VIETNAM), date(2020, 5, 4)),
        (datetime(2020, 1, 24, 9, 0, tzinfo=VIETNAM), date(2020, 1, 30)),
    ],
)
def test_what_comes_after_the_close_of_office_is_received_the_next_working_day(
    moment: datetime, received: date
) -> None:
    assert working_days.received_on(moment) == received


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        working_days.received_on(datetime(2020, 5, 12, 9, 0))


def test_a_day_worked_in_exchange_for_a_holiday_is_a_working_day() -> None:
    assert not working_days.is_working_day(date(2024, 4, 29))
    assert working_days.is_working_day(date(2024, 5, 4))  # the Saturday worked for it


def test_the_rulebook_corrects_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    corrections = (frozenset({date(2020, 5, 12)}), frozenset({date(2020, 5, 16)}))
    monkeypatch.setattr(working_days, "_corrections", lambda: corrections)
    assert not working_days.is_working_day(date(2020, 5, 12))
    assert working_days.is_working_day(date(2020, 5, 16))


def test_seconds_until_the_close_of_office() -> None:
    now = datetime(2020, 5, 12, 16, 0, tzinfo=VIETNAM)
    assert working_days.seconds_to_close(date(2020, 5, 12), now) == 3600
    assert working_days.seconds_to_close(date(2020, 5, 11), now) == 60


def test_each_stage_of_sw_knows_its_deadline_over_the_end_of_april() -> None:
    law = procedures.load("SW", date(2020, 4, 28))
    received = datetime(2020, 4, 28, 9, 0, tzinfo=VIETNAM)
    assert law.stage("district_appraisal").due_on(received) == date(2020, 5, 5)
    assert law.stage("province_decision").due_on(received) == date(2020, 5, 4)
    assert law.stage("district_appraisal").review_seconds(received) == (7 * 24 + 8) * 3600
