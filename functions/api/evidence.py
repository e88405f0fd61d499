"""The route of a decision's evidence: one file that anybody can check offline (`motcua verify`)."""

import hashlib

from answers import answer
from applicants import seen
from aws_lambda_powertools.event_handler.api_gateway import Router
from casework.workflow.evidence import bundle
from world import files, officer_of, store

router = Router()


@router.get(
    "/v1/dossiers/<dossier_id>/evidence",
    summary="A link to a decision's evidence as one ZIP that anybody can check, good for five minutes",
    tags=["dossiers"],
)
def show_evidence(dossier_id: str):
    dossier = seen(dossier_id)
    officer_of(router.current_event)
    packed = bundle(dossier, store=store, files=files)
    sha256 = hashlib.sha256(packed).hexdigest()
    key = f"bundles/{dossier_id}/{sha256}.zip"
    files.put_bundle(key, packed)
    told = {
        "url": files.bundle_link(key, f"{dossier.code}.zip"),
        "sha256": sha256,
        "size_bytes": len(packed),
        "audit_head": dossier.audit_hash,
    }
    return answer(told, version=dossier.version)
