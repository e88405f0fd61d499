"""The baseline: plain `pytesseract.image_to_string(lang="vie")` at 300 dpi and a day's worth of label expressions.

Written as a competent developer would who does not look into pixels: no preparation of images, one text a page, labels
matched without accents and capitals, values by regular expressions of their type, employer and employee told apart by
the words that open their parts. It answers for every kind of field the dictionary has, and has no confidence to give.
"""

from __future__ import annotations

import contextlib
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.bench.plain_rows import rows_of
from tests.bench.plain_text import Text, fold, money, person

_TITLES = (
    ("form_12", r"danh sach nguoi lao dong bi ngung viec"),
    ("form_01", r"danh sach nguoi lao dong\s+tam hoan"),
    ("form_11", r"de nghi vay von"),
    ("form_02", r"danh cho ho kinh doanh"),
    ("form_03", r"danh cho nguoi lao dong bi cham dut"),
    ("termination_decision", r"cham dut hop dong lao dong|quyet dinh thoi viec|thanh ly hop dong lao dong"),
    ("suspension_agreement", r"tam hoan (thuc hien )?(hop dong|hdld)"),
    ("unpaid_leave_agreement", r"thoa thuan[\s\S]{0,60}nghi[\s\S]{0,25}khong (huong )?luong"),
    ("ps_request", r"tam dung dong vao quy huu tri"),
    ("vss_d02", r"danh sach lao dong tham gia bhxh|d02"),
    ("ps_list", r"danh sach lao dong (giam|tam thoi nghi)"),
    ("household_cert", r"dang ky ho kinh doanh"),
    ("enterprise_cert", r"giay chung nhan\s+dang ky doanh nghiep"),
    ("tax_notice", r"thong bao[\s\S]{0,40}nop thue|thue khoan"),
    ("financial_statement", r"bao cao tai chinh|ket qua hoat dong kinh doanh|bang can doi ke toan"),
    ("id_card", r"can cuoc cong dan|chung minh nhan dan"),
    ("labour_contract", r"hop dong lao dong|labou?r contract"),
)
_EMPLOYEE_PART = re.compile(
    r"^\W*(?:\d\W+|ii\W+|b\W+)?(?:ben b\b|nguoi lao dong|va mot ben la|ben nguoi lao dong|va nguoi lao dong)", re.M
)


def read_plainly(pdf: bytes, pages: int) -> tuple[list[str], list[float]]:
    """The text of each page and the seconds it took."""
    import pypdfium2
    import pytesseract

    texts, seconds = [], []
    for number in range(pages):
        began = time.perf_counter()
        with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
            image = document[number].render(scale=300 / 72).to_pil()
        texts.append(unicodedata.normalize("NFC", pytesseract.image_to_string(image, lang="vie")))
        seconds.append(time.perf_counter() - began)
    return texts, seconds


def type_of(text: str) -> str:
    head = fold("\n".join(text.splitlines()[:40]))
    for name, title in _TITLES:
        if re.search(title, head):
            return name
    return "unknown"


def _phone(text: str | None) -> str | None:
    digits = re.sub(r"\D", "", text or "")
    return f"+84{digits[1:]}" if 9 <= len(digits) <= 12 and digits.startswith("0") else None


def _sex(text: str | None) -> str | None:
    return {"nam": "male", "nu": "female"}.get(fold(text or ""))


def _contract_type(folded: str) -> str | None:
    found = re.search(r"loai (?:hop dong|hdld)[^\n:]*:?\s*([^\n]{3,60})", folded)
    words = found[1] if found else folded[:600]
    for pattern, kind in (
        ("khong xac dinh|kxd|khong thoi han", "indefinite"),
        ("mua vu|thoi vu|duoi 12 thang", "seasonal"),
        ("xac dinh thoi han|xdth|co thoi han|thang|nam", "fixed"),
    ):
        if re.search(pattern, words):
            return kind
    return None


def _months(folded: str) -> int | None:
    found = re.search(r"thoi han[^\n]{0,40}?(\d{1,2})\s*(thang|nam)\b", folded)
    return int(found[1]) * (12 if found[2] == "nam" else 1) if found else None


def _has(pattern: str, value: Any) -> Callable[[Text], Any]:
    return lambda part: value if re.search(pattern, part.folded) else None


def _pay(part: Text) -> str | None:
    how = part.line("hinh thuc tra luong|phuong thuc tra luong|hinh thuc thanh toan")
    if how is None:
        return None
    cash, transfer = "tien mat" in fold(how), "chuyen khoan" in fold(how)
    return "both" if cash and transfer else "cash" if cash else "transfer" if transfer else None


_OWNER = "ho va ten|ho ten chu ho|dai dien ho kinh doanh|nguoi nop thue|ong|ba"
_ID = r"\d[\d ]{7,13}\d"
_MST = r"\d{10}(?:-\d{3})?"
_MONEY = r"\d{1,3}(?:[., ]\d{3})+|\d{6,}"
_NUMBER = r"[0-9a-z][^\s,;()]*/[^\s,;()]+"


def _digits_of(text: str | None) -> str | None:
    return re.sub(r"\D", "", text) or None if text else None


def _up(text: str | None) -> str | None:
    return text.upper() if text else None


def fields_of(text: str, document_type: str) -> dict[str, Any]:
    """Every field the expressions find; a field not found is not there."""
    whole = Text(text)
    parts = _parts(whole)
    found = _general(whole) | _employer(parts["employer"], whole) | _employee(parts["employee"], whole)
    found |= _of_type(whole, document_type)
    wanted = _WANTED.get(document_type)
    return {
        name: value for name, value in found.items() if value is not None and (wanted is None or _kept(name, wanted))
    }


_WANTED: dict[str, tuple[str, ...]] = {
    "labour_contract": ("document", "employee", "employer", "contract"),
    "suspension_agreement": ("document", "employee", "employer", "contract", "suspension"),
    "unpaid_leave_agreement": ("document", "employee", "employer", "contract", "suspension"),
    "form_01": ("document", "employer"),
    "form_02": ("document.issued", "household"),
    "form_03": ("document.issued", "employee", "employer.name", "contract", "termination", "income"),
    "form_11": ("document", "employer", "stoppage", "loan"),
    "form_12": ("document", "employer"),
    "termination_decision": ("document", "employee", "employer", "contract", "termination"),
    "ps_request": ("document", "employer", "bhxh", "request", "headcount"),
    "ps_list": ("document", "employer", "headcount"),
    "vss_d02": ("document", "employer"),
    "household_cert": ("document.issued", "household"),
    "tax_notice": ("document", "household"),
    "enterprise_cert": ("employer",),
    "financial_statement": ("employer", "finance", "document.issued"),
    "id_card": ("employee",),
    "unknown": ("nothing",),
}


def _kept(name: str, wanted: Sequence[str]) -> bool:
    return any(name == each or name.startswith(each) for each in wanted)


def _parts(whole: Text) -> dict[str, Text]:
    split = _EMPLOYEE_PART.search(whole.folded)
    at = split.start() if split else 0
    return {"employer": Text(whole.text[:at] or whole.text), "employee": Text(whole.text[at:])}


def _general(whole: Text) -> dict[str, Any]:
    place = re.search(r"^[^\n]*?([^\n,]{3,30}),\s*ngay\s*\d{1,2}\s*thang\s*\d", whole.folded, re.M)
    name = whole.text[place.start(1) : place.end(1)].strip() if place else None
    return {
        "document.number": whole.after(r"\bso(?: hd|/ ?no\.?)?\s*:", _NUMBER),
        "document.issued_on": whole.date(r"[a-z]\s*,") or whole.date("hom nay"),
        "document.issued_at_place": re.split(r"\s{2,}", name)[-1] if name else None,
        "document.has_seal": True if re.search("dong dau", whole.folded) else None,
    }


def _employer(part: Text, whole: Text) -> dict[str, Any]:
    company = part.line("ten (?:cong ty|doanh nghiep|don vi|nguoi nop thue)|dai dien cho|ben a|cong ty|don vi")
    if company is None:
        head = re.search(r"^\W*((?:cong ty|doanh nghiep)[^\n:]{4,70})$", whole.folded, re.M)
        company = whole.text[head.start(1) : head.end(1)].strip() if head else None
    return {
        "employer.name": company,
        "employer.tax_code": whole.after("ma so thue|mst|tax code", _MST),
        "employer.registration_number": whole.after("ma so doanh nghiep|dkkd so", _MST),
        "employer.address": part.line(r"dia chi(?: tru so(?: chinh)?)?|tru so(?: chinh)?"),
        "employer.phone": _phone(part.after("dien thoai|dt|tel", r"[\d .]{9,14}")),
        "employer.email": part.after("email", r"[\w.\-]+@[\w.\-]+"),
        "employer.bank_account": part.after("so tai khoan|tai khoan so|stk", r"\d{6,19}"),
        "employer.vss_unit_code": _up(whole.after("ma don vi", r"[a-z]{2}\d{4}[a-z]")),
        "employer.representative.full_name": person(
            part.line("(?:nguoi )?dai dien(?: theo phap luat)?(?: la)?|chung toi, mot ben la(?: ong| ba)?|do ong|do ba")
        ),
        "employer.representative.position": part.line("chuc vu"),
        "employer.representative.id_number": _digits_of(part.after("cmnd[^\n:]*", _ID)),
        "employer.bhxh_headcount": money(part.after("tong so lao dong[^\n:]*|so lao dong tham gia bhxh", r"\d+") or ""),
    }


def _employee(part: Text, whole: Text) -> dict[str, Any]:
    number = _digits_of(part.after(r"(?:so )?(?:cmnd|cmtnd|cccd)[/a-z ]*(?:so)?", _ID))
    return {
        "employee.full_name": person(
            part.line("ho va ten|ho ten|va mot ben la(?: ong| ba)?|ong/ba|ben b|ong|ba|toi ten la")
        ),
        "employee.date_of_birth": part.date("ngay sinh|sinh|nam sinh|ngay,? thang,? nam sinh|date of birth"),
        "employee.sex": _sex(part.after("gioi tinh", "nam|nu")),
        "employee.nationality": part.line("quoc tich"),
        "employee.id_number": number,
        "employee.id_kind": {9: "cmnd", 12: "cccd"}.get(len(number or "")),
        "employee.id_issued_on": part.date(r"cap ngay|ngay cap"),
        "employee.id_issued_by": part.line("noi cap|cap tai")
        or part.after(r"cap ngay [^\n]{8,30}?\btai", r"[^\n.;]{6,50}"),
        "employee.permanent_address": part.line(
            "dia chi thuong tru|ho khau thuong tru|noi dang ky hktt|noi thuong tru|thuong tru|dia chi"
        ),
        "employee.current_address": part.line("cho o hien nay|noi o hien tai|dia chi tam tru|tam tru"),
        "employee.phone": _phone(part.after(r"dien thoai(?: lien he)?|sdt|dt", r"[\d .]{9,14}")),
        "employee.bhxh_number": part.after("(?:so so|ma so|so) (?:bhxh|bao hiem xa hoi)", r"\d{10}"),
        "employee.bank_account": part.after("so tai khoan|so tk|stk|tai khoan so", r"\d{6,19}"),
        "employee.bank_name": part.line("ngan hang|tai ngan hang|mo tai"),
        "employee.department": part.line("bo phan(?: cong tac)?|phong,? ban"),
        "contract.number": whole.after(r"(?:hop dong lao dong|hdld|hop dong|hd) so\s*:?", _NUMBER)
        or whole.after(r"\bso(?: hd)?\s*:", _NUMBER),
        "contract.signed_on": whole.date(r"(?:ky )?ngay(?: ky)?|hom nay"),
        "contract.type": _contract_type(whole.folded),
        "contract.term_months": _months(whole.folded),
        "contract.starts_on": whole.date("tu ngay|tu|thoi diem bat dau|ngay bat dau|ke tu ngay"),
        "contract.ends_on": whole.date("den ngay|den het ngay|den|thoi diem ket thuc[^\n:]*"),
        "contract.salary_vnd": money(whole.after("(?:muc )?luong(?: chinh| co ban| can ban)?[^\n:\\d]*", _MONEY) or ""),
        "contract.allowance_vnd": money(whole.after("phu cap[^\n:\\d]*", _MONEY) or ""),
        "contract.pay_method": _pay(whole),
        "contract.job_title": part.line("chuc danh(?: chuyen mon| cong viec)?[^\n:]*|vi tri(?: cong tac)?"),
        "contract.workplace": whole.line("dia diem lam viec|workplace"),
        "contract.insurance_clause": _has("bao hiem xa hoi|bhxh", True)(whole),
        "suspension.kind": _has("tam hoan", "suspension")(whole)
        or _has("khong (?:huong )?luong", "unpaid_leave")(whole),
        "suspension.starts_on": whole.date("tu ngay|tu|ke tu|bat dau[^\n:]*"),
        "suspension.ends_on": whole.date("den het ngay|den ngay|den het|den|ket thuc"),
        "suspension.reason": _has("covid", "dịch Covid-19")(whole),
        "suspension.paid": _has("khong (?:duoc )?(?:huong|tra) luong", False)(whole),
    }


def _of_type(whole: Text, document_type: str) -> dict[str, Any]:
    month = re.search(r"(?:tu|dong) thang\s*(\d{1,2})\s*/\s*(\d{4})", whole.folded)
    paid = re.search(r"den (?:het )?thang\s*(\d{1,2})\s*/\s*(\d{4})", whole.folded)
    statement = {code: _row(whole.folded, code) for code in ("01", "110", "421")}
    basis = re.search(r"dieu\s*(\d+)", whole.folded)
    return {
        "household.name": whole.line("ten ho kinh doanh|ho kinh doanh"),
        "household.owner.full_name": person(whole.line(_OWNER)),
        "household.owner.id_number": _digits_of(whole.after(r"(?:so )?(?:cmnd|cmtnd|cccd)[/a-z ]*", _ID)),
        "household.registration_number": _up(whole.after("so|so dkkd|ma so dang ky[a-z ]*", r"\d{2}[a-z]8\d{6}")),
        "household.tax_code": whole.after("ma so thue|mst", _MST),
        "household.business_line": whole.line("nganh,? nghe(?: kinh doanh)?"),
        "household.address": whole.line("dia (?:diem|chi)(?: kinh doanh)?"),
        "household.revenue_2020_vnd": money(whole.after("doanh thu[^\n:\\d]*(?:2020)?[^\n:\\d]*", _MONEY) or ""),
        "household.suspended_from": whole.date("tu ngay"),
        "household.suspended_to": whole.date("den (?:het )?ngay"),
        "termination.effective_on": whole.date("ke tu ngay|ke tu|cham dut[^\n]{0,40}tu ngay|cham dut ngay"),
        "termination.reason": whole.line("ly do[^\n:]*"),
        "termination.legal_basis": f"Điều {basis[1]}" if basis else None,
        "income.monthly_vnd": money(whole.after("thu nhap[^\n:\\d]*", _MONEY) or ""),
        "stoppage.count": money(whole.after("so lao dong[^\n:\\d]*ngung viec[^\n:\\d]*", r"\d+") or ""),
        "loan.amount_vnd": money(whole.after("so tien[^\n:\\d]*", _MONEY) or ""),
        "loan.months": money(whole.after("thoi gian[^\n:\\d]*|so thang[^\n:\\d]*", r"\d{1,2}(?= thang)") or ""),
        "bhxh.headcount_2020_01": money(whole.after("(?:thang )?0?1/2020[^\n:\\d]*", r"\d+") or ""),
        "bhxh.headcount_now": money(whole.after("(?:hien nay|hien tai|thoi diem de nghi)[^\n:\\d]*", r"\d+") or ""),
        "bhxh.paid_through": f"{paid[2]}-{int(paid[1]):02d}" if paid else None,
        "request.month": f"{month[2]}-{int(month[1]):02d}" if month else None,
        "request.months": money(whole.after("so thang[^\n:\\d]*|thoi gian[^\n:\\d]*", r"\d{1,2}") or ""),
        "headcount.before": money(whole.after("truoc khi[^\n:\\d]*", r"\d+") or ""),
        "headcount.off_bhxh": money(whole.after("nghi viec[^\n:\\d]*", r"\d+") or ""),
        "finance.period": whole.after("nam", r"20\d\d"),
        "finance.revenue_vnd": statement["01"],
        "finance.cash_vnd": statement["110"],
        "finance.retained_profit_vnd": statement["421"],
        "finance.unit_multiplier": _has("don vi tinh", 1)(whole),
    }  # fmt: skip


def _row(folded: str, code: str) -> int | None:
    """The first amount in the line of a statement that bears the code."""
    found = re.search(rf"^[^\n]*\b{code}\b[^\n\d(]*(\(?\d{{1,3}}(?:[.,]\d{{3}})+)", folded, re.M)
    if found is None:
        return None
    return (money(found[1]) or 0) * (-1 if found[1].startswith("(") else 1)


def read_values(texts: Iterable[str], listed: bool) -> tuple[str, dict[str, Any], Mapping[int, dict[str, Any]]]:
    """(document type, fields, rows by number) of one paper's page texts."""
    text = "\n".join(texts)
    document_type = type_of(text)
    return document_type, fields_of(text, document_type), rows_of(text) if listed else {}
