"""What callers send, checked before anything happens. Unknown fields are refused: nothing is taken by accident."""

from typing import Annotated, Literal

from casework.shown import clean
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


ShortText = Annotated[str, Field(max_length=200)]
LongText = Annotated[str, Field(max_length=4000)]
OfficeCode = Annotated[
    str, Field(pattern=r"^[A-Z]\d{2}(\.\d{1,3}){0,3}(-[a-z]{2,10})?$", examples=["H29.1", "H29.1-vss"])
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$", description="SHA-256 of the file, 64 hex digits")]
Whole = Annotated[int, Field(ge=-(10**15), le=10**15)]
Value = LongText | bool | Whole | None


def _seen(text: str) -> str:
    """The text as it is: one with signs that nobody sees would show another person another name."""
    if clean(text) != text:
        raise ValueError("control signs and signs that turn the line around are not taken")
    return text


class ApplicantBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_seen)]
    phone: Annotated[str, Field(max_length=30), AfterValidator(_seen)] = ""
    email: Annotated[str, Field(max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+$")] = ""
    language: Literal["vi", "en"] = "vi"


class FilingBody(Body):
    procedure: Annotated[str, Field(max_length=10, examples=["SW"])]
    office: OfficeCode
    applicant: ApplicantBody
    declared: Annotated[dict[str, Value], Field(description="Facts that no paper says, by fact id")] = {}
    consent: Annotated[bool, Field(description="The applicant agrees to the processing of personal data")]


class FileBody(Body):
    file_name: Annotated[str, Field(min_length=1, max_length=255)]
    size_bytes: Annotated[int, Field(ge=0, description="At most 20 MB")]
    sha256: Sha256
    media_type: Annotated[
        str, Field(description="application/pdf, image/jpeg, image/png, or XLSX for a list of people")
    ]


class UploadBody(FileBody):
    page: Annotated[int | None, Field(ge=1, le=300, description="The one page this file replaces")] = None


class LookupBody(Body):
    code: Annotated[str, Field(max_length=40, examples=["H29.1-200504-0001"])]


class LookupAnswerBody(LookupBody):
    digits: Annotated[str, Field(max_length=20, examples=["012345"])]


class CorrectionsBody(Body):
    values: Annotated[dict[str, Value], Field(min_length=1, max_length=100)]


class RowDecisionBody(Body):
    key: ShortText
    outcome: Literal["approve", "refuse"]
    reason: LongText = ""


class PageAskedBody(Body):
    document_id: ShortText
    page: Annotated[int | None, Field(ge=1, le=300)] = None
    reason: LongText = ""


class DecisionBody(Body):
    outcome: Literal["approve", "approve_in_part", "refuse", "ask", "send_on", "send_back", "not_accept"]
    reason_code: ShortText = ""
    reason: LongText = ""
    rows: Annotated[list[RowDecisionBody], Field(max_length=5000)] = []
    asks: Annotated[list[PageAskedBody], Field(max_length=100)] = []
    confirms: Annotated[
        dict[ShortText, bool], Field(max_length=20, description="Yes or no on each fact the stage is there to confirm")
    ] = {}
    group: Annotated[
        list[ShortText], Field(max_length=5000, description="People approved together: every rule must pass for each")
    ] = []
    undoable: Annotated[bool, Field(description="Its effects wait two minutes, in which it can be taken back")] = False


class ReasonBody(Body):
    reason: LongText = ""


class AssignBody(ReasonBody):
    officer: ShortText


class AssignManyBody(AssignBody):
    tasks: Annotated[list[ShortText], Field(min_length=1, max_length=100)]


class DraftBody(Body):
    words: Annotated[dict[ShortText, Value], Field(max_length=100, description="What was written, by field")]


class FactBody(Body):
    fact: Annotated[str, Field(min_length=1, max_length=100, examples=["suspension.ends_on"])]
    value: Annotated[Value, Field(description="What stands on the paper, in the form of the fact")]
    reason: Annotated[str, Field(min_length=1, max_length=1000, description="What was looked at")]
    person: Annotated[ShortText, Field(description="The person's key; empty for the dossier")] = ""


class WantedBody(Body):
    service: ShortText = ""
    stage: ShortText = ""
    route: ShortText = ""
    holder: ShortText = ""
    mark: Literal["", "overdue", "at_risk"] = ""
    older_than: Annotated[int, Field(ge=0, le=250)] = 0


class RelativeBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    relation: ShortText = ""
    id_number: ShortText = ""
    phone: ShortText = ""
    born: Annotated[str, Field(pattern=r"^$|^\d{4}-\d{2}-\d{2}$")] = ""


class ProfileBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_seen)]
    id_number: ShortText = ""
    phone: ShortText = ""
    email: ShortText = ""
    account: ShortText = ""
    address: LongText = ""
    relatives: Annotated[list[RelativeBody], Field(max_length=50)] = []


class ExportBody(Body):
    what: Literal["queue", "decisions"] = "queue"
    form: Literal["csv", "xlsx"] = "csv"
    unmask: Annotated[bool, Field(description="With whole identity numbers: needs a reason, which is kept")] = False
    reason: LongText = ""
    cursor: Annotated[str, Field(max_length=500, description="Where the next part begins")] = ""


class StatedBody(Body):
    status: Literal["match", "mismatch", "not_found"]
    facts: Annotated[dict[ShortText, Value], Field(max_length=20)] = {}
    mismatched: Annotated[list[ShortText], Field(max_length=20, description="Fields that differ, by id")] = []


class StatedOfPersonBody(StatedBody):
    key: Annotated[str, Field(min_length=1, max_length=200, description="The person, as the question names him")]


class ConfirmationBody(Body):
    document_id: Annotated[str, Field(max_length=200, description="The paper it rests on, sent and read before")]
    employer: Annotated[StatedBody | None, Field(description="Of the employer, where that was asked")] = None
    rows: Annotated[list[StatedOfPersonBody], Field(max_length=5000, description="Of every person asked about")] = []
