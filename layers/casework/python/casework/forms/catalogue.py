"""The forms as data (rulebook/forms.toml): their names, numbers, sizes, sentences, and what replaces what."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, get_args

from casework.document import Text
from casework.forms.sheet import PageSize

FormKind = Literal["receipt", "supplement", "not_accepted", "apology", "control_sheet", "decision"]
KINDS: tuple[FormKind, ...] = get_args(FormKind)


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `confirmed`: its name and wording were read in the law, not remembered. `called_by`: the changes of a
    dossier that it is made for; their count numbers the papers of a kind."""

    kind: FormKind
    name: str
    title: Text
    subject: Text
    number: str
    page: PageSize
    confirmed: bool
    replaces: frozenset[str]
    called_by: frozenset[str]
    signed_by: Text
    says: Text
    reason: Text
    more_working_days: int

    def numbered(self, code: str, nth: int, *, of_committee: bool) -> str:
        """The paper's number; the first of its kind carries the dossier's code alone."""
        return self.number.format(code=code, nth=f".{nth}" if nth > 1 else "", organ="-UBND" if of_committee else "")


def form(kind: FormKind) -> Form:
    """Raises KeyError for a kind there is no form of."""
    entry = _tables()[kind]
    return Form(
        kind=kind,
        name=entry["form"],
        title=text_of(kind, "title"),
        subject=text_of(kind, "subject"),
        number=entry["number"],
        page=entry["page"],
        confirmed=entry["source"] != "mem",
        replaces=frozenset(entry["replaces"]),
        called_by=frozenset(entry["called_by"]),
        signed_by=text_of(kind, "signs"),
        says=text_of(kind, "says"),
        reason=text_of(kind, "reason"),
        more_working_days=entry.get("more_working_days", 0),
    )


def text_of(table: str, name: str) -> Text:
    """A text of the file in both languages; empty where the table has none."""
    entry = _tables()[table]
    return Text(entry.get(name, ""), entry.get(f"{name}_en", ""))


def head_of(*, of_committee: bool) -> Text:
    """Who signs in an office's own name."""
    return text_of("head", "committee" if of_committee else "agency")


def shared(table: str) -> Text:
    """A text that all forms have: to_be_confirmed, signature, check."""
    return Text(**_tables()[table])


@functools.cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("casework").joinpath("rulebook/forms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
