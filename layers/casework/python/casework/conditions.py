"""Conditions of several parts: any and all of three-valued answers, and one row among many.

Unknown is never no: a part that is unknown leaves the whole unknown unless the known parts settle it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from casework.finding import Text
from casework.operators import OPERATORS, Answer, View, join
from casework.operators.view import does_not_add_up
from casework.rules import Condition


def answer_of(condition: Condition, view: View) -> Answer:
    """The answer of a condition over the facts the view shows. Parts whose `if_known` fact nobody gave stand aside;
    when all do, those facts are what is missing."""
    if not condition.parts:
        return OPERATORS[condition.test].run(view, condition.params)
    parts = [part for part in condition.parts if part.if_known is None or view.given(part.if_known)]
    if not parts:
        claims = [part.if_known for part in condition.parts if part.if_known is not None]
        return view.unknown(*claims) or Answer(None, Text("", ""))
    if len(parts) == 1:
        return _part_answer(parts[0], view)
    return _combined([_part_answer(part, view) for part in parts], one_settles=condition.test == "any")


def _part_answer(part: Condition, view: View) -> Answer:
    answer = answer_of(part, view)
    if part.review_if_not and answer.holds is False:
        return Answer(None, answer.because, rests_on=answer.rests_on)
    return answer


def _combined(answers: Sequence[Answer], *, one_settles: bool) -> Answer:
    """Several answers as one: of `any` one yes settles it (one_settles True), of `all` one no does (False)."""
    settled = [answer for answer in answers if answer.holds is one_settles]
    unsettled = [answer for answer in answers if answer.holds is None]
    if settled and one_settles:
        return settled[0]
    if settled:
        return _no(settled, either=False, sure=not unsettled)
    if unsettled:
        return _unknown(unsettled)
    if one_settles:
        return _no(answers, either=True, sure=True)
    return Answer(True, join(_distinct(answers)), rests_on=merged(answer.rests_on for answer in answers))


def _unknown(answers: Sequence[Answer]) -> Answer:
    missing, doubtful = merged(a.missing for a in answers), merged(a.doubtful for a in answers)
    return Answer(None, join(_distinct(answers)), None, missing, doubtful, merged(a.rests_on for a in answers))


def _no(answers: Sequence[Answer], *, either: bool, sure: bool) -> Answer:
    """A no with its way out: any one of them, or all together, and then only if nothing else is unknown."""
    ways_out = [answer.would_pass_if for answer in answers if answer.would_pass_if is not None]
    told = bool(ways_out) and sure and (either or len(ways_out) == len(answers))
    would = ways_out_said(ways_out, either=either) if told else None
    return Answer(False, join(_distinct(answers)), would, rests_on=merged(answer.rests_on for answer in answers))


def any_row(answers: Sequence[Answer]) -> Answer:
    """One row that meets the condition is enough; the answers are those of the rows, at least one."""
    count, met = len(answers), sum(answer.holds is True for answer in answers)
    if met:
        return Answer(True, Text(f"{met} trên {count} người đạt", f"{met} of {count} people meet it"))
    unsettled = [answer for answer in answers if answer.holds is None]
    if unsettled:
        return _unknown(unsettled)
    return Answer(
        False, join([Text(f"Không ai trong {count} người đạt", f"None of {count} people meets it"), answers[0].because])
    )


def agreeing(answer: Answer, count: int | None, counted: Text, rows: Sequence[Answer]) -> Answer:
    """An answer that rests on a count, beside what the rows say of it one by one. Rows about which nothing is known say
    nothing; a no stands unless the rows may come to more than the count."""
    met, open_still = sum(row.holds is True for row in rows), sum(row.holds is None for row in rows)
    if count is None or open_still == len(rows) or met <= count <= met + open_still:
        return answer
    if answer.holds is False and met + open_still < count:
        return answer
    unsure = Text(f", {open_still} người chưa rõ", f", {open_still} not known") if open_still else Text("", "")
    listed = Text(
        f"danh sách {len(rows)} người: {met} người được tính{unsure.vi}",
        f"list of {len(rows)}: {met} can be counted{unsure.en}",
    )
    short = [row.because for row in rows if row.holds is False][:1]
    reasons = _distinct([Answer(None, text) for text in (counted, listed, *short)])
    if answer.holds is None:
        reasons = _distinct([answer, *(Answer(None, text) for text in reasons)])
    return dataclasses.replace(does_not_add_up(join(reasons)), missing=answer.missing, doubtful=answer.doubtful)


def ways_out_said(ways_out: list[Text], *, either: bool) -> Text:
    """Several counterfactuals as one sentence: any of them, or all together."""
    first, rest = ways_out[0], ways_out[1:]
    trimmed = [Text(w.vi.removeprefix("Sẽ đạt nếu "), w.en.removeprefix("Would pass if ")) for w in rest]
    return join([first, *trimmed], " hoặc " if either else " và ", " or " if either else " and ")


def merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Names of several groups, each once, in order."""
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _distinct(answers: Iterable[Answer]) -> list[Text]:
    return list(dict.fromkeys(answer.because for answer in answers))
