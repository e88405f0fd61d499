"""What an evaluation adds up, judges and writes, and what is kept between runs."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from tests.bench import bench_reading, eval_docs, kept, plots, reports
from tests.bench.faults import Fault
from tests.bench.measuring import Measured, PaperResult
from tests.bench.scoring import Letters, Outcome, Values


def result(level: str, kind: str = "form_01", **values: Any) -> PaperResult:
    ranked = [(0.99, True)] * 30 + [(0.2, False)]
    counts: dict[str, Any] = {"right": 95, "wrong": 2, "missed": 3, "papers": 1, "types_right": 1, "ranked": ranked}
    ours = Measured(
        Letters(errors=10, true=1000, marked=400, marks_wrong=2, words=200, words_right=190),
        Values(**counts | values),
        kind,
        [Outcome("employer.name", "right", "A", "A", 0.9), Outcome("document.number", "wrong", "1", "7", 0.2)],
    )
    plain = Measured(Letters(errors=300, true=1000), Values(right=50, missed=50, papers=1), "unknown")
    fault = Fault("digits", "document.number", "1", "7", 0, "", None)
    return PaperResult(kept.PaperSpec("exam", kind, "list_full", level, 1), 2, ours, plain, [fault])


def report_of(*results: PaperResult, short: bool = False) -> dict[str, Any]:
    return reports.summed(results, "exam", short=short, seconds=1.0)


def test_levels_and_types_are_added_up_over_papers() -> None:
    report = report_of(result("clean300"), result("clean300", right=75, missed=23), result("phone", "form_11"))
    assert (report["papers"], report["pages"]) == (3, 6)
    clean = report["levels"]["clean300"]["ours"]
    assert clean["cer"] == pytest.approx(0.01)
    assert clean["tone"] == pytest.approx(0.005)
    assert clean["recall"] == pytest.approx(170 / 200)
    assert clean["precision"] == pytest.approx(170 / 174)
    assert report["levels"]["clean300"]["plain"]["cer"] == pytest.approx(0.3)
    assert set(report["types"]) == {"form_01", "form_11"}
    assert report["causes"][0]["cause"] == "digits"
    assert report["causes"][0]["count"] == 3
    assert report["fields"]["document.number"] == {"wrong": 3}


def test_targets_are_met_or_missed_by_the_figures() -> None:
    rows = {what: met for what, _, _, met in reports.judged(report_of(result("clean300"), result("fax150")))}
    assert rows["fax 150 dpi: F1"]
    assert rows["fax 150 dpi: CER"]
    assert not rows["quét rõ 300 dpi / clean: CER"]  # 1 % where 0.8 % is wanted
    assert rows["AUROC"]
    assert not any("born" in what for what in rows)  # a level that was not measured is not judged


def test_a_row_lost_silently_misses_its_target() -> None:
    lost = result("clean300", rows=5, rows_found=4, rows_missing_silently=1, cells=10, cells_right=10)
    rows = {what: met for what, _, _, met in reports.judged(report_of(lost))}
    assert not rows["hàng mất không báo / rows lost silently"]
    assert rows["ô danh sách, bản quét / cells, scans"]


def test_reports_are_written_and_shown(tmp_path: Path) -> None:
    results = [result("clean300"), result("born_digital")]
    report = report_of(*results)
    written = reports.write(report, results, tmp_path)
    assert [path.name for path in written] == ["eval.json", "eval-calibration.svg", "eval.html"]
    assert json.loads(written[0].read_text())["set"] == "exam"
    page = written[2].read_text()
    assert "Nhầm chữ số" in page
    assert "Digits misread" in page
    screen = io.StringIO()
    reports.show(report, Console(file=screen, width=140))
    assert "Mục tiêu" in screen.getvalue()
    short = io.StringIO()
    reports.show(report | {"short": True}, Console(file=short, width=140))
    assert "Mục tiêu" not in short.getvalue()


def test_results_go_between_the_marks_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "reading.md"
    page.write_text("a\n<!-- results -->\nold\n<!-- /results -->\nb\n<!-- causes -->\nold\n<!-- /causes -->\nc\n")
    for _ in range(2):
        eval_docs.into_docs(report_of(result("clean300")), page)
    text = page.read_text()
    assert "old" not in text
    assert text.count("quét rõ") == 4  # the level's line and its three targets
    assert [text.index(letter) for letter in ("a\n<!", "\nb\n", "\nc\n")] == sorted(
        text.index(letter) for letter in ("a\n<!", "\nb\n", "\nc\n")
    )


def test_plots_are_pictures_that_stand_alone() -> None:
    groups = [{"claimed": 0.6, "right": 0.5, "count": 10}, {"claimed": 0.99, "right": 1.0, "count": 10}]
    for drawn in (plots.calibration(groups), plots.scaling([(1, 0.5), (10, 4.0)], 0.4, 0.1, "giây / seconds")):
        picture = ElementTree.fromstring(drawn)
        assert picture.tag.endswith("svg")
        assert len([part for part in picture.iter() if part.tag.endswith("circle")]) == 2


def test_growth_is_told_from_the_points() -> None:
    straight = bench_reading.Scaling("", [(1, 0.7), (5, 1.5), (10, 2.5), (100, 20.5)])
    slope, offset = straight.fit
    assert (slope, offset) == (pytest.approx(0.2), pytest.approx(0.5))
    assert straight.exponent < 1.05
    square = bench_reading.Scaling("", [(pages, pages**2 / 100) for pages in (1, 5, 10, 20, 100)])
    assert square.exponent == pytest.approx(2.0)


def test_a_page_is_read_anew_when_what_reads_it_changes() -> None:
    """The hash holds every module of ours behind `adapters.reading_process`, and not how fields are found."""
    seen = set(kept.reader_modules())
    assert {"page_reading.py", "page_image.py", "tesseract.py", "document.py"} <= {path.name for path in seen}
    # where the fold of a sheet runs is asked of the reading of fields, and nothing else of it
    assert {path.name for path in seen if "reading" in path.parts} <= {"spreads.py"}
