"""Pictures fit the platform's formats and sizes, or go back to the editor."""

import io

import pytest
from PIL import Image

from cms.matrix.channels.base import ContentRejected
from cms.matrix.channels.pictures import picture_fit

from .stories import image_bytes, make_picture

FORMATS = ("JPEG", "PNG")


def fit(data: bytes, max_bytes: int = 1_000_000):
    return picture_fit(
        make_picture(data=data), formats=FORMATS, max_bytes=max_bytes, field="cover", which="封面图"
    )


def test_what_fits_is_sent_as_it_is():
    data = image_bytes("PNG")
    upload = fit(data)
    assert upload.data is data
    assert (upload.filename, upload.content_type) == ("picture.png", "image/png")


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP", "TIFF"])
def test_other_formats_become_jpeg(kind):
    upload = fit(image_bytes(kind))
    assert upload.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(upload.data)).format == "JPEG"


def test_transparency_becomes_white_paper():
    buffer = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(buffer, "WEBP", lossless=True)
    pixel = Image.open(io.BytesIO(fit(buffer.getvalue()).data)).getpixel((5, 5))
    assert min(pixel) > 250


@pytest.mark.parametrize("limit", [100_000, 5_000])
def test_a_large_picture_is_shrunk_until_it_fits(limit):
    data = image_bytes("PNG", (600, 400), noise=True)
    assert len(data) > 100_000
    upload = fit(data, limit)
    assert len(upload.data) < limit


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"<svg/>"])
def test_what_is_no_picture_goes_back_with_its_name(data):
    with pytest.raises(ContentRejected) as caught:
        fit(data or b" ")
    assert caught.value.field == "cover"
    assert "图片11.png" in caught.value.human


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(ContentRejected):
        fit(image_bytes("GIF", (40, 40)))
