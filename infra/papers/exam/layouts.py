"""The exam's table of layouts: template, font, habits of writing, how long its lists are, how many papers it gives.

Fonts are those of real Vietnamese papers (Tinos and Arimo have the shapes of Times New Roman and Arial) and, but for
Noto Sans, others than the development papers'. A layout is one row here and one file in templates/.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..wearing import LEVELS, Level
from .quill import Habits

TINOS, ARIMO, NOTO, NARROW = "Tinos", "Arimo", "Noto Sans", "TeX Gyre Heros Cn"
DISPLAY = "Noto Sans Display"
_WITH_TERM = ("Không xác định thời hạn", "Có xác định thời hạn", "Theo mùa vụ")
_PLAIN = ("Không thời hạn", "Có thời hạn", "Mùa vụ")
_SPOKEN = ("KXĐTH", "XĐTH", "Mùa vụ")


@dataclass(frozen=True, slots=True)
class ExamLayout:
    """`rows`: how many people a list names, in turn; `levels`: at which levels its papers are worn, one paper each."""

    id: str
    kind: str
    font: str
    size_pt: float
    habits: Habits = field(default_factory=Habits)
    rows: tuple[int, ...] = ()
    levels: tuple[Level, ...] = LEVELS


def _some(first: int) -> tuple[Level, ...]:
    """Three of the seven levels, in turn: born digital papers and two scans for a quarter of the cost."""
    return tuple(LEVELS[(first + step) % len(LEVELS)] for step in (0, 2, 4))


EXAM_LAYOUTS = (
    ExamLayout("contract_circular", "labour_contract", TINOS, 12.5, Habits(date="slash")),
    ExamLayout("contract_sides", "labour_contract", ARIMO, 10.5, Habits(date="slash0", money="comma")),
    ExamLayout("contract_card", "labour_contract", NOTO, 9.2, Habits(date="dash", years=True)),
    ExamLayout("contract_facing", "labour_contract", TINOS, 11, Habits(date="slash0", money="comma")),
    ExamLayout(
        "contract_small_firm", "labour_contract", TINOS, 12,
        Habits(date="dot", long_date="long0", contract_types=_WITH_TERM), levels=_some(3),
    ),
    ExamLayout("suspension_formal", "suspension_agreement", TINOS, 13, Habits(date="slash")),
    ExamLayout("suspension_record", "suspension_agreement", ARIMO, 11, Habits(date="slash0")),
    ExamLayout("suspension_box", "suspension_agreement", DISPLAY, 10.5, Habits(date="dash")),
    ExamLayout("unpaid_numbered", "unpaid_leave_agreement", TINOS, 13, Habits(date="slash0")),
    ExamLayout("unpaid_both", "unpaid_leave_agreement", ARIMO, 11, Habits(date="dot", long_date="long0")),
    ExamLayout("unpaid_columns", "unpaid_leave_agreement", NOTO, 10.5, Habits(date="slash")),
    ExamLayout(
        "list_full", "form_01", TINOS, 10.5, Habits(date="slash0", contract_types=_SPOKEN), (9, 6, 34, 8, 14, 7, 11)
    ),
    ExamLayout(
        "list_plain", "form_01", NARROW, 11, Habits(date="slash", contract_types=_PLAIN),
        (26, 18, 12, 20, 9, 16, 13),
    ),
    ExamLayout(
        "list_long", "form_01", ARIMO, 9, Habits(contract_types=_SPOKEN, kinds=("Tạm hoãn", "Không lương")),
        (60, 30, 22, 25, 19, 24, 30),
    ),
    ExamLayout("list_wrapped", "form_01", TINOS, 11, Habits(date="slash0"), (21, 32, 15, 10, 14, 12, 18)),
    ExamLayout("termination_order", "termination_decision", TINOS, 13, Habits(date="slash0"), levels=_some(0)),
    ExamLayout("termination_notice", "termination_decision", ARIMO, 11.5, Habits(date="dash"), levels=_some(1)),
    ExamLayout("household_ask", "form_02", TINOS, 12.5, Habits(date="slash0"), levels=_some(2)),
    ExamLayout("jobless_ask", "form_03", TINOS, 12, Habits(date="slash"), levels=_some(3)),
    ExamLayout("loan_ask", "form_11", TINOS, 13, Habits(), levels=_some(4)),
    ExamLayout(
        "stopped_list", "form_12", ARIMO, 10, Habits(contract_types=_SPOKEN), (14, 9, 23), levels=_some(0)
    ),
    ExamLayout("pause_ask", "ps_request", TINOS, 13, Habits(), levels=_some(5)),
    ExamLayout("pause_list", "ps_list", TINOS, 12, Habits(), (17, 31, 12), levels=_some(1)),
    ExamLayout("insured_list", "vss_d02", TINOS, 11, Habits(), (12, 19, 8), levels=_some(2)),
    ExamLayout("tax_paper", "tax_notice", TINOS, 13, Habits(), levels=_some(6)),
    ExamLayout("household_paper", "household_cert", TINOS, 13, Habits(), levels=_some(3)),
    ExamLayout("firm_paper", "enterprise_cert", TINOS, 12, Habits(), levels=_some(4)),
    ExamLayout("identity", "id_card", ARIMO, 9.5, Habits(), levels=("born_digital", "clean300", "phone")),
    ExamLayout("statement", "financial_statement", TINOS, 11, Habits(), levels=_some(0)),
    ExamLayout("none_invoice", "none", TINOS, 12, levels=("born_digital", "office200", "phone")),
    ExamLayout("none_letter", "none", NOTO, 11, levels=("clean300", "rotated")),
    ExamLayout("none_blank", "none", ARIMO, 12, levels=("fax150",)),
    ExamLayout("none_photo", "none", TINOS, 12, levels=("phone",)),
)  # fmt: skip
