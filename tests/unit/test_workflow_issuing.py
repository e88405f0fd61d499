"""Papers: ordered with the change that calls for them, made once, numbered, replaced, confirmed without a name."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from casework.dossier import State
from casework.errors import NotFound, Refused, StaleVersion
from casework.forms.sheet import Sheet, Table
from casework.issued import IssuedPaper
from casework.plain import to_plain
from casework.review import DecisionRequest, PageAsked, RowDecision
from casework.workflow import issuing, reviewing, undoing
from casework.workflow.commit import PAPER_ISSUED

from tests.builders import ANH, BINH, DISTRICT, PROVINCE, House, the_list
from tests.fakes import BLURRED, PlainPrinter

PUBLIC = "https://motcua.example"


def numbered_tokens() -> Iterator[str]:
    return (f"{number:022d}" for number in itertools.count(1))


class Desk:
    """The house with its printer: issues what was ordered."""

    def __init__(self) -> None:
        self.house, self.printer = House(), PlainPrinter()
        self.tokens = numbered_tokens()

    def issue(self, effect_id: str, dossier_id: str, new_token: Callable[[], str] | None = None) -> IssuedPaper:
        house = self.house
        return issuing.issue_paper(
            dossier_id, effect_id, store=house.store, outbox=house.store, files=house.files, printer=self.printer,
            new_token=new_token or (lambda: next(self.tokens)), public_url=PUBLIC, clock=house.clock,
        )  # fmt: skip

    def orders(self) -> list[tuple[str, str]]:
        """(dossier, effect) of every paper ordered so far, in order."""
        self.house.settle()
        return [(dossier, effect) for work, dossier, effect in self.house.bench.asked if work == "issue_paper"]

    def issue_all(self) -> list[IssuedPaper]:
        return [self.issue(effect, dossier) for dossier, effect in self.orders()]

    def approved(self, *people: Any) -> str:
        dossier = self.house.submitted(*(people or (ANH,)))
        self.decide(dossier.id, "district_appraisal", DISTRICT, DecisionRequest("send_on"))
        self.decide(dossier.id, "province_decision", PROVINCE, DecisionRequest("approve", reason="Đủ điều kiện."))
        return dossier.id

    def decide(self, dossier_id: str, stage: str, officer: Any, request: DecisionRequest) -> None:
        house = self.house
        task_id = f"{dossier_id}.{house.store.load(dossier_id).round}.{stage}"
        reviewing.claim(task_id, officer, store=house.store, files=house.files, clock=house.clock)
        version = house.store.load(dossier_id).version
        reviewing.decide_stage(
            task_id, request, officer, version, store=house.store, files=house.files, clock=house.clock
        )
        house.settle()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def said(sheet: Sheet) -> str:
    return json.dumps(to_plain(sheet), ensure_ascii=False)


# ── what calls for a paper ───────────────────────────────────────────────────


def test_a_dossier_handed_in_gets_a_receipt_with_the_day_of_its_result(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH, BINH)
    desk.issue_all()
    receipt = desk.printer.sheets[0]
    assert receipt.title.vi == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    assert receipt.number == f"{dossier.code}/TNHS"
    text = said(receipt)
    assert "Thỏa thuận tạm hoãn thực hiện hợp đồng lao động: 2 bản" in text
    assert "5 ngày làm việc" in text  # three at the district, two at the province
    assert "ngày 25 tháng 5 năm 2020" in text  # received on Monday 18/05/2020


def test_an_approved_dossier_has_receipt_control_sheets_and_decision(desk: Desk) -> None:
    desk.approved()
    made = desk.issue_all()
    assert [paper.kind for paper in made] == ["receipt", "control_sheet", "decision", "control_sheet"]
    assert made[2].number.endswith("/QĐ-UBND")
    assert [paper.number.split("/")[0][-5:] for paper in made if paper.kind == "control_sheet"] == ["-0001", "001.2"]


def test_a_decision_says_who_gets_what_in_figures_and_words_and_how_to_appeal(desk: Desk) -> None:
    desk.approved(ANH, BINH)
    desk.issue_all()
    decision = next(sheet for sheet in desk.printer.sheets if sheet.title.vi == "Quyết định")
    tables = [block for block in decision.blocks if isinstance(block, Table)]
    assert tables[0].rows[0] == (
        "1", ANH.name, "04/2020", "1.800.000", "1.800.000", "Một triệu tám trăm nghìn đồng",
    )  # fmt: skip
    assert tables[1].rows == (("04/2020", "2", "3.600.000", "Ba triệu sáu trăm nghìn đồng"),)
    text = said(decision)
    assert "Tổng số tiền: 3.600.000 đồng (bằng chữ: Ba triệu sáu trăm nghìn đồng)" in text
    assert "khiếu nại" in text
    assert "19/10/2020" not in text  # law that did not exist yet is not cited


def test_a_decision_in_part_gives_each_refused_person_the_reason_and_the_article(desk: Desk) -> None:
    late = type(BINH)(BINH.name, BINH.bhxh, BINH.born, "2020-06-02", "2020-07-05")
    dossier = desk.house.submitted(ANH, late)
    desk.decide(dossier.id, "district_appraisal", DISTRICT, DecisionRequest("send_on"))
    request = DecisionRequest("approve_in_part", reason="Một người tạm hoãn sau ngày 01/06/2020.")
    desk.decide(dossier.id, "province_decision", PROVINCE, request)
    desk.issue_all()
    decision = next(sheet for sheet in desk.printer.sheets if sheet.title.vi == "Quyết định")
    refused = next(b for b in decision.blocks if isinstance(b, Table) and b.caption.en == "Refused")
    [(_, name, why)] = refused.rows
    assert name == BINH.name
    assert "Điều 1" in why
    assert "Giải quyết một phần hồ sơ" in said(decision)


def test_a_refusal_says_so_and_why(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    desk.decide(dossier.id, "district_appraisal", DISTRICT, DecisionRequest("send_on"))
    why = "Không có tên trong danh sách của BHXH."
    rows = tuple(RowDecision(key, "refuse", why) for key in _keys(desk, dossier.id))
    request = DecisionRequest("refuse", reason="Không đủ điều kiện.", rows=rows)
    desk.decide(dossier.id, "province_decision", PROVINCE, request)
    desk.issue_all()
    text = said(next(sheet for sheet in desk.printer.sheets if sheet.title.vi == "Quyết định"))
    assert "Không giải quyết hồ sơ" in text
    assert why in text
    assert "Tổng số tiền" not in text


def _keys(desk: Desk, dossier_id: str) -> list[str]:
    dossier = desk.house.store.load(dossier_id)
    return [row["key"] for row in desk.house.files.evidence(dossier.verdict_key)["verdict"]["rows"]]


def test_whoever_is_asked_for_a_page_gets_the_request_as_a_paper(desk: Desk) -> None:
    blurred = {"mau-01.pdf": the_list(ANH), "thoa-thuan.pdf": BLURRED.encode()}
    dossier = desk.house.draft(papers_=blurred)
    desk.house.submit(dossier.id)
    made = desk.issue_all()
    assert [paper.kind for paper in made] == ["receipt", "supplement"]
    assert "Gửi lại trang 1 của thoa-thuan.pdf" in said(desk.printer.sheets[1])


def test_an_officers_request_comes_from_the_officers_office(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    document = dossier.live_documents[1]
    ask = DecisionRequest("ask", reason="Chữ ký bị che.", asks=(PageAsked(document.id, 1, "Chữ ký bị che."),))
    desk.decide(dossier.id, "district_appraisal", DISTRICT, ask)
    assert desk.issue_all()[-1].kind == "supplement"
    assert desk.printer.sheets[-1].office[0].vi == "Ủy ban nhân dân Quận 1"
    assert "Chữ ký bị che." in said(desk.printer.sheets[-1])


def test_a_stage_that_runs_late_brings_one_apology_with_a_new_date(desk: Desk) -> None:
    house = desk.house
    dossier = house.submitted(ANH)
    house.clock.advance(days=7)
    for token in ("token-2", "token-3"):
        reviewing.request_review(dossier.id, 1, "district_appraisal", token, store=house.store, clock=house.clock)
    kinds = [paper.kind for paper in desk.issue_all()]
    assert kinds == ["receipt", "apology"]
    text = said(desk.printer.sheets[-1])
    assert "ngày 21 tháng 5 năm 2020" in text  # it was due
    assert "ngày 28 tháng 5 năm 2020" in text  # three working days after the 25th


def test_a_dossier_the_desk_does_not_take_ends_with_its_reason_on_paper(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    why = "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan này"
    desk.decide(dossier.id, "district_appraisal", DISTRICT, DecisionRequest("not_accept", reason=why))
    ended = desk.house.store.load(dossier.id)
    assert (ended.state, ended.total_vnd) == (State.REFUSED, None)
    made = desk.issue_all()
    assert [paper.kind for paper in made] == ["receipt", "not_accepted"]
    assert made[1].number == f"{dossier.code}/TCHS"
    assert why in said(desk.printer.sheets[-1])
    receipt = issuing.find_issued(dossier.id, made[0].id, store=desk.house.store)
    assert (receipt.validity, receipt.replaced_by) == ("replaced", made[1].number)
    notices = desk.house.store.records(dossier.id, "NOTICE#")
    assert why in notices[-1].data["body"]


def test_only_the_first_office_may_refuse_to_take_a_dossier_and_only_with_a_reason(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    with pytest.raises(Refused, match="reason-missing"):
        desk.decide(dossier.id, "district_appraisal", DISTRICT, DecisionRequest("not_accept"))
    desk.decide(dossier.id, "district_appraisal", DISTRICT, DecisionRequest("send_on"))
    with pytest.raises(Refused, match="decision-not-allowed"):
        desk.decide(dossier.id, "province_decision", PROVINCE, DecisionRequest("not_accept", reason="Lý do."))


# ── once, however often ──────────────────────────────────────────────────────


def test_an_order_that_comes_again_finds_the_paper_it_made(desk: Desk) -> None:
    desk.approved()
    first = desk.issue_all()
    printed = len(desk.printer.sheets)
    again = desk.issue_all()
    assert [(paper.id, paper.sha256, paper.token) for paper in again] == [(p.id, p.sha256, p.token) for p in first]
    assert len(desk.printer.sheets) == printed


def test_two_printers_at_once_make_one_paper(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    [(_, order)] = desk.orders()
    other: list[IssuedPaper] = []

    def interrupted() -> None:
        other.append(desk.issue(order, dossier.id))

    desk.house.store.interrupt = interrupted
    mine = desk.issue(order, dossier.id)
    assert [mine] == other
    assert len(issuing.issued_papers(dossier.id, store=desk.house.store)) == 1


def test_a_printer_that_dies_before_the_record_leaves_nothing_to_be_found(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    [(_, order)] = desk.orders()

    def dies() -> None:
        raise KeyboardInterrupt

    desk.house.store.interrupt = dies
    with pytest.raises(KeyboardInterrupt):
        desk.issue(order, dossier.id)
    assert issuing.issued_papers(dossier.id, store=desk.house.store) == []
    paper = desk.issue(order, dossier.id)
    assert [p for _, p in issuing.issued_papers(dossier.id, store=desk.house.store)] == [paper]


def test_what_is_no_order_is_refused(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    with pytest.raises(NotFound):
        desk.issue(f"{dossier.id}-1-0", dossier.id)


def test_the_same_order_prints_the_same_words_however_late(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    [(_, order)] = desk.orders()
    desk.decide(dossier.id, "district_appraisal", DISTRICT, DecisionRequest("send_on"))
    desk.house.clock.advance(days=30)
    paper = desk.issue(order, dossier.id)
    assert (paper.kind, paper.issued_on) == ("receipt", "2020-05-18")


# ── what stands and what was replaced ────────────────────────────────────────


def test_a_later_sheet_takes_the_place_of_the_one_before(desk: Desk) -> None:
    dossier_id = desk.approved()
    desk.issue_all()
    sheets = [p for _, p in issuing.issued_papers(dossier_id, store=desk.house.store) if p.kind == "control_sheet"]
    assert [(p.validity, p.replaced_by) for p in sheets] == [("replaced", sheets[1].number), ("valid", "")]


def test_papers_that_come_in_the_wrong_order_end_the_same(desk: Desk) -> None:
    dossier_id = desk.approved()
    for dossier, order in reversed(desk.orders()):
        desk.issue(order, dossier)
    sheets = [p for _, p in issuing.issued_papers(dossier_id, store=desk.house.store) if p.kind == "control_sheet"]
    assert [(p.number.split("/")[0][-2:], p.validity) for p in sheets] == [("01", "replaced"), (".2", "valid")]


# ── confirmed to anybody, about nobody ───────────────────────────────────────


def test_a_token_leads_to_its_paper_and_another_to_none(desk: Desk) -> None:
    desk.house.submitted(ANH)
    [paper] = desk.issue_all()
    assert issuing.confirm_paper(paper.token, store=desk.house.store) == paper
    for token in ("9" * 22, "", "x", "../../etc/passwd", paper.token + "0", "ợ" * 22):
        with pytest.raises(NotFound):
            issuing.confirm_paper(token, store=desk.house.store)


def test_what_is_kept_of_a_paper_names_nobody(desk: Desk) -> None:
    desk.approved(ANH, BINH)
    for paper in desk.issue_all():
        kept = json.dumps(to_plain(paper), ensure_ascii=False)
        for personal in (ANH.name, BINH.name, ANH.bhxh, "Nguyễn Văn Kế", "0901234567", "ke.toan", "1800000"):
            assert personal not in kept


def test_the_audit_says_that_a_paper_was_issued_and_names_nobody(desk: Desk) -> None:
    dossier_id = desk.approved()
    desk.issue_all()
    entries = [e for e in desk.house.store.audit(dossier_id) if e.action == PAPER_ISSUED]
    assert len(entries) == 4
    assert all({"kind", "paper", "number", "sha256", "state"} == set(e.details) for e in entries)


# ── a paper is no change that a person must look at again ────────────────────


def test_an_officer_may_decide_on_what_he_saw_though_a_paper_was_added_since(desk: Desk) -> None:
    house = desk.house
    dossier = house.submitted(ANH)
    task_id = f"{dossier.id}.1.district_appraisal"
    reviewing.claim(task_id, DISTRICT, store=house.store, files=house.files, clock=house.clock)
    seen = house.store.load(dossier.id).version
    desk.issue_all()
    assert house.store.load(dossier.id).version > seen
    done = reviewing.decide_stage(
        task_id, DecisionRequest("send_on"), DISTRICT, seen, store=house.store, files=house.files, clock=house.clock
    )
    assert done.outcome == "send_on"


def test_the_store_still_tells_a_stale_version(desk: Desk) -> None:
    dossier = desk.house.submitted(ANH)
    [(_, order)] = desk.orders()
    desk.house.store.interrupt = lambda: (_ for _ in ()).throw(StaleVersion("somebody was first"))
    assert desk.issue(order, dossier.id).kind == "receipt"


def test_the_control_sheet_shows_what_stands_when_a_stage_was_sent_back_and_a_decision_taken_back(desk: Desk) -> None:
    house = desk.house
    dossier = house.at_province()
    undoable = house.decide(dossier.id, "approve", actor=PROVINCE, undoable=True)
    undoing.undo(house.task_id(dossier.id), PROVINCE, undoable.version, store=house.store, clock=house.clock)
    house.decide(dossier.id, "send_back", actor=PROVINCE, reason="thẩm tra chưa đủ")
    house.settle()
    desk.issue_all()
    said = str(desk.printer.sheets[-1])
    assert "Trả lại bước trước" in said
    assert "Duyệt;" not in said
