"""The months a benefit counts for a person: those of its period, less those held already (rules X-1, X-2).

One month, one benefit: a month held costs that month and no other. A lower cash benefit gives way to a higher one,
which adds what it is higher by. Rule and amount look at the same months, so they cannot disagree.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from casework import counting
from casework.facts import money_said, month_said
from casework.finding import HeldMonth, Text
from casework.operators.view import Answer, Params, View, extended, join
from casework.rules import Benefit

HIGHEST = "payments.highest"
"""The setting that says how the highest of two benefits is given."""


@dataclass(frozen=True, slots=True)
class Months:
    """`due`: the months that count, in order; `held`: months of the period the person holds already. One that is raised
    to the higher benefit stands in both."""

    due: tuple[str, ...]
    held: tuple[HeldMonth, ...] = ()

    @property
    def raised(self) -> tuple[HeldMonth, ...]:
        return tuple(held for held in self.held if held.added_vnd)

    @property
    def lost(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(held.month for held in self.held if not held.added_vnd))


def month_left(view: View, p: Params) -> Answer:
    """Of the months of the benefit's period at least one is not held already. Facts of `when_known` stand aside while
    nobody gave them."""
    benefit: Benefit = p["benefit"]
    facts = [fact for fact in benefit.held_facts() if fact not in p.get("when_known", ()) or view.given(fact)]
    if unknown := view.unknown(*facts):
        return unknown
    told = [view.say(fact) for fact in facts if view.get(fact)]
    if not facts:
        return Answer(True, Text("Các tháng đã hưởng: chưa tra cứu", "Months already held: not looked up"))
    if not told:
        return Answer(True, view.say(facts[0]))
    months = divided(benefit, view)
    if months is None:
        unknown = view.unknown(*benefit.period_facts())
        assert unknown is not None  # else the months could be counted
        return unknown
    because = _explained(join(told), months, benefit)
    rests_on = (HIGHEST,) if months.raised else ()
    return Answer(bool(months.due) or not period_months(benefit, view), because, rests_on=rests_on)


def divided(benefit: Benefit, view: View) -> Months | None:
    """The months due and those held, or None while the period is not known. What is held and not known holds nothing
    here: the rule says that it is not known."""
    months = period_months(benefit, view)
    if months is None:
        return None
    cash: Sequence[HeldMonth] = (view.get(benefit.cash) if benefit.cash else None) or ()
    loans: Sequence[HeldMonth] = (view.get(benefit.loans) if benefit.loans else None) or ()
    held: list[HeldMonth] = []
    for month in months:
        paid = [one for one in cash if one.month == month]
        lent = [one for one in loans if one.month == month]
        held += [_raised(paid[0], benefit)] if len(paid) == 1 and not lent else [*paid, *lent]
    of_period = Months((), tuple(held))
    free = [month for month in months if month not in of_period.lost]
    return Months(tuple(free[: _most_left(benefit, cash, loans, of_period)]), of_period.held)


def period_months(benefit: Benefit, view: View) -> tuple[str, ...] | None:
    """The whole months of the period as YYYY-MM, whoever holds them; None while the period is not known."""
    starts = view.get(benefit.starts)
    ends = view.get(benefit.ends) if benefit.ends else benefit.window_to
    if starts is None or ends is None:
        return None
    most = benefit.most_months
    if benefit.months_asked and (asked := view.get(benefit.months_asked)) is not None:
        most = max(0, min(most, asked))
    return counting.months_counted(counting.clip(starts, ends, benefit.window_from, benefit.window_to), most)


def _raised(held: HeldMonth, benefit: Benefit) -> HeldMonth:
    """A month held under a lower cash benefit, with what this one adds to it; as it is where it is not lower."""
    monthly = benefit.monthly_vnd
    if not benefit.raises or not isinstance(monthly, int) or held.amount_vnd is None or held.amount_vnd >= monthly:
        return held
    return dataclasses.replace(held, added_vnd=monthly - held.amount_vnd)


def _most_left(benefit: Benefit, cash: Sequence[HeldMonth], loans: Sequence[HeldMonth], of_period: Months) -> int:
    """How many months of the most the law gives are left: what the same kind of benefit gave before counts."""
    own = loans if benefit.kind == "loan" else cash
    first, last = counting.month_of(benefit.window_from), counting.month_of(benefit.window_to)
    before = {held.month for held in own if first <= held.month <= last} - {held.month for held in of_period.raised}
    return max(0, benefit.most_months - len(before))


def _explained(because: Text, months: Months, benefit: Benefit) -> Text:
    """What is held, what it costs and what is left."""
    if months.lost:
        lost = ", ".join(month_said(month) for month in months.lost)
        because = extended(because, f"; trùng tháng {lost}", f"; the same month {lost}")
    for held in months.raised:
        month, added = month_said(held.month), money_said(held.added_vnd)
        monthly = money_said(benefit.monthly_vnd) if isinstance(benefit.monthly_vnd, int) else Text("", "")
        because = extended(
            because,
            f"; tháng {month} hưởng mức cao nhất {monthly.vi}, thêm {added.vi}",
            f"; {month} at the highest benefit, {monthly.en}: {added.en} more",
        )
    if months.due and months.held:
        left = ", ".join(month_said(month) for month in months.due)
        because = extended(because, f"; còn được hưởng tháng {left}", f"; left: {left}")
    elif not months.due and not months.lost:
        most = benefit.most_months
        because = extended(because, f"; đã đủ {most} tháng", f"; all {most} months are used")
    return because
