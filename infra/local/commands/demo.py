"""`motcua demo`: the sample dossiers, filed as real uploads and followed to their decisions."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.local.commands.serve import console_here, free_port, show_sign_ins, stack, taken, until_interrupted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from infra.local.cloud import Cloud
    from infra.local.demo import Cast, Outcome, Progress
    from infra.local.serve import Server

# The samples speak of April to June 2020; the system believes in a day when they would have been filed.
FILED_AT = "2020-05-04T09:00:00+07:00"
PRETENDED = (
    "Giờ giả định: hệ thống bắt đầu lúc 09:00 ngày 04/05/2020 và chạy tiếp từ đó; motcua serve dùng giờ thật.",
    "A pretended time: the system began at 09:00 on 04/05/2020 and runs on from there; motcua serve has the true time.",
)
_COLOURS = {"pass": "green", "fail": "red", "unknown": "yellow"}
_VERDICTS = {"fail": "không đạt · fails", "unknown": "chưa rõ · not known"}
_APPROVED, _REFUSED = "[green]chấp thuận · approved[/]", "[red]từ chối · refused[/]"
_STATES = {
    "approved": "CHẤP THUẬN · APPROVED",
    "partly_approved": "CHẤP THUẬN MỘT PHẦN · PARTLY APPROVED",
    "refused": "KHÔNG CHẤP THUẬN · REFUSED",
    "withdrawn": "ĐÃ RÚT · WITHDRAWN",
    "parked": "CHỜ XỬ LÝ SỰ CỐ · PARKED",
}
_ROUTES = {
    "fast_lane": "luồng nhanh · fast lane",
    "review": "xem xét · review",
    "ask": "yêu cầu bổ sung · ask",
    "refusal_proposed": "đề xuất từ chối · refusal proposed",
    "partial": "chấp thuận một phần · partial",
}


def register(app: typer.Typer) -> None:
    app.command("demo", epilog="Ví dụ / examples:  motcua demo  ·  motcua demo --once")(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the outcomes.")] = False,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=0, max=65535)] = 8080,
) -> None:
    """File the sample dossiers and show how each is decided, and why.

    Exit code 0: every sample ended as expected; 1: one did not.
    """
    from infra.papers import sample_dossiers

    console = console_here()
    if once and taken(port):
        port = free_port()
    with console.status("chuẩn bị giấy tờ mẫu · making the sample papers"):
        samples = sample_dossiers()
    began = time.monotonic()
    with stack(console, port, FILED_AT) as (cloud, server):
        console.print(f"sẵn sàng sau · ready after {time.monotonic() - began:.1f} s")
        outcomes = follow(console, samples, cast_of(cloud, server))
        for outcome in outcomes:
            show(console, outcome)
        good = sum(outcome.as_expected for outcome in outcomes)
        style = "bold green" if good == len(outcomes) else "bold red"
        console.print(f"{good}/{len(outcomes)} hồ sơ đúng như mong đợi · dossiers as expected", style=style)
        show_sign_ins(console, cloud, server)
        console.print(f"{PRETENDED[0]} · {PRETENDED[1]}", style="italic")
        if not once:
            until_interrupted(console)
    raise typer.Exit(0 if good == len(outcomes) else 1)


def cast_of(cloud: Cloud, server: Server) -> Cast:
    """The people of the local run, signed in when they are needed."""
    from infra.local.caller import Caller
    from infra.local.demo import Cast

    people = {(person.group, person.office): person for person in cloud.people()}

    def caller(group: str, office: str) -> Caller:
        person = people[group, office]
        return Caller(server.base_url, cloud.sign_in.sign_in(person.username, person.password))

    return Cast(applicant=lambda: caller("applicants", ""), officer=lambda office: caller("officers", office))


def follow(console: Console, samples: Sequence[Any], cast: Cast) -> list[Outcome]:
    """Play the samples, with a line for each that tells where it is."""
    from infra.local.demo import Progress, play

    progress = [Progress(sample.title) for sample in samples]
    with (_bars if console.is_terminal else _lines)(console, progress):
        return play(samples, cast, progress)


@contextlib.contextmanager
def _bars(console: Console, progress: Sequence[Progress]) -> Iterator[None]:
    from rich import progress as bars

    columns = (
        bars.TextColumn("{task.fields[code]:<18}"),
        bars.BarColumn(bar_width=24),
        bars.TextColumn("{task.fields[says]}"),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=console, auto_refresh=False) as shown:
        for seen in progress:
            console.print(f"  {seen.title}")
        tasks = [shown.add_task("", total=1.0, code="", says=seen.says) for seen in progress]

        def look() -> None:
            for task, seen in zip(tasks, progress, strict=True):
                shown.update(task, completed=seen.share, code=seen.code, says=seen.says)
            shown.refresh()

        with _looking(look):
            yield


@contextlib.contextmanager
def _lines(console: Console, progress: Sequence[Progress]) -> Iterator[None]:
    told: dict[int, str] = {}

    def look() -> None:
        for number, seen in enumerate(progress):
            if told.get(number) != seen.says:
                told[number] = seen.says
                console.print(f"{seen.code or seen.title}: {seen.says}")

    with _looking(look):
        yield


@contextlib.contextmanager
def _looking(look: Any) -> Iterator[None]:
    import threading

    over = threading.Event()

    def work() -> None:
        while not over.wait(0.2):
            look()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        look()


def show(console: Console, outcome: Outcome) -> None:
    """One dossier's end: the decision, and person by person the reasons for it."""
    from rich import box
    from rich.table import Table

    dossier, decision = outcome.dossier, outcome.dossier.get("decision") or {}
    console.print()
    console.rule(f"{dossier.get('code', '')}  {outcome.sample.title}", align="left")
    console.print(outcome.sample.title_en, style="italic")
    if outcome.error:
        console.print(outcome.error, style="red", markup=False)
    if not dossier:
        return
    routes = " → ".join(_ROUTES.get(route, route) for route in outcome.routes)
    console.print(f"[bold]{_STATES.get(dossier['state'], dossier['state'])}[/]   {routes}   {outcome.seconds:.0f} s")
    console.print(f"{_money(decision.get('total_vnd') or 0)} đồng   {decision.get('reason', '')}")
    for ask in outcome.asked:
        console.print(f"đã yêu cầu · was asked: {ask['says']['vi']} · {ask['says']['en']}", markup=False)
    for registry, why in outcome.findings.get("unavailable", {}).items():
        console.print(f"chưa đối chiếu · not checked: {registry} ({why})", style="yellow")
    for said in outcome.findings.get("contradictions", []):
        console.print(f"cần xem · to look at: {said['vi']} · {said['en']}", style="yellow", highlight=False)
    table = Table(box=box.HORIZONTALS, pad_edge=False, show_edge=False, expand=True)
    table.add_column("người lao động, kết quả\nemployee, outcome", ratio=3)
    table.add_column("quy tắc, điều luật\nrule, article", ratio=3)
    table.add_column("vì sao\nwhy", ratio=7)
    rows = {row["name"]: row for row in outcome.findings.get("rows", [])}
    for row in decision.get("rows", []):
        said = _APPROVED if row["outcome"] == "approve" else _REFUSED
        who = f"{row['name']}\n{said}\n{_money(row['amount_vnd'])} đồng"
        _add(table, who, _reasons(rows.get(row["name"], {}).get("findings", [])))
    whole = _reasons(outcome.findings.get("findings", []))
    if whole:
        _add(table, "cả hồ sơ · whole dossier", whole)
    if table.row_count:
        console.print(table)
    for difference in outcome.differences:
        console.print(f"khác mong đợi · not as expected: {difference}", style="red", markup=False)


def _add(table: Table, who: str, reasons: Sequence[tuple[str, str]]) -> None:
    for number, (rule, why) in enumerate(reasons or [("", "đạt mọi điều kiện · meets every rule")]):
        table.add_row("" if number else who, rule, why, end_section=number == len(reasons or " ") - 1)


def _reasons(findings: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """What did not simply pass: the rule with its article, and the reason in both languages."""
    from rich.markup import escape

    told = []
    for finding in findings:
        if finding["verdict"] == "pass":
            continue
        rule = f"[{_COLOURS[finding['verdict']]}]{finding['rule']}[/] {_VERDICTS[finding['verdict']]}\n{finding['law']}"
        why = [finding["says"], finding["because"], finding["because_en"]]
        if finding["would_pass_if"]:
            why.append(f"→ {finding['would_pass_if']} · {finding['would_pass_if_en']}")
        told.append((rule, escape("\n".join(why))))
    return told


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
