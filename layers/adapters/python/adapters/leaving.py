"""Step Functions and queues of work, as the outbox sees them: calls that may be repeated without harm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casework.errors import PayloadTooLarge

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

# A form for a file that was opened before an erasure can be sent for ten minutes more: what came then goes as well.
AND_AGAIN_AFTER = {"erase_data": (900,)}
MAX_PAYLOAD_BYTES = 32 * 1024  # an eighth of what Step Functions takes: ids and verdicts only


class StateMachines:
    """Workflows over Step Functions; `machines` maps our names to ARNs."""

    def __init__(self, client: SFNClient, machines: Mapping[str, str]) -> None:
        self._client = client
        self._machines = machines

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        """Starting what was started before is what repetition means here, not an error."""
        text = json.dumps(data, ensure_ascii=False)
        if len(text.encode("utf-8")) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLarge(f"{machine} {name}: {len(text)} characters")
        try:
            self._client.start_execution(stateMachineArn=self._machines[machine], name=name, input=text)
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def answer(self, token: str, output: dict[str, Any]) -> bool:
        gone = (
            self._client.exceptions.TaskTimedOut,
            self._client.exceptions.TaskDoesNotExist,
            self._client.exceptions.InvalidToken,
        )
        try:
            self._client.send_task_success(taskToken=token, output=json.dumps(output))
        except gone:
            return False
        return True


def work_of(body: str) -> tuple[str, str]:
    """(dossier id, effect id) of a message that WorkQueues sent."""
    said = json.loads(body)
    return said["dossier_id"], said["effect_id"]


class WorkQueues:
    """Bench over SQS: a queue for each kind of work. Messages carry ids only."""

    def __init__(self, client: SQSClient, queues: Mapping[str, str]) -> None:
        self._client = client
        self._queues = queues

    def ask(self, work: str, dossier_id: str, effect_id: str) -> None:
        body = json.dumps({"dossier_id": dossier_id, "effect_id": effect_id})
        for seconds in (0, *AND_AGAIN_AFTER.get(work, ())):
            self._client.send_message(QueueUrl=self._queues[work], MessageBody=body, DelaySeconds=seconds)
