"""The exam: every level and type, the same bytes each time, and nothing in it that papers for tuning say."""

from __future__ import annotations

import dataclasses
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from infra import papers
from infra.papers import ink, people, printing
from infra.papers.exam import EXAM_LAYOUTS, exam_papers, print_exam_paper, world
from infra.papers.exam.printing import LISTS, printed_words

ROOT = Path(__file__).resolve().parents[2]
LAWFUL = re.compile(
    r"DANH SÁCH|\(Dành cho|Thỏa thuận ký kết|TẠM HOÃN|Điều 4: Nghĩa vụ và quyền hạn|V/v đề nghị tạm dừng"
)
TYPES = {path.stem for path in (ROOT / "layers/casework/python/casework/rulebook/documents").glob("*.toml")}


def test_every_level_and_the_asked_layouts_are_there() -> None:
    specs = list(exam_papers())
    assert Counter(spec.level for spec in specs).keys() == set(papers.LEVELS)
    kinds = Counter(layout.kind for layout in EXAM_LAYOUTS)
    assert kinds["labour_contract"] >= 4
    assert kinds["suspension_agreement"] >= 3
    assert kinds["unpaid_leave_agreement"] >= 3
    assert kinds["form_01"] >= 4
    assert kinds["none"] >= 4
    assert {layout.kind for layout in EXAM_LAYOUTS} - {"none"} <= TYPES
    assert len({spec.name for spec in specs}) == len({spec.seed for spec in specs}) == len(specs)


def test_its_people_firms_and_streets_are_others() -> None:
    ours, theirs = world.TABLES, people._TABLES
    for name in ("streets", "firms", "hamlets"):
        assert not set(ours[name]) & set(theirs[name])
    assert not {one["name"] for one in ours["other_peoples"]} & {one["name"] for one in theirs["other_peoples"]}
    invented = {world.invent_case(random.Random(seed), "form_01").facts["employer.name"] for seed in range(40)}
    others = {people.invent_employer(random.Random(seed)).name for seed in range(40)}
    assert not invented & others


def test_no_layout_shares_its_sentences_with_the_papers_for_tuning() -> None:
    def sentences(folder: Path) -> set[str]:
        pages = (file.read_text(encoding="utf-8") for file in folder.glob("*.html"))
        texts = (re.sub(r"\{[%{#].*?[%}#]\}|<[^>]*>", "\n", page) for page in pages)
        return {" ".join(line.split()) for text in texts for line in text.splitlines() if len(line.split()) >= 12}

    ours = sentences(ROOT / "infra/papers/exam/templates")
    shared = ours & sentences(ROOT / "infra/papers/templates")
    assert len(ours) > 100
    # Titles of forms and the formulas of a contract are the law's, not ours to vary.
    assert {line for line in shared if not LAWFUL.match(line)} == set()


@pytest.mark.parametrize("layout", EXAM_LAYOUTS, ids=lambda layout: layout.id)
def test_a_paper_says_what_its_truth_says(layout: object) -> None:
    chosen = next(each for each in EXAM_LAYOUTS if each is layout)
    rows = min(chosen.rows[0], 4) if chosen.rows else 0
    paper = print_exam_paper(chosen, 1, rows=rows)
    text = printing.squeeze(" ".join(paper.truth["text"]))
    for name, letters in paper.truth["printed"].items():
        assert all(printing.squeeze(word) in text for word in letters.split()), name
    assert paper.truth["pages"] == len(printed_words(paper.pdf))
    if chosen.kind in LISTS:
        assert len(paper.truth["tables"]["roster"]) == rows
        for row in paper.truth["printed_rows"]:
            bhxh = row["employee.bhxh_number"]
            assert bhxh in text
    assert paper.truth["document_type"] == ("unknown" if chosen.kind == "none" else chosen.kind)


def test_the_same_paper_has_the_same_bytes() -> None:
    layout = EXAM_LAYOUTS[5]
    assert print_exam_paper(layout, 3).pdf == print_exam_paper(layout, 3).pdf
    assert print_exam_paper(layout, 3).pdf != print_exam_paper(layout, 4).pdf


def test_a_letter_from_another_font_is_refused() -> None:
    bad = dataclasses.replace(EXAM_LAYOUTS[5], font="No Such Font")
    with pytest.raises(ink.MissingFontError):
        print_exam_paper(bad, 1)
