"""The services of the rulebook, loaded once and asked by the day of receipt.

Knows where the files lie and which version of the law covers a day; what a sound file is, casework.rule_files knows.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources

from casework import rule_tables
from casework.errors import BadRulebook
from casework.facts import FactKind
from casework.finding import Text
from casework.rule_files import parse
from casework.rules import Procedure, Service, Setting, Stage, Version

__all__ = [
    "Procedure",
    "Service",
    "Stage",
    "Version",
    "check",
    "facts_of",
    "fingerprint",
    "ids",
    "load",
    "open_points",
    "parse",
    "registries",
    "service",
]


OWN_REGISTER = "payments"  # what was granted to whom: a registry like others to the law, and none to call
UNCONFIRMED = ("mem", "derived", "assumed")  # where a setting comes from that nobody competent has looked at


def ids() -> tuple[str, ...]:
    """Ids of all services of the rulebook, sorted."""
    folder = resources.files("casework").joinpath("rulebook/procedures")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


@functools.cache
def service(service_id: str) -> Service:
    """A service by id, loaded and validated once. KeyError when there is none; BadRulebook when it is not sound."""
    if service_id not in ids():
        raise KeyError(service_id)
    name = f"procedures/{service_id}.toml"
    loaded = parse(rule_tables.text(name), name)
    if loaded.id != service_id:
        raise BadRulebook([f"{name}: the id is {loaded.id}, the file's name says {service_id}"])
    return loaded


def load(procedure_id: str, received_on: date) -> Procedure:
    """The law of a service for a dossier received on a day (Vietnam time)."""
    return service(procedure_id).on(received_on)


@functools.cache
def fingerprint(service_id: str) -> str:
    """SHA-256 over everything a verdict of the service rests on as data: its file and what all share."""
    names = (f"procedures/{service_id}.toml", "settings.toml", "facts.toml", "holidays.toml", "closures.toml")
    digest = hashlib.sha256()
    for name in names:
        digest.update(f"{name}\n{rule_tables.text(name)}".encode())
    return digest.hexdigest()


@functools.cache
def registries() -> Mapping[str, Text]:
    """Every registry that some law asks, with what it is called; but for what the system keeps itself."""
    laws = [law for service_id in ids() for law in service(service_id).procedures.values()]
    return {need.name: need.title for law in laws for need in law.registries if need.name != OWN_REGISTER}


@functools.cache
def open_points() -> Mapping[str, Setting]:
    """What the law leaves open and nobody competent has confirmed, by id: the defaults in force of every law."""
    laws = [law for service_id in ids() for law in service(service_id).procedures.values()]
    found = {one.id: one for law in laws for one in law.settings.values() if one.source in UNCONFIRMED}
    return dict(sorted(found.items()))


def check() -> list[str]:
    """Every defect of the whole rulebook, one line each; empty when it is sound."""
    defects: list[str] = []
    for service_id in ids():
        try:
            service(service_id)
        except BadRulebook as bad:
            defects.extend(bad.defects)
    return defects


def facts_of(procedure: Procedure) -> Iterator[tuple[FactKind, tuple[str, ...], tuple[str, ...]]]:
    """Every fact the procedure looks at, with who gives it and the rules on it."""
    for fact_id, givers in procedure.given_by.items():
        rules = procedure.rules_on(fact_id)
        in_benefit = procedure.benefit is not None and fact_id in procedure.benefit.facts()
        if rules or in_benefit or fact_id in procedure.identifies:
            yield procedure.kinds[fact_id], givers, rules
