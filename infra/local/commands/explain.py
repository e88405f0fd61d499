"""motcua rules explain | replay: why a dossier was judged as it was, and whether the same still follows.

The verdict comes from an exported file (GET /v1/dossiers/{id}/verdict), or by id or code from the local stack that runs
on this machine. Explaining and deriving again happen here, with the rulebook that is installed.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from casework import checks
from casework.facts import day_said, money_said, month_said
from casework.finding import Evidence, Finding, RowVerdict, Verdict
from casework.plain import to_plain
from casework.workflow import verdicts

FOUND_PROBLEMS, USAGE, UNREADABLE = 1, 2, 3
_MARKS = {"pass": "[green]đạt · pass[/]", "fail": "[red]không đạt · fail[/]", "unknown": "[yellow]chưa rõ · unknown[/]"}
_SOURCES = {
    "registry": "cơ quan · registry",
    "applicant": "người nộp · applicant",
    "officer": "cán bộ · officer",
    "system": "hệ thống · system",
}

DossierArgument = Annotated[
    str,
    typer.Argument(metavar="DOSSIER", help="Mã hồ sơ, id, hoặc tệp đã xuất · Code, id, or an exported file."),
]
AsJson = Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc · JSON for machines.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="Kết quả còn hiệu lực vào ngày này · The verdict of that day.")
]


def register(rules: typer.Typer) -> None:
    rules.command("explain")(explain)
    rules.command("replay")(replay)


def explain(dossier: DossierArgument, as_of: AsOf = "", person: str = "", as_json: AsJson = False) -> None:
    """Vì sao hồ sơ có kết quả này · Why a dossier was judged as it was.

    Mỗi quy định: kết quả, nội dung, điều luật, lý do, bằng chứng, và điều gì sẽ làm cho đạt. Chọn một người bằng
    --person (tên hoặc số).

    Each rule with its verdict, sentence, article, reason, evidence, and what would make it pass. --person (name or
    number) shows one person of a list.

    Ví dụ · Example: motcua rules explain H29.1-200504-0001 --person "Trần"
    """
    _, kept = _kept(dossier, as_of)
    verdict = verdicts.read(kept)
    chosen = [row for row in verdict.rows if _is_meant(row, kept, person)]
    if person and not chosen:
        _stop(f"không có ai như “{person}” trong hồ sơ · nobody like “{person}” in the dossier", USAGE)
    if as_json:
        shown = checks.verdict_json(verdict)
        wanted = {row.key for row in chosen}
        shown["rows"] = [
            {**row, "name": _name(kept, row["key"])} for row in shown["rows"] if row["key"] in wanted or not person
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    _show(kept, verdict, chosen)


def replay(dossier: DossierArgument, as_of: AsOf = "", as_json: AsJson = False) -> None:
    """Suy lại một kết quả đã lưu, từng byte · Derive a stored verdict again, byte for byte.

    Từ đúng các dữ kiện, câu trả lời và quy định của ngày ấy. Mã thoát 1 khi khác, kèm chỗ khác.

    From the very facts, answers and law of its day. Exit code 1 when it differs, and where.

    Ví dụ · Example: motcua rules replay H29.1-200504-0001 --as-of 2020-05-04
    """
    place, kept = _kept(dossier, as_of)
    result = verdicts.replay(kept, place)
    if as_json:
        typer.echo(json.dumps(to_plain(result), ensure_ascii=False, indent=2))
    else:
        same = "giống từng byte · the same, byte for byte" if result.same else "KHÁC · DIFFERENT"
        typer.echo(f"{kept['code']}  {result.procedure} {result.version}  {result.as_of}: {same}")
        typer.echo(f"  đã lưu · stored   {result.stored_sha256}")
        typer.echo(f"  suy lại · derived {result.derived_sha256}")
        if result.rulebook_stored != result.rulebook_now:
            typer.echo(f"  quy định · rulebook {result.rulebook_stored[:16]}… → {result.rulebook_now[:16]}…")
        for registry, answer in kept["answers"].items():
            typer.echo(f"  {registry}: {answer['as_of']} ({answer['source']}, {answer['answered_at']})")
        for registry, why in kept["unavailable"].items():
            typer.echo(f"  {registry}: chưa đối chiếu · not checked ({why})")
        if not result.intact:
            typer.echo("  nội dung đã lưu không còn như khi ghi · what is kept is not what was written")
        for difference in result.differences:
            stored, derived = (json.dumps(v, ensure_ascii=False) for v in (difference.stored, difference.derived))
            typer.echo(f"  {difference.at}: {stored} → {derived}")
    if not result.same or not result.intact:
        raise typer.Exit(FOUND_PROBLEMS)


# ---- where the verdict comes from ----


def _kept(dossier: str, as_of: str) -> tuple[str, dict[str, Any]]:
    if as_of:
        try:
            date.fromisoformat(as_of)
        except ValueError:
            _stop(f"không phải là ngày dạng YYYY-MM-DD · not a date YYYY-MM-DD: {as_of}", USAGE)
    path = Path(dossier)
    if path.is_file():
        return _from_file(path, as_of)
    return _from_stack(dossier, as_of)


def _from_file(path: Path, as_of: str) -> tuple[str, dict[str, Any]]:
    try:
        data = path.read_bytes()
        kept = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    except (OSError, ValueError, EOFError) as error:
        _stop(f"không đọc được · cannot read {path}: {error}", UNREADABLE)
    if not isinstance(kept, dict) or kept.get("schema") != verdicts.SCHEMA:
        _stop(f"{path}: không phải là kết quả đã xuất · is no exported verdict", UNREADABLE)
    if as_of and as_of < kept["verdict"]["as_of"]:
        first = day_said(date.fromisoformat(kept["verdict"]["as_of"]))
        _stop(
            _nothing_yet(str(path), as_of, f"; có kết quả từ ngày {first}", f"; the first is of {first}"),
            FOUND_PROBLEMS,
        )
    return "", kept


def _from_stack(dossier: str, as_of: str) -> tuple[str, dict[str, Any]]:
    import requests

    from infra.local.at_hand import NoStack, dossier_id, find
    from infra.local.caller import Declined

    try:
        stack = find()
        applicant = stack.caller(stack.applicant)
        path = f"/v1/dossiers/{dossier_id(stack, dossier)}"
        asked = {"as_of": as_of} if as_of else {}
        told = _found(applicant, f"{path}/verdict", **asked)
        if told is None:  # filed by somebody else, or not judged
            supervisor = stack.caller(stack.supervisor)
            told = _found(supervisor, f"{path}/verdict", **asked)
            if told is None and _found(supervisor, path) is None and _found(applicant, path) is None:
                raise LookupError(dossier)
        if told is None:
            _stop(_nothing_yet(dossier, as_of), FOUND_PROBLEMS)
        answer = requests.get(told["url"], timeout=60)
        answer.raise_for_status()
        data = answer.content
        return told["key"], json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    except NoStack:
        vi = f"{dossier}: không có tệp này, và không có hệ thống nào đang chạy trên máy (motcua serve)"
        _stop(f"{vi} · no such file, and no local stack is running (motcua serve)", UNREADABLE)
    except LookupError:
        _stop(f"không có hồ sơ · no such dossier: {dossier}", USAGE)
    except (Declined, requests.RequestException) as error:
        _stop(f"{dossier}: {error}", UNREADABLE)


def _found(caller: Any, path: str, **asked: str) -> Any:
    """What stands there for this caller; None when nothing does."""
    from infra.local.caller import Declined

    try:
        return caller.get(path, **asked).data
    except Declined as declined:
        if declined.status != 404:
            raise
        return None


def _nothing_yet(dossier: str, as_of: str, more_vi: str = "", more_en: str = "") -> str:
    day = day_said(date.fromisoformat(as_of)) if as_of else ""
    vi = f"đến hết ngày {day} hồ sơ chưa có kết quả xét" if day else "hồ sơ chưa được xét"
    en = f"no verdict stood yet on {day}" if day else "the dossier has not been judged yet"
    return f"{dossier}: {vi}{more_vi} · {en}{more_en}"


# ---- showing ----


def _show(kept: Mapping[str, Any], verdict: Verdict, rows: list[RowVerdict]) -> None:
    from rich.console import Console

    console = Console()
    console.print(
        f"[bold]{kept['code']}[/]  {verdict.procedure} {verdict.version}  {verdict.as_of}  [bold]{verdict.route}[/]"
    )
    _table(console, "hồ sơ · dossier", verdict.findings)
    for row in rows[:20]:
        title = f"{_name(kept, row.key)} ({row.key}): {_due(row)}"
        _table(console, title, row.findings)
    if len(rows) > 20:
        console.print(f"… {len(rows) - 20} (--person, --json)")
    for text in kept["contradictions"]:
        console.print(f"cần xem · to look at: {text['vi']} · {text['en']}", markup=False)
    for registry, why in kept["unavailable"].items():
        console.print(f"chưa đối chiếu · not checked: {registry} ({why})", markup=False)
    for setting in verdict.to_be_confirmed:
        console.print(
            f"cần xác nhận · to be confirmed: {setting.id} = {setting.value}: {setting.says.vi}", markup=False
        )


def _table(console: Any, title: str, findings: tuple[Finding, ...]) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not findings:
        return
    table = Table(title=escape(title), title_justify="left", expand=True)
    headings = ("quy định · rule", "nội dung, điều luật · sentence, article", "vì sao · why", "bằng chứng · evidence")
    for number, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", ratio=(2, 4, 4, 4)[number])
    for finding in findings:
        why = [finding.because.vi, finding.because.en]
        if finding.would_pass_if is not None:
            why.append(f"→ {finding.would_pass_if.vi} · {finding.would_pass_if.en}")
        shown = "\n".join(_evidence(item) for item in finding.evidence)
        table.add_row(
            f"{finding.rule}\n{_MARKS[finding.verdict]}",
            escape(f"{finding.says.vi}\n{finding.says.en}\n{finding.law}"),
            escape("\n".join(why)),
            escape(shown),
        )
    console.print(table)


def _evidence(item: Evidence) -> str:
    if item.source == "paper":
        sure = "" if item.confidence is None else f", {item.confidence:.0%}"
        return f"{item.document_type} tr. {item.page}: “{item.raw}”{sure}"
    named = item.registry or item.person or ""
    return f"{_SOURCES[item.source]} {named} {item.raw} {item.answered_at or ''}".strip()


def _is_meant(row: RowVerdict, kept: Mapping[str, Any], person: str) -> bool:
    return not person or person.casefold() in f"{_name(kept, row.key)} {row.key}".casefold()


def _due(row: RowVerdict) -> str:
    """1.800.000 đồng · 1,800,000 VND · 04/2020, as everywhere."""
    amount, months = money_said(row.amount_vnd), ", ".join(month_said(month) for month in row.counted_months)
    return f"{amount.vi} · {amount.en} · {months or '–'}"


def _name(kept: Mapping[str, Any], key: str) -> str:
    return str(kept["people"].get(key, {}).get("name", ""))


def _stop(reason: str, code: int) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(code)
