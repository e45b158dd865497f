"""Illustrations for the demo stories, drawn by code. Ours, released under CC0.

`render("cranes")` gives a 1600 × 900 JPEG; the same key always gives the same bytes.
No picture contains text.
"""

from io import BytesIO

from cms.demo.content import (
    scenes_desk,
    scenes_people,
    scenes_rooms,
    scenes_shop,
    scenes_town,
    scenes_work,
)
from cms.demo.content.brush import Brush, PictureSpec

PICTURES: dict[str, PictureSpec] = {
    **scenes_work.SCENES,
    **scenes_town.SCENES,
    **scenes_desk.SCENES,
    **scenes_shop.SCENES,
    **scenes_rooms.SCENES,
    **scenes_people.SCENES,
}


def render(key: str) -> bytes:
    """The picture as a JPEG (quality 85), 1600 × 900. Raises KeyError for an unknown key."""
    brush = Brush(seed=sum(key.encode()))
    PICTURES[key].draw(brush)
    out = BytesIO()
    brush.finish().save(out, "JPEG", quality=85)
    return out.getvalue()
