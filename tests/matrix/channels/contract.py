"""What every channel promises. Inherit ChannelContract and give it a `channel` fixture.

The fixture returns a channel bound to a working stand-in of its platform, with nothing posted.
`story` may be overridden where a channel needs another one.
"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from cms.matrix.channels import registry
from cms.matrix.channels.base import (
    Channel,
    Figures,
    Outcome,
    Overrides,
    Payload,
    Problem,
    Receipt,
    ReplyIn,
    State,
    Story,
)

from .stories import make_story, pictures_of


class ChannelContract:
    @pytest.fixture
    def story(self) -> Story:
        return make_story()

    @pytest.fixture
    def payload(self, channel: Channel, story: Story) -> Payload:
        return channel.render(story, Overrides())

    def test_is_in_the_registry_under_its_own_name(self, channel):
        assert registry.get(channel.slug) is type(channel)
        assert (channel.slug, channel.label) in registry.choices()

    def test_render_is_pure_and_its_payload_survives_json(self, channel, story, payload):
        again = channel.render(story, Overrides())
        assert again == payload
        assert again.content_hash == payload.content_hash
        read = Payload.from_json(payload.to_json())
        assert read == payload
        assert read.content_hash == payload.content_hash

    def test_render_names_pictures_by_key_and_reads_none(self, channel):
        def never() -> bytes:
            raise AssertionError("render must not read pictures")

        story = make_story()
        cover = type(story.cover)("cover-9", "a.png", "image/png", "", never)
        payload = channel.render(make_story(cover=cover), Overrides())
        assert payload.fields["cover"] == "cover-9"

    def test_render_carries_the_readers_back_to_the_story_with_its_source(self, channel, payload):
        assert f"from={channel.slug}" in json.dumps(payload.fields, ensure_ascii=False)

    def test_overrides_win_and_empty_ones_follow_the_story(self, channel, story, payload):
        assert story.title in json.dumps(payload.fields, ensure_ascii=False)
        changed = channel.render(story, Overrides(title="渠道标题"))
        assert "渠道标题" in json.dumps(changed.fields, ensure_ascii=False)
        assert changed.content_hash != payload.content_hash

    def test_losses_are_counted_in_chinese(self, payload):
        assert payload.losses
        assert all(loss.what and loss.how_many > 0 for loss in payload.losses)

    def test_a_good_story_has_no_problem(self, channel, payload):
        assert channel.check(payload) == []

    def test_a_title_that_is_too_long_is_a_problem_and_is_not_cut(self, channel):
        title = "很长的标题" * 60
        payload = channel.render(make_story(title=title), Overrides())
        assert title in json.dumps(payload.fields, ensure_ascii=False)
        problems = channel.check(payload)
        assert problems
        assert all(isinstance(problem, Problem) and problem.message for problem in problems)

    def test_hostile_story_text_stays_text(self, channel):
        title = "<script>alert(1)</script>$title 津贴"
        payload = channel.render(make_story(title=title, summary=title, author=title), Overrides())
        content = payload.fields.get("content", "")
        assert "<script" not in content

    def test_prepare_is_repeatable_and_saves_what_it_did(self, channel, story, payload):
        saved = []
        save = lambda progress: saved.append(json.loads(json.dumps(progress)))  # noqa: E731
        progress = channel.prepare(payload, pictures_of(story), {}, save)
        assert json.loads(json.dumps(progress)) == progress
        assert saved
        assert saved[-1] == progress
        done = len(saved)
        assert channel.prepare(payload, pictures_of(story), progress, save) == progress
        assert len(saved) == done, "the second run found something left to do"

    def test_not_found_before_it_was_ever_sent(self, channel, story, payload):
        assert channel.reconcile(payload, {}).state is State.NOT_FOUND
        progress = channel.prepare(payload, pictures_of(story), {}, lambda done: None)
        assert channel.reconcile(payload, progress).state is State.NOT_FOUND

    def test_submit_then_poll_ends_published(self, channel, story, payload):
        outcome = self.publish(channel, story, payload)
        assert outcome.state is State.PUBLISHED
        assert outcome.url.startswith("http")
        assert json.loads(json.dumps(outcome.external)) == outcome.external
        assert channel.poll(outcome.external).state is State.PUBLISHED

    def test_reconcile_finds_what_went_out(self, channel, story, payload):
        progress = channel.prepare(payload, pictures_of(story), {}, lambda done: None)
        channel.submit(payload, progress)
        found = channel.reconcile(payload, progress)
        assert found.state is State.PUBLISHED
        assert found.external

    def test_replies_have_aware_times_and_ids_that_repeat(self, channel, story, payload):
        target = self.publish(channel, story, payload).external
        self.readers_speak(channel, target)
        first, cursor = channel.replies([target], {})
        assert json.loads(json.dumps(cursor)) == cursor
        assert all(isinstance(reply, ReplyIn) and reply.posted_at.tzinfo for reply in first)
        ids = [reply.external_id for reply in first]
        assert len(ids) == len(set(ids))
        again, _cursor = channel.replies([target], cursor)
        assert {reply.external_id for reply in again} <= set(ids)

    def test_figures_are_counts_or_none(self, channel, story, payload):
        target = self.publish(channel, story, payload).external
        for figures in channel.figures([target], date.today() - timedelta(days=1)):
            assert isinstance(figures, Figures)
            assert figures.target == target
            for count in (figures.reads, figures.likes, figures.shares, figures.comments):
                assert count is None or count >= 0

    def test_answer_ends_in_a_clear_state(self, channel, story, payload):
        target = self.publish(channel, story, payload).external
        for reply in self.replies_to_answer(channel, target):
            outcome = channel.answer(reply, "谢谢反映，工会已经记下。")
            assert outcome.state is State.PUBLISHED or outcome.reason

    def test_withdraw_does_it_or_says_what_to_do(self, channel, story, payload):
        external = self.publish(channel, story, payload).external
        outcome = channel.withdraw(external)
        assert outcome.state in (State.WITHDRAWN, State.MANUAL)
        assert outcome.state is State.WITHDRAWN or outcome.reason

    def test_probe_answers_yes_no_or_why_not(self, channel):
        found = channel.probe()
        assert found["account"] is True
        assert all(isinstance(value, bool) or value for value in found.values())

    def test_can_be_closed_twice_and_used_again(self, channel, payload):
        channel.close()
        channel.close()
        assert channel.reconcile(payload, {}).state is State.NOT_FOUND

    # --- helpers a channel's tests may override -----------------------------------------------

    def publish(self, channel: Channel, story: Story, payload: Payload) -> Outcome:
        progress = channel.prepare(payload, pictures_of(story), {}, lambda done: None)
        result = channel.submit(payload, progress)
        return channel.poll(result.external) if isinstance(result, Receipt) else result

    def readers_speak(self, channel: Channel, target) -> None:
        """Make the platform hold at least one comment, where it knows comments."""

    def replies_to_answer(self, channel: Channel, target) -> list[ReplyIn]:
        self.readers_speak(channel, target)
        replies, _cursor = channel.replies([target], {})
        message = ReplyIn(
            external_id="message:1",
            author_key="openid-1",
            author_name="",
            text="在吗",
            posted_at=datetime.now(UTC),
            kind="message",
            target={},
        )
        return [*replies[:1], message]
