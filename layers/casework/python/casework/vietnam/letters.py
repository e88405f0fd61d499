"""Vietnamese letters: one spelling of each, and what is left of a word when its marks are taken away.

Knows letters, tones and case; what the words mean is the business of the modules beside it.
"""

from __future__ import annotations

import functools
import re
import unicodedata

TONE_MARKS = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")

# The Icelandic and African letters that keyboards, legacy fonts and Tesseract put for đ, and its slashes of fractions.
_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ", "⁄": "/", "∕": "/"})
_SIGNS = {
    "–": "-", "—": "-", "‑": "-", "−": "-", "‐": "-",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "：": ":", "，": ",",
}  # fmt: skip


def _fold_table() -> dict[int, str]:
    table = {ord(key): value for key, value in _SIGNS.items()}
    for vowel in _VOWELS:
        plain = unicodedata.normalize("NFD", vowel)[0]
        for tone in _TONES:
            lower = unicodedata.normalize("NFC", vowel + tone)
            table[ord(lower)] = plain
            table[ord(lower.upper())] = plain
    for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        table[ord(upper)] = upper.lower()
    for other in "áàäåãâçèéëêìíïîñòóöõôùúüûýÿ":
        table.setdefault(ord(other), unicodedata.normalize("NFD", other)[0])
        table.setdefault(ord(other.upper()), unicodedata.normalize("NFD", other)[0])
    table |= {ord("ƒ"): "f", ord("ø"): "o", ord("Ø"): "o", ord("œ"): "o", ord("Œ"): "o", ord("ı"): "i"}
    for crossed in "đĐðÐƉɖ":
        table[ord(crossed)] = "d"
    return table


_FOLD = _fold_table()


def nfc(text: str) -> str:
    """NFC, with the look-alikes of đ and of the slash made those. Positions may change against a decomposed text."""
    return unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)


def fold(text: str) -> str:
    """Lower case without marks, one character for one: positions in the answer are positions in `text` (NFC)."""
    return text.translate(_FOLD)


def tone_to_end(syllable: str) -> str:
    """The syllable with its tone as a digit at its end ("hoà" and "hòa" → "hoa1"); other marks stay."""
    tone = ""
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", syllable):
        if character in TONE_MARKS:
            tone = TONE_MARKS[character]
        else:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)) + tone


# y and i are two spellings of one sound when they are all the syllable has after its first consonants.
_Y_ALONE = re.compile(r"^((?:[BCDĐGHKLMNPQRSTVX]|QU)+)Y(\d?)$")


@functools.lru_cache(maxsize=8192)
def syllable_key(syllable: str) -> str:
    """What two spellings of one syllable share: capitals, tone moved to the end, y written i where they sound alike."""
    key = tone_to_end(nfc(syllable).upper())
    return _Y_ALONE.sub(r"\1I\2", key)


def repair_case(word: str) -> str:
    """A word whose letters were read in mixed case, in the case most of them have ("HỮu" → "HỮU", "nGười" → "người").

    A capital first letter with small ones after it, and words of signs and digits, are left alone.
    """
    letters = [character for character in word if character.isalpha()]
    if len(letters) < 2 or word.islower() or word.isupper() or not word.isalpha():
        return word
    if letters[0].isupper() and all(letter.islower() for letter in letters[1:]):
        return word
    capitals = sum(letter.isupper() for letter in letters)
    if capitals * 2 > len(letters) or (capitals * 2 == len(letters) and letters[0].isupper() and len(letters) > 2):
        return word.upper()
    lowered = word.lower()
    return lowered[0].upper() + lowered[1:] if letters[0].isupper() else lowered
