"""Pictures fit the platform's formats and sizes, or go back to the editor."""

import io

import pytest
from PIL import Image, features

from cms.matrix.channels.base import ContentRejected
from cms.matrix.channels.pictures import FittedPictures, picture_fit

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


def test_a_picture_for_a_hundred_accounts_is_encoded_once(monkeypatch):
    encoded = []
    whole = Image.Image.save
    monkeypatch.setattr(
        Image.Image, "save", lambda self, *a, **k: encoded.append(1) or whole(self, *a, **k)
    )
    data = image_bytes("BMP", (300, 200), noise=True)
    encoded.clear()
    uploads = {fit(data).digest for _account in range(100)}
    assert len(uploads) == 1
    assert len(encoded) == 1


def test_what_was_fitted_lately_is_kept_within_bounds():
    kept = FittedPictures(most_bytes=100)
    assert kept.jpeg(b"a", 1000, lambda: b"A" * 60) == b"A" * 60
    kept.jpeg(b"b", 1000, lambda: b"B" * 30)
    assert kept.jpeg(b"a", 1000, lambda: b"again") == b"A" * 60
    kept.jpeg(b"c", 1000, lambda: b"C" * 40)
    assert kept.jpeg(b"b", 1000, lambda: b"again") == b"again", "used longest ago"
    assert kept.jpeg(b"a", 10, lambda: b"small") == b"small", "another limit, another picture"


def test_a_bad_picture_is_called_as_the_editor_knows_it():
    with pytest.raises(ContentRejected) as caught:
        fit(b"no picture")
    assert caught.value.human.startswith("封面图“说明”（图片11.png）")


@pytest.mark.parametrize("kind", ["AVIF", "WEBP", "BMP", "GIF", "TIFF"])
def test_whatever_the_library_holds_becomes_what_the_platform_takes(kind):
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    upload = fit(image_bytes(kind))
    assert upload.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(upload.data)).format == "JPEG"
