"""Values made of words: names, companies, addresses, posts, kinds. A name is never changed, only cut out."""

from __future__ import annotations

import re
from dataclasses import replace

from casework.reading.boxes import without_unticked
from casework.reading.window import Value, Window
from casework.vietnam import addresses, identifiers
from casework.vietnam.letters import fold
from casework.vietnam.names import repair_name_case, strip_title

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


# "(sau đây gọi là …)", "(Bên B)": what a party is called from here on is no part of its name or address.
_CALLED = re.compile(
    r"\s*\(\s*(?:sau day|duoi day|goi|trong (?:hop dong|thoa thuan)|ben [ab]\b|nguoi (?:su dung )?lao dong|nsdld|\")"
)


def _text(window: Window, cut: re.Pattern[str] | None = None) -> Value | None:
    source = re.sub(r"\s", " ", window.tight)
    called = _CALLED.search(fold(source), 1)
    source = source[: called.start()] if called else source
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
    [
        "nay",
        "cho",
        "cong ty",
        "quoc tich",
        "chuc vu",
        "dia chi",
        "sinh ngay",
        "gioi tinh",
        "nguoi lao",
        "nguoi su",
        "ben a",
        "ben b",
        "ho va",
        "so cmnd",
        "hop dong",
        "dieu",
        "cong hoa",
        "giam doc",
        "doanh nghiep",
        "dai dien",
        "duoc",
        "theo",
        "ky ten",
        "viet nam",
        "xac nhan",
        "nguoi lap",
        "cong doan",
        "thu truong",
        "va",
    ]
)

# "TM. CÔNG TY", and what a seal leaves of "CÔNG TY": no names, as one word in capitals is none.
_OF_A_FIRM = re.compile(r"^(?:(?:TM|KT|TL|TUQ)\.? |T[Yy]\b)|\b(?:CÔNG TY|Công ty)\b|\bNGHIỆP$")

_UNMARKED_TITLE = re.compile(
    r"(?:[OÔ][nN][gG]|P[àÀ]|B[ảãạẢÃẠ])[:.]?\s+(?=(?:[^\W\d_a-zà-ỹ][^\W\d_]*\s+){2}[^\W\d_a-zà-ỹ])"
)


# "(Ông) …", "( Bà ): …"
_LEADING_TITLE = re.compile(r"^[\s:.…_,;|*'\"~=-]*(?:\(\s*(?:[ÔôOo]ng|ÔNG|[Bb]à|BÀ|M(?:r|rs|s)\.?)\s*\)[\s:]*)?")


# Of foreigners, and of learned people.
_POST_BEHIND = re.compile(r"[\s,–-]+(?:(?:pho|tong|quyen)\s+)*(?:giam doc|chu tich|truong phong|chu doanh nghiep)\b")
_FOREIGN_TITLE = re.compile(
    r"\s*\(\s*M(?:r|rs|s)\.?\s*\)[\s:]*|\s*(?:(?:PGS|GS|TS|ThS|BS|KS|DS|CN|LS)\.\s*)+(?=[^\W\d_])"
)


def read_person(window: Window) -> Value | None:
    source = window.tight
    lead = _LEADING_TITLE.match(source)
    begin = lead.end() if lead else 0
    named = source[begin:].rstrip()
    titled = strip_title(named)
    begin += len(named) - len(titled) if titled and named.endswith(titled) else 0
    foreign = _FOREIGN_TITLE.match(source, begin)
    begin = foreign.end() if foreign else begin
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
        # A name ends with its sentence or its dot leaders; "Ng." and "T." are a name's own.
        ended = word.endswith(".") and (len(word) > 3 or source[match.end() : match.end() + 1] == ".")
        words += 1
        stop = match.end() - (1 if ended else 0)
        following = re.match(r"[ \t\n]+", source[stop:])
        last, end = stop, stop + (following.end() if following else 0)
        if ended or following is None or "\t" in following[0]:
            end = last
            break
        end = last if words == 7 else end
    post = _POST_BEHIND.search(fold(source[begin : end + 8]))
    if post and post.start():
        end = begin + post.start()  # "Kiều Thanh Đạt [-] Giám đốc"
        words = len(source[begin:end].split())
    text = source[begin:end].strip()
    end = begin + len(source[begin:end].rstrip())
    folded = fold(text)
    if not text or any(folded == word or folded.startswith(word + " ") for word in _NOT_NAMES):
        return None
    if _OF_A_FIRM.search(text) or (words == 1 and text.isupper()):
        return None
    if words > 2 and (sex := re.search(r"\s+(?:Nữ|Nam)$", text)) and text[: sex.start()].isupper():
        text, end, words = text[: sex.start()], end - len(sex[0]), words - 1  # "BÁ THỊ LIÊN  Nữ"
    name = repair_name_case(re.sub(r"\s+", " ", text))
    doubts = () if name == re.sub(r"\s+", " ", text) else ("chữ hoa chữ thường lẫn lộn trong tên",)
    return Value(name, begin, end, (0.5, 0.5, 0.97, 1.0, 1.0, 0.95, 0.9, 0.8)[min(words, 7)], doubts)


_COMPANY_CUT = re.compile(
    r",\s*(?:chung toi|chung ta|hai ben|gom|chi tiet|thoa thuan|lap|do|va)\b|\s(?:chung toi gom|voi nguoi lao dong|"
    r"theo (?:hop dong|hdld|quyet dinh))\b|"
    r"\(\s*(?:sau day|goi tat|duoi day|ben [ab]\b|nguoi su dung|\"|goi la|viet tat)|\b(?:sau day|duoi day|trong "
    r"hop dong nay) (?:duoc )?goi|"
    r"[,;.-]?\s*(?:ma so|mst|dia chi|do ong|do ba|tru so|co tru so|dai dien)\b|[,;]\s*(?:chuc vu)|;"
)

_COMPANY_FORM = re.compile(
    r"(?:tong\s*)?cong\s*ty|cty|doanh nghiep|hop tac xa|htx|dntn|chi nhanh|tap doan|truong|trung tam|nha may|xi "
    r"nghiep|khach san|"
    r"nha hang|co so|ho kinh doanh|benh vien|phong kham|van phong|hang|cua hang|nha xuat ban|ngan hang|to hop tac"
)


def looks_like_company(text: str) -> bool:
    """The text begins as companies' names do."""
    return _COMPANY_FORM.match(fold(text).lstrip(" -:.\"'")) is not None


_PARTY = re.compile(
    r"(?:(?:ben|phia|dai dien) )?(?:nguoi (?:su dung )?lao dong|nld|nsdld|[ab]|cong ty|doanh nghiep)\W*"
)


def read_company(window: Window) -> Value | None:
    found = _text(window, _COMPANY_CUT)
    if found is None or len(str(found.value)) < 4:
        return None
    source = str(found.value)
    if re.match(r"(?:ong|ba|mr|ms)\b|cong hoa xa hoi|doc lap|mau so", fold(source)) or _PARTY.fullmatch(fold(source)):
        return None
    return Value(found.value, found.start, found.end, 1.0 if looks_like_company(source) else 0.75)


ADDRESS_PART = re.compile(
    r"[ \t]*(?:quan|huyen|phuong|thi xa|thi tran|thanh pho|tinh|xa)\s(?!hoi)|"
    r"[ \t]*(?:tp|tx|q|h|p)\.\s?[a-z\d]|[ \t]*tp\s[a-z]"
)
# A comma before such a part that was read as another sign, or twice.
_PART_SIGN = re.compile(r"[.;:)]\s?(?=\S)|,[:.;]\s?(?=\S)")


def _commas(text: str) -> str:
    """The address with the commas between its parts that were read as other signs; as long as before."""
    folded, signs = fold(text), list(text)
    for match in _PART_SIGN.finditer(folded):
        if ADDRESS_PART.match(folded, match.end()) and not re.search(
            r"\b(?:tp|tx|q|h|p|so|d)$", folded[: match.start()]
        ):
            signs[match.start()] = ","
            for index in range(match.start() + 1, match.end()):
                signs[index] = " "
    return "".join(signs)


# "xã Ia Glai", read as "la": of places in the Central Highlands, and no name of a place begins with a small letter.
_IA = re.compile(r"\b([Xx]ã|[Hh]uyện|thị trấn) la(?= [^\W\d_a-zà-ỹ])")

_AT = re.compile(r"[\s:.…]*(?:là\s+)?(?:ở|tại|đặt tại)\s+|[\s:.…]*là\s+")


def read_address(window: Window) -> Value | None:
    window = Window(_IA.sub(r"\1 Ia", _commas(window.tight)), window.wide)
    lead = _AT.match(window.tight)
    window = Window(" " * lead.end() + window.tight[lead.end() :], window.wide) if lead else window
    found = _text(window, re.compile(r";|\(\s*sau day|\b(?:sau day|duoi day) goi|(?<=[a-z]{3})\.\s"))
    if found is None or len(str(found.value)) < 6:
        return None
    over = addresses.behind_province(str(found.value))
    if over:
        found = Value(str(found.value)[:-over].rstrip(" .,;("), found.start, found.end - over)
    parsed = addresses.parse_address(str(found.value))
    # A province alone is the rest of an address.
    whole = 1.0 if re.search(r"[,\d]", parsed.raw) else 0.6
    return Value(parsed.raw, found.start, found.end, whole * (1.0 if parsed.province_code else 0.85))


_POST = re.compile(
    r"(?:pho |tong |quyen )*(?:giam doc|truong|chu tich|chu nhiem|chu |quan ly|hieu truong|ke toan|director|manager)"
)


def looks_like_post(text: str) -> bool:
    """The text begins as the posts of those do who sign for a company."""
    return _POST.match(fold(text).lstrip(" -:.,")) is not None


_POSITION_CUT = re.compile(
    r"[,;(]|\s-\s|\b(?:lam dai dien|dai dien|quoc tich|sau day|duoc|theo|va la)\b|(?<=[a-z]{3})\.\s"
)


def read_position(window: Window) -> Value | None:
    found = _text(window, _POSITION_CUT)
    return found if found and len(str(found.value)) <= 60 else None


# "…, thuộc Tổ Bảo vệ", "… tại Xưởng may 2": where someone works is no part of what he does.
_UNIT = r"(?:phong|ban|bo phan|to|doi|xuong|phan xuong|chuyen|khoi|ca|kho|trung tam|nha may|chi nhanh)\b"
_TEXT_CUT = re.compile(
    rf";\s|(?<=[a-z]{{3}})\.\s|,\s*(?=thuoc\b)|\s(?=thuoc {_UNIT})|,?\s(?=tai {_UNIT})|\s(?=\((?:thuoc )?{_UNIT})|"
    r"\s-\s(?=(?:bo phan|phong|to|xuong|doi)\b)"
)


CLAUSE = re.compile(r"\s*(?:(?:ma|do|cua|duoc)\s+[^,.;:\n]{2,40}?\s)?la\s+(?=\S)")


def read_plain_text(window: Window) -> Value | None:
    # "vị trí mà Bà đảm nhiệm là …", "công việc của bên B là …"
    clause = CLAUSE.match(fold(window.tight))
    window = Window(" " * clause.end() + window.tight[clause.end() :], window.wide) if clause else window
    found = _text(window, _TEXT_CUT)
    return found if found and len(str(found.value)) <= 250 else None


def read_reason(window: Window) -> Value | None:
    found = _text(window, re.compile(r";|(?<=[a-z0-9]{2})\.\s|,\s|\s(?:lam|khien|dan den|nen)\s(?=[a-z])"))
    return found if found and len(str(found.value)) >= 5 else None


_ISSUER_CUT = re.compile(r";|\s+cap\s+ngay\b|(?<=[a-z]{3})\.\s|,\s*(?=(?:ngay|dia chi|ho khau|thuong tru))")


_DAY_BEFORE = re.compile(r"[\s:.…]*\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}[\s,;/-]*(?=[^\W\d])")


def read_issuer(window: Window) -> Value | None:
    # "08/8/2011, Công an tỉnh …": the day stands before it under one label.
    day = _DAY_BEFORE.match(window.tight)
    window = Window(" " * day.end() + window.tight[day.end() :], window.wide) if day else window
    found = _text(window, _ISSUER_CUT)
    if found is None or not 2 <= len(str(found.value)) <= 120:
        return None
    name = re.sub(r"\s+cấp$", "", str(found.value))
    by = re.match(r"(?:do|bởi|tại)\s+", name)
    name, found = (name[by.end() :], replace(found, start=found.start + by.end())) if by else (name, found)
    known = re.search(r"cong an|\bca\b|cuc\b|so cong", fold(name))
    return Value(name, found.start, found.start + len(name), 1.0 if known else 0.85)


def read_place(window: Window) -> Value | None:
    return _text(window, re.compile(r","))


def read_nationality(window: Window) -> Value | None:
    found = _text(window, re.compile(r"[,;()]|\s-\s|\.\s"))
    return found if found and len(str(found.value).split()) <= 4 else None


_BANK_CUT = re.compile(
    r";|\(|(?<=[a-z]{3})\.\s|,\s*(?:cham nhat|vao|truoc|trong|theo|dinh ky|moi|tu ngay|"
    r"so tai khoan|stk|chu tai khoan)\b|"
    r"\s(?:vao (?:cac )?ngay|cham nhat|truoc ngay|hang thang|moi thang|theo|trong vong)\b"
)


def read_bank(window: Window) -> Value | None:
    found = _text(window, _BANK_CUT)
    # Banks have names: "bằng chuyển khoản qua ngân hàng của Người lao động" names none.
    if found and not str(found.value)[0].isupper() and not re.match(r"ngan hang|chi nhanh|nh ", fold(str(found.value))):
        return None
    return found if found and 2 <= len(str(found.value)) <= 120 else None


_EMAIL = re.compile(r"[\w.+-]+\s?[@®©]\s?[\w-]+(?:\s?\.\s?[\w-]+)+")


def read_email(window: Window) -> Value | None:
    match = _EMAIL.search(window.tight)
    if match is None:
        return None
    return Value(re.sub(r"\s", "", re.sub("[®©]", "@", match[0])).lower().rstrip("."), match.start(), match.end())


def read_sex(window: Window) -> Value | None:
    source = without_unticked(window.tight[:40])
    match = re.search(r"\b(nam|nu|male|female)\b", fold(source))
    sex = identifiers.sex_of(source.split("\n")[0])
    reach = 12 if source == window.tight[:40] else 40  # options with empty boxes stand before the one that counts
    if match is None or sex is None or match.start() > reach:
        return None
    return Value(sex, match.start(), match.end())


def read_pay_method(window: Window) -> Value | None:
    folded = fold(without_unticked(window.wide[:120]).replace("\n", " "))
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
        or compact[:4] == "voth"
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


def read_contract_type(window: Window) -> Value | None:
    value = contract_type_of(without_unticked(window.tight))
    return Value(value, 0, len(window.tight)) if value else None


def read_suspension_kind(window: Window) -> Value | None:
    folded = fold(window.tight)
    suspended, leave = "hoan" in folded, re.search(r"khong\s*(?:huong)?\s*luong|nghi", folded) is not None
    if suspended == leave:
        return None
    return Value("suspension" if suspended else "unpaid_leave", 0, len(window.tight))
