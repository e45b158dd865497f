"""A small drawing board for the demo pictures: flat shapes, soft light, a little paper grain.

All coordinates are in picture units (1600 × 900). Everything is drawn at twice that size and
reduced at the end, which smooths the edges. The same calls always give the same picture.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 1600, 900, 2

PAPER, CREAM, SAND, TAN = "#F4EADB", "#FBF5EA", "#E7CFAC", "#C79F6F"
INK, SLATE, GREY = "#1F2529", "#3B454B", "#7C8581"
RED, WINE, CORAL, BLUSH = "#B8281F", "#7F1913", "#DB6A4C", "#F0B79C"
TEAL, PINE, SEA, MIST = "#1F716C", "#123F41", "#79B0A7", "#CFDFD8"
OCHRE, STRAW, SKIN, BROWN = "#DDA23A", "#F3D48E", "#E9B48C", "#6B4428"

Point = tuple[float, float]
Colour = str | tuple[int, int, int] | tuple[int, int, int, int]


def rgb(colour: Colour) -> tuple[int, int, int]:
    """The red, green and blue of "#RRGGBB" or of a tuple."""
    if isinstance(colour, str):
        return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))  # type: ignore[return-value]
    return colour[:3]


def veil(colour: Colour, alpha: int) -> tuple[int, int, int, int]:
    """The colour with an opacity of 0–255."""
    return (*rgb(colour), alpha)


def mix(first: Colour, second: Colour, share: float) -> tuple[int, int, int]:
    """A colour `share` (0–1) of the way from the first to the second."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)  # type: ignore[return-value]


class Brush:
    """One picture being drawn. `seed` fixes everything that looks accidental."""

    def __init__(self, seed: int) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.chance = random.Random(seed)

    def wash(self, *stops: Colour, top: float = 0, bottom: float = HEIGHT) -> None:
        """A vertical gradient through the given colours between two heights."""
        rows = round((bottom - top) * SCALE)
        column = Image.new("RGB", (1, rows))
        spans = len(stops) - 1
        for y in range(rows):
            place = y / max(rows - 1, 1) * spans
            step = min(int(place), spans - 1)
            column.putpixel((0, y), mix(stops[step], stops[step + 1], place - step))
        self.image.paste(column.resize((WIDTH * SCALE, rows)), (0, round(top * SCALE)))

    def poly(self, points: Iterable[Point], fill: Colour) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def box(self, x: float, y: float, w: float, h: float, fill: Colour, r: float = 0) -> None:
        area = [x * SCALE, y * SCALE, (x + w) * SCALE - 1, (y + h) * SCALE - 1]
        self.pen.rounded_rectangle(area, radius=r * SCALE, fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        area = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        self.pen.ellipse(area, fill=fill)

    def disc(self, x: float, y: float, r: float, fill: Colour) -> None:
        self.oval(x, y, r, r, fill)

    def ring(
        self, x: float, y: float, r: float, width: float, fill: Colour, a: float = 0, b: float = 360
    ) -> None:
        """A circle line, or the part of it from angle a to b (degrees, clockwise from east)."""
        area = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        self.pen.arc(area, a, b, fill=fill, width=round(width * SCALE))

    def slice(self, x: float, y: float, r: float, a: float, b: float, fill: Colour) -> None:
        area = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        self.pen.pieslice(area, a, b, fill=fill)

    def line(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A line with round ends and joints. Give an opaque colour: joints overlap."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=fill, width=round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def curve(self, points: Sequence[Point], steps: int = 14) -> list[Point]:
        """A smooth line through the points (Catmull–Rom), as many short pieces."""
        p = [points[0], *points, points[-1]]
        path: list[Point] = []
        for (x0, y0), (x1, y1), (x2, y2), (x3, y3) in zip(p, p[1:], p[2:], p[3:], strict=False):
            for n in range(steps):
                t = n / steps
                path.append((_spline(x0, x1, x2, x3, t), _spline(y0, y1, y2, y3, t)))
        return [*path, points[-1]]

    def glow(self, x: float, y: float, r: float, colour: Colour, strength: float = 1) -> None:
        """A soft round light that fades to nothing at radius r."""
        size = round(2 * r * SCALE)
        mask = Image.radial_gradient("L").resize((size, size))
        mask = mask.point(lambda v: round(max(0, 1 - v / 180) ** 2 * 255 * strength))
        place = (round((x - r) * SCALE), round((y - r) * SCALE))
        self.image.paste(Image.new("RGB", (size, size), rgb(colour)), place, mask)

    def shade(self, x: float, y: float, rx: float, ry: float, strength: int = 90) -> None:
        """A blurred shadow lying on the ground."""
        pad = 30
        w, h = round((rx + pad) * 2 * SCALE), round((ry + pad) * 2 * SCALE)
        mask = Image.new("L", (w, h), 0)
        edge = pad * SCALE
        ImageDraw.Draw(mask).ellipse([edge, edge, w - edge, h - edge], fill=strength)
        mask = mask.filter(ImageFilter.GaussianBlur(10 * SCALE))
        place = (round(x * SCALE - w / 2), round(y * SCALE - h / 2))
        self.image.paste(Image.new("RGB", (w, h), rgb(INK)), place, mask)

    def hills(self, y: float, rise: float, fill: Colour, waves: float = 2.2) -> None:
        """A rolling ridge from edge to edge, down to the bottom of the picture."""
        phase = self.chance.uniform(0, 6.3)
        ridge = [
            (
                x,
                y
                - rise * math.sin(phase + waves * 6.28 * x / WIDTH)
                - rise * 0.4 * math.sin(phase * 2 + waves * 15 * x / WIDTH),
            )
            for x in range(0, WIDTH + 20, 20)
        ]
        self.poly([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill)

    def skyline(
        self, y: float, low: float, high: float, fill: Colour, light: Colour | None = None
    ) -> None:
        """A row of buildings standing on height y, some windows lit when `light` is given."""
        x = -20.0
        while x < WIDTH:
            w, h = self.chance.uniform(60, 150), self.chance.uniform(low, high)
            self.box(x, y - h, w, h + 4, fill)
            if self.chance.random() < 0.3:
                self.box(x + w * 0.4, y - h - 26, 8, 26, fill)
            if light:
                self._windows(x, y - h, w, h, light)
            x += w + self.chance.uniform(-6, 18)
        self.box(0, y, WIDTH, HEIGHT - y, fill)

    def _windows(self, x: float, y: float, w: float, h: float, light: Colour) -> None:
        for row in range(int(h // 34) - 1):
            for col in range(int(w // 26) - 1):
                if self.chance.random() < 0.36:
                    self.box(x + 16 + col * 26, y + 18 + row * 34, 11, 16, light)

    def tree(self, x: float, y: float, size: float, fill: Colour, trunk: Colour = BROWN) -> None:
        self.poly([(x - size * 0.06, y), (x + size * 0.06, y), (x, y - size)], trunk)
        for dx, dy, r in ((0, -1.05, 0.36), (-0.25, -0.8, 0.3), (0.26, -0.82, 0.28)):
            self.disc(x + dx * size, y + dy * size, r * size, fill)
        self.disc(x - 0.12 * size, y - 1.14 * size, 0.17 * size, mix(fill, CREAM, 0.18))

    def flakes(self, count: int, top: float = 0, bottom: float = HEIGHT) -> None:
        for _ in range(count):
            x, y = self.chance.uniform(0, WIDTH), self.chance.uniform(top, bottom)
            self.disc(x, y, self.chance.uniform(2, 6.5), veil(CREAM, 225))

    def person(
        self, x: float, y: float, size: float, coat: Colour, hair: Colour = INK, step: float = 0
    ) -> None:
        """A standing or walking figure seen from far: feet at (x, y), `size` tall."""
        s = size
        legs = mix(coat, INK, 0.72)
        for side in (-1, 1):
            foot = x + side * (0.06 + step * 0.12) * s
            self.line([(x + side * 0.05 * s, y - 0.45 * s), (foot, y - 0.02 * s)], 0.09 * s, legs)
        self.box(x - 0.15 * s, y - 0.8 * s, 0.3 * s, 0.42 * s, coat, r=0.1 * s)
        self.line(
            [(x - 0.13 * s, y - 0.73 * s), (x - (0.17 + step * 0.08) * s, y - 0.46 * s)],
            0.075 * s,
            mix(coat, INK, 0.2),
        )
        self.line(
            [(x + 0.13 * s, y - 0.73 * s), (x + (0.17 + step * 0.08) * s, y - 0.46 * s)],
            0.075 * s,
            mix(coat, CREAM, 0.12),
        )
        self.disc(x, y - 0.9 * s, 0.095 * s, SKIN)
        self.slice(x, y - 0.915 * s, 0.105 * s, 175, 365, hair)

    def finish(self) -> Image.Image:
        """The picture at its final size, with edges darkened a little and paper grain laid on."""
        image = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        edge = Image.radial_gradient("L").resize((WIDTH, HEIGHT))
        edge = edge.point(lambda v: max(0, v - 150) // 3)
        image.paste(Image.new("RGB", image.size, rgb(INK)), (0, 0), edge)
        dust = Image.frombytes("L", image.size, self.chance.randbytes(WIDTH * HEIGHT))
        dust = dust.filter(ImageFilter.GaussianBlur(0.8)).point(lambda v: 128 + (v - 128) // 5)
        return ImageChops.overlay(image, Image.merge("RGB", (dust, dust, dust)))


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


class PictureSpec(NamedTuple):
    """A picture: its name in the image library, its text alternative and its drawing."""

    title: str
    alt: str
    draw: Callable[[Brush], None]


class Gallery(dict[str, PictureSpec]):
    """Pictures by key, entered with the `picture` decorator."""

    def picture(
        self, key: str, title: str, alt: str
    ) -> Callable[[Callable[[Brush], None]], Callable[[Brush], None]]:
        def enter(draw: Callable[[Brush], None]) -> Callable[[Brush], None]:
            self[key] = PictureSpec(title, alt, draw)
            return draw

        return enter


def sun(b: Brush, x: float, y: float, r: float, colour: Colour = CORAL) -> None:
    """A disc in its own light."""
    b.glow(x, y, r * 3.2, STRAW, 0.75)
    b.disc(x, y, r, colour)


def desk(b: Brush, y: float, colour: Colour = BROWN) -> None:
    """A table top from height y to the bottom."""
    b.wash(colour, mix(colour, INK, 0.45), top=y)
    b.box(0, y, WIDTH, 7, mix(colour, CREAM, 0.35))


def room(
    b: Brush,
    wall: Colour = PAPER,
    low: Colour = SAND,
    desk_y: float = 640,
    desk_colour: Colour = BROWN,
) -> None:
    """A wall with light falling from the left, and a table in front of it."""
    b.wash(wall, low, bottom=desk_y)
    for x in (120, 330):
        b.poly([(x, 0), (x + 150, 0), (x + 470, desk_y), (x + 320, desk_y)], veil(CREAM, 90))
    desk(b, desk_y, desk_colour)


def steam(b: Brush, x: float, y: float, height: float) -> None:
    """Three wisps rising from (x, y)."""
    for n, dx in enumerate((-34, 0, 34)):
        path = [(x + dx + 16 * math.sin(n + k * 1.5), y - k * height / 5) for k in range(6)]
        for px, py in b.curve(path):
            b.disc(px, py, 9 * (1 - (y - py) / (height * 1.15)) + 1, veil(CREAM, 40))
