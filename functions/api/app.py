"""HTTP front door for integrators, applicants and officers. Routes stand in applicants.py, officers.py,
desk.py, administrators.py, papers.py, my_data.py, lookups.py, evidence.py, registries.py, public.py."""

from administrators import router as administrators
from answers import refuse_body, refuse_scope, register_errors
from applicants import router as applicants
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from desk import router as desk
from evidence import router as evidence
from lookups import router as lookups
from my_data import router as my_data
from officers import router as officers
from papers import router as papers
from public import register_public
from registries import router as registries

logger = Logger()
app = APIGatewayRestResolver(enable_validation=True)
register_errors(app, logger)
app.include_router(applicants)
app.include_router(officers)
app.include_router(desk)
app.include_router(administrators)
app.include_router(papers)
app.include_router(my_data)
app.include_router(lookups)
app.include_router(evidence)
app.include_router(registries)
register_public(app)


@logger.inject_lambda_context
def handler(event, context):
    """API Gateway's proxy event -> the answer; every error is a problem (RFC 9457)."""
    app.append_context(request_id=context.aws_request_id)
    return refuse_scope(event) or refuse_body(event) or app.resolve(event, context)
