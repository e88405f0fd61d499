"""What the fields of one document say of one another: agreement makes surer, contradiction doubtful."""

from __future__ import annotations

from dataclasses import replace

from casework.document import Field, FieldValue
from casework.reading.document_types import DocumentType
from casework.vietnam.identifiers import id_number, mst
from casework.vietnam.names import match_key

ABSENT = Field(None)


def compare_fields(fields: dict[str, Field], described: DocumentType) -> dict[str, Field]:
    """Fields that say something of one another, after they have been compared."""
    number, born, sex = (fields.get(f"employee.{name}", ABSENT) for name in ("id_number", "date_of_birth", "sex"))
    if isinstance(number.value, str):
        said = id_number(number.value, date_of_birth=_text(born.value), sex=_text(sex.value))
        contradictions = tuple(doubt for doubt in said.doubts if doubt not in number.doubts)
        if said.checked and not contradictions:
            fields["employee.id_number"] = _surer(number)
            fields["employee.date_of_birth"] = _surer(born)
        elif contradictions:
            fields["employee.id_number"] = _doubted(number, contradictions)
        if "employee.id_kind" in fields and said.kind in ("cccd", "cmnd", "passport"):
            fields["employee.id_kind"] = replace(number, value=said.kind, doubts=())
    code, registered = fields.get("employer.tax_code", ABSENT), fields.get("employer.registration_number", ABSENT)
    if isinstance(code.value, str) and isinstance(registered.value, str):
        # One number under two names for every enterprise (the check digit tells which reading is sound).
        if code.value == registered.value:
            fields["employer.tax_code"], fields["employer.registration_number"] = _surer(code), _surer(registered)
        elif mst(code.value).sound != mst(registered.value).sound and _near(code.value, registered.value):
            sound, wrong = (
                (code, "employer.registration_number") if mst(code.value).sound else (registered, "employer.tax_code")
            )
            note = (*fields[wrong].doubts, f"đọc là {fields[wrong].value}, lấy theo mã số kia")
            fields[wrong] = replace(
                fields[wrong], value=sound.value, confidence=round(sound.confidence * 0.8, 3), doubts=note
            )
    figures, words = fields.get("contract.salary_vnd", ABSENT), fields.get("contract.salary_words_vnd", ABSENT)
    if figures.value is not None and words.value is not None:
        if figures.value == words.value:
            fields["contract.salary_vnd"], fields["contract.salary_words_vnd"] = _surer(figures), _surer(words)
        else:
            parted = f"số là {figures.value}, chữ là {words.value}"
            fields["contract.salary_vnd"] = _doubted(figures, (parted,))
            fields["contract.salary_words_vnd"] = _doubted(words, (parted,))
    return _filled(_told_apart(fields), described)


def _told_apart(fields: dict[str, Field]) -> dict[str, Field]:
    """Nobody is employed by himself: one name read for both is that of the one it was surer for."""
    name, other = "employee.full_name", "employer.representative.full_name"
    employee, employer = fields.get(name, ABSENT), fields.get(other, ABSENT)
    both = isinstance(employee.value, str) and isinstance(employer.value, str)
    if both and match_key(str(employee.value)) == match_key(str(employer.value)):
        fields[other if employer.confidence <= employee.confidence else name] = ABSENT
    return fields


def _filled(fields: dict[str, Field], described: DocumentType) -> dict[str, Field]:
    """One fact under two names: a contract's own number and date, its end where it has none."""
    if described.id == "labour_contract":
        for name, other in (("contract.number", "document.number"), ("contract.signed_on", "document.issued_on")):
            if fields[name].value is None:
                fields[name] = fields[other]
            elif fields[other].value is None:
                fields[other] = fields[name]
        if fields["contract.type"].value == "indefinite" and fields["contract.term_months"].confidence < 0.9:
            fields["contract.term_months"] = ABSENT
    starts, ends = _text(_value(fields, "suspension.starts_on")), _text(_value(fields, "suspension.ends_on"))
    if starts and ends and ends < starts:
        reversed_ = ("ngày kết thúc trước ngày bắt đầu",)
        fields["suspension.ends_on"] = _doubted(fields["suspension.ends_on"], reversed_)
        fields["suspension.starts_on"] = _doubted(fields["suspension.starts_on"], reversed_)
    return fields


def _value(fields: dict[str, Field], name: str) -> FieldValue:
    return fields.get(name, ABSENT).value


def _text(value: FieldValue) -> str | None:
    return value if isinstance(value, str) else None


def _near(first: str, second: str) -> bool:
    """Two numbers that misreading of at most three figures can part."""
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) <= 3


def _surer(field: Field) -> Field:
    return replace(field, confidence=round(1 - (1 - field.confidence) * 0.3, 3))


def _doubted(field: Field, doubts: tuple[str, ...]) -> Field:
    return replace(field, confidence=round(field.confidence * 0.55, 3), doubts=(*field.doubts, *doubts))
