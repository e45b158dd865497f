"""Still lifes on a table or a wall."""

import math

from cms.demo.content.brush import (
    BLUSH,
    BROWN,
    CREAM,
    GREY,
    HEIGHT,
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
    room,
    steam,
    veil,
)

SCENES = Gallery()


@SCENES.picture("helmet_gloves", "安全帽与手套", "安全帽和一双手套放在木箱上")
def helmet_gloves(b: Brush) -> None:
    room(b, MIST, SEA, 560, BROWN)
    for x in (90, 1250):
        b.box(x, 90, 250, 12, PINE)
        for k in range(4):
            b.box(x + 20 + k * 58, 40 + (k % 2) * 14, 40, 50 - (k % 2) * 14, mix(TEAL, PINE, k / 4))
    b.shade(800, 790, 560, 26, 150)
    b.box(320, 560, 960, 230, TAN)
    for y in (560, 640, 718):
        b.box(320, y, 960, 6, mix(TAN, BROWN, 0.6))
    for x in (320, 1240):
        b.box(x, 560, 40, 230, mix(TAN, BROWN, 0.45))
    b.shade(660, 556, 330, 16, 130)
    b.slice(660, 520, 255, 180, 360, OCHRE)
    b.poly(
        b.curve(
            [(660, 266), (820, 300), (905, 420), (914, 520), (800, 520), (770, 380), (660, 266)]
        ),
        mix(OCHRE, BROWN, 0.28),
    )
    for dx in (-90, 0, 90):
        b.line(
            b.curve([(660 + dx * 0.5, 272), (660 + dx, 380), (660 + dx * 1.2, 516)]),
            18,
            mix(OCHRE, CREAM, 0.4),
        )
    b.box(368, 508, 600, 38, mix(OCHRE, BROWN, 0.12), r=19)
    b.box(368, 508, 600, 12, mix(OCHRE, CREAM, 0.45), r=6)
    b.box(624, 420, 72, 24, RED, r=12)
    for ox, oy, c in ((1050, 540, mix(RED, INK, 0.15)), (1150, 556, RED)):
        b.line([(ox - 30, oy - 140), (ox + 10, oy - 10)], 94, c)
        for k, (dx, dy) in enumerate(((-90, -196), (-52, -236), (-8, -244), (34, -226))):
            b.line([(ox - 50 + k * 20, oy - 120), (ox + dx, oy + dy)], 31, c)
        b.line([(ox + 2, oy - 110), (ox + 66, oy - 166)], 32, c)
        b.line([(ox - 30, oy - 4), (ox + 54, oy - 26)], 42, CREAM)
        b.line([(ox - 34, oy - 30), (ox + 44, oy - 50)], 6, mix(c, INK, 0.35))


@SCENES.picture("scales", "天平", "一架黄铜天平立在窗前")
def scales(b: Brush) -> None:
    b.wash(PINE, TEAL, bottom=720)
    b.glow(800, 360, 620, SEA, 0.75)
    for n in range(7):
        b.box(80 + n * 230, 0, 60, 720, veil(PINE, 120))
        b.box(74 + n * 230, 0, 72, 26, veil(INK, 70))
    desk(b, 700, mix(BROWN, WINE, 0.3))
    b.shade(800, 800, 280, 22, 170)
    light, dark = STRAW, mix(OCHRE, BROWN, 0.45)
    b.box(620, 762, 360, 34, dark, r=14)
    b.box(670, 728, 260, 38, OCHRE, r=14)
    b.poly([(782, 740), (790, 250), (810, 250), (818, 740)], OCHRE)
    b.poly([(800, 250), (810, 250), (818, 740), (800, 740)], dark)
    for y in (330, 640):
        b.box(770, y, 60, 22, light, r=10)
    left, right = (470, 276), (1130, 276)
    b.line(b.curve([left, (640, 262), (800, 236), (960, 262), right]), 20, OCHRE)
    b.line(b.curve([left, (640, 256), (800, 230), (960, 256), right]), 5, light)
    b.disc(800, 226, 34, light)
    b.disc(800, 226, 18, RED)
    for (x, y), pile in ((left, 0), (right, 1)):
        for dx in (-150, 150):
            b.line([(x, y), (x + dx, 540)], 4, light)
        b.slice(x, 540, 168, 0, 180, dark)
        b.slice(x, 536, 156, 0, 180, OCHRE)
        b.box(x - 172, 528, 344, 16, light, r=8)
        if pile:
            for k in range(3):
                b.box(x - 96 + k * 10, 500 - k * 26, 190 - k * 22, 26, (RED, CREAM, TEAL)[k], r=4)
        else:
            b.line([(x - 60, 520), (x + 30, 410)], 20, BROWN)
            b.poly([(x - 10, 420), (x + 40, 360), (x + 100, 412), (x + 48, 470)], GREY)
            b.ring(x + 70, 480, 40, 20, SLATE, 40, 330)


@SCENES.picture("law_book", "灯下的法律书", "台灯照着一本摊开的书")
def law_book(b: Brush) -> None:
    b.wash(INK, PINE, TEAL, bottom=640)
    b.box(980, 60, 470, 420, mix(PINE, INK, 0.5))
    for y in (190, 330, 470):
        b.box(980, y, 470, 12, BROWN)
        x = 992.0
        while x < 1420:
            w, h = b.chance.uniform(20, 46), b.chance.uniform(76, 120)
            b.box(x, y - h, w, h, b.chance.choice((WINE, RED, TEAL, OCHRE, SLATE, TAN)))
            b.box(x, y - h + 16, w, 6, veil(CREAM, 120))
            x += w + 3
    b.glow(640, 560, 640, STRAW, 0.8)
    desk(b, 620, mix(BROWN, WINE, 0.25))
    b.glow(700, 740, 520, OCHRE, 0.55)
    b.box(330, 250, 16, 440, SLATE)
    b.box(250, 690, 180, 26, INK, r=12)
    b.line([(338, 260), (480, 160)], 15, SLATE)
    b.poly([(430, 190), (520, 96), (690, 250), (540, 330)], RED)
    b.poly([(540, 330), (690, 250), (700, 268), (548, 352)], STRAW)
    b.shade(850, 830, 470, 24, 170)
    b.poly([(380, 812), (850, 836), (1330, 812), (1230, 600), (850, 640), (480, 600)], WINE)
    for n, tone in enumerate((mix(SAND, BROWN, 0.25), SAND, PAPER, CREAM)):
        up = n * 8
        left = b.curve([(400 - n * 3, 802 - up), (620, 770 - up), (850, 812 - up)])
        b.poly(
            [
                *left,
                (850, 630 - up),
                *reversed(b.curve([(498, 594 - up), (690, 580 - up), (850, 630 - up)])),
            ],
            tone,
        )
        right = b.curve([(850, 812 - up), (1080, 770 - up), (1310 + n * 3, 802 - up)])
        b.poly(
            [*right, *reversed(b.curve([(850, 630 - up), (1010, 580 - up), (1212, 594 - up)]))],
            mix(tone, INK, 0.04),
        )
    for k in range(7):
        t = k / 7
        y = 606 + t * 160
        b.line(
            b.curve([(516 - t * 80, y + 4), (680, y - 10 + t * 8), (820, y + 22)]),
            5,
            veil(GREY, 150),
        )
        b.line(
            b.curve([(882, y + 22), (1020, y - 10 + t * 8), (1186 + t * 80, y + 4)]),
            5,
            veil(GREY, 150),
        )
    b.poly([(842, 600), (862, 600), (872, 860), (854, 838), (836, 862)], RED)


@SCENES.picture("calendar_mark", "圈起的日子", "墙上的日历，有一天被红笔圈起")
def calendar_mark(b: Brush) -> None:
    room(b, MIST, mix(SEA, MIST, 0.4), 740, TAN)
    b.box(502, 106, 640, 590, veil(INK, 60), r=10)
    b.box(480, 84, 640, 590, CREAM, r=10)
    b.box(480, 84, 640, 130, RED, r=10)
    b.box(480, 180, 640, 34, RED)
    for n in range(9):
        x = 530 + n * 67
        b.disc(x, 110, 13, WINE)
        b.line([(x, 66), (x, 108)], 9, SLATE)
    b.box(560, 142, 220, 26, veil(CREAM, 220), r=13)
    b.box(960, 142, 90, 26, veil(CREAM, 140), r=13)
    for row in range(5):
        for col in range(7):
            x, y = 520 + col * 81, 240 + row * 84
            weekend = col in (0, 6)
            b.box(x, y, 66, 68, mix(PAPER, BLUSH, 0.45) if weekend else PAPER, r=8)
            if row * 7 + col < 31:
                b.box(x + 18, y + 26, 30, 14, RED if weekend else GREY, r=7)
            if row * 7 + col in (9, 10, 11, 12, 15):
                b.line([(x + 14, y + 54), (x + 52, y + 12)], 6, TEAL)
    b.ring(877, 442, 58, 11, RED, 20, 350)
    b.ring(880, 446, 64, 8, RED, 200, 380)
    b.shade(1180, 786, 190, 12, 120)
    b.line([(1010, 800), (1330, 760)], 28, RED)
    b.poly([(1010, 786), (962, 812), (1014, 816)], SAND)
    b.line([(1330, 760), (1372, 755)], 28, INK)
    b.shade(270, 800, 110, 14, 120)
    b.poly([(170, 650), (370, 650), (340, 800), (200, 800)], WINE)
    b.box(158, 626, 224, 40, RED, r=8)
    for k in range(9):
        a = math.radians(200 + k * 17.5)
        tip = (270 + 230 * math.cos(a), 640 + 250 * math.sin(a))
        mid = (270 + 120 * math.cos(a) - 16, 640 + 130 * math.sin(a) - 14)
        b.poly(
            b.curve([(262, 630), mid, tip, (mid[0] + 42, mid[1] + 30), (278, 630)]),
            mix(TEAL, PINE, (k % 3) / 3),
        )


@SCENES.picture("payslip_coins", "工资条与硬币", "桌上的工资条、计算器和几摞硬币")
def payslip_coins(b: Brush) -> None:
    b.wash(mix(TEAL, PINE, 0.3), PINE)
    for n in range(24):
        b.box(n * 70, 0, 2, HEIGHT, veil(INK, 40))
    b.glow(560, 260, 760, SEA, 0.5)
    b.poly([(270, 150), (900, 70), (1010, 770), (380, 850)], veil(INK, 110))
    b.poly([(250, 130), (880, 50), (990, 750), (360, 830)], CREAM)
    b.poly([(250, 130), (880, 50), (894, 140), (264, 220)], RED)

    def on_slip(u: float, v: float) -> tuple[float, float]:
        return 250 + 630 * u + 110 * v, 130 - 80 * u + 700 * v

    for row in range(7):
        v = 0.22 + row * 0.09
        b.line([on_slip(0.07, v), on_slip(0.34 + 0.06 * (row % 3), v)], 17, GREY)
        b.line([on_slip(0.72 - 0.04 * (row % 2), v), on_slip(0.92, v)], 17, SLATE)
        b.line([on_slip(0.07, v + 0.045), on_slip(0.92, v + 0.045)], 2, SAND)
    b.line([on_slip(0.07, 0.9), on_slip(0.3, 0.9)], 22, INK)
    b.line([on_slip(0.62, 0.9), on_slip(0.92, 0.9)], 26, RED)
    b.line([on_slip(0.1, 0.07), on_slip(0.46, 0.07)], 20, CREAM)
    for x, count in ((1080, 9), (1240, 6), (1400, 12)):
        b.shade(x + 20, 806, 100, 26, 150)
        for k in range(count):
            y = 790 - k * 27
            shift = 5 * math.sin(k * 2.1 + x)
            b.oval(x + shift, y, 80, 32, mix(OCHRE, BROWN, 0.5))
            b.box(x + shift - 80, y - 18, 160, 18, mix(OCHRE, BROWN, 0.28))
            b.oval(x + shift, y - 18, 80, 32, OCHRE)
        y = 790 - (count - 1) * 27 - 18
        b.oval(x + shift, y, 62, 23, STRAW)
        b.oval(x + shift, y, 50, 17, OCHRE)
    b.shade(150, 800, 70, 20, 120)
    b.oval(150, 790, 74, 60, mix(OCHRE, BROWN, 0.5))
    b.oval(146, 784, 72, 58, OCHRE)
    b.oval(146, 784, 54, 42, STRAW)
    b.line([(1050, 200), (1420, 110)], 26, WINE)
    b.line([(1360, 125), (1420, 110)], 26, OCHRE)
    b.poly([(1052, 187), (1000, 212), (1056, 213)], STRAW)


@SCENES.picture("snow_cup", "雪窗与热水", "窗外下雪，窗台上一杯热水冒着热气")
def snow_cup(b: Brush) -> None:
    b.wash(WINE, mix(WINE, BROWN, 0.5))
    b.box(200, 50, 1200, 640, BROWN, r=8)
    b.wash(PINE, TEAL, SEA, MIST, top=80, bottom=660)
    b.skyline(610, 60, 230, mix(TEAL, MIST, 0.3), veil(STRAW, 220))
    b.hills(630, 18, CREAM, 1.4)
    for x, s in ((340, 170), (1270, 210), (1120, 120)):
        for k in range(3):
            w = s * (0.42 - k * 0.1)
            y = 640 - k * s * 0.3
            b.poly([(x - w, y), (x + w, y), (x, y - s * 0.52)], PINE)
            b.poly(
                [(x - w * 0.5, y - s * 0.27), (x + w * 0.5, y - s * 0.27), (x, y - s * 0.52)], CREAM
            )
    b.flakes(190, 84, 640)
    for x, w in ((0, 210), (1390, 210)):
        b.box(x, 0, w, 700, mix(WINE, BROWN, 0.25))
    b.box(0, 0, WIDTH, 80, mix(WINE, BROWN, 0.25))
    b.box(200, 50, 1200, 30, BROWN)
    for x in (200, 786, 1370):
        b.box(x, 50, 30, 640, BROWN)
        b.box(x, 50, 8, 640, TAN)
    b.box(200, 330, 1200, 20, BROWN)
    for x, turn in ((0, 1), (WIDTH, -1)):
        b.poly(
            b.curve(
                [
                    (x, 0),
                    (x + turn * 330, 0),
                    (x + turn * 260, 260),
                    (x + turn * 170, 520),
                    (x, 640),
                    (x, 0),
                ]
            ),
            RED,
        )
        for k in range(4):
            b.line(
                b.curve(
                    [
                        (x + turn * (70 + k * 64), 0),
                        (x + turn * (56 + k * 52), 240),
                        (x + turn * (30 + k * 36), 530 - k * 12),
                    ]
                ),
                5,
                WINE,
            )
    b.wash(TAN, BROWN, top=670)
    b.box(0, 670, WIDTH, 10, SAND)
    b.glow(800, 640, 360, STRAW, 0.55)
    b.shade(810, 812, 220, 20, 150)
    b.oval(800, 808, 210, 26, CREAM)
    b.oval(800, 802, 180, 18, SAND)
    b.ring(950, 660, 66, 24, TEAL, 270, 90)
    b.poly([(650, 570), (950, 570), (922, 800), (678, 800)], TEAL)
    b.poly([(840, 570), (950, 570), (922, 800), (830, 800)], mix(TEAL, PINE, 0.5))
    b.box(654, 640, 288, 26, CREAM)
    b.oval(800, 570, 150, 30, mix(TEAL, CREAM, 0.3))
    b.oval(800, 572, 132, 22, mix(OCHRE, BROWN, 0.4))
    steam(b, 800, 560, 330)


@SCENES.picture("phone_message", "来信", "一只手握着手机，屏幕上弹出消息气泡")
def phone_message(b: Brush) -> None:
    b.wash(TEAL, SEA, MIST)
    b.skyline(760, 80, 320, mix(SEA, TEAL, 0.35))
    b.skyline(840, 60, 240, mix(TEAL, PINE, 0.4), veil(STRAW, 120))
    b.glow(800, 420, 620, CREAM, 0.7)
    b.poly(
        b.curve(
            [
                (640, 900),
                (600, 720),
                (610, 560),
                (680, 520),
                (960, 540),
                (1010, 640),
                (1000, 780),
                (1080, 900),
            ]
        ),
        mix(SKIN, BROWN, 0.18),
    )
    b.box(636, 108, 348, 676, veil(INK, 80), r=46)
    b.box(624, 90, 348, 676, INK, r=46)
    b.box(640, 106, 316, 644, CREAM, r=34)
    b.box(640, 106, 316, 96, RED, r=34)
    b.box(640, 160, 316, 42, RED)
    b.box(744, 118, 108, 18, WINE, r=9)
    b.disc(690, 172, 18, CREAM)
    b.box(722, 162, 130, 18, veil(CREAM, 220), r=9)
    for y, w, mine, rows in (
        (226, 210, False, 2),
        (326, 180, True, 1),
        (400, 236, False, 3),
        (530, 200, True, 2),
    ):
        x = 936 - w if mine else 660
        h = 30 + rows * 26
        b.box(x, y, w, h, TEAL if mine else MIST, r=18)
        for k in range(rows):
            b.box(
                x + 20,
                y + 20 + k * 26,
                w - 40 - (k == rows - 1) * 46,
                11,
                mix(TEAL, CREAM, 0.7) if mine else GREY,
                r=5,
            )
    b.box(660, 660, 216, 54, MIST, r=27)
    b.disc(912, 687, 27, RED)
    b.poly([(902, 675), (928, 687), (902, 699)], CREAM)
    for k, y in enumerate((590, 650, 708, 762)):
        b.line([(990 + 10 * k, y + 16), (944, y)], 50, SKIN)
        b.disc(930, y - 2, 16, mix(SKIN, CREAM, 0.55))
    b.line(b.curve([(616, 800), (606, 660), (640, 560)]), 62, SKIN)
    b.poly(
        b.curve([(560, 900), (590, 840), (720, 800), (940, 800), (1090, 850), (1130, 900)]), SKIN
    )
    b.poly([(520, 900), (560, 858), (1130, 858), (1170, 900)], WINE)
    for x, y, w, h, tone, turn in (
        (180, 200, 340, 170, CREAM, 1),
        (1090, 130, 320, 150, RED, -1),
        (1130, 400, 260, 130, CREAM, -1),
        (260, 470, 230, 120, OCHRE, 1),
    ):
        b.box(x + 8, y + 12, w, h, veil(INK, 46), r=40)
        b.box(x, y, w, h, tone, r=40)
        tip = x + w - 50 if turn > 0 else x + 50
        b.poly([(tip - 22, y + h - 6), (tip + 22, y + h - 6), (tip + turn * 40, y + h + 42)], tone)
        ink = GREY if tone == CREAM else CREAM
        for k in range(max(1, int(h // 60))):
            b.box(x + 40, y + 38 + k * 40, w - 80 - k * 60, 16, ink, r=8)
    b.disc(1392, 148, 32, OCHRE)
    b.disc(1392, 148, 13, CREAM)
