"""Whose dossiers an officer may not decide: his own and those of people near him, as far as his profile can tell.

An officer fills in his profile himself: numbers, telephone, account, address, and the people near him. Whatever a
dossier holds that stands in it too keeps him away; another officer decides. Pure.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.document import Text
from casework.dossier import Actor, Dossier
from casework.errors import Refused, problem
from casework.payments import identity
from casework.vietnam.letters import fold, nfc


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody near an officer, as he declares him: by his number, his telephone, or name and day of birth."""

    name: str
    relation: str = ""
    id_number: str = ""
    phone: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """An officer as he describes himself; `version` counts his changes."""

    id: str
    office: str
    name: str
    id_number: str = ""
    phone: str = ""
    email: str = ""
    account: str = ""
    address: str = ""
    relatives: tuple[Relative, ...] = ()
    version: int = 1


def interest(
    actor: Actor, profile: Profile | None, dossier: Dossier, kept: Mapping[str, Any] | None = None
) -> Text | None:
    """Why this officer may not decide this dossier; None when nothing speaks against it.

    kept: the verdict of its last check, with the people and facts it rests on.
    """
    if dossier.owner == actor.id:
        return Text("Ông/bà là người nộp hồ sơ này.", "You filed this dossier.")
    if profile is None:
        return None
    people, facts = (kept or {}).get("people", {}), list(_facts(kept or {}))
    numbers = {number.partition(":")[2] for person in people.values() for number in person["numbers"]}
    numbers |= {_digits(value) for name, value in facts if name.endswith("id_number")}
    phones = {_digits(dossier.applicant.phone), *(_digits(value) for name, value in facts if name.endswith("phone"))}
    accounts = {_digits(value) for name, value in facts if name.endswith("account")}
    addresses = {_plain(value) for name, value in facts if name.endswith("address")}
    own = (
        (_digits(profile.id_number), numbers, Text("Số định danh", "Your identity number")),
        (_digits(profile.phone), phones, Text("Số điện thoại", "Your telephone number")),
        (_digits(profile.account), accounts, Text("Số tài khoản", "Your account")),
        (_plain(profile.address), addresses, Text("Địa chỉ", "Your address")),
        (profile.email.lower(), {dossier.applicant.email.lower()}, Text("Địa chỉ thư điện tử", "Your e-mail address")),
    )
    for mine, theirs, what in own:
        if mine and mine in theirs:
            return Text(f"{what.vi} của ông/bà có trong hồ sơ.", f"{what.en} stands in the dossier.")
    names = {person["name_key"] for person in people.values() if person.get("name_key")}
    for near in profile.relatives:
        born = identity(name=near.name, born=near.born).name
        if _digits(near.id_number) in numbers - {""} or _digits(near.phone) in phones - {""} or born in names - {""}:
            return Text(
                f"{near.name}, người thân ông/bà đã khai, có trong hồ sơ.",
                f"{near.name}, whom you declared as near to you, stands in the dossier.",
            )
    return None


def refuse_interest(why: Text | None) -> None:
    """Raises Refused: conflict-of-interest."""
    if why is not None:
        told = problem("conflict-of-interest")
        detail, detail_en = f"{why.vi} {told.detail}", f"{why.en} {told.detail_en}"
        raise Refused(dataclasses.replace(told, detail=detail, detail_en=detail_en))


def _facts(kept: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    facts = kept.get("facts", {})
    for subject in (facts.get("dossier", {}), *facts.get("rows", ())):
        for name, fact in subject.items():
            if isinstance(value := fact.get("value"), dict):
                value = value.get("raw", "")
            yield name, value


def _digits(value: Any) -> str:
    found = re.sub(r"\D", "", str(value or ""))
    return f"0{found[2:]}" if found.startswith("84") and len(found) == 11 else found


def _plain(value: Any) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(nfc(str(value or "")))).split())
