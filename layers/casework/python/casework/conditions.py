"""Conditions of several parts: any and all of three-valued answers, and one row among many.

Unknown is never no: a part that is unknown leaves the whole unknown unless the known parts settle it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casework.finding import Text
from casework.operators import OPERATORS, Answer, View, join
from casework.rules import Condition


def answer_of(condition: Condition, view: View) -> Answer:
    if not condition.parts:
        return OPERATORS[condition.test].run(view, condition.params)
    parts = [part for part in condition.parts if part.if_known is None or view.given(part.if_known)]
    if not parts:
        claims = [part.if_known for part in condition.parts if part.if_known is not None]
        return view.unknown(*claims) or Answer(None, Text("", ""))
    if len(parts) == 1:
        return _part_answer(parts[0], view)
    return _combined([_part_answer(part, view) for part in parts], settling=condition.test == "any")


def _part_answer(part: Condition, view: View) -> Answer:
    answer = answer_of(part, view)
    if part.review_if_not and answer.holds is False:
        return Answer(None, answer.because)
    return answer


def _combined(answers: Sequence[Answer], *, settling: bool) -> Answer:
    """`any` (settling True: one yes settles it) or `all` (settling False: one no settles it) of several answers."""
    decisive = [answer for answer in answers if answer.holds is settling]
    unsettled = [answer for answer in answers if answer.holds is None]
    if decisive and settling:
        return decisive[0]
    if unsettled and not decisive:
        missing, doubtful = merged(a.missing for a in unsettled), merged(a.doubtful for a in unsettled)
        return Answer(None, join(_distinct(unsettled)), None, missing, doubtful)
    told = decisive or list(answers)
    if settling or not decisive:
        holds = not settling
        told = list(answers)
    else:
        holds = False
    because = join(_distinct(told))
    if holds:
        return Answer(True, because)
    ways_out = [answer.would_pass_if for answer in told if answer.would_pass_if is not None]
    if not ways_out or (not settling and len(ways_out) < len(told)):
        return Answer(False, because)
    return Answer(False, because, ways_out_said(ways_out, either=settling))


def any_row(answers: Sequence[Answer]) -> Answer:
    count, met = len(answers), sum(answer.holds is True for answer in answers)
    if met:
        return Answer(True, Text(f"{met} trên {count} người đạt", f"{met} of {count} people meet it"))
    unsettled = [answer for answer in answers if answer.holds is None]
    if unsettled:
        missing, doubtful = merged(a.missing for a in unsettled), merged(a.doubtful for a in unsettled)
        return Answer(None, unsettled[0].because, None, missing, doubtful)
    return Answer(
        False, join([Text(f"Không ai trong {count} người đạt", f"None of {count} people meets it"), answers[0].because])
    )


def ways_out_said(ways_out: list[Text], *, either: bool) -> Text:
    first, rest = ways_out[0], ways_out[1:]
    trimmed = [Text(w.vi.removeprefix("Sẽ đạt nếu "), w.en.removeprefix("Would pass if ")) for w in rest]
    return join([first, *trimmed], " hoặc " if either else " và ", " or " if either else " and ")


def merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _distinct(answers: Iterable[Answer]) -> list[Text]:
    return list(dict.fromkeys(answer.because for answer in answers))
