"""The one-stop forms of Thông tư 01/2018/TT-VPCP, filled in: receipt, request to supplement, refusal to accept,
apology, control sheet.

Each is made of what was true when it was ordered, so that it says the same whenever it is printed.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from casework.document import Text
from casework.dossier import VIETNAM, AuditEntry, Dossier, vietnam_day
from casework.forms import catalogue
from casework.forms.catalogue import Form, FormKind
from casework.forms.sheet import NOTHING, Block, Column, Line, Paragraph, Points, Sheet, Table
from casework.offices import offices
from casework.rules import Procedure
from casework.vietnam.working_days import has_closed

COMMITTEE = "Ủy ban nhân dân "
APPLICANT = Text("Người nộp hồ sơ", "Applicant")
CODE = Text("Mã hồ sơ", "Dossier")
SERVICE = Text("Nội dung yêu cầu giải quyết", "Service")
NO_LIMIT = Text("theo quy định (pháp luật chưa nêu thời hạn)", "the law sets no time limit")


@dataclasses.dataclass(frozen=True, slots=True)
class Issue:
    """What every paper needs to know of its making: when it was ordered, the how-manieth of its kind it is, whose it
    is, and the address its QR code leads to."""

    dossier: Dossier
    procedure: Procedure
    at: datetime
    nth: int
    url: str
    office: str


def receipt(issue: Issue, data: Mapping[str, Any]) -> Sheet:
    """data: {papers: [document type or ""], received_at, due_on (None: no time limit), days (None as well)}."""
    form = catalogue.form("receipt")
    kinds = Counter(data["papers"])
    items = tuple(Text(f"{paper_name(kind).vi}: {n} bản", f"{paper_name(kind).en}: {n}") for kind, n in kinds.items())
    due = date.fromisoformat(data["due_on"]) if data["due_on"] else None
    days = Text(f"{data['days']} ngày làm việc", f"{data['days']} working days") if data["days"] else NO_LIMIT
    result = Text(f"trước khi hết giờ làm việc {day_in_words(due)}") if due else NO_LIMIT
    blocks: tuple[Block, ...] = (
        Line(Text("Tiếp nhận hồ sơ của", "Received from"), issue.dossier.applicant.name),
        *_reach(issue.dossier),
        Line(SERVICE, issue.procedure.title.vi),
        Points(Text("Thành phần hồ sơ nộp gồm:", "Papers received:"), items),
        Line(Text("Số lượng hồ sơ", "Number of dossiers"), "01 bộ"),
        Line(Text("Thời gian giải quyết theo quy định", "Time limit"), days.vi, days.en),
        Line(Text("Thời gian nhận hồ sơ", "Received at"), moment_in_words(datetime.fromisoformat(data["received_at"]))),
        Line(Text("Thời gian trả kết quả", "Result due"), result.vi, result.en),
        Line(Text("Đăng ký nhận kết quả", "Result given"), "Trực tuyến, trên hệ thống", "online"),
        Paragraph(form.says),
    )
    return sheet_of(form, issue, blocks, signs_applicant=True)


def supplement(issue: Issue, data: Mapping[str, Any]) -> Sheet:
    """data: {asks: [{vi, en}]}: what the applicant is asked for, each with its reason."""
    form = catalogue.form("supplement")
    asks = tuple(Text(ask["vi"], ask["en"]) for ask in data["asks"])
    blocks: tuple[Block, ...] = (
        Line(Text("Hồ sơ của", "Dossier of"), issue.dossier.applicant.name),
        Line(SERVICE, issue.procedure.title.vi),
        *_reach(issue.dossier),
        Points(Text("Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:", "Please complete the dossier with:"), asks),
        Paragraph(form.says),
    )
    return sheet_of(form, issue, blocks)


def not_accepted(issue: Issue, data: Mapping[str, Any]) -> Sheet:
    """data: {reason, reason_en}."""
    form = catalogue.form("not_accepted")
    blocks: tuple[Block, ...] = (
        Line(Text("Tiếp nhận hồ sơ của", "Received from"), issue.dossier.applicant.name),
        *_reach(issue.dossier),
        Line(SERVICE, issue.procedure.title.vi),
        Paragraph(
            Text(
                "Qua xem xét, chúng tôi thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:",
                "Having looked at it, we do not accept this dossier, for this reason:",
            )
        ),
        Paragraph(Text(data["reason"], data["reason_en"]), strong=True),
        Paragraph(form.says),
    )
    return sheet_of(form, issue, blocks)


def apology(issue: Issue, data: Mapping[str, Any]) -> Sheet:
    """data: {stage, received_on, due_on, new_due_on}: the stage that is late, and the days."""
    form = catalogue.form("apology")
    stage = issue.procedure.stage(data["stage"]).title
    received, due, new = (date.fromisoformat(data[name]) for name in ("received_on", "due_on", "new_due_on"))
    reason = Text(form.reason.vi.format(stage=stage.vi), form.reason.en.format(stage=stage.en))
    blocks: tuple[Block, ...] = (
        Line(Text("Kính gửi", "To"), issue.dossier.applicant.name),
        Paragraph(
            Text(
                f"{sentence_of(day_in_words(received))}, chúng tôi tiếp nhận hồ sơ đề nghị giải quyết thủ tục "
                f"“{issue.procedure.title.vi}” của ông/bà, mã số {issue.dossier.code}.",
                f"On {received:%d/%m/%Y} we received your dossier {issue.dossier.code}.",
            )
        ),
        Line(Text("Thời hạn của bước đang giải quyết", "This stage was due"), day_in_words(due)),
        Paragraph(
            Text(
                "Tuy nhiên đến nay chúng tôi chưa giải quyết xong hồ sơ của ông/bà đúng thời hạn.",
                "It has not been completed in time.",
            )
        ),
        Line(Text("Lý do", "Reason"), reason.vi, reason.en),
        Paragraph(form.says),
        Line(Text("Ngày hẹn lại", "New date"), day_in_words(new)),
    )
    return sheet_of(form, issue, blocks)


def control_sheet(issue: Issue, entries: Sequence[AuditEntry]) -> Sheet:
    """entries: the dossier's record up to the moment the sheet was ordered."""
    form = catalogue.form("control_sheet")
    columns = (
        Column(Text("Cơ quan, bước", "Office, stage"), width=2.2),
        Column(Text("Giao, nhận", "Handed over"), width=1.7),
        Column(Text("Hạn", "Due"), width=1.2),
        Column(Text("Hoàn thành", "Done"), width=1.7),
        Column(Text("Kết quả", "Result"), width=1.6),
    )
    table = Table(Text("Quá trình giao nhận", "Handing over"), columns, tuple(_handed_over(issue, entries)))
    blocks: tuple[Block, ...] = (
        Line(CODE, issue.dossier.code),
        Line(APPLICANT, issue.dossier.applicant.name),
        Line(SERVICE, issue.procedure.title.vi),
        Line(Text("Cơ quan giải quyết hồ sơ", "Office"), _title(issue.dossier.office).vi),
        table,
        Paragraph(form.says),
    )
    return sheet_of(form, issue, blocks)


def sheet_of(
    form: Form,
    issue: Issue,
    blocks: tuple[Block, ...],
    *,
    title: Text | None = None,
    subject: Text = NOTHING,
    signs_applicant: bool = False,
    desk: bool = True,
) -> Sheet:
    """The paper around its blocks. `desk`: it comes from the office's one-stop desk, not from the office itself."""
    lines = [_title(issue.office)]
    if desk:
        lines.append(catalogue.text_of("office", "desk"))
        if not any(isinstance(block, Line) and block.label == CODE for block in blocks):
            blocks = (Line(CODE, issue.dossier.code), *blocks)
    return Sheet(
        title=title or form.title,
        subject=subject,
        number=form.numbered(issue.dossier.code, issue.nth, of_committee=_is_committee(issue.office)),
        office=tuple(lines),
        place=_place(issue.office),
        issued_on=vietnam_day(issue.at),
        page=form.page,
        blocks=blocks,
        signed_by=form.signed_by if desk else catalogue.head_of(of_committee=_is_committee(issue.office)),
        co_signed_by=APPLICANT if signs_applicant else NOTHING,
        signature=catalogue.shared("signature"),
        url=issue.url,
        check=catalogue.shared("check"),
        form=form.name,
        note=Text("") if form.confirmed else catalogue.shared("to_be_confirmed"),
    )


def paper_name(document_type: str) -> Text:
    """The name of a type of paper, for people; what is not recognised is a paper all the same."""
    from casework.reading.document_types import document_types  # its files are wanted for receipts alone

    known = document_types().get(document_type)
    return Text(known.name_vi, known.name_en) if known else Text("Giấy tờ khác", "Other paper")


def day_in_words(day: date) -> str:
    """15/04/2020 → "ngày 15 tháng 4 năm 2020"; days below 10 and the months 1 and 2 with a zero, as the law writes."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_in_words(moment: datetime) -> str:
    local = moment.astimezone(VIETNAM)
    return f"{local.hour} giờ {local.minute:02d} phút, {day_in_words(local.date())}"


def sentence_of(text: str) -> str:
    """The text with a capital in front."""
    return text[:1].upper() + text[1:]


def _reach(dossier: Dossier) -> list[Line]:
    found = []
    if dossier.applicant.phone:
        found.append(Line(Text("Số điện thoại", "Phone"), dossier.applicant.phone))
    if dossier.applicant.email:
        found.append(Line(Text("Email"), dossier.applicant.email))
    return found


def _title(office: str) -> Text:
    """The name of an office; of one not in the table its code."""
    known = offices().get(office)
    return known.title if known else Text(office)


def _is_committee(office: str) -> bool:
    known = offices().get(office)
    return known is not None and known.level in ("commune", "district", "province")


def _place(office: str) -> str:
    """The place an office dates its papers from: what the committee of its area is the committee of."""
    known = offices().get(office)
    return _title(known.area if known else office).vi.removeprefix(COMMITTEE)


OUTCOMES: Mapping[str, str] = {
    "send_on": "Chuyển bước sau",
    "send_back": "Trả lại bước trước",
    "approve": "Duyệt",
    "approve_in_part": "Duyệt một phần",
    "refuse": "Không duyệt",
    "ask": "Yêu cầu bổ sung",
    "not_accept": "Không tiếp nhận",
}


def _handed_over(issue: Issue, entries: Sequence[AuditEntry]) -> list[tuple[str, ...]]:
    """A row for the receipt and one for each stage: who got it, when, due when, done when, with what result."""
    rows: list[tuple[str, ...]] = []
    titles = {stage.id: stage.title.vi for stage in issue.procedure.stages}
    open_at: dict[str, tuple[int, date | None]] = {}
    for entry in entries:
        at = datetime.fromisoformat(entry.at)
        stage = str(entry.details.get("stage", ""))
        if entry.action == "dossier.submitted":
            desk = catalogue.text_of("office", "desk").vi
            rows.append((desk, _stamp(at), "", _stamp(at), "Đã tiếp nhận"))
        elif entry.action == "review.requested":
            due = date.fromisoformat(entry.details["due_on"]) if entry.details["due_on"] else None
            open_at[stage] = len(rows), due
            who = f"{_title(entry.details['office']).vi}: {titles.get(stage, stage)}"
            rows.append((who, _stamp(at), f"{due:%d/%m/%Y}" if due else "–", "", "Đang giải quyết"))
        elif entry.action == "stage.decided" and stage in open_at:
            place, due = open_at[stage]
            result = f"{OUTCOMES[entry.details['outcome']]}; {_timely(due, at)}"
            rows[place] = (*rows[place][:3], _stamp(at), result)
        elif entry.action == "stage.undone" and stage in open_at:
            place, _ = open_at[stage]
            rows[place] = (*rows[place][:3], "", "Đang giải quyết")
    return rows


def _timely(due: date | None, at: datetime) -> str:
    if due is None:
        return "không quy định hạn"
    if has_closed(due, at):
        return "quá hạn"
    return "đúng hạn" if vietnam_day(at) == due else "trước hạn"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M, %d/%m/%Y}"


BUILDERS: Mapping[FormKind, Callable[[Issue, Mapping[str, Any]], Sheet]] = {
    "receipt": receipt,
    "supplement": supplement,
    "not_accepted": not_accepted,
    "apology": apology,
}
