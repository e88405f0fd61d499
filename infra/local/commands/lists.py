"""`motcua lists`: what agencies send as lists is imported, and what was imported is shown.

Works on a deployed table with the AWS credentials at hand, or on the local stack that runs on this machine.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from adapters.registries.lists import Imported, ListTable

FOUND_PROBLEMS, USAGE, UNREADABLE = 1, 2, 3
SHOWN_ERRORS = 50

Table = Annotated[str, typer.Option(help="Table of lists; the local stack's without.", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc · JSON for machines.")]


def register(app: typer.Typer) -> None:
    lists = typer.Typer(
        help="Danh sách cơ quan gửi: nhập, xem · Lists of agencies: import, show.", no_args_is_help=True
    )
    lists.command("import", epilog="motcua lists import vss danh-sach.xlsx --as-of 2020-04-30")(import_list)
    lists.command("show", epilog="motcua lists show vss")(show)
    app.add_typer(lists, name="lists")


def import_list(
    registry: Annotated[str, typer.Argument(help="vss, tax …", show_default=False)],
    file: Annotated[Path, typer.Argument(help="CSV (UTF-8) hoặc XLSX · or XLSX.", show_default=False)],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day the list speaks of.")],
    table: Table = "",
    as_json: AsJson = False,
) -> None:
    """Import a list: whole, or not at all where a row is wrong.

    Exit code 1: rows are wrong, each told with row and column; 2: no such kind of list; 3: the file is no list.
    """
    from adapters.registries.list_files import UnreadableList, rows_of
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    _known(registry)
    try:
        digest = _sha256(file)
    except OSError as error:
        _end(f"{file}: {error.strerror}", UNREADABLE)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("dòng · rows", total=None)
        try:
            done = _table(table).take(
                registry,
                as_of.date(),
                digest,
                rows_of(file),
                lambda rows: progress.update(task, completed=rows),
            )
        except UnreadableList as error:
            _end(f"{file.name}: {error}", UNREADABLE)
    _tell(done, file, time.monotonic() - began, as_json=as_json)
    raise typer.Exit(FOUND_PROBLEMS if done.errors_in_all else 0)


def show(
    registry: Annotated[str, typer.Argument(help="vss, tax …", show_default=False)],
    table: Table = "",
    as_json: AsJson = False,
) -> None:
    """The lists that count, the newest day first."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table as Shown

    _known(registry)
    heads = _table(table).heads(registry)
    if as_json:
        typer.echo(json.dumps([asdict(head) for head in heads], ensure_ascii=False, indent=1))
        return
    shown = Shown("ngày · as of", "dòng · rows", "cột · columns", "nhập lúc · imported", "id", box=None)
    for head in heads:
        shown.add_row(head.as_of, f"{head.rows:,}", ", ".join(head.columns), head.imported_at, head.id)
    Console().print(shown)


def _tell(done: Imported, file: Path, seconds: float, *, as_json: bool) -> None:
    if as_json:
        from casework.plain import to_plain

        typer.echo(json.dumps(to_plain(done), ensure_ascii=False, indent=1))
    elif done.known_already:
        typer.echo(f"{file.name}: đã nhập rồi, {done.rows} dòng · imported before, {done.rows} rows")
    elif done.errors_in_all:
        for error in done.errors[:SHOWN_ERRORS]:
            typer.echo(f"dòng {error.row}, cột {error.column}: {error.says.vi} · {error.says.en}")
        count = done.errors_in_all
        typer.echo(f"{file.name}: {count} lỗi, không nhập dòng nào · {count} errors, nothing imported")
    else:
        speed = done.rows / seconds if seconds else 0
        typer.echo(f"{file.name}: {done.rows} dòng · rows, {seconds:.1f} s ({speed:,.0f}/s)")


def _known(registry: str) -> None:
    from casework.agency_lists import list_kinds

    if registry not in list_kinds():
        _end(f"{registry}: {', '.join(list_kinds())}", USAGE)


def _table(name: str) -> ListTable:
    """The table named, with the credentials at hand; the running local stack's without a name."""
    import boto3
    from adapters.registries.lists import ListTable

    from infra.local import at_hand
    from infra.local.template import REGION

    more: dict[str, Any] = {}
    if not name:
        try:
            endpoint = at_hand.find().endpoint
        except at_hand.NoStack as error:
            _end(f"không có hệ thống đang chạy; dùng --table · no local stack runs; see --table ({error})", USAGE)
        name = "motcua-local-registry-lists"
        more = {
            "endpoint_url": endpoint,
            "region_name": REGION,
            "aws_access_key_id": "local",
            "aws_secret_access_key": "local",
        }
    return ListTable(boto3.client("dynamodb", **more), name, lambda: datetime.now(UTC))


def _sha256(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _end(says: str, code: int) -> NoReturn:
    typer.echo(says, err=True)
    raise typer.Exit(code)
