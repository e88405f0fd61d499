"""Pairs of names and addresses: two ways of writing one, and two that a careless comparison takes for one.

The development pairs are generated here from the invented people of infra/papers, by the ways in which people write;
the test pairs were written by hand before anything was tuned (tests/fixtures/near_pairs/unseen.toml).
"""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.papers.people import invent_employer, invent_person, unaccented

UNSEEN = Path(__file__).resolve().parents[1] / "fixtures" / "near_pairs" / "unseen.toml"
_TONES = {"à": "á", "á": "ả", "ả": "à", "ạ": "à", "ì": "í", "í": "ì", "ù": "ú", "ú": "ủ", "ò": "ó", "ó": "ỏ",
          "ế": "ề", "ề": "ế", "ứ": "ừ", "ấ": "ầ", "ầ": "ấ", "ồ": "ố", "ố": "ồ"}  # fmt: skip
_NEW_TONES = {"òa": "oà", "óa": "oá", "ọa": "oạ", "ủy": "uỷ", "úy": "uý", "ùy": "uỳ", "ỏa": "oả"}
_SHORT_FIRM = (
    ("Công ty", "Cty"), ("Một thành viên", "MTV"), ("Cổ phần", "CP"), ("Thương mại", "TM"), ("Dịch vụ", "DV"),
    ("Sản xuất", "SX"), ("Xây dựng", "XD"), ("Xuất nhập khẩu", "XNK"), ("Đầu tư", "ĐT"), ("Việt Nam", "VN"),
)  # fmt: skip
_SHORT_PLACE = (
    ("phường ", "P. "), ("Phường ", "P."), ("quận ", "Q. "), ("Quận ", "Q."), ("huyện ", "H. "), ("thị trấn ", "TT. "),
    ("xã ", "X. "), ("thành phố ", "TP. "), ("TP. Hồ Chí Minh", "TPHCM"), ("tỉnh ", ""), ("TP. ", "Thành phố "),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    kind: str
    first: str
    second: str
    same: bool


def unseen_pairs() -> list[Pair]:
    """The test pairs."""
    told = tomllib.loads(UNSEEN.read_text(encoding="utf-8"))
    return [
        Pair(kind, first, second, said == "same")
        for kind, pairs in told.items()
        for said in ("same", "other")
        for first, second in pairs[said]
    ]


def generated_pairs(count: int = 150) -> list[Pair]:
    """The development pairs: of each kind so many written two ways, and so many near ones that are others."""
    rng = random.Random("near pairs")
    return [pair for _ in range(count) for pair in _around(rng)]


def _around(rng: random.Random) -> Iterator[Pair]:
    person, employer = invent_person(rng), invent_employer(rng)
    for kind, text, ways, others in (
        ("person", person.full_name, _person_ways(), _person_others()),
        ("company", employer.name, _firm_ways(), _firm_others()),
        ("address", rng.choice((employer.address, person.permanent_address)), _place_ways(), _place_others()),
    ):
        for same, changes in ((True, ways), (False, others)):
            for change in rng.sample(changes, len(changes)):
                changed = unicodedata.normalize("NFC", change(text, rng))
                if changed != text:
                    yield Pair(kind, text, changed, same)
                    break


Change = Callable[[str, random.Random], str]


def _person_ways() -> list[Change]:
    return [
        lambda text, rng: unaccented(text).upper(),
        lambda text, rng: text.upper(),
        lambda text, rng: _replaced(text, _NEW_TONES),
        lambda text, rng: f"{rng.choice(('Ông', 'Bà', 'Ông/Bà'))} {text}",
        lambda text, rng: re.sub(r"\bThị\b", "T.", text),
        lambda text, rng: re.sub(r"^(\w)\w*", r"\1.", text),
        lambda text, rng: unicodedata.normalize("NFD", text),
        lambda text, rng: _replaced(text, {"Mỹ": "Mĩ", "Quý": "Quí", "Lý": "Lí", "Vy": "Vi", "Kỳ": "Kì"}),
    ]


def _person_others() -> list[Change]:
    return [
        lambda text, rng: _other_tone(text, rng),
        lambda text, rng: f"{text} {rng.choice(('Anh', 'Hà', 'My'))}",
        lambda text, rng: _swapped_word(text, -1, rng.choice(("Hương", "Tâm", "Nhân", "Thảo")), rng),
        lambda text, rng: _swapped_word(text, 0, rng.choice(("Võ", "Vũ", "Lê", "Lý", "Đỗ", "Đào")), rng),
        lambda text, rng: _swapped_word(text, 1, rng.choice(("Văn", "Thị", "Đình", "Thanh", "Thành")), rng),
    ]


def _firm_ways() -> list[Change]:
    return [
        lambda text, rng: _replaced(text, dict(_SHORT_FIRM)),
        lambda text, rng: text.upper(),
        lambda text, rng: text.replace("TNHH", "Trách nhiệm hữu hạn"),
        lambda text, rng: unaccented(text).upper(),
        lambda text, rng: text.replace("Một thành viên ", "").replace("MTV ", ""),
        lambda text, rng: _replaced(text, _NEW_TONES),
    ]


def _firm_others() -> list[Change]:
    return [
        lambda text, rng: text.replace("TNHH", "Cổ phần") if "TNHH" in text else text.replace("Cổ phần", "TNHH"),
        lambda text, rng: f"Chi nhánh {text}",
        lambda text, rng: _swapped_word(text, -1, rng.choice(("Phát", "Phúc", "Phú", "Long", "Lộc")), rng),
        lambda text, rng: _other_tone(text, rng),
        lambda text, rng: f"{text} {rng.choice(('II', 'Miền Nam', '2', 'Xanh'))}",
    ]


def _place_ways() -> list[Change]:
    return [
        lambda text, rng: _replaced(text, dict(_SHORT_PLACE)),
        lambda text, rng: unaccented(text).upper(),
        lambda text, rng: f"Số {text}" if text[0].isdigit() else text,
        lambda text, rng: f"{text}, Việt Nam",
        lambda text, rng: ", ".join(part for place, part in enumerate(text.split(", ")) if place != 1),
        lambda text, rng: _replaced(text, dict(_SHORT_PLACE)).replace(". ", "."),
        lambda text, rng: text.replace(", ", " - "),
    ]


def _place_others() -> list[Change]:
    return [
        lambda text, rng: re.sub(r"^\d+", lambda match: str(int(match[0]) + 2), text),
        lambda text, rng: re.sub(r"(phường|Phường) (\d+)", lambda m: f"{m[1]} {int(m[2]) + 1}", text),
        lambda text, rng: re.sub(r"^(\d+) [^,]+", r"\1 Nguyễn Công Trứ", text),
        lambda text, rng: re.sub(r"(phường|xã) [^,]+", r"\1 Tân Lập", text),
        lambda text, rng: re.sub(r"(quận|huyện|Quận) [^,]+", r"\1 Long Điền", text),
        lambda text, rng: re.sub(r"[^,]+$", " Kon Tum", text),
        lambda text, rng: re.sub(r"^(thôn|ấp|xóm|Thôn|Ấp|Xóm) [^,]+", r"\1 Đoài Hạ", text),
    ]


def _replaced(text: str, table: dict[str, str]) -> str:
    for old, new in table.items():
        text = text.replace(old, new)
    return text


def _other_tone(text: str, rng: random.Random) -> str:
    words = text.split()
    places = [at for at in range(len(words) - 1, len(words) - 3, -1) if any(sign in words[at] for sign in _TONES)]
    if not places:
        return text
    word = words[places[0]]
    sign = next(sign for sign in word if sign in _TONES)
    return " ".join([*words[: places[0]], word.replace(sign, _TONES[sign], 1), *words[places[0] + 1 :]])


def _swapped_word(text: str, place: int, word: str, rng: random.Random) -> str:
    words = text.split()
    words[place] = word
    return " ".join(words)
