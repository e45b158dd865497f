"""Encodings of Chinese feeds (domain.md §8)."""

import random

import pytest

from cms.news.feeds.decode import decode


def test_declaration_tells_the_truth_afterwards():
    text, _how = decode('\r\n<?xml version="1.0" encoding="gb2312" ?><rss/>'.encode("gbk"))
    assert text == '<?xml version="1.0" encoding="utf-8"?><rss/>'


@pytest.mark.parametrize(
    "name", ["no-such-codec", "base64", "rot13", "idna", "utf-8", "gbk", "\0", ""]
)
def test_useless_declaration_does_no_harm(name):
    assert decode("工会新闻".encode("gbk"), name) == ("工会新闻", "gb18030")


def test_short_text_that_looks_like_utf8_by_chance_is_still_decoded():
    assert decode(b"\xff\xfe") == ("", "utf-16-le")


def test_any_bytes_decode():
    chance = random.Random(8)
    for charset in ("", "big5", "shift_jis", "iso-8859-1", "utf-16", "utf-7", "euc-kr", "punycode"):
        for _round in range(50):
            text, how = decode(chance.randbytes(chance.randint(0, 60)), charset)
            assert how
            text.encode("utf-8")
