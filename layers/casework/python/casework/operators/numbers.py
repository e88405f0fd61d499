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
    words = Text("{title} từ {limit} trở lên", "the {title} were at least {limit}")
    return _share_of(view, p, counting.reaches_share, counting.least_part, words)


def at_most_share_of(view: View, p: Params) -> Answer:
    """fact ≤ percent % of `of`, exactly."""
    words = Text("{title} không quá {limit}", "the {title} were at most {limit}")
    return _share_of(view, p, lambda a, b, c: a * 100 <= b * c, lambda of, percent: of * percent // 100, words)


def below_line(view: View, p: Params) -> Answer:
    """Strictly below the line of the area. Area unknown: below every line is yes, from the highest on is no."""
    words = Text("{title} dưới {limit}", "the {title} were below {limit}")
    return _line(view, p, lambda a, b: a < b, Text("chuẩn", "line"), words)


def at_least_line(view: View, p: Params) -> Answer:
    """At least the line of the region. Region unknown: at least the highest is yes, below the lowest is no."""
    words = Text("{title} từ {limit} trở lên", "the {title} were at least {limit}")
    return _line(view, p, lambda a, b: a >= b, Text("mức tối thiểu", "least"), words)


def _share_of(
    view: View,
    p: Params,
    holds: Callable[[int, int, int], bool],
    limit_of: Callable[[int, int], int],
    words: Text,
) -> Answer:
    """A number beside a share of another."""
    if unknown := view.unknown(p["fact"], p["of"]):
        return unknown
    value, of, percent = view.get(p["fact"]), view.get(p["of"]), p["percent"]
    because = join([view.say(p["fact"]), view.say(p["of"])])
    if of <= 0 or value < 0:
        return does_not_add_up(because)
    because = _with_share(because, value, of)
    if holds(value, of, percent):
        return Answer(True, because)
    limit = said(view.kinds[p["fact"]], limit_of(of, percent))
    return Answer(False, because, _would_be(view.title(p["fact"]), limit, words))


def _line(view: View, p: Params, holds: Callable[[int, int], bool], named: Text, words: Text) -> Answer:
    """A number beside the line of a place. Where the place is not known, what is the same for all lines is known."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    value, lines, place = view.get(p["fact"]), p["lines"], view.get(p["by"])
    if place is not None:
        line, because = lines[place], join([view.say(p["fact"]), view.say(p["by"])])
    else:
        low, high = min(lines.values()), max(lines.values())
        if low <= value < high and (unsettled := view.unknown(p["by"])):
            because = join([view.say(p["fact"]), unsettled.because])
            return Answer(None, because, None, unsettled.missing, unsettled.doubtful)
        line, because = low if value < low else high, view.say(p["fact"])
    limit = money_said(line)
    because = extended(because, f"; {named.vi}: {limit.vi}", f"; {named.en}: {limit.en}")
    if holds(value, line):
        return Answer(True, because)
    return Answer(False, because, _would_be(view.title(p["fact"]), limit, words))


def _would_be(title: Text, limit: Text, words: Text) -> Text:
    return would(
        words.vi.format(title=lowered(title.vi), limit=limit.vi),
        words.en.format(title=lowered(title.en), limit=limit.en),
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
