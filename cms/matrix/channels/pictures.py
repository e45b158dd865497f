"""Make a picture acceptable to a platform: its format and its size in bytes."""

import hashlib
import io
import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageOps

from .base import ContentRejected, Picture

_LARGEST_SIDE = 2560
_MIME = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
_SUFFIX = {"JPEG": "jpg", "PNG": "png", "GIF": "gif"}
_KEPT_BYTES = 32_000_000


@dataclass(frozen=True)
class Upload:
    """Bytes ready to be sent, with an ASCII file name."""

    filename: str
    content_type: str
    data: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes: the same picture is uploaded once per account."""
        return hashlib.sha256(self.data).hexdigest()


class FittedPictures:
    """What was made smaller lately, for one process: a story for a hundred accounts is encoded
    once. Keeps at most `most_bytes` bytes; what was used longest ago goes first.
    """

    def __init__(self, most_bytes: int = _KEPT_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def jpeg(self, source: bytes, max_bytes: int, make: Callable[[], bytes]) -> bytes:
        """The JPEG under `max_bytes` that `make` makes of `source`, made once."""
        key = hashlib.sha256(source).hexdigest(), max_bytes
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while sum(map(len, self._kept.values())) > self._most:
                self._kept.popitem(last=False)
        return made


_FITTED = FittedPictures()


def picture_name(picture: Picture, which: str) -> str:
    """How a picture is called in a message, so that the editor finds it in the story."""
    said = f"“{picture.alt}”" if picture.alt else ""
    return f"{which}{said}（{picture.filename}）"


def picture_fit(
    picture: Picture, *, formats: Collection[str], max_bytes: int, field: str, which: str
) -> Upload:
    """`picture` as one of `formats` (Pillow names) and under `max_bytes`.

    What already fits is sent as it is; anything else becomes a JPEG, smaller step by step.
    Raises ContentRejected naming `field` and, by `which` (封面图, 正文第 2 张图片), the picture.
    """
    try:
        return _fitted(picture.load(), formats, max_bytes)
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as error:
        raise ContentRejected(
            "picture",
            type(error).__name__,
            f"{picture_name(picture, which)}读不出来或尺寸过大。请换一张 JPG 或 PNG 图片。",
            field=field,
        ) from error


def picture_refused(
    error: ContentRejected, picture: Picture, *, which: str, field: str
) -> ContentRejected:
    """A platform's refusal of an upload, naming the picture (contract §14: 40005, 40009, 45001)."""
    human = f"{picture_name(picture, which)}没有上传成功：{error.human}"
    return ContentRejected(error.code, error.message, human, error.rid, field=field)


def _fitted(data: bytes, formats: Collection[str], max_bytes: int) -> Upload:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data)) as image:
            if image.format in formats and len(data) < max_bytes:
                return _upload(data, image.format or "")
            jpeg = _FITTED.jpeg(data, max_bytes, lambda: _shrunk(image, max_bytes))
            return _upload(jpeg, "JPEG")


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
