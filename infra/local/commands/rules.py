"""motcua rules: try a situation against the law, list the facts a service looks at, validate the rulebook.

Needs no store and no AWS: facts come from a JSON file, the verdict goes to the terminal.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from casework import checks, procedures
from casework.errors import BadRulebook
from casework.facts import FactKind, dictionary, said, take
from casework.finding import Fact, Finding, Text, Verdict
from casework.rules import Procedure, Service
from casework.vietnam.working_days import VIETNAM

FOUND_PROBLEMS, USAGE, UNREADABLE = 1, 2, 3
_MARKS = {"pass": "[green]đạt[/]", "fail": "[red]không đạt[/]", "unknown": "[yellow]chưa rõ[/]"}
_MARKS_EN = {"pass": "[green]pass[/]", "fail": "[red]fail[/]", "unknown": "[yellow]unknown[/]"}
_ROUTES = {
    "fast_lane": Text("luồng nhanh: mọi điều kiện đều đạt", "fast lane: every rule passes"),
    "partial": Text("đạt một phần danh sách", "partly: some of the list pass"),
    "review": Text("cán bộ xem xét", "an officer looks"),
    "ask": Text("yêu cầu người nộp bổ sung", "the applicant is asked"),
    "refusal_proposed": Text("đề xuất từ chối", "refusal proposed"),
}
_SHOWN_ROWS = 20

rules = typer.Typer(no_args_is_help=True, help="Quy định dưới dạng dữ liệu · The law as data.")

AsJson = Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc · JSON for machines.")]
English = Annotated[bool, typer.Option("--english", help="In bằng tiếng Anh · Print in English.")]
ServiceId = Annotated[str, typer.Argument(metavar="PROCEDURE", help="SW, LN, HB, TC, PS…")]


def register(app: typer.Typer) -> None:
    """Mount the commands as `rules`."""
    app.add_typer(rules, name="rules")


@rules.command("try")
def try_situation(
    procedure: ServiceId,
    facts: Annotated[
        Path, typer.Option(help='{"dossier": {fact: value}, "rows": [{fact: value}]}; "-" đọc từ stdin · reads stdin.')
    ],
    as_of: Annotated[str, typer.Option(metavar="DATE", help="Ngày xét YYYY-MM-DD · Day of the verdict.")] = "",
    as_json: AsJson = False,
    english: English = False,
) -> None:
    """Xét thử một tình huống · Try a situation against the law.

    The law is that of dossier.received_on; without it, that of --as-of, of dossier.as_of, or of today. A fact of a
    person given in "dossier" holds for every row that lacks it.

    Example: motcua rules try SW --facts situation.json --as-of 2020-05-20 --json
    """
    service = _service(procedure)
    situation = _situation(facts, service)
    day = _day(as_of, situation["dossier"])
    law = _law(service, situation["dossier"], day)
    dossier = _facts(situation["dossier"], law, "dossier")
    rows = [_facts(row, law, f"rows[{number}]") for number, row in enumerate(situation["rows"])]
    verdict = checks.evaluate(law, dossier, rows, as_of=day)
    if as_json:
        _print_json(checks.verdict_json(verdict))
    else:
        _show(verdict, law, english)


@rules.command("facts")
def list_facts(procedure: ServiceId, as_json: AsJson = False, english: English = False) -> None:
    """Các dữ kiện và ai cung cấp · The facts of a service, and who gives each.

    Example: motcua rules facts SW --json
    """
    service = _service(procedure)
    listed = _listed(service)
    if as_json:
        _print_json(
            {"procedure": service.id, "versions": [version.id for version in service.versions], "facts": listed}
        )
        return
    from rich.table import Table

    table = Table(title=f"{service.id} · {service.title.en if english else service.title.vi}")
    for column in ("fact", "type", "subject", "given by", "rules", ""):
        table.add_column(column)
    for entry in listed:
        title = entry["title_en"] if english else entry["title"]
        givers, on = ", ".join(entry["given_by"]), ", ".join(entry["rules"])
        table.add_row(entry["fact"], entry["type"], entry["subject"], givers, on, title)
    _console().print(table)


@rules.command("check")
def check_rulebook(as_json: AsJson = False) -> None:
    """Kiểm tra toàn bộ quy định · Validate the whole rulebook; exit code 1 when something is wrong."""
    defects = procedures.check()
    sound = [] if defects else [_counted(procedures.service(service_id)) for service_id in procedures.ids()]
    if as_json:
        _print_json({"sound": not defects, "defects": defects, "services": sound})
    else:
        for line in defects:
            typer.echo(line, err=True)
        for entry in sound:
            typer.echo(f"{entry['procedure']}: {entry['rules']} rules, versions {', '.join(entry['versions'])}: ok")
    if defects:
        raise typer.Exit(FOUND_PROBLEMS)


# ---- reading the situation ----


def _service(procedure: str) -> Service:
    try:
        return procedures.service(procedure)
    except KeyError:
        _stop(f"no such procedure: {procedure} (there are {', '.join(procedures.ids())})", USAGE)
    except BadRulebook as bad:
        _stop(str(bad), FOUND_PROBLEMS)


def _situation(path: Path, service: Service) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        data = json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"cannot read {path}: {error}", UNREADABLE)
    except json.JSONDecodeError as error:
        _stop(f"{path} is not JSON: {error}", UNREADABLE)
    if not isinstance(data, dict) or set(data) - {"dossier", "rows"}:
        _stop(f'{path}: an object with "dossier" and "rows" is expected, and nothing else', USAGE)
    dossier = {} if data.get("dossier") is None else data["dossier"]
    rows = [] if data.get("rows") is None else data["rows"]
    if not isinstance(dossier, dict) or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        _stop(f'{path}: "dossier" is an object of facts, "rows" a list of such objects', USAGE)
    _refuse_unknown({"dossier": dossier, **{f"rows[{i}]": row for i, row in enumerate(rows)}}, service)
    return {"dossier": dossier, "rows": rows}


def _refuse_unknown(groups: dict[str, dict[str, Any]], service: Service) -> None:
    """All unknown fact ids and wrong values at once."""
    known: dict[str, FactKind] = dict(dictionary())
    for law in service.procedures.values():
        known.update(law.kinds)
    faults = []
    for place, group in groups.items():
        for fact_id, value in group.items():
            if fact_id not in known:
                faults.append(f"{place}: unknown fact {fact_id}")
                continue
            try:
                take(known[fact_id], value)
            except ValueError as error:
                faults.append(f"{place}: {error}")
    if faults:
        _stop("\n".join(faults), USAGE)


def _day(as_of: str, dossier: dict[str, Any]) -> date:
    """The day of the verdict: as asked, as the facts say, the day of receipt, or today in Viet Nam."""
    for given in (as_of, dossier.get("dossier.as_of"), dossier.get("dossier.received_on")):
        if given:
            try:
                return date.fromisoformat(given)
            except ValueError:
                _stop(f"not a date YYYY-MM-DD: {given}", USAGE)
    return datetime.now(VIETNAM).date()


def _law(service: Service, dossier: dict[str, Any], day: date) -> Procedure:
    received_on = take(dictionary()["dossier.received_on"], dossier.get("dossier.received_on"))
    try:
        return service.on(received_on or day)
    except LookupError as error:
        _stop(str(error), USAGE)


def _facts(group: dict[str, Any], law: Procedure, place: str) -> dict[str, Fact]:
    """The facts the law looks at; those it does not are known and left aside."""
    return {fact_id: Fact(value) for fact_id, value in group.items() if fact_id in law.kinds and value is not None}


# ---- showing ----


def _show(verdict: Verdict, law: Procedure, english: bool) -> None:
    from rich.table import Table

    console = _console()
    title = law.title.en if english else law.title.vi
    console.print(f"[bold]{verdict.procedure}[/] · {title} · {verdict.version} · {verdict.as_of}")
    blocks = [("hồ sơ" if not english else "dossier", verdict.findings)]
    blocks += [
        (f"{row.key}: {_benefit_said(row.months, row.amount_vnd, english)}", row.findings) for row in verdict.rows
    ]
    for name, findings in blocks[: _SHOWN_ROWS + 1]:
        if not findings:
            continue
        table = Table(title=name, title_justify="left", expand=True)
        for column in ("", "", "", ""):
            table.add_column(column, ratio=None if not table.columns or len(table.columns) < 2 else 1)
        for finding in findings:
            table.add_row(*_line(finding, english))
        console.print(table)
    if len(blocks) > _SHOWN_ROWS + 1:
        console.print(f"… {len(blocks) - _SHOWN_ROWS - 1} ({'--json'})")
    route = _ROUTES[verdict.route]
    console.print(f"[bold]{verdict.route}[/] · {route.en if english else route.vi}")
    total = said(dictionary()["loan.amount_vnd"], verdict.total_vnd)
    console.print(f"[bold]{total.en if english else total.vi}[/]")
    for setting in verdict.to_be_confirmed:
        label = "to be confirmed" if english else "cần xác nhận"
        console.print(f"[dim]{label} · {setting.id}: {setting.says.en if english else setting.says.vi}[/]")


def _line(finding: Finding, english: bool) -> tuple[str, str, str, str]:
    would = finding.would_pass_if
    because = finding.because.en if english else finding.because.vi
    if would is not None:
        because += f"\n→ {would.en if english else would.vi}"
    says = finding.says.en if english else finding.says.vi
    marks = _MARKS_EN if english else _MARKS
    return finding.rule, marks[finding.verdict], f"{says}\n[dim]{finding.law}[/]", because


def _benefit_said(months: int | None, amount_vnd: int, english: bool) -> str:
    amount = said(dictionary()["loan.amount_vnd"], amount_vnd)
    count = "?" if months is None else str(months)
    return f"{count} months, {amount.en}" if english else f"{count} tháng, {amount.vi}"


def _listed(service: Service) -> list[dict[str, Any]]:
    """Every fact of any version, once, with the rules of all versions on it."""
    entries: dict[str, dict[str, Any]] = {}
    for law in service.procedures.values():
        for kind, givers, on in procedures.facts_of(law):
            entry = entries.setdefault(
                kind.id,
                {
                    "fact": kind.id,
                    "type": kind.type,
                    "subject": kind.subject,
                    "given_by": list(givers),
                    "rules": [],
                    "title": kind.title.vi,
                    "title_en": kind.title.en,
                    "values": list(kind.values),
                    "versions": [],
                },
            )
            entry["rules"] += [rule for rule in on if rule not in entry["rules"]]
            entry["versions"].append(law.version)
    return list(entries.values())


def _counted(service: Service) -> dict[str, Any]:
    names = {rule.id for law in service.procedures.values() for rule in law.rules}
    return {"procedure": service.id, "rules": len(names), "versions": [version.id for version in service.versions]}


def _print_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _console() -> Any:
    from rich.console import Console

    return Console()


def _stop(reason: str, code: int) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(code)
