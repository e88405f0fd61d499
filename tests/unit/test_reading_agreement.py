"""What rows tell of each other: a misread word, kind or year is mended and said; names and numbers never are."""

from __future__ import annotations

from casework.document import Field
from casework.reading.agreement import BACKWARDS, agree
from casework.reading.document_types import Table, document_types


def table(kind: str) -> Table:
    found = document_types()[kind].table
    assert found is not None
    return found


def scanned(value: str | None, raw: str = "") -> Field:
    return Field(value, raw or value or "", 0.9, 1, None, "ocr")


def test_a_word_misread_in_one_row_is_what_the_others_say() -> None:
    rows = [{"contract.job_title": scanned("Tổ trưởng chuyền")} for _ in range(4)]
    rows.append({"contract.job_title": scanned("Tế trưởng chuyền")})
    agree(rows, table("form_12"))
    mended = rows[4]["contract.job_title"]
    assert mended.value == "Tổ trưởng chuyền"
    assert any("Tế trưởng chuyền" in doubt for doubt in mended.doubts)
    assert mended.confidence < 0.9
    assert not rows[0]["contract.job_title"].doubts


def test_what_differs_in_a_figure_or_a_letter_of_its_own_is_another_thing() -> None:
    words = ["Chuyền may 1"] * 5 + ["Chuyền may 2"] + ["Tổ may A"] * 4 + ["Tổ may B"]
    rows = [{"employee.department": scanned(word)} for word in words]
    agree(rows, table("form_01"))
    assert [row["employee.department"].value for row in rows] == words


def test_a_text_layer_is_taken_at_its_word() -> None:
    words = ["Tổ trưởng chuyền"] * 4 + ["Tổ trường chuyền"]
    rows = [{"contract.job_title": Field(word, word, 0.9, 1, None, "text")} for word in words]
    agree(rows, table("form_12"))
    assert [row["contract.job_title"].value for row in rows] == words


def test_no_name_is_made_a_commoner_one() -> None:
    words = ["Lý Thị Như Trang"] * 4 + ["Lý Thị Như Trung"]
    rows = [{"employee.full_name": scanned(word)} for word in words]
    agree(rows, table("form_01"))
    assert [row["employee.full_name"].value for row in rows] == words


def test_a_kind_that_was_not_read_is_that_of_cells_spelled_alike() -> None:
    rows = [{"contract.type": scanned("fixed", "HĐXĐTH")} for _ in range(3)]
    rows += [{"contract.type": scanned("seasonal", "HĐTV")}, {"contract.type": scanned(None, "HĐXPTH")}]
    rows += [{"contract.type": scanned(None, "Ghi chú khác hẳn")}]
    agree(rows, table("form_01"))
    assert rows[4]["contract.type"].value == "fixed"
    assert rows[4]["contract.type"].doubts
    assert rows[5]["contract.type"].value is None


def test_a_year_far_from_that_of_the_others_is_theirs_misread() -> None:
    days = ["2020-04-01", "2020-04-02", "2020-05-01", "2020-05-03", "2020-05-04"]
    rows = [{"suspension.starts_on": scanned(day)} for day in days]
    rows += [{"suspension.starts_on": scanned("2030-05-29", "29/05/2030")}]
    rows += [{"suspension.starts_on": scanned(None, "7/5/3030")}]
    rows += [{"suspension.starts_on": scanned("2021-01-04", "04/01/2021")}]
    agree(rows, table("form_01"))
    assert [row["suspension.starts_on"].value for row in rows[5:]] == ["2020-05-29", "2020-05-07", "2021-01-04"]
    assert rows[5]["suspension.starts_on"].doubts
    assert not rows[7]["suspension.starts_on"].doubts


def test_a_period_that_ends_before_it_begins_is_doubted() -> None:
    row = {"stoppage.starts_on": scanned("2020-05-01"), "stoppage.ends_on": scanned("2020-04-01")}
    agree([row], table("form_12"))
    assert all(BACKWARDS in field.doubts and field.confidence <= 0.4 for field in row.values())
