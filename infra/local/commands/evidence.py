"""`motcua evidence` and `motcua verify`: a decision's evidence as one file, and that file checked by anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from casework.workflow.verifying import Verification

_FOUND_PROBLEMS, _USAGE, _UNREADABLE = 1, 2, 3
_MOST_BYTES = 256 * 2**20
_MOST_SHOWN = 160  # letters of a value that differs


def register(app: typer.Typer) -> None:
    app.command("evidence", epilog="Ví dụ / example:  motcua evidence H29.1-200504-0001 --out H29.1-200504-0001.zip")(
        evidence
    )
    app.command(
        "verify",
        epilog="Ví dụ / examples:  motcua verify H29.1-200504-0001.zip  ·  motcua verify H29.1-200504-0001.zip "
        "--originals giay-to/ --head 9c2e…",
    )(verify)


def evidence(
    dossier: Annotated[str, typer.Argument(help="Mã hồ sơ hoặc id · Code or id.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Tệp ZIP để ghi · The ZIP to write.", show_default=False)] = None,
) -> None:
    """Lấy hồ sơ chứng cứ của một quyết định · Fetch the evidence of a decision from the local stack.

    Một tệp ZIP: mã băm của tệp gốc, bản đọc, câu trả lời của cơ quan, kết quả, quyết định, chuỗi nhật ký.

    One ZIP: the originals' hashes, readings, registries' answers, verdicts, decisions, the audit chain.
    """
    import requests

    from infra.local.at_hand import NoStack, dossier_id, find
    from infra.local.caller import Declined

    try:
        stack = find()
        found = dossier_id(stack, dossier)
        told = stack.caller(stack.supervisor).get(f"/v1/dossiers/{found}/evidence").data
        packed = requests.get(told["url"], timeout=60)
        packed.raise_for_status()
    except NoStack:
        _stop("không có hệ thống nào đang chạy trên máy · no local stack is running (motcua serve)", _UNREADABLE)
    except LookupError:
        _stop(f"không có hồ sơ · no such dossier: {dossier}", _USAGE)
    except (Declined, requests.RequestException) as error:
        _stop(f"{dossier}: {error}", _FOUND_PROBLEMS)
    path = out or Path(f"{dossier}.zip")
    try:
        path.write_bytes(packed.content)
    except OSError as error:
        _stop(f"{path}: {error.strerror}", _USAGE)
    typer.echo(f"{path}: {told['size_bytes']} byte, sha256 {told['sha256']}")
    typer.echo(f"khâu cuối của nhật ký · head of the audit chain: {told['audit_head']}")


def verify(
    file: Annotated[Path, typer.Argument(metavar="EVIDENCE.zip", help="Hồ sơ chứng cứ · The evidence.")],
    originals: Annotated[
        Path | None,
        typer.Option(
            help="Thư mục có các tệp đã nộp · A folder with the files that were sent.", exists=True, file_okay=False
        ),
    ] = None,
    head: Annotated[
        str, typer.Option(help="Khâu cuối của nhật ký theo cơ quan · The head of the chain as the office has it.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc · JSON for machines.")] = False,
) -> None:
    """Kiểm tra hồ sơ chứng cứ, không cần mạng · Check the evidence of a decision, offline.

    Tính lại mọi mã băm, suy lại kết quả từ bản đọc và câu trả lời, suy lại quyết định. Mã thoát: 0 đúng cả; 1 có chỗ
    khác, kèm chỗ khác; 2 gọi sai; 3 không phải hồ sơ chứng cứ.

    Every hash is counted again, the verdict derived again from what was read and answered, the decision from the
    verdict. Exit codes: 0 all holds; 1 something differs, and where; 2 usage; 3 not an evidence file.
    """
    from casework.errors import UnreadableEvidence
    from casework.plain import to_plain
    from casework.workflow import verifying
    from casework.workflow.evidence import unpack

    try:
        given = None if originals is None else [path.read_bytes() for path in _files(originals)]
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise UnreadableEvidence("larger than any evidence")
        found = verifying.verify(unpack(data), head, given)
    except OSError as error:
        _stop(f"{error.filename}: không đọc được · cannot be read: {error.strerror}", _UNREADABLE)
    except UnreadableEvidence as error:
        _stop(f"{file}: không phải hồ sơ chứng cứ · is no evidence file: {error}", _UNREADABLE)
    if as_json:
        typer.echo(json.dumps({**to_plain(found), "holds": found.holds}, ensure_ascii=False, indent=2))
    else:
        _show(found)
    raise typer.Exit(0 if found.holds else _FOUND_PROBLEMS)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _show(found: Verification) -> None:
    from casework.shown import clean
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    console.print(Text(clean(f"{found.code}  {found.procedure}  {found.state}"), style="bold"))
    for check in found.checks:
        mark = Text(" đúng ", style="green") if check.holds else Text(" KHÁC ", style="bold red")
        console.print(Text.assemble(mark, f" {check.says.vi} · {check.says.en} ({check.looked_at})"))
        for difference in check.differences:
            stored, derived = (_short(value) for value in (difference.stored, difference.derived))
            console.print(Text(clean(f"        {difference.at}: {stored} → {derived}"), style="red"))
    stored, now = found.rulebook
    if stored != now:
        console.print(f"quy định · rulebook {clean(stored)[:16]}… → {now[:16]}…")
    console.print(f"mã băm của bản kê · sha256 of the manifest  {found.sha256}")
    console.print(f"khâu cuối của nhật ký · head of the chain     {clean(found.audit_head)}")
    console.print(
        Text("ĐÚNG CẢ · ALL HOLDS", style="bold green") if found.holds else Text("CÓ CHỖ KHÁC · DIFFERS", "bold red")
    )


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _stop(reason: str, code: int) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(code)
