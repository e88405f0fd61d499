"""What a person is due: the months of the period that nobody pays already, times the monthly amount.

Computed from the same facts as the rules; whether it is due at all, the rules say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.finding import HeldMonth
from casework.operators import View
from casework.operators.months import divided
from casework.rules import Benefit


@dataclass(frozen=True, slots=True)
class Share:
    """One person's share. `counted_months` None while the period is not known; `waits_for` are the facts, missing or
    doubtful, without which the amount is not sure; `held` the months of the period that are held already."""

    counted_months: tuple[str, ...] | None
    amount_vnd: int
    waits_for: tuple[str, ...] = ()
    held: tuple[HeldMonth, ...] = ()


def due(benefit: Benefit, view: View) -> Share:
    """The share of the person the view shows. An unknown region gives no amount, an unknown wage no cap: it waits for
    both. A month raised to this benefit gives what it adds."""
    months = divided(benefit, view)
    if months is None:
        return Share(None, 0, tuple(fact for fact in benefit.period_facts() if view.get(fact) is None))
    missing = [fact for fact in (benefit.by, benefit.due, benefit.paid) if fact is not None and view.get(fact) is None]
    monthly = benefit.monthly_vnd
    if isinstance(monthly, Mapping):
        monthly = monthly.get(view.get(benefit.by), 0) if benefit.by else 0
    added = {held.month: held.added_vnd for held in months.raised}
    amount = sum(added.get(month, monthly) for month in months.due)
    if benefit.due and benefit.paid and not {benefit.due, benefit.paid} & set(missing):
        amount = min(amount, max(0, view.get(benefit.due) - view.get(benefit.paid)))
    return Share(months.due, amount, tuple(missing), months.held)
