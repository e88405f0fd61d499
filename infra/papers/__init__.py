"""Invented papers with their truth: contracts, agreements and lists as Vietnamese offices print, sign and scan them.

`make_paper` prints one, `wear` makes it look posted, faxed or photographed, `sample_dossiers` gives the dossiers the
local run files. Everything follows from seeds: the same arguments give the same bytes. No real person, no real firm.
"""

from __future__ import annotations

from .affairs import Household, invent_household
from .compare import agrees
from .dossiers import SampleDossier, SampleFile, sample_dossiers
from .layouts import LAYOUTS, Kind, Layout, Set, layouts_of
from .lists import LISTS
from .people import Employer, Job, Person, invent_employer, invent_job, invent_person
from .plans import OFFICE
from .printing import Paper, page_texts, print_paper
from .sets import KINDS, SAMPLES, PaperFile, kinds_of, make_paper, one_employer, paper_set
from .wearing import LEVELS, Level, blur_page, take_page, wear, wear_page, wear_some, wear_tiff

__all__ = [
    "KINDS", "LAYOUTS", "LEVELS", "LISTS", "OFFICE", "SAMPLES", "Employer", "Household", "Job", "Kind", "Layout",
    "Level", "Paper", "PaperFile", "Person", "SampleDossier", "SampleFile", "Set", "agrees", "blur_page",
    "invent_employer", "invent_household", "invent_job", "invent_person", "kinds_of", "layouts_of", "make_paper",
    "one_employer", "page_texts", "paper_set", "print_paper", "sample_dossiers", "take_page", "wear", "wear_page",
    "wear_some", "wear_tiff",
]  # fmt: skip
