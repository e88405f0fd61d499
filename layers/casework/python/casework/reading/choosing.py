"""Which candidate each field takes: the best one, but no two fields one and the same place.

A number stands on a paper for one thing. Fields are settled from the surest on; a place that is taken is no candidate
for another field, unless both are names of one fact (tax code and enterprise code, a contract's own number).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casework.reading.document_types import DocumentType, FieldDescription
from casework.reading.paper import Candidate
from casework.vietnam.names import match_key

# Fields that may be told by one place.
_TOGETHER = (
    frozenset({"document.number", "contract.number"}),
    frozenset({"document.issued_on", "contract.signed_on", "contract.starts_on"}),
    frozenset({"employer.tax_code", "employer.registration_number"}),
    frozenset({"household.tax_code", "household.registration_number"}),
    frozenset({"contract.number", "contract.signed_on", "suspension.contract_ref"}),
)
_TWO_PERSONS = {"employee.full_name", "employer.representative.full_name"}
# What is told by phrases takes no place from others.
_BY_PHRASES = frozenset({"choice", "constant", "epidemic", "seal", "from_id_number"})
_BY_WORDS = frozenset({"contract_type", "pay_method", "reason", "choice", "months"})


def settle(described: DocumentType, found: Mapping[str, Sequence[Candidate]]) -> dict[str, list[Candidate]]:
    """The candidates of every field without those whose place a surer field has taken."""
    left = {name: list(candidates) for name, candidates in found.items()}
    alone = {field.id: field for field in described.fields if _takes_places(field)}
    open_ = set(alone)
    while open_:
        # The surest of all candidates still open is settled next; the earlier place among equals.
        name, best = None, None
        for field in open_:
            for candidate in left.get(field, ()):
                if best is None or (candidate.belief, -candidate.start, field) > (best.belief, -best.start, name or ""):
                    name, best = field, candidate
        if name is None or best is None:
            break
        open_.remove(name)
        if best.value is None:
            continue  # an end left open is told by the place of the beginning
        for other in open_:
            if not _together(name, other):
                left[other] = [
                    each
                    for each in left.get(other, ())
                    if not _overlap(each, best) and not _one_person(name, other, each, best)
                ]
    return left


def _takes_places(field: FieldDescription) -> bool:
    return field.find not in _BY_PHRASES and field.type not in _BY_WORDS


def _together(first: str, second: str) -> bool:
    return any(first in group and second in group for group in _TOGETHER)


def _one_person(name: str, other: str, first: Candidate, second: Candidate) -> bool:
    """Employer and employee are two persons, wherever their names stand."""
    if {name, other} != _TWO_PERSONS:
        return False
    return match_key(str(first.value)) == match_key(str(second.value))


def _overlap(first: Candidate, second: Candidate) -> bool:
    shared = min(first.end, second.end) - max(first.start, second.start)
    return shared > 0.5 * min(first.end - first.start, second.end - second.start)


def fuller(best: Candidate, others: Sequence[Candidate]) -> Candidate:
    """The candidate that goes on where the best one was cut short ("Công ty TNHH Một thành" + "viên Khách sạn Sen")."""
    if not isinstance(best.value, str) or len(best.value) < 6:
        return best
    head = best.value.casefold().rstrip(" .,")
    longer = [
        other
        for other in others
        if isinstance(other.value, str)
        and len(other.value) > len(best.value)
        and other.value.casefold().startswith(head + " ")
        and other.belief >= 0.6 * best.belief
    ]
    return max(longer, key=lambda other: (other.belief, -len(str(other.value))), default=best)
