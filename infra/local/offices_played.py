"""An office of ten officers, played: nine careful, one who approves at random now and then; second looks by chance.

One case in two is to be approved, so that a decision at random is wrong half the time. A careful officer errs rarely;
the second officer errs as rarely, and the supervisor who decides between them is right. Who is flagged is
casework.agreement.suspicion's to say, as in the statistics.
"""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass

from casework.agreement import FLAGGED, suspicion

CAREFUL = 9
CLEAN = 0.5


@dataclass(frozen=True, slots=True)
class Office:
    """Shares: of decisions looked at again, of the tenth officer's that he makes at random, of honest errors."""

    looked: float = 0.05
    at_random: float = 0.10
    error: float = 0.01


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it. `found`: of the runs, how many flagged the careless officer; cases and looks are his own until
    then (None where too few runs did); `false_alarms`: of careful officers, the share flagged in all their cases."""

    bound: float
    in_force: bool
    found: float
    median_cases: float | None
    ninth_cases: float | None
    median_looks: float | None
    careful_flagged: int
    careful_played: int
    false_alarms: float


def play(office: Office, cases: int, runs: int, seed: int, bound: float = FLAGGED) -> Played:
    """The office played so many times, every officer with so many cases."""
    dice = random.Random(f"review {seed}")
    caught = [until_flagged(office, office.at_random, cases, bound, dice) for _ in range(runs)]
    careful = [until_flagged(office, 0.0, cases, bound, dice) for _ in range(runs * CAREFUL)]
    times = sorted(found[0] for found in caught if found is not None)
    looks = sorted(found[1] for found in caught if found is not None)
    wrong = sum(found is not None for found in careful)
    return Played(
        bound,
        bound == FLAGGED,
        len(times) / runs,
        _share(times, 0.5, runs),
        _share(times, 0.9, runs),
        statistics.median(looks) if len(looks) * 2 > runs else None,
        wrong,
        len(careful),
        wrong / len(careful),
    )


def until_flagged(
    office: Office, at_random: float, cases: int, bound: float, dice: random.Random
) -> tuple[int, int] | None:
    """(cases, of them looked at) after which an officer is flagged; None while he is not."""
    overturned, looks = 0, 0
    for case in range(1, cases + 1):
        right = dice.random() < CLEAN
        decided = _decides(right, office.error, at_random, dice)
        if dice.random() >= office.looked:
            continue
        looks += 1
        second = _decides(right, office.error, 0.0, dice)
        overturned += second != decided and decided != right
        if suspicion(overturned, looks) >= bound:
            return case, looks
    return None


def _decides(right: bool, error: float, at_random: float, dice: random.Random) -> bool:
    if dice.random() < at_random:
        return True  # he approves without looking
    return right != (dice.random() < error)


def _share(times: list[int], share: float, runs: int) -> float | None:
    """The number of cases within which this share of all runs had found him."""
    place = round(share * runs) - 1
    return float(times[place]) if place < len(times) else None
