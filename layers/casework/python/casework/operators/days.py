"""Tests on days, periods and months."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

from casework import closures, counting
from casework.facts import day_said, month_said
from casework.finding import Text
from casework.operators.view import Answer, Params, View, does_not_add_up, extended, join, lowered, would

_MOST_MONTHS = 1200  # a hundred years: more is a misreading, not a request


def date_between(view: View, p: Params) -> Answer:
    """From `from` to `to`, both included; either end may be open."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    day, because = view.get(p["fact"]), view.say(p["fact"])
    title = view.title(p["fact"])
    first, last = p.get("from"), p.get("to")
    if first is not None and day < first:
        limit = day_said(first)
        said = extended(because, f", trước ngày {limit}", f", before {limit}")
        return Answer(False, said, _from_day_on(title, limit))
    if last is not None and day > last:
        limit = day_said(last)
        return Answer(
            False,
            extended(because, f", sau ngày {limit}", f", after {limit}"),
            would(f"{lowered(title.vi)} chậm nhất là ngày {limit}", f"the {lowered(title.en)} were {limit} or earlier"),
        )
    return Answer(True, because)


def not_before(view: View, p: Params) -> Answer:
    """The day is not before another day."""
    if unknown := view.unknown(p["fact"], p["of"]):
        return unknown
    because, limit = join([view.say(p["fact"]), view.say(p["of"])]), day_said(view.get(p["of"]))
    if view.get(p["fact"]) >= view.get(p["of"]):
        return Answer(True, because)
    return Answer(False, because, _from_day_on(view.title(p["fact"]), limit))


def _from_day_on(title: Text, limit: str) -> Text:
    return would(f"{lowered(title.vi)} từ ngày {limit} trở đi", f"the {lowered(title.en)} were {limit} or later")


def closed_by_decision(view: View, p: Params) -> Answer:
    """The day lies in a closure of the line of business at the address: by the table of decisions, by the day a
    registry tells (`of`), or by both. An entry still to be confirmed is enough for a yes and never for a no; where the
    two differ it is unknown, and where neither knows, what the registry would tell is missing."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    day, line = view.get(p["fact"]), view.get(p["line"])
    decisions = closures.found(_text(view.get(p["address"])), line) if line else []
    covering = [decision for decision in decisions if decision.covers(day)]
    told = view.get(p["of"])
    said = [view.say(p["fact"])]
    said += [view.say(p["of"])] if told is not None else []
    said += [decision.said() for decision in covering or decisions]
    rests_on = tuple(decision.setting_id for decision in covering or decisions if not decision.confirmed)
    by_registry = None if told is None else told <= day
    if view.doubt(p["of"]) and not any(decision.confirmed for decision in covering):
        return dataclasses.replace(view.unknown(p["of"]) or Answer(None, join(said)), rests_on=rests_on)
    if covering:
        if by_registry is False:
            return Answer(None, extended(join(said), "; hai nguồn khác nhau", "; the two differ"), rests_on=rests_on)
        return Answer(True, join(said), rests_on=rests_on)
    if decisions:
        sure = by_registry is not True and any(decision.confirmed for decision in decisions)
        outside = extended(join(said), "; ngày này nằm ngoài thời gian đóng cửa", "; the day is outside the closure")
        return Answer(False if sure else None, outside, rests_on=rests_on)
    if by_registry is None:
        return view.unknown(p["of"]) or Answer(None, join(said))
    return not_before(view, p)


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
    return Answer(False, because, would(f"kéo dài đến hết ngày {until}", f"it lasted until {until}"))


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
        False, because, would(f"kéo dài đến hết ngày {day_said(until)}", f"it lasted until {day_said(until)}")
    )


def within_term(view: View, p: Params) -> Answer:
    """A period lies inside a contract's term. An indefinite contract has no end; a fixed one without an end date ends
    by its term in months. A contract that seems to have ended before the period began may have become indefinite by
    law: unknown, for an officer."""
    if view.doubt(p["kind"]) and (doubtful := view.unknown(p["kind"])):
        return doubtful
    kind_known = view.get(p["kind"])
    opens, starts, ends = view.get(p["opens"]), view.get(p["starts"]), view.get(p["ends"])
    if opens is not None and starts is not None and starts < opens:
        limit = day_said(opens)
        return Answer(
            False,
            join([view.say(p["starts"]), view.say(p["opens"])]),
            would(f"bắt đầu từ ngày {limit} trở đi", f"it began on {limit} or later"),
        )
    if kind_known == "indefinite":
        if unknown := view.unknown(p["starts"], p["opens"]):
            return unknown
        return Answer(True, join([view.say(p["starts"]), view.say(p["opens"]), view.say(p["kind"])]))
    closes = view.get(p["closes"])
    term = view.get(p["term_months"])
    if closes is None and not view.doubt(p["closes"]) and opens is not None and term and 1 <= term <= _MOST_MONTHS:
        closes = counting.month_ends_on(opens, term)
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
            extended(
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
            would(f"kết thúc chậm nhất ngày {limit}", f"it ended by {limit}"),
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
        False, because, would(f"có ít nhất {least} ngày làm việc", f"there were at least {least} working days")
    )


def day_by_end_of_month(view: View, p: Params) -> Answer:
    """The day lies between `from` and the end of the month, both included."""
    if unknown := view.unknown(p["fact"], p["month"]):
        return unknown
    last = counting.month_period(view.get(p["month"])).ends_on
    because, title = view.say(p["fact"]), view.title(p["fact"])
    if p["from"] <= view.get(p["fact"]) <= last:
        return Answer(True, because)
    span = f"{day_said(p['from'])}–{day_said(last)}"
    return Answer(
        False, because, would(f"{lowered(title.vi)} trong khoảng {span}", f"the {lowered(title.en)} were within {span}")
    )


def month_not_before(view: View, p: Params) -> Answer:
    if unknown := view.unknown(p["fact"]):
        return unknown
    if view.get(p["fact"]) >= p["value"]:
        return Answer(True, view.say(p["fact"]))
    limit, title = month_said(p["value"]), view.title(p["fact"])
    return Answer(
        False,
        view.say(p["fact"]),
        would(f"{lowered(title.vi)} là {limit} trở đi", f"the {lowered(title.en)} were {limit} or later"),
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
        would(f"{lowered(title.vi)} là {month_said(month)}", f"the {lowered(title.en)} were {month_said(month)}"),
    )


def months_end_by(view: View, p: Params) -> Answer:
    """A run of months from `fact`, as many as `count`, ends in month `value` at the latest."""
    if unknown := view.unknown(p["fact"], p["count"]):
        return unknown
    if not 1 <= view.get(p["count"]) <= _MOST_MONTHS:
        return does_not_add_up(join([view.say(p["fact"]), view.say(p["count"])]))
    last = counting.month_after(view.get(p["fact"]), view.get(p["count"]) - 1)
    because = Text(
        f"Từ {month_said(view.get(p['fact']))} đến hết {month_said(last)}",
        f"From {month_said(view.get(p['fact']))} to the end of {month_said(last)}",
    )
    if last <= p["value"]:
        return Answer(True, because)
    limit = month_said(p["value"])
    return Answer(False, because, would(f"kết thúc chậm nhất tháng {limit}", f"it ended by {limit}"))


def _ends_before_it_starts(view: View, p: Params) -> Answer:
    return does_not_add_up(join([view.say(p["starts"]), view.say(p["ends"])]))


def _period_said(starts: date, ends: date, months: int) -> Text:
    period, days = f"{day_said(starts)}–{day_said(ends)}", (ends - starts).days + 1
    plural = "month" if months == 1 else "months"
    return Text(f"{period}: {days} ngày, {months} tháng trọn", f"{period}: {days} days, {months} whole {plural}")


def _text(address: Any) -> str:
    return str(address.get("raw", "") if isinstance(address, dict) else address or "")
