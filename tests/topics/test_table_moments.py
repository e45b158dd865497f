"""Moments as hotlines, surveys and Excel write them."""

from datetime import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cms.topics.tables import parse_moment


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-05 14:20:00", (2026, 3, 5, 14, 20)),
        ("2026/3/5", (2026, 3, 5)),
        ("2026/3/5 9:05", (2026, 3, 5, 9, 5)),
        ("2026.3.5", (2026, 3, 5)),
        ("2026年3月5日 14:20", (2026, 3, 5, 14, 20)),
        ("2026年3月5日14时20分30秒", (2026, 3, 5, 14, 20, 30)),
        ("2026年3月5日（星期四）下午2点", (2026, 3, 5, 14)),
        ("2026/3/5 下午2:20", (2026, 3, 5, 14, 20)),
        ("2026/3/5 上午 9:05:07", (2026, 3, 5, 9, 5, 7)),
        ("2026/3/5 上午12:10", (2026, 3, 5, 0, 10)),
        ("2026/3/5 中午12:30", (2026, 3, 5, 12, 30)),
        ("2026/3/5 晚上8点", (2026, 3, 5, 20)),
        ("2026/3/5 晚上12点", (2026, 3, 6)),
        ("2026/3/5 2:20 PM", (2026, 3, 5, 14, 20)),
        ("20260305", (2026, 3, 5)),
        ("202603051420", (2026, 3, 5, 14, 20)),
        ("２０２６－３－５", (2026, 3, 5)),
        ("46086", (2026, 3, 5)),
        ("46086.5972222222", (2026, 3, 5, 14, 20)),
        (" 2026-03-05T14:20:00.123 ", (2026, 3, 5, 14, 20)),
    ],
)
def test_moments_are_read_as_local_time(cell, moment):
    assert parse_moment(cell) == timezone.make_aware(datetime(*moment))


def test_a_zone_that_is_named_counts():
    assert parse_moment("2026-03-05T06:20:00Z") == parse_moment("2026-03-05 14:20")
    assert parse_moment("2026-03-05T14:20:00+08:00") == parse_moment("2026-03-05 14:20")


@pytest.mark.parametrize(
    "cell",
    [
        *("", "未知", "3月5日", "2026年", "2026-02-30", "2026-13-01", "2026/3/5 25:00"),
        *("2026/3/5 10:99", "1999-12-31", "2999-01-01", "36525", "99999", "20261345", "12351"),
        *("13812345678", "0000-00-00", "9999-12-31 24:00", "2026-03-05 14:20 +99:99"),
    ],
)
def test_what_names_no_moment_since_2000_is_none(cell):
    assert parse_moment(cell) is None


@given(
    st.one_of(st.text(max_size=30), st.text(alphabet="0123456789-/年月日:. 上下午晚", max_size=24))
)
def test_any_cell_gives_a_moment_in_the_past_or_none(cell):
    moment = parse_moment(cell)
    assert moment is None or 2000 <= moment.year <= timezone.now().year
