"""Mending what OCR does to values, where something better than the value's own looks speaks for it.

Numbers of papers and posts have a small vocabulary; a province has one name; a person named several times on one
paper is one person. A name is never changed into another name that merely is commoner: only another reading of the
same letters on the same paper counts, syllable by syllable. Everything changed is said in the field's doubts.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict

from casework.document import FieldValue
from casework.reading.flow import Flow
from casework.vietnam.addresses import province_name
from casework.vietnam.letters import fold, nfc

_POSTS = (
    "Giám đốc", "Tổng Giám đốc", "Phó Giám đốc", "Phó Tổng Giám đốc", "Giám đốc điều hành", "Giám đốc nhân sự",
    "Chủ tịch",
    "Chủ tịch Hội đồng quản trị", "Chủ tịch Hội đồng thành viên", "Chủ tịch HĐQT", "Trưởng phòng", "Phó Trưởng phòng",
    "Trưởng phòng Nhân sự", "Trưởng phòng Tổ chức - Hành chính", "Trưởng phòng Hành chính", "Giám đốc chi nhánh",
    "Chủ doanh nghiệp",
    "Chủ hộ", "Hiệu trưởng", "Phó Hiệu trưởng", "Kế toán trưởng", "Trưởng chi nhánh", "Quản lý", "Chủ nhiệm",
    "Chủ cơ sở",
)  # fmt: skip
_ISSUERS = (
    "Cục Cảnh sát QLHC về TTXH",
    "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư",
    "Công an tỉnh",
    "Công an thành phố",
    "Công an TP.",
)

# The marks of a contract or a decision in a document's number, as they are misread.
_NUMBER_PARTS = (
    (re.compile(r"H[ĐDÐ]{1,4}L[ĐDÐ]{1,2}(?![A-ZĐ])"), "HĐLĐ"),
    (re.compile(r"(?<=[/-])Q[ĐDÐ]{1,2}(?![A-ZĐ])"), "QĐ"),
    (re.compile(r"(?<=[/-])[ĐDÐ]{2,3}(?=[A-ZĐ])"), "Đ"),
)
_LATE_YEAR = re.compile(r"^209(?=\d)")  # no paper of this century's first half says so: the 2 of some faces
_EPIDEMIC = re.compile(r"(?i)(covid)\s?-?\s?[1Il|]{1,2}[9g]\b")
# The word before the epidemic's name, whatever its marks were read as.
_EPIDEMIC_WORD = re.compile(r"(?i)\b[đd][iìíịĩỉ]\s?[cꞔ]?\s?h\b(?=[^.;]{0,40}(?:covid|sars|corona|ncov))")
_LEGAL_FORM = re.compile(
    r"(?:tong )?(cong ty)(?: tnhh| (trach nhiem huu han))?(?: mtv| (mot thanh vien))?(?: (co phan))?(?![a-z])"
)
_DIGIT_SIGNS = str.maketrans({"§": "8", "Š": "5", "†": "1", "]": "1", "|": "1", "l": "1", "I": "1", "O": "0", "o": "0"})
_BROKEN_NUMBER = re.compile(r"(?<!\S)(?=[^\s,]*\d)[\d§Š†|lIOo\]]{2,6}(?=[,/\s]|$)")
_LAST_ONE = re.compile(r"(?<=[^\W\d_]{2}) [IlÏÍÌïíìị|\]†!¡]{1,2}$")
_STRAY_QUOTE = re.compile(r"(?<!\w)['’‘`\"“”]+|['’‘`\"“”]+(?!\w)")
# Of single letters at an end only Á and Ý are words: Đông Á, Thiên Ý.
_END_DIRT = re.compile(r"(?:\s+[^\w\s)]|\s+(?![ÁÝ])[^\W\d]){1,2}$")

LOOK_ALIKE = "sửa chữ nhìn giống số"
LATE_YEAR = "năm đọc là 209…, hiểu là 202…"
VOCABULARY = "sửa dấu theo cách viết thường dùng"


@functools.cache
def _phrases(kind: str) -> dict[str, str]:
    return {fold(nfc(phrase)): nfc(phrase) for phrase in (_POSTS if kind == "position" else _ISSUERS)}


def mend(value: FieldValue, kind: str) -> tuple[FieldValue, tuple[str, ...]]:
    """A value read by OCR, mended as its type allows, and what was changed in words (empty when nothing was)."""
    if not isinstance(value, str):
        return value, ()
    mended, why = _STRAY_QUOTE.sub("", value), LOOK_ALIKE
    if kind == "number":
        for pattern, right in _NUMBER_PARTS:
            mended = pattern.sub(right, mended)
        why = VOCABULARY
    elif kind in ("date", "birth_date"):
        mended, why = _LATE_YEAR.sub("202", mended), LATE_YEAR
    elif kind == "reason":
        mended, why = _EPIDEMIC_WORD.sub("dịch", _EPIDEMIC.sub(r"\1-19", mended)), VOCABULARY
    elif kind == "email":
        mended, why = fold(mended), LOOK_ALIKE
    elif kind == "nationality" and "viet nam" in fold(mended):
        mended, why = "Việt Nam", VOCABULARY
    elif kind == "position":
        mended, why = _snap(mended, kind), VOCABULARY
    elif kind == "issuer":
        mended, why = _province(_snap(_END_DIRT.sub("", mended), kind)), VOCABULARY
    elif kind in ("address", "text", "bank", "company", "place", "nationality"):
        mended, why = _figures(mended, kind), LOOK_ALIKE
        if kind in ("address", "place"):
            mended = _province(mended)
        if kind == "company":
            mended = _legal_form(mended)
    return (mended, (why,)) if mended != value else (value, ())


_STRAY_LETTER = re.compile(r"^(công ty) [^\W\d_](?= (?:tnhh|trách nhiệm|cổ phần|cp|mtv)\b)", re.IGNORECASE)
_SPECK_WITHIN = re.compile(r"^(công)[^\w\s]{1,2}(?= ty\b)", re.IGNORECASE)


def _legal_form(name: str) -> str:
    """The words that say what kind of company it is, spelled right; the company's own name is not touched."""
    name = _STRAY_LETTER.sub(r"\1", _SPECK_WITHIN.sub(r"\1", name))
    match = _LEGAL_FORM.match(fold(name))
    if match is None:
        return name
    for part, right in enumerate(("công ty", "trách nhiệm hữu hạn", "một thành viên", "cổ phần"), start=1):
        if match[part]:
            start, end = match.span(part)
            name = name[:start] + _like(right, name[start:end]) + name[end:]
    return name


def _like(right: str, model: str) -> str:
    """The right letters in the capitals of the model, which has as many."""
    return "".join(
        letter.upper() if shown.isupper() else letter.lower() for letter, shown in zip(right, model, strict=True)
    )


def _snap(value: str, kind: str) -> str:
    known = _phrases(kind)
    folded = fold(value)
    if folded in known:
        return known[folded] if value != value.upper() else known[folded].upper()
    for phrase, right in known.items():
        # One letter doubled or lost in a fixed phrase ("TTIXH").
        if len(phrase) > 12 and abs(len(phrase) - len(folded)) <= 1 and _one_edit(phrase, folded):
            return right
        if folded.startswith(phrase + " "):
            return right + value[len(phrase) :]
    return value


def _one_edit(first: str, second: str) -> bool:
    if len(first) == len(second):
        return sum(a != b for a, b in zip(first, second, strict=True)) == 1
    long, short = (first, second) if len(first) > len(second) else (second, first)
    return any(long[:index] + long[index + 1 :] == short for index in range(len(long)))


def _figures(value: str, kind: str) -> str:
    mended = _BROKEN_NUMBER.sub(lambda match: match[0].translate(_DIGIT_SIGNS), value)
    folded = fold(mended)
    places = [match.start() for match in re.finditer(r"(?<=[a-z] )[il|\]†!¡](?=[,\s]|$)", folded)]
    characters = list(mended)
    for place in places:
        last = place == len(mended) - 1
        if mended[place] in "Il|]†!" and not (last and kind in ("address", "company", "bank", "nationality")):
            characters[place] = "1"
    mended = "".join(characters)
    if kind == "text":
        mended = _LAST_ONE.sub(" 1", mended)
    if kind != "text":
        mended = _END_DIRT.sub("", mended)
    return mended.strip()


def _province(value: str) -> str:
    """The last part of an address in the one spelling its province has."""
    head, comma, tail = value.rpartition(",")
    right = province_name(tail if comma else value)
    return f"{head}{comma}{right}" if right else value


def unaccented_capitals(value: str, full_name: FieldValue) -> tuple[str, tuple[str, ...]]:
    """An account holder's name as banks print it, without marks; spaces as in the person's own name if it is his."""
    plain = fold(value).upper()
    words = value.split()
    if isinstance(full_name, str) and re.sub(r"\W", "", fold(full_name)) == re.sub(r"\W", "", fold(value)):
        spaced = re.sub(r"[^\w\s]", "", fold(full_name)).upper()
        return (
            (spaced, ()) if value.isascii() and spaced == value else (spaced, (LOOK_ALIKE,) if spaced != value else ())
        )
    if value == value.upper() and len(words) > 1 and sum(word.isascii() for word in words) * 2 >= len(words):
        return (plain, (VOCABULARY,)) if plain != value else (value, ())
    return value, ()


_OWN = 1.5
_SURNAMES = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "đinh",
        "đào",
        "đoàn",
        "trịnh",
        "mai",
        "tô",
        "trương",
        "lâm",
        "phùng",
        "hà",
        "cao",
        "lương",
        "tạ",
        "thái",
        "châu",
        "tống",
        "từ",
        "vương",
        "kiều",
        "quách",
        "la",
        "thạch",
        "tăng",
        "triệu",
        "lưu",
        "đồng",
        "nghiêm",
        "giang",
        "tôn",
        "chu",
        "doãn",
        "đàm",
        "ông",
        "khúc",
        "lại",
        "ninh",
        "quan",
        "thân",
        "tiêu",
        "văn",
        "viên",
        "bạch",
        "bành",
        "cù",
        "diệp",
        "hứa",
        "kim",
        "lục",
        "mạc",
        "nông",
        "ứng",
        "sơn",
        "tào",
        "thi",
        "tiết",
        "trà",
        "ung",
        "vi",
        "lò",
        "lường",
        "quàng",
        "cầm",
        "sầm",
        "hoa",
        "đậu",
        "phí",
        "khuất",
        "mạch",
        "âu",
        "ân",
        "bế",
        "bồ",
        "cung",
        "cái",
        "danh",
        "huyền",
        "phó",
        "thiều",
        "trang",
    ]
)


def name_by_vote(flow: Flow, name: str) -> tuple[str, bool]:
    """One person's name by all its readings on this paper, syllable by syllable, weighed by the reader's confidence.

    Only readings of the same letters count (marks may differ); the case stays that of `name`. Returns the name and
    whether another reading agreed with it as a whole.
    """
    syllables = name.split()
    if len(syllables) < 2:
        return name, False
    pattern = r"\s+".join(re.escape(fold(syllable)) for syllable in syllables)
    weights: list[dict[str, float]] = [defaultdict(float) for _ in syllables]
    readings = 0
    for match in re.finditer(rf"(?<![a-z]){pattern}(?![a-z])", flow.folded):
        words = list(re.finditer(r"\S+", flow.text[match.start() : match.end()]))
        if len(words) != len(syllables):
            continue
        readings += 1
        for index, word in enumerate(words):
            piece = flow.piece(match.start() + word.start(), match.start() + word.end())
            # Marks are lost more often than invented: of two readings the one with more marks weighs more.
            marks = len(unicodedata.normalize("NFD", word[0])) - len(word[0])
            # A family has one of few names; between two readings of one it tells which is a name at all.
            known = 1.0 if index or word[0].lower() in _SURNAMES else 0.5
            weights[index][word[0].lower()] += piece.weakest**3 * (1 + 0.4 * marks) * known
    if readings < 2:
        return name, False
    # What stands here is only given up for a reading that clearly outweighs it.
    chosen = [
        max(sorted(options), key=lambda option: options[option] * (_OWN if option == own.lower() else 1.0))
        for options, own in zip(weights, syllables, strict=True)
    ]
    voted = [_in_case_of(word, like) for word, like in zip(chosen, syllables, strict=True)]
    unanimous = all(len(options) == 1 for options in weights)
    return " ".join(voted), unanimous


def _in_case_of(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
