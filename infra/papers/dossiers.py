"""The sample dossiers the local run files: their papers, and how each must end.

Who, when and on which scanner is written in the plans; the papers follow from it. Made once and kept under
build/papers/ in a folder named after everything the bytes depend on, so that a change of any template makes them anew.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
import time
from collections.abc import Container, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .people import Employer
from .plans import Plan, Sheet, employers_plans
from .printing import print_paper
from .relief_plans import relief_plans
from .wearing import blur_page, take_page, wear, wear_page

_CACHE = Path(__file__).parents[2] / "build" / "papers"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file as the applicant uploads it. `truth` is what it says (of a blurred page: nothing); `instead_of` names
    the file and page (from 1) it was asked for, `answers` the type of the paper that was missing."""

    name: str
    media_type: str
    data: bytes
    truth: dict[str, Any]
    instead_of: tuple[str, int] | None = None
    answers: str = ""


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


def sample_dossiers(cache: Path | None = _CACHE, *, of: Container[str] | None = None) -> list[SampleDossier]:
    """The sample dossiers, in the order they are filed. of: only those of these names or services. cache=None makes
    them anew and keeps nothing."""
    plans = [*employers_plans(), *relief_plans()]
    if of is not None:
        plans = [plan for plan in plans if plan.name in of or plan.procedure in of]
    if cache is None:
        return _made(plans)
    folder = cache / _fingerprint()
    missing = [plan for plan in plans if not (folder / plan.name).exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        for dossier in _made(missing):
            _keep(dossier, folder)
        _forget_old(cache, keep=folder)
    return _kept(plans, folder)


def _made(plans: list[Plan]) -> list[SampleDossier]:
    todo = [(plan.employer, sheet) for plan in plans for sheet in (*plan.sheets, *plan.follow_up)]
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:  # Pillow and numpy let go of the lock
        made = dict(zip(todo, pool.map(_make_file, todo), strict=True))
    return [_dossier(plan, {sheet.name: made[plan.employer, sheet] for sheet in _sheets(plan)}) for plan in plans]


def _sheets(plan: Plan) -> tuple[Sheet, ...]:
    return (*plan.sheets, *plan.follow_up)


def _make_file(work: tuple[Employer, Sheet]) -> tuple[bytes, dict[str, Any]]:
    employer, sheet = work
    paper = print_paper(
        sheet.layout,
        employer,
        sheet.jobs,
        household=sheet.household,
        facts=dict(sheet.facts),
        row_facts=[dict(row) for row in sheet.row_facts],
        seed=sheet.seed,
    )
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


def _dossier(plan: Plan, made: Mapping[str, tuple[bytes, dict[str, Any]]]) -> SampleDossier:
    asked = [(ask["file"], ask["page"]) for ask in plan.expected["asks_for"]]
    files = [_sample_file(sheet, made) for sheet in plan.sheets]
    later = [
        dataclasses.replace(_sample_file(sheet, made), instead_of=None if sheet.answers else ask, answers=sheet.answers)
        for sheet, ask in zip(plan.follow_up, asked, strict=True)
    ]
    employer = plan.employer
    name, phone = plan.contact if plan.contact[0] else (employer.representative_name, employer.phone)
    return SampleDossier(
        name=plan.name,
        title=plan.title,
        title_en=plan.title_en,
        procedure=plan.procedure,
        office=plan.office,
        employer=employer,
        contact={"name": name, "email": employer.email, "phone": phone},
        declared=dict(plan.declared),
        files=files,
        expected=dict(plan.expected),
        follow_up=later,
    )


def _sample_file(sheet: Sheet, made: Mapping[str, tuple[bytes, dict[str, Any]]]) -> SampleFile:
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


def _keep(dossier: SampleDossier, folder: Path) -> None:
    """Whole or not at all: other processes may be looking for it."""
    fresh = Path(tempfile.mkdtemp(dir=folder, prefix="making-"))
    for file in (*dossier.files, *dossier.follow_up):
        (fresh / file.name).write_bytes(file.data)
        (fresh / f"{file.name}.truth.json").write_text(
            json.dumps(file.truth, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    try:
        fresh.rename(folder / dossier.name)
    except OSError:  # another process was quicker; its files are the same
        shutil.rmtree(fresh)


def _kept(plans: list[Plan], folder: Path) -> list[SampleDossier]:
    def read(plan: Plan, sheet: Sheet) -> tuple[bytes, dict[str, Any]]:
        path = folder / plan.name / sheet.name
        truth = json.loads(path.with_name(f"{sheet.name}.truth.json").read_text(encoding="utf-8"))
        return path.read_bytes(), truth

    return [_dossier(plan, {sheet.name: read(plan, sheet) for sheet in _sheets(plan)}) for plan in plans]
