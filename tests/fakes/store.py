"""The store, the outbox and the payments in memory: one lock, plain JSON inside, as strict as the table."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.dossier import AuditEntry, Change, Dossier, Record
from casework.errors import (
    MonthsTaken,
    NotFound,
    StaleVersion,
)
from casework.payments import Conflict, Holding, Identity, comparable, grant_key, grant_name, hold_name
from casework.plain import from_plain
from casework.ports import PendingEffect
from casework.sightings import Sighting

from tests.fakes.plain import as_stored
from tests.fakes_desk import MemoryDesk, kept_record

# ── the store ────────────────────────────────────────────────────────────────


@dataclass
class _Pending:
    data: Any
    order: str
    state: str = "pending"
    claimed_at: str = ""


class MemoryStore(MemoryDesk):
    """DossierStore, Outbox and Payments. `interrupt`, once set, is called in the next commit, before it looks."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()
        self._dossiers: dict[str, Any] = {}
        self._audit: dict[str, list[Any]] = defaultdict(list)
        self._records: dict[str, dict[str, Any]] = defaultdict(dict)
        self._seen: dict[str, list[Sighting]] = defaultdict(list)
        self._outbox: dict[tuple[str, str], _Pending] = {}
        self._numbers: Counter[tuple[str, date]] = Counter()
        self._granted: dict[tuple[str, str], tuple[frozenset[str], Holding]] = {}
        self._holds: dict[tuple[str, str], str] = {}
        self.interrupt: Callable[[], None] | None = None
        self.commits = 0

    def load(self, dossier_id: str) -> Dossier:
        with self._lock:
            if dossier_id not in self._dossiers:
                raise NotFound(dossier_id)
            return from_plain(Dossier, self._dossiers[dossier_id])

    def commit(self, change: Change) -> None:
        interrupt, self.interrupt = self.interrupt, None
        if interrupt is not None:
            interrupt()
        with self._lock:
            dossier_id = change.after.id
            stored = self._dossiers.get(dossier_id)
            if (stored["version"] if stored else None) != (change.before.version if change.before else None):
                raise StaleVersion(dossier_id)
            if any(record.once and record.key in self._records[dossier_id] for record in change.records):
                raise StaleVersion(dossier_id)
            if any((dossier_id, effect.id) in self._outbox for effect in change.effects):
                raise StaleVersion(dossier_id)
            if any(self._outbox[dossier_id, effect_id].state != "pending" for effect_id in change.cancelled):
                raise StaleVersion(dossier_id)
            rows = {record.key: as_stored(record) for record in change.records}
            self._take(change)
            self._let_go(change)
            self.count(change)
            for effect_id in change.cancelled:
                self._outbox[dossier_id, effect_id].state = "done"
            self._dossiers[dossier_id] = as_stored(change.after)
            self._audit[dossier_id].append(as_stored(change.audit))
            self._records[dossier_id].update(rows)
            for effect in change.effects:
                order = f"{effect.not_before or change.audit.at}#{effect.id}"
                self._outbox[dossier_id, effect.id] = _Pending(as_stored(effect), order)
            self.commits += 1

    def next_number(self, office: str, day: date) -> int:
        with self._lock:
            self._numbers[office, day] += 1
            return self._numbers[office, day]

    def record(self, dossier_id: str, key: str) -> Record | None:
        found = self._records[dossier_id].get(key)
        return kept_record(found) if found else None

    def sighted(self, sightings: Sequence[Sighting]) -> dict[str, list[Sighting]]:
        others: dict[str, list[Sighting]] = {}
        for own in sightings:
            shown = self._seen[own.key]
            if own not in shown:
                shown.append(own)
            others[own.key] = [one for one in shown if one.dossier != own.dossier]
        return {key: found for key, found in others.items() if found}

    def records(self, dossier_id: str, prefix: str) -> list[Record]:
        rows = self._records[dossier_id]
        return [kept_record(rows[key]) for key in sorted(rows) if key.startswith(prefix)]

    def note(self, dossier_id: str, record: Record) -> None:
        self._records[dossier_id][record.key] = as_stored(record)

    def audit(self, dossier_id: str) -> list[AuditEntry]:
        return [from_plain(AuditEntry, entry) for entry in self._audit[dossier_id]]

    def owned_by(self, owner: str, after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
        mine = [(f"{d['created_at']}#{d['id']}", d) for d in self._dossiers.values() if d["owner"] == owner]
        rows = sorted(((order, d) for order, d in mine if not after or order < after), reverse=True, key=lambda r: r[0])
        shown = ("id", "code", "procedure", "state", "created_at", "due_on", "version")
        page = [{name: d[name] for name in shown} for _, d in rows[:limit]]
        return page, rows[limit - 1][0] if len(rows) > limit else ""

    def queue(self, queue: str, after: str, limit: int) -> tuple[list[tuple[str, Record]], str]:
        rows = [
            (row["queue_order"], dossier_id, row)
            for dossier_id, found in self._records.items()
            for row in found.values()
            if row["queue"] == queue and row["queue_order"] > after
        ]
        rows.sort(key=lambda row: row[0])
        page = [(dossier_id, kept_record(row)) for _, dossier_id, row in rows[:limit]]
        return page, rows[limit - 1][0] if len(rows) > limit else ""

    def effect(self, dossier_id: str, effect_id: str) -> PendingEffect | None:
        found = self._outbox.get((dossier_id, effect_id))
        return _pending(dossier_id, found) if found else None

    def effects(self, dossier_id: str) -> list[PendingEffect]:
        mine = [(found.order, found) for (owner, _), found in self._outbox.items() if owner == dossier_id]
        return [_pending(dossier_id, found) for _, found in sorted(mine, key=lambda f: f[0])]

    def claim(self, pending: PendingEffect, now: datetime) -> bool:
        with self._lock:
            found = self._outbox[pending.dossier_id, pending.effect.id]
            if found.state != "pending":
                return False
            found.state, found.claimed_at = "sending", now.isoformat()
            return True

    def release(self, pending: PendingEffect) -> None:
        with self._lock:
            found = self._outbox[pending.dossier_id, pending.effect.id]
            if found.state == "sending":
                found.state, found.claimed_at = "pending", ""

    def finish(self, pending: PendingEffect, state: str, now: datetime, note: str = "") -> None:
        with self._lock:
            found = self._outbox[pending.dossier_id, pending.effect.id]
            if found.state != "done":
                found.state = state

    def waiting(self, limit: int) -> list[PendingEffect]:
        open_ = [
            (found.order, dossier_id, found)
            for (dossier_id, _), found in self._outbox.items()
            if found.state in ("pending", "sending")
        ]
        return [_pending(dossier_id, found) for _, dossier_id, found in sorted(open_, key=lambda f: f[0])[:limit]]

    def held(self, people: Sequence[Identity]) -> list[list[Holding]]:
        def of(who: Identity) -> list[Holding]:
            found = {}
            for key in (*who.numbers, who.name):
                for (name, month), (kinds, holding) in self._granted.items():
                    if name != key or (key == who.name and comparable(who.kinds, kinds)):
                        continue
                    sure, now = key != who.name or not who.kinds, self._last(holding)
                    found.setdefault((month, now.dossier_id), dataclasses.replace(now, sure=sure))
            return sorted(found.values(), key=lambda held: (held.month, held.dossier_id))

        return [of(who) for who in people]

    def _take(self, change: Change) -> None:
        """The claims of a change, or MonthsTaken and nothing."""
        taken, wanted, after = [], {}, change.after
        for claim in change.claims:
            over = {held.month: held.grant for held in claim.over}
            keys = (*claim.who.numbers, claim.who.name or ("" if claim.who.numbers else claim.row))
            places = [(key, month) for key in keys if key for month in claim.months]
            places += [(grant_key(grant), month) for month, grant in over.items()]
            for key, month in places:
                kinds, holding = self._granted.get((key, month), ((), None))
                by_name = key == claim.who.name and bool(claim.who.numbers)
                if holding is None or holding.dossier_id == after.id:
                    grant = grant_name(after.id, claim.row)
                    worth = claim.amount_vnd
                    held = Holding(month, after.id, after.code, after.procedure, claim.kind, True, worth, grant)
                    wanted[key, month] = (claim.who.kinds, held)
                elif holding.grant != over.get(month) and not (by_name and comparable(claim.who.kinds, kinds)):
                    taken.append(Conflict(claim.row, self._last(holding)))
        if taken:
            raise MonthsTaken(list({(c.row, c.holding.month): c for c in taken}.values()))
        self._granted.update(wanted)
        self._holds |= dict.fromkeys(wanted, hold_name(after.id, change.claims))

    def _let_go(self, change: Change) -> None:
        """The months of holds that a change says are undone."""
        undone = {record.key.removeprefix("HOLD#") for record in change.records if record.data.get("undone")}
        for place in [place for place, hold in self._holds.items() if hold in undone]:
            del self._granted[place], self._holds[place]

    def _last(self, holding: Holding) -> Holding:
        """What a grant has become: the higher one that took it over."""
        while (key := (grant_key(holding.grant), holding.month)) in self._granted:
            holding = self._granted[key][1]
        return holding


def _pending(dossier_id: str, found: _Pending) -> PendingEffect:
    from casework.dossier import Effect

    return PendingEffect(dossier_id, from_plain(Effect, found.data), found.state, found.claimed_at)
