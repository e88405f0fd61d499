"""An officer's form: what he wrote becomes a decision request, and stands in the form again when it was not taken.

Names of fields are the page's; what they mean is casework's.
"""

from casework.errors import Refused, problem
from casework.review import DecisionRequest, PageAsked, RowDecision

OUTCOME, CODE, REASON, ASKED = "ket-qua", "ma-ly-do", "ly-do", "hoi"
ROW, WHY, CONFIRMS = "nguoi-", "vi-sao-", "xac-nhan-"
ROW_OUTCOMES = ("approve", "refuse")
LONGEST = 4000
# Problems of a form, by the field that mends them; others stand on top alone.
FIELD_OF = {
    "reason-missing": REASON,
    "outcome-missing": OUTCOME,
    "decision-not-allowed": OUTCOME,
    "outcome-contradicts-rows": OUTCOME,
    "ask-names-nothing": OUTCOME,
}
# Problems that another person caused, or time: nothing is wrong with what the officer wrote.
OVERTAKEN = frozenset(
    [
        "task-decided", "claimed-by-another", "lease-lost", "version-stale", "second-officer-needed",
        "supervisor-needed", "undo-too-late", "person-being-decided",
    ]
)  # fmt: skip


def said_in(form):
    """The fields of the decision in a form, by name: what a page needs to show them again."""
    plain = {name: value for name, value in form.items() if name in (OUTCOME, CODE, REASON)}
    return plain | {name: value for name, value in form.items() if name.startswith((ROW, WHY, CONFIRMS)) and value}


def request_of(said, asked, outcome=""):
    """What is asked of casework. Raises Refused: outcome-missing, page-unknown."""
    outcome = outcome or said.get(OUTCOME, "")
    if not outcome:
        raise Refused(problem("outcome-missing"))
    reason = said.get(REASON, "").strip()[:LONGEST]
    rows = tuple(
        RowDecision(name.removeprefix(ROW), value, said.get(f"{WHY}{name.removeprefix(ROW)}", "")[:LONGEST])
        for name, value in said.items()
        if name.startswith(ROW) and value in ROW_OUTCOMES
    )
    confirms = {
        name.removeprefix(CONFIRMS): value == "co"
        for name, value in said.items()
        if name.startswith(CONFIRMS) and value in ("co", "khong")
    }
    asks = tuple(_asked(value) for value in asked) if outcome == "ask" else ()
    return DecisionRequest(outcome, said.get(CODE, ""), reason, rows, asks, confirms, undoable=True)


def words_of(request):
    """A request as a draft keeps it: in the shape of the API's body."""
    return {
        "outcome": request.outcome,
        "reason_code": request.reason_code,
        "reason": request.reason,
        "rows": [{"key": row.key, "outcome": row.outcome, "reason": row.reason} for row in request.rows],
        "asks": [{"document_id": ask.document_id, "page": ask.page} for ask in request.asks],
        "confirms": dict(request.confirms),
    }


def said_of(words):
    """(fields, pages asked for) of a draft in the shape of the API's body, however much of it is there."""
    said = {OUTCOME: words.get("outcome", ""), CODE: words.get("reason_code", ""), REASON: words.get("reason", "")}
    for row in _list(words.get("rows")):
        said[f"{ROW}{row['key']}"] = row["outcome"]
        said[f"{WHY}{row['key']}"] = row.get("reason", "")
    said |= {f"{CONFIRMS}{name}": "co" if value else "khong" for name, value in _dict(words.get("confirms")).items()}
    asked = [f"{ask['document_id']}.{ask['page']}" if ask.get("page") else ask["document_id"] for ask in
             _list(words.get("asks"))]  # fmt: skip
    return said, asked


def _dict(value):
    return value if isinstance(value, dict) else {}


def _list(value):
    """What should be a list of a draft that others may have written; [] for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _asked(value):
    document_id, _, number = value.partition(".")
    if number and not (number.isdecimal() and len(number) < 4):
        raise Refused(problem("page-unknown", page=0))
    return PageAsked(document_id, int(number) if number else None)
