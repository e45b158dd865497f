"""The same item keeps its key."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cms.news.feeds.keys import MAX_KEY, item_key, normalise_link

LINKS = tomllib.loads((Path(__file__).parent / "data/links.toml").read_text("utf-8"))
DAY = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(("link", "normal"), LINKS.items())
def test_link_is_normalised(link, normal):
    assert normalise_link(link) == normal


def test_guid_goes_before_link_before_title():
    assert item_key("g", "http://a.cn/1", "题", DAY) == "g"
    assert item_key("", "http://A.cn/1#top", "题", DAY) == "http://a.cn/1"
    assert item_key("", "", "题", DAY) == item_key("", "", "题", DAY)
    assert item_key("", "", "题", DAY) != item_key("", "", "题", None)


def test_long_key_is_hashed_to_fit():
    first, second = item_key("g" * 300, "", "题", DAY), item_key("g" * 301, "", "题", DAY)
    assert first != second
    assert len(first) <= MAX_KEY
