"""One's own data: who looked, everything as one file, and nothing left of a dossier that was never handed in."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from casework.dossier import State, chain_breaks
from casework.errors import NotFound, Refused
from casework.workflow import looking_up, my_data, viewing
from casework.workflow.commit import still_as_seen

from tests.builders import ANH, APPLICANT, DISTRICT, STRANGER, House, the_list


@pytest.fixture
def house() -> House:
    return House()


def work(house: House) -> list[str]:
    """What the bench was asked for about data, done."""
    asked = [(dossier_id, effect_id) for kind, dossier_id, effect_id in house.bench.asked if kind.endswith("_data")]
    return [
        my_data.answer_request(*ids, store=house.store, outbox=house.store, files=house.files, clock=house.clock)
        for ids in asked
    ]


def order(house: House, dossier_id: str) -> Any:
    return my_data.order_export(dossier_id, APPLICANT, store=house.store, clock=house.clock)


def last(house: House, dossier_id: str) -> Any:
    return my_data.last_export(dossier_id, store=house.store, clock=house.clock)


def erase(house: House, dossier_id: str) -> Any:
    return my_data.erase(dossier_id, APPLICANT, store=house.store, clock=house.clock)


# ── who looked ───────────────────────────────────────────────────────────────


def test_every_look_of_somebody_else_is_kept_and_changes_nothing(house: House) -> None:
    dossier = house.submitted()
    for what in ("task", "page"):
        house.clock.advance(seconds=1)
        viewing.note_view(dossier, DISTRICT, what, of="d/1", store=house.store, clock=house.clock)  # type: ignore[arg-type]
    viewing.note_view(dossier, APPLICANT, "dossier", store=house.store, clock=house.clock)
    found = viewing.views(dossier.id, store=house.store)
    assert [(view.id, view.office, view.what, view.why) for view in found] == [
        (DISTRICT.id, "H29.1", "task", "district_appraisal"),
        (DISTRICT.id, "H29.1", "page", "district_appraisal"),
    ]
    assert house.store.load(dossier.id).version == dossier.version


# ── everything as one file ───────────────────────────────────────────────────


def test_everything_of_a_dossier_comes_as_one_file(house: House) -> None:
    dossier = house.submitted()
    viewing.note_view(dossier, DISTRICT, "task", store=house.store, clock=house.clock)
    assert last(house, dossier.id) is None
    order(house, dossier.id)
    assert last(house, dossier.id)["key"] == ""
    house.settle()
    assert work(house) == ["exported"]
    key = last(house, dossier.id)["key"]
    assert key.startswith(f"exports/{dossier.id}/")
    packed = zipfile.ZipFile(io.BytesIO(house.files.pdfs[key]))
    names = packed.namelist()
    assert {"ho-so.json", "lich-su.json", "ai-da-xem.json", "ghi-nhan.json", "da-doc/01.json", "tham-tra.json"} < {
        *names
    }
    assert packed.read("ban-goc/01-01-mau-01.pdf") == the_list(ANH)
    assert json.loads(packed.read("ho-so.json"))["applicant"]["name"] == dossier.applicant.name
    assert [look["id"] for look in json.loads(packed.read("ai-da-xem.json"))] == [DISTRICT.id]
    assert len(names) == len(set(names))


def test_ordered_twice_it_is_one_file_and_later_another(house: House) -> None:
    dossier = house.submitted()
    first = order(house, dossier.id).version
    assert order(house, dossier.id).version == first
    house.clock.advance(seconds=my_data.ORDER_AGAIN_AFTER.total_seconds())
    assert order(house, dossier.id).version == first + 1
    house.clock.advance(seconds=(my_data.KEPT_FOR + timedelta(seconds=1)).total_seconds())
    assert last(house, dossier.id) is None


def test_an_export_does_not_come_between_an_officer_and_the_decision(house: House) -> None:
    dossier = house.submitted()
    after = order(house, dossier.id)
    assert still_as_seen(house.store, after, dossier.version)


def test_names_of_files_decide_nothing_about_where_they_lie(house: House) -> None:
    dossier = house.file()
    house.send(dossier.id, the_list(ANH), "../../etc/passwd\u202e.pdf")
    house.settle()
    order(house, dossier.id)
    house.settle()
    work(house)
    names = zipfile.ZipFile(io.BytesIO(house.files.pdfs[last(house, dossier.id)["key"]])).namelist()
    assert [name for name in names if ".." in name.split("/") or name.startswith("/") or "\u202e" in name] == []
    assert sum(name.startswith("ban-goc/") and name.count("/") == 1 for name in names) == 1


def test_nobody_takes_along_or_erases_what_is_not_his(house: House) -> None:
    dossier = house.draft()
    for verb in (my_data.order_export, my_data.erase):
        for actor in (STRANGER, DISTRICT):
            with pytest.raises(NotFound):
                verb(dossier.id, actor, store=house.store, clock=house.clock)
    with pytest.raises(NotFound):
        my_data.answer_request(
            dossier.id, f"{dossier.id}-1-0", store=house.store, outbox=house.store, files=house.files, clock=house.clock
        )


# ── erasing ──────────────────────────────────────────────────────────────────


def test_what_is_erased_is_what_was_looked_at(house: House) -> None:
    dossier = house.draft()
    with pytest.raises(Refused) as told:
        my_data.erase(dossier.id, APPLICANT, dossier.version - 1, store=house.store, clock=house.clock)
    assert told.value.problem.type.endswith("version-stale")
    seen = dossier.version
    order(house, dossier.id)  # changes nothing of what was looked at
    erased = my_data.erase(dossier.id, APPLICANT, seen, store=house.store, clock=house.clock)
    assert my_data.is_erased(erased)


def test_a_draft_that_was_erased_names_nobody_and_has_no_files(house: House) -> None:
    dossier = house.draft()
    order(house, dossier.id)
    house.settle()
    work(house)
    for _ in range(2):
        erase(house, dossier.id)
    house.settle()
    assert set(work(house)) == {"erased"}
    after = house.store.load(dossier.id)
    assert (after.state, my_data.is_erased(after)) == (State.WITHDRAWN, True)
    with pytest.raises(NotFound):  # there is nothing left to take along
        order(house, dossier.id)
    left = json.dumps(house.snapshot(dossier.id), ensure_ascii=False)
    for private in (dossier.applicant.name, "0901234567", "ke.toan@example.vn", "mau-01.pdf", "0312345671"):
        assert private not in left
    kept = [house.files._uploads, house.files._pages, house.files._json, house.files.pdfs]
    assert [key for one in kept for key in one if dossier.id in key] == []
    assert chain_breaks(house.store.audit(dossier.id), after.audit_hash) == []
    assert house.actions(dossier.id).count("data.erased") == 1


def test_what_was_handed_in_is_kept_and_its_owner_is_told_so(house: House) -> None:
    dossier = house.submitted()
    with pytest.raises(Refused, match="kept-by-law"):
        erase(house, dossier.id)
    house.withdraw(dossier.id)
    with pytest.raises(Refused, match="kept-by-law"):
        erase(house, dossier.id)
    assert house.store.load(dossier.id).applicant == dossier.applicant


def test_an_erased_dossier_cannot_be_begun_again_under_its_key_nor_found(house: House) -> None:
    dossier = house.file(key="k")
    erase(house, dossier.id)
    with pytest.raises(Refused, match="idempotency-mismatch"):
        house.file(key="k")
    erased = house.store.load(dossier.id)
    assert looking_up.standing(erased, house.clock)["state"] == "withdrawn"


def test_an_upload_that_comes_after_the_erasure_is_not_taken(house: House) -> None:
    dossier = house.file()
    sent = house.arrive(house.announce(dossier.id, the_list(ANH)), the_list(ANH))
    erase(house, dossier.id)
    with pytest.raises(NotFound):
        house.told(sent)
