"""What the routes need of the world, wired once; and who is asking."""

import functools
import re
import time

from adapters import wiring
from casework.dossier import Actor
from casework.errors import Refused, problem

known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
second_look = wiring.second_look(known)
lookups = wiring.lookups(known)
# What only administrators ask for is made when one does.
dead_letters = functools.cache(lambda: wiring.dead_letters(known))
circuits = functools.cache(lambda: wiring.circuits(known))
limits = functools.cache(lambda: wiring.limits(known))
true_time = time.time  # circuits know no other, whatever day the system pretends it is
public_url = known.need("PUBLIC_URL")

LONGEST_KEY = 255
ROLES = (
    ("administrators", "administrator"),
    ("supervisors", "supervisor"),
    ("officers", "officer"),
    ("applicants", "applicant"),
)


def actor_of(event):
    """The signed-in person or system, from the claims that API Gateway's authorizer verified."""
    claims = event.request_context.authorizer.claims
    groups = claims.get("cognito:groups") or []
    if isinstance(groups, str):  # API Gateway flattens lists
        groups = groups.strip("[]").replace(",", " ").split()
    for group, role in ROLES:
        if group in groups:
            return Actor(role, claims["sub"], claims.get("office", ""))
    if "username" not in claims:
        return Actor("integrator", claims["client_id"])
    return Actor("applicant", claims["sub"])


def applicant_of(event):
    """Somebody who may file: an applicant or an integrator. Raises Refused: not-an-applicant."""
    actor = actor_of(event)
    if actor.role not in ("applicant", "integrator"):
        raise Refused(problem("not-an-applicant"))
    return actor


def officer_of(event):
    """Somebody who works on tasks. Raises Refused: not-an-officer."""
    actor = actor_of(event)
    if actor.role not in ("officer", "supervisor"):
        raise Refused(problem("not-an-officer"))
    return actor


def administrator_of(event):
    """Somebody who mends what failed. Raises Refused: not-an-administrator."""
    actor = actor_of(event)
    if actor.role != "administrator":
        raise Refused(problem("not-an-administrator"))
    return actor


def expected_version(event):
    """The version of If-Match. Raises Refused: version-missing, version-stale for what is no ETag of ours."""
    given = event.headers.get("if-match")
    if not given:
        raise Refused(problem("version-missing"))
    tag = given.strip().removeprefix("W/").strip('"')
    if not re.fullmatch(r"[0-9]{1,9}", tag):
        raise Refused(problem("version-stale"))
    return int(tag)


def idempotency_key(event):
    """The key that makes a repeated request harmless. Raises Refused: idempotency-key-missing, -too-long."""
    key = event.headers.get("idempotency-key") or ""
    if not key:
        raise Refused(problem("idempotency-key-missing"))
    if len(key) > LONGEST_KEY:
        raise Refused(problem("idempotency-key-too-long", given=len(key), limit=LONGEST_KEY))
    return key
