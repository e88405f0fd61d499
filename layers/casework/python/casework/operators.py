"""The closed set of tests a rule of the rulebook may use: pure functions from facts to an answer with its reason.

An answer is yes, no or unknown. A missing or doubtful fact never makes it no: only facts that are known decide.
Knows nothing of procedures, registries or routes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casework import counting
from casework.facts import FactKind, day_said, money_said, month_said, said, take
from casework.finding import Fact, Text

Params = Mapping[str, Any]
_NO_FACT = Fact(None)


@dataclass(frozen=True, slots=True)
class Answer:
    """yes (True), no (False) or unknown (None), and why. `missing` are facts nobody gave; `doubtful` facts somebody
    gave that cannot be relied on. An unknown with neither is a question for an officer's judgement."""

    holds: bool | None
    because: Text
    would_pass_if: Text | None = None
    missing: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


class View:
    """The facts as one rule sees them: those of the row first, then the dossier's."""

    __slots__ = ("_dossier", "_row", "_taken", "kinds")

    def __init__(self, kinds: Mapping[str, FactKind], row: Mapping[str, Fact], dossier: Mapping[str, Fact]) -> None:
        self.kinds = kinds
        self._row = row
        self._dossier = dossier
        self._taken: dict[str, Any] = {}

    def fact(self, fact_id: str) -> Fact:
        """The fact with its evidence; one that nobody gave has value None and no doubt."""
        found = self._row.get(fact_id)
        if found is None or (found.value is None and found.doubt is None):
            found = self._dossier.get(fact_id, found)
        return found if found is not None else _NO_FACT

    def get(self, fact_id: str) -> Any:
        """The value to rely on, or None when it is missing or doubtful."""
        if fact_id not in self._taken:
            self._taken[fact_id] = None if self.doubt(fact_id) else take(self.kinds[fact_id], self.fact(fact_id).value)
        return self._taken[fact_id]

    def doubt(self, fact_id: str) -> Text | None:
        """Why the fact cannot be relied on, if somebody gave it."""
        fact = self.fact(fact_id)
        if fact.doubt is not None:
            return fact.doubt
        try:
            take(self.kinds[fact_id], fact.value)
        except ValueError:
            raw = str(fact.value)
            return Text(f"giá trị “{raw}” không hợp lệ", f"the value “{raw}” is not valid")
        return None

    def given(self, fact_id: str) -> bool:
        """Somebody said something about it, reliable or not."""
        return self.get(fact_id) is not None or self.doubt(fact_id) is not None

    def title(self, fact_id: str) -> Text:
        return self.kinds[fact_id].title

    def say(self, fact_id: str) -> Text:
        """“Ngày bắt đầu: 02/06/2020” in both languages."""
        kind = self.kinds[fact_id]
        value = said(kind, self.get(fact_id))
        return Text(f"{kind.title.vi}: {value.vi}", f"{kind.title.en}: {value.en}")

    def unknown(self, *fact_ids: str) -> Answer | None:
        """The answer "unknown" naming those of the facts that are not to be relied on; None when all are known."""
        lacking = [fact_id for fact_id in fact_ids if self.get(fact_id) is None]
        if not lacking:
            return None
        reasons, missing, doubtful = [], [], []
        for fact_id in lacking:
            title, doubt = self.title(fact_id), self.doubt(fact_id)
            if doubt is not None:
                doubtful.append(fact_id)
                reasons.append(Text(f"{title.vi}: {doubt.vi}", f"{title.en}: {doubt.en}"))
            else:
                missing.append(fact_id)
                reasons.append(Text(f"Chưa rõ: {title.vi}", f"Not known: {title.en}"))
        return Answer(None, join(reasons), missing=tuple(missing), doubtful=tuple(doubtful))


def join(texts: list[Text], vi: str = "; ", en: str = "; ") -> Text:
    """Several reasons as one sentence."""
    if len(texts) == 1:
        return texts[0]
    return Text(vi.join(text.vi for text in texts), en.join(text.en for text in texts))


def _and(first: Text, vi: str, en: str) -> Text:
    return Text(first.vi + vi, first.en + en)


def _would(vi: str, en: str) -> Text:
    return Text(f"Sẽ đạt nếu {vi}", f"Would pass if {en}")


# ---- yes or no, one of several ----


def is_true(view: View, p: Params) -> Answer:
    if unknown := view.unknown(p["fact"]):
        return unknown
    return Answer(view.get(p["fact"]), view.say(p["fact"]))


def is_false(view: View, p: Params) -> Answer:
    if unknown := view.unknown(p["fact"]):
        return unknown
    return Answer(not view.get(p["fact"]), view.say(p["fact"]))


def is_one_of(view: View, p: Params) -> Answer:
    if unknown := view.unknown(p["fact"]):
        return unknown
    return Answer(view.get(p["fact"]) in p["values"], view.say(p["fact"]))


def is_none_of(view: View, p: Params) -> Answer:
    if unknown := view.unknown(p["fact"]):
        return unknown
    return Answer(view.get(p["fact"]) not in p["values"], view.say(p["fact"]))


def mentions(view: View, p: Params) -> Answer:
    """Yes when the text names one of `words`; unknown when it only hints at it (`hints`); else no."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    text, because = " ".join(view.get(p["fact"]).casefold().split()), view.say(p["fact"])
    if any(word.casefold() in text for word in p["words"]):
        return Answer(True, because)
    if any(word.casefold() in text for word in p.get("hints", ())):
        return Answer(None, _and(because, ", chưa nói rõ", ", not said plainly"))
    return Answer(False, because)


# ---- days ----


def date_between(view: View, p: Params) -> Answer:
    """From `from` to `to`, both included; either end may be open."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    day, because = view.get(p["fact"]), view.say(p["fact"])
    title = view.title(p["fact"])
    first, last = p.get("from"), p.get("to")
    if first is not None and day < first:
        limit = day_said(first)
        return Answer(
            False,
            _and(because, f", trước ngày {limit}", f", before {limit}"),
            _would(f"{_lower(title.vi)} từ ngày {limit} trở đi", f"{_lower(title.en)} were {limit} or later"),
        )
    if last is not None and day > last:
        limit = day_said(last)
        return Answer(
            False,
            _and(because, f", sau ngày {limit}", f", after {limit}"),
            _would(f"{_lower(title.vi)} chậm nhất là ngày {limit}", f"{_lower(title.en)} were {limit} or earlier"),
        )
    return Answer(True, because)


def not_before(view: View, p: Params) -> Answer:
    """The day is not before another day."""
    if unknown := view.unknown(p["fact"], p["of"]):
        return unknown
    because, limit = join([view.say(p["fact"]), view.say(p["of"])]), day_said(view.get(p["of"]))
    if view.get(p["fact"]) >= view.get(p["of"]):
        return Answer(True, because)
    title = view.title(p["fact"])
    return Answer(
        False,
        because,
        _would(f"{_lower(title.vi)} từ ngày {limit} trở đi", f"{_lower(title.en)} were {limit} or later"),
    )


def lasts_months(view: View, p: Params) -> Answer:
    """The period lasts at least `value` whole consecutive months."""
    if unknown := view.unknown(p["starts"], p["ends"]):
        return unknown
    starts, ends, least = view.get(p["starts"]), view.get(p["ends"]), p["value"]
    if ends < starts:
        return _ends_before_it_starts(view, p)
    months = counting.whole_months(starts, ends)
    because = _period_said(starts, ends, months)
    if months >= least:
        return Answer(True, because)
    until = day_said(counting.month_ends_on(starts, least))
    return Answer(False, because, _would(f"kéo dài đến hết ngày {until}", f"it lasted until {until}"))


def lasts_months_within(view: View, p: Params) -> Answer:
    """The part of the period inside `from`–`to` has at least `value` whole months."""
    if unknown := view.unknown(p["starts"], p["ends"]):
        return unknown
    starts, ends, least = view.get(p["starts"]), view.get(p["ends"]), p["value"]
    if ends < starts:
        return _ends_before_it_starts(view, p)
    window = f"{day_said(p['from'])}–{day_said(p['to'])}"
    part = counting.clip(starts, ends, p["from"], p["to"])
    if part is None:
        whole = f"{day_said(starts)}–{day_said(ends)}"
        return Answer(False, Text(f"{whole} nằm ngoài {window}", f"{whole} lies outside {window}"))
    months = counting.whole_months(part.starts_on, part.ends_on)
    inside = _period_said(part.starts_on, part.ends_on, months)
    because = Text(f"Trong khoảng {window}: {inside.vi}", f"Within {window}: {inside.en}")
    if months >= least:
        return Answer(True, because)
    until = counting.month_ends_on(part.starts_on, least)
    if until > p["to"]:
        return Answer(False, because)
    return Answer(
        False, because, _would(f"kéo dài đến hết ngày {day_said(until)}", f"it lasted until {day_said(until)}")
    )


def within_term(view: View, p: Params) -> Answer:
    """A period lies inside a contract's term. An indefinite contract has no end; a fixed one without an end date ends
    by its term in months. A contract that seems to have ended before the period began may have become indefinite by
    law: unknown, for an officer."""
    kind_known = view.get(p["kind"])
    opens, starts, ends = view.get(p["opens"]), view.get(p["starts"]), view.get(p["ends"])
    if opens is not None and starts is not None and starts < opens:
        limit = day_said(opens)
        return Answer(
            False,
            join([view.say(p["starts"]), view.say(p["opens"])]),
            _would(f"bắt đầu từ ngày {limit} trở đi", f"it began on {limit} or later"),
        )
    if kind_known == "indefinite":
        if unknown := view.unknown(p["starts"], p["opens"]):
            return unknown
        return Answer(True, join([view.say(p["starts"]), view.say(p["opens"]), view.say(p["kind"])]))
    closes = view.get(p["closes"])
    if closes is None and not view.doubt(p["closes"]) and opens is not None and view.get(p["term_months"]):
        closes = counting.month_ends_on(opens, view.get(p["term_months"]))
    if closes is None:
        lacking = [p["starts"], p["ends"], p["opens"], p["closes"]] + ([p["kind"]] if kind_known is None else [])
        unknown = view.unknown(*lacking)
        assert unknown is not None  # `closes` is among them
        return unknown
    closes_said = Text(
        f"{view.title(p['closes']).vi}: {day_said(closes)}", f"{view.title(p['closes']).en}: {day_said(closes)}"
    )
    if starts is not None and closes < starts:
        because = join([closes_said, view.say(p["starts"])])
        return Answer(
            None,
            _and(
                because,
                "; hợp đồng có vẻ đã hết hạn, cần xem đã ký tiếp hoặc chuyển thành không xác định thời hạn chưa",
                "; the contract seems to have ended: see whether it was renewed or became indefinite by law",
            ),
        )
    if ends is not None and ends > closes:
        limit = day_said(closes)
        return Answer(
            False,
            join([view.say(p["ends"]), closes_said]),
            _would(f"kết thúc chậm nhất ngày {limit}", f"it ended by {limit}"),
        )
    if unknown := view.unknown(p["starts"], p["ends"], p["opens"]):
        return unknown
    return Answer(True, join([view.say(p["starts"]), view.say(p["ends"]), view.say(p["opens"]), closes_said]))


def working_days_in_month(view: View, p: Params) -> Answer:
    """The period holds at least `value` working days of the month."""
    from casework.vietnam import working_days  # the calendar is wanted by this test alone

    if unknown := view.unknown(p["starts"], p["ends"], p["month"]):
        return unknown
    if view.get(p["ends"]) < view.get(p["starts"]):
        return _ends_before_it_starts(view, p)
    month = counting.month_period(view.get(p["month"]))
    part = counting.clip(view.get(p["starts"]), view.get(p["ends"]), month.starts_on, month.ends_on)
    count = 0
    if part is not None:
        days = (part.starts_on + timedelta(days=k) for k in range(part.days))
        count = sum(working_days.is_working_day(day) for day in days)
    named = month_said(view.get(p["month"]))
    because = Text(f"{count} ngày làm việc trong tháng {named}", f"{count} working days in {named}")
    if count >= p["value"]:
        return Answer(True, because)
    least = p["value"]
    return Answer(
        False, because, _would(f"có ít nhất {least} ngày làm việc", f"there were at least {least} working days")
    )


# ---- months ----


def month_not_before(view: View, p: Params) -> Answer:
    if unknown := view.unknown(p["fact"]):
        return unknown
    if view.get(p["fact"]) >= p["value"]:
        return Answer(True, view.say(p["fact"]))
    limit, title = month_said(p["value"]), view.title(p["fact"])
    return Answer(
        False,
        view.say(p["fact"]),
        _would(f"{_lower(title.vi)} là {limit} trở đi", f"{_lower(title.en)} were {limit} or later"),
    )


def same_month(view: View, p: Params) -> Answer:
    """The month is the calendar month of a day."""
    if unknown := view.unknown(p["fact"], p["of"]):
        return unknown
    because = join([view.say(p["fact"]), view.say(p["of"])])
    month = counting.month_of(view.get(p["of"]))
    if view.get(p["fact"]) == month:
        return Answer(True, because)
    title = view.title(p["fact"])
    return Answer(
        False,
        because,
        _would(f"{_lower(title.vi)} là {month_said(month)}", f"{_lower(title.en)} were {month_said(month)}"),
    )


def months_end_by(view: View, p: Params) -> Answer:
    """A run of months from `fact`, as many as `count`, ends in month `value` at the latest."""
    if unknown := view.unknown(p["fact"], p["count"]):
        return unknown
    last = counting.month_after(view.get(p["fact"]), view.get(p["count"]) - 1)
    because = Text(
        f"Từ {month_said(view.get(p['fact']))} đến hết {month_said(last)}",
        f"From {month_said(view.get(p['fact']))} to the end of {month_said(last)}",
    )
    if last <= p["value"]:
        return Answer(True, because)
    limit = month_said(p["value"])
    return Answer(False, because, _would(f"kết thúc chậm nhất tháng {limit}", f"it ended by {limit}"))


def not_already_paid(view: View, p: Params) -> Answer:
    """None of the months counted for the person stands among the months already paid."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    paid = view.get(p["fact"])
    if not paid:
        return Answer(True, view.say(p["fact"]))
    if unknown := view.unknown(p["starts"], *([p["ends"]] if "ends" in p else [])):
        return unknown
    ends = view.get(p["ends"]) if "ends" in p else p["to"]
    period = counting.clip(view.get(p["starts"]), ends, p["from"], p["to"])
    twice = sorted(set(counting.months_counted(period, p["most"])) & set(paid))
    if not twice:
        return Answer(True, view.say(p["fact"]))
    months = ", ".join(month_said(month) for month in twice)
    return Answer(False, _and(view.say(p["fact"]), f"; trùng tháng {months}", f"; the same month {months}"))


# ---- numbers ----


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
        return _does_not_add_up(because)
    cut = before - now
    because = _and(because, f"; giảm {_percent(cut, before)}", f"; a cut of {_percent(cut, before)}")
    if counting.reaches_share(cut, before, percent):
        return Answer(True, because)
    limit = before - counting.least_part(before, percent)
    return Answer(False, because, _would(f"chỉ còn không quá {limit}", f"no more than {limit} were left"))


def at_most_share_of(view: View, p: Params) -> Answer:
    """fact ≤ percent % of `of`, exactly."""
    if unknown := view.unknown(p["fact"], p["of"]):
        return unknown
    value, of, percent = view.get(p["fact"]), view.get(p["of"]), p["percent"]
    because = join([view.say(p["fact"]), view.say(p["of"])])
    if of <= 0 or value < 0:
        return _does_not_add_up(because)
    because = _and(because, f" ({_percent(value, of)})", f" ({_percent(value, of)})")
    if value * 100 <= of * percent:
        return Answer(True, because)
    limit, title = money_said(of * percent // 100), view.title(p["fact"])
    return Answer(
        False,
        because,
        _would(f"{_lower(title.vi)} không quá {limit.vi}", f"{_lower(title.en)} were at most {limit.en}"),
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
    because = _and(because, f"; chuẩn: {limit.vi}", f"; line: {limit.en}")
    if value < line:
        return Answer(True, because)
    return Answer(
        False, because, _would(f"{_lower(title.vi)} dưới {limit.vi}", f"{_lower(title.en)} were below {limit.en}")
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
    because = _and(because, f"; mức tối thiểu: {limit.vi}", f"; least: {limit.en}")
    if value >= line:
        return Answer(True, because)
    return Answer(
        False,
        because,
        _would(f"{_lower(title.vi)} từ {limit.vi} trở lên", f"{_lower(title.en)} were at least {limit.en}"),
    )


def not_entitled_to_unemployment_benefit(view: View, p: Params) -> Answer:
    """The contributions do not open unemployment benefit: fewer than `least` months in 24, or in 36 for a seasonal
    contract; or a month of unpaid leave right before the end, which breaks the insurance (a suspension does not)."""
    if _on_unpaid_leave_at_the_end(view, p):
        return Answer(True, join([view.say(p["leave_kind"]), view.say(p["ended"])]))
    kind, least = view.get(p["kind"]), p["least"]
    if kind is not None:
        fact = p["in_36"] if kind in p["seasonal"] else p["in_24"]
        if unknown := view.unknown(fact):
            return unknown
        months = view.get(fact)
        because = join([view.say(p["kind"]), view.say(fact)])
        if months < least:
            return Answer(True, because)
        return Answer(False, because, _would(f"số tháng đóng dưới {least}", f"fewer than {least} months were paid"))
    known = [fact for fact in (p["in_24"], p["in_36"]) if view.get(fact) is not None]
    short = [view.get(fact) < least for fact in known]
    if len(known) == 2 and len(set(short)) == 1:
        because = join([view.say(fact) for fact in known])
        if short[0]:
            return Answer(True, because)
        return Answer(False, because, _would(f"số tháng đóng dưới {least}", f"fewer than {least} months were paid"))
    unknown = view.unknown(p["kind"], *(fact for fact in (p["in_24"], p["in_36"]) if fact not in known))
    assert unknown is not None  # the kind is among them
    return unknown


def _on_unpaid_leave_at_the_end(view: View, p: Params) -> bool:
    if view.get(p["leave_kind"]) != "unpaid_leave" or view.get(p["ended"]) is None:
        return False
    starts, ends = view.get(p["leave_starts"]), view.get(p["leave_ends"])
    ended: date = view.get(p["ended"])
    month_before = counting.month_period(counting.month_after(counting.month_of(ended), -1))
    if starts is not None and starts > ended:
        return False
    return ends is None or ends >= month_before.starts_on


# ---- shared ----


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
        _would(f"{_lower(kind.title.vi)} {vi} {limit.vi}", f"{_lower(kind.title.en)} were {en} {limit.en}"),
    )


def _share(view: View, p: Params, holds: Callable[[int, int, int], bool], vi: str, en: str) -> Answer:
    if unknown := view.unknown(p["part"], p["whole"]):
        return unknown
    part, whole, percent = view.get(p["part"]), view.get(p["whole"]), p["percent"]
    because = join([view.say(p["part"]), view.say(p["whole"])])
    if whole <= 0 or part < 0 or part > whole:
        return _does_not_add_up(because)
    because = _and(because, f" ({_percent(part, whole)})", f" ({_percent(part, whole)})")
    if holds(part, whole, percent):
        return Answer(True, because)
    return Answer(
        False, because, _would(f"tỷ lệ {vi.format(percent=percent)}", f"the share were {en.format(percent=percent)}")
    )


def _does_not_add_up(because: Text) -> Answer:
    return Answer(None, _and(because, "; các số không khớp nhau", "; the figures do not agree"))


def _ends_before_it_starts(view: View, p: Params) -> Answer:
    return _does_not_add_up(join([view.say(p["starts"]), view.say(p["ends"])]))


def _period_said(starts: date, ends: date, months: int) -> Text:
    period, days = f"{day_said(starts)}–{day_said(ends)}", (ends - starts).days + 1
    plural = "month" if months == 1 else "months"
    return Text(f"{period}: {days} ngày, {months} tháng trọn", f"{period}: {days} days, {months} whole {plural}")


def _percent(part: int, whole: int) -> str:
    """A share to two decimals, cut and never rounded up, for reading only: 19,99 % is never shown as 20 %."""
    sign = "-" if part < 0 else ""
    hundredths = abs(part) * 10_000 // whole
    return f"{sign}{hundredths // 100},{hundredths % 100:02d} %"


def _lower(title: str) -> str:
    """A title in the middle of a sentence; abbreviations keep their capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


# ---- the table ----

_DATE = frozenset({"date"})
_MONTH = frozenset({"month"})
_NUMBER = frozenset({"int", "money"})
_BOOL = frozenset({"bool"})
_TEXT = frozenset({"string", "enum"})
_ENUM = frozenset({"enum"})
_MONTHS = frozenset({"months"})


@dataclass(frozen=True, slots=True)
class Operator:
    """A test with what it wants: `facts` names each fact it looks at with the types allowed, `values` each constant
    with its kind (date, month, int, texts, lines). Names in `optional` may be left out."""

    run: Callable[[View, Params], Answer]
    facts: Mapping[str, frozenset[str]]
    values: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


_PERIOD = {"starts": _DATE, "ends": _DATE}

OPERATORS: Mapping[str, Operator] = {
    "is_true": Operator(is_true, {"fact": _BOOL}),
    "is_false": Operator(is_false, {"fact": _BOOL}),
    "is_one_of": Operator(is_one_of, {"fact": _ENUM}, {"values": "texts"}),
    "is_none_of": Operator(is_none_of, {"fact": _ENUM}, {"values": "texts"}),
    "mentions": Operator(mentions, {"fact": _TEXT}, {"words": "texts", "hints": "texts"}, frozenset({"hints"})),
    "date_between": Operator(date_between, {"fact": _DATE}, {"from": "date", "to": "date"}, frozenset({"from", "to"})),
    "not_before": Operator(not_before, {"fact": _DATE, "of": _DATE}),
    "lasts_months": Operator(lasts_months, _PERIOD, {"value": "int"}),
    "lasts_months_within": Operator(lasts_months_within, _PERIOD, {"value": "int", "from": "date", "to": "date"}),
    "within_term": Operator(
        within_term,
        {**_PERIOD, "opens": _DATE, "closes": _DATE, "kind": _ENUM, "term_months": _NUMBER},
    ),
    "working_days_in_month": Operator(working_days_in_month, {**_PERIOD, "month": _MONTH}, {"value": "int"}),
    "month_not_before": Operator(month_not_before, {"fact": _MONTH}, {"value": "month"}),
    "same_month": Operator(same_month, {"fact": _MONTH, "of": _DATE}),
    "months_end_by": Operator(months_end_by, {"fact": _MONTH, "count": _NUMBER}, {"value": "month"}),
    "not_already_paid": Operator(
        not_already_paid,
        {"fact": _MONTHS, **_PERIOD},
        {"from": "date", "to": "date", "most": "int"},
        frozenset({"ends"}),
    ),
    "at_least": Operator(at_least, {"fact": _NUMBER}, {"value": "int"}),
    "at_most": Operator(at_most, {"fact": _NUMBER}, {"value": "int"}),
    "below": Operator(below, {"fact": _NUMBER}, {"value": "int"}),
    "share_at_least": Operator(share_at_least, {"part": _NUMBER, "whole": _NUMBER}, {"percent": "int"}),
    "share_above": Operator(share_above, {"part": _NUMBER, "whole": _NUMBER}, {"percent": "int"}),
    "cut_at_least": Operator(cut_at_least, {"before": _NUMBER, "now": _NUMBER}, {"percent": "int"}),
    "at_most_share_of": Operator(at_most_share_of, {"fact": _NUMBER, "of": _NUMBER}, {"percent": "int"}),
    "below_line": Operator(below_line, {"fact": _NUMBER, "by": _ENUM}, {"lines": "lines"}),
    "at_least_line": Operator(at_least_line, {"fact": _NUMBER, "by": _ENUM}, {"lines": "lines"}),
    "not_entitled_to_unemployment_benefit": Operator(
        not_entitled_to_unemployment_benefit,
        {
            "kind": _ENUM,
            "in_24": _NUMBER,
            "in_36": _NUMBER,
            "leave_kind": _ENUM,
            "leave_starts": _DATE,
            "leave_ends": _DATE,
            "ended": _DATE,
        },
        {"least": "int", "seasonal": "texts"},
    ),
}
