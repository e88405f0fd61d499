"""A second look reads figures as they stand and is sure of them, whatever stands beside them."""

from __future__ import annotations

import io

import pytest
from adapters.second_look import read_crop, read_variously
from adapters.tesseract import Engine
from casework.document import Box
from casework.vietnam.letters import fold
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyretermes-regular.otf"
SIZE = (1414, 2000)
DIGITS, DATES, MONEY = "0123456789", "0123456789/.-", "0123456789.,"
NAMES = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYÁÀẢÃẠẤẦẨẪẬẮẰẲẴẶÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ"  # of capitals


def _picture(before: str, value: str, after: str) -> tuple[bytes, Box]:
    """A page's picture with a line of three parts, and the box of the middle one."""
    page = Image.new("RGB", SIZE, (252, 252, 250))
    pencil, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 28)
    start = 200 + pencil.textlength(before, font)
    pencil.text((200, 400), before + value + after, (25, 25, 28), font)
    end = start + pencil.textlength(value, font)
    packed = io.BytesIO()
    page.save(packed, "JPEG", quality=80)
    return packed.getvalue(), Box(start / SIZE[0], 404 / SIZE[1], end / SIZE[0], 432 / SIZE[1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "value", "after", "alphabet"),
    [
        ("Số: ", "0439453341", ";", DIGITS),
        ("sinh ", "22/9/2003", ": nam", DATES),
        ("lương ", "5.830.000", " đồng/tháng", MONEY),
        ("Ông ", "NGUYỄN VĂN ĐỨC", ", sinh", NAMES),
        ("năm ", "1970", ":", DIGITS),
    ],
)
def test_value_is_read_with_the_letters_of_its_kind(before: str, value: str, after: str, alphabet: str) -> None:
    image, box = _picture(before, value, after)
    text, confidence = read_crop(image, box, Engine(), alphabet)
    assert text == value
    assert confidence > 0.5, "0.0 before the crop was cleaned of its neighbours"


@pytest.mark.slow
@pytest.mark.parametrize(("value", "alphabet"), [("0439453341", DIGITS), ("NGUYỄN VĂN ĐỨC", None)])
def test_a_box_is_read_in_five_forms_most_of_which_agree(value: str, alphabet: str | None) -> None:
    image, box = _picture("Số: ", value, ";")
    texts = read_variously(image, box, Engine(), alphabet)
    assert len(texts) == 5
    assert sum(fold(text) == fold(value) for text in texts) >= 4, "marks over capitals are lost in small letters"


def test_box_of_nothing_is_nothing() -> None:
    image, _ = _picture("", "1", "")
    assert read_crop(image, Box(0.5, 0.5, 0.5, 0.5), Engine(), DIGITS) == ("", 0.0)
    assert read_variously(image, Box(0.5, 0.5, 0.5, 0.5), Engine(), DIGITS) == ()
