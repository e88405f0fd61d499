"""A valid SW dossier and the papers it is made of; a test says only what differs. `House` is the system in memory."""

from tests.builders.house import House, Sent
from tests.builders.papers import (
    ANH,
    APPLICANT,
    BINH,
    COLLEAGUE,
    DECLARED,
    DISTRICT,
    OFFICE,
    PROVINCE,
    STRANGER,
    Employee,
    a_document,
    a_dossier,
    a_reading,
    agreement,
    filed,
    pages,
    papers,
    sheet,
    the_list,
)

__all__ = [
    "ANH", "APPLICANT", "BINH", "COLLEAGUE", "DECLARED", "DISTRICT", "OFFICE", "PROVINCE", "STRANGER", "Employee",
    "House", "Sent", "a_document", "a_dossier", "a_reading", "agreement", "filed", "pages", "papers", "sheet",
    "the_list",
]  # fmt: skip
