"""The demo pictures are drawn alike every time, at the promised size."""

from io import BytesIO

import pytest
from PIL import Image

from cms.demo import content
from cms.demo.pictures import PICTURES, render


@pytest.mark.parametrize("key", PICTURES)
def test_picture_is_a_jpeg_of_the_promised_size(key):
    data = render(key)
    with Image.open(BytesIO(data)) as image:
        image.verify()
        assert (image.format, image.size) == ("JPEG", (1600, 900))
    assert len(data) < 400_000


def test_same_key_gives_the_same_bytes():
    assert render("station_hut") == render("station_hut")


def test_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        render("no-such-picture")


def test_every_picture_has_title_and_alt_and_is_distinct():
    assert len(PICTURES) >= 24
    assert all(spec.title and len(spec.alt) >= 6 for spec in PICTURES.values())
    assert len({spec.draw for spec in PICTURES.values()}) == len(PICTURES)


def test_every_picture_is_used_by_some_story():
    used = {story["cover"] for story in content.stories()}
    used |= {b["picture"] for s in content.stories() for b in s["body"] if b["type"] == "image"}
    assert used == set(PICTURES)
