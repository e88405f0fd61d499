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
    "review.extended": Text("Giữ tiếp", "Kept on"),
    "review.unlocked": Text("Lãnh đạo thu hồi", "Taken back by the supervisor"),
    "review.assigned": Text("Lãnh đạo giao việc", "Given by the supervisor"),
    "stage.looked_at": Text("Quyết định, chờ cán bộ thứ hai", "Decided, waits for a second officer"),
    "stage.undone": Text("Hoàn tác quyết định", "Decision taken back"),
    "stage.sent_back": Text("Trả về bước trước", "Sent back a stage"),
    "dossier.reopened": Text("Mở lại hồ sơ", "Opened again"),
    "fact.stated": Text("Xác nhận hoặc sửa nội dung đọc", "What was read confirmed or corrected"),
    "registry.asked_anew": Text("Yêu cầu hỏi lại cơ quan giữ dữ liệu", "A registry to be asked again"),
    "registry.answered_late": Text("Cơ quan giữ dữ liệu trả lời muộn", "A registry answered late"),
    "evidence.announced": Text("Gửi giấy xác nhận", "A confirming paper sent"),
    "months.held": Text("Có tháng đã được duyệt ở hồ sơ khác", "Months granted by another dossier"),
    "signal.dismissed": Text("Bỏ qua một dấu hiệu", "A signal dismissed"),
    "dossier.not_accepted": Text("Từ chối tiếp nhận", "Not accepted"),
    "registry.unavailable": Text("Cơ quan giữ dữ liệu không trả lời", "A registry did not answer"),
}
LOOKED = {
    "task": Text("Xem hồ sơ để xử lý", "Looked at the task"),
    "dossier": Text("Xem hồ sơ", "Looked at the dossier"),
    "paper": Text("Xem giấy tờ", "Looked at a paper"),
    "page": Text("Xem ảnh trang", "Looked at a page"),
    "verdict": Text("Xem kết quả đối chiếu", "Looked at the verdict"),
    "history": Text("Xem lịch sử", "Looked at the history"),
    "issued": Text("Xem giấy đã phát hành", "Looked at a paper of ours"),
    "export": Text("Xuất dữ liệu", "Exported"),
}
SHOWN = ("fact", "stage", "outcome", "route", "document", "registry", "reason_code")


def told(entries, looks, own_id):
    """The links of the audit chain and who looked, newest first: {at, what, role, who, mine, office, details}."""
    found = [_entry(entry.at, _action(entry.action), entry.actor, own_id, entry.details) for entry in entries]
    for look in looks:
        details = {"document": look.of} if look.of else {}
        found.append(_entry(look.at, LOOKED.get(look.what, LOOKED["dossier"]), look, own_id, details))
    return sorted(found, key=lambda entry: entry["at"], reverse=True)


def _action(action):
    return OF_THE_DESK.get(action) or ACTIONS.get(action) or Text(action, action)


def _entry(at, what, who, own_id, details):
    office = offices().get(who.office)
    return {
        "at": at,
        "what": what,
        "role": ROLES.get(who.role, ROLES["system"]),
        "who": "" if who.role == "system" else who.id,
        "mine": who.id == own_id,
        "office": office.title if office else None,
        "details": {name: details[name] for name in SHOWN if details.get(name)},
    }
