"""Pictures of tools, cloth, food and tea."""

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
    SKIN,
    SLATE,
    STRAW,
    TAN,
    TEAL,
    WIDTH,
    WINE,
    Brush,
    Gallery,
    desk,
    mix,
    steam,
    veil,
)

SCENES = Gallery()


@SCENES.picture("tools", "工具墙", "扳手、锤子和尺子挂在工具板上")
def tools(b: Brush) -> None:
    b.wash(mix(TEAL, PINE, 0.2), PINE)
    b.glow(560, 200, 760, SEA, 0.55)
    for row in range(12):
        for col in range(25):
            b.disc(44 + col * 64, 40 + row * 58, 5, veil(INK, 110))
    b.wash(TAN, BROWN, top=730)
    b.box(0, 730, WIDTH, 12, SAND)

    def hang(points, width, colour):
        b.line([(x + 12, y + 14) for x, y in points], width, mix(PINE, INK, 0.35))
        b.line(points, width, colour)

    hang([(250, 300), (250, 640)], 44, OCHRE)
    b.box(228, 300, 14, 340, mix(OCHRE, CREAM, 0.4), r=7)
    b.poly([(142, 204), (382, 216), (392, 306), (142, 306)], veil(INK, 90))
    b.poly([(130, 190), (340, 190), (380, 236), (340, 290), (130, 290)], GREY)
    b.poly([(130, 190), (340, 190), (360, 214), (130, 214)], MIST)
    for x, length, tone in ((520, 420, GREY), (650, 340, SLATE)):
        hang([(x, 230), (x, 230 + length)], 36, tone)
        for y, r in ((216, 64), (236 + length, 50)):
            b.disc(x + 8, y + 10, r, veil(INK, 80))
            b.disc(x, y, r, tone)
            b.disc(x, y, r * 0.5, TEAL)
        b.poly([(x - 22, 130), (x + 22, 130), (x + 30, 222), (x - 30, 222)], mix(TEAL, SEA, 0.12))
        b.box(x - 6, 300, 8, length - 90, mix(tone, CREAM, 0.35), r=4)
    hang([(820, 190), (820, 470)], 18, MIST)
    hang([(820, 460), (820, 650)], 54, RED)
    for dx in (-14, 4):
        b.box(816 + dx, 470, 8, 170, WINE, r=4)
    b.poly([(808, 150), (832, 150), (828, 200), (812, 200)], MIST)
    b.poly(
        [(972, 174), (1012, 174), (1012, 650), (1332, 650), (1332, 690), (972, 690)], veil(INK, 90)
    )
    b.poly([(960, 160), (1000, 160), (1000, 638), (1320, 638), (1320, 678), (960, 678)], STRAW)
    for k in range(19):
        b.box(960, 180 + k * 24, 22 if k % 4 == 0 else 13, 4, BROWN)
        if k < 13:
            b.box(1014 + k * 24, 656 - (6 if k % 4 == 0 else 0), 4, 22, BROWN)
    for turn, tone in ((-1, WINE), (1, RED)):
        hang(b.curve([(1230, 400), (1230 + turn * 62, 480), (1230 + turn * 46, 590)]), 34, tone)
    b.poly(
        b.curve(
            [
                (1180, 400),
                (1200, 250),
                (1226, 190),
                (1234, 190),
                (1262, 250),
                (1282, 400),
                (1180, 400),
            ]
        ),
        GREY,
    )
    b.line([(1230, 196), (1230, 330)], 5, INK)
    b.disc(1230, 388, 26, SLATE)
    b.disc(1230, 388, 10, MIST)
    for x, tone in ((1440, OCHRE), (1520, RED)):
        hang([(x, 200), (x, 420)], 12, GREY)
        hang([(x, 400), (x, 560)], 38, tone)
    b.shade(460, 838, 260, 16, 140)
    b.box(220, 744, 480, 92, RED, r=10)
    b.box(220, 744, 480, 28, WINE, r=10)
    b.ring(460, 744, 70, 16, SLATE, 180, 360)
    b.box(436, 762, 48, 32, STRAW, r=6)
    for x, y in ((900, 826), (990, 846), (1090, 822), (1190, 850)):
        b.shade(x, y + 14, 26, 6, 120)
        b.poly(
            [(x + 30 * math.cos(k * 1.047), y + 24 * math.sin(k * 1.047)) for k in range(6)], GREY
        )
        b.oval(x, y, 12, 9, BROWN)


@SCENES.picture("sewing_machine", "缝纫机", "缝纫机和布匹，窗外是厂区")
def sewing_machine(b: Brush) -> None:
    b.wash(BLUSH, PAPER, bottom=640)
    for x in (90, 480, 870, 1260):
        b.box(x, 60, 300, 340, MIST)
        b.box(x, 250, 300, 150, mix(SEA, MIST, 0.4))
        b.poly(
            [
                (x, 300),
                (x + 80, 240),
                (x + 80, 300),
                (x + 160, 240),
                (x + 160, 300),
                (x + 240, 240),
                (x + 240, 300),
                (x + 300, 250),
                (x + 300, 400),
                (x, 400),
            ],
            mix(SEA, TEAL, 0.4),
        )
        b.box(x + 146, 60, 10, 340, CREAM)
        b.box(x, 210, 300, 10, CREAM)
    for n, (x, tone) in enumerate(
        ((40, OCHRE), (110, TEAL), (180, RED), (1450, TEAL), (1520, WINE))
    ):
        h = 190 + (n * 53) % 110
        b.box(x, 640 - h, 62, h, tone, r=10)
        b.oval(x + 31, 640 - h + 6, 31, 13, mix(tone, CREAM, 0.45))
        b.oval(x + 31, 640 - h + 6, 9, 4, BROWN)
    b.wash(TAN, BROWN, top=630)
    b.box(0, 630, WIDTH, 10, SAND)
    b.shade(780, 716, 470, 22, 150)
    b.box(350, 650, 860, 64, PINE, r=14)
    b.box(350, 650, 860, 14, SEA, r=7)
    body = b.curve(
        [
            (1010, 650),
            (1010, 430),
            (950, 388),
            (700, 392),
            (600, 402),
            (560, 440),
            (540, 520),
            (480, 520),
            (470, 380),
            (520, 300),
            (700, 270),
            (1000, 262),
            (1120, 290),
            (1160, 400),
            (1170, 650),
        ]
    )
    b.poly(body, TEAL)
    b.poly(
        b.curve([(1080, 650), (1080, 430), (1060, 300), (1120, 290), (1160, 400), (1170, 650)]),
        PINE,
    )
    b.line(b.curve([(530, 326), (700, 296), (1000, 288)]), 10, SEA)
    b.disc(1190, 420, 88, INK)
    b.disc(1190, 420, 66, GREY)
    b.disc(1190, 420, 22, STRAW)
    b.box(640, 330, 300, 18, STRAW, r=9)
    for x, tone in ((760, RED), (900, OCHRE)):
        b.box(x + 16, 176, 8, 90, SLATE)
        b.box(x, 196, 40, 70, tone, r=5)
        b.box(x - 6, 190, 52, 10, BROWN, r=4)
        b.box(x - 6, 260, 52, 10, BROWN, r=4)
    b.pen.line([1560, 440, 1120, 700, 1040, 820, 1010, 1230], fill=RED, width=5, joint="curve")
    b.box(494, 516, 30, 70, MIST, r=4)
    b.box(505, 580, 8, 66, SLATE)
    b.poly([(468, 632), (550, 632), (542, 650), (476, 650)], GREY)
    cloth = b.curve(
        [
            (60, 760),
            (260, 660),
            (440, 640),
            (620, 646),
            (700, 700),
            (640, 800),
            (420, 880),
            (180, 900),
            (60, 760),
        ]
    )
    b.poly(cloth, RED)
    b.poly(b.curve([(60, 760), (260, 760), (420, 820), (420, 880), (180, 900), (60, 760)]), WINE)
    b.line(b.curve([(300, 690), (460, 670), (640, 690)]), 5, CORAL)
    for k in range(16):
        b.line([(210 + k * 27, 730 - k * 3.2), (224 + k * 27, 728 - k * 3.2)], 4, CREAM)
    for x, tone in ((1270, OCHRE), (1370, CREAM)):
        b.shade(x + 30, 812, 50, 8, 120)
        b.box(x, 740, 66, 72, tone, r=6)
        b.box(x - 8, 732, 82, 14, BROWN, r=5)
        b.box(x - 8, 804, 82, 14, BROWN, r=5)


@SCENES.picture("canteen_bowl", "热饭", "冒热气的碗和筷子，旁边几碟小菜")
def canteen_bowl(b: Brush) -> None:
    b.wash(mix(RED, WINE, 0.35), WINE, bottom=520)
    for n in range(6):
        x = 60 + n * 270
        b.box(x, 60, 200, 300, mix(WINE, INK, 0.25), r=6)
        b.box(x + 14, 74, 172, 272, mix(OCHRE, BROWN, 0.5))
        for k in range(4):
            b.box(x + 14, 110 + k * 62, 172, 10, BROWN)
    for x in (360, 1240):
        b.line([(x, 0), (x, 90)], 6, INK)
        b.glow(x, 150, 330, STRAW, 0.7)
        b.slice(x, 150, 84, 180, 360, TEAL)
        b.oval(x, 150, 70, 12, STRAW)
    desk(b, 510, TAN)
    for n in range(5):
        b.line(
            b.curve([(0, 570 + n * 70), (700, 582 + n * 68), (1600, 566 + n * 72)]),
            3,
            mix(TAN, BROWN, 0.55),
        )
    b.shade(800, 800, 400, 34, 160)
    b.slice(800, 520, 350, 6, 174, TEAL)
    b.slice(800, 520, 350, 6, 70, mix(TEAL, PINE, 0.5))
    b.box(690, 836, 220, 32, PINE, r=10)
    b.oval(800, 548, 352, 92, CREAM)
    b.oval(800, 552, 326, 78, mix(OCHRE, BROWN, 0.25))
    b.oval(800, 556, 312, 66, OCHRE)
    for n in range(13):
        x = 560 + n * 24
        b.line(
            b.curve(
                [
                    (x, 560 + 16 * math.sin(n)),
                    (x + 60, 528 + 10 * math.cos(n * 2)),
                    (x + 130, 566),
                    (x + 190, 556 + 10 * math.sin(n)),
                ]
            ),
            11,
            STRAW if n % 2 else CREAM,
        )
    for x, y in ((640, 540), (700, 586), (900, 590), (980, 545)):
        b.disc(x, y, 20, TEAL)
        b.disc(x + 14, y + 6, 14, SEA)
    for x in (860, 770):
        b.oval(x, 536, 66, 34, CREAM)
        b.disc(x, 532, 24, CORAL)
    for x, y, tone, bits in ((300, 700, RED, SEA), (1310, 690, CREAM, RED)):
        b.shade(x, y + 36, 140, 16, 130)
        b.oval(x, y, 150, 50, tone)
        b.oval(x, y - 6, 122, 36, mix(tone, INK, 0.18))
        for k in range(16):
            a = k * 2.4
            b.disc(
                x + 22 * math.sqrt(k) * math.cos(a),
                y - 14 + 7 * math.sqrt(k) * math.sin(a),
                17,
                mix(bits, STRAW, (k % 3) * 0.22),
            )
    b.shade(1250, 850, 260, 8, 110)
    b.line([(1010, 852), (1530, 792)], 15, WINE)
    b.line([(1010, 880), (1540, 838)], 15, WINE)
    steam(b, 800, 500, 380)


@SCENES.picture("tea_circle", "围坐", "几个人围着圆桌喝茶聊天，灯光温暖")
def tea_circle(b: Brush) -> None:
    b.wash(PINE, mix(PINE, TEAL, 0.6), bottom=900)
    b.glow(800, 430, 760, OCHRE, 0.65)
    b.box(120, 90, 260, 330, INK)
    b.box(136, 106, 228, 298, mix(PINE, INK, 0.4))
    b.disc(300, 170, 28, CREAM)
    b.box(244, 106, 10, 298, BROWN)
    b.box(1230, 160, 220, 150, BROWN)
    b.box(1244, 174, 192, 122, SEA)
    b.poly([(1244, 296), (1300, 220), (1350, 260), (1390, 210), (1436, 296)], TEAL)
    b.line([(800, 0), (800, 130)], 6, INK)
    b.glow(800, 230, 420, STRAW, 0.9)
    b.poly([(660, 220), (730, 120), (870, 120), (940, 220)], RED)
    b.oval(800, 220, 140, 16, STRAW)
    people = (
        (270, 560, TEAL, INK),
        (520, 470, CREAM, BROWN),
        (800, 446, OCHRE, INK),
        (1080, 470, SEA, GREY),
        (1330, 560, CORAL, INK),
    )
    for x, y, coat, hair in people:
        b.poly(
            b.curve(
                [
                    (x - 130, y + 190),
                    (x - 112, y + 40),
                    (x, y - 6),
                    (x + 112, y + 40),
                    (x + 130, y + 190),
                ]
            ),
            coat,
        )
        b.poly(
            b.curve(
                [
                    (x + 40, y + 4),
                    (x + 112, y + 40),
                    (x + 130, y + 190),
                    (x + 70, y + 190),
                    (x + 40, y + 4),
                ]
            ),
            mix(coat, INK, 0.16),
        )
        b.box(x - 22, y - 40, 44, 60, mix(SKIN, BROWN, 0.2), r=16)
        b.disc(x, y - 74, 62, SKIN)
        b.slice(x, y - 86, 69, 160, 380, hair)
        b.disc(x - 22, y - 66, 5, INK)
        b.disc(x + 22, y - 66, 5, INK)
        b.ring(x, y - 52, 17, 4, WINE, 20, 160)
    b.shade(800, 858, 720, 30, 150)
    b.oval(800, 760, 720, 130, BROWN)
    b.oval(800, 740, 720, 130, TAN)
    b.oval(800, 736, 690, 116, mix(TAN, SAND, 0.45))
    for x, y, _, _ in people:
        cx, cy = 800 + (x - 800) * 0.86, 700 + (y - 446) * 0.52
        b.shade(cx, cy + 26, 40, 6, 110)
        b.box(cx - 30, cy - 30, 60, 56, CREAM, r=14)
        b.oval(cx, cy - 28, 30, 9, OCHRE)
        b.ring(cx + 34, cy - 4, 16, 7, CREAM, 270, 90)
        steam(b, cx, cy - 34, 90)
    b.shade(800, 812, 110, 12, 130)
    b.oval(800, 762, 96, 62, RED)
    b.oval(800, 714, 48, 14, WINE)
    b.disc(800, 700, 12, OCHRE)
    b.line(b.curve([(888, 772), (936, 750), (952, 712)]), 20, RED)
    b.ring(702, 756, 38, 14, WINE, 90, 270)
