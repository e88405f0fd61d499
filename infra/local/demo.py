"""The sample dossiers' whole way, over HTTP like anybody's: filed, read, checked, decided, and compared with what was
expected.

The applicant files and answers, two scripted officers decide by the rules' own findings. Knows the API only; it does
not look into the store.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from casework import procedures
from casework.offices import office_of

from infra.local.caller import Caller, Declined
from infra.papers import SampleDossier, SampleFile

ENDED = frozenset({"approved", "partly_approved", "refused", "withdrawn", "parked"})
_READ = frozenset({"read", "unreadable", "rejected", "removed"})
_PATIENCE_SECONDS = 900.0
_STEPS = 6
AT_ONCE = 5  # dossiers on their way at the same time: enough to keep two processors reading
_RECEIVED = date(2020, 5, 4)  # the day the samples are filed: their stages are those of this law


@dataclass
class Progress:
    """Where one dossier is: what is being done, in words, and how much of the whole is behind it (0–1)."""

    title: str
    says: str = "…"
    share: float = 0.0
    code: str = ""
    over: bool = False


@dataclass
class Outcome:
    """How a sample ended. `differences` from what was expected, in words; none means as expected."""

    sample: SampleDossier
    dossier: dict[str, Any] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)
    routes: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    differences: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def as_expected(self) -> bool:
        """Whether the sample reached its expected end."""
        return not self.error and not self.differences


@dataclass(frozen=True)
class Cast:
    """Who plays: sign-ins that give a caller each time they are asked (threads do not share one)."""

    applicant: Callable[[], Caller]
    officer: Callable[[str], Caller]


def play(samples: Sequence[SampleDossier], cast: Cast, progress: Sequence[Progress]) -> list[Outcome]:
    """File the samples, some side by side, and see each to its end. Never raises for what happens to one of them."""
    outcomes = [Outcome(sample) for sample in samples]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda one: _one(one[0], cast, one[1]), zip(outcomes, progress, strict=True)))
    return outcomes


def _one(outcome: Outcome, cast: Cast, progress: Progress) -> None:
    began = time.monotonic()
    try:
        _Way(outcome, cast, progress).go()
        outcome.differences = differences(outcome)
    except (Declined, TimeoutError, OSError, KeyError, ValueError) as error:
        outcome.error = f"{type(error).__name__}: {error}"
    finally:
        outcome.seconds = time.monotonic() - began
        progress.says = "đúng như mong đợi · as expected" if outcome.as_expected else "KHÁC MONG ĐỢI · NOT AS EXPECTED"
        progress.share, progress.over = 1.0, True


class _Way:
    """One dossier's way through the API."""

    def __init__(self, outcome: Outcome, cast: Cast, progress: Progress) -> None:
        self._outcome, self._sample, self._progress = outcome, outcome.sample, progress
        self._applicant, self._cast, self._officers = cast.applicant(), cast, dict[str, Caller]()
        law = procedures.load(self._sample.procedure, _RECEIVED)
        self._stages = {stage.id: (office_of(self._sample.office, stage.level), stage) for stage in law.stages}
        self._key = uuid.uuid4().hex
        self._documents: dict[str, str] = {}
        self._path = ""

    def go(self) -> None:
        """From draft to decision."""
        self._file()
        self._wait_until_read()
        dossier = self._applicant.get(self._path)
        self._applicant.post(f"{self._path}/submit", etag=dossier.etag)
        while True:
            dossier = self._wait_for_someone()
            self._note(dossier)
            if dossier["state"] in ENDED:
                return
            if dossier["state"] == "awaiting_applicant":
                self._answer(dossier)
            else:
                self._decide(dossier)

    def _say(self, step: float, says: str) -> None:
        """A dossier that comes back to an earlier step does not take the bar back with it."""
        self._progress.share, self._progress.says = max(self._progress.share, step / _STEPS), says

    def _file(self) -> None:
        sample = self._sample
        self._say(0, "nộp hồ sơ · filing")
        body = {
            "procedure": sample.procedure,
            "office": sample.office,
            "applicant": sample.contact,
            "declared": sample.declared,
            "consent": True,
        }
        filed = self._applicant.post("/v1/dossiers", body, key=self._key).data
        self._path, self._progress.code = f"/v1/dossiers/{filed['id']}", filed["code"]
        for number, file in enumerate(sample.files, 1):
            self._say(number / len(sample.files), f"gửi giấy tờ {number}/{len(sample.files)} · sending papers")
            self._documents[file.name] = self._send(file, f"{self._path}/documents")

    def _send(self, file: SampleFile, path: str, page: int | None = None) -> str:
        key = f"{self._key}-{file.name}"
        return self._applicant.send_file(path, file.name, file.media_type, file.data, key, page)

    def _wait_until_read(self) -> None:
        def all_read(dossier: dict[str, Any]) -> bool:
            return all(document["state"] in _READ for document in dossier["documents"])

        for reply in self._applicant.watch(self._path, all_read, _PATIENCE_SECONDS):
            documents = reply.data["documents"]
            read = sum(document["state"] in _READ for document in documents)
            self._say(1 + 2 * read / len(documents), f"đọc {read}/{len(documents)} giấy tờ · reading papers")

    def _wait_for_someone(self) -> dict[str, Any]:
        """Wait until the dossier is an officer's, the applicant's, or at its end."""
        self._say(3.3, "đối chiếu, thẩm tra · consulting registries, checking")
        waiting = {"in_review", "awaiting_applicant", *ENDED}
        dossier: dict[str, Any] = {}
        for reply in self._applicant.watch(self._path, lambda found: found["state"] in waiting, _PATIENCE_SECONDS):
            dossier = reply.data
        return dossier

    def _note(self, dossier: dict[str, Any]) -> None:
        self._outcome.dossier = dossier
        try:
            self._outcome.findings = self._applicant.get(f"{self._path}/findings").data
        except Declined as declined:
            if declined.status != 404:  # parked before it was ever checked
                raise
        route = dossier["route"]
        if route and (not self._outcome.routes or self._outcome.routes[-1] != route):
            self._outcome.routes.append(route)

    def _answer(self, dossier: dict[str, Any]) -> None:
        """The applicant sends what was asked for, and nothing else, and hands in again."""
        names = {document_id: name for name, document_id in self._documents.items()}
        open_requests = [request for request in dossier["requests"] if request["open"]]
        self._say(4, f"bổ sung {len(open_requests)} giấy tờ · sending what was asked for")
        for request in open_requests:
            asked = names.get(request["document_id"] or "", request["document_type"] or ""), request["page"]
            self._outcome.asked.append({"file": asked[0], "page": asked[1], "says": request["says"]})
            answer = next(
                (f for f in self._sample.follow_up if asked in (f.instead_of, (f.answers or "-", None))), None
            )
            if answer is None:
                raise ValueError(f"asked for something unforeseen: {request['says']}")
            if request["document_id"]:
                self._send(answer, f"{self._path}/documents/{request['document_id']}/uploads", request["page"])
            else:
                self._send(answer, f"{self._path}/documents")
        state = {"awaiting_applicant"}
        for reply in self._applicant.watch(self._path, lambda found: found["state"] not in state, _PATIENCE_SECONDS):
            if reply.data["state"] in state and all(d["state"] in _READ for d in reply.data["documents"]):
                self._say(4.3, "trang mới đã đọc · the new page is read")

    def _decide(self, dossier: dict[str, Any]) -> None:
        """The officer whose stage it is claims the task, looks, and decides as the rules' findings say."""
        office, stage = self._stages[dossier["stage"]]
        officer = self._officers.setdefault(office, self._cast.officer(office))
        behind = list(self._stages).index(stage.id) / len(self._stages)
        self._say(4.5 + 1.4 * behind, f"{stage.title.vi} ({office}) · {stage.title.en}")
        path = f"/v1/tasks/{dossier['id']}.{dossier['round']}.{stage.id}"
        officer.post(f"{path}/claim")
        seen = officer.get(path)
        confirms = dict.fromkeys(stage.confirms, True)
        decision = decision_on(seen.data["findings"], self._sample, final=stage.final, confirms=confirms)
        officer.post(f"{path}/decision", decision, etag=seen.etag)
        self._say(5.9 if stage.final else 4.6 + 1.4 * behind, "đã ký · signed")

        def moved_on(now: dict[str, Any]) -> bool:
            at = (now["state"], now["stage"], now["round"])
            return now["state"] in ENDED or (now["state"] in ("in_review", "awaiting_applicant") and at[1:] != here)

        here = (stage.id, dossier["round"])
        for _ in self._applicant.watch(self._path, moved_on, _PATIENCE_SECONDS):
            pass


def decision_on(
    findings: dict[str, Any], sample: SampleDossier, *, final: bool, confirms: Mapping[str, bool] = MappingProxyType({})
) -> dict[str, Any]:
    """What the scripted officer answers: every stage but the last sends on, with what it confirms; the last decides by
    the findings."""
    reason = sample.expected.get("officer_reason", {}).get("vi", "")
    stated = {"confirms": dict(confirms)} if confirms else {}
    if not final:
        return {"outcome": "send_on", "reason": reason, **stated}
    failed = {row["key"]: [f["because"] for f in row["findings"] if f["verdict"] == "fail"] for row in findings["rows"]}
    refused = [key for key, fails in failed.items() if fails]
    rows = [{"key": key, "outcome": "refuse", "reason": "; ".join(failed[key])} for key in refused]
    if findings["route"] == "refusal_proposed" or (failed and len(refused) == len(failed)):
        reason = "Không đủ điều kiện theo kết quả thẩm tra."
        return {"outcome": "refuse", "reason_code": "rules", "reason": reason, **stated}
    if not refused:
        clean = findings["route"] == "fast_lane"
        seen = "" if clean else "Đã xem ảnh giấy tờ bên cạnh từng mục chưa rõ."
        return {"outcome": "approve", "reason_code": "checked", "reason": reason or seen, **stated}
    rows += [{"key": key, "outcome": "approve", "reason": ""} for key, fails in failed.items() if not fails]
    says = f"Đủ điều kiện {len(failed) - len(refused)}/{len(failed)} người theo kết quả thẩm tra."
    return {"outcome": "approve_in_part", "reason_code": "rules", "reason": says, "rows": rows, **stated}


def differences(outcome: Outcome) -> list[str]:
    """Where a sample ended otherwise than expected, in words."""
    expected, dossier, found = outcome.sample.expected, outcome.dossier, []

    def compare(what: str, wanted: Any, got: Any) -> None:
        if wanted != got:
            found.append(f"{what}: mong đợi/expected {wanted}, được/got {got}")

    decision = dossier.get("decision") or {}
    compare("state", expected["state"], dossier["state"])
    compare("route", expected["route"], outcome.routes[0] if outcome.routes else None)
    compare("total_vnd", expected["total_vnd"], decision.get("total_vnd"))
    compare("asks_for", expected["asks_for"], [{"file": ask["file"], "page": ask["page"]} for ask in outcome.asked])
    compare("not_checked", sorted(expected["not_checked"]), sorted(outcome.findings.get("unavailable", {})))
    decided = {_plain(row["name"]): row for row in decision.get("rows", [])}
    verdicts = {_plain(row["name"]): row for row in outcome.findings.get("rows", [])}
    compare("people", sorted(_plain(row["full_name"]) for row in expected["rows"].values()), sorted(decided))
    for row in expected["rows"].values():
        name = _plain(row["full_name"])
        got = decided.get(name, {})
        compare(f"{row['full_name']}: outcome", row["outcome"], got.get("outcome"))
        compare(f"{row['full_name']}: amount_vnd", row["amount_vnd"], got.get("amount_vnd"))
        fails = [f["rule"] for f in verdicts.get(name, {}).get("findings", []) if f["verdict"] == "fail"]
        compare(f"{row['full_name']}: failed rules", sorted(row["failed_rules"]), sorted(fails))
    return found


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
