"""Feeds never come from the organisation's own network (domain.md §8)."""

import tomllib
from pathlib import Path

import pytest

from cms.news.feeds.addresses import is_public, refuse_private
from cms.news.feeds.errors import FeedError

CASES = tomllib.loads((Path(__file__).parent / "data/addresses.toml").read_text("utf-8"))


@pytest.mark.parametrize("address", CASES["public"])
def test_public_address_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", CASES["not_public"])
def test_address_inside_the_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("url", CASES["bad_urls"])
def test_url_that_cannot_be_a_feed_is_refused(url):
    with pytest.raises(FeedError) as caught:
        refuse_private(url, True, resolve=lambda host, port: ["8.8.8.8"])
    assert caught.value.code == "bad_url"


def test_url_over_2000_characters_is_refused():
    with pytest.raises(FeedError) as caught:
        refuse_private("http://example.cn/" + "a" * 2000, True)
    assert caught.value.code == "bad_url"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "[::1]"]
)
def test_every_spelling_of_loopback_is_refused(host):
    with pytest.raises(FeedError) as caught:
        refuse_private(f"http://{host}/rss", False)
    assert caught.value.code == "private_address"


def test_one_private_address_among_public_ones_is_refused():
    with pytest.raises(FeedError) as caught:
        refuse_private("http://a.cn/", False, resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    assert caught.value.code == "private_address"


def test_predicate_allows_only_what_it_names():
    def allowed(host: str, port: int) -> bool:
        return (host, port) == ("10.0.0.1", 8000)

    assert refuse_private("http://10.0.0.1:8000/", allowed).addresses == ("10.0.0.1",)
    with pytest.raises(FeedError):
        refuse_private("http://10.0.0.1:8001/", allowed)


def test_chinese_host_and_path_are_encoded():
    target = refuse_private(
        "https://工会.cn/订阅?栏目=维权#top", False, resolve=lambda host, port: ["8.8.8.8"]
    )
    assert target.host.startswith("xn--")
    assert target.path.isascii()
    assert (target.port, "#" in target.path) == (443, False)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".cn"])
def test_unknown_host_is_a_dns_error(host):
    def unknown(host: str, port: int) -> list[str]:
        host.encode("idna")
        raise OSError("Name or service not known")

    with pytest.raises(FeedError) as caught:
        refuse_private(f"http://{host}/", False, resolve=unknown)
    assert caught.value.code in ("dns", "bad_url")
