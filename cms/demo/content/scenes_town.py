"""Pictures of the town: courier, rest station, rain, the way home, the riverside."""

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
    sun,
    veil,
)

SCENES = Gallery()


@SCENES.picture("courier_scooter", "骑手穿城", "骑手骑着电动车穿过傍晚的城市")
def courier_scooter(b: Brush) -> None:
    b.wash(PINE, TEAL, CORAL, STRAW, bottom=660)
    sun(b, 1240, 520, 110, STRAW)
    b.skyline(610, 120, 330, mix(TEAL, CORAL, 0.35))
    b.skyline(650, 60, 230, mix(PINE, INK, 0.25), veil(STRAW, 200))
    b.wash(SLATE, INK, top=650)
    b.box(0, 650, WIDTH, 8, mix(SLATE, CREAM, 0.3))
    for n in range(7):
        b.poly(
            [(n * 270 - 80, 838), (n * 270 + 70, 838), (n * 270 + 56, 852), (n * 270 - 100, 852)],
            veil(CREAM, 190),
        )
    for n, y in enumerate((480, 540, 600, 700)):
        b.box(60 + n * 46, y, 250 - n * 24, 6, veil(CREAM, 110), r=3)
    b.shade(800, 812, 310, 16, 150)
    for x in (600, 990):
        b.disc(x, 752, 68, INK)
        b.ring(x, 752, 47, 9, GREY)
        b.disc(x, 752, 12, SAND)
    b.poly(
        b.curve(
            [(560, 650), (640, 610), (740, 640), (800, 720), (700, 748), (600, 700), (560, 650)]
        ),
        RED,
    )
    b.poly([(690, 700), (890, 700), (915, 748), (690, 748)], WINE)
    b.poly(
        b.curve(
            [(880, 740), (916, 610), (952, 500), (985, 500), (970, 600), (960, 720), (880, 740)]
        ),
        RED,
    )
    b.line([(965, 560), (992, 752)], 18, SLATE)
    b.line([(930, 470), (985, 510)], 13, INK)
    b.glow(1060, 560, 120, STRAW, 0.8)
    b.disc(990, 560, 18, STRAW)
    b.box(530, 450, 190, 165, OCHRE, r=14)
    b.box(530, 450, 190, 46, mix(OCHRE, CREAM, 0.35), r=14)
    b.box(606, 540, 40, 40, CREAM, r=20)
    b.line([(770, 620), (880, 640), (868, 724)], 46, PINE)
    b.line([(868, 724), (912, 734)], 26, INK)
    b.poly(
        b.curve(
            [(730, 630), (735, 470), (800, 388), (862, 420), (850, 520), (820, 640), (730, 630)]
        ),
        TEAL,
    )
    b.line([(820, 446), (880, 520), (950, 488)], 34, mix(TEAL, CREAM, 0.16))
    b.line([(764, 560), (838, 566)], 10, STRAW)
    b.disc(852, 352, 48, SKIN)
    b.slice(848, 340, 64, 170, 372, RED)
    b.box(862, 334, 52, 22, veil(INK, 210), r=8)


@SCENES.picture("station_hut", "亮灯的驿站", "雪夜里亮着灯的路边驿站，门口停着电动车")
def station_hut(b: Brush) -> None:
    b.wash(INK, PINE, TEAL, bottom=680)
    b.disc(1330, 150, 60, CREAM)
    b.disc(1304, 138, 54, mix(INK, PINE, 0.45))
    b.skyline(650, 90, 300, mix(PINE, INK, 0.35), veil(STRAW, 130))
    b.wash(MIST, SEA, top=650)
    b.glow(800, 640, 620, STRAW, 0.6)
    b.poly([(560, 700), (1040, 700), (1250, 900), (350, 900)], veil(STRAW, 90))
    b.shade(800, 716, 400, 16, 140)
    b.box(440, 350, 720, 360, TEAL)
    b.box(440, 640, 720, 70, PINE)
    b.box(490, 430, 300, 190, STRAW)
    b.box(850, 430, 150, 280, CREAM)
    b.box(866, 446, 118, 264, STRAW)
    b.box(970, 570, 8, 40, BROWN)
    b.box(1040, 430, 84, 120, STRAW)
    for x, y, w, h in (
        (490, 520, 300, 8),
        (636, 430, 8, 190),
        (490, 430, 300, 8),
        (1040, 486, 84, 8),
    ):
        b.box(x, y, w, h, PINE)
    b.box(520, 560, 60, 60, RED, r=8)
    b.box(532, 534, 36, 30, MIST, r=6)
    b.person(716, 640, 170, CORAL)
    b.box(490, 606, 300, 34, BROWN)
    b.poly([(396, 360), (470, 270), (1130, 270), (1204, 360)], RED)
    b.poly(
        b.curve(
            [
                (392, 352),
                (440, 288),
                (480, 258),
                (800, 250),
                (1120, 258),
                (1160, 288),
                (1208, 352),
                (1100, 322),
                (1000, 336),
                (800, 318),
                (640, 338),
                (500, 320),
                (392, 352),
            ]
        ),
        CREAM,
    )
    for n in range(9):
        x = 470 + n * 80
        b.poly(
            [(x - 30, 360), (x + 50, 360), (x + 44, 402), (x - 24, 402)], RED if n % 2 else CREAM
        )
    b.glow(800, 300, 90, STRAW, 0.9)
    b.disc(800, 300, 24, STRAW)
    b.disc(800, 300, 12, CREAM)
    for x in (1270, 1330):
        b.disc(x + (0 if x < 1300 else 72), 738, 36, INK)
        b.disc(x + (0 if x < 1300 else 72), 738, 15, GREY)
    b.poly(
        b.curve(
            [
                (1236, 690),
                (1300, 664),
                (1360, 700),
                (1390, 720),
                (1412, 580),
                (1432, 580),
                (1414, 736),
                (1270, 738),
                (1236, 690),
            ]
        ),
        RED,
    )
    b.box(1222, 596, 92, 80, OCHRE, r=8)
    b.line([(1396, 570), (1440, 586)], 10, INK)
    b.box(236, 400, 12, 330, INK)
    b.line([(242, 406), (300, 390)], 10, INK)
    b.glow(312, 404, 170, STRAW, 0.8)
    b.slice(312, 402, 30, 0, 180, STRAW)
    b.hills(846, 12, CREAM, 1.2)
    b.person(170, 850, 190, OCHRE, BROWN, 0.6)
    b.line([(204, 770), (262, 850)], 9, BROWN)
    b.poly([(240, 836), (290, 838), (300, 872), (234, 872)], TAN)
    b.flakes(190)


@SCENES.picture("umbrella", "雨中的红伞", "雨中撑开的一把红伞，伞下两个人同行")
def umbrella(b: Brush) -> None:
    b.wash(PINE, TEAL, SEA, bottom=700)
    b.skyline(640, 140, 400, mix(TEAL, SEA, 0.35))
    b.skyline(690, 70, 240, mix(PINE, TEAL, 0.35), veil(STRAW, 150))
    b.wash(mix(PINE, SEA, 0.35), PINE, top=690)
    for _ in range(46):
        x, y = b.chance.uniform(0, WIDTH), b.chance.uniform(712, 890)
        b.oval(x, y, b.chance.uniform(30, 130), 4, veil(MIST, 46))
    for n in range(8):
        b.box(120 + n * 190, 700, 14, b.chance.uniform(50, 170), veil(STRAW, 70), r=6)
    for _ in range(260):
        x, y = b.chance.uniform(-40, WIDTH), b.chance.uniform(-40, 820)
        b.pen.line([x * 2, y * 2, (x - 16) * 2, (y + 58) * 2], fill=veil(MIST, 105), width=4)
    b.oval(800, 846, 300, 22, veil(INK, 120))
    b.oval(800, 850, 220, 12, veil(RED, 90))
    b.person(720, 846, 410, OCHRE, INK, 0.35)
    b.person(884, 846, 380, CREAM, BROWN, 0.35)
    b.line([(800, 590), (800, 330)], 12, INK)
    b.line([(770, 600), (806, 592)], 30, SKIN)
    edge = [
        (300, 450),
        (425, 416),
        (550, 440),
        (675, 410),
        (800, 436),
        (925, 410),
        (1050, 440),
        (1175, 416),
        (1300, 450),
    ]
    dome = b.curve(
        [(300, 450), (390, 290), (560, 180), (800, 136), (1040, 180), (1210, 290), (1300, 450)]
    )
    b.poly([*dome, *reversed(b.curve(edge))], RED)
    for k, tone in (
        (0, WINE),
        (2, mix(RED, WINE, 0.55)),
        (5, mix(RED, CORAL, 0.5)),
        (7, mix(RED, WINE, 0.5)),
    ):
        b.poly(
            [
                (800, 138),
                *b.curve(
                    [edge[k], ((edge[k][0] + edge[k + 1][0]) / 2, edge[k][1] - 28), edge[k + 1]]
                ),
            ],
            tone,
        )
    for n in range(1, 8):
        x, y = edge[n]
        b.line(b.curve([(800, 138), ((800 + x) / 2 + (x - 800) * 0.12, 250), (x, y)]), 4, WINE)
    b.line([(800, 140), (800, 104)], 12, INK)
    for n in range(15):
        a = math.pi + math.pi * n / 14
        x, y = 800 + 510 * math.cos(a), 448 + 330 * math.sin(a)
        b.line([(x, y), (x + 20 * math.cos(a), y - 20)], 4, MIST)


@SCENES.picture("parent_child", "牵手回家", "大人牵着孩子走在路灯下")
def parent_child(b: Brush) -> None:
    b.wash(TEAL, CORAL, STRAW, bottom=680)
    sun(b, 1150, 520, 100, CREAM)
    b.skyline(640, 80, 300, mix(TEAL, BLUSH, 0.55))
    b.skyline(670, 60, 180, mix(PINE, CORAL, 0.3), veil(STRAW, 190))
    b.wash(mix(TAN, CORAL, 0.25), BROWN, top=664)
    b.poly([(0, 900), (0, 800), (1600, 716), (1600, 900)], mix(SAND, TAN, 0.5))
    for n in range(9):
        b.line([(n * 200, 900), (n * 190 + 120, 792 - n * 9)], 3, mix(TAN, BROWN, 0.3))
    for x, s in ((150, 430), (1440, 330)):
        b.tree(x, 790, s, mix(OCHRE, CORAL, 0.35))
    for _ in range(36):
        b.oval(
            b.chance.uniform(20, 700),
            b.chance.uniform(330, 880),
            10,
            5,
            b.chance.choice((OCHRE, CORAL, RED)),
        )
    b.box(1180, 250, 14, 530, INK)
    b.line([(1187, 256), (1100, 226)], 11, INK)
    b.glow(1080, 244, 250, CREAM, 0.9)
    b.slice(1080, 236, 36, 0, 180, CREAM)
    b.poly([(700, 862), (520, 850), (250, 878), (250, 890), (560, 886)], veil(INK, 50))
    b.shade(720, 858, 110, 12, 140)
    b.shade(900, 858, 70, 10, 140)
    b.line([(700, 620), (640, 740), (620, 850)], 48, PINE)
    b.line([(730, 620), (776, 740), (800, 850)], 48, mix(PINE, INK, 0.4))
    for x in (628, 814):
        b.box(x - 34, 838, 70, 22, INK, r=10)
    b.poly(b.curve([(640, 650), (640, 430), (716, 372), (792, 430), (796, 650), (640, 650)]), TEAL)
    b.poly(
        b.curve([(716, 372), (792, 430), (796, 650), (750, 650), (740, 480), (716, 372)]),
        mix(TEAL, PINE, 0.5),
    )
    b.line([(660, 440), (610, 560), (626, 640)], 36, mix(TEAL, CREAM, 0.12))
    b.box(580, 636, 92, 110, BROWN, r=10)
    b.line([(776, 440), (822, 560), (848, 628)], 36, mix(TEAL, PINE, 0.3))
    b.disc(718, 322, 54, SKIN)
    b.slice(712, 312, 61, 150, 372, INK)
    b.line([(884, 740), (866, 850)], 30, SLATE)
    b.line([(922, 740), (946, 850)], 30, SLATE)
    for x in (868, 954):
        b.box(x - 22, 840, 50, 18, RED, r=9)
    b.poly(b.curve([(858, 760), (862, 640), (904, 606), (948, 640), (954, 760), (858, 760)]), OCHRE)
    b.box(930, 630, 54, 92, RED, r=16)
    b.line([(874, 650), (848, 632)], 24, OCHRE)
    b.line([(940, 660), (986, 610)], 22, OCHRE)
    b.disc(848, 632, 17, SKIN)
    b.disc(990, 604, 13, SKIN)
    b.disc(904, 562, 44, SKIN)
    b.slice(904, 552, 50, 160, 380, BROWN)
    b.pen.line([1980, 1208, 2010, 1000, 2090, 760], fill=INK, width=3, joint="curve")
    b.oval(1050, 330, 40, 50, RED)
    b.oval(1036, 312, 10, 15, BLUSH)


@SCENES.picture("park_walk", "江边步道", "江边步道上的树和行人")
def park_walk(b: Brush) -> None:
    b.wash(SEA, MIST, STRAW, bottom=520)
    sun(b, 430, 280, 84, CORAL)
    b.hills(430, 56, mix(SEA, MIST, 0.45), 1.4)
    b.hills(490, 30, mix(SEA, TEAL, 0.35), 2.1)
    b.wash(mix(SEA, CREAM, 0.25), TEAL, top=510, bottom=720)
    for _ in range(60):
        x, y = b.chance.uniform(0, WIDTH), b.chance.uniform(522, 700)
        b.oval(x, y, b.chance.uniform(16, 70), 2.4, veil(CREAM, 110))
    for n in range(14):
        b.oval(430 + b.chance.uniform(-50, 50), 524 + n * 13, 60 - n * 2, 3, veil(CORAL, 130))
    b.line(b.curve([(820, 470), (1180, 330), (1540, 470)]), 12, RED)
    for n in range(13):
        x = 850 + n * 55
        top = 470 - 132 * (1 - ((x - 1180) / 362) ** 2)
        b.line([(x, top), (x, 486)], 4, WINE)
    b.box(700, 482, 900, 14, INK)
    for x in (860, 1180, 1500):
        b.box(x - 14, 490, 28, 90, SLATE)
    b.poly([(560, 566), (690, 566), (668, 592), (580, 592)], WINE)
    b.box(600, 540, 50, 28, CREAM)
    b.poly(
        b.curve([(0, 780), (400, 700), (900, 690), (1600, 730), (1600, 900), (0, 900), (0, 780)]),
        mix(TEAL, PINE, 0.4),
    )
    b.poly(
        b.curve(
            [
                (0, 850),
                (420, 760),
                (900, 744),
                (1600, 790),
                (1600, 880),
                (900, 830),
                (420, 866),
                (120, 900),
                (0, 900),
                (0, 850),
            ]
        ),
        SAND,
    )
    for n in range(28):
        x = n * 60
        y = 768 - 78 * math.sin(math.pi * (x + 100) / 1900)
        b.box(x, y - 62, 8, 70, CREAM)
    b.line(b.curve([(0, 734), (420, 664), (900, 634), (1600, 700)]), 8, CREAM)
    for x, y, s in ((110, 830, 520), (1430, 810, 470), (1560, 860, 560)):
        b.tree(x, y, s, mix(TEAL, PINE, 0.35))
    for x, y, s, c in (
        (480, 826, 190, RED),
        (570, 832, 200, CREAM),
        (760, 806, 176, OCHRE),
        (960, 806, 182, TEAL),
        (1060, 814, 196, CORAL),
        (1250, 832, 205, SLATE),
    ):
        b.shade(x, y, 46, 6, 110)
        b.person(x, y, s, c, INK if c != CREAM else GREY, 0.8)
    b.shade(830, 812, 20, 4, 100)
    b.person(832, 812, 104, RED, BROWN, 0.8)
    for x, y in ((700, 160), (760, 190), (640, 206)):
        b.ring(x - 16, y, 18, 4, SLATE, 200, 330)
        b.ring(x + 16, y, 18, 4, SLATE, 210, 340)
