"""Tests on numbers: limits, shares and lines, in exact whole-number arithmetic, never rounded before comparing."""

from __future__ import annotations

from collections.abc import Callable

from casework import counting
from casework.facts import money_said, said
from casework.finding import Text
from casework.operators.view import Answer, Params, View, does_not_add_up, extended, join, lowered, would


def at_least(view: View, p: Params) -> Answer:
    return _compare(view, p, lambda a, b: a >= b, "ít nhất là", "at least")


def at_most(view: View, p: Params) -> Answer:
    return _compare(view, p, lambda a, b: a <= b, "không quá", "at most")


def below(view: View, p: Params) -> Answer:
    return _compare(view, p, lambda a, b: a < b, "dưới", "below")


def share_at_least(view: View, p: Params) -> Answer:
    """part / whole ≥ percent %, exactly."""
    return _share(view, p, counting.reaches_share, "từ {percent} % trở lên", "{percent} % or more")


def share_above(view: View, p: Params) -> Answer:
    """part / whole > percent %, exactly."""
    return _share(view, p, counting.exceeds_share, "trên {percent} %", "more than {percent} %")


def cut_at_least(view: View, p: Params) -> Answer:
    """A number fell from `before` to `now` by at least percent %, exactly."""
    if unknown := view.unknown(p["before"], p["now"]):
        return unknown
    before, now, percent = view.get(p["before"]), view.get(p["now"]), p["percent"]
    because = join([view.say(p["before"]), view.say(p["now"])])
    if before <= 0 or now < 0:
        return does_not_add_up(because)
    cut = before - now
    because = extended(because, *_cut_said(cut, before))
    if counting.reaches_share(cut, before, percent):
        return Answer(True, because)
    limit = before - counting.least_part(before, percent)
    return Answer(False, because, would(f"chỉ còn không quá {limit}", f"no more than {limit} were left"))


def at_least_share_of(view: View, p: Params) -> Answer:
    """fact ≥ percent % of `of`, exactly; more than the whole is allowed."""
    if unknown := view.unknown(p["fact"], p["of"]):
        return unknown
    value, of, percent = view.get(p["fact"]), view.get(p["of"]), p["percent"]
    because = join([view.say(p["fact"]), view.say(p["of"])])
    if of <= 0 or value < 0:
        return does_not_add_up(because)
    because = _with_share(because, value, of)
    if counting.reaches_share(value, of, percent):
        return Answer(True, because)
    limit, title = said(view.kinds[p["fact"]], counting.least_part(of, percent)), view.title(p["fact"])
    return Answer(
        False,
        because,
        would(f"{lowered(title.vi)} từ {limit.vi} trở lên", f"the {lowered(title.en)} were at least {limit.en}"),
    )


def at_most_share_of(view: View, p: Params) -> Answer:
    """fact ≤ percent % of `of`, exactly."""
    if unknown := view.unknown(p["fact"], p["of"]):
        return unknown
    value, of, percent = view.get(p["fact"]), view.get(p["of"]), p["percent"]
    because = join([view.say(p["fact"]), view.say(p["of"])])
    if of <= 0 or value < 0:
        return does_not_add_up(because)
    because = _with_share(because, value, of)
    if value * 100 <= of * percent:
        return Answer(True, because)
    limit, title = money_said(of * percent // 100), view.title(p["fact"])
    return Answer(
        False,
        because,
        would(f"{lowered(title.vi)} không quá {limit.vi}", f"the {lowered(title.en)} were at most {limit.en}"),
    )


def below_line(view: View, p: Params) -> Answer:
    """Strictly below the line of the area. Area unknown: below every line is yes, from the highest on is no."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    value, lines = view.get(p["fact"]), p["lines"]
    area = view.get(p["by"])
    title = view.title(p["fact"])
    if area is None:
        low, high = min(lines.values()), max(lines.values())
        if low <= value < high:
            answer = view.unknown(p["by"])
            assert answer is not None
            return Answer(None, join([view.say(p["fact"]), answer.because]), None, answer.missing, answer.doubtful)
        line = low if value < low else high
        because = view.say(p["fact"])
    else:
        line = lines[area]
        because = join([view.say(p["fact"]), view.say(p["by"])])
    limit = money_said(line)
    because = extended(because, f"; chuẩn: {limit.vi}", f"; line: {limit.en}")
    if value < line:
        return Answer(True, because)
    return Answer(
        False, because, would(f"{lowered(title.vi)} dưới {limit.vi}", f"the {lowered(title.en)} were below {limit.en}")
    )


def at_least_line(view: View, p: Params) -> Answer:
    """At least the line of the region. Region unknown: at least the highest is yes, below the lowest is no."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    value, lines, region = view.get(p["fact"]), p["lines"], view.get(p["by"])
    title = view.title(p["fact"])
    if region is None:
        low, high = min(lines.values()), max(lines.values())
        if low <= value < high:
            answer = view.unknown(p["by"])
            assert answer is not None
            return Answer(None, join([view.say(p["fact"]), answer.because]), None, answer.missing, answer.doubtful)
        line = low if value < low else high
        because = view.say(p["fact"])
    else:
        line = lines[region]
        because = join([view.say(p["fact"]), view.say(p["by"])])
    limit = money_said(line)
    because = extended(because, f"; mức tối thiểu: {limit.vi}", f"; least: {limit.en}")
    if value >= line:
        return Answer(True, because)
    return Answer(
        False,
        because,
        would(f"{lowered(title.vi)} từ {limit.vi} trở lên", f"the {lowered(title.en)} were at least {limit.en}"),
    )


def _compare(view: View, p: Params, holds: Callable[[int, int], bool], vi: str, en: str) -> Answer:
    if unknown := view.unknown(p["fact"]):
        return unknown
    kind = view.kinds[p["fact"]]
    if holds(view.get(p["fact"]), p["value"]):
        return Answer(True, view.say(p["fact"]))
    limit = said(kind, p["value"])
    return Answer(
        False,
        view.say(p["fact"]),
        would(f"{lowered(kind.title.vi)} {vi} {limit.vi}", f"the {lowered(kind.title.en)} were {en} {limit.en}"),
    )


def _share(view: View, p: Params, holds: Callable[[int, int, int], bool], vi: str, en: str) -> Answer:
    if unknown := view.unknown(p["part"], p["whole"]):
        return unknown
    part, whole, percent = view.get(p["part"]), view.get(p["whole"]), p["percent"]
    because = join([view.say(p["part"]), view.say(p["whole"])])
    if whole <= 0 or part < 0 or part > whole:
        return does_not_add_up(because)
    because = _with_share(because, part, whole)
    if holds(part, whole, percent):
        return Answer(True, because)
    return Answer(
        False, because, would(f"tỷ lệ {vi.format(percent=percent)}", f"the share were {en.format(percent=percent)}")
    )


def _with_share(because: Text, part: int, whole: int) -> Text:
    vi, en = _percent(part, whole)
    return extended(because, f" ({vi})", f" ({en})")


def _cut_said(cut: int, before: int) -> tuple[str, str]:
    vi, en = _percent(cut, before)
    return f"; giảm {vi}", f"; a cut of {en}"


def _percent(part: int, whole: int) -> tuple[str, str]:
    """A share to two decimals in both languages, cut and never rounded up: 19.99 % is never shown as 20 %."""
    sign = "-" if part < 0 else ""
    hundredths = abs(part) * 10_000 // whole
    return f"{sign}{hundredths // 100},{hundredths % 100:02d} %", f"{sign}{hundredths // 100}.{hundredths % 100:02d} %"
