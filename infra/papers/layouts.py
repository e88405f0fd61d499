"""The table of layouts: which template, which fonts, which habits of writing, and which of the two sets.

"dev" papers are what tuning looks at; "test" papers, with other wordings, labels, fonts and date forms, validate it and
have been looked at too. What counts is measured on `infra.papers.exam`. A layout is one row here and one template.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .pen import Hand

Kind = Literal[
    "labour_contract", "suspension_agreement", "unpaid_leave_agreement", "form_01", "form_02", "form_03", "form_04",
    "form_11", "form_12", "ps_request", "ps_list", "vss_d02", "termination_decision", "household_cert",
    "enterprise_cert", "tax_notice", "financial_statement", "id_card", "bhxh_book", "vss_notice",
    "unpaid_leave_request", "resignation_letter", "probation_contract", "contract_annex", "service_contract",
    "suspension_decision", "unknown",
]  # fmt: skip
"""The types of rulebook/documents, and "unknown": papers that are none of them."""
Set = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Layout:
    """`font` names one family only: a letter it lacks must be noticed, not borrowed. `size_pt` is the body's."""

    id: str
    kind: Kind
    set: Set
    font: str
    size_pt: float
    hand: Hand

    @property
    def template(self) -> str:
        return f"{self.id}.html"


TERMES, HEROS, PAGELLA, SCHOLA = "TeX Gyre Termes", "TeX Gyre Heros", "TeX Gyre Pagella", "TeX Gyre Schola"
BONUM, DEJAVU = "TeX Gyre Bonum", "DejaVu Sans"
_DOTS = Hand(date="dot", long_date="long0")
_SHORT_TYPES = ("Không thời hạn", "Có thời hạn", "Mùa vụ")
_ENDINGS = (
    "hết thời hạn ghi trong hợp đồng",
    "theo thỏa thuận của hai bên",
    "sắp xếp lại cơ cấu tổ chức, giảm lao động vì dịch Covid-19",
    "người sử dụng lao động đơn phương chấm dứt do thu hẹp sản xuất vì dịch bệnh",
    "người lao động đơn phương chấm dứt và đã báo trước theo luật",
)

LAYOUTS = {
    layout.id: layout
    for layout in (
        Layout("contract_one_side", "labour_contract", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("contract_party_a_b", "labour_contract", "dev", TERMES, 11.5, Hand(date="slash0", money="dot")),
        Layout("contract_table", "labour_contract", "dev", HEROS, 10.5, Hand(date="dash", money="comma", years=True)),
        Layout(
            "contract_employer_first", "labour_contract", "test", "Noto Serif", 11,
            Hand(date="dot", long_date="long0", south=True, years=True),
        ),
        Layout("contract_bilingual", "labour_contract", "test", PAGELLA, 11, Hand(date="slash", money="comma")),
        Layout("suspension_letterhead", "suspension_agreement", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("suspension_minutes", "suspension_agreement", "dev", HEROS, 11, Hand(date="dash")),
        Layout("suspension_party_lines", "suspension_agreement", "test", SCHOLA, 12, _DOTS),
        Layout("suspension_decree", "suspension_agreement", "test", "DejaVu Serif", 10, Hand(date="slash")),
        Layout("unpaid_form", "unpaid_leave_agreement", "dev", TERMES, 12.5, Hand(date="slash0")),
        Layout(
            "unpaid_two_sides", "unpaid_leave_agreement", "dev", "DejaVu Sans", 10,
            Hand(date="slash", long_date="long0"),
        ),
        Layout("unpaid_plain", "unpaid_leave_agreement", "test", "Noto Sans", 10.5, _DOTS),
        Layout("unpaid_articles", "unpaid_leave_agreement", "test", SCHOLA, 11.5, Hand(date="slash")),
        Layout("form01_ruled", "form_01", "dev", TERMES, 10, Hand(date="slash0", contract_types=_SHORT_TYPES)),
        Layout(
            "form01_split", "form_01", "dev", HEROS, 8,
            Hand(date="slash", contract_types=("KXĐTH", "XĐTH", "Mùa vụ")),
        ),
        Layout("form01_lines", "form_01", "dev", "DejaVu Sans", 8, Hand(date="dash", contract_types=_SHORT_TYPES)),
        Layout(
            "form01_open", "form_01", "test", PAGELLA, 9,
            Hand(date="dot", long_date="long0", contract_types=("Không xác định", "Xác định thời hạn", "Thời vụ")),
        ),
        Layout(
            "form01_columns", "form_01", "test", "Noto Serif", 7.8,
            Hand(date="dash", contract_types=("Không xác định thời hạn", "Xác định thời hạn", "Dưới 12 tháng")),
        ),
        Layout("contract_sentences", "labour_contract", "dev", BONUM, 10.5, Hand(date="slash", money="dot")),
        Layout("contract_two_tongues", "labour_contract", "dev", TERMES, 11, Hand(date="slash0", money="comma")),
        Layout("contract_leaders", "labour_contract", "dev", DEJAVU, 9.5, Hand(date="blanks", long_date="long0")),
        Layout("contract_sheet", "labour_contract", "dev", HEROS, 10, Hand(date="dot", money="comma")),
        Layout("suspension_lettered", "suspension_agreement", "dev", BONUM, 10.5, Hand(date="slash")),
        Layout("suspension_annex", "suspension_agreement", "dev", TERMES, 12.5, Hand(date="slash0", long_date="long0")),
        Layout("suspension_parties", "suspension_agreement", "dev", HEROS, 9.5, Hand(date="dot")),
        Layout("unpaid_telling", "unpaid_leave_agreement", "dev", BONUM, 11, Hand(date="slash0")),
        Layout("unpaid_cells", "unpaid_leave_agreement", "dev", HEROS, 10.5, Hand(date="dash")),
        Layout(
            "form01_merged", "form_01", "dev", TERMES, 9.5,
            Hand(
                date="slash0", contract_types=("KXĐ thời hạn", "XĐ thời hạn", "Thời vụ"), kinds=("Tạm hoãn", "Nghỉ KL")
            ),
        ),
        Layout("form01_bare", "form_01", "dev", HEROS, 9, Hand(date="slash0")),
        Layout("form01_unnumbered", "form_01", "dev", BONUM, 9, Hand(date="slash0", contract_types=_SHORT_TYPES)),
        Layout("form01_groups", "form_01", "dev", DEJAVU, 8, Hand(date="dot", contract_types=_SHORT_TYPES)),
        Layout("contract_decreeing", "labour_contract", "dev", TERMES, 11.5, Hand(date="slash", money="dot")),
        Layout("suspension_decided", "suspension_agreement", "dev", TERMES, 12.5, Hand(date="dash")),
        Layout("unpaid_asked", "unpaid_leave_agreement", "dev", TERMES, 12, Hand(date="slash")),
        Layout(
            "form01_tall", "form_01", "dev", TERMES, 9.5,
            Hand(date="slash", contract_types=("HĐKXĐTH", "HĐXĐTH", "HĐTV")),
        ),
        Layout("form01_upright", "form_01", "dev", HEROS, 9.5, Hand(date="slash0")),
        Layout("form12_ruled", "form_12", "dev", TERMES, 9.5, Hand(date="slash0", contract_types=_SHORT_TYPES)),
        Layout(
            "form12_workshops", "form_12", "dev", HEROS, 9,
            Hand(date="slash", money="comma", contract_types=("KXĐTH", "XĐTH", "Mùa vụ")),
        ),
        Layout("form12_open", "form_12", "dev", DEJAVU, 7.6, Hand(date="dash")),
        Layout("pslist_reasons", "ps_list", "dev", TERMES, 10, Hand(date="slash0", contract_types=_SHORT_TYPES)),
        Layout("pslist_parts", "ps_list", "dev", HEROS, 9.5, Hand(date="dot")),
        Layout("pslist_lines", "ps_list", "dev", BONUM, 8.6, Hand(date="slash0")),
        Layout("d02_whole", "vss_d02", "dev", TERMES, 9.5, Hand(date="slash0")),
        Layout("form02_state", "form_02", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("form02_cells", "form_02", "dev", HEROS, 10.5, Hand(date="slash", money="comma")),
        Layout("form03_state", "form_03", "dev", TERMES, 11.5, Hand(date="slash0")),
        Layout("form03_plain", "form_03", "dev", DEJAVU, 9.5, Hand(date="dot", endings=_ENDINGS)),
        Layout("form11_state", "form_11", "dev", TERMES, 11.5, Hand(date="slash0")),
        Layout("form11_cells", "form_11", "dev", HEROS, 10.5, Hand(date="slash", money="comma")),
        Layout("termination_decreed", "termination_decision", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("termination_agreed", "termination_decision", "dev", HEROS, 10.5, Hand(date="dash", endings=_ENDINGS)),
        Layout("psrequest_letter", "ps_request", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("psrequest_annex", "ps_request", "dev", BONUM, 10, Hand(date="slash", money="comma", month="slash")),
        Layout("householdcert_green", "household_cert", "dev", TERMES, 12.5, Hand(date="slash0")),
        Layout("householdcert_two", "household_cert", "dev", HEROS, 11, Hand(date="slash")),
        Layout("taxnotice_lump", "tax_notice", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("taxnotice_cells", "tax_notice", "dev", DEJAVU, 9.5, Hand(date="dash", money="comma")),
        Layout("form02_letter", "form_02", "dev", BONUM, 11, Hand(date="slash0")),
        Layout("form03_cells", "form_03", "dev", HEROS, 10.5, Hand(date="slash0")),
        Layout("form11_told", "form_11", "dev", BONUM, 10.5, Hand(date="slash0", money="dot")),
        Layout("termination_notice", "termination_decision", "dev", TERMES, 12.5, Hand(date="slash", endings=_ENDINGS)),
        Layout("psrequest_cells", "ps_request", "dev", HEROS, 10.5, Hand(date="slash0", month="slash")),
        Layout("taxnotice_told", "tax_notice", "dev", BONUM, 11, Hand(date="slash0")),
        Layout("statement_income", "financial_statement", "dev", TERMES, 11.5, Hand(date="slash0")),
        Layout("statement_balance", "financial_statement", "dev", HEROS, 10.5, Hand(date="slash", money="comma")),
        Layout("statement_quarters", "financial_statement", "dev", DEJAVU, 9.5, Hand(date="slash0")),
        Layout("idcard_cccd", "id_card", "dev", HEROS, 11, Hand(date="slash0")),
        Layout("idcard_cmnd", "id_card", "dev", TERMES, 12, Hand(date="dash")),
        Layout("bhxhbook_cover", "bhxh_book", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("vssnotice_c12", "vss_notice", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("enterprisecert_plain", "enterprise_cert", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("leave_asked", "unpaid_leave_request", "dev", TERMES, 12.5, Hand(date="slash0")),
        Layout("resignation_plain", "resignation_letter", "dev", HEROS, 11, Hand(date="slash0")),
        Layout("probation_parties", "probation_contract", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("annex_parties", "contract_annex", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("form04_state", "form_04", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("service_work", "service_contract", "dev", HEROS, 11, Hand(date="slash0")),
        Layout("suspensiondecision_all", "suspension_decision", "dev", TERMES, 12, Hand(date="slash0")),
        Layout("none_invoice", "unknown", "dev", TERMES, 11.5, Hand(date="slash0")),
        Layout("none_letter", "unknown", "dev", BONUM, 12, Hand(date="slash0")),
        Layout("none_rules", "unknown", "dev", HEROS, 11, Hand(date="slash0")),
        Layout("none_blank", "unknown", "dev", HEROS, 11, Hand(date="slash0")),
        Layout("d02_short", "vss_d02", "dev", HEROS, 9, Hand(date="slash0", money="comma")),
        Layout("suspension_two_lines", "suspension_agreement", "dev", TERMES, 13, Hand(date="slash")),
        Layout("suspension_own_words", "suspension_agreement", "dev", HEROS, 11, Hand(date="slash0")),
        Layout("suspension_boxed_days", "suspension_agreement", "dev", HEROS, 10.5, Hand(date="slash0")),
        Layout("suspension_in_months", "suspension_agreement", "dev", PAGELLA, 11, Hand(date="slash")),
        Layout("unpaid_two_columns", "unpaid_leave_agreement", "dev", TERMES, 13, Hand(date="slash0")),
        Layout("unpaid_my_name", "unpaid_leave_agreement", "dev", HEROS, 11, Hand(date="dash")),
        Layout("unpaid_side_b", "unpaid_leave_agreement", "dev", BONUM, 10.5, Hand(date="slash")),
        Layout("unpaid_office_note", "unpaid_leave_agreement", "dev", TERMES, 13, Hand(date="dot", long_date="long0")),
        Layout("contract_articles_nine", "labour_contract", "dev", TERMES, 12.5, Hand(date="slash0")),
        Layout("contract_open_columns", "labour_contract", "dev", HEROS, 10.5, Hand(date="slash0", money="comma")),
        Layout("contract_pay_table", "labour_contract", "dev", TERMES, 12, Hand(date="slash", years=True)),
        Layout("contract_between_us", "labour_contract", "dev", BONUM, 10.5, Hand(date="dash", south=True)),
        Layout("form01_with_ids", "form_01", "dev", TERMES, 9.5, Hand(date="slash0", contract_types=_SHORT_TYPES)),
        Layout(
            "form01_stacked_cells", "form_01", "dev", HEROS, 9,
            Hand(date="dash", contract_types=("Không xác định TH", "Xác định TH", "Mùa vụ")),
        ),
        Layout("form01_dotted_rows", "form_01", "dev", TERMES, 10, Hand(date="slash")),
    )
}  # fmt: skip


def layouts_of(kind: Kind | None = None, set_: Set | None = None) -> list[Layout]:
    """The layouts of one kind and set, in the table's order."""
    return [row for row in LAYOUTS.values() if kind in (None, row.kind) and set_ in (None, row.set)]
