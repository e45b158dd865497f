"""The console channel: an outbox that behaves like a platform."""

import pytest

from cms.matrix.channels.base import Account, Gone, Overrides, State, Way
from cms.matrix.channels.console.channel import ConsoleChannel
from cms.matrix.channels.console.client import OUTBOX
from cms.matrix.channels.tokens import MemoryTokenStore

from .contract import ChannelContract
from .doubles import ignore
from .stories import make_story


class TestConsole(ChannelContract):
    @pytest.fixture
    def channel(self):
        OUTBOX.clear()
        account = Account(1, "console", "演示", "", "demo", "")
        yield ConsoleChannel(account, MemoryTokenStore())
        OUTBOX.clear()

    def readers_speak(self, channel, target):
        OUTBOX.comment(target["post"], "领到了，谢谢", "2026-06-02T09:00:00+08:00")

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

    def test_posts_of_two_deliveries_are_told_apart_by_their_key(self, channel, payload):
        channel.submit(payload, {"key": "rongmei-1-0"})
        assert channel.reconcile(payload, {"key": "rongmei-2-0"}).state is State.NOT_FOUND
        channel.submit(payload, {"key": "rongmei-2-0"}, Way.MASS)
        assert [post["way"] for post in OUTBOX.posts.values()] == ["publish", "mass"]

    def test_a_correction_changes_the_post_and_only_that(self, channel, story, payload):
        external = self.publish(channel, story, payload).external
        changed = channel.render(make_story(title="更正后的标题"), Overrides())
        channel.correct(changed, {}, external, {}, ignore)
        (post,) = OUTBOX.posts.values()
        assert (post["title"], post["withdrawn"]) == ("更正后的标题", False)
        with pytest.raises(Gone):
            channel.correct(changed, {}, {**external, "post": "unknown"}, {}, ignore)

    def test_a_preview_is_not_public(self, channel, payload):
        channel.preview(payload, {}, {}, ignore, "wang")
        assert [preview["reader"] for preview in OUTBOX.previews] == ["wang"]
        assert OUTBOX.posts == {}

    def test_a_deleted_comment_is_gone(self, channel, story, payload):
        reply = self.a_comment(channel, story, payload)
        channel.delete_reply(reply)
        assert channel.replies([reply.target], {})[0] == []
        with pytest.raises(Gone):
            channel.elect(reply, True)
