"""The decision on a dossier as a paper: what was approved for whom, months and money in figures and words; what was
refused and why, with the articles; how to appeal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casework.document import Text
from casework.dossier import vietnam_day
from casework.forms import catalogue
from casework.forms.one_stop import Issue, day_in_words, sheet_of
from casework.forms.sheet import Block, Column, Paragraph, Points, Sheet, Table
from casework.vietnam.dates import find_dates
from casework.vietnam.money import amount_in_words

WHOLE = Text("Giải quyết toàn bộ hồ sơ.", "The dossier is approved in whole.")
PART = Text("Giải quyết một phần hồ sơ.", "The dossier is approved in part.")
NONE = Text("Không giải quyết hồ sơ.", "The dossier is refused.")
RESULTS = {"approve": WHOLE, "approve_in_part": PART, "refuse": NONE}
NO_NAME = "(hồ sơ)"


def decision(issue: Issue, made: Mapping[str, Any], kept: Mapping[str, Any]) -> Sheet:
    """made: the final stage's decision on record (outcome, reason, rows, total_vnd, reason_code); kept: the verdict it
    rests on, as evidence."""
    form = catalogue.form("decision")
    service = issue.procedure.title
    subject = Text(form.subject.vi.format(service=service.vi), form.subject.en.format(service=service.en))
    approved = [row for row in made["rows"] if row["outcome"] == "approve"]
    refused = [row for row in made["rows"] if row["outcome"] != "approve"]
    pays = issue.procedure.benefit is not None
    filer, unit = issue.dossier.applicant.name, _employer(issue, kept["facts"]["dossier"])
    whose, whose_en = (f"{unit.vi}, do {filer} nộp", f"{unit.en}, filed by {filer}") if unit else (filer, filer)
    blocks: list[Block] = [
        Points(Text("Căn cứ:", "On the basis of:"), tuple(Text(law) for law in _law(issue))),
        Paragraph(
            Text(
                f"Xét hồ sơ mã số {issue.dossier.code} của {whose}, "
                f"tiếp nhận {day_in_words(issue.dossier.day_of_receipt)},",
                f"Having examined dossier {issue.dossier.code} of {whose_en}, "
                f"received on {issue.dossier.day_of_receipt:%d/%m/%Y},",
            )
        ),
        Paragraph(Text("QUYẾT ĐỊNH:", "DECIDES:"), strong=True, centred=True),
        Paragraph(_article(1, RESULTS[made["outcome"]]), strong=True),
    ]
    if pays and approved:
        blocks.append(Paragraph(_total(made["total_vnd"], len(approved))))
    if made["reason"]:
        blocks.append(Paragraph(Text(f"Lý do: {made['reason']}", "The reason stands in Vietnamese.")))
    blocks += _reasons_for_all(issue, made, kept)
    if approved:
        blocks.append(_granted(approved, pays=pays))
    if pays and approved:
        blocks.append(_by_month(approved))
    if any(row.get("held") for row in approved):
        blocks.append(_held(approved))
    if refused:
        blocks.append(_refused(refused, kept))
    blocks.append(Paragraph(_article(2, form.says)))
    ending = Text(
        f"Quyết định có hiệu lực kể từ ngày ký. {unit.vi if unit else filer} và các cơ quan liên quan thi hành.",
        "The decision is in force from the day it is signed. "
        f"{unit.en if unit else filer} and the offices concerned carry it out.",
    )
    blocks.append(Paragraph(_article(3, ending)))
    return sheet_of(form, issue, tuple(blocks), subject=subject, desk=False)


def money(amount_vnd: int) -> str:
    """1800000 → "1.800.000"."""
    return f"{amount_vnd:,}".replace(",", ".")


def _employer(issue: Issue, facts: Mapping[str, Any]) -> Text | None:
    """The employer whose dossier it is, with its tax code; None where a person or household files for itself, or where
    the name is not sure."""
    who = issue.procedure.who
    if who.unit_is_person or who.unit_name not in issue.procedure.given_by:
        return None
    name, tax_code = _sure(facts.get(who.unit_name, {})), _sure(facts.get(who.unit, {}))
    if name and tax_code:
        return Text(f"{name} (mã số thuế {tax_code})", f"{name} (tax code {tax_code})")
    return Text(name, name) if name else None


def _sure(fact: Mapping[str, Any]) -> str:
    """The value of a kept fact nobody doubts."""
    return "" if fact.get("doubt") else str(fact.get("value") or "")


def _law(issue: Issue) -> list[str]:
    """What the procedure cites, without what did not exist yet on the day of the decision."""
    day = vietnam_day(issue.at)
    cited = [(law, find_dates(law)) for law in issue.procedure.law]
    return [law for law, dates in cited if all((found.value or "") <= day.isoformat() for found in dates)]


def _article(number: int, text: Text) -> Text:
    return Text(f"Điều {number}. {text.vi}", f"Art. {number}. {text.en}")


def _total(total_vnd: int, people: int) -> Text:
    words = amount_in_words(total_vnd)
    return Text(
        f"Số người được hỗ trợ: {people}. Tổng số tiền: {money(total_vnd)} đồng (bằng chữ: {words}).",
        f"People: {people}. Total: {total_vnd:,} VND.",
    )


def _reasons_for_all(issue: Issue, made: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[Block]:
    """What fails for the dossier as a whole, and the reason the officer chose from the procedure's list."""
    if made["outcome"] == "approve":
        return
    chosen = [reason.says for reason in issue.procedure.refusal_reasons if reason.id == made["reason_code"]]
    ways = {rule.id: rule.ways for rule in issue.procedure.rules}
    by_rule = {finding["rule"]: finding for finding in kept["verdict"]["findings"]}
    failing = [_why(finding, _found(finding, ways, by_rule)) for finding in by_rule.values() if _fails(finding)]
    if chosen or failing:
        yield Points(Text("Quy định không đạt:", "Rules not met:"), (*chosen, *failing))


def _granted(rows: list[Mapping[str, Any]], *, pays: bool) -> Table:
    columns = [Column(Text("STT", "No."), "center", 0.5), Column(Text("Họ và tên", "Name"), "left", 2.6)]
    if pays:
        columns += [
            Column(Text("Tháng hỗ trợ", "Months"), "left", 1.9),
            Column(Text("Mỗi tháng (đồng)", "Each month"), "right", 1.3),
            Column(Text("Cộng (đồng)", "Sum"), "right", 1.3),
            Column(Text("Bằng chữ", "In words"), "left", 2.4),
        ]
    cells = tuple(
        (str(number), row["name"] or NO_NAME, *(_sums(row) if pays else ())) for number, row in enumerate(rows, 1)
    )
    return Table(Text("Danh sách được duyệt", "Approved"), tuple(columns), cells)


def _sums(row: Mapping[str, Any]) -> tuple[str, ...]:
    shares, amount = _shares(row), row["amount_vnd"]
    each = money(next(iter(shares.values()))) if len(set(shares.values())) == 1 else "–"
    return ", ".join(_month(month) for month in shares), each, money(amount), amount_in_words(amount)


def _shares(row: Mapping[str, Any]) -> dict[str, int]:
    """What a row gives by month; of a decision that did not keep it, in equal parts."""
    if "by_month" in row:
        return dict(row["by_month"])
    share, rest = divmod(row["amount_vnd"], max(len(row["months"]), 1))
    return {month: share + (rest if place == 0 else 0) for place, month in enumerate(row["months"])}


def _held(rows: list[Mapping[str, Any]]) -> Table:
    """The months people of the list hold by other decisions: left out, or raised to the higher benefit."""
    columns = (
        Column(Text("Họ và tên", "Name"), "left", 2.4),
        Column(Text("Tháng", "Month"), "left", 1),
        Column(Text("Đã duyệt theo hồ sơ", "Approved in dossier"), "left", 2.6),
        Column(Text("Mức (đồng)", "Amount"), "right", 1.3),
        Column(Text("Quyết định này", "This decision"), "left", 2.6),
    )
    cells = []
    for person, held in [(row["name"] or NO_NAME, held) for row in rows for held in row.get("held", ())]:
        known = money(held["amount_vnd"]) if held["amount_vnd"] is not None else "–"
        here = f"Thay bằng mức cao nhất, chi thêm {money(held['added_vnd'])}" if held["added_vnd"] else "Không chi lại"
        dossier = " ".join(part for part in (held["procedure"], held["code"]) if part)
        cells.append((person, _month(held["month"]), dossier or "–", known, here))
    return Table(
        Text("Các tháng đã hưởng theo quyết định khác", "Months held by another decision"), columns, tuple(cells)
    )


def _by_month(rows: list[Mapping[str, Any]]) -> Table:
    sums: dict[str, list[int]] = {}
    for row in rows:
        for month, share in _shares(row).items():
            sums.setdefault(month, []).append(share)
    columns = (
        Column(Text("Tháng", "Month"), "left", 1.2),
        Column(Text("Số người", "People"), "right", 1),
        Column(Text("Số tiền (đồng)", "Amount"), "right", 1.6),
        Column(Text("Bằng chữ", "In words"), "left", 4),
    )
    cells = tuple(
        (_month(month), str(len(shares)), money(sum(shares)), amount_in_words(sum(shares)))
        for month, shares in sorted(sums.items())
    )
    return Table(Text("Tổng hợp theo tháng", "By month"), columns, cells)


def _refused(rows: list[Mapping[str, Any]], kept: Mapping[str, Any]) -> Table:
    found = {row["key"]: row["findings"] for row in kept["verdict"]["rows"]}
    columns = (
        Column(Text("STT", "No."), "center", 0.5),
        Column(Text("Họ và tên", "Name"), "left", 2.4),
        Column(Text("Lý do và căn cứ", "Reason and article"), "left", 6),
    )
    cells = []
    for number, row in enumerate(rows, 1):
        failing = [finding for finding in found.get(row["key"], []) if _fails(finding)]
        said = _said_of(row, failing) or "Theo lý do chung nêu tại Điều 1. / For the reason given in Art. 1."
        cells.append((str(number), row["name"] or NO_NAME, said))
    return Table(Text("Danh sách không được duyệt", "Refused"), columns, tuple(cells))


def _fails(finding: Mapping[str, Any]) -> bool:
    return bool(finding["verdict"] == "fail" and finding["counts"])


def _why(finding: Mapping[str, Any], because: Text) -> Text:
    """A failing rule of the dossier as a reason: what it asks, what was found, the article."""
    says, law = finding["says"], _bare(finding["law"])
    vi = f"{_bare(says['vi'])} ({_bare(because.vi)}). {law}."
    en = f"{_bare(says['en'])} ({_bare(because.en)}). {law}."
    return Text(vi, en)


def _found(finding: Mapping[str, Any], ways: Mapping[str, tuple[str, ...]], others: Mapping[str, Any]) -> Text:
    """What was found; of a rule that only sums up others, what was found for each of those."""
    own = [others[way] for way in ways.get(finding["rule"], ()) if way in others and others[way]["verdict"] == "fail"]
    told = [other["because"] for other in own or [finding]]
    return Text("; ".join(_bare(said["vi"]) for said in told), "; ".join(_bare(said["en"]) for said in told))


def _said_of(row: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> str:
    """Why a person is refused: the officer's own words, if they say more than the rules do, then every failed rule
    once with what was found and its article; what was found in English behind it."""
    found = [(_bare(finding["because"]["vi"]), _bare(finding["law"])) for finding in findings]
    rest = row["reason"]
    for because, _ in sorted(found, key=lambda pair: -len(pair[0])):
        rest = rest.replace(because, "")
    own = [_bare(row["reason"])] if any(letter.isalnum() for letter in rest) else []
    said = "; ".join([*own, *dict.fromkeys(f"{because} ({law})" for because, law in found)])
    english = "; ".join(dict.fromkeys(_bare(finding["because"]["en"]) for finding in findings))
    return " / ".join(f"{text}." for text in (said, english) if text)


def _bare(sentence: str) -> str:
    return sentence.strip().rstrip(".")


def _month(month: str) -> str:
    return f"{month[5:]}/{month[:4]}"
