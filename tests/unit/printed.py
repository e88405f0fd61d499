"""Pages printed by hand for the tests of reading: lines of text become words with boxes, as a text layer gives them."""

from __future__ import annotations

from casework.document import Box, Page, Word

_LETTER = 0.0088
_LINE = 0.0125
_SPACING = 0.019
LEFT = 0.1


def page(text: str, *, number: int = 1, source: str = "text", confidence: float = 1.0, top: float = 0.06) -> Page:
    """A page of lines; "|" in a line starts what follows in the right column."""
    words: list[Word] = []
    for row, line in enumerate(text.strip("\n").split("\n")):
        y = top + row * _SPACING
        x = LEFT
        for index, part in enumerate(line.split("|")):
            if index:
                x = 0.55 if x < 0.55 else 0.8
            x += (len(part) - len(part.lstrip())) * _LETTER if not index else 0
            for word in part.split():
                words.append(Word(word, Box(x, y, x + len(word) * _LETTER, y + _LINE), confidence))
                x += (len(word) + 1) * _LETTER
    return Page(number, source, 2480, 3508, words=tuple(words))  # type: ignore[arg-type]


def values(reading: object) -> dict[str, object]:
    """Field id → value, of the fields that were found."""
    return {name: field.value for name, field in reading.fields.items() if field.value is not None}  # type: ignore[attr-defined]
