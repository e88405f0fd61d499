"""Money in đồng: figures with any thousands mark, "4,73 triệu", and the sum spelled out in words, both ways.

Figures and words are two readings of one fact: this module reads each and never prefers one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from casework.vietnam.letters import fold, nfc

LARGEST = 10**15 - 1

_LOOK_ALIKES = str.maketrans("oOQDlI|!SsBZ§", "0000111155828")
_TORN_DIGIT = re.compile(r"(?<=1)\s(?=\d)|(?<=\d)\s(?=1)")  # a 1 leaves room around it: "1 1.994.000", "8.1 11.000"
_UNITS = {
    "dong": 1, "d": 1, "vnd": 1, "vnđ": 1, "nghin": 1000, "ngan": 1000, "k": 1000,
    "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_FIGURE = re.compile(
    r"(?<![0-9a-z/])(?P<n>[0-9§](?:[0-9oOlISB§]|[.,\s'](?=\s?[0-9oOlISB§])|(?<=[0-9]):(?=[0-9]{3}(?![0-9])))*)"
    r"\s*(?P<unit>(?:nghin|ngan|trieu|ty|tr)\b)?\s*(?P<currency>dong|vnd|d\b|₫)?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in whole đồng, where it stands in the text, as printed, and why it is doubtful."""

    value: int
    start: int
    end: int
    raw: str
    has_currency: bool = False
    doubts: tuple[str, ...] = ()


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Every figure of the text that can be a sum of money, in reading order. Dates and long ids are not told apart."""
    source = nfc(text)
    found: list[Amount] = []
    for match in _FIGURE.finditer(_loose(source)):
        amount = _amount(match, source)
        if amount is not None:
            found.append(amount)
    return tuple(found)


def parse_amount(text: str) -> Amount | None:
    """The first sum of the text: one with its currency or unit if there is one, else the first figure of 4 digits."""
    amounts = find_amounts(text)
    named = [amount for amount in amounts if amount.has_currency]
    if named:
        return named[0]
    large = [amount for amount in amounts if amount.value >= 1000]
    return next(iter(large or amounts), None)


def _loose(source: str) -> str:
    folded = list(fold(source))
    for index, character in enumerate(source):
        if character in "OISB" and index and (source[index - 1].isdigit() or source[index - 1] in ".,"):
            folded[index] = character
    return "".join(folded)


def _amount(match: re.Match[str], source: str) -> Amount | None:
    figure = match["n"].strip(" .,'")
    doubts = []
    plain = figure.translate(_LOOK_ALIKES)
    if plain != figure:
        doubts.append("có chữ cái trong con số, đã đọc là chữ số")
    value = _figure_value(plain, scaled=match["unit"] is not None)
    if value is None and re.search("[.,:]", plain) and (joined := _TORN_DIGIT.sub("", plain)) != plain:
        value = _figure_value(joined, scaled=match["unit"] is not None)
        doubts.append("con số đọc rời ra, đã ghép lại")
    if value is None:
        return None
    scaled = value * _UNITS[match["unit"]] if match["unit"] else value
    if scaled != scaled.to_integral_value() or scaled > LARGEST:
        return None
    start, end = match.start(), match.start() + len(match[0].rstrip())
    return Amount(int(scaled), start, end, source[start:end], bool(match["unit"] or match["currency"]), tuple(doubts))


def _figure_value(figure: str, *, scaled: bool) -> Decimal | None:
    """Groups of exactly three after every mark are thousands; before a unit word one mark is the decimal."""
    compact = re.sub(r"\s*([.,:'])\s*", r"\1", figure.strip())
    groups = re.split(r"[.,:'\s]", compact)
    try:
        if scaled and len(groups) == 2 and not re.search(r"\s", compact):
            return Decimal(".".join(groups))
        if len(groups) > 1 and groups[-1] in ("0", "00") and re.search(r"[.,]0{1,2}$", compact):
            groups = groups[:-1]
        if len(groups) == 1:
            return Decimal(groups[0])
        if 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]):
            return Decimal("".join(groups))
    except InvalidOperation:
        return None
    return None


# Words -------------------------------------------------------------------------------------------------------

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")


def amount_in_words(value: int, *, currency: str = "đồng") -> str:
    """The sum spelled out, first letter capital: 4707000 → "Bốn triệu bảy trăm linh bảy nghìn đồng"."""
    if not 0 <= value <= LARGEST:
        raise ValueError(f"not a sum that is written in words: {value}")
    words = _spell(value)
    text = " ".join([*words, currency] if currency else words)
    return text[0].upper() + text[1:]


def _spell(value: int) -> list[str]:
    if value == 0:
        return ["không"]
    if value >= 10**12:
        head, rest = divmod(value, 10**9)
        return [*_spell(head), "tỷ", *(_spell_below(rest) if rest else [])]
    return _spell_groups(value, leading=True)


def _spell_below(value: int) -> list[str]:
    return _spell_groups(value, leading=False)


def _spell_groups(value: int, *, leading: bool) -> list[str]:
    words: list[str] = []
    for scale in (3, 2, 1, 0):
        group = value // 1000**scale % 1000
        if group:
            words += _spell_group(group, leading=leading and not words)
            if scale:
                words.append(_SCALES[scale])
    return words


def _spell_group(group: int, *, leading: bool) -> list[str]:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words: list[str] = []
    if hundreds or not leading:
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            words += (["linh"] if words else []) + [_DIGITS[ones]]
        return words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 4 and tens > 1:
        words.append("tư")
    elif ones == 5:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return words


_WORD_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7,
    "bẩy": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
_WORD_SCALES = {"nghin": 1000, "ngan": 1000, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_JOINERS = {"linh", "le", "va"}
_ENDINGS = {"dong", "chan", "vnd", "viet", "d"}


def words_to_amount(text: str) -> int | None:
    """The sum said by the words at the start of `text`; None when they are not a sum.

    Takes both ways of speaking (linh/lẻ, nghìn/ngàn, tư/bốn, tỷ/tỉ) and words without their marks; stops at "đồng".
    """
    tokens = re.findall(r"[a-z]+", fold(nfc(text)))
    total, group, said = 0, 0, False
    pending: int | None = None
    for spoken in tokens:
        word = _nearest(spoken)
        if word in _WORD_DIGITS:
            if pending is not None:
                return None
            pending, said = _WORD_DIGITS[word], True
        elif word == "tram" and pending is not None:
            group, pending = group + pending * 100, None
        elif word == "muoi":
            group, pending, said = group + (pending if pending is not None else 1) * 10, None, True
        elif word in _WORD_SCALES and said:
            group, pending = group + (pending or 0), None
            scale = _WORD_SCALES[word]
            if scale == 10**9:
                total = (total + group) * scale
            else:
                total += group * scale
            group = 0
        elif word in _JOINERS and said:
            continue
        elif (word in _ENDINGS and said) or said:
            break
        else:
            return None
    if not said:
        return None
    return total + group + (pending or 0)


_VOCABULARY = frozenset({*_WORD_DIGITS, *_WORD_SCALES, *_JOINERS, *_ENDINGS, "tram", "muoi"})
_READ_AS = {"mười": "muoi", "muơi": "muoi", "nghln": "nghin", "trleu": "trieu", "tràm": "tram", "mươl": "muoi"}


def _nearest(word: str) -> str:
    """The number word a misread word can only be (one letter off, one candidate); else the word itself."""
    if word in _VOCABULARY or len(word) < 4:
        return word
    if word in _READ_AS:
        return _READ_AS[word]
    near = [known for known in ("nghin", "trieu", "muoi", "khong", "tram", "linh") if _one_off(word, known)]
    return near[0] if len(near) == 1 else word


def _one_off(first: str, second: str) -> bool:
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1
