"""What stands on papers of ours: dates and money as offices write them, for every service, whoever decides."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest
from adapters.printing import Printer
from casework import checks, procedures
from casework.document import Text
from casework.dossier import VIETNAM, Actor, AuditEntry
from casework.finding import Fact, Finding, RowVerdict, Verdict
from casework.forms import catalogue, one_stop
from casework.forms.decision import decision
from casework.forms.sheet import Line, Paragraph, Points, Table
from casework.offices import filing_offices, office_of
from casework.plain import to_lean, to_plain
from casework.workflow.ordering import order_apology, order_receipt

from tests.builders import a_document, a_dossier

NOW = datetime(2020, 5, 12, 3, 7, tzinfo=UTC)
NOTHING_FOUND: dict[str, Any] = {"facts": {"dossier": {}}, "verdict": {"findings": [], "rows": []}}
URL = "https://motcua.example/xac-minh/" + "A" * 22
SERVICES = [(service, day) for service in procedures.ids() for day in (date(2020, 5, 12), date(2020, 10, 20))]


def an_issue(service: str = "SW", day: date = date(2020, 5, 12), **differs: Any) -> one_stop.Issue:
    law = procedures.load(service, day)
    filed_at = filing_offices(law)[0].code
    papers = (a_document("d1", "form_01"), a_document("d2", "labour_contract"), a_document("d3", ""))
    dossier = a_dossier(procedure=service, office=filed_at, received_on=day, documents=papers)
    at = datetime(day.year, day.month, day.day, 10, 7, tzinfo=VIETNAM)
    return dataclasses.replace(one_stop.Issue(dossier, law, at, 1, URL, filed_at), **differs)


def values(sheet: Any) -> dict[str, str]:
    return {block.label.en: block.value for block in sheet.blocks if isinstance(block, Line)}


@pytest.fixture(scope="module")
def printer() -> Printer:
    return Printer()


# ── every service ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("service", "day"), SERVICES)
def test_a_receipt_of_every_service_says_when_the_result_is_due(service: str, day: date, printer: Printer) -> None:
    issue = an_issue(service, day)
    kind, order = order_receipt(issue.dossier, issue.at)
    assert kind == "issue_paper"
    sheet = one_stop.receipt(issue, order["data"])
    said = values(sheet)
    stages = issue.procedure.stages
    if all(stage.days is not None for stage in stages):
        assert date.fromisoformat(order["data"]["due_on"]) > day
        assert "trước khi hết giờ làm việc ngày" in said["Result due"]
    else:
        assert said["Result due"] == one_stop.NO_LIMIT.vi
    assert said["Received from"] == issue.dossier.applicant.name
    assert printer.print(sheet).pages == 1


@pytest.mark.parametrize(("service", "day"), SERVICES)
@pytest.mark.parametrize("outcome", ["approve", "approve_in_part", "refuse"])
def test_a_decision_of_every_service_can_be_printed(service: str, day: date, outcome: str, printer: Printer) -> None:
    issue = an_issue(service, day)
    last = next(stage for stage in issue.procedure.stages if stage.final)
    issue = dataclasses.replace(issue, office=office_of(issue.dossier.office, last.level))
    good = {"key": "1", "name": "Nguyễn Thị Ánh", "outcome": "approve", "reason": "", "months": ["2020-04", "2020-05"],
            "amount_vnd": 2_000_001}  # fmt: skip
    bad = {
        "key": "2",
        "name": "Trần Văn Bình",
        "outcome": "refuse",
        "reason": "Không có tên.",
        "months": [],
        "amount_vnd": 0,
    }
    rows = {"approve": [good], "approve_in_part": [good, bad], "refuse": [bad]}[outcome]
    made = {"outcome": outcome, "reason": "Theo hồ sơ.", "reason_code": "", "rows": rows, "total_vnd": 2_000_001}
    sheet = decision(issue, made, NOTHING_FOUND)
    captions = [block.caption.en for block in sheet.blocks if isinstance(block, Table)]
    assert ("Approved" in captions, "Refused" in captions) == (outcome != "refuse", outcome != "approve")
    assert printer.print(sheet).pages >= 1


# ── words ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2020, 4, 15), "ngày 15 tháng 4 năm 2020"),
        (date(2020, 2, 5), "ngày 05 tháng 02 năm 2020"),
        (date(2020, 1, 31), "ngày 31 tháng 01 năm 2020"),
        (date(2020, 12, 9), "ngày 09 tháng 12 năm 2020"),
    ],
)
def test_days_are_written_as_the_administration_writes_them(day: date, words: str) -> None:
    assert one_stop.day_in_words(day) == words


def test_a_moment_is_told_in_vietnamese_time() -> None:
    assert one_stop.moment_in_words(NOW) == "10 giờ 07 phút, ngày 12 tháng 5 năm 2020"


def test_papers_are_counted_by_what_they_are() -> None:
    issue = an_issue()
    _, order = order_receipt(issue.dossier, issue.at)
    points = next(block for block in one_stop.receipt(issue, order["data"]).blocks if hasattr(block, "items"))
    assert [item.vi.rsplit(": ", 1)[1] for item in points.items] == ["1 bản", "1 bản", "1 bản"]
    assert points.items[2].vi.startswith("Giấy tờ khác")


def test_an_amount_that_does_not_divide_is_not_said_to() -> None:
    row = {
        "key": "1",
        "name": "A",
        "outcome": "approve",
        "reason": "",
        "months": ["2020-04", "2020-05"],
        "amount_vnd": 5,
    }
    made = {"outcome": "approve", "reason": "", "reason_code": "", "rows": [row], "total_vnd": 5}
    tables = [b for b in decision(an_issue(), made, NOTHING_FOUND).blocks if isinstance(b, Table)]
    assert tables[0].rows[0][3] == "–"
    assert [int(cells[2]) for cells in tables[1].rows] == [3, 2]  # the months make up the whole


def test_the_law_cited_is_that_of_the_day() -> None:
    def cited(day: date) -> list[str]:
        made = {"outcome": "refuse", "reason": "", "reason_code": "", "rows": [], "total_vnd": 0}
        sheet = decision(an_issue("SW", day), made, NOTHING_FOUND)
        return [item.vi for item in sheet.blocks[0].items]  # type: ignore[union-attr]

    assert not any("154/NQ-CP" in law for law in cited(date(2020, 5, 12)))
    assert any("154/NQ-CP" in law for law in cited(date(2020, 10, 20)))


# ── why somebody is refused ──────────────────────────────────────────────────

SHORT = Finding("SW-2", "fail", Text("Từ 01 tháng trở lên."), "QĐ 15, Điều 1 khoản 1", Text("Thời gian: 29 ngày"))
LATE = Finding("SW-3", "fail", Text("Bắt đầu trong kỳ."), "QĐ 15, Điều 1 khoản 2.", Text("Ngày bắt đầu: 02/06/2020."))


def refused_for(reason: str) -> str:
    """The reason on the decision for one person whom two rules refuse."""
    row = {"key": "1", "name": "A", "outcome": "refuse", "reason": reason, "months": [], "amount_vnd": 0}
    made = {"outcome": "refuse", "reason": "", "reason_code": "", "rows": [row], "total_vnd": 0}
    verdict = Verdict("SW", "1", "refusal_proposed", (), (RowVerdict("1", "fail", (SHORT, LATE)),), 0, "2020-05-12")
    sheet = decision(an_issue(), made, {"facts": {"dossier": {}}, "verdict": to_plain(verdict)})
    return next(b for b in sheet.blocks if isinstance(b, Table) and b.caption.en == "Refused").rows[0][2]


BOTH = "Thời gian: 29 ngày (QĐ 15, Điều 1 khoản 1); Ngày bắt đầu: 02/06/2020 (QĐ 15, Điều 1 khoản 2)."


@pytest.mark.parametrize(
    "reason",
    ["", "Thời gian: 29 ngày Ngày bắt đầu: 02/06/2020.", "Ngày bắt đầu: 02/06/2020; Thời gian: 29 ngày."],
)
def test_each_failed_rule_stands_once_with_what_was_found_and_its_article(reason: str) -> None:
    assert refused_for(reason) == BOTH


@pytest.mark.parametrize("reason", ["Đã gọi hỏi đơn vị.", "Thời gian: 29 ngày, đã gọi hỏi đơn vị"])
def test_what_an_officer_says_beyond_the_rules_stands_before_them(reason: str) -> None:
    assert refused_for(reason) == f"{reason.rstrip('.')}; {BOTH}"


def test_a_rule_that_sums_up_others_gives_their_reasons() -> None:
    issue = an_issue("PS")
    values = {
        "headcount.off_bhxh": 10, "headcount.before": 100, "labour_authority.confirmed": False,
        "asset.loss_vnd": 1, "asset.total_ex_land_vnd": 100, "finance_authority.confirmed": False,
        "bhxh.paid_through": "2020-01", "bhxh.headcount_2020_01": 100, "bhxh.headcount_now": 90,
    }  # fmt: skip
    facts = {name: Fact(value) for name, value in values.items()}
    verdict = checks.evaluate(issue.procedure, facts, [], as_of=date(2020, 5, 12))
    ways = [finding for finding in verdict.findings if finding.rule in ("PS-1", "PS-2", "PS-3")]
    assert [way.verdict for way in ways] == ["fail"] * 3
    made = {"outcome": "refuse", "reason": "", "reason_code": "", "rows": [], "total_vnd": 0}
    sheet = decision(issue, made, {"facts": {"dossier": to_lean(facts)}, "verdict": to_plain(verdict)})
    points = next(b for b in sheet.blocks if isinstance(b, Points) and b.lead.en == "Rules not met:")
    said = next(item for item in points.items if "Đáp ứng một trong các điều kiện" in item.vi)
    assert "PS-1" not in said.vi + said.en
    for way in ways:
        assert said.vi.count(way.because.vi) == said.en.count(way.because.en) == 1


def test_months_held_by_other_decisions_stand_on_the_paper_with_dossier_and_amounts() -> None:
    code = "H29.1.1-200506-0002"
    held = {"procedure": "TC", "code": code, "amount_vnd": 1_000_000, "grant": "g"}
    row = {
        "key": "1", "name": "Nguyễn Thị Ánh", "outcome": "approve", "reason": "", "months": ["2020-04", "2020-05"],
        "amount_vnd": 2_600_000, "by_month": {"2020-04": 1_800_000, "2020-05": 800_000},
        "held": [held | {"month": "2020-05", "added_vnd": 800_000}, held | {"month": "2020-06", "added_vnd": 0}],
    }  # fmt: skip
    made = {"outcome": "approve", "reason": "", "reason_code": "", "rows": [row], "total_vnd": 2_600_000}
    granted, by_month, others = [
        block for block in decision(an_issue(), made, NOTHING_FOUND).blocks if isinstance(block, Table)
    ]
    assert granted.rows[0][2:5] == ("04/2020, 05/2020", "–", "2.600.000")
    assert [cells[2] for cells in by_month.rows] == ["1.800.000", "800.000"]
    assert others.rows == (
        (
            "Nguyễn Thị Ánh",
            "05/2020",
            "TC H29.1.1-200506-0002",
            "1.000.000",
            "Thay bằng mức cao nhất, chi thêm 800.000",
        ),
        ("Nguyễn Thị Ánh", "06/2020", f"TC {code}", "1.000.000", "Không chi lại"),
    )


# ── whom the decision is for ─────────────────────────────────────────────────

NAMED = {"employer.name": Fact("Công ty TNHH May Sông Hương"), "employer.tax_code": Fact("0312345678")}
DOUBTED = dataclasses.replace(NAMED["employer.name"], doubt=Text("Đọc không rõ", "Unclear"))


def words_of_decision(service: str, facts: dict[str, Fact]) -> str:
    made = {"outcome": "refuse", "reason": "", "reason_code": "", "rows": [], "total_vnd": 0}
    kept = {"facts": {"dossier": to_lean(facts)}, "verdict": {"findings": [], "rows": []}}
    sheet = decision(an_issue(service), made, kept)
    return "\n".join(block.text.vi for block in sheet.blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize("service", ["SW", "LN", "PS"])
def test_a_decision_on_an_employers_dossier_names_the_employer(service: str) -> None:
    said, filer = words_of_decision(service, NAMED), an_issue(service).dossier.applicant.name
    assert f"của Công ty TNHH May Sông Hương (mã số thuế 0312345678), do {filer} nộp, tiếp nhận" in said
    assert "Công ty TNHH May Sông Hương (mã số thuế 0312345678) và các cơ quan liên quan thi hành" in said


@pytest.mark.parametrize(
    ("service", "facts"),
    [("SW", {}), ("TC", NAMED), ("SW", {**NAMED, "employer.name": DOUBTED}), ("SW", {"employer.name": Fact(None)})],
)
def test_without_an_employer_that_is_sure_the_decision_names_who_filed(service: str, facts: dict[str, Fact]) -> None:
    filer = an_issue(service).dossier.applicant.name
    said = words_of_decision(service, facts)
    assert f"của {filer}, tiếp nhận" in said
    assert "Sông Hương" not in said


def test_a_tax_code_in_doubt_is_left_away() -> None:
    code = Fact("0312345678", doubt=Text("Đọc không rõ", "Unclear"))
    assert "của Công ty TNHH May Sông Hương, do" in words_of_decision("SW", {**NAMED, "employer.tax_code": code})


# ── the control sheet ────────────────────────────────────────────────────────


def entry(number: int, at: str, action: str, **details: Any) -> AuditEntry:
    return AuditEntry(number, at, Actor("system", "x"), action, details, "", "")


@pytest.mark.parametrize(
    ("done_at", "timely"),
    [
        ("2020-05-14T02:00:00+00:00", "trước hạn"),
        ("2020-05-15T09:59:00+00:00", "đúng hạn"),
        ("2020-05-15T10:00:00+00:00", "quá hạn"),  # the office has closed: 17:00 in Vietnam
    ],
)
def test_a_stage_is_before_on_or_after_its_day(done_at: str, timely: str) -> None:
    told = {"stage": "district_appraisal", "office": "H29.1", "due_on": "2020-05-15"}
    entries = [
        entry(1, "2020-05-12T01:00:00+00:00", "dossier.submitted"),
        entry(2, "2020-05-12T01:01:00+00:00", "review.requested", **told),
        entry(3, done_at, "stage.decided", stage="district_appraisal", outcome="send_on"),
    ]
    table = next(b for b in one_stop.control_sheet(an_issue(), entries).blocks if isinstance(b, Table))
    assert table.rows[1][4] == f"Chuyển bước sau; {timely}"


def test_a_stage_under_way_and_one_without_a_limit_are_said_to_be() -> None:
    told = {"stage": "district_appraisal", "office": "H29.1", "due_on": ""}
    entries = [entry(1, "2020-05-12T01:01:00+00:00", "review.requested", **told)]
    table = next(b for b in one_stop.control_sheet(an_issue(), entries).blocks if isinstance(b, Table))
    assert table.rows == (
        ("Ủy ban nhân dân Quận 1: UBND cấp huyện thẩm định, trình", "08:01, 12/05/2020", "–", "", "Đang giải quyết"),
    )


def test_an_apology_names_the_new_day_in_working_days() -> None:
    issue = an_issue()
    late = datetime(2020, 4, 29, 3, 0, tzinfo=UTC)
    _, order = order_apology(issue.dossier, "district_appraisal", date(2020, 4, 28), late)
    assert order["data"]["new_due_on"] == "2020-05-06"  # 30/04, 01/05 and a weekend lie between


# ── the forms as data ────────────────────────────────────────────────────────


def test_every_form_has_both_languages_a_number_and_a_size() -> None:
    for kind in catalogue.KINDS:
        form = catalogue.form(kind)
        assert form.title.vi
        assert form.title.en
        assert "{code}" in form.number
        assert form.called_by
        assert form.replaces <= set(catalogue.KINDS)
        assert form.page == ("a4" if kind == "decision" else "a5")


def test_what_is_remembered_and_not_read_is_printed_as_to_be_confirmed() -> None:
    issue = an_issue()
    _, order = order_receipt(issue.dossier, issue.at)
    assert one_stop.receipt(issue, order["data"]).note == catalogue.shared("to_be_confirmed")
    confirmed = dataclasses.replace(catalogue.form("receipt"), confirmed=True)
    assert one_stop.sheet_of(confirmed, issue, ()).note == Text("")


def test_an_agency_that_is_no_committee_signs_and_numbers_as_one() -> None:
    form = catalogue.form("decision")
    assert form.numbered("H29-200512-0001", 1, of_committee=True) == "H29-200512-0001/QĐ-UBND"
    assert form.numbered("H29-200512-0001", 2, of_committee=False) == "H29-200512-0001.2/QĐ"
    sheet = one_stop.sheet_of(form, an_issue(office="H29-vss"), (), desk=False)
    assert sheet.signed_by.vi == "Thủ trưởng cơ quan"
    assert sheet.place == "Thành phố Hồ Chí Minh"
