"""The Tesseract layer reads a page in an empty root: nothing but the layer and a static busybox.

What the host has (loader, libraries, language data) is out of reach there, so that what works here works on any
x86-64 Linux. The text must be the installed engine's, letter by letter.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LINES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "THỎA THUẬN TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG",
    "Họ và tên người lao động: Nguyễn Thị Ngọc Diệp",
    "Thời gian tạm hoãn: từ ngày 15/04/2020 đến ngày 15/06/2020",
    "Lý do: doanh nghiệp gặp khó khăn do dịch bệnh",
)
# As adapters.wiring starts it on Lambda, where the layer lies under /opt.
HOME = "/opt/tesseract"
FROM_LAYER = (f"{HOME}/lib/ld-linux-x86-64.so.2", "--library-path", f"{HOME}/lib", f"{HOME}/bin/tesseract")


@functools.cache
def entering() -> tuple[str, ...]:
    """What precedes `chroot`: nothing for root, a user namespace for everybody else."""
    for prefix in ((), ("unshare", "--user", "--map-root-user")):
        if (
            shutil.which((*prefix, "chroot")[0])
            and not subprocess.run([*prefix, "chroot", "/", "true"], capture_output=True, check=False).returncode
        ):
            return prefix
    pytest.skip("neither chroot nor user namespaces are allowed to this user")


@pytest.fixture(scope="module")
def empty_root(tmp_path_factory):
    """A folder with the layer as its builder makes it, busybox, and one page."""
    root = tmp_path_factory.mktemp("empty-root")
    subprocess.run([sys.executable, ROOT / "layers/tesseract/collect.py", root / HOME[1:]], check=True)
    (root / "bin").mkdir()
    shutil.copy("/bin/busybox", root / "bin" / "busybox")
    draw_page().save(root / "page.png", dpi=(300, 300))
    return root


def draw_page() -> Image.Image:
    page = Image.new("L", (2480, 1200), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 46)
    for number, line in enumerate(LINES):
        pen.text((220, 150 + 140 * number), line, fill=0, font=font)
    return page


def in_empty_root(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"OMP_THREAD_LIMIT": "1", "PATH": os.environ["PATH"]}
    return subprocess.run(
        [*entering(), "chroot", root, *command], capture_output=True, text=True, env=environment, check=False
    )


def read_in_empty_root(root: Path, *options: str) -> str:
    done = in_empty_root(root, *FROM_LAYER, "/page.png", "stdout", "--tessdata-dir", f"{HOME}/share/tessdata", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_as_installed(root: Path, *options: str) -> str:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(
        ["tesseract", root / "page.png", "stdout", *options],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return done.stdout


def test_the_root_is_empty(empty_root):
    listed = in_empty_root(empty_root, "/bin/busybox", "ls", "/")
    assert listed.stdout.split() == ["bin", "opt", "page.png"]
    # and the engine without its loader cannot even start
    assert in_empty_root(empty_root, f"{HOME}/bin/tesseract", "--version").returncode != 0


def test_the_layer_reads_what_the_installed_engine_reads(empty_root):
    options = ("-l", "vie", "--psm", "6", "--dpi", "300")
    text = read_in_empty_root(empty_root, *options)
    assert text == read_as_installed(empty_root, *options)
    assert [re.sub(r"\s+", " ", line) for line in text.splitlines() if line.strip()] == list(LINES)


def test_the_layer_gives_the_same_table_of_words(empty_root):
    """Boxes and confidences too, in the form the reader asks for."""
    options = ("-l", "vie", "--psm", "6", "--dpi", "300", "-c", "tessedit_create_tsv=1", "tsv")
    table = read_in_empty_root(empty_root, *options)
    assert table == read_as_installed(empty_root, *options)
    assert sum(line.startswith("5\t") for line in table.splitlines()) == sum(len(line.split()) for line in LINES)


def test_the_layer_finds_the_orientation(empty_root):
    options = ("-l", "osd", "--psm", "0", "--dpi", "300")
    assert "Rotate: 0" in read_in_empty_root(empty_root, *options)


def test_the_layer_carries_the_licence_of_every_package(empty_root):
    licences = {file.stem for file in (empty_root / HOME[1:] / "licences").iterdir()}
    assert {"libc6", "tesseract-ocr-vie", "tesseract-ocr-osd"} <= licences
    assert any(name.startswith(("liblept5", "libleptonica")) for name in licences), licences
