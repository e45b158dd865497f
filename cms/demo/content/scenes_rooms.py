"""Pictures of rooms with people in them: ward, evening class, library."""

import math

from cms.demo.content.brush import (
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


@SCENES.picture("hospital_bed", "病房", "安静的病房，床头有花，窗外有树")
def hospital_bed(b: Brush) -> None:
    b.wash(MIST, CREAM, bottom=690)
    b.wash(mix(SEA, MIST, 0.35), SEA, top=690)
    b.box(0, 678, WIDTH, 14, CREAM)
    b.box(930, 80, 520, 390, CREAM)
    b.wash(SEA, STRAW, top=96, bottom=454)
    b.box(0, 96, 946, 358, mix(MIST, CREAM, 0.45))
    b.box(1434, 96, 166, 358, mix(MIST, CREAM, 0.45))
    b.disc(1330, 190, 46, CREAM)
    for x, s in ((1010, 200), (1130, 150), (1380, 170)):
        b.tree(x, 456, s, mix(TEAL, SEA, 0.3))
    for x, y, w, h in (
        (930, 80, 520, 16),
        (930, 454, 520, 20),
        (930, 80, 16, 390),
        (1434, 80, 16, 390),
        (1184, 80, 12, 390),
    ):
        b.box(x, y, w, h, CREAM)
    for x, w in ((870, 130), (1400, 130)):
        b.poly(
            b.curve(
                [
                    (x, 60),
                    (x + w, 60),
                    (x + w - 16, 300),
                    (x + w, 560),
                    (x, 560),
                    (x + 16, 300),
                    (x, 60),
                ]
            ),
            mix(TEAL, SEA, 0.4),
        )
    b.box(850, 52, 700, 12, BROWN, r=6)
    b.box(290, 120, 150, 150, TEAL, r=24)
    b.box(346, 146, 38, 98, CREAM, r=4)
    b.box(316, 176, 98, 38, CREAM, r=4)
    b.shade(700, 838, 520, 18, 130)
    for x in (250, 1130):
        b.box(x, 640, 20, 180, GREY)
        b.disc(x + 10, 826, 20, INK)
    b.box(226, 430, 34, 320, TAN, r=14)
    b.box(1128, 540, 30, 220, TAN, r=14)
    b.box(250, 660, 890, 56, GREY, r=10)
    b.box(250, 600, 890, 76, CREAM, r=26)
    b.poly(b.curve([(270, 610), (280, 530), (360, 500), (450, 530), (470, 600), (270, 610)]), PAPER)
    b.disc(410, 540, 52, SKIN)
    b.slice(404, 530, 60, 150, 330, INK)
    b.poly(
        b.curve(
            [
                (430, 640),
                (460, 560),
                (560, 528),
                (760, 545),
                (960, 530),
                (1100, 570),
                (1148, 640),
                (1148, 716),
                (430, 716),
                (430, 640),
            ]
        ),
        TEAL,
    )
    b.poly(
        b.curve(
            [(430, 640), (460, 560), (560, 528), (600, 560), (570, 650), (560, 716), (430, 716)]
        ),
        CREAM,
    )
    b.line(b.curve([(700, 580), (760, 640), (740, 704)]), 6, PINE)
    b.line(b.curve([(930, 560), (980, 630), (970, 704)]), 6, PINE)
    b.line([(560, 610), (690, 630)], 30, SKIN)
    b.box(56, 560, 150, 220, TAN, r=8)
    b.box(68, 600, 126, 70, mix(TAN, BROWN, 0.35), r=6)
    b.box(46, 548, 170, 22, BROWN, r=8)
    b.poly([(100, 470), (162, 470), (152, 550), (110, 550)], SEA)
    for x, y, tone in ((96, 410, RED), (132, 380, CORAL), (168, 416, OCHRE)):
        b.line([(131, 474), (x, y)], 6, PINE)
        for k in range(6):
            b.disc(x + 20 * math.cos(k * 1.047), y + 20 * math.sin(k * 1.047), 16, tone)
        b.disc(x, y, 11, STRAW)
    b.line([(1240, 780), (1240, 500)], 60, CREAM)
    b.person(1270, 836, 430, CREAM, INK)
    b.box(1224, 408, 92, 26, CREAM, r=8)
    b.box(1224, 420, 92, 6, TEAL)


@SCENES.picture("classroom", "夜校课堂", "夜校教室里，老师在黑板前讲课，学员坐着听")
def classroom(b: Brush) -> None:
    b.wash(STRAW, SAND, bottom=620)
    b.wash(BROWN, INK, top=620)
    b.box(330, 70, 940, 440, BROWN, r=8)
    b.box(350, 90, 900, 400, PINE)
    b.poly([(350, 90), (650, 90), (450, 490), (350, 490)], veil(SEA, 34))
    b.box(380, 500, 840, 16, TAN)
    for x, tone in ((430, CREAM), (480, RED), (1110, STRAW)):
        b.box(x, 490, 40, 10, tone, r=4)
    b.ring(560, 280, 92, 5, CREAM)
    b.line([(560, 280), (626, 214)], 5, CREAM)
    b.line([(440, 400), (690, 400)], 5, CREAM)
    b.line([(800, 400), (800, 170)], 5, CREAM)
    b.line([(800, 400), (1010, 400)], 5, CREAM)
    b.line(b.curve([(800, 390), (860, 350), (920, 300), (960, 220), (1000, 176)]), 6, CORAL)
    for n in range(3):
        b.line([(700, 190 + n * 50), (760, 190 + n * 50)], 6, SEA)
    for x in (40, 1330):
        b.box(x, 90, 230, 330, CREAM)
        b.box(x + 14, 104, 202, 302, PINE)
        b.disc(x + 150, 170, 26, STRAW)
        b.box(x + 40, 290, 50, 116, INK)
        b.box(x + 100, 250, 66, 156, INK)
        for k in range(4):
            b.box(x + 112 + (k % 2) * 26, 270 + (k // 2) * 40, 14, 20, STRAW)
        b.box(x + 110, 104, 10, 302, CREAM)
    for x in (260, 800, 1340):
        b.line([(x, 0), (x, 40)], 5, INK)
        b.poly([(x - 80, 58), (x + 80, 58), (x + 44, 28), (x - 44, 28)], TEAL)
        b.glow(x, 66, 240, CREAM, 0.6)
    b.person(1110, 640, 360, RED, INK)
    b.line([(1070, 400), (990, 330)], 24, mix(RED, CREAM, 0.12))
    b.line([(990, 330), (960, 270)], 6, CREAM)
    b.box(1010, 560, 230, 26, TAN, r=6)
    b.box(1030, 586, 190, 70, mix(TAN, BROWN, 0.5))
    for row, (y, s) in enumerate(((700, 0.85), (850, 1.15))):
        for n in range(5 - row):
            x = 170 + row * 150 + n * 315
            tone = (TEAL, OCHRE, SLATE, CORAL, SEA, CREAM, WINE)[(n * 2 + row * 3) % 7]
            b.box(x - 19 * s, y - 100 * s, 38 * s, 44 * s, mix(SKIN, BROWN, 0.25))
            b.disc(x, y - 124 * s, 52 * s, (INK, BROWN, GREY)[(n + row) % 3])
            for side in (-1, 1):
                b.oval(x + side * 53 * s, y - 116 * s, 8 * s, 14 * s, SKIN)
            b.poly(
                b.curve(
                    [
                        (x - 110 * s, y + 40),
                        (x - 96 * s, y - 46 * s),
                        (x, y - 78 * s),
                        (x + 96 * s, y - 46 * s),
                        (x + 110 * s, y + 40),
                    ]
                ),
                tone,
            )
            b.box(x - 138 * s, y, 276 * s, 22 * s, TAN, r=5)
            b.box(x - 138 * s, y + 22 * s, 276 * s, 90, mix(TAN, BROWN, 0.45))
            b.poly(
                [
                    (x + 30 * s, y + 2),
                    (x + 100 * s, y + 2),
                    (x + 84 * s, y - 14 * s),
                    (x + 40 * s, y - 14 * s),
                ],
                CREAM,
            )


@SCENES.picture("library", "职工书屋", "高大的书架和梯子，有人坐在灯下读书")
def library(b: Brush) -> None:
    b.wash(WINE, mix(WINE, BROWN, 0.6))
    b.box(0, 0, WIDTH, 730, BROWN)
    tones = (RED, WINE, TEAL, PINE, OCHRE, SAND, SLATE, CORAL, SEA, PAPER)
    for row in range(4):
        floor = 176 + row * 178
        b.wash(mix(BROWN, INK, 0.62), mix(BROWN, INK, 0.45), top=floor - 158, bottom=floor)
        x = 14.0
        while x < WIDTH - 20:
            w, h = b.chance.uniform(17, 44), b.chance.uniform(86, 142)
            tone = b.chance.choice(tones)
            if b.chance.random() < 0.07:
                b.poly(
                    [(x + 30, floor), (x + 30 + w, floor), (x + w, floor - h), (x, floor - h + 8)],
                    tone,
                )
                x += w + 34
                continue
            b.box(x, floor - h, w, h, tone, r=2)
            b.box(x, floor - h, 5, h, mix(tone, CREAM, 0.25))
            b.box(x, floor - h + h * 0.16, w, 6, mix(tone, CREAM, 0.6))
            x += w + 2
        b.box(0, floor, WIDTH, 18, TAN)
        b.box(0, floor + 14, WIDTH, 6, mix(BROWN, INK, 0.4))
    for x in (0, 524, 1060, 1574):
        b.box(x, 0, 26, 740, TAN)
        b.box(x + 18, 0, 8, 740, mix(TAN, BROWN, 0.6))
    b.wash(mix(TAN, BROWN, 0.5), INK, top=738)
    b.glow(560, 500, 520, STRAW, 0.6)
    for foot, top in ((1150, 1230), (1290, 1350)):
        b.line([(foot, 850), (top, 40)], 20, SAND)
    for k in range(9):
        t = (k + 0.6) / 9.6
        b.line([(1150 + 80 * t, 850 - 810 * t), (1290 + 60 * t, 850 - 810 * t)], 13, SAND)
    b.person(1262, 598, 300, TEAL, INK)
    b.line([(1300, 380), (1390, 330)], 22, mix(TEAL, CREAM, 0.14))
    b.box(1380, 284, 26, 76, OCHRE)
    b.shade(440, 850, 360, 18, 160)
    b.box(250, 650, 14, 200, INK)
    b.box(760, 720, 14, 130, INK)
    b.poly(
        b.curve(
            [
                (270, 840),
                (250, 560),
                (300, 520),
                (420, 540),
                (440, 700),
                (640, 700),
                (660, 840),
                (270, 840),
            ]
        ),
        RED,
    )
    b.poly(
        b.curve(
            [(300, 720), (420, 690), (600, 690), (660, 720), (660, 770), (300, 780), (300, 720)]
        ),
        mix(RED, WINE, 0.5),
    )
    b.line([(440, 690), (620, 690), (640, 838)], 50, SLATE)
    b.poly(b.curve([(360, 716), (370, 560), (430, 500), (490, 540), (500, 700), (360, 716)]), OCHRE)
    b.line([(450, 560), (520, 640), (580, 620)], 32, mix(OCHRE, BROWN, 0.25))
    b.disc(452, 456, 50, SKIN)
    b.slice(444, 446, 57, 130, 350, INK)
    b.poly([(560, 640), (600, 560), (640, 584), (612, 656)], CREAM)
    b.poly([(600, 560), (612, 552), (660, 580), (640, 590)], TEAL)
    b.box(730, 330, 12, 510, INK)
    b.poly([(650, 390), (690, 300), (782, 300), (822, 390)], STRAW)
    b.glow(736, 400, 220, CREAM, 0.75)
    b.oval(736, 842, 70, 12, INK)
