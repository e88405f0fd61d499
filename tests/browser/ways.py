"""The way of a dossier in the browser, the same for every service: from the self-check to the officers' decision.

What differs between services is data: their questions and declared facts (functions/web/services), their papers and
their end (infra/papers). The officers act through the API, as the scripted officers of the samples do.
"""

from __future__ import annotations

import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework import procedures
from casework.offices import office_of

from infra.local.caller import Caller
from infra.local.demo import ENDED, decision_on
from infra.papers import SampleDossier
from tests.browser.conftest import Stack, eventually
from tests.browser.visitor import Visitor

SERVICES = Path(__file__).parents[2] / "functions/web/services"
# Of each service a dossier that takes every turn there is: a page to take again, a paper to add, stages of its own.
SAMPLES = {
    "SW": "unreadable_page", "LN": "loan_without_list", "HB": "household_blurred", "TC": "ended_right",
    "PS": "pause_right",
}  # fmt: skip
ENDS = {"approved": "Được duyệt", "partly_approved": "Được duyệt một phần", "refused": "Không được duyệt"}


@dataclass
class Way:
    """One dossier of one sample, by one visitor. `dossier` is its id once it was begun."""

    visitor: Visitor
    sample: SampleDossier
    account: tuple[str, str]
    dossier: str = ""
    named: str = ""
    words: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.named = f"{self.sample.procedure}-"
        path = SERVICES / f"{self.sample.procedure}.toml"
        self.words = tomllib.loads(path.read_text(encoding="utf-8"))

    def go(self) -> None:
        """All of it, each page looked at."""
        self.check_oneself()
        self.sign_in_and_agree()
        self.declare()
        self.send_papers()
        self.hand_in()
        while (state := self.let_officers_decide()) == "awaiting_applicant":
            self.supplement()
        self.see_the_decision(state)

    # -- before signing in

    def check_oneself(self) -> None:
        visitor = self.visitor
        visitor.open("/")
        visitor.press(self.words["short"][0])
        self.look("02-dich-vu")
        visitor.press("Tự kiểm tra")
        for question in self.words["question"]:
            visitor.check(f"input[name={question['id']}][value={question['good']}]")
        visitor.press("Xem kết quả")
        assert visitor.heading() == "Có thể được hỗ trợ"
        self.look("04-ket-qua-tu-kiem-tra")
        visitor.press("Nộp hồ sơ")

    def sign_in_and_agree(self) -> None:
        visitor = self.visitor
        visitor.sign_in(*self.account)
        assert visitor.path() == "/ho-so/moi"
        visitor.check("#dong-y")
        visitor.press("Tiếp tục")

    # -- filing

    def declare(self) -> None:
        visitor = self.visitor
        visitor.fill("#dien-thoai", "0901 234 567")
        visitor.pick("#noi-nop", self.sample.office)
        for name, value in self.sample.declared.items():
            visitor.fill(f"[name='{name.replace('.', '-')}']", str(value))
        self.look("08-ke-khai")
        visitor.press("Lưu và gửi giấy tờ")
        self.dossier = visitor.dossier_id()

    def send_papers(self) -> None:
        visitor = self.visitor
        for file in self.sample.files:
            visitor.open(f"/ho-so/{self.dossier}/giay-to")
            visitor.send(file.name, file.media_type, file.data)
        assert "Chúng tôi đọc được" in visitor.text()
        self.look("11-doc-duoc")
        visitor.open(f"/ho-so/{self.dossier}/giay-to")
        self.look("13-giay-to")

    def hand_in(self) -> None:
        visitor = self.visitor
        visitor.press("Xong giấy tờ")
        self.look("17-kiem-tra-va-nop")
        visitor.press("Nộp hồ sơ")
        assert visitor.path() == f"/ho-so/{self.dossier}/bien-nhan"
        self.look("18-bien-nhan")

    # -- after handing in

    def let_officers_decide(self) -> str:
        """Each stage's officer in turn, until the dossier has ended or waits for its applicant; its state."""
        stack, sample = self.visitor.stack, self.sample
        applicant = Caller(stack.base_url, stack.cloud.sign_in.sign_in(*self.account))
        path = f"/v1/dossiers/{self.dossier}"
        law = procedures.load(sample.procedure, stack.day)
        decided: set[tuple[int, str]] = set()
        while True:

            def waits() -> Any:
                found = applicant.get(path).data
                still = found["state"] == "in_review" and (found["round"], found["stage"]) not in decided
                return found if still or found["state"] in {"awaiting_applicant", *ENDED} else None

            dossier = eventually("the dossier is somebody's, or decided", waits)
            if dossier["state"] != "in_review":
                return str(dossier["state"])
            stage = next(stage for stage in law.stages if stage.id == dossier["stage"])
            decide(stack.of_office(office_of(sample.office, stage.level)), dossier, stage, sample)
            decided.add((dossier["round"], stage.id))

    def supplement(self) -> None:
        """What was asked for, and nothing else, by the button that asks for it."""
        visitor = self.visitor
        visitor.open(f"/ho-so/{self.dossier}")
        assert "Chúng tôi chỉ cần" in visitor.text()
        self.look("19-can-bo-sung")
        for answer in self.sample.follow_up:
            visitor.open(f"/ho-so/{self.dossier}")
            visitor.press("Chụp lại trang" if answer.instead_of else "Gửi giấy này")
            visitor.choose(answer.name, answer.media_type, answer.data)
            assert visitor.page.locator(".govuk-error-summary").count() == 0, visitor.text()

    def see_the_decision(self, state: str) -> None:
        visitor, expected = self.visitor, self.sample.expected
        assert state == expected["state"]
        visitor.open(f"/ho-so/{self.dossier}")
        assert "Đã có kết quả" in visitor.text()
        self.look("22-co-ket-qua")
        visitor.press("Xem quyết định")
        assert visitor.heading() == ENDS[state]
        told = " ".join(visitor.text().split()).casefold()
        for row in expected["rows"].values():
            assert " ".join(row["full_name"].split()).casefold() in told
        if expected["total_vnd"]:
            assert f"{expected['total_vnd']:,}".replace(",", ".") in told
        self.look("23-quyet-dinh")

    def look(self, name: str) -> None:
        self.visitor.look(f"{self.named}{name}")


def decide(officer: Caller, dossier: dict[str, Any], stage: Any, sample: SampleDossier) -> None:
    """One stage over the API, as the scripted officer of the sample decides it."""
    path = f"/v1/tasks/{dossier['id']}.{dossier['round']}.{stage.id}"
    officer.post(f"{path}/claim")
    seen = officer.get(path)
    confirms = dict.fromkeys(stage.confirms, True)
    decision = decision_on(seen.data["findings"], sample, final=stage.final, confirms=confirms)
    officer.post(f"{path}/decision", decision, key=uuid.uuid4().hex, etag=seen.etag)


def walk(stack: Stack, browser: Any, axe: str, sample: SampleDossier, width: int, scripts: bool) -> Visitor:
    """The whole way of a sample by somebody new; the visitor as he left."""
    visitor = Visitor(stack, browser, axe, width, scripts)
    account = stack.new_applicant(f"{sample.procedure.lower()}-{width}-{'co' if scripts else 'khong'}-script")
    Way(visitor, sample, account).go()
    visitor.close()
    return visitor
