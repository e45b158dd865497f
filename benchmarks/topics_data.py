"""Made-up voices for the benchmark of detection: as many as wanted, the same ones each time.

A day is a function of its number alone, so any day can be made without those before it. Of a
day's voices, in the order of `SHARES`:

* **issue**: every other day an issue begins at one workplace and lasts three weeks; it has a
  workplace, a theme and three words of its own, and rises and falls like a triangle;
* **theme**: a lasting grievance (wages, hours, heat …) at a workplace drawn by Zipf's law;
* **copy**: what another voice of the day said, with other digits and marks, or a word more;
* **noise**: words only.

Each text is one of many sentence frames around a workplace, a phrase of the theme and words of the
segmenter's dictionary drawn in proportion to their frequency (Zipf's law), 30 characters on
average. People are drawn by Zipf's law too: some write much.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from cms.topics.detection import Said
from search.text import segment

START = date(2020, 1, 1)
PER_DAY = 1000
#: Shares of a day's voices: issue, theme, copy; the rest is noise.
SHARES = (0.10, 0.50, 0.05)
#: An issue begins every so many days and lasts so many.
EVERY, LASTS = 2, 21
WORKPLACES, PEOPLE, WORDS = 3_000, 60_000, 12_000

THEMES = (
    ("工资拖欠", "三个月没发工资", "工钱一直不给结", "薪水拖着不发", "欠薪没人管"),
    ("天天加班", "加班费不给算", "一个月休一天", "上班十二个小时", "周末强制加班"),
    ("车间没有空调", "高温津贴没发", "热得有人中暑", "防暑降温用品没有", "太热干不动"),
    ("食堂饭菜变质", "食堂又涨价", "吃了食堂拉肚子", "饭菜里有虫", "食堂不干净"),
    ("社保没有缴", "公积金少交了", "社保断缴半年", "不给买保险", "社保基数太低"),
    ("无故辞退工人", "逼着我们签离职", "裁员没有补偿", "合同到期不续", "被口头开除"),
    ("没有防护口罩", "粉尘太大", "噪音震耳朵", "机器没有护栏", "出了工伤不报"),
    ("宿舍漏水", "宿舍没有热水", "宿舍停电", "住十二个人一间", "宿舍收费太高"),
    ("平台扣钱", "差评就罚款", "派单时间太短", "封号没有理由", "配送费又降"),
    ("班车取消", "班车老晚点", "停车没地方", "通勤要两小时", "厂门口没有路灯"),
    ("会费去哪了", "工会不管事", "福利没有发", "活动不通知", "困难补助申请不到"),
    ("体检没安排", "产假不批", "孕妇安排夜班", "病假扣全勤", "年假休不了"),
)
FRAMES = (
    "{where}{what}，{a}{b}{c}",
    "{a}{where}的{what}，{b}怎么办",
    "我在{where}上班，{what}，{a}{b}",
    "请问{where}{what}{a}{b}{c}",
    "{what}！{where}{a}，{b}{c}没人回复",
    "{where}{a}{b}说{what}，{c}",
    "{a}，{where}{what}已经{n}天了{b}",
    "反映{where}{b}{what}{a}{c}，希望解决",
    "{where}老员工，{what}，{a}{b}{c}",
    "{b}{what}，{a}都知道，{where}{c}",
)
#: What many add: words only.
TAILS = (
    "",
    "，{d}{e}",
    "，{d}{e}{f}，{g}{h}",
    "。{d}{e}{f}{g}，{h}{i}",
    "，{d}{e}，{f}{g}{h}{i}{j}{k}",
)
NOISE = ("{a}{b}{c}{d}，{e}{f}{g}", "{a}{b}，{c}{d}{e}{f}", "{a}{b}{c}，{d}{e}，{f}{g}{h}")
LETTERS = "abcdefghijk"
KINDS = ("电子厂", "物流园", "服装厂", "工地", "医院", "食品公司", "站点", "物业", "学校", "商场")
SYLLABLES = "金鑫泰华盛达宏恒永兴丰瑞安康福顺利通源信德荣昌隆嘉和美佳新东方星海天龙江山云翔博远"


@cache
def _words() -> tuple[list[str], list[int]]:
    """The most frequent words of two and three characters, and their summed frequencies."""
    known = segment.dictionary()
    telling = [
        (frequency, word)
        for word, (frequency, tag) in known.items()
        if 2 <= len(word) <= 3 and tag[0] in "nvad" and word.isalpha()
    ]
    telling.sort(reverse=True)
    chosen = telling[:WORDS]
    return [word for _frequency, word in chosen], list(accumulate(f for f, _word in chosen))


@cache
def _zipf(number: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(2, number + 2)))


def _workplace(number: int) -> str:
    rng = random.Random(f"workplace/{number}")
    return "".join(rng.choices(SYLLABLES, k=3)) + KINDS[number % len(KINDS)]


def day_of(number: int) -> date:
    return START + timedelta(days=number)


def voices(number: int, per_day: int = PER_DAY) -> Iterator[Said]:
    """The voices of the day of that number, 0 the first."""
    rng = random.Random(f"day/{number}")
    words, weights = _words()
    issues = _issues(number)
    made: list[str] = []
    for at in range(per_day):
        free = rng.choices(words, cum_weights=weights, k=len(LETTERS))
        chance = rng.random()
        if chance < SHARES[0] and issues:
            text = _issue(
                rng.choices([i for i, _w in issues], [w for _i, w in issues])[0], rng, free
            )
        elif chance < SHARES[0] + SHARES[1]:
            place = rng.choices(range(WORKPLACES), cum_weights=_zipf(WORKPLACES))[0]
            text = _fill(rng, _workplace_cached(place), rng.choice(rng.choice(THEMES)), free)
        elif chance < sum(SHARES) and made:
            text = _altered(rng.choice(made), rng, free)
        else:
            text = _worded(rng.choice(NOISE) + rng.choice(TAILS), free)
        made.append(text)
        person = rng.choices(range(PEOPLE), cum_weights=_zipf(PEOPLE))[0]
        yield Said(f"{number:05d}-{at:05d}", day_of(number), f"p{person}", text)


_workplace_cached = cache(_workplace)


def _issues(number: int) -> list[tuple[int, int]]:
    """The issues that are alive on a day, each with its weight on it."""
    first = max(0, (number - LASTS) // EVERY + 1)
    alive = range(first, number // EVERY + 1)
    return [
        (issue, 1 + min(age, LASTS - age)) for issue in alive for age in [number - issue * EVERY]
    ]


def _issue(issue: int, rng: random.Random, free: list[str]) -> str:
    own = random.Random(f"issue/{issue}")
    words, weights = _words()
    place = _workplace(WORKPLACES + issue)
    theme = own.choice(THEMES)
    told = own.choices(words, cum_weights=weights, k=3)
    return _fill(
        rng,
        place,
        own.choice(theme) if rng.random() < 0.6 else rng.choice(theme),
        [*rng.sample(told, 2), *free],
    )


def _fill(rng: random.Random, where: str, what: str, free: list[str]) -> str:
    return _worded(
        rng.choice(FRAMES) + rng.choice(TAILS), free, where=where, what=what, n=rng.randint(2, 60)
    )


def _worded(frame: str, free: list[str], **more: object) -> str:
    return frame.format(**dict(zip(LETTERS, free, strict=False)), **more)


def _altered(text: str, rng: random.Random, free: list[str]) -> str:
    return rng.choice((f"{text}！！", f"{text}{rng.randint(1, 99)}", f"{free[0]}，{text}", text))
