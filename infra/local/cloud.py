"""The whole stack of infra/template.yaml in this process: no Docker, no account, nothing left behind.

Puts together what the other modules of this package know: the template, moto behind its front door, the functions'
containers, the event sources, sign-in and the registries' stand-in. One cloud at a time can run in a process (moto
keeps its state per process); its data live exactly as long as it does.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import os
import re
import secrets
import string
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import boto3
import requests
from botocore.config import Config

from infra.local.containers import CallHook, Containers, HandlerFailed, Result
from infra.local.front_door import FrontDoor, serve_on_loopback
from infra.local.registries import StandIn
from infra.local.sign_in import Person, SignIn
from infra.local.sources import Sources
from infra.local.template import ACCOUNT, BY_CLOUDFORMATION, REGION, STACK, NotCarried, read_template, read_yaml, routes
from infra.local.uploads import Uploads

log = logging.getLogger("motcua.local")
TEMPLATE = Path(__file__).parents[1] / "template.yaml"
# Values of this machine; a parameter the template does not declare is left out.
_HERE = {"Stage": "local", "RegistryRetrySeconds": "1", "ReaderRetrySeconds": "1", "LogLevel": "WARNING"}
_PATIENCE = 20
_one_at_a_time = threading.Lock()


class Cloud:
    """A running stack. Use as a context manager, or `start` and `stop`.

    parameters: template parameters that differ from this machine's usual ones. schedules: whether scheduled
    functions run by the clock (else only by `tick`). now: the time signatures and expiries are checked against.
    log_to: where the functions' loggers write, instead of the standard output.
    """

    def __init__(
        self,
        parameters: Mapping[str, str] | None = None,
        *,
        template: Path = TEMPLATE,
        schedules: bool = False,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        log_to: TextIO | None = None,
    ) -> None:
        self._parameters, self._path, self._schedules = dict(parameters or {}), template, schedules
        self._now, self._log_to = now, log_to
        self._access_key, self._secret = "AKIALOCALRUN00000000", secrets.token_hex(20)
        self._cleanup = contextlib.ExitStack()
        self._people: tuple[Person, ...] = ()

    def __enter__(self) -> Cloud:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Cloud:
        """Create everything and begin to listen. Raises NotCarried when the template asks for more than is played."""
        if not _one_at_a_time.acquire(blocking=False):
            raise RuntimeError("one cloud at a time: another one is running in this process")
        self._cleanup.callback(_one_at_a_time.release)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop listening, end the executions, close the ports, forget all data. Safe to call twice."""
        self._cleanup.close()

    def _start(self) -> None:
        self.front = FrontDoor()
        server, thread = serve_on_loopback(self.front)
        self._cleanup.callback(thread.join, 5)
        self._cleanup.callback(server.server_close)
        self._cleanup.callback(server.shutdown)
        self.endpoint = f"http://127.0.0.1:{server.port}"
        self._cleanup.enter_context(_environment(self._aws_environment(server.port)))
        self._session = boto3.Session(self._access_key, self._secret, region_name=REGION)
        self._moto("reset")
        self._cleanup.callback(self._moto, "reset")
        self._moto("config", {"stepfunctions": {"execute_state_machine": True}})
        self.registries = self._cleanup.enter_context(StandIn())

        here = {**_HERE, "RegistryBaseUrl": self.registries.base_url}
        self.template = read_template(self._path, self._parameters, here)
        self.routes = routes(self.template)
        self.sign_in = SignIn(self.template, self.client("cognito-idp"), self.endpoint)
        self._know_names()
        self._create_secrets()
        self.sign_in.create()
        self._create_stack()
        self._finish_buckets()

        self.containers = Containers(
            code=self.template.code,
            names={name: self.template.physical[name] for name in self.template.code},
            environment={name: self._environment_of(name) for name in self.template.code},
            log_to=self._log_to,
        )
        boto3.DEFAULT_SESSION = self.containers.session()  # for clients that handlers make when first needed
        boto3.client("lambda"), boto3.client("stepfunctions")  # the interpreter's threads would race for the models
        self.sign_in.containers = self.containers
        self.machines = {name: self._create_machine(name) for name in self.template.machines}
        self.sources = Sources(
            self.template, self.containers, self.client, self.front.queues, self.front.streams, self._schedules
        )
        self.front.containers, self.front.sign_in = self.containers, self.sign_in
        self._verify_mail_domain()
        self.front.asynchronously = self.sources.asynchronously
        self.front.uploads = Uploads(self.client("s3"), self._access_key, self._secret, self._now)
        self.registries.secret = self._registry_secret()
        self.sources.start()
        self._cleanup.callback(self._end_executions)
        self._cleanup.callback(self.sources.stop)

    def _aws_environment(self, port: int) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "MOTO_PORT": str(port),
            "AWS_ACCESS_KEY_ID": self._access_key,
            "AWS_SECRET_ACCESS_KEY": self._secret,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def _moto(self, what: str, body: Any = None) -> None:
        requests.post(f"{self.endpoint}/moto-api/{what}", json=body, timeout=10).raise_for_status()

    def client(self, service: str) -> Any:
        """A client of an AWS service of this stack. Its calls are not counted in `calls`."""
        signature = {"signature_version": "s3v4"} if service == "s3" else {}  # else grants are signed the old way
        config = Config(retries={"max_attempts": 1, "mode": "standard"}, max_pool_connections=50, **signature)
        return self._session.client(service, endpoint_url=self.endpoint, config=config)

    # ── creating ────────────────────────────────────────────────────────────────────────────────────────────────

    def _know_names(self) -> None:
        """The names of what is played here are known before anything is created."""
        template = self.template
        for name, properties in template.of_type("AWS::Lambda::Function").items():
            given = str(template.resolve(properties["FunctionName"]))
            template.physical[name] = given
            template.attributes[name, "Arn"] = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{given}"
        for name, machine in template.machines.items():
            given = str(template.resolve(machine.name))
            template.physical[name] = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{given}"
            template.attributes[name, "Arn"] = template.physical[name]
            template.attributes[name, "Name"] = given
        for name in template.of_type("AWS::ApiGateway::RestApi"):
            template.physical[name] = "local"
            template.attributes[name, "RootResourceId"] = "local"

    def _create_secrets(self) -> None:
        client = self.client("secretsmanager")
        for name, properties in self.template.of_type("AWS::SecretsManager::Secret").items():
            given = self.template.resolve(properties)
            value = given.get("SecretString")
            if value is None:
                value = _generated(given.get("GenerateSecretString", {}))
            secret = client.create_secret(Name=given.get("Name", name), SecretString=value)
            self.template.physical[name] = secret["ARN"]
            self.template.attributes[name, "Id"] = secret["ARN"]

    def _create_stack(self) -> None:
        """What moto's CloudFormation can create, with the references to the rest filled in."""
        template, client = self.template, self.client("cloudformation")
        kept = {
            name: {key: value for key, value in resource.items() if key in ("Type", "Properties")}
            for name, resource in template.resources.items()
            if resource["Type"] in BY_CLOUDFORMATION
        }
        body = {
            "Resources": template.fill_in(kept),
            "Conditions": template.conditions,
            "Mappings": template.mappings,
            "Parameters": {name: {"Type": "String"} for name in template.parameters},
        }
        client.create_stack(
            StackName=STACK,
            TemplateBody=json.dumps(body, default=str),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in template.parameters.items()],
        )
        created = client.describe_stack_resources(StackName=STACK)["StackResources"]
        if missing := set(kept) - {resource["LogicalResourceId"] for resource in created}:
            raise NotCarried(f"moto did not create {', '.join(sorted(missing))}")
        for resource in created:
            self._learn(resource["LogicalResourceId"], resource["ResourceType"], resource["PhysicalResourceId"])

    def _learn(self, name: str, kind: str, physical: str) -> None:
        template = self.template
        template.physical[name] = physical
        known = template.attributes
        if kind == "AWS::DynamoDB::Table":
            table = self.client("dynamodb").describe_table(TableName=physical)["Table"]
            known[name, "Arn"] = table["TableArn"]
            known[name, "StreamArn"] = table.get("LatestStreamArn", "")
        elif kind == "AWS::S3::Bucket":
            known[name, "Arn"] = f"arn:aws:s3:::{physical}"
        elif kind == "AWS::SQS::Queue":
            known[name, "QueueName"] = physical.rsplit("/", 1)[-1]
            known[name, "Arn"] = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{known[name, 'QueueName']}"
        elif kind == "AWS::IAM::Role":
            known[name, "Arn"] = f"arn:aws:iam::{ACCOUNT}:role/{physical}"
        elif kind == "AWS::KMS::Key":
            known[name, "Arn"] = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{physical}"
        elif kind == "AWS::SNS::Topic":
            known[name, "TopicName"] = physical.rsplit(":", 1)[-1]
        elif kind == "AWS::Logs::LogGroup":
            known[name, "Arn"] = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{physical}:*"

    def _finish_buckets(self) -> None:
        """What moto's CloudFormation leaves out of buckets: notifications, CORS rules, object lock."""
        s3 = self.client("s3")
        for name, properties in self.template.of_type("AWS::S3::Bucket").items():
            given, bucket = self.template.resolve(properties), self.template.physical[name]
            cors = given.get("CorsConfiguration", {}).get("CorsRules")
            if cors:
                names = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
                rules = [{names.get(key, key): value for key, value in rule.items()} for rule in cors]
                s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
            if "VersioningConfiguration" in given:
                s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=given["VersioningConfiguration"])
            if "ObjectLockConfiguration" in given:
                lock = {"Bucket": bucket, "ObjectLockConfiguration": given["ObjectLockConfiguration"]}
                s3.put_object_lock_configuration(**_with_numbers(lock))
            notification = given.get("NotificationConfiguration", {})
            if unknown := set(notification) - {"QueueConfigurations"}:
                raise NotCarried(f"{name}: {', '.join(unknown)}; the local runner carries notifications to queues")
            queues = [
                {
                    "QueueArn": item["Queue"],
                    "Events": [item["Event"]],
                    **({"Filter": _api_filter(item["Filter"])} if "Filter" in item else {}),
                }
                for item in notification.get("QueueConfigurations", [])
            ]
            if queues:
                s3.put_bucket_notification_configuration(
                    Bucket=bucket, NotificationConfiguration={"QueueConfigurations": queues}
                )

    def _environment_of(self, function: str) -> dict[str, str]:
        properties = self.template.resources[function]["Properties"]
        given = self.template.resolve(properties.get("Environment", {}).get("Variables", {}))
        return {name: str(value) for name, value in given.items()} | self._on_this_machine(given)

    @staticmethod
    def _on_this_machine(given: Mapping[str, Any]) -> dict[str, str]:
        """Paths of layers do not exist here: the reader then takes the installed Tesseract."""
        return {name: "" for name, value in given.items() if str(value).startswith("/opt/")}

    def _create_machine(self, name: str) -> str:
        """Create a state machine from its file, its `${Name}` places filled in. Returns its ARN."""
        machine, template = self.template.machines[name], self.template
        values = template.resolve(machine.substitutions)
        text = machine.path.read_text(encoding="utf-8")
        places = set(re.findall(r"\$\{(\w+)\}", text))
        if places != set(values):
            raise NotCarried(f"{machine.path.name}: places and substitutions differ: {sorted(places ^ set(values))}")
        text = re.sub(r"\$\{(\w+)\}", lambda match: str(values[match[1]]), text)
        role = template.resources[name]["Properties"]["RoleArn"]
        arn: str = self.client("stepfunctions").create_state_machine(
            name=template.attributes[name, "Name"],
            roleArn=template.resolve(role),
            definition=json.dumps(_patient(read_yaml(text))),
        )["stateMachineArn"]
        if arn != template.physical[name]:
            raise NotCarried(f"{name}: created as {arn}, expected {template.physical[name]}")
        return arn

    def _verify_mail_domain(self) -> None:
        """On AWS somebody proves once that the domain is ours; here it is."""
        if domain := self.template.parameters.get("MailDomain"):
            self.client("ses").verify_domain_identity(Domain=domain)

    def _registry_secret(self) -> str:
        secret = self.template.physical.get("RegistrySecret")
        if secret is None:
            return ""
        value: str = self.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        return value

    # ── using ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        return {name: str(self.template.resolve(output["Value"])) for name, output in self.template.outputs.items()}

    @property
    def calls(self) -> Counter[tuple[str, str, str]]:
        """AWS calls made by handlers, by (function's logical id, service, operation). Clear it to begin anew."""
        return self.containers.calls

    def environment(self, function: str) -> dict[str, str]:
        """The environment a function is given. Change it before `reload`."""
        return self.containers.environment[function]

    def reload(self) -> None:
        """Let every function start cold at its next call, with its environment as it is now."""
        self.containers.reload()

    @contextlib.contextmanager
    def on_call(self, hook: CallHook) -> Iterator[None]:
        """Within the block, call `hook` before and after each AWS call of any handler; what it raises, the handler
        meets at that call (a BaseException that is no Exception kills the container)."""
        self.containers.hooks.append(hook)
        try:
            yield
        finally:
            self.containers.hooks.remove(hook)

    def invoke(self, function: str, event: Any) -> Any:
        """Call a function by its logical id and wait for its answer. Raises HandlerFailed."""
        result = self.containers.invoke(function, event)
        if result.failed:
            raise HandlerFailed(result.error)
        return result.payload

    def tick(self, function: str | None = None) -> dict[str, Result]:
        """Run what is scheduled once, now: all of it, or one function's."""
        return self.sources.tick(function)

    def people(self) -> tuple[Person, ...]:
        """Accounts to sign in with, one of each kind; opened at the first call."""
        if not self._people:
            self._people = self.sign_in.open_accounts()
        return self._people

    def executions(self, status: str | None = None) -> list[dict[str, Any]]:
        """Executions of all machines, newest data last; `status` as Step Functions names it."""
        states, found = self.client("stepfunctions"), []
        for arn in self.machines.values():
            given = {"stateMachineArn": arn, **({"statusFilter": status} if status else {})}
            for page in states.get_paginator("list_executions").paginate(**given):
                found.extend(page["executions"])
        return found

    def drain(self, timeout: float = 60.0) -> None:
        """Wait until nothing moves: no call, no message, no stream record, every execution ended or waiting for a
        person. Raises TimeoutError naming what still moves."""
        ends, quiet = time.monotonic() + timeout, 0
        while quiet < 2:
            moving = self._moving()
            quiet = 0 if moving else quiet + 1
            if moving and time.monotonic() > ends:
                raise TimeoutError(f"still moving after {timeout:g} s: {moving}")
            time.sleep(0.02)

    def _moving(self) -> str:
        if self.containers.busy:
            return f"{self.containers.busy} calls"
        if not self.sources.idle:
            return "messages or stream records"
        states = self.client("stepfunctions")
        for execution in self.executions("RUNNING"):
            events = states.get_execution_history(executionArn=execution["executionArn"])["events"]
            if not events or events[-1]["type"] != "TaskSubmitted":
                return f"execution {execution['name']}, at {events[-1]['type'] if events else 'its start'}"
        return "calls" if self.containers.busy else ""

    def _end_executions(self) -> None:
        states = self.client("stepfunctions")
        for execution in self.executions("RUNNING"):
            states.stop_execution(executionArn=execution["executionArn"], error="Stopped", cause="the local run ends")


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    session, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = session
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _generated(rule: Mapping[str, Any]) -> str:
    letters = string.ascii_letters + string.digits
    if not rule.get("ExcludePunctuation"):
        letters += "!#$%&*+-=?@^_~"
    value = "".join(secrets.choice(letters) for _ in range(int(rule.get("PasswordLength", 32))))
    if "SecretStringTemplate" in rule:
        return json.dumps({**json.loads(rule["SecretStringTemplate"]), rule["GenerateStringKey"]: value})
    return value


def _patient(definition: Any) -> Any:
    """The same machine with longer task timeouts. One machine does here what many do on AWS: a call may wait for a
    processor, which is not the function's fault; the function's own timeout holds. Waiting for people is left alone."""
    if isinstance(definition, list):
        return [_patient(item) for item in definition]
    if not isinstance(definition, dict):
        return definition
    longer = {key: _patient(value) for key, value in definition.items()}
    if longer.get("Resource", "").endswith(":lambda:invoke") and "TimeoutSeconds" in longer:
        longer["TimeoutSeconds"] *= _PATIENCE
    return longer


def _with_numbers(value: Any) -> Any:
    """The same with digits as numbers: CloudFormation takes both, the API does not."""
    if isinstance(value, dict):
        return {key: _with_numbers(item) for key, item in value.items()}
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _api_filter(given: Mapping[str, Any]) -> dict[str, Any]:
    rules = [{"Name": rule["Name"], "Value": rule["Value"]} for rule in given["S3Key"]["Rules"]]
    return {"Key": {"FilterRules": rules}}
