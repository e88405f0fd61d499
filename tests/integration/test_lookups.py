"""Finding a dossier by its code: six digits, once, soon, seldom; and the same words whether it exists or not."""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest
from adapters import lookups as rows
from adapters.lookups import LookupRows
from casework.dossier import Applicant
from casework.errors import MessageDelayed, MessageRefused, MessageUncertain, Refused
from casework.workflow import looking_up

from tests.builders import House

ME = "203.0.113.7"
NOBODYS = "H29.1-200518-9999"


@pytest.fixture
def asked(aws: None, monkeypatch: pytest.MonkeyPatch) -> LookupRows:
    monkeypatch.setattr(rows, "_slow_hash", lambda digits, salt: digits.encode() + salt)  # slow by intent
    client = boto3.client("dynamodb", region_name="ap-southeast-1")
    client.create_table(
        TableName="cases", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )  # fmt: skip
    return LookupRows(client, "cases")


@pytest.fixture
def house() -> House:
    return House()


def questions(asked: LookupRows) -> list[tuple[str, str]]:
    """The questions that were put down, as the stream tells of them."""
    found = asked._client.scan(TableName="cases")["Items"]
    return [(i["pk"]["S"], i["sk"]["S"]) for i in found if i["sk"]["S"].startswith("OUTBOX#") and "claimed" not in i]


def relay(asked: LookupRows, house: House) -> list[str]:
    return [
        looking_up.send_digits(
            *question, lookups=asked, store=house.store, messenger=house.messenger, texter=house.texter,
            public_url="https://motcua.example",
        )
        for question in questions(asked)
    ]  # fmt: skip


def ask(asked: LookupRows, house: House, code: str, visitor: str = ME) -> list[str]:
    looking_up.ask(code, visitor, lookups=asked)
    return relay(asked, house)


def digits_of(house: House) -> str:
    return re.findall(r"\b\d{6}\b", house.texter.accepted[-1][2])[0]


def refusal(call: Any, *args: Any, **named: Any) -> Any:
    with pytest.raises(Refused) as caught:
        call(*args, **named)
    return caught.value.problem


def test_the_digits_reach_the_phone_and_open_the_dossier_once(asked: LookupRows, house: House) -> None:
    dossier = house.file()
    assert ask(asked, house, f" {dossier.code.lower()} ") == ["sent"]
    [(_, number, text)] = house.texter.accepted
    assert (number, dossier.code in text, house.messenger.accepted) == ("+84901234567", True, [])
    digits = digits_of(house)
    assert looking_up.answer(dossier.code, f"{digits[:3]} {digits[3:]}", ME, lookups=asked) == dossier.id
    assert refusal(looking_up.answer, dossier.code, digits, ME, lookups=asked).type == "lookup-refused"
    assert asked.opened(asked.open(dossier.id)) == dossier.id
    assert asked.opened("nobody's") == ""


def test_who_gave_no_mobile_number_gets_a_mail(asked: LookupRows, house: House) -> None:
    dossier = house.file(applicant=Applicant("Kế", "02838221234", "ke@example.vn"))
    assert ask(asked, house, dossier.code) == ["sent"]
    assert (house.texter.accepted, [to for _, to, _ in house.messenger.accepted]) == ([], ["ke@example.vn"])


def test_everything_said_of_a_code_that_nobody_has_is_said_of_one_that_exists(asked: LookupRows, house: House) -> None:
    dossier = house.file()
    assert [ask(asked, house, code) for code in (dossier.code, NOBODYS)] == [["sent"], ["nobody"]]
    right = digits_of(house)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for code in (dossier.code, NOBODYS):
        told = [refusal(looking_up.answer, code, wrong, ME, lookups=asked) for _ in range(7)]
        assert {one.type for one in told} == {"lookup-refused"}
        assert len(set(map(str, told))) == 1
        for _ in range(2):
            looking_up.ask(code, ME, lookups=asked)
        assert refusal(looking_up.ask, code, ME, lookups=asked).type == "lookup-too-often"
    assert refusal(looking_up.answer, dossier.code, right, ME, lookups=asked).type == "lookup-refused"  # five tries


def test_rows_of_a_code_that_nobody_has_look_like_the_others(asked: LookupRows, house: House) -> None:
    dossier = house.file()
    shapes = []
    for code in (dossier.code, NOBODYS):
        before = {(i["pk"]["S"], i["sk"]["S"]) for i in asked._client.scan(TableName="cases")["Items"]}
        looking_up.ask(code, ME, lookups=asked)
        after = asked._client.scan(TableName="cases")["Items"]
        new = [i for i in after if (i["pk"]["S"], i["sk"]["S"]) not in before and "times" not in i]
        shapes.append([(i["pk"]["S"][:7], i["sk"]["S"][:7], sorted(i)) for i in new])
    assert shapes[0] == shapes[1]


def test_old_digits_open_nothing(asked: LookupRows, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = house.file()
    ask(asked, house, dossier.code)
    first = digits_of(house)
    ask(asked, house, dossier.code)
    assert refusal(looking_up.answer, dossier.code, first, ME, lookups=asked).type == "lookup-refused"
    monkeypatch.setattr(rows, "GOOD_FOR", -rows.GOOD_FOR)
    ask(asked, house, dossier.code)
    assert refusal(looking_up.answer, dossier.code, digits_of(house), ME, lookups=asked).type == "lookup-refused"


def test_the_digits_stand_nowhere(asked: LookupRows, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the real, slow hash
    dossier = house.file()
    ask(asked, house, dossier.code)
    kept = str(asked._client.scan(TableName="cases")["Items"])
    assert digits_of(house) not in kept
    assert looking_up.answer(dossier.code, digits_of(house), ME, lookups=asked) == dossier.id


def test_a_question_told_of_twice_is_answered_once(asked: LookupRows, house: House) -> None:
    dossier = house.file()
    looking_up.ask(dossier.code, ME, lookups=asked)
    [question] = questions(asked)
    world = {"store": house.store, "messenger": house.messenger, "texter": house.texter, "public_url": "https://m.vn"}
    told = [looking_up.send_digits(*question, lookups=asked, **world) for _ in range(3)]  # type: ignore[arg-type]
    assert (told, len(house.texter.accepted)) == (["sent", "gone", "gone"], 1)


@pytest.mark.parametrize(
    ("fails", "result"),
    [(MessageRefused("x"), "refused"), (MessageDelayed("x"), "delayed"), (MessageUncertain("x"), "maybe_sent")],
)
def test_a_provider_that_fails_is_not_asked_twice(
    asked: LookupRows, house: House, fails: Exception, result: str
) -> None:
    house.texter.fails = fails
    assert ask(asked, house, house.file().code) == [result]
    assert questions(asked) == []


def test_a_visitor_asks_and_tries_so_often_an_hour(asked: LookupRows) -> None:
    for number in range(looking_up.QUESTIONS_OF_A_VISITOR):
        looking_up.ask(f"H29.1-200518-{number:04d}", ME, lookups=asked)
    assert refusal(looking_up.ask, NOBODYS, ME, lookups=asked).type == "lookup-too-often"
    looking_up.ask(NOBODYS, "198.51.100.9", lookups=asked)
    for _ in range(looking_up.TRIES_OF_A_VISITOR):
        refusal(looking_up.answer, NOBODYS, "000000", ME, lookups=asked)
    assert refusal(looking_up.answer, NOBODYS, "000000", ME, lookups=asked).type == "lookup-too-often"


@pytest.mark.parametrize("code", ["", "H29", "H29.1-200518-", "../H29.1-200518-0001", "H29.1-200518-0001x", "H" * 40])
def test_what_is_no_code_is_said_to_be_none(asked: LookupRows, code: str) -> None:
    assert refusal(looking_up.ask, code, ME, lookups=asked).type == "dossier-code-malformed"
    assert refusal(looking_up.answer, code, "123456", ME, lookups=asked).type == "dossier-code-malformed"
    assert questions(asked) == []


def test_where_a_dossier_stands_is_told_without_a_word_about_anybody(house: House) -> None:
    dossier = house.submitted()
    told = str(looking_up.standing(dossier, house.clock))
    assert dossier.code in told
    for private in (dossier.applicant.name, dossier.applicant.phone, dossier.applicant.email, "Ánh", "7912345670"):
        assert private not in told
