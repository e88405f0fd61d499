"""Messages that a function gave up on, over SQS: looked at without being taken, told in words, sent back (fault 12)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from adapters.dead_letters import LetterQueues, places_of
from casework.dossier import Actor
from casework.errors import NotFound, Refused
from casework.workflow import issuing, mending

from tests.builders import House
from tests.fakes import PlainPrinter

ADMINISTRATOR = Actor("administrator", "quan-tri", "H29")
LAMBDA = "arn:aws:lambda:ap-southeast-1:123456789012:function:motcua-local-watch-deadlines:$LATEST"


@dataclass
class Queues:
    """The queues of the template in small: papers with its dead letters, and where failed schedules go."""

    client: Any
    url: dict[str, str]
    letters: LetterQueues

    def put(self, name: str, body: Any) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.client.send_message(QueueUrl=self.url[name], MessageBody=text)

    def lying(self, name: str) -> list[Any]:
        answer = self.client.receive_message(QueueUrl=self.url[name], MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


@pytest.fixture
def queues(aws: None) -> Queues:
    client = boto3.client("sqs", region_name="ap-southeast-1")
    url = {name: client.create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "outbox", "schedule")}
    arn = client.get_queue_attributes(QueueUrl=url["dead"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    url["papers"] = client.create_queue(QueueName="papers", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    told = "; ".join(
        f"{name} {url[dead]} {url['papers']}" if dead == "dead" else f"{name} {url[dead]}"
        for name, dead in (("upload_events", "dead"), ("papers", "dead"), ("scans", "dead"), ("data_requests", "dead"),
                           ("outbox", "outbox"), ("schedule", "schedule"))
    )  # fmt: skip
    return Queues(client, url, LetterQueues(client, places_of(told)))


def box(queues: Queues, house: House, name: str) -> tuple[int, list[mending.Waiting]]:
    found = mending.letters(ADMINISTRATOR, dead_letters=queues.letters, store=house.store)
    return next((count, waiting) for one, count, waiting in found if one.name == name)


def test_a_letter_tells_which_dossier_since_when_how_often_and_why(queues: Queues) -> None:
    house = House()
    dossier = house.submitted()
    with (
        pytest.raises(RuntimeError),
        mending.told("papers", dossier.id, "effect-1", store=house.store, clock=house.clock),
    ):
        raise RuntimeError("the printer has no face for \u202e this")
    queues.put("dead", {"dossier_id": dossier.id, "effect_id": "effect-1"})
    for _ in range(2):  # looking takes nothing
        count, [waiting] = box(queues, house, "papers")
        assert (count, waiting.code, waiting.letter.tries) == (1, dossier.code, 5)
        assert waiting.error == "RuntimeError: the printer has no face for  this"
        assert waiting.failed_at == house.clock().isoformat(timespec="seconds")
        assert waiting.letter.since.endswith("+00:00")


def test_an_upload_and_a_call_that_failed_are_told_as_well(queues: Queues) -> None:
    house = House()
    dossier = house.draft()
    key = f"uploads/{dossier.id}/d1/u1"
    queues.put("dead", {"Records": [{"eventName": "x", "s3": {"object": {"key": key}}}]})
    call = {"condition": "RetriesExhausted", "functionArn": LAMBDA, "approximateInvokeCount": 2}
    failed = {"errorType": "StoreDown", "errorMessage": "no table"}
    queues.put("schedule", {"requestContext": call, "responsePayload": failed})
    queues.put("outbox", "no JSON")
    assert [one.code for one in box(queues, house, "upload_events")[1]] == [dossier.code]
    [called] = box(queues, house, "schedule")[1]
    assert called.error == "motcua-local-watch-deadlines: RetriesExhausted: StoreDown: no table"
    assert called.letter.tries == 2
    [strange] = box(queues, house, "outbox")[1]
    assert (strange.code, strange.error) == ("", "")


def test_fault_12_what_goes_back_is_the_same_message_and_who_did_it_is_on_record(queues: Queues) -> None:
    house = House()
    orders = [{"dossier_id": f"d{n}", "effect_id": "e"} for n in range(23)]
    for order in orders:
        queues.put("dead", order)
    world = {"dead_letters": queues.letters, "store": house.store, "clock": house.clock}
    sent, left = mending.send_back("papers", ADMINISTRATOR, **world)
    assert (len(sent), left) == (23, 0)
    attributes = queues.client.get_queue_attributes(QueueUrl=queues.url["papers"], AttributeNames=["All"])
    assert int(attributes["Attributes"]["ApproximateNumberOfMessages"]) == 23
    assert all(order in orders for order in queues.lying("papers"))
    assert mending.send_back("papers", ADMINISTRATOR, **world) == ([], 0)
    at = house.clock().isoformat(timespec="milliseconds")
    kept = house.store.own(ADMINISTRATOR.id, f"letters#{at}")
    assert kept is not None
    assert {one["dossier_id"] for one in kept["letters"]} == {order["dossier_id"] for order in orders}


def test_fault_12_an_order_that_went_back_twice_is_one_paper(queues: Queues) -> None:
    house = House()
    dossier = house.submitted()
    _, dossier_id, effect_id = next(asked for asked in house.bench.asked if asked[0] == "issue_paper")
    for _ in range(2):
        queues.put("dead", {"dossier_id": dossier_id, "effect_id": effect_id})
    world = {"dead_letters": queues.letters, "store": house.store, "clock": house.clock}
    mending.send_back("papers", ADMINISTRATOR, **world)
    orders = queues.lying("papers")
    assert len(orders) == 2
    printed = [
        issuing.issue_paper(
            order["dossier_id"], order["effect_id"], store=house.store, outbox=house.store, files=house.files,
            printer=PlainPrinter(), new_token=lambda: "A" * 22, public_url="https://motcua.example", clock=house.clock,
        )
        for order in orders
    ]  # fmt: skip
    assert printed[0] == printed[1]
    assert len(house.store.records(dossier.id, "PAPER#")) == 1


def test_what_came_from_no_queue_is_put_away(queues: Queues) -> None:
    house = House()
    queues.put("schedule", {"requestContext": {"condition": "RetriesExhausted", "functionArn": LAMBDA}})
    sent, left = mending.send_back(
        "schedule", ADMINISTRATOR, dead_letters=queues.letters, store=house.store, clock=house.clock
    )
    assert (len(sent), left, queues.lying("papers")) == (1, 0, [])


def test_a_letter_is_sent_before_it_is_taken_out(queues: Queues) -> None:
    """Dying in between leaves it in both places: it may be worked on twice and is never lost."""
    queues.put("dead", {"dossier_id": "d", "effect_id": "e"})

    class Dying:
        def __getattr__(self, name: str) -> Any:
            return getattr(queues.client, name)

        def delete_message(self, **_: Any) -> None:
            raise KeyboardInterrupt

    dying: Any = Dying()
    with pytest.raises(KeyboardInterrupt):
        LetterQueues(dying, queues.letters._places).send_back("papers", 10)
    assert queues.lying("papers") == [{"dossier_id": "d", "effect_id": "e"}]
    assert queues.letters.count("papers") == 1


@pytest.mark.parametrize("role", ["applicant", "officer", "supervisor", "integrator"])
def test_others_see_and_send_nothing(queues: Queues, role: Any) -> None:
    house, other = House(), Actor(role, "x", "H29")
    queues.put("dead", {"dossier_id": "d", "effect_id": "e"})
    with pytest.raises(Refused, match="not-an-administrator"):
        mending.letters(other, dead_letters=queues.letters, store=house.store)
    with pytest.raises(Refused, match="not-an-administrator"):
        mending.send_back("papers", other, dead_letters=queues.letters, store=house.store, clock=house.clock)
    assert queues.letters.count("papers") == 1


def test_a_queue_that_is_no_place_of_dead_letters_is_not_found(queues: Queues) -> None:
    house = House()
    with pytest.raises(NotFound):
        mending.send_back("orders", ADMINISTRATOR, dead_letters=queues.letters, store=house.store, clock=house.clock)
