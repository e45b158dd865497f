"""Pictures of work: factory, building site, heat, welding, rail."""

import math

from cms.demo.content.brush import (
    BLUSH,
    BROWN,
    CORAL,
    CREAM,
    GREY,
    INK,
    MIST,
    OCHRE,
    PAPER,
    PINE,
    RED,
    SAND,
    SEA,
    SLATE,
    STRAW,
    TAN,
    TEAL,
    WIDTH,
    WINE,
    Brush,
    Gallery,
    mix,
    sun,
    veil,
)

SCENES = Gallery()


@SCENES.picture("factory_dawn", "厂区清晨", "晨光里的厂房和烟囱，工人走向厂门")
def factory_dawn(b: Brush) -> None:
    b.wash(SEA, STRAW, BLUSH, bottom=700)
    sun(b, 1130, 430, 120)
    b.skyline(640, 60, 190, mix(SEA, BLUSH, 0.45))
    for x, h, w in ((300, 420, 58), (430, 500, 66), (1390, 380, 52)):
        b.poly([(x, 690), (x + 8, 690 - h), (x + w - 8, 690 - h), (x + w, 690)], WINE)
        b.poly(
            [(x + w * 0.55, 690), (x + w * 0.55, 690 - h), (x + w - 8, 690 - h), (x + w, 690)],
            mix(WINE, INK, 0.3),
        )
        b.box(x + 5, 690 - h + 34, w - 10, 22, CREAM)
        for k in range(7):
            b.disc(x + w / 2 + 26 * k, 672 - h - 20 * k, 24 + 8 * k, veil(CREAM, 105 - 12 * k))
    for n in range(6):
        x = 560 + n * 132
        b.poly(
            [(x, 700), (x, 520), (x + 92, 430), (x + 132, 520), (x + 132, 700)],
            mix(TEAL, PINE, 0.25),
        )
        b.poly([(x + 92, 430), (x + 132, 520), (x + 132, 700), (x + 92, 700)], PINE)
        b.box(x + 20, 566, 56, 60, STRAW)
        b.box(x + 46, 566, 4, 60, TEAL)
        b.box(x + 20, 594, 56, 4, TEAL)
    b.wash(mix(BROWN, CORAL, 0.25), INK, top=690)
    b.poly([(700, 900), (960, 690), (1040, 690), (1330, 900)], mix(SAND, BROWN, 0.35))
    for x, y, s, c in (
        (930, 760, 110, RED),
        (1010, 790, 135, TEAL),
        (1090, 835, 165, SLATE),
        (850, 850, 178, OCHRE),
    ):
        b.shade(x, y + 2, s * 0.25, 6, 110)
        b.person(x, y, s, c, INK, 0.7)


@SCENES.picture("cranes", "塔吊与楼群", "傍晚的工地，两台塔吊立在未完工的楼上")
def cranes(b: Brush) -> None:
    b.wash("#2F6F76", SEA, STRAW, CORAL, bottom=760)
    sun(b, 420, 520, 105, CREAM)
    b.skyline(690, 80, 260, mix(SEA, CORAL, 0.4))
    for x, y, w, floors in ((180, 380, 300, 6), (1020, 300, 330, 8)):
        for n in range(floors):
            top = y + n * (700 - y) / floors
            b.box(x, top, w, 12, INK)
            b.box(x + 10, top + 12, w - 20, (700 - y) / floors - 12, veil(INK, 95))
            for k in range(5):
                b.box(x + 6 + k * (w - 26) / 4, top, 14, (700 - y) / floors + 4, SLATE)
        for n in range(3):
            b.box(x + 30 + n * 80, y - 36 - 8 * n, 4, 40, INK)
    for x, top, arm, back in ((700, 150, 560, 150), (1430, 90, -520, 110)):
        side = 1 if arm > 0 else -1
        b.box(x - 16, top, 8, 640, INK)
        b.box(x + 16, top, 8, 640, INK)
        for k in range(16):
            y = top + k * 40
            b.line([(x - 12, y), (x + 20, y + 40)], 4, INK)
        b.box(x - 26, top - 44, 60, 46, RED, r=6)
        b.box(x - 16, top - 36, 24, 20, STRAW)
        b.line([(x - side * back, top - 58), (x + arm, top - 58)], 8, INK)
        b.line([(x, top - 90), (x + arm, top - 66)], 4, INK)
        b.line([(x, top - 130), (x + arm * 0.8, top - 60)], 3, INK)
        b.line([(x, top - 130), (x - side * back, top - 60)], 3, INK)
        b.line([(x, top - 130), (x, top - 40)], 9, INK)
        b.box(x - side * back - 26, top - 60, 52, 54, WINE)
        hook = x + arm * 0.62
        b.line([(hook, top - 58), (hook, top + 190)], 3, INK)
        b.box(hook - 60, top + 190, 120, 18, OCHRE)
    b.wash(mix(BROWN, INK, 0.35), INK, top=700)
    for x, s, c in ((540, 150, OCHRE), (640, 165, RED), (860, 140, TEAL)):
        b.person(x, 870, s, c, OCHRE, 0.6)
        b.slice(x, 870 - s * 0.92, s * 0.13, 180, 360, STRAW)
    b.poly([(0, 900), (0, 800), (300, 850), (520, 900)], INK)


@SCENES.picture("sun_thermometer", "烈日与温度计", "大太阳下的温度计和戴草帽的工人")
def sun_thermometer(b: Brush) -> None:
    b.wash(CORAL, OCHRE, STRAW, bottom=720)
    for r in (420, 340, 260):
        b.disc(520, 330, r, veil(CREAM, 34))
    b.glow(520, 330, 480, CREAM, 0.8)
    b.disc(520, 330, 170, CREAM)
    b.disc(520, 330, 150, STRAW)
    b.skyline(690, 50, 170, mix(OCHRE, WINE, 0.35))
    b.wash(mix(TAN, CORAL, 0.3), BROWN, top=690)
    for n in range(5):
        y = 716 + n * 36
        b.poly([(0, y), (WIDTH, y - 10), (WIDTH, y - 4), (0, y + 8)], veil(CREAM, 40))
    b.shade(1236, 812, 120, 14, 120)
    b.box(1150, 90, 170, 720, CREAM, r=85)
    b.box(1166, 106, 138, 688, mix(PAPER, SAND, 0.3), r=70)
    for k in range(11):
        b.box(1178, 180 + k * 42, 44 if k % 5 == 0 else 26, 6, SLATE, r=3)
    b.box(1226, 150, 32, 520, MIST, r=16)
    b.box(1226, 226, 32, 460, RED)
    b.disc(1242, 706, 58, RED)
    b.disc(1224, 688, 16, BLUSH)
    for x, s, c in ((260, 270, TEAL), (430, 250, SLATE)):
        b.shade(x, 842, 80, 10, 130)
        b.person(x, 840, s, c, BROWN)
        b.oval(x, 840 - s * 0.94, s * 0.24, s * 0.05, STRAW)
        b.slice(x, 840 - s * 0.94, s * 0.12, 180, 360, STRAW)
        b.oval(x, 840 - s * 0.955, s * 0.12, s * 0.02, RED)
    b.line([(330, 842), (356, 600)], 12, BROWN)
    b.poly([(338, 600), (376, 600), (372, 548), (346, 548)], GREY)


@SCENES.picture("train_road", "归途", "火车驶过高架桥，公路上一辆客车开向远山")
def train_road(b: Brush) -> None:
    b.wash(TEAL, SEA, STRAW, BLUSH, bottom=640)
    sun(b, 360, 400, 92, CREAM)
    b.hills(520, 60, mix(SEA, MIST, 0.3), 1.3)
    b.hills(590, 46, mix(SEA, TEAL, 0.55), 1.8)
    b.hills(660, 34, TEAL, 2.4)
    b.box(0, 470, WIDTH, 22, CREAM)
    b.box(0, 492, WIDTH, 10, mix(SAND, BROWN, 0.3))
    for x in range(60, WIDTH, 240):
        b.poly([(x, 500), (x + 44, 500), (x + 38, 760), (x + 6, 760)], mix(PAPER, TAN, 0.4))
        b.poly(
            [(x + 26, 500), (x + 44, 500), (x + 38, 760), (x + 24, 760)], mix(PAPER, BROWN, 0.45)
        )
    nose = b.curve([(1320, 376), (1410, 386), (1490, 430), (1510, 466)])
    b.poly([(0, 376), *nose, (0, 470)], CREAM)
    b.poly([(0, 440), (1502, 440), (1510, 466), (0, 470)], RED)
    for n in range(13):
        b.box(30 + n * 96, 396, 68, 26, PINE, r=8)
    for n in range(4):
        b.box(304 + n * 312, 378, 4, 90, mix(SAND, GREY, 0.5))
    b.poly(b.curve([(1350, 392), (1400, 396), (1454, 426), (1360, 426)]), PINE)
    b.hills(770, 22, PINE, 1.6)
    b.poly(
        [(0, 900), (0, 846), (760, 752), (1600, 700), (1600, 742), (900, 820), (420, 900)], SLATE
    )
    for n in range(9):
        x, y = 190 + n * 165, 866 - n * 18.5
        b.line([(x, y), (x + 64 - n * 3, y - 8)], 7 - n * 0.4, STRAW)
    b.shade(590, 842, 170, 12, 150)
    b.box(440, 694, 300, 130, RED, r=22)
    b.box(440, 770, 300, 20, CREAM)
    for n in range(4):
        b.box(458 + n * 66, 712, 54, 46, MIST, r=8)
    b.box(706, 712, 34, 58, MIST, r=8)
    for x in (504, 672):
        b.disc(x, 824, 27, INK)
        b.disc(x, 824, 11, SAND)
    for x, y, s in ((1180, 860, 150), (1330, 888, 200), (1480, 850, 160), (90, 800, 130)):
        b.tree(x, y, s, mix(TEAL, PINE, b.chance.uniform(0.2, 0.8)))


@SCENES.picture("weld_sparks", "焊花", "焊工戴着面罩焊接，火花四溅")
def weld_sparks(b: Brush) -> None:
    b.wash(INK, PINE, mix(PINE, TEAL, 0.4), bottom=720)
    for n in range(6):
        x = n * 300 - 60
        b.box(x, 0, 34, 720, veil(INK, 150))
        b.line([(x + 17, 40), (x + 317, 200)], 16, mix(PINE, INK, 0.6))
        b.line([(x + 317, 40), (x + 17, 200)], 16, mix(PINE, INK, 0.6))
    for n in range(4):
        b.box(150 + n * 400, 250, 150, 210, mix(PINE, SEA, 0.35))
        b.box(150 + n * 400, 350, 150, 8, INK)
        b.box(221 + n * 400, 250, 8, 210, INK)
    b.wash(mix(BROWN, INK, 0.6), INK, top=720)
    b.glow(980, 600, 640, STRAW, 0.75)
    b.shade(900, 830, 520, 20, 170)
    b.box(620, 664, 720, 34, GREY)
    b.box(620, 664, 720, 8, MIST)
    for x in (680, 1240):
        b.box(x, 698, 34, 130, SLATE)
    b.poly([(900, 664), (960, 470), (1000, 470), (1000, 664)], SLATE)
    b.poly([(960, 470), (1000, 470), (1000, 664), (980, 664)], GREY)
    b.poly(
        b.curve(
            [(210, 900), (230, 640), (330, 470), (480, 440), (590, 520), (610, 700), (590, 900)]
        ),
        TEAL,
    )
    b.poly(
        b.curve(
            [(480, 440), (590, 520), (610, 700), (590, 900), (530, 900), (540, 650), (480, 440)]
        ),
        SEA,
    )
    b.line([(500, 540), (640, 690), (800, 640)], 86, mix(TEAL, PINE, 0.35))
    b.line([(790, 644), (860, 622)], 80, BROWN)
    b.line([(850, 630), (960, 596)], 20, INK)
    b.line([(955, 598), (1002, 640)], 8, SAND)
    b.line(b.curve([(850, 640), (760, 780), (620, 850), (400, 890)]), 12, INK)
    b.disc(500, 350, 100, WINE)
    b.poly(
        b.curve(
            [(430, 280), (540, 250), (620, 320), (630, 430), (560, 500), (470, 460), (430, 280)]
        ),
        RED,
    )
    b.poly([(560, 320), (626, 330), (630, 392), (570, 390)], STRAW)
    b.poly([(572, 332), (616, 338), (620, 380), (580, 378)], PINE)
    b.glow(1000, 640, 240, CREAM, 1)
    b.disc(1000, 640, 22, CREAM)
    for _ in range(150):
        a, far = b.chance.uniform(-3.3, 0.5), b.chance.uniform(40, 430) ** 1.02
        x, y = 1000 + far * math.cos(a), 640 + far * math.sin(a) + far * far / 900
        tail = b.chance.uniform(0.86, 0.95)
        px, py = (
            1000 + far * tail * math.cos(a),
            640 + far * tail * math.sin(a) + (far * tail) ** 2 / 900,
        )
        b.line(
            [(px, py), (x, y)],
            b.chance.uniform(2, 5),
            b.chance.choice((STRAW, CREAM, OCHRE, CORAL)),
        )
