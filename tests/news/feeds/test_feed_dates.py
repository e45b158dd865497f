"""Dates as Chinese sites write them (domain.md §8)."""

import random
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cms.news.feeds.dates import SHANGHAI, parse_date

CASES = tomllib.loads((Path(__file__).parent / "data/dates.toml").read_text("utf-8"))
NOW = datetime(2024, 5, 2, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("precision", "text", "expected"),
    [(kind, text, moment) for kind, cases in CASES.items() for text, moment in cases.items()],
)
def test_date_is_read_as_its_author_meant(precision, text, expected):
    moment, found = parse_date(text, NOW)
    assert found == precision
    if not expected:
        assert moment is None
    else:
        assert moment == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)
        assert moment.tzinfo is UTC


def test_date_without_a_year_near_new_year_is_of_last_year():
    new_year = datetime(2025, 1, 1, 0, 10, tzinfo=SHANGHAI)
    assert parse_date("12-31 23:58", new_year)[0] == new_year - timedelta(minutes=12)


def test_leap_day_without_a_year_finds_its_year():
    moment, _precision = parse_date("2月29日 10:00", datetime(2027, 1, 1, tzinfo=UTC))
    assert moment == datetime(2024, 2, 29, 10, tzinfo=SHANGHAI)


def test_no_text_raises_or_gives_a_future_date():
    chance = random.Random(20240501)
    pieces = [*"0123456789-/:. +年月日时分秒前天点半ZT，", "2024", "05", "昨天", "下午", "CST",
              "May", "星期三", "GMT", "\x00", "\ud800", "９", "小时前", "99999999999"]  # fmt: skip
    for _round in range(3000):
        text = "".join(chance.choices(pieces, k=chance.randint(0, 15)))
        moment, precision = parse_date(text, NOW)
        assert (moment is None) == (precision == "unknown")
        assert moment is None or moment <= NOW + timedelta(days=2)
