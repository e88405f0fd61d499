"""What a person is due: the whole months of the period inside the window, times the monthly amount.

Computed from the same facts as the rules; whether it is due at all, the rules say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework import counting
from casework.operators import View
from casework.rules import Benefit


@dataclass(frozen=True, slots=True)
class Share:
    """One person's share. `counted_months` None while the period is not known; `waits_for` are the facts, missing or
    doubtful, without which the amount is not sure."""

    counted_months: tuple[str, ...] | None
    amount_vnd: int
    waits_for: tuple[str, ...] = ()


def due(benefit: Benefit, view: View) -> Share:
    """The share of the person the view shows. An unknown region gives no amount, an unknown wage no cap: it waits for
    both."""
    months = counted_months(benefit, view)
    if months is None:
        period = (benefit.starts, benefit.ends)
        return Share(None, 0, tuple(fact for fact in period if fact is not None and view.get(fact) is None))
    missing = [fact for fact in (benefit.by, benefit.due, benefit.paid) if fact is not None and view.get(fact) is None]
    monthly = benefit.monthly_vnd
    if isinstance(monthly, Mapping):
        monthly = monthly.get(view.get(benefit.by), 0) if benefit.by else 0
    amount = monthly * len(months)
    if benefit.due and benefit.paid and not {benefit.due, benefit.paid} & set(missing):
        amount = min(amount, max(0, view.get(benefit.due) - view.get(benefit.paid)))
    return Share(months, amount, tuple(missing))


def counted_months(benefit: Benefit, view: View) -> tuple[str, ...] | None:
    """The months due as YYYY-MM, or None while the period is not known."""
    starts = view.get(benefit.starts)
    ends = view.get(benefit.ends) if benefit.ends else benefit.window_to
    if starts is None or ends is None:
        return None
    most = benefit.most_months
    if benefit.months_asked and (asked := view.get(benefit.months_asked)) is not None:
        most = max(0, min(most, asked))
    return counting.months_counted(counting.clip(starts, ends, benefit.window_from, benefit.window_to), most)
