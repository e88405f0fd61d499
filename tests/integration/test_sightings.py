"""Sightings in the table: by key, once each, told to whoever comes next."""

from __future__ import annotations

from adapters import sightings
from adapters.store import CaseTable
from casework.sightings import Sighting

from tests.integration.stores import case_table


def one(dossier: str, mark: str = "m") -> Sighting:
    return Sighting("account:abc", dossier, f"code-{dossier}", "doc", 1, mark)


def test_who_comes_second_is_told_of_the_first_and_nobody_of_himself(aws: None) -> None:
    table: CaseTable = case_table()
    assert table.sighted([one("a")]) == {}
    assert table.sighted([one("a")]) == {}
    assert table.sighted([one("b")]) == {"account:abc": [one("a")]}
    assert table.sighted([one("c")]) == {"account:abc": [one("a"), one("b")]}


def test_a_key_shown_very_often_is_read_and_no_more_is_added(aws: None, monkeypatch) -> None:
    monkeypatch.setattr(sightings, "_MOST", 2)
    table = case_table()
    for dossier in "abcd":
        table.sighted([one(dossier)])
    assert [seen.dossier for seen in table.sighted([one("e")])["account:abc"]] == ["a", "b"]
