"""What a value of each type looks like: from the text after a label to a value, its exact place and its doubts.

One function per type of value, in one table. Each gets a window of text and says what it found first; it never
looks for labels, and it never changes a name.
"""

from __future__ import annotations

from collections.abc import Callable

from casework.reading import endings, figures, told, words
from casework.reading.document_types import VALUE_TYPES
from casework.reading.window import Value, Window
from casework.vietnam import identifiers


def read_value(kind: str, window: Window) -> Value | None:
    """The first value of this type in the window; None when there is none (a blank, or something else stands there)."""
    return _READERS[kind](window)


def _never(window: Window) -> Value | None:
    raise ValueError("a value of this type is told by phrases or by several cells, not by one window")


_READERS: dict[str, Callable[[Window], Value | None]] = {
    "number": figures.read_number,
    "date": figures.read_date,
    "birth_date": figures.read_birth_date,
    "place": words.read_place,
    "person": words.read_person,
    "sex": words.read_sex,
    "nationality": words.read_nationality,
    "id_number": figures.read_id_number,
    "issuer": words.read_issuer,
    "address": words.read_address,
    "phone": figures.read_phone,
    "bhxh": figures.read_identifier(identifiers.bhxh, 7),
    "account": figures.read_identifier(identifiers.bank_account, 6),
    "mst": figures.read_identifier(identifiers.mst, 8),
    "bank": words.read_bank,
    "text": words.read_plain_text,
    "company": words.read_company,
    "email": words.read_email,
    "position": words.read_position,
    "code": figures.read_code,
    "integer": figures.read_integer,
    "months": figures.read_months,
    "money": figures.read_money,
    "money_words": figures.read_money_words,
    "pay_method": words.read_pay_method,
    "reason": words.read_reason,
    "contract_type": words.read_contract_type,
    "suspension_kind": words.read_suspension_kind,
    "region": told.read_region,
    "registration": told.read_registration,
    "ending": endings.read_ending,
    "income": told.read_income,
    "unit": told.read_unit,
    "statement_period": told.read_period,
    "month": told.read_month,
    "choice": _never,
    "period": _never,
    "bank_details": _never,
}

assert set(_READERS) == VALUE_TYPES
