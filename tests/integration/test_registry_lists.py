"""Lists of agencies in the real table: imported whole or not at all, once, asked by key and day."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import boto3
import openpyxl
import pytest
from adapters.registries import kinds_of
from adapters.registries.list_files import UnreadableList, rows_of
from adapters.registries.lists import ListRegistry, ListTable
from casework.errors import RegistryUnavailable
from casework.registry import Employer, Question, QuestionRow
from typer.testing import CliRunner

from infra.local.cli import app
from infra.local.commands import lists as command
from tests.template_file import properties, template

HEADING = [
    "STT", "Mã số BHXH", "Họ và tên", "Ngày sinh", "Từ tháng", "Đến tháng", "Tháng báo giảm", "Chấm dứt hợp đồng",
]  # fmt: skip
APRIL, MAY = dt.date(2020, 4, 30), dt.date(2020, 5, 31)
NOW = dt.datetime(2020, 6, 1, 2, tzinfo=dt.UTC)


def row(number: int, **differs: Any) -> list[Any]:
    cells = [number, f"79{number:08d}", f"Nguyễn Văn {'ABCDE'[number % 5]}n", "03/02/1990", "01/2018", "", "", "Không"]
    for place, cell in differs.items():
        cells[int(place[1:])] = cell
    return cells


def as_csv(
    path: Path, rows: list[list[Any]], *, above: int = 2, separator: str = ";", encoding: str = "utf-8-sig"
) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerows([["BẢO HIỂM XÃ HỘI"]] * above + [HEADING, *rows])
    return path


def as_xlsx(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for cells in [["Danh sách"], HEADING, *rows]:
        book.active.append(cells)
    book.save(path)
    return path


@pytest.fixture
def table(aws: None) -> ListTable:
    client = boto3.client("dynamodb", region_name="ap-southeast-1")
    wanted = properties(template(), "RegistryListsTable")
    shape = {name: wanted[name] for name in ("AttributeDefinitions", "KeySchema")}
    client.create_table(TableName="lists", BillingMode="PAY_PER_REQUEST", **shape)
    return ListTable(client, "lists", lambda: NOW)


def take(table: ListTable, path: Path, as_of: dt.date = APRIL, registry: str = "vss") -> Any:
    return table.take(registry, as_of, hashlib.sha256(path.read_bytes()).hexdigest(), rows_of(path))


def ask(table: ListTable, *numbers: str, on: dt.date = dt.date(2020, 4, 14), name: str = "Nguyễn Văn Bn") -> Any:
    rows = tuple(QuestionRow(number, number, name, dt.date(1990, 2, 3), on=on) for number in numbers)
    return ListRegistry(table).ask(Question("vss", "q", on, Employer("0100109106"), rows, ("vss.contract_ended",)))


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_a_list_is_imported_and_asked_by_key(table: ListTable, tmp_path: Path, make: Any) -> None:
    done = take(table, make(tmp_path / "list", [row(n) for n in range(300)]))
    assert (done.rows, done.errors_in_all, done.known_already) == (300, 0, False)
    answer = ask(table, "7900000001", "7900000009", "7999999999")
    assert [one.status for one in answer.rows] == ["match", "mismatch", "not_found"]
    assert (answer.source[:9], answer.answered_at) == ("list/vss/", NOW)
    assert "2020-04-30" in answer.source


def test_the_same_file_again_changes_nothing_and_an_import_cut_off_begins_anew(
    table: ListTable, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "list.csv", [row(n) for n in range(50)])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    class Cut(Exception):
        pass

    def cut_off() -> Any:
        for number, cells in rows_of(path):
            if number > 30:
                raise Cut
            yield number, cells

    with pytest.raises(Cut):
        table.take("vss", APRIL, digest, cut_off())
    with pytest.raises(RegistryUnavailable, match="no list that tells of 2020-04-14"):
        ask(table, "7900000001")
    assert take(table, path).rows == 50
    before = table.client.scan(TableName="lists")["Items"]
    again = take(table, path)
    assert (again.rows, again.known_already) == (50, True)
    assert table.client.scan(TableName="lists")["Items"] == before


def test_one_wrong_row_and_nothing_is_imported(table: ListTable, tmp_path: Path) -> None:
    rows = [row(n) for n in range(40)]
    rows[4] = row(4, _1="79", _4="tháng tư")
    rows[9] = row(9, _3="30/02/1990")
    rows.append(row(3, _2="Trần Thị Khác"))
    done = take(table, as_csv(tmp_path / "list.csv", rows, above=1))
    assert [(error.row, error.column[:1]) for error in done.errors] == [(7, "B"), (7, "E"), (12, "D"), (43, "b")]
    assert "row 6" in done.errors[-1].says.en
    assert table.heads("vss") == []
    rows = [row(n) for n in range(40)] + [row(3)]  # the same said twice is said once
    assert take(table, as_csv(tmp_path / "list.csv", rows)).errors_in_all == 0


def test_the_newest_list_that_tells_of_the_day_answers(table: ListTable, tmp_path: Path) -> None:
    take(table, as_csv(tmp_path / "april.csv", [row(1)]), APRIL)
    take(table, as_csv(tmp_path / "may.csv", [row(1, _7="Có")]), MAY)
    assert ask(table, "7900000001").rows[0].facts == {"vss.contract_ended": True}
    with pytest.raises(RegistryUnavailable, match="2020-06-01"):
        ask(table, "7900000001", on=dt.date(2020, 6, 1))
    take(table, as_csv(tmp_path / "mended.csv", [row(1), row(2)]), MAY)  # the agency sends it again, put right
    assert ask(table, "7900000001").rows[0].facts == {"vss.contract_ended": False}
    assert [head.as_of for head in table.heads("vss")] == ["2020-05-31", "2020-04-30"]


def test_a_list_of_its_own_day_tells_of_no_other(table: ListTable, tmp_path: Path) -> None:
    path = tmp_path / "tax.csv"
    path.write_text("MST,Tên hộ kinh doanh,Doanh thu khoán năm 2020\n8100000047,Hộ A,78.000.000\n", encoding="utf-8")
    take(table, path, dt.date(2020, 1, 15), "tax")
    wanted = ("tax.household_found", "tax.household_revenue_2020_vnd")
    question = Question("tax", "q", dt.date(2020, 1, 15), Employer("8100000047"), (), wanted)
    answer = ListRegistry(table).ask(question)
    assert answer.dossier.facts == {"tax.household_found": True, "tax.household_revenue_2020_vnd": 78_000_000}
    with pytest.raises(RegistryUnavailable, match="no list that tells of 2020-03-31"):
        ListRegistry(table).ask(Question("tax", "q", dt.date(2020, 3, 31), Employer("8100000047"), (), wanted))
    with pytest.raises(RegistryUnavailable, match="no lists of this registry"):
        ListRegistry(table).ask(Question("cic", "q", dt.date(2020, 3, 31), Employer("8100000047")))


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), ("\t", "utf-16"), ("|", "utf-8-sig")])
def test_csv_as_offices_write_it(tmp_path: Path, separator: str, encoding: str) -> None:
    path = as_csv(tmp_path / "list.csv", [row(1)], separator=separator, encoding=encoding)
    assert [cells for _, cells in rows_of(path)][-2:] == [HEADING, [str(cell) for cell in row(1)]]


def test_what_is_no_list_says_so(table: ListTable, tmp_path: Path) -> None:
    whole = as_xlsx(tmp_path / "list.xlsx", [row(n) for n in range(200)]).read_bytes()
    path = tmp_path / "list"
    for data, says in (
        (b"", "no heading"),
        (b"STT,Ho ten\n1,A\n", "no heading"),
        ("STT;Họ tên".encode("cp1258", "replace"), "UTF-8"),
        (b"%PDF-1.7", "CSV and XLSX"),
        (b"PK\x03\x04broken", "broken XLSX"),
        (whole[:2000] + b"\0" * 500 + whole[2500:], "broken XLSX|no heading"),
        (b"a\0b", "no text file"),
        (b"x" * 200_000, "too long"),
    ):
        path.write_bytes(data)
        with pytest.raises(UnreadableList, match=says):
            take(table, path)


def test_the_command_imports_tells_errors_and_shows_what_counts(
    table: ListTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_table", lambda name: table)
    good, bad = as_csv(tmp_path / "good.csv", [row(1)]), as_csv(tmp_path / "bad.csv", [row(1, _1="x")])
    run = CliRunner().invoke
    told = run(app, ["lists", "import", "vss", str(bad), "--as-of", "2020-04-30"])
    assert (told.exit_code, "dòng 4, cột B" in told.output, "nothing imported" in told.output) == (1, True, True)
    assert run(app, ["lists", "import", "vss", str(good), "--as-of", "2020-04-30"]).exit_code == 0
    assert "imported before" in run(app, ["lists", "import", "vss", str(good), "--as-of", "2020-04-30"]).output
    [head] = json.loads(run(app, ["lists", "show", "vss", "--json"]).output)
    assert (head["as_of"], head["rows"]) == ("2020-04-30", 1)
    assert run(app, ["lists", "import", "cic", str(good), "--as-of", "2020-04-30"]).exit_code == 2
    assert run(app, ["lists", "import", "vss", str(tmp_path / "none"), "--as-of", "2020-04-30"]).exit_code == 3


def test_an_installation_says_which_registries_are_lists() -> None:
    assert kinds_of("tax=list, ui=manual")["tax"] == "list"
    assert kinds_of("")["tax"] == "http"
    for wrong in ("payments=list", "nobody=list", "tax=table", "tax"):
        with pytest.raises(ValueError, match="no such"):
            kinds_of(wrong)
