"""Pages for people with a browser. Applicants choose a service, file, see what was read, correct, hand in, follow,
answer; officers work at the desk.

They speak the verbs of casework.workflow, as the API does: no page knows a second truth. Pages stand in open_pages.py,
sign_in_pages.py, filing_pages.py, paper_pages.py, sending_pages.py, dossier_pages.py.
"""

import desk
import dossier_pages
import filing_pages
import list_pages
import lookup_pages
import my_data_pages
import open_pages
import paper_pages
import sending_pages
import sign_in_pages
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from casework.errors import IllegalTransition, NotFound, Refused, StaleVersion, problem, problems
from pages import asset_names, page
from visit import Forged, SignInFirst, visit_of

logger = Logger()
app = APIGatewayRestResolver()
asset_names()  # a package without its assets fails when it starts, not before a person


def visit():
    """The visit of the request being answered, made once."""
    found = app.context.get("visit")
    if found is None:
        found = visit_of(app.current_event)
        app.append_context(visit=found)
    return found


open_pages.register(app, visit)
list_pages.register(app, visit)
lookup_pages.register(app, visit)
my_data_pages.register(app, visit)
sign_in_pages.register(app, visit)
filing_pages.register(app, visit)
paper_pages.register(app, visit)
sending_pages.register(app, visit)
dossier_pages.register(app, visit)
desk.register(app, visit)


@logger.inject_lambda_context
def handler(event, context):
    """API Gateway's proxy event -> a page; what goes wrong is a page too, with what to do next."""
    app.append_context(request_id=context.aws_request_id)
    return app.resolve(event, context)


@app.exception_handler(SignInFirst)
def sign_in_first(error):
    return sign_in_pages.ask_to_sign_in(visit())


@app.exception_handler(Forged)
def forged(error):
    return page(visit(), "forged", 403)


@app.exception_handler(Refused)
def refused(error):
    return told(error.problem)


@app.exception_handler(NotFound)
def gone(error):
    return page(visit(), "not_found", 404)


@app.exception_handler(StaleVersion)
def busy(error):
    return told(problem("busy"))


@app.exception_handler(IllegalTransition)
def late(error):
    logger.warning("illegal transition", extra={"why": str(error)})
    return told(problem("dossier-not-open"))


@app.not_found
def unknown(error):
    return page(visit(), "not_found", 404)


@app.exception_handler(Exception)
def ours(error):
    logger.exception("our mistake")
    return told(problem("internal-error", request_id=app.context.get("request_id", "")))


def told(found):
    """A problem as a page, where no form can show it beside its field."""
    return page(visit(), "problem", problems()[found.type]["status"], problem=found)
