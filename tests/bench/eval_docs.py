"""The results of an evaluation as docs/reading.md shows them: written between the page's marks, never by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bench.reports import NAMES, bare, judged


def into_docs(report: dict[str, Any], page: Path) -> None:
    """The results and causes into the page's places between `<!-- results -->` and `<!-- causes -->`."""
    text = page.read_text(encoding="utf-8")
    for mark, lines in (("results", _results_lines(report)), ("causes", _causes_lines(report))):
        begin, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
        before, rest = text.split(begin, 1)
        text = before + begin + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1]
    page.write_text(text, encoding="utf-8")


def _results_lines(report: dict[str, Any]) -> list[str]:
    which = {"exam": "Kỳ thi · the exam", "dev": "Tập phát triển · the development set"}[report["set"]]
    which += ", **một phần · a part of it**" if report["part"] else ""
    lines = [f"{which}: {report['papers']} giấy tờ · papers, {report['pages']} trang · pages. "
             "Ta / Tesseract trơn, % · ours / plain Tesseract, %."]  # fmt: skip
    for title, group in (("mức · level", report["levels"]), ("loại · type", report["types"])):
        heads = (title, "trang · pages", "CER", "dấu · tone", "loại · type", "P", "R", "F1", "ô · cells", "hàng · rows")
        lines += ["", f"| {' | '.join(heads)} |", "|---" + "|--:" * 9 + "|"]
        lines += [_docs_line(name, found) for name, found in group.items()]
    lines += ["", "| mục tiêu · target | cần · wanted | đạt · got | |", "|---|--:|--:|---|"]
    lines += [
        f"| {what.replace(' / ', ' · ')} | {target} | {value} | {'✓' if met else '**✗**'} |"
        for what, target, value, met in judged(report)
    ]
    return lines


def _docs_line(name: str, found: dict[str, Any]) -> str:
    ours, plain = found["ours"], found["plain"] or {}

    def pair(key: str) -> str:
        if ours[key] is None:
            return ""
        return bare(ours[key]) + (f" / {bare(plain[key])}" if plain.get(key) is not None else "")

    rows = f"{ours['rows_found']}/{ours['rows']}" if ours["rows"] else ""
    if ours["rows_missing_silently"]:
        rows += f" ({ours['rows_missing_silently']} không báo · silent)"
    cells = (pair(key) for key in ("cer", "tone", "type", "precision", "recall", "f1", "cells"))
    return f"| {NAMES.get(name, name).replace(' / ', ' · ')} | {found['pages']} | {' | '.join(cells)} | {rows} |"


def _causes_lines(report: dict[str, Any]) -> list[str]:
    lines = [
        "| | nguyên nhân · cause | số · count | phần · share | trường · fields | mức · levels |",
        "|--:|---|--:|--:|---|---|",
    ]
    for number, cause in enumerate(report["causes"], 1):
        fields = ", ".join(f"`{name}` {count}" for name, count in cause["fields"][:4])
        levels = ", ".join(f"{name} {count}" for name, count in cause["levels"])
        lines.append(
            f"| {number} | {cause['vi']} · *{cause['en']}* | {cause['count']} | {100 * cause['share']:.0f} % "
            f"| {fields} | {levels} |"
        )
    return lines
