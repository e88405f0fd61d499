"""An officer states what stands on a paper: the reading is kept, the verdict follows his word, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from casework.dossier import Dossier
from casework.errors import Refused
from casework.tallies import NOW, summed
from casework.workflow import stating
from casework.workflow.replaying import replay_verdict
from casework.workflow.stating import Word
from casework.workflow.verdicts import facts_of

from tests.builders import ANH, BINH, COLLEAGUE, DISTRICT, PROVINCE, House, agreement, sheet

FACT, KEY = "suspension.ends_on", f"bhxh:{ANH.bhxh}"
REASON = "Đã xem ảnh trang, ghi rõ 14/05/2020."
UNSURE = {FACT: [ANH.ends, 0.55]}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def dossier(house: House) -> Dossier:
    """A day that list and agreement both say, read badly on both."""
    fields = {"employer.tax_code": "0312345671", "employer.name": "Công ty TNHH May Ánh Dương"}
    papers = {"mau-01.pdf": sheet("form_01", fields, [ANH.row(**UNSURE)]), "thoa-thuan.pdf": agreement(ANH, **UNSURE)}
    made = house.submitted(papers_=papers)
    assert made.route == "review"
    return made


def say(house: House, dossier: Dossier, actor: Any = DISTRICT, version: int = 0, **differs: Any) -> Dossier:
    word = Word(**({"fact": FACT, "value": ANH.ends, "reason": REASON, "person": KEY} | differs))
    version = version or house.store.load(dossier.id).version
    return stating.state(
        house.task_id(dossier.id), word, actor, version, store=house.store, files=house.files, clock=house.clock
    )


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem.type


def test_a_field_confirmed_is_sure_and_the_dossier_is_clean(house: House, dossier: Dossier) -> None:
    after = say(house, dossier)
    assert after.route == "fast_lane"
    [row] = facts_of(house.files.evidence(after.verdict_key))[1]
    assert (row[FACT].value, row[FACT].doubt) == (ANH.ends, None)
    assert (row[FACT].evidence[0].source, row[FACT].evidence[0].person) == ("officer", DISTRICT.id)
    task = house.store.record(dossier.id, f"TASK#001#{dossier.stage}").data
    assert task["route"] == "fast_lane"
    counts = summed(house.store.tallies("H29.1", NOW, NOW))
    assert (counts.get("route:fast_lane"), counts.get("route:review", 0)) == (1, 0)
    house.decide(dossier.id, "send_on")


def test_what_was_read_stays_beside_the_word_and_its_reason(house: House, dossier: Dossier) -> None:
    say(house, dossier, value="2020-05-20")
    [word] = stating.words(dossier.id, store=house.store)
    assert (word["said"]["value"], word["reason"], word["before"]["value"]) == ("2020-05-20", REASON, ANH.ends)
    document = house.store.load(dossier.id).documents[1]
    assert house.files.json(document.reading_key)["fields"][FACT]["value"] == ANH.ends
    assert house.actions(dossier.id)[-1] == "fact.stated"


def test_the_verdict_with_the_word_is_derived_again_byte_for_byte(house: House, dossier: Dossier) -> None:
    after = say(house, dossier)
    assert replay_verdict(after, None, store=house.store, files=house.files).same


def test_the_same_word_again_changes_nothing(house: House, dossier: Dossier) -> None:
    first = say(house, dossier)
    assert say(house, dossier, version=dossier.version) == first


@pytest.mark.parametrize(
    ("differs", "slug"),
    [
        ({"reason": " "}, "reason-missing"),
        ({"value": "ngày mai"}, "fact-not-valid"),
        ({"value": None}, "fact-not-valid"),
        ({"person": f"bhxh:{BINH.bhxh}"}, "field-unknown"),
        ({"person": ""}, "field-unknown"),
        ({"fact": "vss.decrease_reported", "value": True}, "field-unknown"),
        ({"fact": "no.such_fact"}, "field-unknown"),
        ({"actor": PROVINCE}, "other-office"),
        ({"version": 1}, "version-stale"),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(
    house: House, dossier: Dossier, differs: dict[str, Any], slug: str
) -> None:
    before = house.snapshot(dossier.id)
    assert refusal(lambda: say(house, dossier, **differs)) == slug
    assert house.snapshot(dossier.id) == before


def test_somebody_elses_task_is_left_alone(house: House, dossier: Dossier) -> None:
    house.claim(dossier.id, COLLEAGUE)
    assert refusal(lambda: say(house, dossier)) == "claimed-by-another"
    house.decide(dossier.id, "send_on", actor=COLLEAGUE, reason="Rõ.")
    assert refusal(lambda: say(house, dossier)) == "task-decided"
