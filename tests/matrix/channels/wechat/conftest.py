"""A WeChat channel bound to a stand-in of the platform, and a story on its way through it."""

import pytest

from cms.matrix.channels.base import Account, Overrides
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel

from ..stories import make_story, pictures_of
from .fake import APP_ID, SECRET, FakeWeChat


def make_account(**extra) -> Account:
    return Account(7, "wechat", "市总工会", "https://api.example.test", APP_ID, SECRET, extra=extra)


def ignore(progress) -> None:
    """Nobody keeps the progress."""


def comment(number: int) -> dict:
    return {
        "user_comment_id": number + 1,
        "openid": f"openid-{number}",
        "create_time": 1750001000 + number,
        "content": f"留言{number}",
        "comment_type": number % 2,
    }


@pytest.fixture
def platform():
    return FakeWeChat()


@pytest.fixture
def channel(platform):
    with WeChatChannel(make_account(), MemoryTokenStore(), platform.transport) as channel:
        yield channel


@pytest.fixture
def story():
    return make_story()


@pytest.fixture
def payload(channel, story):
    return channel.render(story, Overrides())


@pytest.fixture
def prepared(channel, story, payload):
    return channel.prepare(payload, pictures_of(story), {"key": "rongmei-1-0"}, ignore)


@pytest.fixture
def target(channel, payload, prepared):
    """A published article's ids."""
    return channel.poll(channel.submit(payload, prepared).external).external
