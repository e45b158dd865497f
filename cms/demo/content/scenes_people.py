"""Pictures of people together: a vote, a match, a choir."""

import math

from cms.demo.content.brush import (
    BLUSH,
    BROWN,
    CORAL,
    CREAM,
    GREY,
    INK,
    OCHRE,
    PINE,
    RED,
    SAND,
    SEA,
    SKIN,
    SLATE,
    STRAW,
    TAN,
    TEAL,
    WIDTH,
    WINE,
    Brush,
    Gallery,
    mix,
    veil,
)

SCENES = Gallery()


@SCENES.picture("vote_box", "举手与票箱", "职工举手表决，前面放着红色票箱")
def vote_box(b: Brush) -> None:
    b.wash(STRAW, BLUSH, CORAL, bottom=900)
    b.glow(800, 240, 700, CREAM, 0.7)
    for n in range(12):
        x = n * 150 - 30
        b.poly([(x, 0), (x + 110, 0), (x + 55, 84)], (RED, TEAL, CREAM, OCHRE)[n % 4])
    b.line(b.curve([(0, 4), (800, 12), (1600, 4)]), 6, BROWN)
    sleeves = (TEAL, SLATE, OCHRE, CREAM, PINE, WINE, SEA, BROWN)
    for row, (base, size, tint) in enumerate(((560, 0.7, 0.45), (720, 0.95, 0.2))):
        for n in range(9 - row):
            x = 60 + n * (185 + 35 * row) + b.chance.uniform(-26, 26)
            tone = mix(sleeves[(n * 3 + row) % 8], BLUSH, tint)
            lift = b.chance.uniform(230, 320) * size
            lean = b.chance.uniform(-26, 26)
            skin = mix(SKIN, (BROWN, CREAM)[n % 2], 0.16)
            b.line([(x, base + 140), (x + lean, base - lift * 0.35)], 74 * size, tone)
            b.line(
                [(x + lean, base - lift * 0.3), (x + lean * 1.3, base - lift * 0.72)],
                46 * size,
                skin,
            )
            hx, hy = x + lean * 1.4, base - lift * 0.86
            b.box(hx - 34 * size, hy - 30 * size, 68 * size, 72 * size, skin, r=24 * size)
            for k in range(4):
                fx = hx + (-25 + k * 17) * size
                b.line(
                    [
                        (fx, hy - 10 * size),
                        (fx + (k - 1.5) * 5, hy - (74 - 8 * abs(k - 1.6)) * size),
                    ],
                    15 * size,
                    skin,
                )
            b.line(
                [(hx + 28 * size, hy + 16 * size), (hx + 56 * size, hy - 22 * size)],
                16 * size,
                skin,
            )
            b.disc(x - 110 * size, base + 60 * size, 62 * size, mix(INK, BROWN, 0.2 * (n % 4)))
            b.poly(
                b.curve(
                    [
                        (x - 220 * size, 900),
                        (x - 190 * size, base + 150 * size),
                        (x - 110 * size, base + 116 * size),
                        (x - 20 * size, base + 150 * size),
                        (x, 900),
                    ]
                ),
                tone,
            )
    b.shade(800, 868, 330, 18, 160)
    b.poly([(540, 600), (1060, 600), (1030, 870), (570, 870)], RED)
    b.poly([(820, 600), (1060, 600), (1030, 870), (850, 870)], mix(RED, WINE, 0.6))
    b.poly([(540, 600), (610, 540), (990, 540), (1060, 600)], mix(RED, CORAL, 0.45))
    b.poly([(680, 578), (690, 564), (910, 564), (920, 578)], INK)
    b.poly([(706, 572), (690, 390), (880, 370), (896, 570)], CREAM)
    for k in range(3):
        b.line([(730, 430 + k * 40), (744, 428 + k * 40)], 16, GREY)
        b.line([(772, 428 + k * 40), (850, 420 + k * 40)], 9, GREY)
    b.line([(724, 470), (738, 486), (764, 444)], 9, RED)
    b.disc(700, 735, 62, OCHRE)
    b.line([(670, 735), (692, 760), (734, 708)], 15, CREAM)


@SCENES.picture("badminton", "羽毛球赛", "两名职工隔网对打，观众坐在看台上")
def badminton(b: Brush) -> None:
    b.wash(PINE, TEAL, bottom=520)
    for n in range(5):
        b.poly(
            [(160 + n * 300, 0), (260 + n * 300, 0), (360 + n * 300, 520), (60 + n * 300, 520)],
            veil(SEA, 40),
        )
        b.box(150 + n * 300, 20, 130, 16, CREAM, r=8)
    for row in range(3):
        y = 330 + row * 62
        b.box(0, y, WIDTH, 64, mix(PINE, INK, 0.25 + row * 0.12))
        for n in range(27):
            if b.chance.random() < 0.86:
                x = 30 + n * 60 + b.chance.uniform(-8, 8)
                tone = mix(b.chance.choice((RED, OCHRE, SEA, CREAM, CORAL)), PINE, 0.45)
                b.box(x - 20, y + 16, 40, 52, tone, r=14)
                b.disc(x, y + 6, 15, mix(SKIN, PINE, 0.3))
                b.slice(x, y + 3, 16, 180, 360, INK)
    b.wash(mix(OCHRE, TAN, 0.4), BROWN, top=516)
    b.box(0, 516, WIDTH, 8, CREAM)
    b.poly([(250, 600), (1350, 600), (1560, 900), (40, 900)], mix(TEAL, SEA, 0.3))
    for pts in (
        ((250, 600), (1350, 600)),
        ((250, 600), (40, 900)),
        ((1350, 600), (1560, 900)),
        ((180, 700), (1420, 700)),
        ((320, 600), (136, 900)),
        ((1280, 600), (1464, 900)),
    ):
        b.line(pts, 6, CREAM)
    b.box(788, 440, 12, 400, INK)
    b.poly([(770, 456), (820, 440), (820, 640), (770, 668)], veil(CREAM, 120))
    b.poly([(770, 448), (820, 432), (820, 450), (770, 466)], CREAM)
    for k in range(6):
        b.line([(770, 490 + k * 30), (820, 474 + k * 29)], 2, CREAM)

    def player(x: float, side: int, shirt, reach: float) -> None:
        b.shade(x, 846, 120, 12, 140)
        b.line([(x, 640), (x - side * 90, 740), (x - side * 130, 838)], 44, INK)
        b.line([(x, 640), (x + side * 86, 730), (x + side * 70, 838)], 44, SLATE)
        for foot in (x - side * 128, x + side * 84):
            b.box(foot - 34, 826, 68, 24, CREAM, r=12)
        b.poly(
            b.curve(
                [
                    (x - 60, 660),
                    (x - 56, 500),
                    (x - 10, 456),
                    (x + 46, 490),
                    (x + 56, 660),
                    (x - 60, 660),
                ]
            ),
            shirt,
        )
        b.box(x - 60, 600, 116, 20, CREAM)
        b.line([(x - side * 30, 510), (x - side * 110, 580), (x - side * 140, 520)], 30, SKIN)
        elbow, hand = (x + side * 84, 420), (x + side * 96, 420 - reach)
        b.line([(x + side * 30, 506), elbow, hand], 32, SKIN)
        tip = (hand[0] + side * 60, hand[1] - 80)
        b.line([hand, tip], 11, INK)
        cx, cy = tip[0] + side * 46, tip[1] - 62
        b.oval(cx, cy, 56, 72, veil(CREAM, 90))
        for k in range(-2, 3):
            b.line(
                [(cx + k * 19, cy - 58 + abs(k) * 12), (cx + k * 19, cy + 58 - abs(k) * 12)],
                2,
                CREAM,
            )
            b.line(
                [(cx - 48 + abs(k) * 10, cy + k * 24), (cx + 48 - abs(k) * 10, cy + k * 24)],
                2,
                CREAM,
            )
        for k in range(40):
            a = k * math.pi / 20
            b.disc(cx + 56 * math.cos(a), cy + 72 * math.sin(a), 6, RED)
        b.disc(x + side * 8, 412, 46, SKIN)
        b.slice(x + side * 2, 402, 52, 160, 380, INK)

    player(430, 1, RED, 90)
    player(1190, -1, OCHRE, 40)
    for k in range(7):
        b.disc(
            600 + k * 26,
            210 - 30 * math.sin(k * 0.42) + k * 4,
            3 + k * 0.5,
            veil(CREAM, 60 + 20 * k),
        )
    b.poly([(780, 226), (860, 170), (872, 250)], CREAM)
    for y in (182, 210, 238):
        b.line([(788, 224), (864, y)], 3, GREY)
    b.disc(782, 225, 15, RED)


@SCENES.picture("stage_choir", "职工合唱", "职工在剧场里合唱，灯光从上方照下")
def stage_choir(b: Brush) -> None:
    b.wash(INK, mix(WINE, INK, 0.35), WINE, bottom=700)
    for x in (300, 620, 980, 1300):
        b.poly([(x - 14, 30), (x + 14, 30), (x + 210, 690), (x - 210, 690)], veil(STRAW, 30))
        b.poly([(x - 10, 30), (x + 10, 30), (x + 110, 690), (x - 110, 690)], veil(STRAW, 34))
        b.box(x - 26, 10, 52, 34, SLATE, r=8)
        b.oval(x, 44, 22, 7, CREAM)
    b.wash(mix(BROWN, OCHRE, 0.2), INK, top=690)
    b.box(0, 690, WIDTH, 8, OCHRE)
    b.glow(800, 720, 560, STRAW, 0.45)
    for row, (y, count, s) in enumerate(((560, 11, 0.86), (640, 10, 0.95), (730, 9, 1.06))):
        for n in range(count):
            x = 800 + (n - (count - 1) / 2) * 104 * s
            skin = mix(SKIN, BROWN, 0.08 * ((n + row) % 3))
            b.poly(
                b.curve(
                    [
                        (x - 54 * s, y + 150),
                        (x - 50 * s, y - 10),
                        (x, y - 44 * s),
                        (x + 50 * s, y - 10),
                        (x + 54 * s, y + 150),
                    ]
                ),
                mix(CREAM, SAND, 0.5 * ((n + row) % 2)),
            )
            b.poly([(x - 12 * s, y - 40 * s), (x + 12 * s, y - 40 * s), (x, y - 4)], RED)
            b.disc(x, y - 80 * s, 34 * s, skin)
            b.slice(
                x,
                y - 85 * s,
                39 * s,
                165 - 20 * (n % 2),
                375 + 20 * (n % 2),
                (INK, BROWN, SLATE, GREY)[(n * 3 + row) % 4],
            )
            b.oval(x, y - 64 * s, 7 * s, 9 * s, WINE)
            b.box(x - 34 * s, y + 28, 68 * s, 50 * s, PINE, r=3)
            b.box(x - 2, y + 28, 4, 50 * s, SEA)
    for row in range(3):
        b.box(
            210 - row * 60, 846 + row * 18, 1180 + row * 120, 18, mix(BROWN, INK, 0.3 + row * 0.15)
        )
    for x, turn in ((0, 1), (WIDTH, -1)):
        b.poly(
            b.curve(
                [
                    (x, 0),
                    (x + turn * 300, 0),
                    (x + turn * 250, 300),
                    (x + turn * 140, 620),
                    (x + turn * 190, 900),
                    (x, 900),
                    (x, 0),
                ]
            ),
            RED,
        )
        for k in range(4):
            b.line(
                b.curve(
                    [
                        (x + turn * (60 + k * 60), 0),
                        (x + turn * (50 + k * 50), 300),
                        (x + turn * (26 + k * 30), 620),
                        (x + turn * (36 + k * 40), 900),
                    ]
                ),
                6,
                WINE,
            )
    for n in range(9):
        x = n * 200
        b.slice(x, -20, 118, 0, 180, RED if n % 2 else mix(RED, WINE, 0.4))
    b.box(0, 0, WIDTH, 14, OCHRE)
    for n in range(8):
        x = 60 + n * 210
        b.disc(x, 862, 52, INK)
        b.box(x - 84, 892, 168, 60, INK, r=30)
