"""Who works at the desk, and what the desk remembers of a browser: whether shortcuts are switched off."""

from casework.errors import Refused, problem
from visit import SECURE

KEYS_COOKIE = "__Host-phim" if SECURE else "phim"
YEAR_SECONDS = 365 * 24 * 3600


def officer_of(here):
    """Somebody who works on tasks. Raises SignInFirst; Refused: not-an-officer."""
    actor = here.actor
    if actor.role not in ("officer", "supervisor"):
        raise Refused(problem("not-an-officer"))
    return actor


def supervisor_of(here):
    """Somebody who leads an office. Raises SignInFirst; Refused: not-a-supervisor."""
    actor = here.actor
    if actor.role != "supervisor":
        raise Refused(problem("not-a-supervisor"))
    return actor


def administrator_of(here):
    """Somebody who mends what failed. Raises SignInFirst; Refused: not-an-administrator."""
    actor = here.actor
    if actor.role != "administrator":
        raise Refused(problem("not-an-administrator"))
    return actor


def keys_on(here):
    """Whether this browser's person wants single keys to act (WCAG 2.1.4)."""
    return here.cookie(KEYS_COOKIE) != "tat"
