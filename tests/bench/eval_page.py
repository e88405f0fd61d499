"""build/reports/eval.html: what was measured, the targets, and the commonest causes of errors with pictures.

One file that stands alone, Vietnamese first with English beside it.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from tests.bench.faults import Fault
from tests.bench.measuring import PaperResult

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:.6rem 0 1.4rem;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid #ddd;padding:.25rem .6rem;text-align:right}th:first-child,td:first-child{text-align:left}
.met{color:#126b2f}.missed{color:#a11}.plain{color:#777}figure{margin:.6rem 0;padding:.5rem;background:#f6f6f6}
figure img{max-width:100%;display:block}
figcaption{font-size:13px;overflow-wrap:anywhere}small{color:#666;font-weight:400}
"""


def write(
    report: dict[str, Any], judged: Sequence[tuple[str, str, str, bool]], results: Sequence[PaperResult], plot: str
) -> str:
    """The page. Pictures are cut from the upright pages the reader kept."""
    which = (
        "Kỳ thi: giấy tờ không ai dùng để chỉnh <small>The exam: papers nobody tuned on</small>"
        if report["set"] == "exam"
        else "Tập phát triển: dùng để chỉnh <small>The development set: what tuning looks at</small>"
    )
    which += " – một phần <small>a part of it</small>" if report["part"] else ""
    parts = [
        '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Đọc giấy tờ – Reading papers</title>',
        f"<style>{_STYLE}</style><h1>Đọc giấy tờ <small>Reading papers</small></h1><p>{which}</p>",
        f"<p>{report['papers']} giấy tờ, {report['pages']} trang. <small>{report['papers']} papers, "
        f"{report['pages']} pages.</small></p>",
        "<h2>Theo mức <small>By level</small></h2>",
        _table(report["levels"]),
        "<h2>Theo loại <small>By type</small></h2>",
        _table(report["types"]),
        "<h2>Mục tiêu <small>Targets</small></h2>",
        _targets(judged),
        "<h2>Độ tin cậy <small>Confidence</small></h2>",
        f'<div style="max-width:34rem">{plot}</div>',
        "<h2>Mười nguyên nhân sai nhiều nhất <small>The ten commonest causes of errors</small></h2>",
        *(_cause(number, cause, results) for number, cause in enumerate(report["causes"], 1)),
        "</html>\n",
    ]
    return "\n".join(parts)


def _table(group: dict[str, Any]) -> str:
    heads = ("", "trang<br><small>pages</small>", "CER", "dấu<br><small>tone</small>", "loại<br><small>type</small>",
             "P", "R", "F1", "ô<br><small>cells</small>", "hàng<br><small>rows</small>")  # fmt: skip
    lines = ["<table><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"]
    for name, found in group.items():
        ours = found["ours"]
        cells = [
            html.escape(name), str(found["pages"]),
            *(_pair(found, key) for key in ("cer", "tone", "type", "precision", "recall", "f1", "cells")),
            f"{ours['rows_found']}/{ours['rows']}" if ours["rows"] else "",
        ]  # fmt: skip
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return "".join(lines) + "</table>"


def _pair(found: dict[str, Any], key: str) -> str:
    ours, plain = found["ours"][key], (found["plain"] or {}).get(key)
    if ours is None:
        return ""
    other = f'<br><span class="plain">{100 * plain:.1f}</span>' if plain is not None else ""
    return f"{100 * ours:.2f}{other}"


def _targets(judged: Sequence[tuple[str, str, str, bool]]) -> str:
    rows = "".join(
        f'<tr class="{"met" if met else "missed"}"><td>{html.escape(what)}</td><td>{target}</td><td>{value}</td>'
        f"<td>{'đạt / met' if met else 'chưa đạt / missed'}</td></tr>"
        for what, target, value, met in judged
    )
    return (
        "<table><tr><th></th><th>cần <small>wanted</small></th><th>đạt <small>got</small></th><th></th></tr>"
        f"{rows}</table>"
    )


def _cause(number: int, cause: dict[str, Any], results: Sequence[PaperResult], pictures: int = 3) -> str:
    cases = [(result, fault) for result in results for fault in result.faults if fault.cause == cause["cause"]]
    shown: list[str] = []
    layouts: set[str] = set()
    for result, fault in [case for case in cases if case[1].box] + [case for case in cases if not case[1].box]:
        if result.spec.layout in layouts or len(shown) == pictures:
            continue
        layouts.add(result.spec.layout)
        shown.append(_figure(result, fault))
    where = "; ".join(
        ", ".join(f"{html.escape(str(name))} {count}" for name, count in cause[what])
        for what in ("levels", "types", "fields")
    )
    return (
        f"<h3>{number}. {cause['vi']} <small>{cause['en']}</small> – {cause['count']} "
        f"({100 * cause['share']:.0f} %)</h3><p><small>{where}</small></p>{''.join(shown)}"
    )


def _figure(result: PaperResult, fault: Fault) -> str:
    row = f", hàng / row {fault.row}" if fault.row else ""
    return (
        f"<figure>{_crop(fault)}<figcaption><b>{html.escape(fault.name)}</b> ({html.escape(result.spec.layout)}, "
        f"{result.spec.level}{row}) – in / printed: <b>{html.escape(fault.printed) or '–'}</b> · "
        f"đọc / read: <b>{html.escape(fault.read) or '–'}</b></figcaption></figure>"
    )


def _crop(fault: Fault) -> str:
    path = Path(fault.picture)
    if not fault.picture or not path.exists() or not path.stat().st_size:
        return ""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    x0, y0, x1, y1 = fault.box or (0.0, 0.0, 1.0, 0.22)
    box = (
        max(0, int((x0 - 0.12) * image.width)),
        max(0, int((y0 - 0.02) * image.height)),
        min(image.width, int((x1 + 0.2) * image.width)),
        min(image.height, int((y1 + 0.02) * image.height)),
    )
    if fault.box:
        outline = (x0 * image.width - 3, y0 * image.height - 3, x1 * image.width + 3, y1 * image.height + 3)
        ImageDraw.Draw(image).rectangle(outline, outline=(200, 30, 30), width=2)
    part = image.crop(box)
    part.thumbnail((1000, 500))
    out = io.BytesIO()
    part.save(out, "JPEG", quality=70)
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}">'
