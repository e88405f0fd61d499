"""`motcua simulate`: what the office's rules would find, played through with invented officers. Nothing is stored."""

from __future__ import annotations

from typing import Annotated

import typer

simulations = typer.Typer(help="Play a rule through with invented people.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(simulations, name="simulate")


@simulations.callback()
def group() -> None:
    """Play a rule through with invented people."""


@simulations.command("review", epilog="motcua simulate review  ·  motcua simulate review --percent 10 --runs 500")
def review(
    percent: Annotated[float, typer.Option(help="Of a hundred decisions so many are made again.", min=0.1)] = 5.0,
    careless: Annotated[float, typer.Option(help="Of a hundred decisions so many the tenth makes at random.")] = 10.0,
    error: Annotated[float, typer.Option(help="Of a hundred decisions so many a careful officer gets wrong.")] = 1.0,
    cases: Annotated[int, typer.Option(help="Decisions of each officer that are watched.", min=1)] = 5000,
    runs: Annotated[int, typer.Option(help="How often it is played.", min=1)] = 400,
    seed: Annotated[int, typer.Option(help="The same seed plays the same.")] = 1,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Nine careful officers and one who approves at random: after how many of his cases blind second looks flag him,
    and how often they flag a careful one."""
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from infra.local.offices_played import Office, play

    office = Office(percent / 100, careless / 100, error / 100)
    found = [play(office, cases, runs, seed, bound) for bound in (2.0, 3.0, 4.0, 5.0)]
    if json_:
        typer.echo(json.dumps([asdict(one) for one in found], indent=1))
        return
    title = (
        f"{percent:g} % looked at again, {careless:g} % at random, {error:g} % honest errors; {runs} × {cases:,} cases"
    )
    table = Table(title=title)
    for name in (
        "bound",
        "found",
        "cases until (median)",
        "90 %",
        "looked at (median)",
        "careful flagged",
        "per officer",
    ):
        table.add_column(name, justify="right")
    for one in found:
        table.add_row(
            f"{one.bound:g}{' *' if one.in_force else ''}",
            f"{one.found:.1%}",
            said(one.median_cases),
            said(one.ninth_cases),
            said(one.median_looks),
            f"{one.careful_flagged} of {one.careful_played}",
            f"{one.false_alarms:.2%}",
        )
    Console().print(table)
    Console().print("* in force (casework.agreement.FLAGGED)")


def said(number: float | None) -> str:
    return "–" if number is None else f"{number:,.0f}"
