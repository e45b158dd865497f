"""A Weibo channel bound to a stand-in of the platform, and a story on its way through it."""

import pytest

from cms.matrix.channels.base import Account, Overrides
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.weibo.channel import WeiboChannel

from ..stories import make_story, pictures_of
from .fake import ACCESS_TOKEN, APP_KEY, APP_SECRET, UID, FakeWeibo


def make_account(**extra) -> Account:
    return Account(
        8, "weibo", "市总工会", "https://api.example.test", UID, APP_SECRET, ACCESS_TOKEN,
        {"app_key": APP_KEY, "rip": "203.0.113.7", "safe_domain": "example.cn", **extra},
    )  # fmt: skip


def ignore(progress) -> None:
    """Nobody keeps the progress."""


@pytest.fixture
def platform():
    return FakeWeibo()


@pytest.fixture
def channel(platform):
    with WeiboChannel(make_account(), MemoryTokenStore(), platform.transport) as channel:
        yield channel


@pytest.fixture
def story():
    return make_story()


@pytest.fixture
def payload(channel, story):
    return channel.render(story, Overrides())


@pytest.fixture
def prepared(channel, story, payload):
    return channel.prepare(payload, pictures_of(story), {}, ignore)


@pytest.fixture
def target(channel, payload, prepared):
    """A published status's ids."""
    return channel.submit(payload, prepared).external
