"""Lists of people: ruled and unruled, over several pages; a missing number is reported, never passed over."""

from __future__ import annotations

import dataclasses
import itertools
import sys

import pytest
from casework.document import Box, Cell, Grid, Page, Word
from casework.reading import read_fields
from casework.reading.lines import words_to_lines

HEAD = [
    "STT",
    "Họ và tên",
    "Phòng, ban, phân xưởng",
    "Loại HĐLĐ",
    "Số sổ BHXH",
    "Từ ngày",
    "Đến ngày",
    "Số TK",
    "Ngân hàng",
]
EDGES = (0.05, 0.09, 0.25, 0.36, 0.45, 0.56, 0.66, 0.76, 0.87, 0.95)
TITLE = "DANH SÁCH NGƯỜI LAO ĐỘNG TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG, NGHỈ VIỆC KHÔNG HƯỞNG LƯƠNG"
NAMES = ("Lê Văn Tám", "Nguyễn Thị Bích Ngọc", "Trần Đức Anh", "Đỗ Thị Hoa", "Phạm Gia Bảo")


def row(number: int) -> list[str]:
    name = NAMES[number % len(NAMES)]
    return [
        str(number),
        name,
        "Tổ cắt",
        "KXĐTH",
        f"79{number:08d}",
        "01/4/2020",
        "31/5/2020",
        f"10{number:08d}",
        "Agribank",
    ]


def words_in(text: str, x0: float, y: float, confidence: float = 1.0) -> list[Word]:
    words, x = [], x0 + 0.003
    for part in text.split():
        words.append(Word(part, Box(x, y, x + 0.0055 * len(part), y + 0.009), confidence))
        x += 0.0055 * len(part) + 0.0022  # a space is a quarter of a letter's height wide
    return words


def sheet(rows: list[list[str]], *, number: int = 1, head: bool = True, ruled: bool = True, title: bool = True) -> Page:
    """A landscape page with a list; unruled pages carry words only."""
    words, cells, y = [], [], 0.05
    if title:
        for line in ("Mẫu số 01", TITLE, "Tên doanh nghiệp: Công ty TNHH Minh Long", "Mã số thuế: 0100684378"):
            words += words_in(line, 0.1, y)
            y += 0.02
    top = y = y + 0.02
    lines = ([HEAD] if head else []) + rows
    for index, texts in enumerate(lines):
        for column, text in enumerate(texts):
            inside = words_in(text, EDGES[column], y + 0.004)
            words += inside
            cells.append(Cell(index, column, Box(EDGES[column], y, EDGES[column + 1], y + 0.018), tuple(inside)))
        y += 0.018
    grid = Grid(Box(EDGES[0], top, EDGES[-1], y), len(lines), len(HEAD), tuple(cells))
    return Page(number, "text", 3508, 2480, words=tuple(words), grids=(grid,) if ruled else ())


@pytest.mark.parametrize("ruled", [True, False])
def test_every_cell_of_a_list_becomes_a_field(ruled: bool) -> None:
    reading = read_fields([sheet([row(number) for number in range(1, 9)], ruled=ruled)])
    assert reading.document_type == "form_01"
    assert reading.fields["employer.tax_code"].value == "0100684378"
    roster = reading.tables["roster"]
    assert [line["row.number"].value for line in roster] == list(range(1, 9))
    for number, line in enumerate(roster, start=1):
        said = row(number)
        assert line["employee.full_name"].value == said[1]
        assert line["employee.department"].value == "Tổ cắt"
        assert line["contract.type"].value == "indefinite"
        assert line["employee.bhxh_number"].value == said[4]
        assert line["suspension.starts_on"].value == "2020-04-01"
        assert line["suspension.ends_on"].value == "2020-05-31"
        assert line["employee.bank_account"].value == said[7]
        assert line["employee.bank_name"].value == "Agribank"
    assert reading.fields["roster.rows"].value == 8
    assert reading.fields["roster.rows"].doubts == ()


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("head", [True, False])
def test_a_list_goes_on_over_pages_with_or_without_its_heading(ruled: bool, head: bool) -> None:
    pages = [sheet([row(n) for n in range(1, 21)], ruled=ruled)]
    pages += [
        sheet([row(n) for n in range(first, first + 20)], number=page, head=head, ruled=ruled, title=False)
        for page, first in ((2, 21), (3, 41))
    ]
    reading = read_fields(pages)
    assert [line["row.number"].value for line in reading.tables["roster"]] == list(range(1, 61))
    assert reading.tables["roster"][40]["employee.full_name"].page == 3
    assert reading.fields["roster.rows"].doubts == ()


def test_a_missing_number_is_reported() -> None:
    reading = read_fields([sheet([row(n) for n in (1, 2, 3, 6, 7)])])
    count = reading.fields["roster.rows"]
    assert count.value == 5
    assert any("4, 5" in doubt for doubt in count.doubts)
    assert count.confidence < 0.5


def test_an_unreadable_number_is_told_from_its_neighbours() -> None:
    rows = [row(n) for n in range(1, 6)]
    rows[2][0] = ""
    reading = read_fields([sheet(rows)])
    third = reading.tables["roster"][2]
    assert third["row.number"].value == 3
    assert third["row.number"].doubts
    assert reading.fields["roster.rows"].doubts == ()


def test_unruled_rows_whose_lone_figure_was_lost_are_still_rows() -> None:
    rows = [row(n) for n in range(1, 9)]
    for lost in (1, 2, 4, 6):
        rows[lost][0] = ""
    reading = read_fields([sheet(rows, ruled=False)])
    assert [line["row.number"].value for line in reading.tables["roster"]] == list(range(1, 9))
    assert [line["employee.full_name"].value for line in reading.tables["roster"]] == [row(n)[1] for n in range(1, 9)]


def test_a_total_that_does_not_fit_is_reported() -> None:
    rows = [*(row(n) for n in range(1, 4)), ["", "Tổng cộng: 5 người", *[""] * 7]]
    count = read_fields([sheet(rows)]).fields["roster.rows"]
    assert count.value == 3
    assert any("5" in doubt and "3" in doubt for doubt in count.doubts)


def test_groups_and_column_numbers_are_no_people() -> None:
    rows = [[f"({n})" for n in range(1, 10)], row(1), ["", "Phân xưởng 2", *[""] * 7], row(2)]
    reading = read_fields([sheet(rows)])
    assert [line["employee.full_name"].value for line in reading.tables["roster"]] == [row(1)[1], row(2)[1]]


def test_a_cell_that_cannot_be_read_says_so_and_is_not_guessed() -> None:
    rows = [row(1), row(2)]
    rows[1][5] = "—/4/"
    rows[1][4] = "79000"
    line = read_fields([sheet(rows)]).tables["roster"][1]
    assert line["suspension.starts_on"].value is None
    assert line["suspension.starts_on"].confidence == 0.0
    assert line["employee.bhxh_number"].doubts or line["employee.bhxh_number"].value is None


def test_a_list_without_a_row_that_was_found_is_reported() -> None:
    reading = read_fields([sheet([], head=False, ruled=False)])
    assert reading.document_type == "form_01"
    assert reading.tables["roster"] == ()
    assert reading.fields["roster.rows"].value == 0
    assert reading.fields["roster.rows"].doubts


def test_an_unreadable_page_of_a_list_is_reported() -> None:
    from casework.document import Problem

    bad = Page(2, "ocr", 100, 100, problem=Problem("page-blurred", "mờ", "mờ"))
    count = read_fields([sheet([row(1), row(2)]), bad]).fields["roster.rows"]
    assert any("trang 2" in doubt for doubt in count.doubts)


@pytest.mark.slow
def test_ten_times_the_rows_are_ten_times_the_work() -> None:
    """Counted in calls, which no neighbour on the machine can change; `make bench` has the seconds."""

    def calls(pages: int) -> int:
        sheets = [
            sheet([row(n) for n in range(p * 40 + 1, p * 40 + 41)], number=p + 1, title=p == 0) for p in range(pages)
        ]
        made = itertools.count()
        before = sys.getprofile()
        sys.setprofile(lambda *event: next(made) and None)
        try:
            rows = read_fields(sheets).tables["roster"]
        finally:
            sys.setprofile(before)
        assert len(rows) == pages * 40
        return next(made)

    calls(4)  # what is kept for the next time is kept now
    assert calls(40) < 11 * calls(4)


def test_a_list_without_numbers_is_read_and_says_that_its_length_is_not_known() -> None:
    unnumbered = [["", *row(number)[1:]] for number in range(1, 7)]
    reading = read_fields([sheet(unnumbered, ruled=False)])
    assert [line["employee.bhxh_number"].value for line in reading.tables["roster"]] == [
        f"79{number:08d}" for number in range(1, 7)
    ]
    assert any("không có số thứ tự" in doubt for doubt in reading.fields["roster.rows"].doubts)


def test_rows_without_ruling_lines_between_them_are_told_by_their_numbers() -> None:
    source = sheet([row(number) for number in range(1, 6)])
    grid = source.grids[0]
    cells = []
    for cell in grid.cells:
        if cell.row == 0:
            cells.append(cell)
    for column in range(len(HEAD)):
        inside = [cell for cell in grid.cells if cell.row and cell.column == column]
        box = inside[0].box.union(inside[-1].box)
        cells.append(Cell(1, column, box, tuple(word for cell in inside for word in cell.words)))
    open_grid = Grid(grid.box, 2, len(HEAD), tuple(cells))
    reading = read_fields([dataclasses.replace(source, grids=(open_grid,))])
    roster = reading.tables["roster"]
    assert [line["row.number"].value for line in roster] == [1, 2, 3, 4, 5]
    assert [line["employee.bhxh_number"].value for line in roster] == [row(number)[4] for number in range(1, 6)]


def test_two_people_in_one_row_are_reported() -> None:
    rows = [row(number) for number in range(1, 5)]
    rows[3] = [f"{first} {second}" for first, second in zip(rows[3], row(5), strict=True)]
    rows[3][0] = "4"
    count = read_fields([sheet(rows)]).fields["roster.rows"]
    assert any("hai người" in doubt for doubt in count.doubts)


def test_two_misread_numbers_in_a_row_are_told_from_those_that_follow() -> None:
    rows = [row(number) for number in range(1, 9)]
    rows[3][0], rows[4][0] = "1", "2"
    reading = read_fields([sheet(rows)])
    numbers = [line["row.number"] for line in reading.tables["roster"]]
    assert [number.value for number in numbers] == list(range(1, 9))
    assert numbers[3].doubts
    assert numbers[4].doubts
    assert not reading.fields["roster.rows"].doubts


def test_a_heading_named_like_a_paper_does_not_part_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "HEAD", [*HEAD[:3], "HỢP ĐỒNG LAO ĐỘNG", *HEAD[4:]])
    pages = [sheet([row(n) for n in range(1, 11)])]
    pages.append(sheet([row(n) for n in range(11, 16)], number=2, title=False))
    reading = read_fields(pages)
    assert reading.document_type == "form_01"
    assert [line["row.number"].value for line in reading.tables["roster"]] == list(range(1, 16))


def test_a_page_of_the_list_that_gave_no_row_is_reported() -> None:
    pages = [sheet([row(n) for n in range(1, 6)], ruled=False)]
    lines = []
    for place in range(4):
        y = 0.1 + 0.03 * place
        lines += [*words_in("01/04/2020 31/05/2020", 0.2, y), Word("gạch" * 20, Box(0.03, y, 0.95, y + 0.009))]
    pages.append(Page(2, "ocr", 3508, 2480, words=tuple(lines)))
    count = read_fields(pages).fields["roster.rows"]
    assert count.value == 5
    assert any("trang 2" in doubt for doubt in count.doubts)


def test_groups_that_begin_again_at_one_are_each_whole() -> None:
    groups = [["I", "Tăng", *[""] * 7], row(1), row(2), ["II", "Giảm", *[""] * 7], row(1), row(3)]
    groups[4][4], groups[5][4] = "7900000091", "7900000092"
    reading = read_fields([sheet(groups)])
    assert [line["row.number"].value for line in reading.tables["roster"]] == [1, 2, 1, 3]
    assert reading.fields["roster.rows"].value == 4
    assert reading.fields["roster.rows"].doubts == ("thiếu dòng số 2",)


def test_one_number_on_two_rows_is_reported() -> None:
    rows = [row(1), row(2), row(3)]
    rows[2][4] = rows[0][4]
    count = read_fields([sheet(rows)]).fields["roster.rows"]
    assert any("dòng 1 và 3" in doubt for doubt in count.doubts)


def test_fewer_people_than_the_list_says_or_more_are_reported() -> None:
    for said in (5, 2):
        rows = [*(row(n) for n in range(1, 4)), ["", f"Cộng: {said} người", *[""] * 7]]
        count = read_fields([sheet(rows)]).fields["roster.rows"]
        assert any(f"ghi {said}, đọc được 3 dòng" in doubt for doubt in count.doubts)


@pytest.mark.parametrize("speck", ["ˆ", "˜", "´"])
def test_a_speck_above_a_row_does_not_tear_it_in_two(speck: str) -> None:
    left = [Word("Nguyễn", Box(0.08, 0.3881, 0.098, 0.3998), 0.96), Word("Anh", Box(0.12, 0.3881, 0.135, 0.3998), 0.96)]
    right = [
        Word("Tổ", Box(0.24, 0.3861, 0.255, 0.3998), 0.96),
        Word("1/4/2020", Box(0.64, 0.3873, 0.68, 0.3998), 0.96),
    ]
    words = (*left, Word(speck, Box(0.138, 0.3861, 0.142, 0.3881), 0.75), *right)
    page = Page(1, "ocr", 3508, 2481, words=words)
    assert [line.text for line in words_to_lines(page.words, page)] == ["Nguyễn Anh Tổ 1/4/2020"]


def test_a_space_within_names_under_a_centred_heading_is_no_column() -> None:
    rows = [[*row(number)[:1], name, *row(number)[2:]] for number, name in ((1, "Phạm Thị Vân"), (2, "Phạm Văn Dũng"))]
    page = sheet(rows, ruled=False)
    moved = dict.fromkeys(("Họ", "và", "tên"), 0.04) | dict.fromkeys(("Thị", "Vân", "Văn", "Dũng"), 0.001)
    words = [
        dataclasses.replace(word, box=dataclasses.replace(word.box, x0=word.box.x0 + by, x1=word.box.x1 + by))
        for word in page.words
        for by in (moved.get(word.text, 0.0),)
    ]
    reading = read_fields([dataclasses.replace(page, words=tuple(words))])
    assert [line["employee.full_name"].value for line in reading.tables["roster"]] == ["Phạm Thị Vân", "Phạm Văn Dũng"]


def test_a_space_within_a_cell_under_a_long_heading_is_no_column() -> None:
    rows = [[*row(number)[:2], f"Đội xe {number}", *row(number)[3:]] for number in (1, 2)]
    page = sheet(rows, ruled=False)
    below = min(word.box.y1 for word in page.words if word.text == "STT")  # the headings go on in a second line
    words = [*words_in("làm", EDGES[2], below), *words_in("động", EDGES[3], below)]
    for word in page.words:
        x = 0.001 if word.text in ("1", "2") and word.box.x0 > EDGES[2] else 0.0
        y = 0.02 if word.box.y0 > below else 0.0
        box = Box(word.box.x0 + x, word.box.y0 + y, word.box.x1 + x, word.box.y1 + y)
        words.append(dataclasses.replace(word, box=box))
    reading = read_fields([dataclasses.replace(page, words=tuple(words))])
    assert [line["employee.department"].value for line in reading.tables["roster"]] == ["Đội xe 1", "Đội xe 2"]


def test_a_sliver_between_ruling_lines_widens_no_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    heads = {2: "Phòng, ban, phân xưởng làm việc", 6: "Thời gian tạm hoãn, nghỉ không lương"}
    changed = [heads.get(column, text) for column, text in enumerate(HEAD)]
    monkeypatch.setattr(sys.modules[__name__], "HEAD", changed)
    page = sheet([[*row(1)[:6], "Từ ngày 01/4/2020 đến ngày 31/5/2020", *row(1)[7:]]])
    grid = page.grids[0]
    sliver = Cell(0, 2, Box(EDGES[2], grid.box.y0 - 0.004, EDGES[-1], grid.box.y0 + 0.009), ())
    grids = (dataclasses.replace(grid, cells=(sliver, *grid.cells)),)
    (line,) = read_fields([dataclasses.replace(page, grids=grids)]).tables["roster"]
    assert line["suspension.ends_on"].value == "2020-05-31"


def test_the_sums_of_a_total_askew_are_no_part_of_the_last_row() -> None:
    head = ["STT", "Họ và tên", "Số sổ BHXH", "Từ ngày", "Đến ngày", "Lương ngừng việc phải trả", "Tiền vay"]
    rows = [
        ["1", "Lưu Thị Hạnh", "9608889227", "06/5/2020", "05/8/2020", "10.935.000", "4.605.000"],
        ["2", "Ksor Blưu", "6411381578", "10/5/2020", "09/6/2020", "4.545.000", "1.535.000"],
        ["", "Cộng", "", "", "", "15.480.000", "6.140.000"],
    ]
    edges, words = (0.05, 0.09, 0.25, 0.36, 0.46, 0.56, 0.8), []
    for y, line in enumerate((["Mẫu số 12"], ["DANH SÁCH NGƯỜI LAO ĐỘNG NGỪNG VIỆC"], head, *rows)):
        for x, text in zip(edges, line, strict=False):
            raised = 0.011 if line is rows[-1] and text != "Cộng" else 0.0  # the line lies askew
            words += words_in(text, x, 0.05 + 0.02 * y - raised, 0.9)
    reading = read_fields([Page(1, "ocr", 3508, 2480, words=tuple(words))])
    assert [line["loan.amount_vnd"].value for line in reading.tables["roster"]] == [4_605_000, 1_535_000]


def test_a_row_without_its_number_is_told_though_the_next_ones_name_stands_on_a_line_of_its_own() -> None:
    page = sheet([["", *row(1)[1:]], row(2)], ruled=False)
    words = []
    for word in page.words:
        torn = word.text in ("Trần", "Đức", "Anh") and word.box.x0 < EDGES[2]
        box = dataclasses.replace(word.box, y0=word.box.y0 + 0.007, y1=word.box.y1 + 0.007) if torn else word.box
        words.append(dataclasses.replace(word, box=box))
    reading = read_fields([dataclasses.replace(page, words=tuple(words))])
    assert [line["employee.full_name"].value for line in reading.tables["roster"]] == [NAMES[1], NAMES[2]]


def test_a_period_over_two_columns_of_days_is_its_first_and_its_last() -> None:
    heads = [*HEAD[:5], "Thời gian tạm hoãn, nghỉ không lương", "", *HEAD[7:]]
    listed = sheet([heads, row(1), row(2)], head=False)
    for line in read_fields([listed]).tables["roster"]:
        assert line["suspension.starts_on"].value == "2020-04-01"
        assert line["suspension.ends_on"].value == "2020-05-31"
