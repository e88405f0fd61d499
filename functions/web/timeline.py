"""Where a dossier stands, told in steps: what is done, what is being done and by whom until when, what comes next."""

from datetime import datetime

from casework.document import Text
from casework.dossier import FINAL, State
from casework.offices import office_of, offices
from casework.vietnam import working_days

DONE, NOW, LATER = "done", "now", "later"
ACTIONS = {
    "dossier.filed": Text("Mở hồ sơ", "Dossier begun"),
    "upload.announced": Text("Mở biểu mẫu gửi tệp", "Form for a file opened"),
    "upload.received": Text("Nhận được tệp", "File received"),
    "upload.rejected": Text("Không nhận tệp", "File not accepted"),
    "document.read": Text("Đọc xong giấy tờ", "Paper read"),
    "document.removed": Text("Bỏ giấy tờ", "Paper taken out"),
    "pages.arranged": Text("Xếp lại các trang", "Pages put in order"),
    "document.corrected": Text("Sửa chỗ đọc sai", "What was read wrongly corrected"),
    "dossier.submitted": Text("Nộp hồ sơ", "Handed in"),
    "dossier.withdrawn": Text("Rút hồ sơ", "Taken back"),
    "dossier.checked": Text("Đối chiếu xong với quy định", "Checked against the rules"),
    "applicant.asked": Text("Yêu cầu bổ sung", "Applicant asked for something"),
    "registry.answered": Text("Cơ quan giữ dữ liệu trả lời", "A registry answered"),
    "registry.answered_late": Text("Cơ quan giữ dữ liệu trả lời muộn", "A registry answered late"),
    "registry.unavailable": Text("Chưa hỏi được cơ quan giữ dữ liệu", "A registry did not answer"),
    "registry.awaited": Text("Chờ cơ quan giữ dữ liệu trả lời", "Waiting for a registry to answer"),
    "registry.asked_anew": Text("Hỏi lại cơ quan giữ dữ liệu", "A registry to be asked again"),
    "registry.not_needed": Text("Không còn phải hỏi cơ quan giữ dữ liệu", "A registry need not be asked any more"),
    "evidence.announced": Text("Cán bộ thêm giấy xác nhận", "An officer adds a confirming paper"),
    "months.held": Text("Có tháng đã được duyệt ở hồ sơ khác", "Months were granted by another dossier"),
    "review.requested": Text("Chuyển cán bộ xem xét", "Put before an officer"),
    "review.requested_again": Text("Nhắc lại việc đang chờ cán bộ", "The office reminded of what waits"),
    "review.claimed": Text("Cán bộ nhận hồ sơ", "Taken up by an officer"),
    "review.released": Text("Trả hồ sơ về hàng chờ", "Put back into the queue"),
    "review.assigned": Text("Giao hồ sơ cho cán bộ", "Given to an officer"),
    "review.overtaken": Text("Không cần cán bộ xem bước này nữa", "No officer needed for this stage any more"),
    "fact.stated": Text("Cán bộ xác nhận hoặc sửa nội dung đọc", "An officer confirmed or corrected what was read"),
    "stage.decided": Text("Cán bộ quyết định bước này", "This stage decided"),
    "stage.undone": Text("Cán bộ rút lại quyết định vừa ghi", "The officer took that decision back"),
    "stage.sent_on": Text("Chuyển sang bước sau", "Sent on to the next stage"),
    "stage.sent_back": Text("Chuyển lại bước trước", "Sent back a stage"),
    "dossier.closed": Text("Có kết quả", "Result given"),
    "dossier.not_accepted": Text("Không tiếp nhận hồ sơ", "Not accepted"),
    "dossier.reopened": Text("Mở lại hồ sơ để xem xét lại", "Opened again, to be looked at once more"),
    "dossier.parked": Text("Tạm dừng do sự cố, đã báo người phụ trách", "Stopped by a fault, a person was told"),
    "dossier.resumed": Text("Xử lý tiếp", "Taken up again"),
    "paper.issued": Text("Phát hành giấy tờ", "Paper issued"),
    "data.export_ordered": Text("Chuẩn bị tệp dữ liệu để tải về", "File of all data ordered"),
    "data.erased": Text("Xóa dữ liệu của hồ sơ", "The dossier's data erased"),
}
# How an office parts its work is its own business: told as such, without what was done.
WITHIN = ("review.extended", "review.unlocked", "stage.looked_at", "signal.dismissed")
ROLES = {
    "applicant": Text("Người nộp", "Applicant"),
    "officer": Text("Cán bộ", "Officer"),
    "supervisor": Text("Lãnh đạo", "Supervisor"),
    "administrator": Text("Quản trị", "Administrator"),
    "integrator": Text("Phần mềm của người nộp", "The applicant's software"),
    "system": Text("Hệ thống", "The system"),
}


def steps(dossier, procedure, now):
    """The way of a dossier: [{title, office, state, when, note}], in order."""
    found = [_step(Text("Nộp hồ sơ", "Handed in"), DONE, when=dossier.received_on)]
    if dossier.state is State.WITHDRAWN:
        return [*found, _step(Text("Đã rút hồ sơ", "Withdrawn"), NOW)]
    if dossier.state is State.AWAITING_APPLICANT:
        note = Text("Chúng tôi chờ ông/bà. Không phải làm lại từ đầu.", "We wait for you. You need not begin again.")
        found.append(_step(Text("Bổ sung giấy tờ", "One more thing from you"), NOW, note=note))
    working = dossier.state in (State.SUBMITTED, State.PROCESSING) and not dossier.stage
    checked = dossier.state in FINAL or bool(dossier.stage)
    note = Text("Thường mất dưới một phút.", "Usually less than a minute.") if working else None
    state = DONE if checked else NOW if working or dossier.state is State.PARKED else LATER
    found.append(_step(Text("Đọc và đối chiếu dữ liệu", "Read and compared with registries"), state, note=note))
    reviewed = [stage for stage in procedure.stages if stage.for_rule is None or stage.id in dossier.way]
    current = next((i for i, stage in enumerate(reviewed) if stage.id == dossier.stage), None)
    for i, stage in enumerate(reviewed):
        if dossier.state in FINAL or (current is not None and i < current):
            state = DONE
        else:
            state = NOW if i == current and dossier.state in (State.IN_REVIEW, State.DECIDED) else LATER
        limit = None
        if stage.days:
            unit = ("ngày làm việc", "working days") if stage.unit == "working" else ("ngày", "days")
            limit = Text(f"{stage.days} {unit[0]}", f"{stage.days} {unit[1]}")
        due = dossier.due_on if state == NOW else None
        found.append(_step(stage.title, state, office=_office(dossier, stage), due=due, limit=limit))
    decided = dossier.state in FINAL
    found.append(_step(Text("Trả kết quả", "Result"), DONE if decided else LATER))
    return found


def appointment(dossier, procedure, notices):
    """The day the result is due: the time limits of all stages one after the other, from the moment of receipt, as the
    printed receipt has it. None where the law sets no limit to one of them."""
    received = [datetime.fromisoformat(notice["at"]) for notice in notices if notice["event"] == "received"]
    if not received:
        return None
    day = working_days.received_on(received[0])
    for stage in procedure.stages:
        due_on = working_days.deadline(stage, day)
        if due_on is None:
            return None
        day = due_on
    return day


def history(entries, own_id):
    """The record of a dossier, newest first: when, what, who (by role: names of officers are not told)."""
    found = []
    for entry in entries:
        who = ROLES.get(entry.actor.role, ROLES["system"])
        office = offices().get(entry.actor.office)
        mine = Text("Ông/bà", "You") if entry.actor.id == own_id else who
        what = ACTIONS.get(entry.action, Text("Việc nội bộ của cơ quan", "Handled inside the office"))
        found.append({"at": entry.at, "what": what, "who": mine, "office": office.title if office else None})
    return list(reversed(found))


def _step(title, state, *, office=None, when=None, due=None, limit=None, note=None):
    return {
        "title": title, "state": state, "office": office, "when": when, "due": due, "limit": limit, "note": note,
    }  # fmt: skip


def _office(dossier, stage):
    try:
        office = offices().get(office_of(dossier.office, stage.level))
    except LookupError:
        return None
    return office.title if office else None
