"""Creates what the template names: by moto's CloudFormation what that can, through the services' own interfaces the
rest, and whatever it leaves out. Learns every physical name and attribute, so that references can be resolved.
"""

from __future__ import annotations

import json
import re
import secrets
import string
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.template import ACCOUNT, BY_CLOUDFORMATION, REGION, STACK, NotCarried, Template, read_yaml

_PATIENCE = 20


class Stack:
    """One template being created. `client` gives the client of a service."""

    def __init__(self, template: Template, client: Callable[[str], Any]) -> None:
        self._template, self._client = template, client

    def know_names(self) -> None:
        """The names of what is played here are known before anything is created."""
        template = self._template
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

    def create_secrets(self) -> None:
        client = self._client("secretsmanager")
        for name, properties in self._template.of_type("AWS::SecretsManager::Secret").items():
            given = self._template.resolve(properties)
            value = given.get("SecretString")
            if value is None:
                value = _generated(given.get("GenerateSecretString", {}))
            secret = client.create_secret(Name=given.get("Name", name), SecretString=value)
            self._template.physical[name] = secret["ARN"]
            self._template.attributes[name, "Id"] = secret["ARN"]

    def create(self) -> None:
        """What moto's CloudFormation can create, with the references to the rest filled in."""
        template, client = self._template, self._client("cloudformation")
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
        template = self._template
        template.physical[name] = physical
        known = template.attributes
        if kind == "AWS::DynamoDB::Table":
            table = self._client("dynamodb").describe_table(TableName=physical)["Table"]
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

    def finish_buckets(self) -> None:
        """What moto's CloudFormation leaves out of buckets: notifications, CORS rules, object lock."""
        s3 = self._client("s3")
        for name, properties in self._template.of_type("AWS::S3::Bucket").items():
            given, bucket = self._template.resolve(properties), self._template.physical[name]
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

    def environment_of(self, function: str) -> dict[str, str]:
        properties = self._template.resources[function]["Properties"]
        given = self._template.resolve(properties.get("Environment", {}).get("Variables", {}))
        return {name: str(value) for name, value in given.items()} | self._on_this_machine(given)

    @staticmethod
    def _on_this_machine(given: Mapping[str, Any]) -> dict[str, str]:
        """Paths of layers do not exist here: the reader then takes the installed Tesseract."""
        return {name: "" for name, value in given.items() if str(value).startswith("/opt/")}

    def create_machine(self, name: str) -> str:
        """Create a state machine from its file, its `${Name}` places filled in. Returns its ARN."""
        machine, template = self._template.machines[name], self._template
        values = template.resolve(machine.substitutions)
        text = machine.path.read_text(encoding="utf-8")
        places = set(re.findall(r"\$\{(\w+)\}", text))
        if places != set(values):
            raise NotCarried(f"{machine.path.name}: places and substitutions differ: {sorted(places ^ set(values))}")
        text = re.sub(r"\$\{(\w+)\}", lambda match: str(values[match[1]]), text)
        role = template.resources[name]["Properties"]["RoleArn"]
        arn: str = self._client("stepfunctions").create_state_machine(
            name=template.attributes[name, "Name"],
            roleArn=template.resolve(role),
            definition=json.dumps(_patient(read_yaml(text))),
        )["stateMachineArn"]
        if arn != template.physical[name]:
            raise NotCarried(f"{name}: created as {arn}, expected {template.physical[name]}")
        return arn

    def verify_mail_domain(self) -> None:
        """On AWS somebody proves once that the domain is ours; here it is."""
        if domain := self._template.parameters.get("MailDomain"):
            self._client("ses").verify_domain_identity(Domain=domain)

    def secret(self, name: str) -> str:
        """The value of a secret of the template, by its logical id; empty where the template has none."""
        secret = self._template.physical.get(name)
        if secret is None:
            return ""
        value: str = self._client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        return value


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
