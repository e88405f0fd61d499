"""A valid SW dossier and the papers it is made of; a test says only what differs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.document import Box, Field, Reading
from casework.dossier import Actor, Applicant, Change, Document, Dossier, PageRef, Upload, change

from tests.fakes import (
    PAGE_BREAK,
    SetClock,
)

OFFICE = "H29.1"

APPLICANT = Actor("applicant", "applicant-1")

STRANGER = Actor("applicant", "applicant-2")

DISTRICT = Actor("officer", "officer-district", "H29.1")

COLLEAGUE = Actor("officer", "officer-district-2", "H29.1")

PROVINCE = Actor("officer", "officer-province", "H29")

DECLARED = {"finance.revenue_vnd": 0, "employer.tax_code": "0312345671"}


@dataclass(frozen=True)
class Employee:
    """One person of a list, as every paper about him has it."""

    name: str = "Nguyễn Thị Ánh"
    bhxh: str = "7912345670"
    born: str = "1990-02-03"
    starts: str = "2020-04-15"
    ends: str = "2020-05-14"

    def row(self, **differs: Any) -> dict[str, Any]:
        return {
            "employee.full_name": self.name,
            "employee.bhxh_number": self.bhxh,
            "suspension.starts_on": self.starts,
            "suspension.ends_on": self.ends,
            "contract.type": "indefinite",
            "contract.starts_on": "2018-01-02",
        } | differs

    def agreement(self, **differs: Any) -> dict[str, Any]:
        return {
            "employee.full_name": self.name,
            "employee.bhxh_number": self.bhxh,
            "employee.date_of_birth": self.born,
            "suspension.starts_on": self.starts,
            "suspension.ends_on": self.ends,
            "suspension.reason": "Do ảnh hưởng của dịch COVID-19",
        } | differs


ANH = Employee()

BINH = Employee("Trần Văn Bình", "7912345688", "1985-11-30")


def sheet(
    kind: str,
    fields: Mapping[str, Any] | None = None,
    roster: Sequence[Mapping[str, Any]] = (),
    lost: Sequence[int] = (),
) -> bytes:
    """One page of a paper that fakes.read_sheets reads; a value may be [value, confidence].

    lost: the numbers of pages that the page says are there and are not.
    """
    said = {"type": kind, "fields": fields or {}, "roster": list(roster), "lost": list(lost)}
    return json.dumps(said, ensure_ascii=False).encode()


def pages(*sheets: bytes) -> bytes:
    return PAGE_BREAK.join(sheets)


def the_list(*people: Employee, **differs: Any) -> bytes:
    """Form 01 with these people."""
    fields = {"employer.tax_code": "0312345671", "employer.name": "Công ty TNHH May Ánh Dương"} | differs
    return sheet("form_01", fields, [person.row() for person in people or (ANH,)])


def agreement(person: Employee = ANH, **differs: Any) -> bytes:
    return sheet("suspension_agreement", person.agreement(**differs))


def papers(*people: Employee) -> dict[str, bytes]:
    """Everything a valid dossier needs, by file name."""
    chosen = people or (ANH,)
    return {"mau-01.pdf": the_list(*chosen)} | {f"thoa-thuan-{p.bhxh}.pdf": agreement(p) for p in chosen}


# ── values, for tests without a store ────────────────────────────────────────


def a_dossier(**differs: Any) -> Dossier:
    valid = Dossier(
        id="d1",
        code="H29.1-200518-0001",
        procedure="SW",
        office=OFFICE,
        owner=APPLICANT.id,
        applicant=Applicant("Nguyễn Văn Kế", "0901234567", "ke.toan@example.vn"),
        created_at="2020-05-18T02:00:00.000+00:00",
        request_sha256="0" * 64,
        declared=dict(DECLARED),
        received_on=date(2020, 5, 18),
    )
    return replace(valid, **differs)


def a_document(document_id: str, kind: str, **differs: Any) -> Document:
    upload = Upload(f"u-{document_id}", f"{document_id}.pdf", 10, "0" * 64, "application/pdf", state="read")
    valid = Document(
        document_id,
        "read",
        (upload,),
        (PageRef(1, upload.id, "1", 1),),
        kind,
        1.0,
        f"readings/{document_id}.json",
    )
    return replace(valid, **differs)


def a_reading(kind: str, fields: Mapping[str, Any] | None = None, roster: Sequence[Mapping[str, Any]] = ()) -> Reading:
    tables = {"roster": tuple(_fields(row) for row in roster)} if roster else {}
    return Reading(kind, 1.0, _fields(fields or {}), tables)


def _fields(said: Mapping[str, Any]) -> dict[str, Field]:
    def of(value: Any) -> Field:
        read, confidence = value if isinstance(value, list) else (value, 0.99)
        return Field(read, str(read), confidence, 1, Box(0.1, 0.1, 0.5, 0.2), "ocr")

    return {name: of(value) for name, value in said.items()}


def filed(clock: SetClock | None = None, **differs: Any) -> Change:
    """The first change of a dossier."""
    dossier = a_dossier(received_on=None, **differs)
    return change(None, dossier, "dossier.filed", actor=APPLICANT, now=(clock or SetClock())())
