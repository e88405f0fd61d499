"""What an administrator mends: messages that a function gave up on. Each tells what it was about, since when, how often
it was tried and why it failed; a press sends it back to its queue.

A message itself does not say why: the function that fails notes it beside the dossier before it gives the message back.
Every work may be done again without harm, so a letter that goes back twice does nothing twice.
"""

from __future__ import annotations

import contextlib
import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from casework.document import Text
from casework.dossier import Actor, Record
from casework.errors import NotFound, Refused, problem
from casework.ports import Clock, DeadLetters, DeskStore, DossierStore, Letter
from casework.shown import clean

AT_ONCE = 100  # letters of one press
_TROUBLE = "TROUBLE#"


@dataclass(frozen=True, slots=True)
class Box:
    """A place where letters wait. `back`: they can go back to a queue; otherwise the work comes again by itself."""

    name: str
    worker: str
    back: bool
    title: Text
    meanwhile: Text


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter with the dossier it is about (code "" where it is about none) and why its work failed last."""

    letter: Letter
    code: str
    error: str
    failed_at: str


@functools.cache
def boxes() -> Mapping[str, Box]:
    """Every place where letters wait, by name."""
    text = resources.files("casework").joinpath("rulebook/dead_letters.toml").read_text(encoding="utf-8")
    return {
        name: Box(
            name,
            entry["worker"],
            entry["back"],
            Text(entry["title"], entry["title_en"]),
            Text(entry["meanwhile"], entry["meanwhile_en"]),
        )
        for name, entry in tomllib.loads(text).items()
    }


@contextlib.contextmanager
def told(name: str, dossier_id: str, effect_id: str = "", *, store: DossierStore, clock: Clock) -> Iterator[None]:
    """Around the work of one message: a failure is noted beside the dossier, and goes on."""
    try:
        yield
    except Exception as error:
        said = clean(f"{type(error).__name__}: {error}")[:300]
        data = {"box": name, "error": said, "at": clock().isoformat(timespec="seconds")}
        store.note(dossier_id, Record(_trouble(name, effect_id), data))
        raise


def letters(actor: Actor, *, dead_letters: DeadLetters, store: DeskStore) -> list[tuple[Box, int, list[Waiting]]]:
    """Every box, how many letters it has, and some of them. Raises Refused: not-an-administrator."""
    _refuse_others(actor)
    found = []
    for box in boxes().values():
        count = dead_letters.count(box.name)
        found.append((box, count, _waiting(box, dead_letters.look(box.name), store) if count else []))
    return found


def send_back(
    name: str, actor: Actor, *, dead_letters: DeadLetters, store: DeskStore, clock: Clock
) -> tuple[list[Letter], int]:
    """At most AT_ONCE letters of a box go back to their queue (or away, where the work comes again by itself), and who
    did it is on record. Returns them, and how many are left, more or less. Raises NotFound for a box that is none;
    Refused: not-an-administrator."""
    _refuse_others(actor)
    if name not in boxes():
        raise NotFound(name)
    sent = dead_letters.send_back(name, AT_ONCE)
    if sent:
        at = clock().isoformat(timespec="milliseconds")
        about = [{"id": letter.id, "dossier_id": letter.dossier_id, "since": letter.since} for letter in sent]
        store.keep_own(actor.id, f"letters#{at}", {"at": at, "box": name, "letters": about})
    return sent, dead_letters.count(name)


def _waiting(box: Box, found: list[Letter], store: DeskStore) -> list[Waiting]:
    named = list(dict.fromkeys(letter.dossier_id for letter in found if letter.dossier_id))
    codes = {dossier.id: dossier.code for dossier in store.heads(named)}
    shown = []
    for letter in sorted(found, key=lambda letter: letter.since):
        noted = store.record(letter.dossier_id, _trouble(box.name, letter.effect_id)) if letter.dossier_id else None
        trouble = noted.data if noted else {}
        why = letter.error or trouble.get("error", "")
        shown.append(Waiting(letter, codes.get(letter.dossier_id, ""), why, trouble.get("at", "")))
    return shown


def _trouble(name: str, effect_id: str) -> str:
    return f"{_TROUBLE}{name}#{effect_id}"


def _refuse_others(actor: Actor) -> None:
    if actor.role != "administrator":
        raise Refused(problem("not-an-administrator"))
