"""A feed in a folder of the test's own, and a subscriber who reads it."""

import feedparser

from cms.matrix.channels.base import Account, Overrides
from cms.matrix.channels.rss.channel import RssChannel
from cms.matrix.channels.tokens import MemoryTokenStore

from ..doubles import ignore
from ..stories import pictures_of

ADDRESS = "https://union.example.cn/media/feeds/"


def open_rss(place, name="news", *, patience=5.0, **extra) -> RssChannel:
    extra = {"folder": str(place), "address": ADDRESS, **extra}
    account = Account(5, "rss", "江州市总工会", "", name, "", extra=extra)
    return RssChannel(account, MemoryTokenStore(), timeout=patience)


def publish(channel, story, overrides=None):
    payload = channel.render(story, overrides or Overrides())
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    return channel.submit(payload, progress)


def correct(channel, story, external):
    payload = channel.render(story, Overrides())
    return channel.correct(payload, pictures_of(story), external, {}, ignore)


def read(folder, name="news"):
    """The feed as a subscriber's reader sees it."""
    feed = feedparser.parse(str(folder / f"{name}.xml"))
    assert not feed.bozo, feed.bozo_exception
    return feed


def copies(folder) -> set[str]:
    return {file.name for file in (folder / "news").iterdir()}
