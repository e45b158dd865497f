"""Options for ECharts, as plain JSON. Lines differ by dash and mark, bars carry decals: what a
chart says can be read without colour, and in words (aria) without eyes. Colours come from the
script, which knows whether the admin is light or dark."""

from collections.abc import Mapping, Sequence
from datetime import date

from cms.analytics import words

_DASHES = ("solid", "dashed", "dotted", [8, 3, 2, 3])
_MARKS = ("circle", "rect", "triangle", "diamond")


def _frame(description: str) -> dict:
    return {
        "aria": {
            "enabled": True,
            "decal": {"show": True},
            "label": {"description": description},
        },
        "grid": {"left": 20, "right": 36, "top": 40, "bottom": 8, "containLabel": True},
        "tooltip": {"confine": True},
    }


def by_day(what: str, days: Sequence[date], lines: Mapping[str, Sequence[int | None]]) -> dict:
    """A line for each channel; `lines`: channel's name → one figure a day, None leaves a gap."""
    return {
        **_frame(describe(what, lines)),
        "tooltip": {"trigger": "axis", "confine": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 32},
        "xAxis": {
            "type": "category",
            "boundaryGap": len(days) == 1,
            "data": [f"{day.month}月{day.day}日" for day in days],
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": list(figures),
                "symbol": _MARKS[number % len(_MARKS)],
                "symbolSize": 7,
                "showAllSymbol": "auto",
                "lineStyle": {"width": 2, "type": _DASHES[number % len(_DASHES)]},
            }
            for number, (name, figures) in enumerate(lines.items())
        ],
    }


def with_table(what: str, days: Sequence[date], lines: Mapping[str, Sequence[int | None]]) -> dict:
    """`by_day` and the table behind it, for the template analytics/lines.html."""
    return {
        "option": by_day(what, days, lines),
        "heads": list(lines),
        "rows": list(zip(days, zip(*lines.values(), strict=True), strict=True))[::-1],
        "is_empty": not any(figure for figures in lines.values() for figure in figures),
    }


def ranking(what: str, bars: Sequence[tuple[str, int]]) -> dict:
    """One bar for each story, the longest on top."""
    said = "；".join(f"{title} {number}" for title, number in bars)
    return {
        **_frame(f"{what}：{said}。"),
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [title for title, _number in bars],
            "axisTick": {"show": False},
            "axisLabel": {"overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar",
                "name": what,
                "data": [number for _title, number in bars],
                "barMaxWidth": 22,
                "label": {"show": True, "position": "right"},
            }
        ],
    }


def describe(what: str, lines: Mapping[str, Sequence[int | None]]) -> str:
    """The chart in one sentence: "阅读：网站共 120，微信共 80。"."""
    sums = [
        f"{name}共 {words.figure(sum(figure for figure in figures if figure is not None))}"
        for name, figures in lines.items()
    ]
    return f"{what}：{'，'.join(sums) or '还没有数据'}。"
