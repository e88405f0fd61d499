"""The store in memory and the table side by side, and changes to commit to either."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from adapters.store import CaseTable
from casework.dossier import SYSTEM, Change, Dossier, change
from casework.errors import MonthsTaken, NotFound
from casework.payments import Claim, Conflict, Identity

from tests.builders import filed
from tests.template_file import properties, template

NOW = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)


def case_table() -> CaseTable:
    """The table as infra/template.yaml describes it."""
    import boto3

    client = boto3.client("dynamodb")
    wanted = properties(template(), "CasesTable")
    shape = {name: wanted[name] for name in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")}
    client.create_table(TableName="cases", BillingMode="PAY_PER_REQUEST", **shape)
    return CaseTable(client, "cases")


def step(before: Dossier, action: str = "step", **more: Any) -> Change:
    after = more.pop("after", before)
    return change(before, after, action, actor=SYSTEM, now=more.pop("now", NOW), **more)


def begun(store: Any, **differs: Any) -> Dossier:
    made = filed(**differs)
    store.commit(made)
    return made.after


# ── payments ─────────────────────────────────────────────────────────────────


def granted(store: Any, dossier_id: str, *claims: Claim) -> list[Conflict]:
    """A change of a dossier of its own that claims; the conflicts, none when it went through."""
    try:
        before = store.load(dossier_id)
    except NotFound:
        before = begun(store, id=dossier_id, code=f"code-{dossier_id}")
    try:
        store.commit(step(before, "granted", claims=claims))
    except MonthsTaken as taken:
        return list(taken.conflicts)
    return []


def a_claim(*numbers: str, months: tuple[str, ...] = ("2020-05",), name: str = "", kind: str = "cash") -> Claim:
    return Claim(f"row {numbers} {name}", Identity(numbers, name), months, kind, 1_800_000)


def held(store: Any, *numbers: str, name: str = "") -> list[tuple[str, str, bool]]:
    [found] = store.held([Identity(numbers, name)])
    return [(holding.month, holding.dossier_id, holding.sure) for holding in found]


def a_lower_claim(*numbers: str) -> Claim:
    return dataclasses.replace(a_claim(*numbers), amount_vnd=1_000_000)


def over(store: Any, lower: Claim, *numbers: str) -> Claim:
    """A claim of 1,800,000 a month that takes over what the person holds."""
    [[holding]] = store.held([lower.who])
    return dataclasses.replace(a_claim(*numbers), over=(holding.held,))
