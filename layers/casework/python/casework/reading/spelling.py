"""Common words and places spelled right where OCR lost or changed their marks ("CHẾ BIỀN GỖ", "quận Liên Chiếu").

Works on words everybody shares (rulebook/phrases.toml) and on districts within the province an address names
(rulebook/districts.toml, unverified: it proposes, and the field says so). Persons' names and firms' own names are
never touched: they are in no list.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Mapping
from importlib import resources

from rapidfuzz.distance import Levenshtein

from casework.vietnam.addresses import province_of
from casework.vietnam.letters import fold, nfc, syllable_key
from casework.vietnam.syllables import is_syllable

COMMON_WORD = "sửa dấu theo từ thông dụng"
DISTRICT = "sửa dấu theo danh mục huyện (chưa kiểm chứng)"

# Of a phrase of so many letters one may be wrong, where the word that was read is no Vietnamese syllable.
_LONG_ENOUGH = 7
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 5
_LISTS: Mapping[str, tuple[str, ...]] = {
    "company": ("company",), "text": ("text",), "address": ("address",), "position": ("text",),
}  # fmt: skip
_DISTRICT_HEAD = re.compile(r"\s*(?:(?:quan|huyen|thi xa|thanh pho|tx|tp|q|h)\b\.?\s*)")


@functools.cache
def _phrases(kind: str) -> dict[tuple[str, ...], tuple[str, ...] | None]:
    """Folded words → the words as spelled; None where two spellings share their letters."""
    source = tomllib.loads((resources.files("casework") / "rulebook/phrases.toml").read_text(encoding="utf-8"))
    known: dict[tuple[str, ...], tuple[str, ...] | None] = {}
    for name in _LISTS[kind]:
        for phrase in source[name]:
            words = tuple(nfc(phrase).split())
            key = tuple(fold(word) for word in words)
            known[key] = words if known.get(key, words) == words else None
    return known


@functools.cache
def _districts() -> dict[str, dict[str, str]]:
    """Province code → folded name of a district → its spelling."""
    source = tomllib.loads((resources.files("casework") / "rulebook/districts.toml").read_text(encoding="utf-8"))
    return {code: {_plain(name): name.strip() for name in nfc(names).split(",")} for code, names in source.items()}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(nfc(name))).strip()


def respell(value: str, kind: str) -> tuple[str, str | None]:
    """The value with its common words and districts spelled right, and in words what was done (None: nothing)."""
    if kind not in _LISTS:
        return value, None
    spelled = _common_words(value, kind)
    why = COMMON_WORD if spelled != value else None
    if kind == "address":
        placed = _district(spelled)
        if placed != spelled:
            spelled, why = placed, DISTRICT
    return spelled, why


def _common_words(value: str, kind: str) -> str:
    words = list(_WORD.finditer(value))
    known = _phrases(kind)
    parts: list[str] = []
    position = index = 0
    while index < len(words):
        taken = 1
        for count in range(min(_MOST_WORDS, len(words) - index), 0, -1):
            run = words[index : index + count]
            right = _spelled(value, run, known, kind)
            if right is not None:
                for match, word in zip(run, right, strict=True):
                    first = not match.start() and len(word) > len(match[0])
                    parts += [value[position : match.start()], word.capitalize() if first else _in_case(word, match[0])]
                    position = match.end()
                taken = count
                break
        index += taken
    return "".join([*parts, value[position:]])


def _spelled(
    value: str, run: list[re.Match[str]], known: dict[tuple[str, ...], tuple[str, ...] | None], kind: str
) -> tuple[str, ...] | None:
    """The right words for a run that stands together; None when it is no known phrase or right already."""
    if any(value[one.end() : two.start()] != " " for one, two in itertools.pairwise(run)):
        return None
    read = tuple(match[0] for match in run)
    key = tuple(fold(word) for word in read)
    right = known.get(key)
    if right is None and key not in known:
        right = _one_letter_off(read, key, known, lost_first=run[0].start() == 0 and read[0][0].islower())
    elif right is not None and len(run) == 1 and not _may_stand_alone(value, run[0], kind):
        return None
    if right is None or all(syllable_key(word) == syllable_key(other) for word, other in zip(read, right, strict=True)):
        return None
    return right


def _may_stand_alone(value: str, match: re.Match[str], kind: str) -> bool:
    """One word is respelled where its kind of word stands: at the head of an address's part or of a unit's name, or
    where what was read is no syllable at all."""
    if value[match.end() : match.end() + 1] != " ":
        return False
    before = value[: match.start()].rstrip()
    return not is_syllable(match[0]) or (kind in ("address", "text") and (not before or before.endswith(",")))


def _one_letter_off(
    read: tuple[str, ...],
    key: tuple[str, ...],
    known: dict[tuple[str, ...], tuple[str, ...] | None],
    *,
    lost_first: bool,
) -> tuple[str, ...] | None:
    """A phrase one of whose words is no syllable, or has lost the value's first letter."""
    wrong = [index for index, word in enumerate(read) if not is_syllable(word) or (lost_first and not index)]
    if len(wrong) != 1 or len(key) < 2 or sum(map(len, key)) < _LONG_ENOUGH:
        return None
    at = wrong[0]
    near = [
        right
        for other, right in known.items()
        if right is not None
        and len(other) == len(key)
        and other[:at] + other[at + 1 :] == key[:at] + key[at + 1 :]
        and Levenshtein.distance(other[at], key[at]) == 1
    ]
    return near[0] if len(near) == 1 else None


def _district(value: str) -> str:
    """An address's last part but one, spelled as the district of its province."""
    code = province_of(value)
    parts = value.split(",")
    if code is None or len(parts) < 2:
        return value
    lead = _DISTRICT_HEAD.match(fold(parts[-2]))
    if lead is None:
        return value
    name = parts[-2][lead.end() :]
    plain, known = _plain(name), _districts().get(code, {})
    right = known.get(plain)
    if right is None and len(plain) >= _LONG_ENOUGH:
        near = [spelling for other, spelling in known.items() if Levenshtein.distance(other, plain) == 1]
        right = near[0] if len(near) == 1 and not all(is_syllable(word) for word in name.split()) else None
    words, new = name.split(), (right or "").split()
    if right is None or (
        len(words) == len(new)
        and all(syllable_key(word) == syllable_key(other) for word, other in zip(words, new, strict=True))
    ):
        return value
    parts[-2] = parts[-2][: lead.end()] + (right.upper() if name.strip().isupper() else right)
    return ",".join(parts)


def is_known_place(value: str) -> bool:
    """An address down to a province and a district known in it, or to a numbered district."""
    code = province_of(value)
    parts = fold(value).split(",")
    if code is None or len(parts) < 3:
        return False
    lead = _DISTRICT_HEAD.match(parts[-2])
    name = _plain(parts[-2][lead.end() if lead else 0 :])
    return name in _districts().get(code, {}) or name.isdigit()


def _in_case(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
