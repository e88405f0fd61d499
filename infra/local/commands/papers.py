"""`motcua papers`: write invented papers with their truth, for tuning, for measuring, or the tests' samples anew."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

if TYPE_CHECKING:
    from infra.papers import Kind, Level, PaperFile, Set


def register(app: typer.Typer) -> None:
    app.command(
        "papers",
        epilog="Ví dụ / examples:  motcua papers build/papers-dev --count 28  ·  "
        "motcua papers /tmp/fax --set test --level fax150 --kind form_01  ·  "
        "motcua papers /tmp/dossier --staff 3 --count 6 --kind form_01 --kind labour_contract",
    )(papers)


def papers(
    folder: Annotated[Path, typer.Argument(help="Where the papers go; made if missing.", show_default=False)],
    set_: Annotated[
        Literal["dev", "test"], typer.Option("--set", help="Templates to tune on, or others to measure with.")
    ] = "dev",
    count: Annotated[int, typer.Option(help="How many, going round kinds, levels and layouts.", min=1)] = 28,
    first: Annotated[int, typer.Option(help="Number of the first paper of the set.", min=0)] = 0,
    level: Annotated[list[str] | None, typer.Option(help="Wear only to this level; may be repeated.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this document type; may be repeated.")] = None,
    staff: Annotated[
        int,
        typer.Option(
            help="All papers of one employer with so many people, to be filed together; 0: each another.", min=0
        ),
    ] = 0,
    fixtures: Annotated[bool, typer.Option("--fixtures", help="The small samples of the tests instead.")] = False,
) -> None:
    """Write invented papers, each beside its truth: what stands on it, as NAME.truth.json.

    The same set, number and options give the same files. Exit code 2: no such level or document type.
    """
    from infra.papers import LEVELS, SAMPLES, kinds_of, one_employer, paper_set

    levels = cast("list[Level]", _known(level, LEVELS, "--level"))
    kinds = cast("list[Kind]", _known(kind, kinds_of(cast("Set", set_)), "--kind"))
    folder.mkdir(parents=True, exist_ok=True)
    if fixtures:
        _write(folder, (sample.make() for sample in SAMPLES), len(SAMPLES))
    else:
        employer, people = one_employer(staff, seed=first) if staff else (None, [])
        chosen = paper_set(
            cast("Set", set_), count, levels=levels, kinds=kinds, first=first, employer=employer, staff=people
        )
        _write(folder, chosen, count)


def _known(given: list[str] | None, known: Iterable[str], option: str) -> list[str]:
    for name in given or ():
        if name not in known:
            raise typer.BadParameter(f"{name}: {', '.join(known)}", param_hint=option)
    return given or list(known)


def _write(folder: Path, files: Iterable[PaperFile], count: int) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    pages = 0
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("giấy tờ / papers", total=count)
        for file in files:
            (folder / file.name).write_bytes(file.data)
            truth = json.dumps(file.truth, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{file.name}.truth.json").write_text(f"{truth}\n", encoding="utf-8")
            pages += int(file.truth["pages"])
            progress.update(task, advance=1, description=file.name)
    console.print(f"{count} giấy tờ, {pages} trang / {count} papers, {pages} pages: {folder}")
