"""motcua rules: try a situation against the law, list the facts a service looks at, validate the rulebook.

Needs no store and no AWS: facts come from a JSON file, the verdict goes to the terminal.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from casework import checks, procedures
from casework.errors import BadRulebook
from casework.facts import FactKind, dictionary, expected, said, shown, take
from casework.finding import Fact, Finding, RowVerdict, Text, Verdict
from casework.rules import Procedure, Service
from casework.vietnam.working_days import VIETNAM

from infra.local.commands import explain

FOUND_PROBLEMS, USAGE, UNREADABLE = 1, 2, 3
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
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
ServiceId = Annotated[str, typer.Argument(metavar="PROCEDURE", help="Thủ tục · Service: SW, LN, HB, TC, PS…")]


def register(app: typer.Typer) -> None:
    """Mount the commands as `rules`."""
    explain.register(rules)
    app.add_typer(rules, name="rules")


@rules.command("try")
def try_situation(
    procedure: ServiceId,
    facts: Annotated[
        Path,
        typer.Option(help='JSON: {"dossier": {fact: value}, "rows": [{fact: value}]}; "-" đọc từ stdin · reads stdin.'),
    ],
    as_of: Annotated[str, typer.Option(metavar="DATE", help="Ngày xét YYYY-MM-DD · Day of the verdict.")] = "",
    as_json: AsJson = False,
    english: English = False,
) -> None:
    """Xét thử một tình huống · Try a situation against the law.

    Áp dụng quy định của ngày tiếp nhận (dossier.received_on); nếu không có thì của --as-of, của dossier.as_of, hoặc
    của hôm nay. Dữ kiện về một người ghi ở "dossier" dùng cho mọi dòng chưa có dữ kiện ấy.

    The law is that of dossier.received_on; without it, that of --as-of, of dossier.as_of, or of today. A fact of a
    person given in "dossier" holds for every row that lacks it.

    Ví dụ · Example: motcua rules try SW --facts situation.json --as-of 2020-05-20 --json
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

    Ví dụ · Example: motcua rules facts SW --json
    """
    service = _service(procedure)
    listed = _listed(service)
    if as_json:
        _print_json(
            {"procedure": service.id, "versions": [version.id for version in service.versions], "facts": listed}
        )
        return
    from rich.table import Table
    from rich.text import Text as Literal

    table = Table(title=f"{service.id} · {service.title.en if english else service.title.vi}", expand=True)
    vi = ("dữ kiện: kiểu · của", "ai cung cấp", "quy định", "tên")
    en = ("fact: type · subject", "given by", "rules", "title")
    console = _console()
    longest = max(len(entry["fact"]) for entry in listed)
    for number, column in enumerate(en if english else vi):
        whole = min(longest, console.width // 2) if number == 0 else None  # an id is copied: it stays on one line
        table.add_column(column, overflow="fold", width=whole, ratio=1 if number else None)
    for entry in listed:
        title = entry["title_en"] if english else entry["title"]
        what, givers = f"{entry['fact']}\n{entry['type']} · {entry['subject']}", "\n".join(entry["given_by"])
        table.add_row(*(Literal(words) for words in (what, givers, ", ".join(entry["rules"]), title)))
    console.print(table)


@rules.command("check")
def check_rulebook(as_json: AsJson = False) -> None:
    """Kiểm tra toàn bộ quy định; mã thoát 1 khi có sai · Validate the whole rulebook; exit code 1 when it is wrong."""
    defects = procedures.check()
    sound = [] if defects else [_counted(procedures.service(service_id)) for service_id in procedures.ids()]
    if as_json:
        _print_json({"sound": not defects, "defects": defects, "services": sound})
    else:
        for line in defects:
            typer.echo(line, err=True)
        for entry in sound:
            count, versions = entry["rules"], ", ".join(entry["versions"])
            vi = f"{entry['procedure']}: {count} quy định, các phiên bản {versions}: đúng"
            typer.echo(_both(vi, f"{entry['procedure']}: {count} rules, versions {versions}: ok"))
    if defects:
        raise typer.Exit(FOUND_PROBLEMS)


# ---- reading the situation ----


def _service(procedure: str) -> Service:
    try:
        return procedures.service(procedure.strip().upper())
    except KeyError:
        there_are = ", ".join(procedures.ids())
        vi, en = (
            f"không có thủ tục {procedure} (có {there_are})",
            f"no such procedure: {procedure} (there are {there_are})",
        )
        _stop(_both(vi, en), USAGE)
    except BadRulebook as bad:
        _stop(str(bad), FOUND_PROBLEMS)


def _situation(path: Path, service: Service) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        data = json.loads(text, object_pairs_hook=_named_once)
    except (OSError, UnicodeDecodeError) as error:
        _stop(_both(f"không đọc được {path}", f"cannot read {path}: {error}"), UNREADABLE)
    except _NamedTwice as twice:
        _stop(_both(f"{path}: tên “{twice}” được ghi hai lần", f"{path}: the name “{twice}” is given twice"), USAGE)
    except json.JSONDecodeError as error:
        _stop(_both(f"{path} không phải là JSON", f"{path} is not JSON: {error}"), UNREADABLE)
    except RecursionError:
        _stop(_both(f"{path}: JSON lồng nhau quá sâu", f"{path}: the JSON is nested too deeply"), UNREADABLE)
    except ValueError:  # Python refuses to read numbers of thousands of digits
        _stop(_both(f"{path}: có số quá dài", f"{path}: a number is too long"), UNREADABLE)
    if not isinstance(data, dict) or set(data) - {"dossier", "rows"}:
        vi = f'{path}: cần một đối tượng có "dossier" và "rows", không có gì khác'
        _stop(_both(vi, f'{path}: an object with "dossier" and "rows" is expected, and nothing else'), USAGE)
    dossier = {} if data.get("dossier") is None else data["dossier"]
    rows = [] if data.get("rows") is None else data["rows"]
    if not isinstance(dossier, dict) or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        vi = f'{path}: "dossier" là một đối tượng gồm các dữ kiện, "rows" là danh sách các đối tượng như vậy'
        _stop(_both(vi, f'{path}: "dossier" is an object of facts, "rows" a list of such objects'), USAGE)
    _refuse_unknown({"dossier": dossier, **{f"rows[{i}]": row for i, row in enumerate(rows)}}, service)
    return {"dossier": dossier, "rows": rows}


class _NamedTwice(Exception):
    """One object gives one name twice: which of the two is meant nobody can say."""


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for name, value in pairs:
        if name in named:
            raise _NamedTwice(name)
        named[name] = value
    return named


def _refuse_unknown(groups: dict[str, dict[str, Any]], service: Service) -> None:
    """All unknown fact ids and wrong values at once."""
    known: dict[str, FactKind] = dict(dictionary())
    for law in service.procedures.values():
        known.update(law.kinds)
    faults = []
    for place, group in groups.items():
        for fact_id, value in group.items():
            if fact_id not in known:
                faults.append(_both(f"{place}: không có dữ kiện {fact_id}", f"{place}: unknown fact {fact_id}"))
                continue
            try:
                take(known[fact_id], value)
            except ValueError as error:
                kind = known[fact_id]
                vi = f"{place}: {fact_id}: giá trị {shown(value)} không phải là {expected(kind).vi}"
                faults.append(_both(vi, f"{place}: {error}"))
    if faults:
        _stop("\n".join(faults), USAGE)


def _day(as_of: str, dossier: dict[str, Any]) -> date:
    """The day of the verdict: as asked, as the facts say, the day of receipt, or today in Viet Nam."""
    for given in (as_of, dossier.get("dossier.as_of"), dossier.get("dossier.received_on")):
        if given:
            try:
                return _date(given)
            except ValueError:
                vi, en = f"không phải là ngày dạng YYYY-MM-DD: {given}", f"not a date YYYY-MM-DD: {given}"
                _stop(_both(vi, en), USAGE)
    return datetime.now(VIETNAM).date()


def _date(given: str) -> date:
    """YYYY-MM-DD and no other form of ISO 8601: neither 20200520 nor 2020-W21-3."""
    if not _DAY.fullmatch(given):
        raise ValueError(given)
    return date.fromisoformat(given)


def _law(service: Service, dossier: dict[str, Any], day: date) -> Procedure:
    received_on = take(dictionary()["dossier.received_on"], dossier.get("dossier.received_on"))
    try:
        return service.on(received_on or day)
    except LookupError as error:
        _stop(_both(f"{service.id}: không có quy định nào áp dụng cho ngày này", str(error)), USAGE)


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
    blocks += [(f"{row.key}: {_benefit_said(row, english)}", row.findings) for row in verdict.rows]
    for name, findings in blocks[: _SHOWN_ROWS + 1]:
        if not findings:
            continue
        table = Table(title=name, title_justify="left", expand=True)
        vi, en = ("quy định", "kết quả", "nội dung", "lý do"), ("rule", "verdict", "what it asks", "why")
        for number, column in enumerate(en if english else vi):
            table.add_column(column, overflow="fold", ratio=1 if number > 1 else None)
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
    from rich.markup import escape

    would = finding.would_pass_if
    because = finding.because.en if english else finding.because.vi
    if would is not None:
        because += f"\n→ {would.en if english else would.vi}"
    says = finding.says.en if english else finding.says.vi
    marks = _MARKS_EN if english else _MARKS
    return finding.rule, marks[finding.verdict], f"{escape(says)}\n[dim]{escape(finding.law)}[/]", escape(because)


def _benefit_said(row: RowVerdict, english: bool) -> str:
    amount = said(dictionary()["loan.amount_vnd"], row.amount_vnd)
    count = "?" if row.months is None else str(row.months)
    why = "" if row.because is None else f" · {row.because.en if english else row.because.vi}"
    return (f"{count} months, {amount.en}" if english else f"{count} tháng, {amount.vi}") + why


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


def _both(vi: str, en: str) -> str:
    return f"{vi} · {en}"


def _stop(reason: str, code: int) -> NoReturn:
    typer.echo(reason.encode("utf-8", "backslashreplace").decode(), err=True)  # half a character cannot be printed
    raise typer.Exit(code)
