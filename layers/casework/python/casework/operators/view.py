"""How a test looks at facts and answers: yes, no or unknown, with its reason in both languages.

A missing or doubtful fact is never a no. Knows no law and no route.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.facts import FactKind, said, take
from casework.finding import Fact, Text

Params = Mapping[str, Any]
_NO_FACT = Fact(None)


@dataclass(frozen=True, slots=True)
class Answer:
    """yes (True), no (False) or unknown (None), and why. `missing` are facts nobody gave; `doubtful` facts somebody
    gave that cannot be relied on. An unknown with neither is a question for an officer's judgement. `rests_on`:
    settings still to be confirmed that this very answer hangs on, beside those of its rule."""

    holds: bool | None
    because: Text
    would_pass_if: Text | None = None
    missing: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()


class View:
    """The facts as one rule sees them: those of the row first, then the dossier's."""

    __slots__ = ("_dossier", "_known", "_row", "kinds")

    def __init__(self, kinds: Mapping[str, FactKind], row: Mapping[str, Fact], dossier: Mapping[str, Fact]) -> None:
        self.kinds = kinds
        self._row = row
        self._dossier = dossier
        self._known: dict[str, tuple[Any, Text | None]] = {}

    def fact(self, fact_id: str) -> Fact:
        """The fact with its evidence; one that nobody gave has value None and no doubt."""
        found = self._row.get(fact_id)
        if found is None or (found.value is None and found.doubt is None):
            found = self._dossier.get(fact_id, found)
        return found if found is not None else _NO_FACT

    def get(self, fact_id: str) -> Any:
        """The value to rely on, or None when it is missing or doubtful."""
        return self._looked_up(fact_id)[0]

    def doubt(self, fact_id: str) -> Text | None:
        """Why the fact cannot be relied on, if somebody gave it."""
        return self._looked_up(fact_id)[1]

    def _looked_up(self, fact_id: str) -> tuple[Any, Text | None]:
        known = self._known.get(fact_id)
        if known is None:
            known = self._known[fact_id] = self._look_up(fact_id)
        return known

    def _look_up(self, fact_id: str) -> tuple[Any, Text | None]:
        fact = self.fact(fact_id)
        if fact.doubt is not None:
            return None, fact.doubt
        try:
            return take(self.kinds[fact_id], fact.value), None
        except ValueError:
            return None, Text(f"giá trị “{fact.value}” không hợp lệ", f"the value “{fact.value}” is not valid")

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


def extended(first: Text, vi: str, en: str) -> Text:
    return Text(first.vi + vi, first.en + en)


def would(vi: str, en: str) -> Text:
    return Text(f"Sẽ đạt nếu {vi}", f"Would pass if {en}")


def does_not_add_up(because: Text) -> Answer:
    return Answer(None, extended(because, "; các số không khớp nhau", "; the figures do not agree"))


def lowered(title: str) -> str:
    """A title in the middle of a sentence; abbreviations keep their capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
