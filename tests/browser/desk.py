"""Dossiers before officers, put straight into a running stack as the system in memory left them.

Papers born digital are read for real, so that fields have places on real pages; papers of builders.sheet say their
fields themselves, so that a list of fifty is there at once. Nothing of what officers do is played: that is the stack's.
"""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from adapters.files import Buckets
from adapters.inspection import inspect
from adapters.reader import Reader
from adapters.store import CaseTable
from casework import procedures
from casework import reading as reading_of_words
from casework.document import Page
from casework.dossier import Applicant, Change, Dossier
from casework.interests import Profile
from casework.plain import from_plain, to_plain
from casework.ports import PageRead
from casework.review import Task
from casework.tallies import together
from casework.workflow import reading
from casework.workflow.searching import note_dossier
from casework.worklist import arriving

from infra.papers import invent_employer, invent_job, invent_person, print_paper
from tests.browser.conftest import Stack
from tests.builders import BINH, Employee, House, Sent, agreement, sheet
from tests.builders.relief import PlayedRegistry
from tests.fakes import AnsweringRegistry, PlainReader, SilentRegistry, count_pages, read_sheets

PDF = b"%PDF"
SUSPENSION = {"kind": "suspension", "contract_type": "indefinite"}


class EitherReader(PlainReader):
    """Reads PDFs for real, and sheets as they say."""

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        if data.startswith(PDF):
            return Reader().read_page(data, page_number)
        return super().read_page(data, page_number)


def read_either(pages: Sequence[Page], second_look: Any) -> Any:
    """The fields of a paper, by whichever reader read its pages."""
    from_sheets = any(word.text.startswith('{"type"') for page in pages for word in page.words)
    return (read_sheets if from_sheets else reading_of_words.read_fields)(pages, second_look)


@dataclass
class Office(House):
    """The system in memory, with real reading of real papers."""

    reader: Any = field(default_factory=EitherReader)
    unsure: frozenset[str] = frozenset()  # fields of printed papers that are taken for badly read

    def inspect(self, sent: Sent) -> Any:
        def count(data: bytes, name: str) -> int:
            return inspect(data, name).page_count if data.startswith(PDF) else count_pages(data, name)

        return reading.inspect_document(*sent.object, store=self.store, files=self.files, inspect=count)

    def extract(self, sent: Sent, numbers: int = 1) -> str:
        return reading.extract_fields(
            *sent.object, list(range(1, numbers + 1)), store=self.store, files=self.files, reader=self.reader,
            read_fields=self._read,
        )  # fmt: skip

    def _read(self, pages: Sequence[Page], second_look: Any) -> Any:
        found = read_either(pages, second_look)

        def worse(fields: Any) -> Any:
            return {
                name: replace(one, confidence=0.55, source="ocr")
                if name in self.unsure and one.value is not None
                else one
                for name, one in fields.items()
            }

        tables = {name: tuple(worse(row) for row in rows) for name, rows in found.tables.items()}
        return replace(found, fields=worse(found.fields), tables=tables)


@dataclass
class Desk:
    """Puts dossiers of one office in memory into a running stack."""

    stack: Stack
    office: Office = field(default_factory=Office)
    _given: dict[str, Any] = field(default_factory=dict)  # what the stack has got already

    @property
    def store(self) -> CaseTable:
        return CaseTable(self.stack.cloud.client("dynamodb"), self.stack.cloud.template.physical["CasesTable"])

    @property
    def files(self) -> Buckets:
        names = [self.stack.cloud.template.physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")]
        return Buckets(self.stack.cloud.client("s3"), *names)

    @functools.cached_property
    def some_page(self) -> bytes:
        """A page to look at, for papers that are no pictures."""
        return Reader().read_page(printed(1)["mau-so-01.pdf"], 1).image

    def clean(self, seed: int = 1) -> Dossier:
        """Everything right, on papers born digital: the fast lane."""
        return self.put(self.office.submitted(papers_=printed(seed)))

    def unsure(self, seed: int = 11) -> Dossier:
        """One day read unsurely on printed papers, everything else right."""
        self.office.unsure = frozenset(["suspension.ends_on"])
        made = self.office.submitted(papers_=printed(seed))
        self.office.unsure = frozenset()
        return self.put(made)

    def doubtful(self, name: str = "Trần Văn Bình", applicant: str = "Nguyễn Văn Kế") -> Dossier:
        """One field that was read unsurely, everything else right."""
        who = replace(BINH, name=name)
        unsure = {"suspension.ends_on": [who.ends, 0.55]}
        papers = {"mau-01.pdf": _list_of([who.row(**unsure)]), "thoa-thuan.pdf": agreement(who, **unsure)}
        return self.put(self.office.submitted(papers_=papers, applicant=Applicant(applicant, "0901234567")))

    def listed(self, people: int = 50, refused: int = 2, unsure: int = 1) -> Dossier:
        """A list at its last stage, with some whom a rule refuses and some of whom something is unsure."""
        rows = [
            Employee(f"Nguyễn Thị Số {n:02d}", f"79123{n:05d}", "1990-02-03", starts="2020-04-15", ends="2020-05-14")
            for n in range(1, people + 1)
        ]
        gone = {row.bhxh: {"facts": {**_GOOD_ROW, "vss.decrease_reported": False}} for row in rows[:refused]}
        self.office.registries["vss"] = AnsweringRegistry(self.office.clock, rows=gone)
        odd = [{"suspension.ends_on": [r.ends, 0.55]} if refused <= n < refused + unsure else {} for n, r in
               enumerate(rows)]  # fmt: skip
        papers = {"mau-01.pdf": _list_of([row.row(**differs) for row, differs in zip(rows, odd, strict=True)])}
        for row, differs in zip(rows, odd, strict=True):
            papers[f"thoa-thuan-{row.bhxh}.pdf"] = agreement(row, **differs)
        dossier = self.office.at_province(papers_=papers)
        self.office.registries["vss"] = AnsweringRegistry(self.office.clock)
        return self.put(dossier)

    def service(self, procedure: str, papers_: Mapping[str, bytes], office: str, **more: Any) -> Dossier:
        """A dossier of another service before its first officer, checked against the stand-in's answers."""
        before = dict(self.office.registries)
        played = {name: PlayedRegistry(self.office.clock) for name in ("vss", "tax", "ui", "cic", "closures")}
        self.office.registries.update(played)
        made = self.office.submitted(papers_=papers_, procedure=procedure, office=office, **({"declared": {}} | more))
        self.office.registries.clear()
        self.office.registries.update(before)
        return self.put(made)

    def contradicting(self) -> Dossier:
        """A contract and an agreement that name two numbers: a signal, everything else right."""
        contract = {
            "employee.full_name": BINH.name,
            "employee.bhxh_number": BINH.bhxh,
            "contract.number": "07/2018/HĐLĐ",
        }
        papers = {
            "mau-01.pdf": _list_of([BINH.row()]),
            "hop-dong.pdf": sheet("labour_contract", contract),
            "thoa-thuan.pdf": agreement(BINH, **{"contract.number": "11/2018/HĐLĐ"}),
        }
        return self.put(self.office.submitted(papers_=papers))

    def unchecked(self, registry: str = "vss") -> Dossier:
        """Everything right, but a registry that did not answer."""
        self.office.registries[registry] = SilentRegistry()
        made = self.office.submitted()
        self.office.registries[registry] = AnsweringRegistry(self.office.clock)
        return self.put(made)

    def let_leave(self, dossier_id: str) -> None:
        """As if the two minutes had passed in which a decision can be taken back."""
        client, table = self.stack.cloud.client("dynamodb"), self.stack.cloud.template.physical["CasesTable"]
        for pending in self.store.effects(dossier_id):
            if pending.state == "pending" and pending.effect.not_before:
                _, version, number = pending.effect.id.rsplit("-", 2)
                key = {"pk": {"S": f"DOSSIER#{dossier_id}"}, "sk": {"S": f"OUTBOX#{int(version):08d}#{number}"}}
                data = json.dumps(to_plain(replace(pending.effect, not_before="")))
                client.update_item(
                    TableName=table,
                    Key=key,
                    UpdateExpression="SET #data = :data",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeNames={"#data": "data"},
                    ExpressionAttributeValues={":data": {"S": data}},
                )
        self.stack.cloud.tick("RelayOutboxFunction")

    def put(self, made: Dossier) -> Dossier:
        """The dossier with its records, its history, its pages, findable and counted; its effects stay behind."""
        office, store, files = self.office, self.store, self.files
        for key, data in self._new(office.files._evidence):
            files.put_evidence(key, data)
        for key, data in self._new(office.files._json):
            files.put_json(key, data)
        for key, (page, image) in self._new(office.files._pages):
            files.put_page(key, from_plain(Page, page), image if image[:1] in b"\x89\xff" else self.some_page)
        audit = office.store.audit(made.id)
        records = office.store.records(made.id, "")
        tasks = [from_plain(Task, record.data) for record in records if record.key.startswith("TASK#")]
        waiting = [tally for task in tasks if task.state == "open" for tally in arriving(task)]
        store.commit(Change(None, made, audit[-1], tallies=together(waiting)))
        for entry in audit[:-1]:
            store.note(made.id, replace(records[0], key=f"AUDIT#{entry.sequence:08d}", data=to_plain(entry), queue=""))
        for record in records:
            store.note(made.id, record)
        law = procedures.load(made.procedure, made.day_of_receipt)
        note_dossier(made, office.files.evidence(made.verdict_key), law, store=store)
        return made

    def _new(self, kept: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """What the office keeps that the stack has not got yet, or got otherwise."""
        new = [(key, value) for key, value in kept.items() if self._given.get(key) is not value]
        self._given |= new
        return new

    def colleague(self, name: str, office: str = "H29.1", group: str = "officers") -> tuple[str, str]:
        """Another officer of an office, with his profile: (name, password)."""
        cognito, pool = self.stack.cloud.client("cognito-idp"), self.stack.cloud.sign_in.pool_id
        username, password = f"{name}@example.vn", "Mc-4711-abcd-Aa"
        told = [{"Name": "email", "Value": username}, {"Name": "name", "Value": name},
                {"Name": "custom:office", "Value": office}]  # fmt: skip
        made = cognito.admin_create_user(
            UserPoolId=pool, Username=username, UserAttributes=told, MessageAction="SUPPRESS"
        )
        cognito.admin_set_user_password(UserPoolId=pool, Username=username, Password=password, Permanent=True)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
        subject = next(a["Value"] for a in made["User"]["Attributes"] if a["Name"] == "sub")
        self.store.keep_profile(Profile(subject, office, name.replace(".", " ").title()))
        return username, password


_GOOD_ROW = {
    "vss.participating_before_suspension": True, "vss.decrease_reported": True, "vss.contract_ended": False,
}  # fmt: skip


def _list_of(rows: Sequence[dict[str, Any]]) -> bytes:
    fields = {"employer.tax_code": "0312345671", "employer.name": "Công ty TNHH May Ánh Dương"}
    return sheet("form_01", fields, rows)


def printed(seed: int) -> dict[str, bytes]:
    """A list of one person and his agreement, as PDFs with their text."""
    rng = random.Random(f"desk {seed}")
    employer = invent_employer(rng, city="Hồ Chí Minh", district="Quận 1")
    person = invent_person(rng, employer.line)
    while len(person.full_name) > 16:
        person = invent_person(rng, employer.line)
    job = invent_job(rng, employer, person, starts_on=date(2020, 4, 15), ends_on=date(2020, 5, 14), **SUSPENSION)
    return {
        "mau-so-01.pdf": print_paper("form01_ruled", employer, [job], seed=seed).pdf,
        "thoa-thuan.pdf": print_paper("suspension_letterhead", employer, [job], seed=seed).pdf,
    }
