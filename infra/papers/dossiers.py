"""The sample dossiers the local run files: four employers, their papers, and how each must end.

Who, when and on which scanner is written here; the papers follow from it. Made once and kept under build/papers/ in
a folder named after everything the bytes depend on, so that a change of any template makes them anew.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import importlib.metadata
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from .people import (
    MAGIC_BHXH_ENDINGS,
    SAMPLE_TAX_CODES,
    ContractType,
    Employer,
    Job,
    Sex,
    SuspensionKind,
    invent_employer,
    invent_job,
    invent_person,
    unaccented,
)
from .printing import print_paper
from .wearing import Level, blur_page, take_page, wear, wear_page

MONTHLY_VND = 1_800_000
OFFICE = "H29.1"
"""The district office where every sample employer has its head office (Quận 1, TP. Hồ Chí Minh)."""

_CACHE = Path(__file__).parents[2] / "build" / "papers"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file as the applicant uploads it. `truth` is what it says (of a blurred page: nothing); `instead_of` names
    the file and page (from 1) it was asked for."""

    name: str
    media_type: str
    data: bytes
    truth: dict[str, Any]
    instead_of: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class SampleDossier:
    """One dossier with its expected end.

    declared: facts the applicant states because no paper says them; contact: name, email, phone of who files.
    expected: route (of the first verdict), state (at the end), total_vnd, not_checked (registries), asks_for
    ([{file, page}]), rows ({BHXH number: {full_name, outcome approve|refuse, months, amount_vnd, failed_rules}}) and
    officer_reason (what the scripted officer writes, {"vi", "en"}), where one must be given.
    follow_up: files sent after the system asked for them.
    """

    name: str
    title: str
    title_en: str
    procedure: str
    office: str
    employer: Employer
    contact: dict[str, str]
    declared: dict[str, Any]
    files: list[SampleFile]
    expected: dict[str, Any]
    follow_up: list[SampleFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One file to make."""

    name: str
    layout: str
    level: Level
    jobs: tuple[Job, ...]
    seed: int
    blurred: int | None = None
    only: int | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    title: str
    title_en: str
    employer: Employer
    sheets: tuple[_Sheet, ...]
    expected: Mapping[str, Any]
    follow_up: tuple[_Sheet, ...] = ()


def sample_dossiers(cache: Path | None = _CACHE) -> list[SampleDossier]:
    """The four sample dossiers, in the order they are filed. cache=None makes them anew and keeps nothing."""
    plans = _plans()
    if cache is None:
        return _made(plans)
    folder = cache / _fingerprint()
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=cache, prefix="making-"))
        _keep(_made(plans), fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another process was quicker; its files are the same
            shutil.rmtree(fresh)
        _forget_old(cache, keep=folder)
    return _kept(plans, folder)


def _plans() -> list[_Plan]:
    return [_all_right(), _partly_refused(), _unreadable_page(), _registry_down()]


def _all_right() -> _Plan:
    employer = _employer("all_right", "Công ty TNHH Dệt may An Phú Thịnh")
    a, b, c = (
        _job(employer, 1, "female", "suspension", (date(2020, 4, 15), date(2020, 5, 14))),
        _job(employer, 2, "male", "suspension", (date(2020, 4, 20), date(2020, 5, 19)), contract="fixed"),
        _job(employer, 3, "female", "unpaid_leave", (date(2020, 5, 1), date(2020, 5, 31))),
    )
    return _Plan(
        "all_right",
        "Danh sách 3 người lao động, mọi giấy tờ đều đúng",
        "A list of 3 employees, everything right",
        employer,
        (
            _Sheet("mau-so-01.pdf", "form01_ruled", "clean300", (a, b, c), 11),
            _Sheet(f"hop-dong-{_slug(a)}.pdf", "contract_party_a_b", "clean300", (a,), 12),
            _Sheet(f"hop-dong-{_slug(b)}.pdf", "contract_one_side", "clean300", (b,), 13),
            _Sheet(f"hop-dong-{_slug(c)}.pdf", "contract_table", "born_digital", (c,), 14),
            _Sheet(f"thoa-thuan-{_slug(a)}.jpg", "suspension_letterhead", "phone", (a,), 15),
            _Sheet(f"thoa-thuan-{_slug(b)}.pdf", "suspension_letterhead", "office200", (b,), 16),
            _Sheet(f"thoa-thuan-{_slug(c)}.pdf", "unpaid_form", "clean300", (c,), 17),
        ),
        _expect("fast_lane", "approved", approve=(a, b, c)),
    )


def _partly_refused() -> _Plan:
    employer = _employer("partly_refused", "Công ty Cổ phần Du lịch Sao Mai Xanh")
    fine = _job(employer, 21, "male", "suspension", (date(2020, 4, 6), date(2020, 5, 5)))
    uninsured = _job(
        employer, 22, "female", "suspension", (date(2020, 4, 10), date(2020, 5, 9)), bhxh="not_participating"
    )
    late = _job(employer, 23, "male", "unpaid_leave", (date(2020, 6, 2), date(2020, 7, 1)))
    return _Plan(
        "partly_refused",
        "Một người không tham gia BHXH, một người bắt đầu tạm hoãn ngày 02/06/2020",
        "One employee not insured, one whose suspension starts on 02/06/2020",
        employer,
        (
            _Sheet("danh-sach-mau-01.pdf", "form01_split", "clean300", (fine, uninsured, late), 21),
            _Sheet(f"hdld-{_slug(fine)}.pdf", "contract_party_a_b", "born_digital", (fine,), 22),
            _Sheet(f"hdld-{_slug(uninsured)}.pdf", "contract_table", "born_digital", (uninsured,), 23),
            _Sheet(f"hdld-{_slug(late)}.pdf", "contract_one_side", "born_digital", (late,), 24),
            _Sheet(f"tam-hoan-{_slug(fine)}.pdf", "suspension_letterhead", "stamped", (fine,), 28),
            _Sheet(f"tam-hoan-{_slug(uninsured)}.pdf", "suspension_letterhead", "office200", (uninsured,), 26),
            _Sheet(f"nghi-khong-luong-{_slug(late)}.jpg", "unpaid_two_sides", "phone", (late,), 27),
        ),
        _expect("partial", "partly_approved", approve=(fine,), refuse={uninsured: ["SW-5"], late: ["SW-3", "SW-2"]}),
    )


def _unreadable_page() -> _Plan:
    employer = _employer("unreadable_page", "Công ty TNHH Khách sạn Hải Yến Cửu Long")
    job = _job(employer, 31, "female", "suspension", (date(2020, 4, 15), date(2020, 5, 14)))
    agreement = _Sheet("bien-ban-thoa-thuan.pdf", "suspension_minutes", "clean300", (job,), 33, blurred=2)
    return _Plan(
        "unreadable_page",
        "Trang 2 của thỏa thuận tạm hoãn bị mờ, không đọc được",
        "The second page of the suspension agreement cannot be read",
        employer,
        (
            _Sheet("mau-so-01.pdf", "form01_ruled", "office200", (job,), 31),
            _Sheet("hop-dong-lao-dong.pdf", "contract_table", "clean300", (job,), 32),
            agreement,
        ),
        _expect("ask", "approved", approve=(job,)) | {"asks_for": [{"file": agreement.name, "page": 2}]},
        (dataclasses.replace(agreement, name="bien-ban-thoa-thuan-trang-2.pdf", blurred=None, only=2),),
    )


def _registry_down() -> _Plan:
    employer = _employer("registry_down", "Công ty TNHH Vận tải Trường Thọ Mới")
    job = _job(employer, 41, "male", "suspension", (date(2020, 4, 20), date(2020, 5, 19)))
    return _Plan(
        "registry_down",
        "Cơ sở dữ liệu BHXH không trả lời",
        "The social-insurance registry does not answer",
        employer,
        (
            _Sheet("mau-so-01.pdf", "form01_split", "office200", (job,), 41),
            _Sheet("hop-dong-lao-dong.pdf", "contract_party_a_b", "office200", (job,), 42),
            _Sheet("thoa-thuan-tam-hoan.pdf", "suspension_letterhead", "clean300", (job,), 43),
        ),
        _expect("review", "approved", approve=(job,))
        | {
            "not_checked": ["vss"],
            "officer_reason": {
                "vi": "Đã đối chiếu với công văn xác nhận của BHXH Quận 1 do hệ thống tra cứu không trả lời.",
                "en": "Compared with the written confirmation of District 1 social insurance; the registry was down.",
            },
        },
    )


def _employer(sample: str, name: str) -> Employer:
    rng = random.Random(f"employer {sample}")
    return invent_employer(rng, tax=SAMPLE_TAX_CODES[sample], city="Hồ Chí Minh", district="Quận 1", name=name)


def _job(
    employer: Employer, serial: int, sex: Sex, kind: SuspensionKind, days: tuple[date, date], *,
    contract: ContractType = "indefinite", bhxh: str | None = None,
) -> Job:  # fmt: skip
    rng = random.Random(f"sample job {serial}")
    ending = MAGIC_BHXH_ENDINGS[bhxh] if bhxh else None
    person = invent_person(rng, employer.line, sex=sex, bhxh_ending=ending)
    return invent_job(
        rng, employer, person, kind=kind, starts_on=days[0], ends_on=days[1], contract_type=contract, serial=serial
    )


def _expect(
    route: str, state: str, *, approve: tuple[Job, ...], refuse: Mapping[Job, list[str]] | None = None
) -> dict[str, Any]:
    rows = {
        job.person.bhxh_number: {
            "full_name": job.person.full_name,
            "outcome": "approve",
            "months": 1,
            "amount_vnd": MONTHLY_VND,
            "failed_rules": [],
        }
        for job in approve
    }
    for job, rules in (refuse or {}).items():
        rows[job.person.bhxh_number] = {
            "full_name": job.person.full_name,
            "outcome": "refuse",
            "months": 0,
            "amount_vnd": 0,
            "failed_rules": rules,
        }
    return {
        "route": route,
        "state": state,
        "total_vnd": MONTHLY_VND * len(approve),
        "rows": rows,
        "asks_for": [],
        "not_checked": [],
    }


def _slug(job: Job) -> str:
    return unaccented(job.person.full_name).lower().replace(" ", "-")


def _made(plans: list[_Plan]) -> list[SampleDossier]:
    todo = [(plan.employer, sheet) for plan in plans for sheet in (*plan.sheets, *plan.follow_up)]
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:  # Pillow and numpy let go of the lock
        made = dict(zip(todo, pool.map(_make_file, todo), strict=True))
    return [_dossier(plan, {sheet.name: made[plan.employer, sheet] for sheet in _sheets(plan)}) for plan in plans]


def _sheets(plan: _Plan) -> tuple[_Sheet, ...]:
    return (*plan.sheets, *plan.follow_up)


def _make_file(work: tuple[Employer, _Sheet]) -> tuple[bytes, dict[str, Any]]:
    employer, sheet = work
    paper = print_paper(sheet.layout, employer, sheet.jobs, seed=sheet.seed)
    truth = paper.truth | {"level": sheet.level}
    if sheet.name.endswith(".jpg"):
        return wear_page(paper.pdf, sheet.level, sheet.seed), truth
    data = wear(paper.pdf, sheet.level, sheet.seed)
    if sheet.blurred:
        return blur_page(data, sheet.blurred, sheet.seed), _truth_of(truth, lambda page: page != sheet.blurred) | {
            "unreadable_pages": [sheet.blurred]
        }
    if sheet.only:
        only = _truth_of(truth, lambda page: page == sheet.only)
        return take_page(data, sheet.only), only | {"pages": 1, "text": [truth["text"][sheet.only - 1]]}
    return data, truth


def _truth_of(truth: dict[str, Any], has: Any) -> dict[str, Any]:
    """The truth with only the fields that stand on the pages for which `has(page)` holds."""
    part = copy.deepcopy(truth)
    part["printed"] = {name: said for name, said in part["printed"].items() if has(said["page"])}
    part["fields"] = {name: value for name, value in part["fields"].items() if name in part["printed"]}
    return part


def _dossier(plan: _Plan, made: Mapping[str, tuple[bytes, dict[str, Any]]]) -> SampleDossier:
    asked = [(ask["file"], ask["page"]) for ask in plan.expected["asks_for"]]
    files = [_sample_file(sheet, made) for sheet in plan.sheets]
    later = [
        dataclasses.replace(_sample_file(sheet, made), instead_of=ask)
        for sheet, ask in zip(plan.follow_up, asked, strict=True)
    ]
    employer = plan.employer
    return SampleDossier(
        name=plan.name,
        title=plan.title,
        title_en=plan.title_en,
        procedure="SW",
        office=OFFICE,
        employer=employer,
        contact={"name": employer.representative_name, "email": employer.email, "phone": employer.phone},
        declared={"finance.revenue_vnd": 0},
        files=files,
        expected=dict(plan.expected),
        follow_up=later,
    )


def _sample_file(sheet: _Sheet, made: Mapping[str, tuple[bytes, dict[str, Any]]]) -> SampleFile:
    data, truth = made[sheet.name]
    media: Literal["image/jpeg", "application/pdf"] = "image/jpeg" if sheet.name.endswith(".jpg") else "application/pdf"
    return SampleFile(sheet.name, media, data, truth)


def _fingerprint() -> str:
    """Of everything the bytes depend on: this package's files and the libraries that draw."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(path for path in here.rglob("*") if path.suffix in {".py", ".html", ".toml"}):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    for library in ("weasyprint", "pypdfium2", "pillow", "numpy", "pikepdf", "jinja2"):
        digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    return digest.hexdigest()[:16]


def _forget_old(cache: Path, *, keep: Path) -> None:
    """Remove what older versions left, unless it is of today: another process may be reading it."""
    yesterday = time.time() - 24 * 3600
    for old in cache.iterdir():
        if old != keep and old.stat().st_mtime < yesterday:
            shutil.rmtree(old)


def _keep(dossiers: list[SampleDossier], folder: Path) -> None:
    for dossier in dossiers:
        home = folder / dossier.name
        home.mkdir()
        for file in (*dossier.files, *dossier.follow_up):
            (home / file.name).write_bytes(file.data)
            (home / f"{file.name}.truth.json").write_text(
                json.dumps(file.truth, ensure_ascii=False, indent=1), encoding="utf-8"
            )


def _kept(plans: list[_Plan], folder: Path) -> list[SampleDossier]:
    def read(plan: _Plan, sheet: _Sheet) -> tuple[bytes, dict[str, Any]]:
        path = folder / plan.name / sheet.name
        truth = json.loads(path.with_name(f"{sheet.name}.truth.json").read_text(encoding="utf-8"))
        return path.read_bytes(), truth

    return [_dossier(plan, {sheet.name: read(plan, sheet) for sheet in _sheets(plan)}) for plan in plans]
