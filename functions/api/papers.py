"""Routes of the papers an office handed out: those of a dossier, one of them to be fetched, and any to be confirmed."""

from answers import answer
from applicants import seen, seen_document
from aws_lambda_powertools.event_handler.api_gateway import Router
from casework.errors import NotFound, Refused, problem
from casework.forms import catalogue
from casework.offices import offices
from casework.plain import to_plain
from casework.workflow import issuing
from casework.workflow.binding import scan_key
from world import files, public_url, store

router = Router()


@router.get("/v1/dossiers/<dossier_id>/papers", summary="Papers handed out for a dossier", tags=["papers"])
def list_papers(dossier_id: str):
    dossier = seen(dossier_id)
    items = [paper_view(dossier_id, paper) for _, paper in issuing.issued_papers(dossier_id, store=store)]
    return answer({"items": items}, version=dossier.version)


@router.get(
    "/v1/dossiers/<dossier_id>/papers/<paper_id>",
    summary="A paper with a link to its PDF, good for five minutes",
    tags=["papers"],
)
def show_paper(dossier_id: str, paper_id: str):
    dossier = seen(dossier_id)
    paper = issuing.find_issued(dossier_id, paper_id, store=store)
    link = files.paper_link(paper.key, f"{paper.kind}-{paper.number.partition('/')[0]}.pdf")
    return answer({**paper_view(dossier_id, paper), "pdf_url": link}, version=dossier.version)


@router.get(
    "/v1/dossiers/<dossier_id>/documents/<document_id>/searchable",
    summary="A link to a paper's pages as one searchable PDF, good for five minutes",
    tags=["documents"],
)
def show_searchable(dossier_id: str, document_id: str):
    _, document = seen_document(dossier_id, document_id)
    key = scan_key(document)
    if not files.has_scan(key):
        raise NotFound(document_id)
    return answer({"document_id": document_id, "pdf_url": files.scan_link(key, f"{document_id}.pdf")})


@router.get("/v1/papers/<token>", summary="Is a paper genuine? Without sign-in, without personal data", tags=["public"])
def confirm_paper(token: str):
    try:
        paper = issuing.confirm_paper(token, store=store)
    except NotFound:
        raise Refused(problem("paper-unknown")) from None
    return answer(
        {
            **told(paper),
            "size_bytes": paper.size_bytes,
            "pages": paper.pages,
            "links": {"page": f"{public_url}/xac-minh/{paper.token}"},
        }
    )


def told(paper):
    """What anybody may know of a paper."""
    form, office = catalogue.form(paper.kind), offices().get(paper.office)
    return {
        "kind": paper.kind,
        "title": to_plain(form.title),
        "office": {"code": paper.office, **(to_plain(office.title) if office else {"vi": paper.office, "en": ""})},
        "number": paper.number,
        "code": paper.code,
        "issued_on": paper.issued_on,
        "validity": paper.validity,
        "replaced_by": paper.replaced_by or None,
        "sha256": paper.sha256,
        "to_be_confirmed": not form.confirmed,
    }


def paper_view(dossier_id, paper):
    """A paper as those who may see its dossier see it."""
    return {
        "paper_id": paper.id,
        **told(paper),
        "issued_at": paper.issued_at,
        "size_bytes": paper.size_bytes,
        "pages": paper.pages,
        "links": {
            "self": f"/v1/dossiers/{dossier_id}/papers/{paper.id}",
            "confirm": f"/v1/papers/{paper.token}",
            "page": f"{public_url}/xac-minh/{paper.token}",
        },
    }
