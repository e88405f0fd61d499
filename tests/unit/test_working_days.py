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


TET, APRIL = datetime(2020, 1, 21, 9, 0, tzinfo=VIETNAM), datetime(2020, 4, 28, 9, 0, tzinfo=VIETNAM)  # both Tuesdays
DUE_OVER_TET = {2: date(2020, 1, 30), 3: date(2020, 1, 31), 5: date(2020, 2, 4), 15: date(2020, 2, 18)}  # off 23–29/01
DUE_OVER_APRIL = {2: date(2020, 5, 4), 3: date(2020, 5, 5), 5: date(2020, 5, 7), 15: date(2020, 5, 21)}
FIRST, SECOND = date(2020, 4, 28), date(2020, 10, 20)  # a day of each version of the law


@pytest.mark.parametrize(
    ("service", "version", "stage", "days"),
    [
        ("SW", FIRST, "vss_confirmation", 3),
        ("SW", FIRST, "district_appraisal", 3),
        ("SW", FIRST, "province_decision", 2),
        ("SW", SECOND, "district_appraisal", 3),
        ("SW", SECOND, "province_decision", 2),
        ("LN", FIRST, "vss_confirmation", 3),
        ("LN", FIRST, "district_appraisal", 3),
        ("LN", FIRST, "province_decision", 2),
        ("LN", FIRST, "bank_lending", 3),
        ("LN", SECOND, "bank_decision", 5),
        ("HB", FIRST, "commune_confirmation", 5),
        ("HB", FIRST, "tax_appraisal", 2),
        ("HB", FIRST, "district_appraisal", 3),
        ("HB", FIRST, "province_decision", 2),
        ("TC", FIRST, "commune_confirmation", 3),
        ("TC", FIRST, "district_appraisal", 2),
        ("TC", FIRST, "province_decision", 3),
        ("PS", FIRST, "labour_confirmation", 15),
        ("PS", FIRST, "finance_confirmation", 15),
        ("PS", FIRST, "vss_decision", 5),
        ("PS", SECOND, "vss_decision", 5),
    ],
)
def test_each_stage_of_each_service_is_due_over_tet_and_the_end_of_april(
    service: str, version: date, stage: str, days: int
) -> None:
    plan = {plan.id: plan for plan in procedures.load(service, version).whole_way}[stage]
    assert (plan.days, plan.unit) == (days, "working")
    assert plan.due_on(TET) == DUE_OVER_TET[days]
    assert plan.due_on(APRIL) == DUE_OVER_APRIL[days]
    office_hours = (DUE_OVER_TET[days] - TET.date()).days * 24 + 8  # from nine in the morning to five in the afternoon
    assert plan.review_seconds(TET) == office_hours * 3600


@pytest.mark.parametrize(
    ("service", "ends"),
    [
        ("SW", date(2020, 5, 7)),  # 3 working days to 05/05, 2 more
        ("HB", date(2020, 5, 18)),  # 5 to 07/05, 2 to 11/05, 3 to 14/05, 2 more
        ("TC", date(2020, 5, 12)),  # 3 to 05/05, 2 to 07/05, 3 more
    ],
)
def test_a_dossier_whose_offices_take_all_their_time_ends_over_the_holidays(service: str, ends: date) -> None:
    day = APRIL.date()
    for plan in procedures.load(service, day).stages:
        due = plan.due_on(datetime(day.year, day.month, day.day, 9, tzinfo=VIETNAM))
        assert due is not None
        day = due
    assert day == ends


@pytest.mark.parametrize(
    "received", [datetime(2020, 1, 22, 17, 1, tzinfo=VIETNAM), datetime(2020, 1, 27, 9, tzinfo=VIETNAM)]
)
def test_what_comes_in_during_tet_is_counted_from_the_first_day_of_work(received: datetime) -> None:
    plan = procedures.load("SW", FIRST).stage("district_appraisal")
    assert plan.due_on(received) == date(2020, 2, 4)  # received on 30/01, then 31/01, 03/02, 04/02
