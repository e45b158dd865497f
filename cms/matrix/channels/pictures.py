"""Make a picture acceptable to a platform: its format and its size in bytes."""

import io
import warnings
from collections.abc import Collection
from dataclasses import dataclass

from PIL import Image, ImageOps

from .base import ContentRejected, Picture

_LARGEST_SIDE = 2560
_MIME = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
_SUFFIX = {"JPEG": "jpg", "PNG": "png", "GIF": "gif"}


@dataclass(frozen=True)
class Upload:
    """Bytes ready to be sent, with an ASCII file name."""

    filename: str
    content_type: str
    data: bytes


def picture_fit(
    picture: Picture, *, formats: Collection[str], max_bytes: int, field: str
) -> Upload:
    """`picture` as one of `formats` (Pillow names) and under `max_bytes`.

    What already fits is sent as it is; anything else becomes a JPEG, smaller step by step.
    Raises ContentRejected naming `field` when the file cannot be read as a picture.
    """
    data = picture.load()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.format in formats and len(data) < max_bytes:
                    return _upload(data, image.format or "")
                return _upload(_shrunk(image, max_bytes), "JPEG")
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as error:
        raise ContentRejected(
            "picture",
            type(error).__name__,
            f"图片“{picture.filename}”读不出来或尺寸过大，请换一张 JPG 或 PNG 图片。",
            field=field,
        ) from error


def _upload(data: bytes, kind: str) -> Upload:
    return Upload(f"picture.{_SUFFIX[kind]}", _MIME[kind], data)


def _shrunk(image: Image.Image, max_bytes: int) -> bytes:
    flat = _on_white(ImageOps.exif_transpose(image))
    flat.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    quality = 88
    while True:
        buffer = io.BytesIO()
        flat.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() < max_bytes:
            return buffer.getvalue()
        if quality > 60:
            quality -= 14
        elif min(flat.size) > 16:
            flat = flat.resize((flat.width * 3 // 4, flat.height * 3 // 4))
        else:
            raise ValueError("cannot be made small enough")


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency: lay the picture on white paper."""
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper.convert("RGB")
