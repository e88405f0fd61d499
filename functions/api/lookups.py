"""Routes for whoever has a dossier's code and no sign-in: ask for six digits, and see with them where it stands."""

from answers import answer
from aws_lambda_powertools.event_handler.api_gateway import Router
from bodies import LookupAnswerBody, LookupBody
from casework.workflow import looking_up
from world import clock, lookups, store

router = Router()


@router.post("/v1/lookups", summary="Ask for the digits that open a dossier, by its code", tags=["public"])
def ask(body: LookupBody):
    """The answer is the same whether there is such a dossier or not."""
    code = looking_up.ask(body.code, _visitor(), lookups=lookups)
    said = {
        "vi": "Nếu có hồ sơ mang mã này, 6 chữ số đã được gửi đến điện thoại hoặc email ghi trong hồ sơ.",
        "en": "If there is a dossier with this code, six digits were sent to the phone or e-mail address named in it.",
    }
    return answer({"code": code, "says": said, "good_for_seconds": 600}, 202)


@router.post("/v1/lookups/answers", summary="Where the dossier stands, for its code and the digits", tags=["public"])
def open_dossier(body: LookupAnswerBody):
    """Nothing about people: code, service, state, office, days, how much is asked for."""
    dossier_id = looking_up.answer(body.code, body.digits, _visitor(), lookups=lookups)
    return answer(looking_up.standing(store.load(dossier_id), clock))


def _visitor():
    return router.current_event.request_context.identity.source_ip or ""
