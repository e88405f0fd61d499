"""Tesseract, started through pytesseract: pixels in, words with boxes and confidences out.

Knows how the engine is called (one thread, the configured command, a file instead of a recompressed PNG) and
how its table of words is read. Knows nothing of pages: what is asked is a grey image with a segmentation mode.
"""

from __future__ import annotations

import os
import signal
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from casework.errors import ReaderFailed

if TYPE_CHECKING:
    from PIL.Image import Image

SPARSE_TEXT = 11
ONE_BLOCK = 6
ONE_COLUMN = 4
ONE_LINE = 7

# The model knows the Icelandic letter that looks like the Vietnamese one; no paper here has it.
_ETH = str.maketrans("Ðð", "Đđ")
# Inverted (white on black) text does not occur on these papers, and looking for it re-reads every weak line.
_ALWAYS = "-c tessedit_do_invert=0"


@dataclass(frozen=True)
class Engine:
    """How Tesseract is started. `command` is its program, or a loader with its arguments and the program;
    `tessdata` the folder of the language data, None for the installed one."""

    command: tuple[str, ...] = ("tesseract",)
    tessdata: str | None = None
    language: str = "vie"
    timeout_seconds: float = 60.0


@dataclass(frozen=True)
class Glyphs:
    """One word in pixels of the image it was read from; `line` numbers Tesseract's own lines."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float
    line: tuple[int, int, int] = field(default=(0, 0, 0))


class GaveUpError(Exception):
    """Tesseract used up its processor time on this image, and would again: noise is no text, and takes minutes."""


def read_words(image: Image, engine: Engine, *, mode: int, dpi: int = 300, alphabet: str | None = None) -> list[Glyphs]:
    """Read a grey image. `mode` is Tesseract's page segmentation mode; `alphabet` restricts the characters.

    Raises ReaderFailed when the engine dies, hangs or answers nonsense: that is never "no words"; GaveUpError when it
    was out of processor time.
    """
    config = f"{_ALWAYS} --psm {mode} --dpi {dpi} -c tessedit_create_tsv=1"
    if alphabet:
        config += f' -c tessedit_char_whitelist="{_quoted(alphabet)}"'
    return _parse_table(_run(image, engine, "tsv", config))


def turn_needed(image: Image, engine: Engine) -> tuple[int, float]:
    """The clockwise turn (0, 90, 180, 270) that makes the image upright, and how sure Tesseract is of it.

    (0, 0.0) when it finds too few characters to say.
    """
    try:
        answer = _run(image, engine, "osd", "--psm 0", language="osd")
    except _TooFewCharactersError:
        return 0, 0.0
    found = dict(line.split(": ", 1) for line in answer.splitlines() if ": " in line)
    return int(found.get("Rotate", "0")) % 360, float(found.get("Orientation confidence", "0"))


class _TooFewCharactersError(Exception):
    pass


def _run(image: Image, engine: Engine, extension: str, config: str, language: str | None = None) -> str:
    import pytesseract

    os.environ["OMP_THREAD_LIMIT"] = "1"  # 4.6 times slower without, on two shared cores
    if engine.tessdata:
        config = f'--tessdata-dir "{_quoted(engine.tessdata)}" {config}'
    pytesseract.pytesseract.tesseract_cmd = _program(engine.command)
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        # TIFF without compression: pytesseract's own PNG costs 0.3 s a page to pack and to unpack, and PGM is taken in
        # pixel by pixel, 80 ms a page.
        path = Path(folder) / "page.tif"
        image.save(path)
        try:
            answer = pytesseract.run_and_get_output(
                str(path), extension, language or engine.language, config, timeout=engine.timeout_seconds
            )
        except pytesseract.TesseractError as error:
            if extension == "osd" and "Too few characters" in str(error.message):
                raise _TooFewCharactersError from error
            if error.status == -signal.SIGXCPU:
                raise GaveUpError from error
            raise ReaderFailed(f"Tesseract failed ({error.status}): {error.message[:300]}") from error
        except pytesseract.TesseractNotFoundError as error:
            raise ReaderFailed("Tesseract is not installed or not on the configured path") from error
        except RuntimeError as error:  # pytesseract's word for a time-out
            raise ReaderFailed(f"Tesseract gave no answer in {engine.timeout_seconds:g} s") from error
        except (OSError, UnicodeDecodeError) as error:
            raise ReaderFailed("Tesseract left no readable answer") from error
    return str(answer)


def _program(command: Sequence[str]) -> str:
    """pytesseract starts one program by name; a loader with arguments is put behind a script of ours."""
    if len(command) == 1:
        return command[0]
    body = "#!/bin/sh\nexec " + " ".join(f"'{part}'" for part in command) + ' "$@"\n'
    script = Path(tempfile.gettempdir()) / f"tesseract-{os.getuid()}-{abs(hash(tuple(command))):x}.sh"
    if not script.exists() or script.read_text() != body:
        fresh = script.with_suffix(f".{os.getpid()}")
        fresh.write_text(body)
        fresh.chmod(0o700)
        fresh.replace(script)
    return str(script)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _parse_table(table: str) -> list[Glyphs]:
    lines = table.splitlines()
    if not lines or not lines[0].startswith("level\t"):
        raise ReaderFailed("Tesseract's answer is not a table of words")
    words = []
    for line in lines[1:]:
        cells = line.split("\t", 11)
        if len(cells) < 12 or cells[0] != "5":
            continue
        text = unicodedata.normalize("NFC", cells[11]).translate(_ETH).strip()
        if not text:
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        confidence = min(1.0, max(0.0, float(cells[10]) / 100))
        at = (int(cells[2]), int(cells[3]), int(cells[4]))
        words.append(Glyphs(text, left, top, left + width, top + height, round(confidence, 4), at))
    return words
