"""The registries' stand-in: real HTTP on loopback, the same contract, invented answers.

Whoever is asked about is known and everything matches, except for the magic numbers of docs/sandbox.md, each of
which always behaves in one way. It keeps no data of persons; answers are remembered by Idempotency-Key only.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import gzip
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from casework.plain import from_plain, to_plain
from casework.registry import DOSSIER_FACTS, ROW_FACTS, Answer, Employer, Question, QuestionRow, RowAnswer
from werkzeug.wrappers import Request, Response

SIGNATURE_MINUTES = 5
SLOW_SECONDS = 4.0

VSS_DOWN = "3100000016"
VSS_SLOW = "3100000023"
TAX_HAS_REVENUE = "3100000030"
ENTERPRISE_NOT_FOUND = "3100000048"
CIC_BAD_DEBT = "3100000055"
VSS_NO_CUT = "3100000062"  # as many insured employees as in January 2020
HOUSEHOLD_UNKNOWN = "8100000015"
HOUSEHOLD_AT_THE_LINE = "8100000022"  # a revenue of exactly 100 million
CLOSED_FROM = "2020-03-28"
NEVER_CLOSED = ("tạp hóa", "tap hoa")  # lines of business the province left open

NO_MONEY = {
    "finance.revenue_vnd": 0,
    "finance.wage_reserve_vnd": 0,
    "finance.retained_profit_vnd": 0,
    "finance.cash_vnd": 0,
}
MONEY = {
    "finance.revenue_vnd": 2_500_000_000,
    "finance.wage_reserve_vnd": 400_000_000,
    "finance.retained_profit_vnd": 300_000_000,
    "finance.cash_vnd": 900_000_000,
}
PARTICIPATES = {
    "vss.participating_before_suspension": True,
    "vss.decrease_reported": True,
    "vss.contract_ended": False,
    "vss.participating_before_termination": True,
}
NO_LONGER_PAID_IN = {"ui.months_last_24": 7, "ui.months_last_36": 9}


class StandIn:
    """The service. A context manager; `base_url` is where it answers.

    secret: the key questions are signed with; set before the first question. down: registries that answer 503
    whatever they are asked, until they are taken out of the set again. `asked` counts questions by registry.
    """

    def __init__(self, port: int = 0, slow_seconds: float = SLOW_SECONDS) -> None:
        self.secret = ""
        self.down: set[str] = set()
        self.asked: dict[str, int] = {}
        self._port, self._slow_seconds = port, slow_seconds
        self._answers: dict[str, tuple[bytes, dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def __enter__(self) -> StandIn:
        from infra.local.front_door import serve_on_loopback

        self._server, self._thread = serve_on_loopback(self, self._port)
        self.base_url = f"http://127.0.0.1:{self._server.port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        return self._answer(Request(environ))(environ, start)

    def _answer(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        if len(parts) != 3 or parts[0] != "v1" or parts[2] != "questions" or parts[1] not in DOSSIER_FACTS:
            return _problem(404, "unknown-registry", f"No such registry: {request.path}")
        if request.method != "POST":
            return _problem(405, "method-not-allowed", "Questions are posted", {"Allow": "POST"})
        if (request.content_length or 0) > 4 * 1024 * 1024:
            return _problem(413, "question-too-large", "At most 4 MB")
        registry, body = parts[1], request.get_data()
        if not self._signed(request.headers.get("X-Signature", ""), body):
            return _problem(401, "bad-signature", "X-Signature is missing, too old or wrong")
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return _problem(400, "no-idempotency-key", "Idempotency-Key is missing")
        try:
            question: Question = from_plain(Question, json.loads(body))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            return _problem(400, "bad-question", f"The question cannot be read: {error}")
        if question.registry != registry:
            return _problem(400, "bad-question", "The address names another registry than the question")
        with self._lock:
            self.asked[registry] = self.asked.get(registry, 0) + 1
            given = self._answers.get(key)
        if given is not None:
            if given[0] != body:
                return _problem(409, "idempotency-key-reused", "This Idempotency-Key came with another question")
            return _send(request, given[1])
        if registry in self.down or (registry == "vss" and question.employer.tax_code[:10] == VSS_DOWN):
            return _problem(503, "under-maintenance", "The registry is under maintenance", {"Retry-After": "1"})
        if registry == "vss" and question.employer.tax_code[:10] == VSS_SLOW:
            self._closed.wait(self._slow_seconds)
        answer = to_plain(answer_for(question, dt.datetime.now(dt.UTC)))
        with self._lock:
            self._answers[key] = body, answer
        return _send(request, answer)

    def _signed(self, header: str, body: bytes) -> bool:
        parts = dict(part.partition("=")[::2] for part in header.split(","))
        moment, given = parts.get("t", ""), parts.get("v1", "")
        if not moment.isascii() or not moment.isdigit() or abs(time.time() - int(moment)) > SIGNATURE_MINUTES * 60:
            return False
        wanted = hmac.new(self.secret.encode(), moment.encode() + b"." + body, "sha256").hexdigest()
        return bool(self.secret) and hmac.compare_digest(wanted, given)


def answer_for(question: Question, now: dt.datetime) -> Answer:
    """What the stand-in says to a question: of the facts wanted, and of nothing else; pure."""
    wants_dossier = {fact for fact in DOSSIER_FACTS[question.registry] if fact in question.wanted}
    dossier = None
    if wants_dossier or not ROW_FACTS[question.registry]:
        dossier = _only(_of_unit(question), wants_dossier or set(DOSSIER_FACTS[question.registry]))
    wants_rows = {fact for fact in ROW_FACTS[question.registry] if fact in question.wanted or not question.wanted}
    rows = tuple(_only(_about(row, question.registry, wants_rows), wants_rows) for row in question.rows)
    return Answer(
        registry=question.registry,
        question_id=question.question_id,
        as_of=question.as_of,
        answered_at=now,
        source=f"sandbox/{question.registry}/1",
        dossier=dossier,
        rows=rows if wants_rows else (),
    )


def _only(row: RowAnswer, wanted: set[str]) -> RowAnswer:
    return dataclasses.replace(row, facts={name: value for name, value in row.facts.items() if name in wanted})


def _of_unit(question: Question) -> RowAnswer:
    """What a registry says of the employer, or the household, by its tax code."""
    unit, code = question.employer, question.employer.tax_code[:10]
    match question.registry:
        case "enterprise":
            return _enterprise(unit)
        case "cic":
            return RowAnswer("", unit.tax_code, "match", {"cic.bad_debt_at_2019_12_31": code == CIC_BAD_DEBT})
        case "closures":
            closed = not any(line in unit.business_line.casefold() for line in NEVER_CLOSED)
            return RowAnswer("", unit.tax_code, "match", {"province.closed_from": CLOSED_FROM if closed else None})
        case "vss":
            now = 20 if code == VSS_NO_CUT else 8
            counts = {"bhxh.headcount_2020_01": 20, "bhxh.headcount_now": now, "bhxh.paid_through": "2020-01"}
            return RowAnswer("", unit.tax_code, "match", counts)
        case _:
            money = MONEY if code == TAX_HAS_REVENUE else NO_MONEY
            revenue = 100_000_000 if code == HOUSEHOLD_AT_THE_LINE else 78_000_000
            household = {"tax.household_found": True, "tax.household_revenue_2020_vnd": revenue}
            if code == HOUSEHOLD_UNKNOWN:
                household = {"tax.household_found": False}
            return RowAnswer("", unit.tax_code, "match", {**money, **household})


def _enterprise(employer: Employer) -> RowAnswer:
    if employer.tax_code[:10] == ENTERPRISE_NOT_FOUND:
        return RowAnswer("", employer.tax_code, "not_found")
    return RowAnswer(
        "", employer.tax_code, "match", {"employer.kind": "enterprise", "employer.name": employer.name or None}
    )


def _about(row: QuestionRow, registry: str, wanted: set[str]) -> RowAnswer:
    """What social insurance says of one person, by the last four digits of the number."""
    number, ending = row.bhxh_number, row.bhxh_number[-4:]
    if registry == "ui":
        return _unemployment(row, ending)
    # Who is only stopped, and still paid, was never reported as a decrease.
    facts = PARTICIPATES if "vss.contract_ended" in wanted else {**PARTICIPATES, "vss.decrease_reported": False}
    match ending:
        case "0001":
            facts = {
                **facts,
                "vss.participating_before_suspension": False,
                "vss.participating_before_termination": False,
            }
        case "0002":
            facts = {**facts, "vss.decrease_reported": False}
        case "0003":
            facts = {**facts, "vss.contract_ended": True}
        case "0007":
            facts = {**facts, "vss.decrease_reported": True}
        case "0004":
            return RowAnswer(row.key, number, "mismatch", dict(facts), ("employee.full_name",))
        case "0005" | "":
            return RowAnswer(row.key, number, "not_found")
        case "0006":
            return RowAnswer(row.key, number[:-4] + "9999", "match", dict(facts))
    return RowAnswer(row.key, number, "match", dict(facts))


def _unemployment(row: QuestionRow, ending: str) -> RowAnswer:
    if ending in ("0005", ""):
        return RowAnswer(row.key, row.bhxh_number, "not_found")
    months = {"ui.months_last_24": 20, "ui.months_last_36": 30} if ending == "0008" else NO_LONGER_PAID_IN
    return RowAnswer(row.key, row.bhxh_number, "match", dict(months))


def _send(request: Request, answer: dict[str, Any]) -> Response:
    data = json.dumps(answer, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(data) > 1024:
        return Response(gzip.compress(data), 200, headers | {"Content-Encoding": "gzip"})
    return Response(data, 200, headers)


def _problem(status: int, slug: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps({"type": slug, "title": slug.replace("-", " "), "detail": detail, "status": status})
    return Response(body, status, headers or {}, content_type="application/problem+json")


@contextlib.contextmanager
def registry_down(stand_in: StandIn, registry: str) -> Any:
    """Within the block the registry answers 503."""
    stand_in.down.add(registry)
    try:
        yield
    finally:
        stand_in.down.discard(registry)
