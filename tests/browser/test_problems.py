"""Every problem of the upload path as a person meets it: said on top with the focus and the way to its field, said
beside the field with what to do next, in Vietnamese and English.

Which slugs there are is read out of the code of the path: a new one without a case fails. Files are real and go the
real way; what no file can bring about at will (a reader that runs out of memory) is put into the store.
"""

from __future__ import annotations

import ast
import dataclasses
import io
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import weasyprint
from adapters.store import CaseTable
from casework.document import Problem
from casework.dossier import SYSTEM, Document, change
from casework.errors import problem, problems
from PIL import Image

from infra.local.caller import Caller
from infra.papers import SampleDossier, make_paper, one_employer
from infra.papers.spoiling import Spoiling, spoil
from tests.browser.conftest import Stack, eventually
from tests.browser.visitor import Visitor
from tests.hostile import FILES, Hostile, blank_pdf
from tests.hostile_sheets import SHEETS

ROOT = Path(__file__).parents[2]
ADAPTERS, CASEWORK = ROOT / "layers/adapters/python/adapters", ROOT / "layers/casework/python/casework"
PATH = [
    *(ADAPTERS / f"{name}.py" for name in ("inspection", "pdf_inspection", "inflation", "reader", "page_reading")),
    ADAPTERS / "workbooks.py", ADAPTERS / "capture.py", CASEWORK / "reading/__init__.py",
    *(CASEWORK / f"workflow/{name}.py" for name in ("reading", "admission", "arranging", "filing")),
    ROOT / "functions/web/papers.py", ROOT / "functions/web/sending_pages.py",
]  # fmt: skip
ELSEWHERE = {
    "consent-missing": "the form of consent", "procedure-unknown": "filing", "procedure-not-open": "filing",
    "office-unknown": "filing", "fact-unknown": "declaring", "fact-not-valid": "declaring",
    "field-unknown": "correcting", "dossier-decided": "withdrawing",
    "validation-failed": "no page of ours sends such a form",
    "idempotency-key-missing": "no page of ours sends such a form",
    "idempotency-mismatch": "no page of ours sends such a form", "version-missing": "no page of ours sends such a form",
    "document-removed": "no page of ours uses a key again",
    "version-stale": "test_interruptions.py, with what was on its way",
}  # fmt: skip
SPOILED: dict[Spoiling, str] = {
    "blurred": "page-blurred", "dark": "page-too-dark", "glare": "page-glare", "cut": "page-cut",
    "too_small": "page-too-small", "not_a_document": "page-not-a-document",
}  # fmt: skip
SEEDS = {"blurred": 1}
ON_ARRIVAL: dict[str, Hostile] = {file.slug: file for file in (*reversed(SHEETS), *reversed(FILES)) if file.slug}
EARLY = ("file-empty", "file-too-large", "file-type-not-allowed")  # said before anything is sent
FOCUSED = "document.activeElement.className"
BESIDE = "document.activeElement.closest('.govuk-form-group, li.mc-card, .mc-card').innerText"


def slugs_of_the_path() -> set[str]:
    """Every problem that is named in the code of the path."""
    known = set(problems())
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in PATH)
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and text in known}


@dataclass
class Walk:
    """Somebody who does everything wrong, one thing after the other, and what he was told."""

    stack: Stack
    visitor: Visitor
    account: tuple[str, str]
    told: set[str] = field(default_factory=set)
    dossier: str = ""

    def __post_init__(self) -> None:
        self.api = Caller(self.stack.base_url, self.stack.cloud.sign_in.sign_in(*self.account))
        self.table = CaseTable(self.stack.cloud.client("dynamodb"), self.stack.cloud.template.physical["CasesTable"])
        self.visitor.open("/dang-nhap")
        self.visitor.sign_in(*self.account)
        self.dossier = self.new_dossier()

    def new_dossier(self) -> str:
        contact = {"name": "Công ty An Phú", "email": "ke.toan@example.vn"}
        body = {"procedure": "SW", "office": "H29.1", "applicant": contact, "declared": {}, "consent": True}
        return str(self.api.post("/v1/dossiers", body, key=uuid.uuid4().hex).data["id"])

    def send(self, data: bytes, name: str = "giay-to.pdf", dossier: str = "") -> str:
        """A file through the API, as a script of ours sends it; the document's id."""
        path = f"/v1/dossiers/{dossier or self.dossier}/documents"
        return self.api.send_file(path, name, media_type(name), data, uuid.uuid4().hex)

    def paper(self, document: str) -> str:
        return f"/ho-so/{self.dossier}/giay-to/{document}"

    def state(self, document: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/v1/dossiers/{self.dossier}/documents/{document}").data
        return found

    def read(self, document: str) -> dict[str, Any]:
        """The paper once it is settled."""

        def settled() -> Any:
            found = self.state(document)
            return found if found["state"] in ("read", "unreadable", "rejected") else None

        found: dict[str, Any] = eventually(f"{document} is read", settled, 120)
        return found

    def put(self, document: str, alter: Callable[[Document], Document]) -> None:
        """Alter a paper in the store, as if the reader had said so."""
        before = self.table.load(self.dossier)
        now = self.stack.now
        altered = alter(next(d for d in before.documents if d.id == document))
        self.table.commit(change(before, before.with_document(altered), "document.read", actor=SYSTEM, now=now))

    # -- what is seen

    def sees(self, path: str, found: Problem | dict[str, Any]) -> None:
        """The page says it on top, with the focus, leads to where it can be mended, and says there what to do."""
        said = found if isinstance(found, Problem) else Problem(**found)
        page = self.visitor.page
        for language, title, detail in (("en", said.title_en, said.detail_en), ("vi", said.title, said.detail)):
            self.visitor.open(f"{path}{'&' if '?' in path else '?'}ngon-ngu={language}")
            assert "govuk-error-summary" in page.evaluate(FOCUSED), said.type
            page.locator(".govuk-error-summary a", has_text=title).first.click()
            beside = one_line(page.evaluate(BESIDE))
            assert one_line(f"{title}. {detail}") in beside, (said.type, beside)
        self.told.add(said.type)

    def is_told_early(self, slug: str, path: str, sent: list[Any], /, **values: object) -> None:
        """The form says it without leaving, and keeps what was chosen."""
        said, page = problem(slug, **values), self.visitor.page
        for language, title, detail in (("en", said.title_en, said.detail_en), ("vi", said.title, said.detail)):
            self.visitor.open(f"{path}{'&' if '?' in path else '?'}ngon-ngu={language}")
            page.set_input_files("#file", sent)
            page.locator("form.mc-send button.govuk-button").click()
            page.wait_for_selector(".govuk-error-summary")
            assert "govuk-error-summary" in page.evaluate(FOCUSED), slug
            page.locator(".govuk-error-summary a", has_text=title).click()
            assert one_line(f"{title}. {detail}") in one_line(page.evaluate(BESIDE)), slug
            assert page.locator(".mc-files li").count() == len(sent)
        self.told.add(slug)

    def is_told_on_a_page(self, slug: str, **values: object) -> None:
        """A page of its own: what was on its way has no form any more."""
        said = problem(slug, **values)
        assert self.visitor.heading() == said.title
        assert one_line(said.detail) in one_line(self.visitor.text())
        assert self.visitor.page.locator("main a").count() >= 1
        self.told.add(slug)

    def form(self) -> str:
        """A form for a new paper; its address."""
        self.visitor.open(f"/ho-so/{self.dossier}/giay-to?ngon-ngu=vi")
        self.visitor.go_by(self.visitor.page.locator("main form button:has-text('Gửi')"))
        return self.visitor.page.url.removeprefix(self.stack.base_url)


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def media_type(name: str) -> str:
    return {"jpg": "image/jpeg", "png": "image/png"}.get(name.rpartition(".")[2], "application/pdf")


def chosen(name: str, data: bytes, kind: str = "") -> dict[str, Any]:
    return {"name": name, "mimeType": kind or media_type(name), "buffer": data}


def pages_of(pdf: bytes, *numbers: int) -> bytes:
    """These pages of a PDF, in this order."""
    out, packed = pikepdf.new(), io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        out.pages.extend(whole.pages[number - 1] for number in numbers)
        out.save(packed)
    return packed.getvalue()


def printed(kind: str, layout: str) -> bytes:
    employer, jobs = one_employer(1, seed=3)
    return make_paper(kind, layout, seed=3, employer=employer, jobs=jobs).pdf


def letter() -> bytes:
    """A paper with words on it that is none of ours."""
    text = "Hôm qua trời mưa to, cả nhà ở trong bếp nấu cơm và kể chuyện ngày xưa cho các cháu nghe. "
    return bytes(weasyprint.HTML(string=f"<p>{text * 12}</p>").write_pdf())


@pytest.fixture(scope="module")
def photograph(samples: dict[str, SampleDossier]) -> Image.Image:
    """A good photograph of a paper, no larger than it must be."""
    taken = next(file for file in samples["all_right"].files if file.media_type == "image/jpeg")
    image = Image.open(io.BytesIO(taken.data))
    return image.resize((image.width * 2200 // image.height, 2200))


@pytest.fixture(scope="module")
def walk(stack: Stack, browser: Any, axe: str) -> Iterator[Walk]:
    visitor = Visitor(stack, browser, axe)
    visitor.page.set_default_timeout(90_000)
    came = Walk(stack, visitor, stack.new_applicant("lam-gi-cung-sai"))
    yield came
    visitor.close()


def test_what_is_not_a_file_of_ours_is_told_when_it_has_come(walk: Walk) -> None:
    slugs = sorted(set(ON_ARRIVAL) - set(EARLY))
    sent = {slug: walk.send(ON_ARRIVAL[slug].data(), ON_ARRIVAL[slug].name) for slug in slugs}
    for slug, document in sent.items():
        found = walk.read(document)
        assert found["problem"]["type"] == slug
        walk.sees(walk.paper(document), found["problem"])


def test_what_is_known_beforehand_is_told_before_it_is_sent(walk: Walk, tmp_path: Path) -> None:
    form, large = walk.form(), tmp_path / "to.pdf"
    large.write_bytes(bytes((20 << 20) + 1))
    walk.is_told_early("file-empty", form, [chosen("trong.pdf", b"")])
    walk.is_told_early("file-too-large", form, [str(large)], limit_mb=20)
    document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    walk.is_told_early(
        "file-type-not-allowed", form, [chosen("don.docx", b"PK", document)], types="PDF, JPEG, PNG, XLSX"
    )
    known = blank_pdf(lambda pdf: pdf.add_blank_page())
    walk.read(walk.send(known, "da-gui.pdf"))
    walk.is_told_early("duplicate-document", form, [chosen("lan-hai.pdf", known)], file="da-gui.pdf")

    def spoil_on_the_way(route: Any) -> None:
        route.continue_(post_data=route.request.post_data_buffer.replace(b"%%EOF", b"%%E0F"))

    store = re.compile(re.escape(walk.stack.cloud.endpoint))
    walk.visitor.page.route(store, spoil_on_the_way)
    walk.is_told_early("checksum-mismatch", form, [chosen("hong.pdf", blank_pdf())])
    walk.visitor.page.unroute(store)
    paper = form.partition("/gui")[0]
    walk.sees(paper, problem("upload-interrupted", file="hong.pdf"))
    walk.visitor.open(f"/ho-so/{walk.dossier}/nop?ngon-ngu=vi")
    walk.visitor.press("Nộp hồ sơ")
    assert "hong.pdf" in one_line(walk.visitor.page.locator(".govuk-error-summary").inner_text())
    walk.told.add("upload-unfinished")


def test_a_bad_photograph_is_named_with_its_page(walk: Walk, photograph: Image.Image) -> None:
    visitor = walk.visitor
    visitor.open(walk.form())
    files = [chosen(f"{kind}.jpg", spoil(photograph, kind, SEEDS.get(kind, 0))) for kind in SPOILED]
    visitor.page.set_input_files("#file", files)
    visitor.go_by(visitor.page.locator("form.mc-send button.govuk-button"))
    document = visitor.page.url.partition("/giay-to/")[2][:26]
    eventually("all pages are read", lambda: len(walk.state(document)["pages"]) == len(SPOILED), 180)
    found = walk.read(document)
    for number, (page, slug) in enumerate(zip(found["pages"], SPOILED.values(), strict=True), 1):
        assert (page["number"], page["problem"]["type"]) == (number, slug)
        walk.sees(walk.paper(document), page["problem"])
    for slug in ("page-unreadable", "page-too-complex"):
        said = problem(slug, page=1)
        walk.put(document, lambda d, said=said: dataclasses.replace(  # type: ignore[misc]
            d, pages=(dataclasses.replace(d.pages[0], problem=said), *d.pages[1:])))  # fmt: skip
        walk.sees(walk.paper(document), said)


def test_what_is_wrong_with_a_paper_as_a_whole_is_told(walk: Walk) -> None:
    minutes = printed("suspension_agreement", "suspension_minutes")
    contract = printed("labour_contract", "contract_party_a_b")
    sent = {
        "pages-out-of-order": walk.send(pages_of(minutes, 2, 1)),
        "page-missing": walk.send(pages_of(contract, 1)),
        "document-unknown": walk.send(letter()),
        "document-not-needed": walk.send(printed("form_11", "form11_state")),
    }
    blank = walk.send(blank_pdf(lambda pdf: pdf.pages.append(pdf.pages[0])))
    walk.sees(walk.paper(blank), walk.read(blank)["pages"][0]["problem"])
    for slug, document in sent.items():
        remarks = {remark["type"]: remark for remark in walk.read(document)["remarks"]}
        walk.sees(walk.paper(document), remarks.get(slug) or problem(slug))


def test_a_page_taken_again_is_told_what_is_wrong_with_it(walk: Walk) -> None:
    visitor, paper = walk.visitor, walk.paper(walk.send(printed("suspension_agreement", "suspension_decree")))
    walk.read(paper[-26:])
    visitor.open(f"{paper}?ngon-ngu=vi")
    visitor.press("Chụp lại trang 2")
    visitor.choose("hai-trang.pdf", "application/pdf", blank_pdf(lambda pdf: pdf.add_blank_page(page_size=(300, 400))))
    walk.sees(paper, problem("one-page-expected", page=2, pages=2))
    visitor.open(f"{paper}?ngon-ngu=vi")
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    other.locator("li#trang-2 button:has-text('Bỏ trang này')").click()
    other.wait_for_url("**cho=**")
    other.close()
    visitor.go_by(visitor.page.locator("li#trang-2 button:has-text('Chụp lại')"))
    walk.is_told_on_a_page("page-unknown", page=2)


def test_a_dossier_that_is_full_empty_or_on_its_way_says_so(walk: Walk) -> None:
    visitor, page = walk.visitor, walk.visitor.page
    kept, walk.dossier = walk.dossier, walk.new_dossier()
    visitor.open(f"/ho-so/{walk.dossier}/nop?ngon-ngu=vi")
    visitor.press("Nộp hồ sơ")
    assert one_line(problem("no-documents").detail) in one_line(page.locator(".govuk-error-summary").inner_text())
    assert "govuk-error-summary" in page.evaluate(FOCUSED)
    walk.told.add("no-documents")

    document = walk.send(printed("form_11", "form11_state"))
    walk.read(document)
    form = walk.form()
    walk.put(document, lambda d: d.with_upload(dataclasses.replace(d.uploads[0], size_bytes=1 << 30)))
    walk.is_told_early("too-many-files", form, [chosen("them.pdf", blank_pdf())], files=200, limit_mb=1024)
    walk.put(document, lambda d: d.with_upload(dataclasses.replace(d.uploads[0], size_bytes=1)))
    visitor.open(f"/ho-so/{walk.dossier}/giay-to?ngon-ngu=vi")
    seen = walk.api.get(f"/v1/dossiers/{walk.dossier}")
    walk.api.post(f"/v1/dossiers/{walk.dossier}/submit", etag=seen.etag)
    visitor.go_by(page.locator("main form button:has-text('Gửi')"))
    walk.is_told_on_a_page("dossier-not-open")
    walk.dossier = kept


def test_every_problem_of_the_path_was_met(walk: Walk) -> None:
    """Last: what the tests above met is all there is."""
    path = slugs_of_the_path()
    assert set(ELSEWHERE) <= path
    assert walk.told == path - set(ELSEWHERE)
