"""The papers of a dossier as its applicant meets them: what each is, how it stands, what is wrong, what is missing."""

import re
import time
from datetime import date

from casework.document import Text
from casework.errors import NotFound, problem
from casework.facts import day_said, dictionary, said, take
from casework.reading.document_types import document_types
from casework.reading.doubts import in_both
from casework.shown import shown_name
from casework.workflow.admission import NOT_ON_PAPERS
from filing_pages import applicant_of
from world import store

# A browser without scripts is answered when its paper has been read, or after this: then it is told to look again.
# Well under the 25 s of the function and the 29 s of the gateway.
PATIENCE_SECONDS = 16.0
PAUSE_SECONDS = 0.4
SURE = 0.9

STATES = {
    "awaiting_upload": (Text("Chưa có tệp", "No file yet"), "grey"),
    "received": (Text("Đang đọc", "Being read"), "blue"),
    "read": (Text("Đã đọc", "Read"), "green"),
    "unreadable": (Text("Cần chụp lại", "Take again"), "red"),
    "rejected": (Text("Không nhận được", "Not accepted"), "red"),
}


def paper_path(dossier_id, document_id):
    """Where a paper's page is."""
    return f"/ho-so/{dossier_id}/giay-to/{document_id}"


def page_number(text):
    """The number of a page as an address or a form has it; None for none."""
    return int(text) if text.isdecimal() and 0 < len(text) < 4 else None


def owned(here, dossier_id):
    """Who looks, and his dossier. Raises SignInFirst, NotFound."""
    return here, own_dossier(dossier_id, here.actor)


def sender(here):
    """Who sends a form of ours, and as whom he acts. Raises SignInFirst, Forged; Refused: not-an-applicant."""
    here.check_form()
    return here, applicant_of(here)


def own_dossier(dossier_id, actor):
    """A dossier of this person. Somebody else's answers like none at all: NotFound."""
    dossier = store.load(dossier_id)
    if dossier.owner != actor.id:
        raise NotFound(dossier_id)
    return dossier


def own_document(dossier, document_id):
    """A paper of the dossier that was not taken out. Raises NotFound."""
    document = dossier.document(document_id)
    if document is None or document.state == "removed":
        raise NotFound(document_id)
    return document


def type_name(document_type):
    """What a paper is called; a text that says so where it is not known."""
    known = document_types().get(document_type)
    return Text(known.name_vi, known.name_en) if known else Text("Chưa rõ là giấy gì", "Kind of paper not known")


def being_read(document):
    """Whether something of this paper is on its way and will be known soon."""
    return any(u.state == "received" or (u.state == "awaiting_upload" and u.object_version) for u in document.uploads)


def came_to_nothing(document):
    """The last upload of a paper when it was refused, or was told of and did not come through; None otherwise."""
    last = document.uploads[-1] if document.uploads else None
    if last is None or (last.state != "rejected" and (last.state != "awaiting_upload" or not last.told)):
        return None
    return last


def what_is_wrong(document, types=None):
    """The problems of a paper, each with the page it is about or 0: [(problem, page)]. `types` are the kinds of paper
    its dossier can use; without them, nobody is told that it is of none."""
    found = []
    last = came_to_nothing(document)
    if last is not None:
        name = shown_name(last.file_name)
        found.append((last.problem if last.state == "rejected" else problem("upload-interrupted", file=name), 0))
    found += [(ref.problem, ref.number) for ref in document.pages if ref.problem]
    found += [(remark, 0) for remark in document.remarks]
    if document.reading_key and not found:
        known = [kind for kind in document.types if kind in document_types()]
        if not known:
            found.append((problem("document-unknown"), 0))
        elif types is not None and types.isdisjoint(known):
            found.append((problem("document-not-needed"), 0))
    return found


def wait_until_read(dossier_id, document_id, upload_id, actor):
    """The dossier once this upload was read or refused and the paper's others too, or as it stands after a while."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        dossier = own_dossier(dossier_id, actor)
        document = own_document(dossier, document_id)
        upload = document.upload(upload_id)
        known = upload is None or (upload.state in ("read", "rejected") and not being_read(document))
        if known or time.monotonic() > ends:
            return dossier
        time.sleep(PAUSE_SECONDS)


def needed(dossier, procedure):
    """What the service asks for, each with the papers that are there: [(need, documents)]."""
    found = []
    for need in sorted(procedure.papers, key=lambda paper: paper.need != "required"):
        there = [document for document in dossier.live_documents if document.document_type in need.types]
        found.append((need, there))
    return found


def shown_fields(document, reading):
    """What a paper says, in the order its type has it: id, label, how it was read, how sure, the applicant's word."""
    known = dictionary()
    described = document_types().get(reading.document_type)
    order = [field.id for field in described.fields] if described else sorted(reading.fields)
    found = []
    for name in order:
        field, kind = reading.fields.get(name), known.get(name)
        correction = document.corrections.get(name)
        if kind is None or name.startswith("document.has_") or (field is None and correction is None):
            continue
        value = field.value if field else None
        found.append(
            {
                "id": name,
                "name": name.replace(".", "-"),
                "kind": kind,
                "label": kind.title,
                "value": value,
                "said": said_of(kind, value),
                "page": field.page if field else None,
                "doubtful": value is not None and field.confidence < SURE,
                "doubts": in_both(field.doubts) if field else [],
                "correction": correction,
                "correction_said": said_of(kind, correction.value) if correction else None,
                "correctable": name.partition(".")[0] not in NOT_ON_PAPERS,
            }
        )
    return found


def shown_rows(reading):
    """The people of a list as it was read: names of columns, then a row of texts for each."""
    known = dictionary()
    rows = reading.tables.get("roster", ())
    columns = [name for name in dict.fromkeys(name for row in rows for name in row) if name in known]
    columns = [name for name in columns if any(row.get(name) and row[name].value is not None for row in rows)]
    texts = []
    for row in rows:
        cells = []
        for name in columns:
            field = row.get(name)
            value = field.value if field else None
            cells.append({"said": said_of(known[name], value), "doubtful": value is None or field.confidence < SURE})
        texts.append(cells)
    return [known[name].title for name in columns], texts


def said_of(kind, value):
    """A value as people read it; what is no value of its kind is shown as it stands."""
    if value is None:
        return Text("không đọc thấy", "not found on the paper")
    try:
        taken = take(kind, value)
    except ValueError:
        return _as_it_stands(value)
    if taken is None or kind.type == "string":
        return _as_it_stands(value)
    return said(kind, taken)


def _as_it_stands(value):
    """A text, days in it written as people write them ("31/2016/HĐLĐ; 2016-05-30" names another paper)."""
    text = re.sub(r"\b\d{4}-\d{2}-\d{2}\b", _day, str(value))
    return Text(text, text)


def _day(found):
    try:
        return day_said(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]
