"""The closed set of tests a rule of the rulebook may use, in one plain table: pure functions from facts to an answer.

An unknown name fails when the rulebook is loaded. Knows nothing of procedures, registries or routes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from casework.operators import answers, days, months, numbers
from casework.operators.view import Answer, Params, View, join

__all__ = ["OPERATORS", "Answer", "Operator", "Params", "View", "join"]

_DATE = frozenset({"date"})
_MONTH = frozenset({"month"})
_NUMBER = frozenset({"int", "money"})
_BOOL = frozenset({"bool"})
_TEXT = frozenset({"string", "enum"})
_ENUM = frozenset({"enum"})


@dataclass(frozen=True, slots=True)
class Operator:
    """A test with what it wants: `facts` names each fact it looks at with the types allowed, `values` each constant
    with its kind (date, month, int, texts, lines). Names in `optional` may be left out. `month_left` looks at the
    months of the service's benefit, which it is given when the rulebook is loaded."""

    run: Callable[[View, Params], Answer]
    facts: Mapping[str, frozenset[str]]
    values: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


_PERIOD = {"starts": _DATE, "ends": _DATE}

OPERATORS: Mapping[str, Operator] = {
    "is_true": Operator(answers.is_true, {"fact": _BOOL}),
    "is_false": Operator(answers.is_false, {"fact": _BOOL}),
    "is_one_of": Operator(answers.is_one_of, {"fact": _ENUM}, {"values": "texts"}),
    "is_none_of": Operator(answers.is_none_of, {"fact": _ENUM}, {"values": "texts"}),
    "mentions": Operator(
        answers.mentions,
        {"fact": _TEXT},
        {"words": "texts", "hints": "texts", "negations": "texts", "others": "texts"},
        frozenset({"hints", "negations", "others"}),
    ),
    "date_between": Operator(
        days.date_between, {"fact": _DATE}, {"from": "date", "to": "date"}, frozenset({"from", "to"})
    ),
    "not_before": Operator(days.not_before, {"fact": _DATE, "of": _DATE}),
    "closed_by_decision": Operator(
        days.closed_by_decision, {"fact": _DATE, "of": _DATE, "line": _TEXT, "address": frozenset({"address"})}
    ),
    "lasts_months": Operator(days.lasts_months, _PERIOD, {"value": "int"}),
    "lasts_months_within": Operator(days.lasts_months_within, _PERIOD, {"value": "int", "from": "date", "to": "date"}),
    "within_term": Operator(
        days.within_term,
        {**_PERIOD, "opens": _DATE, "closes": _DATE, "kind": _ENUM, "term_months": _NUMBER},
    ),
    "working_days_in_month": Operator(days.working_days_in_month, {**_PERIOD, "month": _MONTH}, {"value": "int"}),
    "day_by_end_of_month": Operator(days.day_by_end_of_month, {"fact": _DATE, "month": _MONTH}, {"from": "date"}),
    "month_not_before": Operator(days.month_not_before, {"fact": _MONTH}, {"value": "month"}),
    "same_month": Operator(days.same_month, {"fact": _MONTH, "of": _DATE}),
    "months_end_by": Operator(days.months_end_by, {"fact": _MONTH, "count": _NUMBER}, {"value": "month"}),
    "month_left": Operator(months.month_left, {}, {"when_known": "texts"}, frozenset({"when_known"})),
    "at_least": Operator(numbers.at_least, {"fact": _NUMBER}, {"value": "int"}),
    "at_most": Operator(numbers.at_most, {"fact": _NUMBER}, {"value": "int"}),
    "below": Operator(numbers.below, {"fact": _NUMBER}, {"value": "int"}),
    "share_at_least": Operator(numbers.share_at_least, {"part": _NUMBER, "whole": _NUMBER}, {"percent": "int"}),
    "share_above": Operator(numbers.share_above, {"part": _NUMBER, "whole": _NUMBER}, {"percent": "int"}),
    "cut_at_least": Operator(numbers.cut_at_least, {"before": _NUMBER, "now": _NUMBER}, {"percent": "int"}),
    "at_least_share_of": Operator(numbers.at_least_share_of, {"fact": _NUMBER, "of": _NUMBER}, {"percent": "int"}),
    "at_most_share_of": Operator(numbers.at_most_share_of, {"fact": _NUMBER, "of": _NUMBER}, {"percent": "int"}),
    "below_line": Operator(numbers.below_line, {"fact": _NUMBER, "by": _ENUM}, {"lines": "lines"}),
    "at_least_line": Operator(numbers.at_least_line, {"fact": _NUMBER, "by": _ENUM}, {"lines": "lines"}),
    "not_entitled_to_unemployment_benefit": Operator(
        answers.not_entitled_to_unemployment_benefit,
        {
            "kind": _ENUM,
            "in_24": _NUMBER,
            "in_36": _NUMBER,
            "leave_kind": _ENUM,
            "leave_starts": _DATE,
            "leave_ends": _DATE,
            "ended": _DATE,
        },
        {"least": "int", "seasonal": "texts"},
    ),
}
