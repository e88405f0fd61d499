"""The only place where ports meet adapters: plain functions, called once per container by each handler.

Heavy libraries stay behind the functions that need them, so that a handler's cold start loads only its own.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from adapters.settings import PretendedClock, Settings, TrueClock

if TYPE_CHECKING:
    from casework.agreement import SecondLook
    from casework.circuit import Limits
    from casework.ports import Clock, PageReader, Registry

    from adapters.accounts import Accounts
    from adapters.dead_letters import LetterQueues
    from adapters.files import Buckets
    from adapters.leaving import StateMachines, WorkQueues
    from adapters.lookups import LookupRows
    from adapters.messages import Mail, TextMessages
    from adapters.printing import Printer
    from adapters.registries.gate import CircuitTable
    from adapters.sessions import Sessions
    from adapters.store import CaseTable


def settings() -> Settings:
    return Settings.of(os.environ)


def clock(known: Settings) -> Clock:
    pretended = known.maybe("PRETEND_NOW")
    return PretendedClock(datetime.fromisoformat(pretended)) if pretended else TrueClock()


def second_look(known: Settings) -> SecondLook:
    """Which decisions a second officer makes again: every sum above the office's bound, and a share of the others."""
    from casework.agreement import SecondLook
    from casework.reasons import above_vnd

    return SecondLook(float(known.maybe("SECOND_LOOK_PERCENT") or 0), above_vnd())


def store(known: Settings) -> CaseTable:
    from adapters.store import CaseTable

    return CaseTable(_client("dynamodb"), known.need("CASES_TABLE"))


def sessions(known: Settings) -> Sessions:
    from adapters.sessions import Sessions

    return Sessions(_client("dynamodb"), known.need("CASES_TABLE"))


def lookups(known: Settings) -> LookupRows:
    from adapters.lookups import LookupRows

    return LookupRows(_client("dynamodb"), known.need("CASES_TABLE"))


def accounts(known: Settings) -> Accounts:
    """The user pool as people's browsers meet it; an identity provider elsewhere only where the template names one."""
    from adapters.accounts import Accounts

    client = _client("cognito-idp")
    return Accounts(client, known.need("PEOPLE_CLIENT_ID"), known.maybe("SIGN_IN_DOMAIN"), known.maybe("OIDC_PROVIDER"))


def files(known: Settings) -> Buckets:
    from adapters.files import Buckets

    return Buckets(
        _client("s3"), known.need("INCOMING_BUCKET"), known.need("PAGES_BUCKET"), known.need("EVIDENCE_BUCKET")
    )


def reader(known: Settings) -> PageReader:
    """Tesseract from its layer, started through the loader it brings along; the installed one where there is none.

    SIGNING_ROOTS names a file of the certificates whose digital signatures are believed; none without it."""
    from adapters.looking import LookingReader
    from adapters.reader import Reader

    home, roots = known.maybe("TESSERACT_HOME"), known.maybe("SIGNING_ROOTS") or ""
    if not home:
        return LookingReader(Reader(), roots)
    loader = (f"{home}/lib/ld-linux-x86-64.so.2", "--library-path", f"{home}/lib", f"{home}/bin/tesseract")
    return LookingReader(Reader(tesseract=loader, tessdata=f"{home}/share/tessdata"), roots)


def heard_of_another(metrics: Any) -> Callable[[str, str], None]:
    """What is called with registry and question when an answer is about somebody who was not asked: it tells the metric
    (Powertools' Metrics of the function) that the alarm looks at, and no word of the answer."""

    def heard(registry: str, question_id: str) -> None:
        metrics.add_metric(name="AnswersAboutAnother", unit="Count", value=1)
        metrics.add_metadata("registry", registry)
        metrics.add_metadata("question", question_id)
        metrics.flush_metrics()

    return heard


def registries(known: Settings, tell: Callable[[str, str], None]) -> Callable[[str], Registry]:
    """The connectors by name, each kind made once. KeyError for a name the table does not know.

    tell: hears of a registry that answered about somebody else: its name, and what it was asked."""
    from adapters.registries import HeardRegistry, ManualRegistry, kinds_of
    from adapters.registries.gate import Gate
    from adapters.registries.http import HttpRegistry
    from adapters.registries.identity import our_identity
    from adapters.registries.lists import ListRegistry, ListTable
    from adapters.registries.payments import PaymentsRegistry

    secrets, table = _client("secretsmanager"), _client("dynamodb")

    @functools.cache
    def secret(arn: str) -> str:
        return str(secrets.get_secret_value(SecretId=arn)["SecretString"])

    made: dict[str, Registry] = {
        "table": PaymentsRegistry(store(known), clock(known)),
        "list": ListRegistry(ListTable(table, known.need("REGISTRY_LISTS_TABLE"), clock(known))),
        "manual": ManualRegistry(),
        "http": HttpRegistry(
            known.need("REGISTRY_BASE_URL"),
            lambda: secret(known.need("REGISTRY_SECRET_ARN")),
            gate=Gate(circuits(known), limits(known)),
            identity=functools.cache(lambda: our_identity(secret(known.need("REGISTRY_IDENTITY_ARN")))),
        ),
    }
    kinds = kinds_of(known.maybe("REGISTRY_KINDS"))
    return lambda name: HeardRegistry(name, made[kinds[name]], tell)


def limits(known: Settings) -> Limits:
    """What a registry bears from all of us together."""
    from casework.circuit import Limits

    return Limits(
        calls_per_second=float(known.need("REGISTRY_CALLS_PER_SECOND")),
        first_pause_seconds=float(known.need("REGISTRY_PAUSE_SECONDS")),
    )


def answers_at(known: Settings) -> str:
    """The address under which registries send answers later."""
    return f"{known.need('PUBLIC_URL')}/registries"


def registry_answers_secret(known: Settings) -> Callable[[], str]:
    """The key that later answers are signed with, fetched once."""
    secrets = _client("secretsmanager")

    @functools.cache
    def secret() -> str:
        return str(secrets.get_secret_value(SecretId=known.need("REGISTRY_ANSWERS_SECRET_ARN"))["SecretString"])

    return secret


def circuits(known: Settings) -> CircuitTable:
    """How each registry fares, as all functions see it."""
    from adapters.registries.gate import CircuitTable

    return CircuitTable(_client("dynamodb"), known.need("CASES_TABLE"))


def workflows(known: Settings) -> StateMachines:
    from adapters.leaving import StateMachines

    machines = {
        "read_document": known.need("READ_DOCUMENT_MACHINE"),
        "process_dossier": known.need("PROCESS_DOSSIER_MACHINE"),
    }
    return StateMachines(_client("stepfunctions"), machines)


def bench(known: Settings) -> WorkQueues:
    from adapters.leaving import WorkQueues

    queues = {"issue_paper": "PAPERS_QUEUE", "bind_scan": "SCANS_QUEUE"}
    queues |= dict.fromkeys(("export_data", "erase_data"), "DATA_REQUESTS_QUEUE")
    return WorkQueues(_client("sqs"), {work: known.need(name) for work, name in queues.items()})


def dead_letters(known: Settings) -> LetterQueues:
    """Where messages wait that a function gave up on."""
    from adapters.dead_letters import LetterQueues, places_of

    return LetterQueues(_client("sqs"), places_of(known.need("DEAD_LETTERS")))


def printer(known: Settings) -> Printer:
    """Faces from their layer; those of the distribution where there is none."""
    from adapters.printing import Printer

    return Printer(known.maybe("FACES_HOME"))


def new_token() -> str:
    """What leads to a paper from the outside: not to be guessed."""
    import secrets

    from casework.issued import TOKEN_BYTES

    return secrets.token_urlsafe(TOKEN_BYTES)


def mail(known: Settings) -> Mail:
    from adapters.messages import Mail

    return Mail(_client("sesv2", tries=1), known.need("MAIL_SENDER"))


def text_messages(known: Settings) -> TextMessages:
    from adapters.messages import TextMessages

    return TextMessages(_client("sns", tries=1), known.maybe("SMS_SENDER"))


def _client(service: str, tries: int = 4) -> Any:
    import boto3
    from botocore.config import Config

    # Retries with jitter inside the deadline of the function; local endpoints know no bucket host names.
    s3: Any = {"addressing_style": "path"} if os.environ.get("AWS_ENDPOINT_URL") else {}
    config = Config(
        retries={"mode": "standard", "total_max_attempts": tries},
        connect_timeout=3,
        read_timeout=20,
        signature_version="s3v4" if service == "s3" else None,  # forms for uploads are signed with version 4 only
        s3=s3,
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]
