"""Dossiers found by what people type, and taken along as tables that carry no formula and no number unasked."""

from __future__ import annotations

import pytest
from adapters.spreadsheets import as_csv, as_xlsx, harmless
from casework.dossier import Actor
from casework.workflow import exporting, searching, undoing

from tests.builders import ANH, APPLICANT, DISTRICT, PROVINCE, Employee, House, papers
from tests.unit.at_the_desk import (
    ANH_KEY,
    LEADER,
    another,
    decide,
    refusal,
    world,
)


@pytest.fixture
def house() -> House:
    return House()


# ── search ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "asked",
    ["nguyen thi anh", "Nguyễn Thị Ánh", "NGUYEN THI", ANH.bhxh, "791 234 5670", "may anh duong",
     "Công ty TNHH May Ánh", "0312345671", "H29.1-200518-0001", "h29.1-200518"],
)  # fmt: skip
def test_a_dossier_is_found_by_name_without_accents_number_company_and_code(house: House, asked: str) -> None:
    dossier = house.submitted()
    for actor in (DISTRICT, PROVINCE, LEADER):
        assert [found.dossier.id for found in searching.search(asked, actor, store=house.store)] == [dossier.id], asked


@pytest.mark.parametrize("asked", ["", "x", "   ", "tran van", "7912345699", "H29.2-200518-0001", "%", "#"])
def test_what_does_not_fit_finds_nothing(house: House, asked: str) -> None:
    house.submitted()
    assert searching.search(asked, DISTRICT, store=house.store) == []


def test_another_district_finds_nothing_and_an_applicant_may_not_search(house: House) -> None:
    house.submitted()
    assert searching.search("nguyen thi anh", Actor("officer", "o", "H29.2"), store=house.store) == []
    assert refusal(lambda: searching.search("nguyen", APPLICANT, store=house.store)) == "not-an-officer"


def test_the_name_as_it_was_typed_comes_first(house: House) -> None:
    for number, name in enumerate(("Nguyễn Văn Anh", "Nguyễn Văn Ánh", "Nguyễn Văn Ánh Dương")):
        person = Employee(name, f"79123457{number:02d}")
        house.submitted(papers_={n: d + b" " * (number + 1) for n, d in papers(person).items()})
    found = searching.search("nguyễn văn ánh", DISTRICT, store=house.store)
    assert [each.hit.shown for each in found] == ["Nguyễn Văn Ánh", "Nguyễn Văn Anh", "Nguyễn Văn Ánh Dương"]


def test_numbers_of_people_stand_in_no_key(house: House) -> None:
    house.submitted()
    assert not any(ANH.bhxh in str(hit) for hit in house.store._words.values())


# ── tables ───────────────────────────────────────────────────────────────────

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1",
    " =1",
    "a\x00b\x1b[31m",
    '<c t="e">',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    import io

    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(("một",), [(text,), (5,)]))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.strip() == "".join(sign for sign in text if sign >= " " or sign in "\t\r\n").strip()
    assert (sheet["A3"].value, sheet["A1"].value) == (5, "một")
    assert harmless(text)[0] not in "=+-@\t\r\uff1d"
    assert as_csv(("một",), [(text,)]).startswith(b"\xef\xbb\xbfm")


def test_the_queue_and_the_decisions_go_out_as_tables_with_numbers_masked(house: House) -> None:
    waiting = house.submitted(papers_=another(50))
    dossier = house.at_province()
    decided = decide(house, dossier.id, "approve", PROVINCE, undoable=True)
    undoing.undo(house.task_id(dossier.id), PROVINCE, decided.version, store=house.store, clock=house.clock)
    decide(house, dossier.id, "approve", PROVINCE, reason="x")
    queue = exporting.export_queue(DISTRICT, "", store=house.store, clock=house.clock)
    assert [row[0] for row in queue.rows] == [waiting.code]
    taken = {"unmask": False, "reason": "", **world(house)}
    table = exporting.export_decisions(PROVINCE, "", **taken)
    assert [(row[5], row[9]) for row in table.rows] == [("approve", "bhxh:******5670"), ("undone", ""),
                                                        ("approve", "bhxh:******5670")]  # fmt: skip
    assert ANH.bhxh not in str(table.rows)
    assert (
        refusal(lambda: exporting.export_decisions(PROVINCE, "", **{**taken, "unmask": True}))
        == "unmask-reason-missing"
    )
    why = {**taken, "unmask": True, "reason": "đối chiếu với kho bạc"}
    assert ANH_KEY in str(exporting.export_decisions(PROVINCE, "", **why).rows)
    [kept] = [value for (who, _), value in house.store._own.items() if who == PROVINCE.id]
    assert kept["reason"] == "đối chiếu với kho bạc"
    seen = [record.data for record in house.store.records(dossier.id, "SEEN#") if record.data["what"] == "export"]
    assert {view["why"] for view in seen} == {"đối chiếu với kho bạc"}
