"""What is let in and what is refused, file by file; and that refusing is quick and small."""

from __future__ import annotations

import subprocess
import sys

import pytest
from adapters.inspection import inspect
from adapters.limits import READ_LIMITS, UPLOAD_LIMITS
from casework.errors import UnacceptableFile, problems

from tests.hostile import FILES, Hostile, animation, blank_pdf, photo, png
from tests.hostile_sheets import SHEETS


@pytest.mark.parametrize("hostile", (*FILES, *SHEETS), ids=lambda hostile: hostile.why)
def test_hostile_file_gets_its_answer(hostile: Hostile) -> None:
    data = hostile.data()
    if hostile.slug is None:
        found = inspect(data, hostile.name)
        assert found.page_count == 1
        assert hostile.flag is None or hostile.flag in found.flags
        return
    with pytest.raises(UnacceptableFile) as refused:
        inspect(data, hostile.name)
    assert refused.value.problem.type == hostile.slug
    assert "{" not in refused.value.problem.detail + refused.value.problem.detail_en


@pytest.mark.parametrize(
    "hostile",
    [h for h in (*FILES, *SHEETS) if h.why.startswith(("17", "18", "19", "20", "26", "33", "X5", "X8"))],
    ids=lambda h: h.why,
)
def test_bombs_are_refused_in_bounded_memory(hostile: Hostile, tmp_path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(hostile.data())
    script = (
        "import re, sys; sys.path[:] = sys.argv[2:]\n"
        "from adapters.inspection import inspect; from casework.errors import UnacceptableFile\n"
        "try: inspect(open(sys.argv[1], 'rb').read())\n"
        # not ru_maxrss: that begins with the memory of the process we were forked from
        "except UnacceptableFile: print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), *sys.path], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 400 * 1024, "kilobytes"


def test_every_refusal_says_what_to_do_next_in_both_languages() -> None:
    for slug in {hostile.slug for hostile in FILES} - {None}:
        entry = problems()[slug]
        assert all(entry[key].strip() for key in ("title", "detail", "title_en", "detail_en")), slug


def test_plain_files_pass_without_flags() -> None:
    assert inspect(blank_pdf(), "đơn.PDF").page_count == 1
    assert inspect(photo(), "C:\\ảnh\\IMG_1.JPEG").media_type == "image/jpeg"
    assert inspect(photo("PNG"), "x.png").flags == ()
    assert inspect(blank_pdf()).flags == ()
    assert inspect(png(2480, 3508)).media_type == "image/png"


def test_tiff_is_for_the_command_line_only() -> None:
    assert inspect(animation("TIFF"), "fax.tif", limits=READ_LIMITS).page_count == 10
    with pytest.raises(UnacceptableFile):
        inspect(animation("TIFF"), "fax.tif", limits=UPLOAD_LIMITS)


@pytest.mark.parametrize("name", ["../../etc/passwd", "CON.pdf", "", "a\x00b.pdf", "x" * 4096 + ".pdf", "‮fdp.pdf"])
def test_the_name_is_never_more_than_its_extension(name: str) -> None:
    assert inspect(blank_pdf(), name).page_count == 1
