"""Event sources, played as Lambda plays them: queues, the table's stream, schedules, asynchronous calls.

Knows batches, filters, partial failures, retries, dead letters and on-failure destinations. A source sleeps until
the front door says that something may have come. Two things are quicker here than on AWS: a failed message comes
back after a second instead of the queue's visibility timeout, and retries wait seconds.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.containers import Containers, Result
from infra.local.events import Asynchronous, Schedule, SourceMapping, asynchronous, mappings, passes, schedules
from infra.local.front_door import Pulse
from infra.local.template import ACCOUNT, REGION, NotCarried, Template

log = logging.getLogger("motcua.local")
_LOOK_AGAIN_SECONDS = 1.0
_COMES_BACK_SECONDS = 1


class Sources:
    """All event sources of one stack, each in a thread of its own."""

    def __init__(
        self,
        template: Template,
        containers: Containers,
        client: Callable[[str], Any],
        queues: Pulse,
        streams: Pulse,
        with_schedules: bool,
    ) -> None:
        self.mappings, self.schedules = mappings(template), schedules(template)
        self._asynchronous = asynchronous(template)
        self._containers, self._client = containers, client
        self._queues, self._streams = queues, streams
        self._with_schedules = with_schedules
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._pollers: list[_QueuePoller | _StreamPoller] = []
        self._pending = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to listen."""
        for mapping in self.mappings:
            kind = _QueuePoller if mapping.service == "sqs" else _StreamPoller
            pulse = self._queues if mapping.service == "sqs" else self._streams
            poller = kind(mapping, self._containers, self._client, pulse, self._stop)
            self._pollers.append(poller)
            self._begin(poller.run, f"{mapping.service} {mapping.function}")
        if self._with_schedules:
            for schedule in self.schedules:
                self._begin(lambda schedule=schedule: self._keep_time(schedule), f"schedule {schedule.name}")

    def _begin(self, work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def stop(self) -> None:
        """Stop listening; calls under way are finished first."""
        self._stop.set()
        self._queues.beat()
        self._streams.beat()
        for thread in self._threads:
            thread.join(timeout=10)

    @property
    def idle(self) -> bool:
        """Whether everything that came has been handed over and dealt with."""
        with self._lock:
            if self._pending:
                return False
        return all(poller.idle() for poller in self._pollers)

    def tick(self, function: str | None = None) -> dict[str, Result]:
        """Call what is scheduled, now and in this thread: all of it, or one function's."""
        return {
            schedule.name: self._call(schedule.function, _scheduled_event(schedule))
            for schedule in self.schedules
            if function in (None, schedule.function)
        }

    def asynchronously(self, function: str, event: Any) -> None:
        """An asynchronous call: retried, then sent to its on-failure destination."""
        with self._lock:
            self._pending += 1

        def work() -> None:
            try:
                self._call(function, event)
            finally:
                with self._lock:
                    self._pending -= 1

        threading.Thread(target=work, name=f"asynchronous {function}", daemon=True).start()

    def _keep_time(self, schedule: Schedule) -> None:
        while not self._stop.wait(schedule.every_seconds):
            self._call(schedule.function, _scheduled_event(schedule))

    def _call(self, function: str, event: Any) -> Result:
        rule = self._asynchronous.get(function, Asynchronous())
        result = self._containers.invoke(function, event)
        for _ in range(rule.retries):
            if not result.failed or self._stop.wait(_COMES_BACK_SECONDS):
                break
            result = self._containers.invoke(function, event)
        if result.failed and rule.on_failure:
            letter = {
                "requestContext": {"condition": "RetriesExhausted", "functionArn": self._containers.arn(function)}
            }
            _send(self._client, rule.on_failure, {**letter, "requestPayload": event, "responsePayload": result.payload})
        return result


class _QueuePoller:
    def __init__(
        self,
        mapping: SourceMapping,
        containers: Containers,
        client: Callable[[str], Any],
        pulse: Pulse,
        stop: threading.Event,
    ) -> None:
        self._mapping, self._containers, self._pulse, self._stop = mapping, containers, pulse, stop
        self._sqs = client("sqs")
        self._url = self._sqs.get_queue_url(QueueName=mapping.source_arn.split(":")[-1])["QueueUrl"]
        self._room = threading.BoundedSemaphore(mapping.concurrency)
        self._workers = ThreadPoolExecutor(mapping.concurrency, thread_name_prefix=f"sqs {mapping.function}")

    def idle(self) -> bool:
        names = ("", "NotVisible", "Delayed")
        attributes = [f"ApproximateNumberOfMessages{name}" for name in names]
        counts = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=attributes)["Attributes"]
        return all(int(count) == 0 for count in counts.values())

    def run(self) -> None:
        while not self._stop.is_set():
            beats = self._pulse.beats
            self._room.acquire()
            messages: list[dict[str, Any]] = []
            try:
                messages = self._sqs.receive_message(
                    QueueUrl=self._url,
                    MaxNumberOfMessages=min(self._mapping.batch_size, 10),
                    AttributeNames=["All"],
                    MessageAttributeNames=["All"],
                ).get("Messages", [])
            except (BotoCoreError, ClientError) as error:
                _unless_stopped(self._stop, error)
            if messages:
                self._workers.submit(self._deliver, messages).add_done_callback(self._delivered)
            else:
                self._room.release()
                self._pulse.wait(beats, _LOOK_AGAIN_SECONDS)
        self._workers.shutdown(wait=True)

    def _delivered(self, work: Future[None]) -> None:
        self._room.release()
        if work.exception() is not None:
            _unless_stopped(self._stop, work.exception())

    def _deliver(self, messages: list[dict[str, Any]]) -> None:
        passed = [message for message in messages if passes(self._mapping.filters, _with_parsed_body(message))]
        failed: set[str] = set()
        if passed:
            records = [self._record(message) for message in passed]
            result = self._containers.invoke(self._mapping.function, {"Records": records})
            failed = _failed_items(self._mapping, result, [message["MessageId"] for message in passed])
        for message in messages:
            handle = {"QueueUrl": self._url, "ReceiptHandle": message["ReceiptHandle"]}
            if message["MessageId"] in failed:
                self._sqs.change_message_visibility(**handle, VisibilityTimeout=_COMES_BACK_SECONDS)
            else:
                self._sqs.delete_message(**handle)

    def _record(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": message.get("MessageAttributes", {}),
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._mapping.source_arn,
            "awsRegion": REGION,
        }


class _StreamPoller:
    def __init__(
        self,
        mapping: SourceMapping,
        containers: Containers,
        client: Callable[[str], Any],
        pulse: Pulse,
        stop: threading.Event,
    ) -> None:
        self._mapping, self._containers, self._pulse, self._stop = mapping, containers, pulse, stop
        self._client = client
        self._streams = client("dynamodbstreams")
        shard = self._streams.describe_stream(StreamArn=mapping.source_arn)["StreamDescription"]["Shards"][0]
        self._shard = shard["ShardId"]
        self._place = {"ShardIteratorType": "TRIM_HORIZON"}  # the table is new: LATEST would mean the same
        self._empty_at = -1

    def idle(self) -> bool:
        return self._empty_at == self._pulse.beats

    def run(self) -> None:
        while not self._stop.is_set():
            beats = self._pulse.beats
            try:
                records = self._read()
            except (BotoCoreError, ClientError) as error:
                _unless_stopped(self._stop, error)
                continue
            if records:
                self._deliver([record for record in records if passes(self._mapping.filters, record)])
                after = records[-1]["dynamodb"]["SequenceNumber"]
                self._place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
            else:
                self._empty_at = beats
                self._pulse.wait(beats, _LOOK_AGAIN_SECONDS)

    def _read(self) -> list[dict[str, Any]]:
        """What came after our place. The iterator is asked for anew each time: a transaction that moto rolls back
        leaves the iterators of before on a stream that is no longer the table's."""
        iterator = self._streams.get_shard_iterator(
            StreamArn=self._mapping.source_arn, ShardId=self._shard, **self._place
        )["ShardIterator"]
        answer = self._streams.get_records(ShardIterator=iterator, Limit=self._mapping.batch_size)
        return [_lambda_record(record, self._mapping.source_arn) for record in answer["Records"]]

    def _deliver(self, records: list[dict[str, Any]]) -> None:
        """Hand over a batch in order, as often as the mapping says; what never succeeds goes to the destination."""
        attempts_left = self._mapping.retries
        while records and not self._stop.is_set():
            result = self._containers.invoke(self._mapping.function, {"Records": records})
            numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
            failed = _failed_items(self._mapping, result, numbers)
            if not failed:
                return
            first = min(numbers.index(number) for number in failed)
            if first:
                records = records[first:]  # what came before it is done; the rest starts afresh
                attempts_left = self._mapping.retries
            elif result.failed and self._mapping.bisect and len(records) > 1:
                half = len(records) // 2
                self._deliver(records[:half])
                records = records[half:]
            elif attempts_left > 0:
                attempts_left -= 1
            else:
                self._give_up(records, result)
                return
            self._stop.wait(0.2)

    def _give_up(self, records: list[dict[str, Any]], result: Result) -> None:
        log.error("%s: gave up on %d stream records: %s", self._mapping.function, len(records), result.error)
        if self._mapping.on_failure is None:
            return
        batch = {
            "shardId": self._shard,
            "startSequenceNumber": records[0]["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": records[-1]["dynamodb"]["SequenceNumber"],
            "batchSize": len(records),
            "streamArn": self._mapping.source_arn,
        }
        context = {
            "condition": "RetryAttemptsExhausted",
            "functionArn": self._containers.arn(self._mapping.function),
            "approximateInvokeCount": self._mapping.retries + 1,
        }
        _send(self._client, self._mapping.on_failure, {"requestContext": context, "DDBStreamBatchInfo": batch})


def _failed_items(mapping: SourceMapping, result: Result, ids: Sequence[str]) -> set[str]:
    """Which items of a batch must come again: all after an error, else those the handler names."""
    if result.failed:
        return set(ids)
    if not mapping.partial:
        return set()
    answer = result.payload
    if answer is None or answer == {}:
        return set()
    named = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    if named is None:
        return set() if isinstance(answer, dict) else set(ids)
    failed = {item.get("itemIdentifier") for item in named}
    if failed - set(ids):
        return set(ids)  # an unknown or empty name fails the whole batch, as on AWS
    return {item for item in failed if item}


def _with_parsed_body(message: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"body": json.loads(message["Body"])}
    except ValueError:
        return {"body": message["Body"]}


def _lambda_record(record: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """A stream record in the form Lambda's events have."""
    plain: dict[str, Any] = json.loads(json.dumps(record, default=_lambda_value))
    plain["eventSourceARN"] = arn
    plain.setdefault("awsRegion", REGION)
    return plain


def _lambda_value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.timestamp()
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in a stream record")


def _scheduled_event(schedule: Schedule) -> Any:
    if schedule.payload is not None:
        return schedule.payload
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{schedule.name}"],
        "detail": {},
    }


def _send(client: Callable[[str], Any], destination_arn: str, letter: Mapping[str, Any]) -> None:
    service, name = destination_arn.split(":")[2], destination_arn.split(":")[-1]
    if service == "sqs":
        sqs = client("sqs")
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=json.dumps(letter))
    elif service == "sns":
        client("sns").publish(TopicArn=destination_arn, Message=json.dumps(letter))
    else:
        raise NotCarried(f"on-failure destination {destination_arn}")


def _unless_stopped(stop: threading.Event, error: BaseException | None) -> None:
    """A source that cannot reach its queue is a fault of the runner, except while everything is being stopped."""
    if not stop.wait(0.2):
        log.error("an event source failed: %r", error)
