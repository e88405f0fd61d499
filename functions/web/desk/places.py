"""Places on pages that a screen speaks of: each is drawn once over its page's picture and has one id.

Knows boxes and ids; a field, a finding or a contradiction asks for the place of its evidence and links to it.
"""

from dataclasses import dataclass, field

MARGIN = 0.004  # of the page: a frame that touches its words hides them
AROUND, ASIDE = 0.02, 0.06  # of the page: what a cut shows over and beside a place
NARROWEST = 0.42  # of the page: narrower a line says too little


@dataclass
class Place:
    """A frame on a page, in fractions of it. `doubtful` frames are drawn otherwise; `label` says what stands there."""

    id: str
    x: float
    y: float
    width: float
    height: float
    label: str = ""
    doubtful: bool = False


@dataclass
class Places:
    """All places of one screen by document and page."""

    found: dict[tuple[str, int], dict[tuple[float, ...], Place]] = field(default_factory=dict)

    def at(self, document_id, page, box, label="", doubtful=False):
        """The id of a place, drawn from now on; "" where the evidence names none."""
        if not document_id or page is None or box is None:
            return ""
        there = self.found.setdefault((document_id, page), {})
        corners = (box.x0, box.y0, box.x1, box.y1)
        if corners not in there:
            there[corners] = Place(
                f"o-{document_id[:8]}-{page}-{len(there) + 1}",
                round(max(0.0, box.x0 - MARGIN), 4),
                round(max(0.0, box.y0 - MARGIN), 4),
                round(min(1.0, box.x1 + MARGIN) - max(0.0, box.x0 - MARGIN), 4),
                round(min(1.0, box.y1 + MARGIN) - max(0.0, box.y0 - MARGIN), 4),
            )
        place = there[corners]
        place.label = place.label or label
        place.doubtful = place.doubtful or doubtful
        return place.id

    def on(self, document_id, page):
        """The places of a page, from top to bottom."""
        return sorted(self.found.get((document_id, page), {}).values(), key=lambda place: (place.y, place.x))


def cut(box, width_px, height_px):
    """The piece of a page around a place, as an SVG view box in pixels: with what stands beside it on its line."""
    width = min(1.0, max(NARROWEST, box.width + 2 * ASIDE))
    left = min(max(0.0, (box.x0 + box.x1 - width) / 2), 1.0 - width)
    top, bottom = max(0.0, box.y0 - AROUND), min(1.0, box.y1 + AROUND)
    frame = (left * width_px, top * height_px, width * width_px, max(1.0, (bottom - top) * height_px))
    return " ".join(f"{side:.0f}" for side in frame)
