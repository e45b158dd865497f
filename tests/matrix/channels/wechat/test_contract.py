"""What every channel promises, kept by WeChat."""

import pytest

from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel

from ..contract import ChannelContract
from .conftest import comment, make_account


class TestContract(ChannelContract):
    @pytest.fixture
    def channel(self, platform):
        with WeChatChannel(
            make_account(kind="service"), MemoryTokenStore(), platform.transport
        ) as channel:
            self.platform = platform
            yield channel

    def readers_speak(self, channel, target):
        self.platform.comments = [comment(number) for number in range(3)]
