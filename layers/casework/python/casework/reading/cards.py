"""What stands without a label: the day and the office on the back of identity cards, the period below a statement's
title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.reading.document_types import FieldDescription
from casework.reading.paper import Candidate, Paper
from casework.reading.told import read_period
from casework.reading.window import Window

_BIRTH = re.compile(r"sinh|birth|gia tri|expiry|het han")
_OFFICE = re.compile(
    r"(?:giam doc|cuc truong|truong cong an)\s+(?P<office>(?:cong an|ca|cuc)\b[^\n\f\t]*(?:\n[^\n\f\t]{4,60})?)"
)


def by_card_date(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The day of issue: a date that is neither of birth nor of expiry."""
    for found in paper.found_dates:
        before = re.split(r"[\n\f]", paper.flow.folded[max(0, found.start - 60) : found.start])[-1]
        if found.value and not _BIRTH.search(before) and found.value[:4] > "2000":
            yield Candidate(found.value, found.start, found.end, 0.75, found.doubts)


def by_card_issuer(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The office whose head signed the card."""
    for match in _OFFICE.finditer(paper.flow.folded):
        start, end = match.start("office"), match.end("office")
        words = paper.flow.text[start:end]
        first, _, below = words.partition("\n")
        # A line below goes on with the office's name only when it is as large and as high as it: in capitals.
        text = first if not below or below.upper() != below else words
        if re.search(r"(?:tinh|thanh pho|ca)\W*$", paper.flow.folded[start : start + len(text)]):
            continue  # the name of the place was not read
        yield Candidate(" ".join(text.split()), start, start + len(text), 0.8)


def by_statement_period(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """A line near the top that is a period alone, or the day the statement is drawn up for."""
    for index, line in enumerate(paper.flow.lines[:25]):
        start = paper.flow.line_start(index)
        text = paper.flow.text[start : start + len(line.text)]
        said = read_period(Window(re.sub(r"^\W+", lambda match: " " * len(match[0]), text), ""))
        rest = text[said.end :].strip(" )./") if said else "none"
        if said is not None and not rest:
            yield Candidate(said.value, start + said.start, start + said.end, 0.9)
