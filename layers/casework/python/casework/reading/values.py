"""What a value of each type looks like: from the text after a label to a value, its exact place and its doubts.

One function per type of value, in one table. Each gets a window of text and says what it found first; it never
looks for labels, and it never changes a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from casework.document import FieldValue
from casework.reading.document_types import VALUE_TYPES
from casework.vietnam import addresses, dates, identifiers, money
from casework.vietnam.letters import fold
from casework.vietnam.names import repair_name_case, strip_title


@dataclass(frozen=True, slots=True)
class Window:
    """The text in which a value may stand. `tight` ends where the sentence or cell does; `wide` may run on."""

    tight: str
    wide: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value as found: [start, end) in the window's text, how cleanly it was read (0–1), and its doubts."""

    value: FieldValue
    start: int
    end: int
    quality: float = 1.0
    doubts: tuple[str, ...] = ()


def read_value(kind: str, window: Window) -> Value | None:
    """The first value of this type in the window; None when there is none (a blank, or something else stands there)."""
    return _READERS[kind](window)


_LEADING = re.compile(r"^[\s:.…_,;|*'\"~=-]+")
_TRAILING = re.compile(r"[\s:.…_,;|*'\"~=(-]+$")
_LEADERS = re.compile(r"\s*(?:[.…_]{3,}|…)\s*")


def _trim(text: str, start: int = 0) -> tuple[str, int, int]:
    """The text without leaders and stray signs at its ends, and where it stands."""
    lead = _LEADING.match(text)
    begin = lead.end() if lead else 0
    body = text[begin:]
    tail = _TRAILING.search(body)
    end = tail.start() if tail else len(body)
    return body[:end], start + begin, start + begin + end


# "Giám đốc/Director": what stands behind the stroke in plain letters is the same again for readers of English.
_OTHER_LANGUAGE = re.compile(r"\s*/\s*[A-Za-z][A-Za-z .'&()-]{3,}$")


def _text(window: Window, cut: re.Pattern[str] | None = None) -> Value | None:
    source = re.sub(r"\s", " ", window.tight)
    if cut is not None:
        match = cut.search(fold(source), 1)
        if match:
            source = source[: match.start()]
    body, start, end = _trim(source)
    if body.count("(") < body.count(")"):
        body = body.rstrip(")").rstrip()
        end = start + len(body)
    clean = re.sub(r"\s+", " ", _LEADERS.sub(" ", body)).strip()
    other = _OTHER_LANGUAGE.search(clean)
    if other and not clean[: other.start()].isascii():
        clean = clean[: other.start()]
        end = start + body.rindex("/")
    if not re.search(r"[^\W\d_]", clean):
        return None
    return Value(clean, start, end, 1.0 if len(clean) > 1 else 0.4)


_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_]*(?:['’ʼ.-][^\W\d_]+)*\.?")
_NOT_NAMES = frozenset(
    "cong ty|quoc tich|chuc vu|dia chi|sinh ngay|gioi tinh|nguoi lao|nguoi su|ben a|ben b|ho va|so cmnd|hop dong|dieu|cong hoa|giam doc|"
    "doanh nghiep|dai dien|duoc|theo|ky ten|viet nam|va".split("|")
)


_UNMARKED_TITLE = re.compile(r"[OÔ][nN][gG][:.]?\s+(?=(?:[^\W\d_a-zà-ỹ][^\W\d_]*\s+){2}[^\W\d_a-zà-ỹ])")


def _person(window: Window) -> Value | None:
    source = window.tight
    lead = _LEADING.match(source)
    begin = lead.end() if lead else 0
    named = source[begin:].rstrip()
    titled = strip_title(named)
    begin += len(named) - len(titled) if titled and named.endswith(titled) else 0
    # "Ông" that lost its mark stands before a whole name.
    begin += len(_UNMARKED_TITLE.match(source[begin:])[0]) if _UNMARKED_TITLE.match(source[begin:]) else 0  # type: ignore[index]
    more = _LEADING.match(source[begin:])
    begin += more.end() if more else 0
    end, words = begin, 0
    while words < 7:
        match = _NAME_WORD.match(source, end)
        if match is None or not match[0][0].isupper():
            break
        word = match[0]
        ended = word.endswith(".") and len(word) > 3
        words += 1
        stop = match.end() - (1 if ended else 0)
        following = re.match(r"[ \t\n]+", source[stop:])
        last, end = stop, stop + (following.end() if following else 0)
        if ended or following is None or "\t" in following[0]:
            end = last
            break
        end = last if words == 7 else end
    text = source[begin:end].strip()
    end = begin + len(source[begin:end].rstrip())
    folded = fold(text)
    if not text or any(folded == word or folded.startswith(word + " ") for word in _NOT_NAMES):
        return None
    name = repair_name_case(re.sub(r"\s+", " ", text))
    doubts = () if name == re.sub(r"\s+", " ", text) else ("chữ hoa chữ thường lẫn lộn trong tên",)
    return Value(name, begin, end, (0.5, 0.5, 0.97, 1.0, 1.0, 0.95, 0.9, 0.8)[min(words, 7)], doubts)


_COMPANY_CUT = re.compile(
    r"\(\s*(?:sau day|goi tat|duoi day|ben [ab]\b|nguoi su dung|\"|goi la|viet tat)|\b(?:sau day|duoi day|trong hop dong nay) (?:duoc )?goi|"
    r"[,;.-]?\s*(?:ma so|mst|dia chi|do ong|do ba|tru so|co tru so|dai dien)\b|[,;]\s*(?:chuc vu)|;"
)
_COMPANY_FORM = re.compile(
    r"(?:tong\s*)?cong\s*ty|cty|doanh nghiep|hop tac xa|htx|dntn|chi nhanh|tap doan|truong|trung tam|nha may|xi nghiep|khach san|"
    r"nha hang|co so|ho kinh doanh|benh vien|phong kham|van phong|hang|cua hang|nha xuat ban|ngan hang|to hop tac"
)


def looks_like_company(text: str) -> bool:
    """The text begins as companies' names do."""
    return _COMPANY_FORM.match(fold(text).lstrip(" -:.\"'")) is not None


def _company(window: Window) -> Value | None:
    found = _text(window, _COMPANY_CUT)
    if found is None or len(str(found.value)) < 4:
        return None
    source = str(found.value)
    if re.match(r"(?:ong|ba|mr|ms)\b", fold(source)):
        return None
    return Value(found.value, found.start, found.end, 1.0 if looks_like_company(source) else 0.75)


def _address(window: Window) -> Value | None:
    found = _text(window, re.compile(r";|\(\s*sau day|\b(?:sau day|duoi day) goi|(?<=[a-z]{3})\.\s"))
    if found is None or len(str(found.value)) < 6:
        return None
    parsed = addresses.parse_address(str(found.value))
    return Value(parsed.raw, found.start, found.end, 1.0 if parsed.province_code else 0.85)


_POSITION_CUT = re.compile(
    r"[,;(]|\s-\s|\b(?:lam dai dien|dai dien|quoc tich|sau day|duoc|theo|va la)\b|(?<=[a-z]{3})\.\s"
)


def _position(window: Window) -> Value | None:
    found = _text(window, _POSITION_CUT)
    return found if found and len(str(found.value)) <= 60 else None


def _plain_text(window: Window) -> Value | None:
    found = _text(window, re.compile(r";\s|(?<=[a-z]{3})\.\s"))
    return found if found and len(str(found.value)) <= 250 else None


def _reason(window: Window) -> Value | None:
    found = _text(window, re.compile(r";|(?<=[a-z0-9]{2})\.\s|,\s"))
    return found if found and len(str(found.value)) >= 5 else None


_ISSUER_CUT = re.compile(r";|(?<=[a-z]{3})\.\s|,\s*(?=(?:ngay|dia chi|ho khau|thuong tru))")


def _issuer(window: Window) -> Value | None:
    found = _text(window, _ISSUER_CUT)
    if found is None or not 2 <= len(str(found.value)) <= 120:
        return None
    name = re.sub(r"\s+cấp$", "", str(found.value))
    known = re.search(r"cong an|\bca\b|cuc\b|so cong", fold(name))
    return Value(name, found.start, found.start + len(name), 1.0 if known else 0.85)


def _place(window: Window) -> Value | None:
    return _text(window, re.compile(r","))


def _nationality(window: Window) -> Value | None:
    found = _text(window, re.compile(r"[,;()]|\s-\s|\.\s"))
    return found if found and len(str(found.value).split()) <= 4 else None


def _bank(window: Window) -> Value | None:
    found = _text(window, re.compile(r";|\(|(?<=[a-z]{3})\.\s"))
    return found if found and 2 <= len(str(found.value)) <= 120 else None


def _date(window: Window) -> Value | None:
    return _near_date(window, 14, reduced=False)


def _birth_date(window: Window) -> Value | None:
    return _near_date(window, 14, reduced=True)


def _near_date(window: Window, reach: int, *, reduced: bool) -> Value | None:
    source = window.wide.replace("\n", " ").replace("\t", " ").replace("\f", " ")
    found = dates.find_dates(source)
    if found and found[0].start <= reach:
        first = found[0]
        return Value(
            first.value, first.start, first.end, 1.0 if first.value and not first.doubts else 0.6, first.doubts
        )
    if reduced:
        part = dates.parse_date(source[:24])
        if part and part.value and part.start <= reach:
            return Value(part.value, part.start, part.end, 0.8, part.doubts)
    return None


_NUMBER = re.compile(r"[0-9A-ZĐ][\w.&]*(?:\s?[/\-–]\s?[\wĐđ.&]+)*")


def _number(window: Window) -> Value | None:
    source = window.tight
    lead = re.match(r"[\s:;=-]*", source)
    begin = lead.end() if lead else 0
    match = _NUMBER.match(source, begin)
    if match is None or not any(character.isdigit() for character in match[0]):
        return None
    text = re.sub(r"\s*([/\-–])\s*", r"\1", match[0]).rstrip(".-–/&").replace("–", "-")
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text) or len(text) < 2:
        return None
    quality = 1.0 if "/" in text or "-" in text else 0.7
    return Value(text, begin, match.end(), quality)


def _identifier(
    read: Callable[[str], identifiers.Identifier], shortest: int, reach: int = 16
) -> Callable[[Window], Value | None]:
    def reader(window: Window) -> Value | None:
        source = window.wide
        for run in identifiers.find_runs(source, shortest=shortest):
            if run.start > reach:
                return None
            found = read(run.raw)
            quality = 1.0 if found.sound else 0.5
            return Value(
                found.value, run.start, run.end, min(1.0, quality + (0.1 if found.checked else 0)), found.doubts
            )
        return None

    return reader


def _id_number(window: Window) -> Value | None:
    passport = re.match(r"[\s:.…]*([A-Z]\d{7})\b", window.wide)
    if passport:
        return Value(passport[1], passport.start(1), passport.end(1))
    return _identifier(identifiers.id_number, 7)(window)


_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)+")


def _email(window: Window) -> Value | None:
    match = _EMAIL.search(window.tight)
    if match is None:
        return None
    return Value(re.sub(r"\s", "", match[0]).lower().rstrip("."), match.start(), match.end())


def _code(window: Window) -> Value | None:
    match = re.match(r"[\s:]*([A-Z0-9][A-Z0-9-]{3,11})\b", window.tight)
    return Value(match[1], match.start(1), match.end(1)) if match else None


def _integer(window: Window) -> Value | None:
    match = re.match(r"[\s:.…]*(\d{1,3}(?:[.,]\d{3})*|\d{1,6})(?![\d/])", window.tight)
    return Value(int(re.sub(r"\D", "", match[1])), match.start(1), match.end(1)) if match else None


def _months(window: Window) -> Value | None:
    source = window.tight[:70].replace("\n", " ")
    months = dates.months_of(source)
    if months is None or not 1 <= months <= 120:
        return None
    match = re.search(r"\d{1,2}\s*(?:\([^)]*\)\s*)?(?:th|n|m|y)", fold(source))
    start = match.start() if match else 0
    return Value(months, start, match.end() if match else len(source), 1.0 if start <= 30 else 0.8)


_LOWEST_MONEY = 10_000


def _money(window: Window) -> Value | None:
    source = window.wide.replace("\n", " ").replace("\t", " ").replace("\f", " ")[:110]
    amounts = [amount for amount in money.find_amounts(source) if amount.value >= _LOWEST_MONEY and amount.start <= 70]
    named = [amount for amount in amounts if amount.has_currency]
    chosen = (named or amounts or [None])[0]
    if chosen is None:
        return None
    quality = (1.0 if chosen.has_currency else 0.85) - (0.3 if chosen.doubts else 0)
    return Value(chosen.value, chosen.start, chosen.end, quality, chosen.doubts)


def _money_words(window: Window) -> Value | None:
    source = window.wide.replace("\n", " ").replace("\t", " ").replace("\f", " ")
    lead = re.match(r"[\s:.(\"']*", source)
    begin = lead.end() if lead else 0
    value = money.words_to_amount(source[begin:])
    if value is None or value < _LOWEST_MONEY:
        return None
    end = re.search(r"đồng|dong|[.()]|$", source[begin:])
    return Value(value, begin, begin + (end.end() if end else len(source) - begin))


_TICKED = re.compile(
    r"(?:[☑☒■✓✔▣]|\[\s*[xXvV]\s*\])\s*(nam|nu|male|female)|(nam|nu|male|female)\s*:?\s*(?:[☑☒■✓✔▣]|\[\s*[xXvV]\s*\])"
)


def _sex(window: Window) -> Value | None:
    folded = fold(window.tight[:40])
    ticked = _TICKED.search(folded)
    if ticked:
        word = ticked[1] or ticked[2]
        return Value("male" if word in ("nam", "male") else "female", ticked.start(), ticked.end())
    match = re.search(r"\b(nam|nu|male|female)\b", folded)
    sex = identifiers.sex_of(window.tight[:40].split("\n")[0])
    if match is None or sex is None or match.start() > 12:
        return None
    return Value(sex, match.start(), match.end())


def _pay_method(window: Window) -> Value | None:
    folded = fold(window.wide.replace("\n", " "))[:120]
    transfer = re.search(r"chuyen khoan|tai khoan|ngan hang|\batm\b|transfer", folded)
    cash = re.search(r"tien mat|truc tiep|\bcash\b", folded)
    if not transfer and not cash:
        return None
    value = "both" if transfer and cash else "transfer" if transfer else "cash"
    spots = [match for match in (transfer, cash) if match]
    return Value(value, min(match.start() for match in spots), max(match.end() for match in spots))


def contract_type_of(text: str) -> str | None:
    """The kind of labour contract told in short: indefinite, fixed, seasonal, work_contract; None when not told."""
    folded = " ".join(fold(text).split())
    compact = re.sub(r"[^a-z0-9]", "", folded)
    if (
        "khongxacdinh" in compact
        or "kxd" in compact
        or "kothoihan" in compact
        or "khongthoihan" in compact
        or "voth" == compact[:4]
    ):
        return "indefinite"
    if re.search(r"mua vu|thoi vu|cong viec nhat dinh", folded) or re.search(r"duoi\s*12", folded):
        return "seasonal"
    if "hop dong lam viec" in folded or compact == "hdlv":
        return "work_contract"
    if (
        "xacdinh" in compact
        or "xdth" in compact
        or re.search(r"\d+\s*(?:thang|nam|th\b)|co thoi han|(?:mot|hai|ba) nam", folded)
    ):
        return "fixed"
    return None


def _contract_type(window: Window) -> Value | None:
    value = contract_type_of(window.tight)
    return Value(value, 0, len(window.tight)) if value else None


def _suspension_kind(window: Window) -> Value | None:
    folded = fold(window.tight)
    suspended, leave = "hoan" in folded, re.search(r"khong\s*(?:huong)?\s*luong|nghi", folded) is not None
    if suspended == leave:
        return None
    return Value("suspension" if suspended else "unpaid_leave", 0, len(window.tight))


def _never(window: Window) -> Value | None:
    raise ValueError("a value of this type is told by phrases or by several cells, not by one window")


_READERS: dict[str, Callable[[Window], Value | None]] = {
    "number": _number,
    "date": _date,
    "birth_date": _birth_date,
    "place": _place,
    "person": _person,
    "sex": _sex,
    "nationality": _nationality,
    "id_number": _id_number,
    "issuer": _issuer,
    "address": _address,
    "phone": _identifier(identifiers.phone, 7),
    "bhxh": _identifier(identifiers.bhxh, 7),
    "account": _identifier(identifiers.bank_account, 6),
    "mst": _identifier(identifiers.mst, 8),
    "bank": _bank,
    "text": _plain_text,
    "company": _company,
    "email": _email,
    "position": _position,
    "code": _code,
    "integer": _integer,
    "months": _months,
    "money": _money,
    "money_words": _money_words,
    "pay_method": _pay_method,
    "reason": _reason,
    "contract_type": _contract_type,
    "suspension_kind": _suspension_kind,
    "choice": _never,
    "period": _never,
    "bank_details": _never,
}
assert set(_READERS) == VALUE_TYPES
