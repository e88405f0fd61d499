"""The evidence of a decision: the same bytes each time, checked with nothing but the file, every alteration named."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from casework.dossier import Dossier
from casework.errors import Refused, UnreadableEvidence
from casework.review import RowDecision
from casework.workflow import evidence, verifying
from casework.workflow.evidence import MANIFEST, Bundle

from tests.builders import ANH, BINH, DISTRICT, PROVINCE, Employee, House, the_list


def decided(house: House, *people: Employee, outcome: str = "approve", **more: Any) -> Dossier:
    dossier = house.at_province(*people)
    house.decide(dossier.id, outcome, actor=PROVINCE, **more)
    house.settle()
    return house.store.load(dossier.id)


def packed(house: House, dossier: Dossier) -> bytes:
    return evidence.bundle(dossier, store=house.store, files=house.files)


def broken(data: bytes, **more: Any) -> dict[str, list[str]]:
    """The checks that do not hold, with the places where."""
    found = verifying.verify(evidence.unpack(data), **more)
    assert found.holds == all(check.holds for check in found.checks)
    return {check.id: [difference.at for difference in check.differences] for check in found.checks if not check.holds}


@pytest.fixture(scope="module")
def house() -> House:
    return House()


@pytest.fixture(scope="module")
def dossier(house: House) -> Dossier:
    partly = {"reason": "Một người chưa đủ điều kiện.", "rows": (RowDecision(f"bhxh:{BINH.bhxh}", "refuse", "Thiếu"),)}
    return decided(house, ANH, BINH, outcome="approve_in_part", **partly)


@pytest.fixture(scope="module")
def whole(house: House, dossier: Dossier) -> bytes:
    return packed(house, dossier)


def test_what_was_decided_can_be_checked_with_the_file_alone(whole: bytes, dossier: Dossier) -> None:
    found = verifying.verify(evidence.unpack(whole), dossier.audit_hash)
    assert {check.id: check.differences for check in found.checks if not check.holds} == {}
    assert all(check.looked_at for check in found.checks if check.id != "papers")
    assert (found.code, found.audit_head) == (dossier.code, dossier.audit_hash)
    assert found.rulebook[0] == found.rulebook[1] != ""


def test_the_same_evidence_is_the_same_file(house: House, dossier: Dossier, whole: bytes) -> None:
    assert packed(house, dossier) == whole


def test_there_is_no_evidence_of_what_is_not_decided() -> None:
    house = House()
    with pytest.raises(Refused) as refused:
        packed(house, house.submitted(ANH))
    assert refused.value.problem.type == "evidence-not-yet"


def test_a_supplement_and_what_an_officer_confirmed_are_followed_too() -> None:
    house = House()
    asked = house.submitted(papers_={"mau-01.pdf": the_list(ANH)})
    assert asked.open_requests
    house.submit(asked.id)  # as it is: an officer looks
    house.settle()
    house.decide(asked.id, "send_on", actor=DISTRICT)
    house.settle()
    house.decide(asked.id, "refuse", actor=PROVINCE, reason="Thiếu thỏa thuận.")
    house.settle()
    assert broken(packed(house, house.store.load(asked.id))) == {}


# ── what was altered is named ────────────────────────────────────────────────


def altered(data: bytes, name: str, change: Callable[[Any], Any], *, listed: bool = True) -> bytes:
    """The file with one part changed; `listed`: by somebody who also writes a manifest that fits."""
    bundle: Bundle = evidence.unpack(data)
    parts = {part: bundle.json(part) for part in bundle.parts}
    parts[name] = change(parts[name])
    if listed:
        about = {key: value for key, value in bundle.manifest.items() if key not in ("schema", "parts")}
        return evidence.pack(about, parts)
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, json.dumps(parts[name]) if entry.filename == name else old.read(entry))
    return written.getvalue()


def one(data: bytes, folder: str) -> str:
    return sorted(name for name in evidence.unpack(data).parts if name.startswith(folder))[0]


def put(*path: Any, value: Any) -> Callable[[Any], Any]:
    """Set what stands at a path."""

    def change(content: Any) -> Any:
        inner = content
        for step in path[:-1]:
            inner = inner[step]
        assert inner[path[-1]] != value
        inner[path[-1]] = value
        return content

    return change


DECISION = "DECISION#001#province_decision"


@pytest.mark.parametrize(
    ("part", "change", "checks"),
    [
        ("dossier.json", put("documents", 0, "uploads", 0, "sha256", value="f" * 64), {"readings"}),
        ("dossier.json", put("total_vnd", value=9_000_000), {"decisions"}),
        ("audit.json", put(3, "actor", "id", value="somebody-else"), {"audit"}),
        ("audit.json", lambda entries: entries[:-1], {"audit"}),
        ("readings/", put("fields", "employee.full_name", "value", value="Lê Văn Khác"), {"readings", "facts"}),
        ("answers/", put("answer", "source", value="made up"), {"answers", "facts"}),
        ("verdicts/", put("facts", "rows", 0, "suspension.starts_on", "value", value="2020-06-02"),
         {"verdicts", "facts", "law"}),
        ("verdicts/", put("verdict", "route", value="ask"), {"verdicts", "facts", "law"}),
        ("records.json", put(DECISION, "rows", 0, "amount_vnd", value=1), {"decisions"}),
        ("records.json", put(DECISION, "reason", value="vì thế"), {"decisions"}),
        ("records.json", put(DECISION, "by", value="somebody-else"), {"decisions"}),
        ("papers.json", lambda papers: [*papers, {"id": "x", "sha256": "0" * 64}], {"papers"}),
    ],
)  # fmt: skip
def test_whoever_alters_a_part_and_its_manifest_is_found_out_by_what_rests_on_it(
    whole: bytes, part: str, change: Callable[[Any], Any], checks: set[str]
) -> None:
    name = one(whole, part) if part.endswith("/") else part
    found = broken(altered(whole, name, change))
    assert checks <= set(found)
    assert all(places for places in found.values())


def test_a_part_that_is_not_as_listed_is_named(whole: bytes) -> None:
    other = altered(whole, "papers.json", lambda _: [{"id": "x", "sha256": "0" * 64}], listed=False)
    assert broken(other)["parts"] == ["papers.json/bytes", "papers.json/sha256"]


def test_a_part_that_is_missing_or_too_many_is_named(whole: bytes) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            if entry.filename != "audit.json":
                new.writestr(entry, old.read(entry))
        new.writestr("them.json", "{}")
    found = broken(written.getvalue())
    assert found["parts"] == ["audit.json", "them.json"]
    assert "audit" in found


def test_damaged_bytes_are_a_difference_and_no_crash(whole: bytes) -> None:
    start = whole.index(b"records.json") + 200
    found = broken(whole[:start] + bytes(byte ^ 0xFF for byte in whole[start : start + 8]) + whole[start + 8 :])
    assert "records.json" in found["parts"]


def test_another_head_and_foreign_originals_are_named(house: House, dossier: Dossier, whole: bytes) -> None:
    sent = [house.files.upload(f"uploads/{dossier.id}/{d.id}/{d.uploads[0].id}") for d in dossier.documents]
    assert broken(whole, head=dossier.audit_hash, originals=sent) == {}
    assert set(broken(whole, head="0" * 64, originals=[*sent, b"another"])) == {"head", "originals"}


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"%PDF-1.7", None, "[]", '{"schema": 2, "parts": {}}', '{"schema": 1}', "{" * 9], ids=repr
)
def test_what_is_no_evidence_is_refused(data: Any) -> None:
    if not isinstance(data, bytes):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            archive.writestr(*((MANIFEST, data) if data else ("other.txt", "")))
        data = written.getvalue()
    with pytest.raises(UnreadableEvidence):
        evidence.unpack(data)


def test_a_file_that_unpacks_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch, whole: bytes) -> None:
    monkeypatch.setattr(evidence, "MOST_BYTES", 1000)
    with pytest.raises(UnreadableEvidence, match="larger"):
        evidence.unpack(whole)
