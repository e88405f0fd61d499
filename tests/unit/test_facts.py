"""The dictionary of facts: what is taken as a value, and how it is said."""

from datetime import date
from typing import Any

import pytest
from casework.facts import dictionary, fact_kind, said, take
from casework.finding import HeldMonth, Text

KINDS = dictionary()

HELD = {"month": "2020-05", "code": "H29.1-200506-0007", "procedure": "TC", "amount_vnd": 1_000_000}


@pytest.mark.parametrize(
    ("fact_id", "value", "taken"),
    [
        ("suspension.starts_on", "2020-04-15", date(2020, 4, 15)),
        ("suspension.starts_on", date(2020, 4, 15), date(2020, 4, 15)),
        ("suspension.starts_on", "2020-04", None),
        ("employee.date_of_birth", "1958", None),
        ("suspension.starts_on", None, None),
        ("bhxh.paid_through", "2020-01", "2020-01"),
        ("payments.months", ["2020-05", "2020-04", "2020-05"], (HeldMonth("2020-04"), HeldMonth("2020-05"))),
        ("payments.months", [HELD], (HeldMonth("2020-05", "H29.1-200506-0007", "TC", 1_000_000),)),
        ("payments.months", [], ()),
        ("finance.retained_profit_vnd", -5, -5),
        ("vss.contract_ended", False, False),
        ("employer.kind", "cooperative", "cooperative"),
        ("termination.reason", "công ty chuyển địa điểm", "công ty chuyển địa điểm"),
        ("employee.permanent_address", {"raw": "Hà Nội"}, {"raw": "Hà Nội"}),
        ("employee.id_number", "079184001234", "079184001234"),
    ],
)
def test_what_is_taken(fact_id: str, value: Any, taken: Any) -> None:
    assert take(KINDS[fact_id], value) == taken


@pytest.mark.parametrize(
    ("fact_id", "value"),
    [
        ("suspension.starts_on", "15/04/2020"),
        ("suspension.starts_on", "2020-02-30"),
        ("suspension.starts_on", "20200415"),
        ("suspension.starts_on", "2020-W15-1"),
        ("suspension.starts_on", "2020-04-1５"),
        ("suspension.starts_on", "0020-04-15"),
        ("suspension.starts_on", "2020-13"),
        ("suspension.starts_on", 20200415),
        ("bhxh.paid_through", "01/2020"),
        ("bhxh.paid_through", "0000-01"),
        ("payments.months", "2020-05"),
        ("payments.months", ["05/2020"]),
        ("payments.months", [HELD | {"amount_vnd": -1}]),
        ("payments.months", [HELD | {"who": "7912345670"}]),
        ("finance.cash_vnd", 1.0),
        ("finance.cash_vnd", True),
        ("stoppage.count", "30"),
        ("stoppage.count", -1),
        ("finance.revenue_vnd", -5),
        ("finance.wage_reserve_vnd", -1),
        ("finance.cash_vnd", -1),
        ("finance.cash_vnd", 10**18),
        ("finance.retained_profit_vnd", -(10**18)),
        ("household.revenue_2020_vnd", -1),
        ("income.monthly_vnd", -1),
        ("vss.contract_ended", 0),
        ("employer.kind", "enterprize"),
        ("employee.id_number", 79184001234),
    ],
)
def test_what_is_refused_in_words(fact_id: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{fact_id}: .* is not "):
        take(KINDS[fact_id], value)


def test_a_wrong_value_is_quoted_short_however_long_it_is() -> None:
    for value in (-(10**5000), "9" * 5000):
        with pytest.raises(ValueError, match="is not a whole number of VND") as refused:
            take(KINDS["finance.revenue_vnd"], value)
        assert len(str(refused.value)) < 200


def test_only_what_is_left_after_a_loss_may_be_below_zero() -> None:
    assert [kind.id for kind in KINDS.values() if kind.may_be_negative] == ["finance.retained_profit_vnd"]


@pytest.mark.parametrize(
    ("fact_id", "value", "words"),
    [
        ("suspension.starts_on", date(2020, 4, 5), Text("05/04/2020", "05/04/2020")),
        ("bhxh.paid_through", "2020-01", Text("01/2020", "01/2020")),
        ("payments.months", (), Text("không có", "none")),
        ("payments.months", ("2020-04", "2020-05"), Text("04/2020, 05/2020", "04/2020, 05/2020")),
        (
            "payments.months",
            (HeldMonth("2020-05", "H29.1-200506-0007", "TC", 1_000_000),),
            Text(
                "05/2020 (TC, hồ sơ H29.1-200506-0007: 1.000.000 đồng)",
                "05/2020 (TC, dossier H29.1-200506-0007: 1,000,000 VND)",
            ),
        ),
        ("loan.amount_vnd", 5_400_000, Text("5.400.000 đồng", "5,400,000 VND")),
        ("finance.retained_profit_vnd", -1_000, Text("-1.000 đồng", "-1,000 VND")),
        ("vss.contract_ended", True, Text("có", "yes")),
        ("contract.type", "indefinite", Text("không xác định thời hạn", "indefinite")),
        ("termination.reason", "lý do khác", Text("lý do khác", "lý do khác")),
        ("stoppage.count", 29, Text("29", "29")),
        ("stoppage.count", None, Text("chưa rõ", "not known")),
    ],
)
def test_how_a_value_is_said(fact_id: str, value: Any, words: Text) -> None:
    assert said(KINDS[fact_id], value) == words


def test_every_fact_has_its_name_in_both_languages_and_its_own_place() -> None:
    assert len(KINDS) > 100
    assert all(kind.title.vi and kind.title.en and kind.id == fact_id for fact_id, kind in KINDS.items())


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"type": "colour", "subject": "row", "title": "a", "title_en": "b"}, "type must be one of"),
        ({"type": "int", "subject": "wheel", "title": "a", "title_en": "b"}, "subject must be dossier or row"),
        ({"type": "int", "subject": "row", "title": "a"}, "title and title_en are both needed"),
        ({"type": "enum", "subject": "row", "title": "a", "title_en": "b"}, "an enum needs values"),
        ({"type": "bool", "subject": "row", "title": "a", "title_en": "b", "negative": True}, "can be negative"),
    ],
)
def test_a_fact_that_is_not_sound_is_refused(entry: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        fact_kind("x.y", entry)
