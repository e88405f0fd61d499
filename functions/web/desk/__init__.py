"""The desk: pages of officers, supervisors and administrators.

They speak the verbs of casework.workflow, as the API does, and share sign-in, visit and layout with the applicants'
pages. Paths begin with /can-bo. Nothing is decided here: a page shows what casework says and hands on what a person
chose.
"""

from desk import (
    administrator_pages,
    confirming_pages,
    decision_pages,
    export_pages,
    profile_pages,
    queue_pages,
    review_pages,
    stating_pages,
    supervisor_pages,
)

PAGES = (
    queue_pages,
    review_pages,
    decision_pages,
    stating_pages,
    confirming_pages,
    export_pages,
    profile_pages,
    supervisor_pages,
    administrator_pages,
)


def register(app, visit):
    """Every route of the desk."""
    for pages in PAGES:
        pages.register(app, visit)
