"""A list as its applicant follows it: what is amiss first, a state for everybody, no row missed between pages."""

from __future__ import annotations

from casework import procedures
from casework.facts import dictionary
from casework.workflow import roster
from casework.workflow.roster import Row

from tests.builders import ANH, BINH, PROVINCE, Employee, House, agreement, papers, the_list

CUONG = Employee("Lê Văn Cường", "7912345696", "1979-05-05", starts="2020-06-02", ends="2020-06-30")


def rows(house: House, dossier_id: str) -> list[Row]:
    dossier = house.store.load(dossier_id)
    law = procedures.load("SW", dossier.received_on or house.clock().date())
    return roster.rows_of(dossier, law, store=house.store, files=house.files)


def test_who_lacks_a_paper_stands_first_before_anything_is_handed_in() -> None:
    house = House()
    sent = {"mau-01.pdf": the_list(ANH, BINH), "a.pdf": agreement(ANH)}
    dossier = house.draft(papers_=sent)
    found = rows(house, dossier.id)
    assert [(row.number, row.name, row.state) for row in found] == [
        (2, BINH.name, "lacking"), (1, ANH.name, "ready"),
    ]  # fmt: skip
    assert found[0].why[0].en.startswith("Still missing")
    told = roster.progress(house.store.load(dossier.id), found)
    assert (told.people, told.exceptions, told.papers, told.papers_read) == (2, 1, 2, 2)


def test_what_cannot_be_read_for_sure_is_an_exception_with_its_reason() -> None:
    house = House()
    dossier = house.draft(
        papers_={"m.pdf": the_list(ANH), "a.pdf": agreement(ANH, **{"suspension.starts_on": "2020-04-20"})}
    )
    [row] = rows(house, dossier.id)
    assert row.state == "unsure"
    assert row.why[0].vi.startswith(f"{dictionary()['suspension.starts_on'].title.vi}: giấy tờ ghi khác nhau (")


def test_after_the_check_the_rules_speak_and_after_the_decision_the_officer() -> None:
    house = House()
    dossier = house.submitted(ANH, CUONG)  # whose suspension starts too late
    checked = {row.name: row for row in rows(house, dossier.id)}
    assert checked[CUONG.name].state in ("against", "unsure")
    assert checked[CUONG.name].why
    assert checked[ANH.name].state == "waiting"
    house.decide(dossier.id)
    house.settle()
    task = house.store.load(dossier.id)
    kept = house.files.evidence(task.verdict_key)
    decided = [
        {"key": row["key"], "outcome": "approve" if row["verdict"] == "pass" else "refuse", "reason": "Muộn."}
        for row in kept["verdict"]["rows"]
    ]
    from casework.review import RowDecision

    house.decide(
        dossier.id, "approve_in_part", actor=PROVINCE, reason="Một người muộn.", reason_code="rules",
        rows=tuple(RowDecision(**row) for row in decided),
    )  # fmt: skip
    house.settle()
    told = [(row.name, row.state, bool(row.amount_vnd)) for row in rows(house, dossier.id)]
    assert told == [(CUONG.name, "refused", False), (ANH.name, "approved", True)]


def test_pages_go_on_after_a_place_whatever_comes_between() -> None:
    everybody = [Row(n, f"Người {n}", "lacking" if n % 100 == 7 else "ready") for n in range(1, 5001)]
    ordered = sorted(everybody, key=lambda row: (roster.ORDER.index(row.state), row.number))
    seen, after = list[int](), ""
    while True:
        shown, after = roster.page_of(ordered, after, 100)
        seen += [row.number for row in shown]
        if not after:
            break
    assert sorted(seen) == list(range(1, 5001))
    assert seen[:50] == list(range(7, 5001, 100))
    shown, after = roster.page_of(ordered, "", 100)
    mended = [row for row in ordered if row != shown[0]]  # the first exception is gone when the next page is asked for
    assert roster.page_of(mended, after, 100)[0][0] == roster.page_of(ordered, after, 100)[0][0]
    only, _ = roster.page_of(ordered, "", 1000, "lacking")
    assert len(only) == 50
    for rubbish in ("x", "9-9-9", "-1-1", "0-" + "9" * 30):
        assert roster.page_of(ordered, rubbish, 1)[0][0].number == 7


def test_a_list_nobody_has_sent_is_empty() -> None:
    house = House()
    assert rows(house, house.file().id) == []
    assert set(papers(ANH)) > set()
