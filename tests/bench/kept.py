"""Papers made and pages read once, kept under build/eval by what they were made of.

A paper is kept by the files that print and wear it, a page by its bytes and by the sources of the reader (everything
`adapters.reading_process` imports), the baseline's text by the bytes alone. So a change of how fields are found costs
seconds, a change of how pixels are read costs exactly the pages it touches.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from adapters.reader import Reader
    from casework.document import Box, Page

T = TypeVar("T")
Look = Callable[[int, "Box", str | None], T]
"""Reads a box of a page (from 1), with these characters only if any are given."""

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "eval"
PAPERS = ROOT / "infra" / "papers"


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """One paper to be measured: enough to make it again, in any process."""

    set: str
    kind: str
    layout: str
    level: str
    seed: int
    rows: int = 0

    @property
    def name(self) -> str:
        return f"{self.set}-{self.layout}-{self.seed}-{self.level}"

    def make(self) -> tuple[bytes, dict[str, Any]]:
        """The PDF as it arrives, and its truth; made once."""
        kept = KEPT / "papers" / f"{self.name}-{self.rows}-{_made_of(self.set, self.layout)}"
        if not kept.with_suffix(".json").exists():
            data, truth = _make_exam(self) if self.set == "exam" else _make_dev(self)
            _write(kept.with_suffix(".pdf"), data)
            _write(kept.with_suffix(".json"), json.dumps(truth, ensure_ascii=False).encode())
        return kept.with_suffix(".pdf").read_bytes(), json.loads(kept.with_suffix(".json").read_text())


def _make_exam(spec: PaperSpec) -> tuple[bytes, dict[str, Any]]:
    from infra.papers import exam

    layout = next(row for row in exam.EXAM_LAYOUTS if row.id == spec.layout)
    paper, worn = exam.ExamPaper(layout, spec.level, spec.seed, spec.rows).make()  # type: ignore[arg-type]
    return worn, paper.truth


def _make_dev(spec: PaperSpec) -> tuple[bytes, dict[str, Any]]:
    from infra import papers
    from infra.papers.exam.printing import printed_words

    paper = papers.make_paper(spec.kind, spec.layout, seed=spec.seed)  # type: ignore[arg-type]
    worn = papers.wear(paper.pdf, spec.level, spec.seed)  # type: ignore[arg-type]
    return worn, paper.truth | {"text": printed_words(paper.pdf)}


@cache
def _made_of(set_: str, layout: str) -> str:
    if set_ == "exam":
        folder = PAPERS / "exam"
        shared = [PAPERS / name for name in ("wearing.py", "ink.py", "printing.py", "wording.py")]
        files = [*folder.glob("*.py"), folder / "people.toml", folder / "templates" / "_sheet.html", *shared]
        # The table of layouts is not hashed whole: a new layout leaves the others' papers as they are.
        files = [file for file in files if file.name not in ("layouts.py", "__init__.py")]
        from infra.papers import exam

        row = next(row for row in exam.EXAM_LAYOUTS if row.id == layout)
        return _digest([*files, folder / "templates" / f"{layout}.html"], repr(row.habits) + f"{row.font}{row.size_pt}")
    folder = PAPERS / "templates"
    shared = [*PAPERS.glob("*.py"), PAPERS / "people.toml", *folder.glob("_*.html"), folder / f"{layout}.html"]
    return _digest(
        [file for file in shared if file.name not in ("layouts.py", "sets.py", "dossiers.py", "__init__.py")]
    )


def _digest(files: Iterable[Path], more: str = "") -> str:
    parts = [file.read_bytes() for file in sorted(set(files)) if file.exists()]
    return hashlib.sha256(b"\0".join(parts) + more.encode()).hexdigest()[:12]


@cache
def reader_sources() -> str:
    """A hash of every module of ours that turning a file into words runs through, and of the engine's version."""
    return _digest(reader_modules(), tesseract_version())


def reader_modules() -> list[Path]:
    """What `adapters.reading_process` imports of ours, and what that imports."""
    seen: dict[str, Path] = {}
    waiting = ["adapters.reading_process"]
    while waiting:
        name = waiting.pop()
        found = importlib.util.find_spec(name)
        if name in seen or found is None or found.origin is None or not found.origin.endswith(".py"):
            continue
        seen[name] = Path(found.origin)
        ours = (each for each in _imports(seen[name]) if each.split(".")[0] in ("adapters", "casework"))
        waiting += [each for each in ours if each != "casework.errors"]  # sentences about failures read no page
    return [path for path in seen.values() if path.name != "__init__.py"]


def _imports(source: Path) -> Iterable[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            for alias in node.names:
                if _is_module(f"{node.module}.{alias.name}"):
                    yield f"{node.module}.{alias.name}"


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def tesseract_version() -> str:
    import pytesseract

    return str(pytesseract.get_tesseract_version())


@dataclass
class ReadPaper:
    """One paper as our reader read it: its pages with their pictures, and the second looks taken so far."""

    pages: list[Page]
    folder: Path
    looks: dict[str, tuple[str, float]] = field(default_factory=dict)

    def picture(self, number: int) -> Path:
        """The JPEG of the upright page."""
        return self.folder / f"{number}.jpg"


def read_paper(data: bytes, count: int, reader: Callable[[], Reader]) -> ReadPaper:
    """Our reader's pages of a worn paper; read once for each state of the reader's sources."""
    from casework.document import Page
    from casework.plain import from_plain, to_plain

    folder = KEPT / "pages" / f"{hashlib.sha256(data).hexdigest()[:16]}-{reader_sources()}"
    stored = folder / "pages.json"
    if not stored.exists():
        pages = []
        for number in range(1, count + 1):
            read = reader().read_page(data, number)
            _write(folder / f"{number}.jpg", read.image)
            pages.append(to_plain(read.page))
        _write(stored, json.dumps(pages, ensure_ascii=False).encode())
    looks = folder / "looks.json"
    known = {key: (text, sure) for key, (text, sure) in json.loads(looks.read_text()).items()} if looks.exists() else {}
    return ReadPaper([from_plain(Page, page) for page in json.loads(stored.read_text())], folder, known)


def second_look(paper: ReadPaper, reader: Callable[[], Reader]) -> Look[tuple[str, float]]:
    """Second looks that are taken once each."""
    return _once(paper, "looks.json", paper.looks, lambda *crop: reader().read_again(*crop))


def read_variously(paper: ReadPaper, reader: Callable[[], Reader]) -> Look[tuple[str, ...]]:
    """Boxes read in several forms, once each."""
    stored = paper.folder / "forms.json"
    known = {key: tuple(texts) for key, texts in json.loads(stored.read_text()).items()} if stored.exists() else {}
    return _once(paper, stored.name, known, lambda *crop: reader().read_variously(*crop))


def _once(paper: ReadPaper, name: str, known: dict[str, T], read: Callable[[bytes, Box, str | None], T]) -> Look[T]:
    def look(number: int, box: Box, alphabet: str | None) -> T:
        key = f"{number} {box.x0:.5f} {box.y0:.5f} {box.x1:.5f} {box.y1:.5f} {alphabet}"
        if key not in known:
            known[key] = read(paper.picture(number).read_bytes(), box, alphabet)
            _write(paper.folder / name, json.dumps(known, ensure_ascii=False).encode())
        return known[key]

    return look


def read_plainly(data: bytes, count: int) -> list[str]:
    """The baseline's text of each page; read once."""
    from tests.bench import plain_reader

    mark = hashlib.sha256(data).hexdigest()[:16]
    stored = KEPT / "plain" / f"{mark}-{tesseract_version()}.json"
    if not stored.exists():
        texts, _ = plain_reader.read_plainly(data, count)
        _write(stored, json.dumps(texts, ensure_ascii=False).encode())
    return list(json.loads(stored.read_text()))


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: several processes and several runs share the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
