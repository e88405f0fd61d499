"""What sentences tell of work and wage: the part of the firm, the kind of contract by its term, how it is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.reading.document_types import FieldDescription
from casework.reading.labelled import section_weight, stretch
from casework.reading.paper import Candidate, Paper
from casework.reading.sections import part_at
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.reading.words import contract_type_of


def by_term(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The kind of contract told by its term alone ("Thời hạn hợp đồng: 24 tháng")."""
    for label in paper.labels:
        if described not in label.fields or section_weight(paper, described, label.start) == 0:
            continue
        said = stretch(paper.flow, label.value_at, min(len(paper.plain), label.value_at + 60), "text")
        kind = contract_type_of(said)
        if kind is not None:
            yield Candidate(kind, label.value_at, label.value_at + len(said), 0.85 * label.quality)


_WAGE_PAID = re.compile(
    r"\b(?:luong|tien cong|thu nhap)\b(?:[^.;\f]|\.(?=\d)){0,90}?\b"
    r"(?P<how>tien mat|chuyen khoan|(?:qua|vao) tai khoan|the atm)\b"
)


def by_wage_paid(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """ "Lương được lĩnh … bằng tiền mặt": how the wage is paid, told in a sentence without any label."""
    for match in _WAGE_PAID.finditer(paper.folded):
        if section_weight(paper, described, match.start()) == 0:
            continue
        value = read_value("pay_method", Window(match["how"], match["how"]))
        if value is not None:
            yield Candidate(value.value, match.start("how"), match.end("how"), 0.6)


# What a firm's parts are called; the whole name of one begins with such a word.
_UNIT_NAME = re.compile(
    r"(?:(?P<lead>\b(?:thuoc|tai|o|trong)\s+|\((?:thuoc )?)|[,:–-]\s+)(?P<unit>(?:phong|ban|bo phan|to|doi|xuong|khoa|"
    r"phan xuong|chuyen|kho|khoi|trung tam|"
    r"nha may|cua hang|chi nhanh)\s+[^,.;:()\n\t\f]{1,40}?)"
    r"(?=\s*(?:[,.;:()\n\t\f]|$|theo\b|voi\b|tu ngay|ke tu|cua cong ty|cua doanh))"
)


def by_unit(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """ "… thuộc Tổ Bảo vệ", "… tại Xưởng may 2": a part of the firm named inside a sentence."""
    for match in _UNIT_NAME.finditer(paper.flow.folded):
        start, end = match.span("unit")
        here = part_at(paper.parts, start).id
        # What a label follows on the same line ends with it.
        end = min([end, *(label.start for label in paper.labels if start < label.start < end)])
        end = start + len(paper.flow.text[start:end].rstrip())
        end += _rest_of_unit(paper, end)
        shown = paper.flow.text[start:end]
        if (
            not shown[0].isupper()
            or here == "employer"
            or shown.isupper()
            or (here != described.section and here == "head")
        ):
            continue
        if match["lead"] is None and not _tells_work(paper, start):
            continue
        # "Vị trí, bộ phận: Hướng dẫn viên, Phòng Nội địa": what stands under the label is both.
        belief = 0.97 if match["lead"] is None or match["lead"].lstrip("(").startswith("thuoc") else 0.6
        yield Candidate(" ".join(shown.split()), start, end, belief)


_REST = re.compile(r"\s*\n(?P<word>[^\W\d_]+)(?: [^\W\d_]+)?(?=,)")


def _rest_of_unit(paper: Paper, end: int) -> int:
    """ "ở Phòng Kinh / doanh, nơi làm: …": how many signs of the name stand on the next line."""
    rest = _REST.match(paper.flow.text, end)
    return len(rest[0]) if rest and rest["word"].islower() and paper.flow.line_at(end).full else 0


_OF_WORK = re.compile(r"\b(?:cong viec|chuc danh|vi tri|chuc vu|bo phan|nhiem vu|phan cong)\b[^:]*:")


def _tells_work(paper: Paper, position: int) -> bool:
    """The line up to here begins with a label of someone's work or unit."""
    line = paper.flow.line_start(paper.flow.line_index(position))
    return _OF_WORK.search(paper.folded, line, position) is not None
