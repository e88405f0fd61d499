"""Where scanned papers seem to contradict each other they are read again after handing in; what was misread is no
contradiction, what holds is one, and an engine that is out decides nothing."""

from __future__ import annotations

import re

import pytest
from casework.dossier import Dossier, State
from casework.errors import ReaderFailed
from casework.signals import Signal
from casework.workflow.looking_again import look_again
from casework.workflow.signalling import signals_of

from tests.builders import ANH, House, agreement, sheet, the_list
from tests.fakes import SecondSight


def contract(number: str) -> bytes:
    return sheet("labour_contract", {"employee.full_name": ANH.name, "employee.bhxh_number": ANH.bhxh,
                                     "contract.number": number})  # fmt: skip


def papers(ours: str, theirs: str) -> dict[str, bytes]:
    return {
        "mau-01.pdf": the_list(ANH),
        "hop-dong.pdf": contract(ours),
        "thoa-thuan.pdf": agreement(ANH, **{"contract.number": theirs}),
    }


def as_printed(text: str) -> str:
    """What stands on the page is what was read."""
    return "".join(re.findall(r"\d+/2018/HĐLĐ", text)[:1])


def shown(house: House, dossier: Dossier) -> list[Signal]:
    return signals_of(dossier, store=house.store, files=house.files)


def test_what_was_only_misread_is_no_contradiction() -> None:
    house = House(reader=SecondSight(lambda text: "11/2018/HĐLĐ"))
    dossier = house.submitted(papers_=papers("21/2018/HĐLĐ", "11/2018/HĐLĐ"))
    assert shown(house, dossier) == []
    assert dossier.route == "fast_lane"


@pytest.mark.parametrize(("second_sight", "told"), [(as_printed, True), (lambda text: "", False)])
def test_figures_that_look_alike_are_held_against_each_other_once_they_hold(second_sight, told) -> None:
    house = House(reader=SecondSight(second_sight))
    dossier = house.submitted(papers_=papers("07/2018/HĐLĐ", "01/2018/HĐLĐ"))
    assert [one.kind for one in shown(house, dossier)] == ["contract-references-differ"] * told


def test_nothing_is_looked_at_where_papers_agree() -> None:
    house = House(reader=(reader := SecondSight(as_printed)))
    house.submitted(papers_=papers("11/2018/HĐLĐ", "11/2018/HĐLĐ"))
    assert reader.looked == []


def test_nothing_is_looked_at_twice_but_what_was_read_anew() -> None:
    house = House(reader=(reader := SecondSight(as_printed)))
    dossier = house.draft(papers_=papers("21/2018/HĐLĐ", "11/2018/HĐLĐ"))
    dossier = house.submit(dossier.id)
    dossier = house.store.load(dossier.id)
    assert dossier.state is State.PROCESSING
    again = {"store": house.store, "files": house.files, "reader": reader}
    assert look_again(dossier.id, dossier.round, **again) == len(reader.looked) == 2
    assert look_again(dossier.id, dossier.round, **again) == len(reader.looked) == 2


def test_without_the_engine_papers_are_compared_as_they_were_first_read() -> None:
    def out(text: str) -> str:
        raise ReaderFailed("killed by signal 9")

    house = House(reader=SecondSight(out))
    dossier = house.submitted(papers_=papers("21/2018/HĐLĐ", "11/2018/HĐLĐ"))
    assert [one.kind for one in shown(house, dossier)] == ["contract-references-differ"]
    assert (dossier.state, dossier.route) == (State.IN_REVIEW, "review")


def test_a_round_that_has_gone_on_is_not_looked_at() -> None:
    house = House(reader=(reader := SecondSight(as_printed)))
    dossier = house.submitted(papers_=papers("21/2018/HĐLĐ", "11/2018/HĐLĐ"))
    before = len(reader.looked)
    assert look_again(dossier.id, dossier.round, store=house.store, files=house.files, reader=reader) == 0
    assert len(reader.looked) == before
