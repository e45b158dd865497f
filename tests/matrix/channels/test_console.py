"""The console channel: an outbox that behaves like a platform."""

import pytest

from cms.matrix.channels.base import Account, Overrides, State
from cms.matrix.channels.console.channel import ConsoleChannel
from cms.matrix.channels.console.client import OUTBOX
from cms.matrix.channels.tokens import MemoryTokenStore

from .contract import ChannelContract
from .stories import make_story


class TestConsole(ChannelContract):
    @pytest.fixture
    def channel(self):
        OUTBOX.clear()
        account = Account(1, "console", "演示", "", "demo", "")
        yield ConsoleChannel(account, MemoryTokenStore())
        OUTBOX.clear()

    def test_the_outbox_holds_what_was_sent_once(self, channel, story, payload):
        self.publish(channel, story, payload)
        self.publish(channel, story, payload)
        (post,) = OUTBOX.posts.values()
        assert post["title"] == story.title

    def test_a_withdrawn_post_polls_as_withdrawn(self, channel, story, payload):
        external = self.publish(channel, story, payload).external
        channel.withdraw(external)
        assert channel.poll(external).state is State.WITHDRAWN

    def test_text_override_replaces_the_body(self, channel):
        payload = channel.render(make_story(), Overrides(text="只有这一句"))
        assert "只有这一句" in payload.fields["text"]
        assert "谁能领" not in payload.fields["text"]
