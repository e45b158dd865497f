"""Foreign HTML becomes a few harmless elements."""

import random
import re
import tomllib
from pathlib import Path

import pytest

from cms.news.feeds.clean import ALLOWED, clean, clean_html, plain_text, strip_tags, to_blocks

BASE = "https://www.example.cn/art/1.html"
CASES = tomllib.loads((Path(__file__).parent / "data/clean.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_html_is_cleaned(case):
    source = case["html"]
    if source.startswith("REPEAT"):
        _word, times, tag = source.split()
        source = tag * int(times) + "文"
    cleaned = clean_html(source, BASE)
    assert cleaned == case["clean"]
    assert clean_html(cleaned, BASE) == cleaned


def test_blocks_suit_a_stream_field():
    source = (
        "<h2>一<br>二</h2><p>三 <b>四</b></p><blockquote>五 &amp; 六</blockquote>"
        "<ul><li>七</li></ul><table><tr><td>八</td></tr></table>"
    )
    assert to_blocks(source) == [
        ("heading", "一 二"),
        ("paragraph", "<p>三 <strong>四</strong></p>"),
        ("quote", "五 & 六"),
        ("paragraph", "<ul><li>七</li></ul>"),
        ("table", "<table><tbody><tr><td>八</td></tr></tbody></table>"),
    ]


def test_pictures_are_listed_once_with_their_real_address():
    source = (
        '<img src="/a.jpg"><img src="x.gif" data-src="//img.example.cn/b.jpg"><img src="/a.jpg">'
    )
    assert clean(source, BASE).pictures == (
        "https://www.example.cn/a.jpg",
        "https://img.example.cn/b.jpg",
    )


def test_plain_text_has_a_line_for_each_block_and_no_markup():
    source = "<p>一&nbsp;&lt;b&gt;\x00</p><ul><li>二</li><li>三</li></ul>四<br>五"
    assert plain_text(source) == "一 <b>\n二\n三\n四\n五"


def test_title_is_one_plain_line():
    assert (
        strip_tags(" <b>一</b>\n&amp;ldquo;二&rdquo;\x00 <script>x</script>1 < 2 ")
        == "一 “二” 1 < 2"
    )


def test_any_markup_comes_out_within_the_allow_list():
    chance = random.Random(7)
    pieces = ["<", ">", "</", "/>", "p", "b", "a", "table", "tr", "td", "ul", "li", "svg", "math",
              "script", "style", "img", "h1", "blockquote", " href=", " onclick=", " src=", "'",
              '"', "javascript:", "&lt;", "&#0;", "&", "文", "\x00", "\u3000", "<!--", "-->",
              "<br>", "<![CDATA[", "<ul><li>", "<table><tr><td>", "<p>", "</p>", "<div>",
              "</div>", "<a href='/x'>", "<img src=x>"]  # fmt: skip
    for _round in range(1500):
        source = "".join(chance.choices(pieces, k=chance.randint(1, 40)))
        cleaned = clean_html(source, BASE)
        for tag, attributes in re.findall(r"</?([a-zA-Z0-9]+)([^>]*)>", cleaned):
            assert tag in ALLOWED
            assert re.fullmatch(r'( href="https?://[^"]*"| (col|row)span="\d\d?")*', attributes), (
                cleaned
            )
        assert clean_html(cleaned, BASE) == cleaned
        to_blocks(source)
        plain_text(source)
