"""What applicants are told: every event in both languages, in whole letters, and as text messages that are not cut."""

from __future__ import annotations

import unicodedata

import pytest
from casework import sms
from casework.document import Text
from casework.dossier import Applicant, Request, State
from casework.vietnam import identifiers
from casework.workflow.notices import MAIL, SMS, Message, _texts, message, notice_texts, ways_to

from tests.builders import a_dossier

EVENTS = sorted(set(_texts()) - {"mail"})
SITE = "https://motcua.dichvucong.tphcm.gov.vn"  # as long as addresses of offices are


def told(event: str, channel: str, language: str = "vi", code: str = "H29.26.123-200518-0001") -> Message:
    applicant = Applicant("Nguyễn Văn Kế", "0901 234 567", "ke.toan@example.vn", language)  # type: ignore[arg-type]
    asks = (Request("k", "page", Text("Trang 2 bị mờ.", "Page 2 is blurred.")),)
    dossier = a_dossier(
        code=code, applicant=applicant, requests=asks, state=State.APPROVED, closing_note=Text("Không đúng nơi nhận")
    )
    return message(dossier, event, channel, public_url=SITE, digits="123456")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("event", EVENTS)
def test_a_text_message_is_short_names_nobody_and_is_in_one_language(event: str, language: str) -> None:
    text = told(event, SMS, language).body
    assert sms.parts(text) <= (sms.MOST_PARTS if language == "vi" else 1)
    assert unicodedata.is_normalized("NFC", text)
    assert "H29.26.123-200518-0001" in text
    assert not {"Kế", "được duyệt", "approved in", "{", "}"} & set(text.split())
    assert all(word not in text for word in ("Trang 2", "Page 2", "Không đúng nơi nhận"))


@pytest.mark.parametrize("event", EVENTS)
def test_a_mail_says_everything_in_both_languages_the_applicants_first(event: str) -> None:
    vietnamese, english = told(event, MAIL), told(event, MAIL, "en")
    for one in (vietnamese, english):
        assert unicodedata.is_normalized("NFC", one.subject + one.body)
        assert "{" not in one.subject + one.body
        assert "\n" not in one.subject
    assert vietnamese.subject.split(" / ") == english.subject.split(" / ")[::-1]
    assert vietnamese.body != english.body
    assert sorted(vietnamese.body.split()) == sorted(english.body.split())


@pytest.mark.parametrize("event", sorted(set(EVENTS) - {"lookup"}))
def test_a_notice_on_the_page_has_no_loose_ends(event: str) -> None:
    for text in notice_texts(a_dossier(closing_note=Text("Không đúng nơi nhận")), event).values():
        assert "http" not in text
        assert not text.endswith((":", ": ", "/"))


def test_an_amount_is_told_where_there_is_one() -> None:
    """A refusal, or a pause of contributions, is not "0 đồng"."""
    told = [notice_texts(a_dossier(state=State.APPROVED, total_vnd=total), "decided") for total in (1_800_000, 0)]
    assert "được duyệt. Tổng số tiền được duyệt: 1.800.000 đồng. Lý do" in told[0]["body"]
    assert "approved. Amount approved: 1,800,000 VND. Reasons" in told[0]["body_en"]
    assert "được duyệt. Lý do" in told[1]["body"]
    assert "approved. Reasons" in told[1]["body_en"]


def test_the_one_time_code_leads_nowhere() -> None:
    assert "http" not in told("lookup", MAIL).body + told("lookup", SMS).body


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("ồ" * 70, 1), ("ồ" * 71, 2), ("ồ" * 134, 2), ("ồ" * 135, 3),
        (unicodedata.normalize("NFD", "ồ" * 70), 4), ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_a_text_message_is_counted_as_the_operators_count_it(text: str, parts: int) -> None:
    assert sms.parts(text) == parts


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0901 234 567", "+84901234567"), ("+84 901.234.567", "+84901234567"), ("84901234567", "+84901234567"),
        ("0084901234567", "+84901234567"), ("(090) 123-4567", "+84901234567"),
        ("0123 456 789", ""), ("02838221234", ""), ("090123456", ""), ("09012345678", ""), ("0901234567 máy 2", ""),
    ],
)  # fmt: skip
def test_text_messages_go_to_vietnamese_mobile_numbers_alone(typed: str, number: str) -> None:
    assert identifiers.mobile(typed) == number


def test_who_gave_no_address_is_reached_on_the_page_alone() -> None:
    assert ways_to(Applicant("Kế")) == []
    assert ways_to(Applicant("Kế", "0901234567")) == [SMS]
    assert ways_to(Applicant("Kế", "02838221234", "ke@example.vn")) == [MAIL]
