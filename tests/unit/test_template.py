"""What infra/template.yaml promises about what it keeps: nothing in the clear, nothing lost in silence."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from adapters import wiring
from casework.worklist import MARKS

from tests.template_file import ROOT, Promises, events, functions, mentions, of_type, properties

Template = dict[str, Any]

promise = Promises()
MACHINE_METRICS = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")


# ── Storage ──────────────────────────────────────────────────────────────────


@promise(
    lambda t: properties(t, "CasesTable").pop("PointInTimeRecoverySpecification"),
    lambda t: properties(t, "CasesTable")["SSESpecification"].update(SSEEnabled=False),
    lambda t: t["Resources"]["RegistryListsTable"].pop("UpdateReplacePolicy"),
)
def tables_outlive_mistakes(t: Template) -> Iterator[str]:
    for name, table in of_type(t, "AWS::DynamoDB::Table").items():
        had = table["Properties"]
        if had.get("PointInTimeRecoverySpecification") != {"PointInTimeRecoveryEnabled": True}:
            yield f"{name}: no point-in-time recovery"
        if had.get("SSESpecification", {}).get("SSEEnabled") is not True:
            yield f"{name}: not encrypted with a key on record"
        if {table.get("DeletionPolicy"), table.get("UpdateReplacePolicy")} != {"Retain"}:
            yield f"{name}: goes with the stack"


@promise(
    lambda t: properties(t, "CasesTable")["StreamSpecification"].update(StreamViewType="KEYS_ONLY"),
    lambda t: properties(t, "CasesTable")["GlobalSecondaryIndexes"].pop(),
    lambda t: properties(t, "CasesTable").pop("TimeToLiveSpecification"),
)
def tables_have_the_shape_the_store_relies_on(t: Template) -> Iterator[str]:
    cases = properties(t, "CasesTable")
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in cases["GlobalSecondaryIndexes"]
        if index["Projection"] == {"ProjectionType": "ALL"}
    }
    marks = {f"by_{mark}": [f"queue_{mark}", "queue_order"] for mark in MARKS}
    if indexes != {"by_queue": ["queue", "queue_order"], "by_owner": ["owner", "owner_order"], **marks}:
        yield f"CasesTable: indexes {indexes}"
    if cases["StreamSpecification"] != {"StreamViewType": "NEW_IMAGE"}:
        yield "CasesTable: the relay needs new images"
    if cases.get("TimeToLiveSpecification") != {"AttributeName": "expires_at", "Enabled": True}:
        yield "CasesTable: no time to live by expires_at"


@promise(
    lambda t: properties(t, "PagesBucket")["PublicAccessBlockConfiguration"].update(BlockPublicPolicy=False),
    lambda t: properties(t, "IncomingBucket").pop("BucketEncryption"),
    lambda t: properties(t, "IncomingBucket").pop("VersioningConfiguration"),
    lambda t: properties(t, "PagesBucket").pop("LifecycleConfiguration"),
    lambda t: properties(t, "PagesBucket").pop("OwnershipControls"),
    lambda t: t["Resources"]["EvidenceBucket"].update(DeletionPolicy="Delete"),
)
def buckets_are_closed_encrypted_and_versioned(t: Template) -> Iterator[str]:
    closed = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    for name, bucket in of_type(t, "AWS::S3::Bucket").items():
        had = bucket["Properties"]
        if had.get("PublicAccessBlockConfiguration") != closed:
            yield f"{name}: can be opened to the public"
        if had.get("OwnershipControls") != {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}:
            yield f"{name}: access lists count"
        if had.get("VersioningConfiguration") != {"Status": "Enabled"}:
            yield f"{name}: an overwritten paper is gone"
        for sealed in had.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [{}]):
            if not mentions(sealed.get("ServerSideEncryptionByDefault", {}).get("KMSMasterKeyID"), "PapersKey"):
                yield f"{name}: not sealed with the papers' key"
        kept = had.get("LifecycleConfiguration", {}).get("Rules", [])
        if not any("AbortIncompleteMultipartUpload" in one and one["Status"] == "Enabled" for one in kept):
            yield f"{name}: half-sent uploads stay for ever"
        if {bucket.get("DeletionPolicy"), bucket.get("UpdateReplacePolicy")} != {"Retain"}:
            yield f"{name}: goes with the stack"


@promise(
    lambda t: t["Resources"].pop("PagesBucketPolicy"),
    lambda t: properties(t, "PagesBucketPolicy")["PolicyDocument"]["Statement"][0].update(Effect="Allow"),
    lambda t: properties(t, "PagesBucketPolicy")["PolicyDocument"]["Statement"][0].update(
        Condition={"Bool": {"aws:SecureTransport": True}}
    ),
)
def buckets_refuse_open_connections(t: Template) -> Iterator[str]:
    guarded = {
        policy["Properties"]["Bucket"]["Ref"]
        for policy in of_type(t, "AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
        and len(statement["Resource"]) == 2
    }
    yield from set(of_type(t, "AWS::S3::Bucket")) - guarded


@promise(
    lambda t: t["Mappings"]["Stages"]["prod"].update(EvidenceLock="GOVERNANCE"),
    lambda t: t["Mappings"]["Stages"]["prod"].update(EvidenceDays=30),
    lambda t: properties(t, "EvidenceBucket").pop("ObjectLockConfiguration"),
)
def evidence_cannot_be_removed_in_production(t: Template) -> Iterator[str]:
    kept = properties(t, "EvidenceBucket").get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
    if kept != {
        "Mode": {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "EvidenceLock"]},
        "Days": {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "EvidenceDays"]},
    }:
        yield "evidence has no lock by default"
    prod = t["Mappings"]["Stages"]["prod"]
    if prod["EvidenceLock"] != "COMPLIANCE" or prod["EvidenceDays"] < 3650:
        yield f"production: {prod}"


@promise(
    lambda t: properties(t, "IncomingBucket")["CorsConfiguration"]["CorsRules"][0].update(AllowedOrigins=["*"]),
    lambda t: properties(t, "IncomingBucket")["NotificationConfiguration"]["QueueConfigurations"][0].pop("Filter"),
)
def uploads_come_from_our_pages_and_are_announced(t: Template) -> Iterator[str]:
    incoming = properties(t, "IncomingBucket")
    for one in incoming["CorsConfiguration"]["CorsRules"]:
        if one["AllowedOrigins"] != [{"Ref": "PublicUrl"}] or one["AllowedMethods"] != ["POST"]:
            yield f"any page may upload: {one}"
    for one in incoming["NotificationConfiguration"]["QueueConfigurations"]:
        if "uploads/" not in str(one.get("Filter")) or not mentions(one["Queue"], "UploadEventsQueue"):
            yield f"announced wrongly: {one}"


# ── Nothing is lost in silence ───────────────────────────────────────────────


def dead_letter_queues(t: Template) -> set[str]:
    """Queues that something else falls into."""
    queues = of_type(t, "AWS::SQS::Queue")
    targets: list[Any] = [queue["Properties"].get("RedrivePolicy") for queue in queues.values()]
    targets += [one.get("DestinationConfig") for kind in ("DynamoDB", "SQS") for _, _, one in events(t, kind)]
    targets += [function.get("EventInvokeConfig") for function in functions(t).values()]
    return {name for name in queues if mentions(targets, name)}


@promise(
    lambda t: properties(t, "UploadEventsQueue").pop("RedrivePolicy"),
    lambda t: properties(t, "UploadEventsQueue")["RedrivePolicy"].update(maxReceiveCount=1),
    lambda t: properties(t, "OutboxDeadLetters").pop("SqsManagedSseEnabled"),
    lambda t: t["Resources"].update(Forgotten={"Type": "AWS::SQS::Queue", "Properties": {}}),
)
def queues_have_dead_letters_and_encryption(t: Template) -> Iterator[str]:
    last_resort = dead_letter_queues(t)
    for name, queue in of_type(t, "AWS::SQS::Queue").items():
        had = queue["Properties"]
        if had.get("SqsManagedSseEnabled") is not True:
            yield f"{name}: not encrypted"
        redrive = had.get("RedrivePolicy")
        if redrive is None and name not in last_resort:
            yield f"{name}: no dead letters"
        if redrive is not None and redrive["maxReceiveCount"] < 5:
            yield f"{name}: gives up after {redrive['maxReceiveCount']} tries"


@promise(
    lambda t: properties(t, "UploadEventsQueue").update(VisibilityTimeout=179),
    lambda t: properties(t, "AcceptUploadFunction").update(Timeout=31),
)
def queues_wait_six_times_as_long_as_their_function(t: Template) -> Iterator[str]:
    for function, event, had in events(t, "SQS"):
        queue = properties(t, had["Queue"]["Fn::GetAtt"][0])
        if queue.get("VisibilityTimeout", 30) < 6 * functions(t)[function]["Timeout"]:
            yield f"{function}.{event}: a message comes back while it is being worked on"


@promise(
    lambda t: properties(t, "AcceptUploadFunction")["Events"]["Uploads"]["Properties"].pop("FunctionResponseTypes"),
    lambda t: properties(t, "RelayOutboxFunction")["Events"]["Outbox"]["Properties"].pop("FunctionResponseTypes"),
)
def batches_report_what_failed(t: Template) -> Iterator[str]:
    for kind in ("SQS", "DynamoDB"):
        for function, event, had in events(t, kind):
            if had.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
                yield f"{function}.{event}: one bad record takes its batch along"


@promise(
    lambda t: properties(t, "RelayOutboxFunction")["Events"]["Outbox"]["Properties"].pop("DestinationConfig"),
    lambda t: properties(t, "RelayOutboxFunction")["Events"]["Outbox"]["Properties"].pop("MaximumRetryAttempts"),
    lambda t: properties(t, "RelayOutboxFunction")["Events"]["Outbox"]["Properties"].pop("FilterCriteria"),
    lambda t: properties(t, "RelayOutboxFunction")["Events"].pop("Stragglers"),
    lambda t: properties(t, "WatchDeadlinesFunction").pop("EventInvokeConfig"),
)
def the_relay_and_the_watch_cannot_stop_unheard(t: Template) -> Iterator[str]:
    for function, event, had in events(t, "DynamoDB"):
        if not had.get("BisectBatchOnFunctionError") or not 0 < had.get("MaximumRetryAttempts", -1) <= 10:
            yield f"{function}.{event}: a bad record blocks the stream"
        if not mentions(had.get("DestinationConfig"), "OutboxDeadLetters"):
            yield f"{function}.{event}: what it gives up on is not kept"
        if "OUTBOX#" not in str(had.get("FilterCriteria")):
            yield f"{function}.{event}: woken by every row"
    scheduled = {function: had for function, _, had in events(t, "Schedule")}
    yield from {"RelayOutboxFunction", "WatchDeadlinesFunction"} - set(scheduled)
    for function in scheduled:
        if not mentions(functions(t)[function].get("EventInvokeConfig"), "ScheduleDeadLetters"):
            yield f"{function}: a scheduled run fails unheard"


def alarms(t: Template) -> list[dict[str, Any]]:
    return [alarm["Properties"] for alarm in of_type(t, "AWS::CloudWatch::Alarm").values()]


@promise(
    lambda t: t["Resources"].pop("ScheduleDeadLettersAlarm"),
    lambda t: t["Resources"].pop("ProcessDossierTimedOutAlarm"),
    lambda t: t["Resources"].pop("RelayLagAlarm"),
    lambda t: t["Resources"].pop("ApiFaultAlarm"),
    lambda t: properties(t, "OutboxDeadLettersAlarm").update(Threshold=100),
    lambda t: properties(t, "ReadDocumentFailedAlarm").update(AlarmActions=[]),
)
def whatever_fails_rings(t: Template) -> Iterator[str]:
    machines = of_type(t, "AWS::Serverless::StateMachine")
    needed = {(queue, "ApproximateNumberOfMessagesVisible") for queue in dead_letter_queues(t)}
    needed |= {(machine, metric) for machine in machines for metric in MACHINE_METRICS}
    needed |= {("RelayOutboxFunction", "IteratorAge")}
    for resource, metric in sorted(needed):
        heard = [one for one in alarms(t) if one["MetricName"] == metric and mentions(one["Dimensions"], resource)]
        if not any(one["ComparisonOperator"] == "GreaterThanThreshold" for one in heard):
            yield f"{resource}: nobody hears of {metric}"
        if metric != "IteratorAge" and any(one["Threshold"] != 0 for one in heard):
            yield f"{resource}: the first {metric} is not heard"
    if not any(one["MetricName"] == "5XXError" for one in alarms(t)):
        yield "faults of the API are not heard"
    for one in alarms(t):
        if one["AlarmActions"] != [{"Ref": "OperatorsTopic"}]:
            yield f"{one['AlarmDescription']}: rings where nobody is"


@promise(
    lambda t: properties(t, "StalledDossiersAlarm").update(TreatMissingData="notBreaching"),
    lambda t: properties(t, "StalledDossiersAlarm").update(MetricName="Stalled"),
    lambda t: properties(t, "StalledDossiersAlarm").update(Namespace="Elsewhere"),
    lambda t: t["Globals"]["Function"]["Environment"]["Variables"].update(POWERTOOLS_SERVICE_NAME="motcua"),
)
def the_alarm_on_stalled_dossiers_looks_at_what_the_watch_counts(t: Template) -> Iterator[str]:
    alarm, watch = properties(t, "StalledDossiersAlarm"), functions(t)["WatchDeadlinesFunction"]["Environment"]
    if alarm["TreatMissingData"] != "breaching":
        yield "a watch that stands still itself rings no alarm"
    if alarm["Namespace"] != watch["POWERTOOLS_METRICS_NAMESPACE"]:
        yield "another namespace"
    if alarm["Dimensions"] != [{"Name": "service", "Value": watch["POWERTOOLS_SERVICE_NAME"]}]:
        yield "another service"
    if f'"{alarm["MetricName"]}"' not in (ROOT / "functions/watch_deadlines/app.py").read_text():
        yield "nobody emits this metric"


@promise(
    lambda t: t["Resources"].pop("AnswersAboutAnotherAlarm"),
    lambda t: properties(t, "AnswersAboutAnotherAlarm").update(MetricName="Lies"),
    lambda t: properties(t, "AnswersAboutAnotherAlarm").update(Namespace="Elsewhere"),
    lambda t: properties(t, "AnswersAboutAnotherAlarm").update(Threshold=5),
    lambda t: properties(t, "AnswersAboutAnotherAlarm").update(Statistic="Average", Dimensions=[]),
)
def an_answer_about_another_rings_whichever_function_hears_it(t: Template) -> Iterator[str]:
    """Fault 25."""
    for folder in ("consult_registry", "ask_again", "receive_answer"):
        function = "".join(word.title() for word in folder.split("_")) + "Function"
        handler = (ROOT / f"functions/{folder}/app.py").read_text()
        emitted = inspect.getsource(wiring.heard_of_another) if "wiring.heard_of_another(metrics)" in handler else ""
        told = functions(t)[function]["Environment"]
        where = [{"Name": "service", "Value": told["POWERTOOLS_SERVICE_NAME"]}]
        if not any(
            f'"{one["MetricName"]}"' in emitted
            and (one["Namespace"], one["Dimensions"]) == (told["POWERTOOLS_METRICS_NAMESPACE"], where)
            and (one["Threshold"], one["ComparisonOperator"]) == (0, "GreaterThanThreshold")
            for one in alarms(t)
        ):
            yield f"{function}: nobody hears of an answer about another"


test_promise_is_kept = promise.test_of_each()
test_breach_is_noticed = promise.test_of_each_breach()
