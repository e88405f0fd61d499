"""Which letter sequences can be a Vietnamese syllable, by the rules of the script rather than by a word list.

A syllable is onset + rime + tone. The rules accept about 18,000 forms, among them all real ones; what they refuse
(a vowel that cannot follow, a level tone before -t) is almost surely a reading error or a foreign word.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable

_ONSETS = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
_BEFORE_FRONT_VOWEL = frozenset({"k", "gh", "ngh"})
_NOT_BEFORE_FRONT_VOWEL = frozenset({"c", "ng", "g"})
_FRONT = "ieêy"

_RIME_TABLE = """
    a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt oc oe oem oen oeo oet oi om on
    ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ôông ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uên uênh uêt uêu ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych
    uyên uyêt uyn uynh uyp uyt uyu uơi ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y yêm yên yêng yêt yêu ynh
"""
_RIMES = frozenset(_RIME_TABLE.split())
_TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_STOPS = ("c", "ch", "p", "t")


@functools.lru_cache(maxsize=65_536)
def is_syllable(text: str) -> bool:
    """Can this be one Vietnamese syllable? Case is ignored; both placements of the tone (hòa, hoà) are right."""
    letters, tone = _without_tone(text.lower())
    if letters is None:
        return False
    return any(_fits(onset, letters[len(onset) :], tone) for onset in _ONSETS if letters.startswith(onset))


def share_of_syllables(words: Iterable[str]) -> tuple[float, int]:
    """The share of the purely alphabetic words that are syllables, and how many such words there were."""
    right = seen = 0
    for word in words:
        core = word.strip(".,;:!?()[]{}\"'“”‘’…/-–—*_|")
        if not core.isalpha():
            continue
        seen += 1
        right += is_syllable(core)
    return (right / seen if seen else 0.0), seen


def _without_tone(text: str) -> tuple[str | None, str]:
    """The letters without tone mark, and the tone's name ("" for level); None when two tones are marked."""
    tone, kept = "", []
    for sign in unicodedata.normalize("NFD", text):
        if sign in _TONES:
            if tone:
                return None, ""
            tone = _TONES[sign]
        else:
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def _fits(onset: str, rime: str, tone: str) -> bool:
    if onset == "gi" and rime not in _RIMES:
        # gì, gìn, giêng: the i belongs to onset and rime at once.
        rime = "i" + rime
    if rime not in _RIMES:
        return False
    if onset == "qu" and rime[0] in "uưoô" and rime != "ô" and not rime.startswith("ôc"):
        return False
    if onset in _BEFORE_FRONT_VOWEL and rime[0] not in _FRONT:
        return False
    if onset in _NOT_BEFORE_FRONT_VOWEL and rime[0] in _FRONT and not (onset == "g" and rime[0] == "i"):
        return False
    if onset == "p" and rime[0] not in "aăâeêioôơuưy":
        return False
    return not rime.endswith(_STOPS) or tone in ("sắc", "nặng")
