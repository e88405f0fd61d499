"""Every error of the system, by name, and the problems it tells people about.

An exception is named for the next move: who catches it knows from the name what to do. Step Functions matches
these names exactly, so there is no hierarchy. A `Problem` is what a person reads: what is wrong and what to do
next, in Vietnamese and English; the texts stand in rulebook/problems.toml.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

from casework.document import Problem
from casework.shown import clean


class UnacceptableFile(Exception):
    """The uploaded file cannot be taken; `problem` tells the applicant what to do. Never retried."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.type}: {problem.detail_en or problem.detail}")
        self.problem = problem


class Refused(Exception):
    """A request that cannot be carried out as it stands; `problem` goes back to the caller."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.type}: {problem.detail_en or problem.detail}")
        self.problem = problem


class NotFound(Exception):
    """No such thing, or not yours: the two answer alike."""


class StaleVersion(Exception):
    """Somebody else changed the dossier first. Load it again and try again."""


class StaleReading(Exception):
    """Another page of the document was replaced while its fields were extracted: extract them again."""


class IllegalTransition(Exception):
    """The dossier's life does not allow this step: our bug, or an event that came too late."""


class ReaderFailed(Exception):
    """Tesseract or the renderer died or hung. Retried; then the page goes to a person."""


class RegistryUnavailable(Exception):
    """The registry did not answer, or not believably. Retried later; never a verdict.

    too_many: it said that we ask too often. asked: False when it was left alone and not called at all. of_another: it
    spoke of somebody, or answered something, that was not asked; operators hear of it.
    """

    def __init__(
        self,
        reason: str,
        retry_after_seconds: float | None = None,
        *,
        too_many: bool = False,
        asked: bool = True,
        of_another: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        self.too_many = too_many
        self.asked = asked
        self.of_another = of_another


class AnswerAwaited(Exception):
    """The registry took the question and answers later, by a call of its own. Looked for again, then left open.

    `parts`: answers (casework.registry.Answer) of those parts of a long list that came at once."""

    def __init__(self, parts: Sequence[Any] = ()) -> None:
        super().__init__("the registry answers later")
        self.parts = tuple(parts)


class MessageRefused(Exception):
    """The provider will not take this message, now or later; the notice stands on the status page."""


class MessageDelayed(Exception):
    """The provider did not take the message this time. It was not sent; try again later."""


class MessageUncertain(Exception):
    """The provider may have taken the message: it is not sent again, a person may ask."""


class MonthsTaken(Exception):
    """Months of the same people were granted to other dossiers first (rule X-1): nothing was done, the officer is told.

    `conflicts` are casework.payments.Conflict, the first of them."""

    def __init__(self, conflicts: Sequence[Any]) -> None:
        super().__init__(f"{len(conflicts)} months are taken")
        self.conflicts = tuple(conflicts)


class PersonBeingDecided(Exception):
    """Another dossier is being decided about the same people at this moment: try again in a minute."""


class BadRulebook(Exception):
    """A file of the rulebook is not sound: `defects`, one line each, name the file, the rule and the reason."""

    def __init__(self, defects: list[str]) -> None:
        super().__init__("\n".join(defects))
        self.defects = defects


class UnreadableEvidence(Exception):
    """What was given is no evidence file, or of another kind than this version knows; the text says why."""


class PayloadTooLarge(Exception):
    """More than a workflow message may carry: our bug, ids and verdicts only."""


@functools.cache
def problems() -> dict[str, dict[str, Any]]:
    """All problems by slug: {status, title, detail, title_en, detail_en}; status is the HTTP status."""
    text = resources.files("casework").joinpath("rulebook/problems.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def problem_details(found: Problem, *, english: bool = False) -> dict[str, Any]:
    """A problem as it goes over the wire (RFC 9457): in one language, with the texts of both.

    A text may quote the caller, the name of a file for one: signs that could disguise it do not leave."""
    texts = {
        "vi": {"title": clean(found.title), "detail": clean(found.detail)},
        "en": {"title": clean(found.title_en), "detail": clean(found.detail_en)},
    }
    status = problems()[found.type]["status"]
    return {"type": f"/v1/problems/{found.type}", "status": status, **texts["en" if english else "vi"], "texts": texts}


def problem(slug: str, **values: object) -> Problem:
    """The problem `slug` with `{placeholders}` of its texts filled in. KeyError if the slug is unknown."""
    entry = problems()[slug]
    texts = {key: entry[key].format(**values) for key in ("title", "detail", "title_en", "detail_en")}
    return Problem(type=slug, **texts)
