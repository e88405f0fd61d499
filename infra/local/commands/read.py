"""`motcua read`: read papers on this machine, without AWS, as JSON lines or as tables for people."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.local.shelf import Shelf

if TYPE_CHECKING:
    from adapters.inspection import Inspection
    from adapters.reader import PageRead, Reader
    from casework.document import Box, Field, Page, Part, Problem, Reading
    from rich.console import Console

_FOUND_PROBLEMS = 1
_UNREADABLE = 3


def register(app: typer.Typer) -> None:
    app.command(
        "read", epilog="Ví dụ / examples:  motcua read hop-dong.pdf  ·  motcua read *.pdf --jsonl > papers.jsonl"
    )(read)


def read(
    files: Annotated[list[Path], typer.Argument(help="PDF, JPEG, PNG or TIFF files.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, one line a file.")] = False,
    as_lines: Annotated[bool, typer.Option("--jsonl", help="The same: JSON lines.")] = False,
    workers: Annotated[int, typer.Option(help="Pages read side by side; 0: one per processor.", min=0)] = 0,
    searchable: Annotated[
        Path | None,
        typer.Option(
            help="Also write each file into this folder as a searchable PDF.", file_okay=False, show_default=False
        ),
    ] = None,
) -> None:
    """Read papers: their type, their fields with where each was read, their tables and marks.

    Exit code 0: all read; 1: a page or row of a file is missing or cannot be read; 3: a file cannot be read at all (the
    others are).
    """
    from adapters.reader import Reader, cores
    from casework.shown import escaped

    reader, code = Reader(), 0
    shelf = Shelf(searchable) if searchable else None
    with ThreadPoolExecutor(workers or cores()) as pool, _progress(quiet=False) as advance:
        jobs = [_Job(path) for path in files]
        for job in jobs:
            job.start(pool, reader)
        for job in jobs:
            answer = job.finish(reader, advance)
            code = max(code, job.code)
            if shelf and job.pages:
                answer["searchable"] = shelf.keep(job.path, [page.result() for page in job.pages])
            if as_json or as_lines:
                typer.echo(escaped(json.dumps(answer, ensure_ascii=False, allow_nan=False)))
            else:
                _show(answer)
    reader.close()
    raise typer.Exit(code)


@dataclass
class _Job:
    """One file on its way: looked through at once, its pages handed to the pool, its answer put together last."""

    path: Path
    code: int = 0
    began: float = 0.0
    problem: Problem | None = None
    found: Inspection | None = None
    pages: tuple[Future[PageRead], ...] = ()

    def start(self, pool: ThreadPoolExecutor, reader: Reader) -> None:
        from adapters.inspection import inspect
        from adapters.limits import READ_LIMITS
        from casework.errors import UnacceptableFile

        self.began = time.monotonic()
        try:
            data = _bytes_of(self.path, READ_LIMITS.bytes)
            self.found = inspect(data, self.path.name, limits=READ_LIMITS)
        except UnacceptableFile as error:
            self.problem, self.code = error.problem, _UNREADABLE
            return
        self.pages = tuple(
            pool.submit(_read_page, reader, data, number) for number in range(1, self.found.page_count + 1)
        )

    def finish(self, reader: Reader, advance: Any) -> dict[str, Any]:
        if self.problem is not None:
            advance(str(self.path), 1, 1)
            return {"file": str(self.path), "problem": _plain_problem(self.problem)}
        read_pages = []
        for done, future in enumerate(self.pages, 1):
            read_pages.append(future.result())
            advance(str(self.path), done, len(self.pages))
        reading = _fields_of(reader, read_pages)
        broken = len(reading.unreadable_pages)
        if broken:
            self.code = _UNREADABLE if broken == len(read_pages) else _FOUND_PROBLEMS
        incomplete = [paper for paper in reading.papers if (rows := paper.fields.get("roster.rows")) and rows.doubts]
        if incomplete or any(remark.type == "page-missing" for remark in reading.remarks):
            self.code = max(self.code, _FOUND_PROBLEMS)
        return {
            "file": str(self.path),
            "document_type": reading.document_type,
            "type_confidence": reading.type_confidence,
            "confidence_version": reading.confidence_version,
            "pages": [_plain_page(page) for page in reading.pages],
            "fields": _plain_fields(reading.fields),
            "tables": _plain_tables(reading.tables),
            **({"parts": [_plain_part(part) for part in reading.parts]} if reading.parts else {}),
            **({"remarks": [_plain_problem(remark) for remark in reading.remarks]} if reading.remarks else {}),
            "marks": {
                kind: [
                    {"page": item.page.number, "box": _corners(mark.box), "confidence": mark.confidence}
                    for item in read_pages
                    for mark in getattr(item.page, kind)
                ]
                for kind in ("seals", "signatures")
            },
            "seconds": round(time.monotonic() - self.began, 3),
        }


def _bytes_of(path: Path, most: int) -> bytes:
    from adapters.limits import refuse

    try:
        if path.is_dir():
            raise refuse("file-is-a-folder")
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError as error:
        raise refuse("file-not-found") from error
    except OSError as error:
        raise refuse("file-not-accessible", reason=error.strerror or type(error).__name__) from error


def _read_page(reader: Reader, data: bytes, number: int) -> PageRead:
    """Read one page; a broken engine gets a second try, then the page is what cannot be read."""
    from adapters.reader import PageRead
    from casework.document import Page
    from casework.errors import ReaderFailed, problem

    for _ in range(2):
        try:
            return reader.read_page(data, number)
        except ReaderFailed as error:
            reason = str(error)
    typer.echo(f"page {number}: {reason}", err=True)
    return PageRead(Page(number, "ocr", 0, 0, problem=problem("page-unreadable", page=number)), b"")


def _fields_of(reader: Reader, pages: list[PageRead]) -> Reading:
    from casework.reading import read_fields

    images = {item.page.number: item.image for item in pages}

    def second_look(page: int, box: Box, alphabet: str | None) -> tuple[str, float]:
        return reader.read_again(images[page], box, alphabet)

    return read_fields([item.page for item in pages], second_look=second_look)


def _plain_page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "source": page.source,
        "width_px": page.width_px,
        "height_px": page.height_px,
        "rotation_deg": page.rotation_deg,
        "skew_deg": page.skew_deg,
        "quality": page.quality,
        "problem": _plain_problem(page.problem) if page.problem else None,
    }


def _plain_problem(problem: Problem) -> dict[str, str]:
    return {
        "type": problem.type,
        "title": problem.title,
        "detail": problem.detail,
        "title_en": problem.title_en,
        "detail_en": problem.detail_en,
    }


def _plain_part(part: Part) -> dict[str, Any]:
    return {
        "document_type": part.document_type,
        "type_confidence": part.type_confidence,
        "pages": list(part.pages),
        "fields": _plain_fields(part.fields),
        "tables": _plain_tables(part.tables),
    }


def _plain_fields(fields: dict[str, Field]) -> dict[str, Any]:
    return {name: _plain_field(item) for name, item in fields.items()}


def _plain_tables(tables: dict[str, tuple[dict[str, Field], ...]]) -> dict[str, Any]:
    return {name: [{key: item.value for key, item in row.items()} for row in rows] for name, rows in tables.items()}


def _plain_field(item: Field) -> dict[str, Any]:
    from casework.reading.doubts import in_both

    return {
        "value": item.value,
        "raw": item.raw,
        "confidence": item.confidence,
        "page": item.page,
        "box": _corners(item.box) if item.box else None,
        "source": item.source,
        "doubts": [{"vi": doubt.vi, "en": doubt.en} for doubt in in_both(item.doubts)],
    }


def _corners(box: Box) -> list[float]:
    return [box.x0, box.y0, box.x1, box.y1]


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Any]:
    """A bar on the error stream when a person watches it; nothing otherwise."""
    import sys

    if quiet or not sys.stderr.isatty():
        yield lambda _name, _done, _total: None
        return
    from casework.shown import shown_name
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def advance(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(escape(shown_name(Path(name).name))[:40], total=total)
            bar.update(tasks[name], completed=done)

        yield advance


def _show(answer: dict[str, Any]) -> None:
    """One file for a person: what it is, what was read, what is wrong."""
    from casework.shown import clean, shown_name
    from rich.console import Console
    from rich.text import Text

    console, file_name = Console(), shown_name(answer["file"])
    if trouble := answer.get("problem"):
        console.print(
            Text.assemble((file_name, "bold"), ": ", (trouble["title"], "red"), f". {clean(trouble['detail'])}"),
            soft_wrap=True,
        )
        return
    pages = answer["pages"]
    how = ", ".join(sorted({page["source"] for page in pages}))
    title = f"{file_name}: {answer['document_type']} ({answer['type_confidence']:.0%}), "
    console.print(Text(f"{title}{len(pages)} trang ({how}), {answer['seconds']:.1f} s", style="bold"))
    if kept := answer.get("searchable"):
        size = f"{kept['bytes']:,}".replace(",", ".")
        console.print(Text(f"  → {shown_name(kept['file'])}, {size} byte"), soft_wrap=True)
    for page in pages:
        if page["problem"]:
            console.print(Text(f"  {page['problem']['title']}. {page['problem']['detail']}", style="red"))
    for remark in answer.get("remarks", ()):
        console.print(Text(f"  {remark['title']}. {remark['detail']}", style="yellow"))
    for part in answer.get("parts", ()):
        where = ", ".join(str(number) for number in part["pages"])
        name = f"{part['document_type']} ({part['type_confidence']:.0%})"
        console.print(Text(f"  trang {where}: {name}", style="bold"))
        _show_paper(console, part)
    if not answer.get("parts"):
        _show_paper(console, answer)


def _show_paper(console: Console, paper: dict[str, Any]) -> None:
    """The fields and tables of one paper."""
    from casework.shown import clean
    from rich.table import Table
    from rich.text import Text

    table = Table("Mục", "Giá trị", "Tin cậy", "Trang", show_edge=False, pad_edge=False)
    for name, item in paper["fields"].items():
        if item["value"] is not None:
            table.add_row(name, Text(clean(str(item["value"]))), f"{item['confidence']:.0%}", str(item["page"]))
    if table.row_count:
        console.print(table)
    for name, item in paper["fields"].items():
        for doubt in item["doubts"]:
            console.print(
                Text(f"  {name}: {clean(doubt['vi'])} · {clean(doubt['en'])}", style="yellow"), soft_wrap=True
            )
    for name, rows in paper["tables"].items():
        if rows:
            columns = list(dict.fromkeys(key for row in rows for key in row))
            listing = Table(*columns, title=f"{name}: {len(rows)}", show_edge=False)
            for row in rows:
                listing.add_row(*(Text("" if row.get(key) is None else clean(str(row[key]))) for key in columns))
            console.print(listing)
