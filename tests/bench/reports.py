"""What an evaluation found, added up: the table on the screen, eval.json, its plots and the page eval.html."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import eval_page, plots
from tests.bench.faults import CAUSES, Fault
from tests.bench.measuring import Measured, PaperResult
from tests.bench.scoring import Letters, Values, accepted_share, auroc, calibration

TARGETS: dict[str, dict[str, float]] = {
    "born_digital": {"f1": 0.99, "cer": 0.0, "type": 1.0},
    "clean300": {"f1": 0.97, "cer": 0.008, "type": 1.0},
    "office200": {"f1": 0.95, "cer": 0.013, "type": 0.99},
    "stamped": {"f1": 0.93, "cer": 0.02, "type": 0.99},
    "fax150": {"f1": 0.88, "cer": 0.03, "type": 0.98},
    "phone": {"f1": 0.91, "cer": 0.025, "type": 0.98},
    "rotated": {"f1": 0.94, "cer": 0.02, "type": 0.99},
    "all": {"f1": 0.94, "type": 0.99},
}
CELLS = {"born_digital": 0.99, "scans": 0.95}
AUROC, ACCEPTED = 0.90, 0.70
NAMES = {
    "born_digital": "tệp gốc / born-digital",
    "clean300": "quét rõ 300 dpi / clean",
    "office200": "văn phòng 200 dpi / office",
    "stamped": "dấu, chữ ký / stamped",
    "fax150": "fax 150 dpi",
    "phone": "ảnh chụp / phone",
    "rotated": "quay 90–270° / rotated",
    "all": "tất cả / all",
}


def summed(
    results: Sequence[PaperResult], set_: str, *, short: bool, seconds: float, part: bool = False
) -> dict[str, Any]:
    """Everything the report holds, as plain data. part: not all papers of the set were measured."""
    levels = [level for level in NAMES if level != "all"]
    scans = [result for result in results if result.spec.level != "born_digital"]
    return {
        "set": set_,
        "short": short,
        "part": part,
        "papers": len(results),
        "pages": sum(result.pages for result in results),
        "seconds": round(seconds, 1),
        "levels": {
            level: _both(results, lambda each, level=level: each.spec.level == level)
            for level in levels
            if any(each.spec.level == level for each in results)
        }
        | {"all": _both(results, lambda _: True)},
        "types": {
            kind: _both(results, lambda each, kind=kind: each.spec.kind == kind)
            for kind in dict.fromkeys(each.spec.kind for each in results)
        },
        "scans": _both(scans, lambda _: True) if scans else None,
        "fields": _fields(results),
        "problems": dict(Counter(problem for each in results for problem in each.problems)),
        "causes": _causes(results),
    }


def _both(results: Sequence[PaperResult], wanted: Callable[[PaperResult], bool]) -> dict[str, Any]:
    chosen = [each for each in results if wanted(each)]
    plain = [each.plain for each in chosen if each.plain is not None]
    return {
        "papers": len(chosen),
        "pages": sum(each.pages for each in chosen),
        "ours": _one([each.ours for each in chosen], confidence=True),
        "plain": _one(plain, confidence=False) if plain else None,
    }


def _one(measured: Iterable[Measured], *, confidence: bool) -> dict[str, Any]:
    letters, values = Letters(), Values()
    for each in measured:
        letters.add(each.letters)
        values.add(each.values)
    answer: dict[str, Any] = {
        "cer": letters.cer,
        "tone": letters.tone_error_rate,
        "words": letters.words_right / max(letters.words, 1),
        "type": values.types_right / max(values.papers, 1),
        "precision": values.precision if values.fields else None,
        "recall": values.recall if values.fields else None,
        "f1": values.f1 if values.fields else None,
        "extra": values.extra,
        "cells": values.cells_right / values.cells if values.cells else None,
        "rows": values.rows,
        "rows_found": values.rows_found,
        "rows_missing_said": values.rows_missing_said,
        "rows_missing_silently": values.rows_missing_silently,
    }
    if confidence:
        answer |= {
            "auroc": auroc(values.ranked),
            "accepted": accepted_share(values.ranked),
            "values": len(values.ranked),
            "calibration": calibration(values.ranked),
        }
    return answer


def _fields(results: Sequence[PaperResult]) -> dict[str, dict[str, int]]:
    """Of each field: how often right, wrong, missed, extra; cells under `name (list)`."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for outcome in result.ours.outcomes:
            counts[outcome.name + (" (list)" if outcome.row else "")][outcome.kind] += 1
    return {name: dict(kinds) for name, kinds in sorted(counts.items())}


def _causes(results: Sequence[PaperResult], most: int = 10) -> list[dict[str, Any]]:
    """The commonest causes of wrong values, each with the types, levels and fields it struck most."""
    struck: dict[str, list[tuple[PaperResult, Fault]]] = defaultdict(list)
    for result in results:
        for fault in result.faults:
            struck[fault.cause].append((result, fault))
    ordered = sorted(struck.items(), key=lambda each: -len(each[1]))[:most]
    total = max(sum(map(len, struck.values())), 1)
    return [
        {
            "cause": cause,
            "vi": CAUSES[cause][0],
            "en": CAUSES[cause][1],
            "count": len(cases),
            "share": len(cases) / total,
            "levels": Counter(result.spec.level for result, _ in cases).most_common(4),
            "types": Counter(result.spec.kind for result, _ in cases).most_common(4),
            "fields": Counter(fault.name for _, fault in cases).most_common(6),
        }
        for cause, cases in ordered
    ]


def judged(report: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """(what, target, value, met) of every target that this run can judge."""
    rows = []
    for level, targets in TARGETS.items():
        found = report["levels"].get(level)
        if found is None:
            continue
        ours = found["ours"]
        for measure, target in targets.items():
            value, at_most = ours[measure], measure == "cer"
            met = value <= target + 1e-9 if at_most else value >= target - 1e-9
            title = {"f1": "F1", "cer": "CER", "type": "loại / type"}[measure]
            rows.append(
                (f"{NAMES[level]}: {title}", f"{'≤' if at_most else '≥'} {_percent(target)}", _percent(value), met)
            )
    everything = report["levels"]["all"]["ours"]
    silent = everything["rows_missing_silently"]
    if everything["rows"]:
        rows.append(("hàng mất không báo / rows lost silently", "0", str(silent), silent == 0))
    born = report["levels"].get("born_digital", {}).get("ours", {}).get("cells")
    scans = (report["scans"] or {}).get("ours", {}).get("cells")
    for title, value, target in (
        ("ô danh sách, tệp gốc / cells, born-digital", born, CELLS["born_digital"]),
        ("ô danh sách, bản quét / cells, scans", scans, CELLS["scans"]),
        ("AUROC", everything["auroc"], AUROC),
    ):
        if value is not None:
            rows.append((title, f"≥ {_percent(target)}", _percent(value), value >= target))
    rows.append(
        ("nhận ngay với ≤ 0,5 % sai / acceptable", f"≥ {_percent(ACCEPTED)}", _percent(everything["accepted"]),
         everything["accepted"] >= ACCEPTED)
    )  # fmt: skip
    return rows


def show(report: dict[str, Any], console: Console) -> None:
    """The tables, on the screen."""
    which = {"exam": "kỳ thi / exam", "dev": "tập phát triển / development set"}[report["set"]]
    which += ", một phần / a part of it" if report["part"] else ""
    console.print(
        f"[b]{which}[/b]: {report['papers']} giấy tờ / papers, {report['pages']} trang / pages, {report['seconds']} s"
    )
    for title, group in (("Mức / level", report["levels"]), ("Loại / type", report["types"])):
        console.print(_table(title, group))
    targets = Table("Mục tiêu / target", "cần / wanted", "đạt / got", "", title="")
    for what, target, value, met in judged(report):
        targets.add_row(what, target, value, "[green]✓[/green]" if met else "[red]✗[/red]")
    if not report["short"]:  # a paper of each level judges nothing
        console.print(targets)


def _table(title: str, group: dict[str, Any]) -> Table:
    table = Table(title="trên: ta, dưới: Tesseract trơn / above: ours, below: plain Tesseract", title_justify="left")
    heads = ("tr.\npp.", "CER %", "dấu %\ntone", "loại %\ntype", "P %", "R %", "F1 %", "ô %\ncells", "hàng\nrows")
    for head in (title, *heads):
        table.add_column(head, no_wrap=True)
    for name, found in group.items():
        ours, plain = found["ours"], found["plain"]

        def pair(key: str, ours: dict[str, Any] = ours, plain: dict[str, Any] | None = plain) -> str:
            other = f"\n[dim]{bare(plain[key])}[/dim]" if plain is not None and plain[key] is not None else ""
            return f"{bare(ours[key])}{other}" if ours[key] is not None else ""

        rows = f"{ours['rows_found']}/{ours['rows']}" if ours["rows"] else ""
        if ours["rows_missing_said"] or ours["rows_missing_silently"]:
            rows += f"\nbáo/said {ours['rows_missing_said']}, không/silent {ours['rows_missing_silently']}"
        table.add_row(
            NAMES.get(name, name), str(found["pages"]), pair("cer"), pair("tone"), pair("type"), pair("precision"),
            pair("recall"), pair("f1"), pair("cells"), rows,
        )  # fmt: skip
    return table


def bare(value: float) -> str:
    return f"{100 * value:.2f}" if value < 0.1 else f"{100 * value:.1f}"


def _percent(value: float) -> str:
    return f"{bare(value)} %" if value else "0"


def write(report: dict[str, Any], results: Sequence[PaperResult], folder: Path) -> list[Path]:
    """eval.json, the calibration plot and eval.html; those of the development set are called eval-dev."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = ("eval" if report["set"] == "exam" else "eval-dev") + ("-short" if report["short"] else "")
    data, plot, page = folder / f"{stem}.json", folder / f"{stem}-calibration.svg", folder / f"{stem}.html"
    judgement = [dict(zip(("what", "target", "value", "met"), row, strict=True)) for row in judged(report)]
    data.write_text(json.dumps(report | {"targets": judgement}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    plot.write_text(plots.calibration(report["levels"]["all"]["ours"]["calibration"]), encoding="utf-8")
    page.write_text(
        eval_page.write(report, judged(report), results, plot.read_text(encoding="utf-8")), encoding="utf-8"
    )
    return [data, plot, page]


def show_faults(results: Sequence[PaperResult], most: int, console: Console) -> None:
    """Single faults, one a line."""
    faults = [(result, fault) for result in results for fault in result.faults]
    for result, fault in faults[:most]:
        place = f" row {fault.row}" if fault.row else ""
        console.print(
            f"{result.spec.name}{place} | {fault.cause} | {fault.name} | {fault.printed!r} | {fault.read!r}",
            markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
