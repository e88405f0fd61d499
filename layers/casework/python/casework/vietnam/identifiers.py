"""Numbers that stand for people, companies and accounts, each with the rule by which it can be doubted.

A number is never refused here: it comes back as digits with its doubts in words. Rules: CCCD carries birth
province, sex, century and year (no check digit); the tax code carries a check digit (TT 95/2016/TT-BTC); CMND,
BHXH and account numbers carry none.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from casework.vietnam.letters import fold, nfc
from casework.vietnam.provinces import PROVINCES

Kind = Literal["cccd", "cmnd", "passport", "mst", "bhxh", "phone", "bank_account", "unknown"]

_LOOK_ALIKES = str.maketrans("oOQDUlI|!iSsŠšBZzGgqTA§", "00000111115555822699748")
READ_AS_DIGITS = "có chữ cái trong con số, đã đọc là chữ số"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number as digits (or a passport's letter and digits), what kind it is, and why it is doubtful."""

    value: str
    kind: Kind
    doubts: tuple[str, ...] = ()
    checked: bool = False  # a check digit or an agreement with other facts held

    @property
    def sound(self) -> bool:
        return not self.doubts


@dataclass(frozen=True, slots=True)
class CccdFacts:
    """What a CCCD number says of its holder. `province` is None for births registered abroad."""

    province: str | None
    sex: Literal["male", "female"]
    birth_year: int


def digits_of(text: str) -> tuple[str, bool]:
    """The digits of a printed number, spaces and signs dropped, and whether a letter was read as a digit.

    Letters are read as digits only in a text that is digits for the greater part.
    """
    compact = re.sub(r"[\s.,\-–—/_…·:;'\"()]", "", nfc(text))
    if compact.isdigit():
        return compact, False
    if sum(character.isdigit() for character in compact) * 2 <= len(compact):
        return "".join(character for character in compact if character.isdigit()), False
    plain = compact.translate(_LOOK_ALIKES)
    return "".join(character for character in plain if character.isdigit()), plain != compact


def cccd_facts(number: str) -> CccdFacts | None:
    """What a 12-digit number says; None when it is not 12 digits."""
    if not re.fullmatch(r"\d{12}", number):
        return None
    century = int(number[3])
    return CccdFacts(
        province=PROVINCES.get(number[:3]),
        sex="female" if century % 2 else "male",
        birth_year=1900 + 100 * (century // 2) + int(number[4:6]),
    )


def id_number(text: str, *, date_of_birth: str | None = None, sex: str | None = None) -> Identifier:
    """CCCD (12 digits), CMND (9), a passport, or an unknown shape with the doubt.

    date_of_birth: ISO, any precision; sex: "male" or "female": compared with what a CCCD says of itself.
    """
    passport = re.search(r"(?<![A-Z0-9])([A-Z])\s?(\d{7})(?!\d)", nfc(text).upper())
    digits, replaced = digits_of(text)
    doubts = [READ_AS_DIGITS] if replaced else []
    if passport and len(re.sub(r"\W", "", nfc(text))) == 8:
        return Identifier(passport[1] + passport[2], "passport", ())
    if len(digits) == 9:
        return Identifier(digits, "cmnd", tuple(doubts))
    if len(digits) != 12:
        return Identifier(digits, "unknown", (*doubts, f"có {len(digits)} chữ số, CMND có 9 và CCCD có 12"))
    facts = cccd_facts(digits)
    assert facts is not None
    checked = False
    if date_of_birth:
        if int(date_of_birth[:4]) == facts.birth_year:
            checked = True
        else:
            doubts.append(f"CCCD cho năm sinh {facts.birth_year}, giấy ghi {date_of_birth[:4]}")
    if sex and sex != facts.sex:
        doubts.append("CCCD cho giới tính khác với giới tính ghi trên giấy")
        checked = False
    if facts.birth_year > 2025:
        doubts.append(f"CCCD cho năm sinh {facts.birth_year}")
    return Identifier(digits, "cccd", tuple(doubts), checked)


_MST_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@functools.lru_cache(maxsize=4096)
def mst_check_digit(body: str) -> int | None:
    """The tenth digit for nine: 10 − (weighted sum mod 11); None when that is no digit (no such code is issued)."""
    if not re.fullmatch(r"\d{9}", body):
        raise ValueError(f"nine digits wanted: {body!r}")
    digit = 10 - sum(weight * int(figure) for weight, figure in zip(_MST_WEIGHTS, body, strict=True)) % 11
    return None if digit == 10 else digit


def mst(text: str) -> Identifier:
    """A tax code: 10 digits, or 13 written NNNNNNNNNN-NNN. Its doubts tell a wrong check digit or a lost digit."""
    digits, replaced = digits_of(text)
    doubts = [READ_AS_DIGITS] if replaced else []
    if len(digits) not in (10, 13):
        hint = ""
        if len(digits) == 9 and mst_check_digit("0" + digits[:8]) == int(digits[8]):
            hint = f"; có thể thiếu số 0 ở đầu (0{digits})"
        return Identifier(digits, "mst", (*doubts, f"mã số thuế có {len(digits)} chữ số, cần 10 hoặc 13{hint}"))
    if mst_check_digit(digits[:9]) != int(digits[9]):
        return Identifier(_mst_form(digits), "mst", (*doubts, "mã số thuế sai chữ số kiểm tra"))
    if len(digits) == 13 and digits[10:] == "000":
        return Identifier(_mst_form(digits), "mst", (*doubts, "mã đơn vị phụ thuộc 000 không có"))
    return Identifier(_mst_form(digits), "mst", tuple(doubts), checked=True)


def _mst_form(digits: str) -> str:
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


def bhxh(text: str) -> Identifier:
    """A social-insurance number: 10 digits; of a health-insurance card number (15 characters) its last ten."""
    card = re.search(r"(?<![A-Z])[A-Z]{2}\s?\d\s?\d{2}\s?(\d{10})(?!\d)", nfc(text).upper())
    if card:
        return Identifier(card[1], "bhxh", ("ghi số thẻ BHYT, đã lấy mười số cuối",))
    digits, replaced = digits_of(text)
    doubts = [READ_AS_DIGITS] if replaced else []
    if len(digits) != 10:
        doubts.append(f"mã số BHXH có {len(digits)} chữ số, cần 10")
    elif len(set(digits)) == 1:
        doubts.append("mã số BHXH toàn một chữ số")
    return Identifier(digits, "bhxh", tuple(doubts))


_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}")
_LANDLINE = re.compile(r"02\d{8,9}")
_SERVICE = re.compile(r"1[89]00\d{4,6}")


def phone(text: str) -> Identifier:
    """A telephone number in E.164 (+84…); the doubt says when it is not a number in use in Vietnam."""
    digits, replaced = digits_of(re.split(r"\b(?:máy lẻ|ext|fax)\b", nfc(text), flags=re.IGNORECASE)[0])
    doubts = [READ_AS_DIGITS] if replaced else []
    national = re.sub(r"^(?:0084|84(?=\d{9,10}$))", "0", digits)
    if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national):
        return Identifier("+84" + national[1:], "phone", tuple(doubts))
    if _SERVICE.fullmatch(national):
        return Identifier(national, "phone", tuple(doubts))
    doubts.append("không đúng dạng số điện thoại Việt Nam")
    return Identifier(
        "+84" + national[1:] if national.startswith("0") and len(national) > 8 else digits, "phone", tuple(doubts)
    )


def mobile(text: str) -> str:
    """A number as a person typed it, in E.164, if text messages reach it; "" for a landline, or one of elsewhere."""
    if re.search(r"[^\d\s().+-]", text):
        return ""
    national = re.sub(r"^(?:0084|84(?=\d{9}$))", "0", re.sub(r"\D", "", text))
    return f"+84{national[1:]}" if _MOBILE.fullmatch(national) else ""


def bank_account(text: str) -> Identifier:
    """An account number as digits, leading zeros kept. No bank shares a check digit with another."""
    digits, replaced = digits_of(text)
    doubts = [READ_AS_DIGITS] if replaced else []
    if not 6 <= len(digits) <= 19:
        doubts.append(f"số tài khoản có {len(digits)} chữ số")
    return Identifier(digits, "bank_account", tuple(doubts))


@dataclass(frozen=True, slots=True)
class Run:
    """A run of digits in a text with its place, as printed."""

    raw: str
    start: int
    end: int
    digits: str


_DIGIT_RUN = re.compile(
    r"(?<![^\W\d_])[0-9OoQlI|](?:[0-9OoQDlI|!SsŠ§BZGgq]|[ .\-,](?=[0-9OoQlISB]|\|[0-9]))*(?![^\W\d_])"
)


def find_runs(text: str, *, shortest: int = 6) -> tuple[Run, ...]:
    """Runs of digits (signs between them allowed), in reading order, with at least `shortest` digits."""
    source = nfc(text)
    runs = []
    for match in _DIGIT_RUN.finditer(source):
        digits, _ = digits_of(match[0])
        if len(digits) >= shortest and sum(character.isdigit() for character in match[0]) * 2 > len(digits):
            runs.append(Run(match[0], match.start(), match.end(), digits))
    return tuple(runs)


def sex_of(text: str) -> Literal["male", "female"] | None:
    """ "Nam" or "Nữ" (also male/female, ticked boxes are the reader's business); None when neither stands alone."""
    words = set(re.findall(r"[a-z]+", fold(nfc(text))))
    male, female = bool(words & {"nam", "male"}), bool(words & {"nu", "female", "nứ", "nư"})
    return None if male == female else "male" if male else "female"
