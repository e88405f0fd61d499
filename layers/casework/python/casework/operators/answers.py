"""Tests on plain answers, words and kinds, and the one test of unemployment insurance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from casework import counting
from casework.operators.view import Answer, Params, View, extended, join, would
from casework.vietnam.letters import fold

_SAME_CLAUSE = re.compile(r"^\s*(?:la\s+)?(?:(?:do|vi|boi|tai)\b)?")  # "không phải" là do …
_OTHER_CLAUSE = re.compile(r"[.,;:]|\b(?:ma|nhung|do|vi|boi|tai|but|because|due)\b")


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
    """Yes when the text names one of `words`; unknown when it only hints at it (`hints`), names another cause beside it
    (`others`), or names it both as the cause and as none; no when it names it only to say that it is not the cause
    (`negations`), or not at all."""
    if unknown := view.unknown(p["fact"]):
        return unknown
    text, because = " ".join(view.get(p["fact"]).casefold().split()), view.say(p["fact"])
    named = [found.start() for word in p["words"] for found in re.finditer(re.escape(word.casefold()), text)]
    denied = [start for start in named if _denied(text[:start], p.get("negations", ()))]
    if named and len(denied) == len(named):
        return Answer(False, extended(because, ", nêu rõ không phải vì lý do này", ", said not to be the cause"))
    if denied or (named and any(word.casefold() in text for word in p.get("others", ()))):
        return Answer(None, extended(because, ", nêu cả lý do khác", ", names another cause as well"))
    if named:
        return Answer(True, because)
    if any(word.casefold() in text for word in p.get("hints", ())):
        return Answer(None, extended(because, ", chưa nói rõ", ", not said plainly"))
    return Answer(False, because)


def _denied(before: str, negations: Sequence[str]) -> bool:
    """Whether what stands before a word denies it: the last negation opens the clause the word stands in, and no other
    cause begins after it ("không do lỗi của người lao động mà do dịch" denies something else)."""
    folded = fold(before)
    starts = [folded.rfind(phrase) + len(phrase) for phrase in map(fold, negations) if phrase in folded]
    return bool(starts) and _OTHER_CLAUSE.search(_SAME_CLAUSE.sub("", folded[max(starts) :], count=1)) is None


def not_entitled_to_unemployment_benefit(view: View, p: Params) -> Answer:
    """The contributions do not open unemployment benefit: fewer than `least` months in 24, or in 36 for a seasonal
    contract; or a month of unpaid leave right before the end, which breaks the insurance (a suspension does not)."""
    if view.doubt(p["leave_kind"]) and (doubtful := view.unknown(p["leave_kind"])):
        return doubtful
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
        return Answer(False, because, would(f"số tháng đóng dưới {least}", f"fewer than {least} months were paid"))
    known = [fact for fact in (p["in_24"], p["in_36"]) if view.get(fact) is not None]
    short = [view.get(fact) < least for fact in known]
    if len(known) == 2 and len(set(short)) == 1:
        because = join([view.say(fact) for fact in known])
        if short[0]:
            return Answer(True, because)
        return Answer(False, because, would(f"số tháng đóng dưới {least}", f"fewer than {least} months were paid"))
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
