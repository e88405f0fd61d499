"""Reading measured against plain Tesseract, page by page, level by level, in one run: one table, and JSON.

    python -m tests.bench.bench_reading [--papers N] [--levels clean300,phone] [--workers 1] [--set dev]

The baseline is `pytesseract.image_to_string(300 dpi, lang="vie")`, one page after another. CER is over words
without regard to their order (an order of reading is a matter of taste on a form), `words` the share of the true
words read exactly, `tone` the share of right words among those right but for tone and vowel marks.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

os.environ["OMP_THREAD_LIMIT"] = "1"

KINDS = ("labour_contract", "suspension_agreement", "unpaid_leave_agreement", "form_01")
LEVELS = ("born_digital", "clean300", "office200", "fax150", "phone", "stamped", "rotated")


@dataclass
class Tally:
    cer: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    engine: list[float] = field(default_factory=list)
    peak_mb: float = 0.0

    def add(self, truth: list[str], read: list[str], seconds: float) -> None:
        errors, letters, right = compare(truth, read)
        self.cer.append(errors / max(1, letters))
        self.words.append(right / max(1, len(truth)))
        self.seconds.append(seconds)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def words_of(text: str) -> list[str]:
    """The words to be compared: NFC, dot leaders left out (nobody counts dots)."""
    words = unicodedata.normalize("NFC", text).split()
    return [word for word in (item.strip("…._") if set("…._") & set(item) else item for item in words) if word]


def compare(truth: list[str], read: list[str]) -> tuple[int, int, int]:
    """(character errors, true characters, words exactly right), each word matched with its nearest, order ignored."""
    from rapidfuzz.distance import Levenshtein

    left, over = Counter(truth), Counter(read)
    same = left & over
    left, over = left - same, over - same
    errors, missing, extra = 0, list(left.elements()), list(over.elements())
    pairs = sorted(
        (Levenshtein.distance(one, other), one, other, i, j)
        for i, one in enumerate(missing)
        for j, other in enumerate(extra)
        if abs(len(one) - len(other)) <= 4
    )
    used, taken = set(), set()
    for distance, one, _, i, j in pairs:
        if i in used or j in taken or distance >= len(one):
            continue
        used.add(i)
        taken.add(j)
        errors += distance
    errors += sum(len(word) for i, word in enumerate(missing) if i not in used)
    errors += sum(len(word) for j, word in enumerate(extra) if j not in taken)
    return errors, sum(map(len, truth)), sum(same.values())


def papers(set_: str, count: int, level: str) -> list[tuple[str, bytes, list[str]]]:
    """(name, worn PDF, text of each page)."""
    from infra.papers import make_paper
    from infra.papers.wearing import wear

    made = []
    for seed in range(count):
        for kind in KINDS:
            paper = make_paper(kind, seed=seed, set_=set_, rows=(12, 24)[seed % 2] if kind == "form_01" else None)
            made.append((f"{kind}-{seed}", wear(paper.pdf, level, seed=seed), true_texts(paper.pdf)))
    return made


def true_texts(pdf: bytes) -> list[str]:
    """The words of each page as printed, by pdfplumber: another hand than the one that reads text layers here."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [" ".join(word["text"] for word in page.extract_words()) for page in document.pages]


def plain(pdf: bytes, number: int) -> tuple[list[str], float]:
    import pypdfium2
    import pytesseract

    began = time.perf_counter()
    page = pypdfium2.PdfDocument(pdf)[number - 1]
    image = page.render(scale=300 / 72).to_pil()
    text = pytesseract.image_to_string(image, lang="vie")
    return words_of(text), time.perf_counter() - began


def main() -> None:
    from adapters.reader import Reader

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--papers", type=int, default=1, help="of each kind")
    options.add_argument("--levels", default=",".join(LEVELS))
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--set", default="dev", choices=("dev", "test"))
    options.add_argument("--no-baseline", action="store_true")
    options.add_argument("--pages", action="store_true", help="print each page")
    options.add_argument("--json", type=Path, default=Path("build/reports/bench_reading.json"))
    wanted = options.parse_args()
    reader = Reader()
    report = {}
    reader.read_page(papers(wanted.set, 1, "born_digital")[0][1], 1)  # start the child
    say(f"{'level':13}{'pages':>6}{'CER %':>8}{'median':>8}{'words %':>9}{'s/page':>8}{'own s':>7}{'OCR s':>7}{'MB':>6}"
          f"   | plain: {'CER %':>8}{'median':>8}{'words %':>9}{'s/page':>8}{'ratio':>7}")  # fmt: skip
    for level in wanted.levels.split(","):
        ours, theirs = Tally(), Tally()
        for name, pdf, texts in papers(wanted.set, wanted.papers, level):
            truths = [words_of(text) for text in texts]
            began = time.perf_counter()
            for item in reader.read_pages(pdf, range(1, len(texts) + 1), wanted.workers, picture=False):
                page = item.page
                read = words_of(" ".join(word.text for word in page.words))
                before = len(ours.cer)
                ours.add(truths[page.number - 1], read, 0.0)
                ours.own.append(item.cost["own_seconds"])
                ours.engine.append(item.cost["engine_seconds"])
                ours.peak_mb = max(ours.peak_mb, item.cost["peak_mb"])
                if wanted.pages:
                    say(f"  {level} {name} p{page.number}: CER {ours.cer[before] * 100:.2f} words "
                          f"{ours.words[before] * 100:.1f} tables {[len(g.cells) for g in page.grids]} skew "
                          f"{page.skew_deg} turn {page.rotation_deg} {page.quality} "
                          f"{page.problem.type if page.problem else ''}")  # fmt: skip
            taken = time.perf_counter() - began
            ours.seconds[-len(texts) :] = [taken / len(texts)] * len(texts)
            if not wanted.no_baseline:
                for number, truth in enumerate(truths, 1):
                    theirs.add(truth, *plain(pdf, number))
        line = {
            "pages": len(ours.cer), "cer": mean(ours.cer), "cer_median": median(ours.cer), "words": mean(ours.words),
            "seconds": mean(ours.seconds), "own_seconds": mean(ours.own), "engine_seconds": mean(ours.engine),
            "peak_mb": ours.peak_mb,
        }  # fmt: skip
        text = (f"{level:13}{line['pages']:6}{line['cer'] * 100:8.2f}{line['cer_median'] * 100:8.2f}{line['words'] * 100:9.1f}"  # noqa: E501
                f"{line['seconds']:8.2f}{line['own_seconds']:7.2f}{line['engine_seconds']:7.2f}{line['peak_mb']:6.0f}")  # fmt: skip  # noqa: E501
        if theirs.cer:
            line["plain"] = {"cer": mean(theirs.cer), "words": mean(theirs.words), "seconds": mean(theirs.seconds)}
            ratio = mean(ours.seconds) / mean(theirs.seconds)
            text += (f"   | {'':7}{mean(theirs.cer) * 100:8.2f}{median(theirs.cer) * 100:8.2f}{mean(theirs.words) * 100:9.1f}"  # noqa: E501
                     f"{mean(theirs.seconds):8.2f}{ratio:7.2f}")  # fmt: skip
        report[level] = line
        say(text)
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(report, indent=1))
    reader.close()


if __name__ == "__main__":
    main()
