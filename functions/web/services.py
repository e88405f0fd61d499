"""The services as the pages tell of them: the rulebook's law beside plain words of our own.

The plain words stand in services/*.toml, one file per service: who may file, the questions of the self-check, and the
facts an applicant declares because no paper says them. Everything else (papers, stages, amounts) is the rulebook's.
"""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from casework import procedures
from casework.document import Text
from casework.errors import BadRulebook, NotFound
from casework.facts import FactKind
from casework.procedures import Procedure

HERE = Path(__file__).parent / "services"


@dataclass(frozen=True)
class Question:
    """A question of the self-check, answered with co or khong; `good` is the answer that stands in nobody's way,
    `otherwise` what the other one means."""

    id: str
    asks: Text
    good: str
    otherwise: Text


@dataclass(frozen=True)
class Declared:
    """A fact the applicant declares. `hint` says where to find it."""

    kind: FactKind
    label: Text
    hint: Text

    @property
    def id(self):
        """The name of its field on the page."""
        return self.kind.id.replace(".", "-")


@dataclass(frozen=True)
class Service:
    """A service with the law that covers the day."""

    procedure: Procedure
    short: Text
    who: tuple[Text, ...]
    questions: tuple[Question, ...]
    declared: tuple[Declared, ...]

    @property
    def id(self):
        return self.procedure.id

    @property
    def open(self):
        return self.procedure.open_for_filing

    @property
    def monthly(self):
        """The amounts a person is due a month, lowest first; empty where the service pays none."""
        given = self.procedure.benefit.monthly_vnd if self.procedure.benefit else ()
        return sorted({given} if isinstance(given, int) else set(given.values()) if given else ())

    @property
    def papers(self):
        """What is needed, then what helps."""
        return sorted(self.procedure.papers, key=lambda paper: paper.need != "required")

    @property
    def days(self):
        """The working days all stages take together; 0 where one of them has no time limit in working days."""
        stages = self.procedure.stages
        limited = all(stage.days and stage.unit == "working" for stage in stages)
        return sum(stage.days for stage in stages) if limited else 0


def in_force(day: date):
    """The services whose law covers a day, by id."""
    found = []
    for service_id in procedures.ids():
        try:
            found.append(known_service(service_id, day))
        except (NotFound, BadRulebook):
            continue
    return found


def known_service(service_id: str, day: date) -> Service:
    """A service by id. Raises NotFound for one that does not exist or has no law that covers the day."""
    try:
        procedure = procedures.load(service_id, day)
    except LookupError:
        raise NotFound(service_id) from None
    words = _words(service_id)
    return Service(
        procedure=procedure,
        short=Text(*words["short"]),
        who=tuple(Text(*pair) for pair in words.get("who", ())),
        questions=tuple(
            Question(entry["id"], Text(*entry["asks"]), entry["good"], Text(*entry["otherwise"]))
            for entry in words.get("question", ())
        ),
        declared=tuple(
            Declared(procedure.kinds[entry["fact"]], Text(*entry["label"]), Text(*entry["hint"]))
            for entry in words.get("declare", ())
            if entry["fact"] in procedure.declarable
        ),
    )


@functools.cache
def _words(service_id):
    """The plain words of a service; its title alone where nobody has written them yet."""
    path = HERE / f"{service_id}.toml"
    if not path.exists():
        title = procedures.service(service_id).title
        return {"short": [title.vi, title.en]}
    return tomllib.loads(path.read_text(encoding="utf-8"))
