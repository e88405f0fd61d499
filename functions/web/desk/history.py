"""The whole history of a dossier as the office sees it: who looked, who changed, who decided, when."""

from casework.document import Text
from casework.offices import offices
from timeline import ACTIONS, ROLES

OF_THE_DESK = {
    "review.requested_again": Text("Nhắc lại hàng chờ", "Put into the queue again"),
    "review.claimed": Text("Nhận xử lý", "Claimed"),
    "review.released": Text("Trả về hàng chờ", "Given back"),
    "review.overtaken": Text("Không cần xem nữa", "No officer needed any more"),
    "stage.sent_on": Text("Chuyển bước sau", "Sent on"),
    "dossier.not_accepted": Text("Từ chối tiếp nhận", "Not accepted"),
    "registry.unavailable": Text("Cơ quan giữ dữ liệu không trả lời", "A registry did not answer"),
}
SHOWN = ("stage", "outcome", "route", "document", "registry", "reason_code")


def told(entries, own_id):
    """The links of the audit chain, newest first: {at, what, who, office, details}."""
    found = []
    for entry in reversed(entries):
        office = offices().get(entry.actor.office)
        role = ROLES.get(entry.actor.role, ROLES["system"])
        found.append(
            {
                "at": entry.at,
                "what": OF_THE_DESK.get(entry.action) or ACTIONS.get(entry.action) or Text(entry.action, entry.action),
                "role": role,
                "who": "" if entry.actor.role == "system" else entry.actor.id,
                "mine": entry.actor.id == own_id,
                "office": office.title if office else None,
                "details": {name: entry.details[name] for name in SHOWN if entry.details.get(name)},
            }
        )
    return found
