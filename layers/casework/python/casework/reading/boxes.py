"""Boxes to tick: which of the options before or behind them were chosen ("☐ Nam ☑ Nữ", "[x] Chuyển khoản", "Có ☒")."""

from __future__ import annotations

import re

_BOX = re.compile(r"(?P<on>[☑☒■✓✔▣●◉🗹]|[\[(]\s*[xXvV✓✔]\s*[\])])|(?P<off>[☐□○◯❏❑]|\[\s*\]|\(\s{0,3}\))")


def without_unticked(text: str) -> str:
    """The text with the options of empty boxes blanked out, positions kept; the text itself where no box is ticked."""
    boxes = list(_BOX.finditer(text))
    if not boxes or not any(box["on"] for box in boxes):
        return text
    leading = not re.search(r"\w", re.split(r"[:\n\t\f]", text[: boxes[0].start()])[-1])
    signs = list(text)
    for index, box in enumerate(boxes):
        begin, end = box.start(), boxes[index + 1].start() if index + 1 < len(boxes) else len(text)
        if not leading:
            begin, end = boxes[index - 1].end() if index else 0, box.end()
            own = re.search(r"[^:\n\t\f]*$", text[begin : box.start()])
            begin += own.start() if own else 0
        elif index + 1 == len(boxes):
            # The last option ends with its line.
            stop = re.search(r"[\n\f]", text[box.end() :])
            end = box.end() + stop.start() if stop else end
        if box["off"]:
            signs[begin:end] = " " * (end - begin)
        else:
            signs[box.start() : box.end()] = " " * (box.end() - box.start())
    return "".join(signs)
