"""Routes of officers to registries: what was asked and answered, asking anew, and confirming by hand with a paper."""

from answers import answer
from aws_lambda_powertools.event_handler.api_gateway import Router
from bodies import ConfirmationBody, FileBody
from casework.plain import to_plain
from casework.workflow import confirming
from casework.workflow.admission import FileToSend
from views import document_view
from world import clock, expected_version, files, idempotency_key, officer_of, store

router = Router()


@router.get(
    "/v1/tasks/<task_id>/registries/<registry>",
    summary="What a registry was asked, and every answer it gave",
    tags=["tasks"],
)
def show_registry(task_id: str, registry: str):
    dossier, question, consulted = confirming.look(
        task_id, registry, officer_of(router.current_event), store=store, files=files
    )
    body = {
        "registry": registry,
        "status": consulted.status,
        "reason": consulted.reason or None,
        "attempts": consulted.attempts,
        "asked_again_at": consulted.due or None,
        "question": to_plain(question),
        "answers": [
            {**to_plain(given), "counts": given.key == consulted.key, "answer": files.evidence(given.key)["answer"]}
            for given in consulted.answers
        ],
        "papers": [document_view(document) for document in dossier.documents if document.by_officer],
    }
    return answer(body, version=dossier.version)


@router.post(
    "/v1/tasks/<task_id>/registries/<registry>/ask", summary="Have a registry asked again, soon", tags=["tasks"]
)
def ask_anew(task_id: str, registry: str):
    actor = officer_of(router.current_event)
    confirming.ask_anew(task_id, registry, actor, store=store, files=files, clock=clock)
    return show_registry(task_id, registry)


@router.post("/v1/tasks/<task_id>/papers", summary="Announce a paper that confirms something", tags=["tasks"])
def send_paper(task_id: str, body: FileBody):
    event = router.current_event
    file = FileToSend(body.file_name, body.size_bytes, body.sha256.lower(), body.media_type)
    document, upload, grant = confirming.send_paper(
        task_id, file, officer_of(event), idempotency_key(event), store=store, files=files, clock=clock
    )
    return answer({"document_id": document.id, "upload_id": upload.id, "upload": to_plain(grant)}, 201)


@router.post(
    "/v1/tasks/<task_id>/registries/<registry>/confirmation",
    summary="State what an agency confirmed on paper",
    tags=["tasks"],
)
def confirm_by_hand(task_id: str, registry: str, body: ConfirmationBody):
    stated = [confirming.Stated(**row.model_dump()) for row in body.rows]
    if body.employer is not None:
        stated.append(confirming.Stated(key="", **body.employer.model_dump()))
    confirming.confirm_by_hand(
        task_id,
        registry,
        body.document_id,
        stated,
        officer_of(router.current_event),
        expected_version(router.current_event),
        store=store,
        files=files,
        clock=clock,
    )
    return show_registry(task_id, registry)
