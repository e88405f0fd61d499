"""Every place of a document where a field may have its value, each with its belief.

One function per way to find a field (`find` in rulebook/documents): by its label, by the line with place and date,
by a period in the text, by the contract it refers to, by phrases. Choosing among candidates is not done here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from casework.reading.accounts import by_code, by_quarter
from casework.reading.articles import by_articles
from casework.reading.cards import by_card_date, by_card_issuer, by_statement_period
from casework.reading.counts import by_words
from casework.reading.document_types import FieldDescription
from casework.reading.flow import Flow
from casework.reading.issue_line import by_issue_line
from casework.reading.labelled import REACH, by_label, stretch
from casework.reading.paper import Candidate, Paper
from casework.reading.prose import by_choice, by_constant, by_epidemic, by_period, by_reference
from casework.reading.sections import part_at
from casework.reading.ticks import by_tick
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.reading.words import looks_like_company
from casework.reading.work import by_term, by_unit, by_wage_paid
from casework.vietnam.letters import fold


def candidates(paper: Paper, described: FieldDescription) -> list[Candidate]:
    """All candidates of one field, in no order."""
    found = [each for way in (described.find, *described.also) for each in _WAYS[way](paper, described)]
    if described.id in ("employer.name", "employee.full_name", "employer.representative.full_name"):
        found += _by_heading(paper, described)
    if described.id == "employer.address":
        found += _address_lines(paper)
    if described.id == "employee.department":
        units = list(by_unit(paper, described))
        # "Hướng dẫn viên, Phòng Nội địa" under one label: the unit is what stands last.
        ends = tuple(f"{sign} {unit.value}" for unit in units for sign in (",", " -", " –"))
        found = [each for each in found if not str(each.value).endswith(ends)] if ends else found
        found += units
    if described.id == "contract.type" and not found:
        found += by_term(paper, described)
    if described.type == "pay_method" and not found:
        found += by_wage_paid(paper, described)
    return found


def _address_lines(paper: Paper) -> Iterator[Candidate]:
    """A line of the letterhead that is an address down to its province, without a label."""
    reached = 0
    for index, line in enumerate(paper.flow.lines):
        start = paper.flow.line_start(index)
        if start < reached or part_at(paper.parts, start).id != "head" or ":" in line.text or "," not in line.text:
            continue
        stop = min([start + REACH, *(label.start for label in paper.labels if label.start > start)])
        tight = stretch(paper.flow, start, min(stop, len(paper.flow.text)), "address")
        value = read_value("address", Window(tight, tight))
        if value is not None and value.quality == 1.0:
            reached = start + value.end
            yield Candidate(value.value, start + value.start, start + value.end, 0.6, value.doubts)


_TITLED = re.compile(r"(?:ong|ba|anh|chi|mr|ms)\b")


def _by_heading(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """What follows "BÊN A:" itself, and a line that names a company without any label."""
    for part in paper.parts:
        if part.id == "head" or part.id != described.section or part.value_at >= part.end:
            continue
        stop = next((label.start for label in paper.labels if label.start >= part.value_at), part.end)
        stop = min(stop, part.end, part.value_at + REACH)
        tight = stretch(paper.flow, part.value_at, stop, described.type)
        if not tight.strip():
            continue
        company = looks_like_company(tight)
        titled = _TITLED.match(fold(tight).lstrip(" :")) is not None
        if described.type == "company" and not company:
            continue
        if described.type == "person" and (company or (described.id.startswith("employer") and not titled)):
            continue
        value = read_value(described.type, Window(tight, tight))
        if value is not None:
            start = part.value_at + value.start
            yield Candidate(value.value, start, part.value_at + value.end, 0.9 * value.quality, value.doubts)
    if described.id == "employer.name":
        yield from _company_lines(paper)


def _names_an_employer(paper: Paper, position: int) -> bool:
    """A label that only employers have opens here: the line above it may be the name, whoever was spoken of before."""
    return any(
        label.start == position and label.fields and all(field.id.startswith("employer.") for field in label.fields)
        for label in paper.labels
    )


def _company_lines(paper: Paper) -> Iterator[Candidate]:
    for index, line in enumerate(paper.flow.lines):
        start = paper.flow.line_start(index)
        here = part_at(paper.parts, start).id
        over = index + 1 < len(paper.flow.lines) and _names_an_employer(paper, paper.flow.line_start(index + 1))
        if not (here in ("head", "employer") or over) or not looks_like_company(line.text):
            continue
        name = re.split(r"[,(]", line.text)[0]
        capitals = sum(character.isupper() for character in name) > 0.6 * sum(map(str.isalpha, name))
        if not capitals and here == "head" and not over:
            continue
        stop = min(len(paper.flow.text), start + REACH)
        stop = min([stop, *(label.start for label in paper.labels if label.start > start)])
        value = read_value("company", Window(_tight_heading(paper.flow, start, stop, index), ""))
        if value is not None:
            belief = (0.72 if here == "employer" else 0.62) * value.quality
            yield Candidate(value.value, start + value.start, start + value.end, belief, value.doubts)


def _tight_heading(flow: Flow, start: int, stop: int, index: int) -> str:
    """A company's name in a letterhead: capitals going on in the next line of the same column."""
    end = re.compile(r"[\n\t\f]|$").search(flow.text, start, stop)
    finish = end.start() if end else stop
    while index + 1 < len(flow.lines) and finish < stop and flow.text[finish] == "\n":
        following = flow.lines[index + 1]
        text = following.text
        near = following.box.y0 - flow.lines[index].box.y1 < 1.2 * following.box.height
        if (
            not near
            or text != text.upper()
            or re.match(
                r"so\b|cong hoa|doc lap|hop dong|thoa thuan|danh sach|bien ban|ban thoa|dia chi|-|cong ty|cty|"
                r"phong (?:hanh chinh|nhan su|to chuc|ke toan|tai chinh|tong hop)",
                fold(text),
            )
        ):
            break
        index += 1
        finish = flow.line_start(index) + len(text)
    return flow.text[start : min(finish, stop)]


def _nothing(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    return iter(())


_WAYS: dict[str, Callable[[Paper, FieldDescription], Iterator[Candidate]]] = {
    "label": by_label,
    "issue_line": by_issue_line,
    "choice": by_choice,
    "constant": by_constant,
    "period_start": by_period,
    "period_end": by_period,
    "contract_reference": by_reference,
    "from_id_number": _nothing,
    "seal": _nothing,
    "epidemic": by_epidemic,
    "coded_row": by_code,
    "quarter": by_quarter,
    "articles": by_articles,
    "ticked": by_tick,
    "card_date": by_card_date,
    "card_issuer": by_card_issuer,
    "statement_period": by_statement_period,
    "words": by_words,
}
