"""Invented papers with their truth: contracts, agreements and lists as Vietnamese offices print, sign and scan them.

`make_paper` prints one, `wear` makes it look posted, faxed or photographed, `sample_dossiers` gives the dossiers the
local run files. Everything follows from seeds: the same arguments give the same bytes. No real person, no real firm.
"""

from __future__ import annotations

import random

from .dossiers import OFFICE, SampleDossier, SampleFile, sample_dossiers
from .layouts import LAYOUTS, Kind, Layout, Set, layouts
from .people import Employer, Job, Person, invent_employer, invent_job, invent_person
from .printing import Paper, page_texts, print_paper
from .wearing import LEVELS, Level, blur_page, take_page, wear, wear_page, wear_tiff

__all__ = [
    "LAYOUTS", "LEVELS", "OFFICE", "Employer", "Job", "Kind", "Layout", "Level", "Paper", "Person", "SampleDossier",
    "SampleFile", "Set", "blur_page", "invent_employer", "invent_job", "invent_person", "layouts", "make_paper",
    "page_texts", "print_paper", "sample_dossiers", "take_page", "wear", "wear_page", "wear_tiff",
]  # fmt: skip


def make_paper(
    kind: Kind, layout: str | None = None, *, seed: int = 0, set_: Set = "dev", rows: int | None = None,
    employer: Employer | None = None, jobs: list[Job] | None = None, signed: bool = True,
) -> Paper:  # fmt: skip
    """One paper of the kind; whatever is not given (layout, people, number of rows of a list) follows from the seed.

    set_: from which set the layout is taken when none is named.
    """
    rng = random.Random(f"paper {kind} {set_} {seed}")
    chosen = LAYOUTS[layout] if layout else layouts(kind, set_)[seed % len(layouts(kind, set_))]
    if chosen.kind != kind:
        raise ValueError(f"layout {chosen.id} prints {chosen.kind}, not {kind}")
    employer = employer or invent_employer(rng)
    if jobs is None:
        count = (rows or rng.choice((2, 5, 12, 24, 40))) if kind == "form_01" else 1
        fixed = {"suspension_agreement": "suspension", "unpaid_leave_agreement": "unpaid_leave"}.get(kind)
        jobs = [
            invent_job(rng, employer, invent_person(rng, employer.line), kind=fixed)  # type: ignore[arg-type]
            for _ in range(count)
        ]
    return print_paper(chosen, employer, jobs, seed=seed, signed=signed)
