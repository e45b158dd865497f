"""What every channel promises. Inherit ChannelContract and give it a `channel` fixture.

The fixture returns a channel bound to a working stand-in of its platform, with nothing posted. A
stand-in over HTTP is also set as `self.platform`, so that its calls can be counted. `story` may be
overridden where a channel needs another one.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest

from cms.matrix.channels import registry
from cms.matrix.channels.base import (
    Account,
    Capability,
    Channel,
    Figures,
    Outcome,
    Overrides,
    Payload,
    PermissionMissing,
    Problem,
    QuotaExceeded,
    Receipt,
    ReplyIn,
    State,
    Story,
    Way,
)

from .doubles import CountedUploads, Counting, Spent, ignore, is_chinese
from .stories import BODY, make_story, pictures_of

# Verbs of some channels only. What a person can do instead is MANUAL, anything else is refused.
OPTIONAL = frozenset(
    {
        Capability.PREVIEW,
        Capability.CORRECT,
        Capability.ELECT,
        Capability.DELETE_REPLY,
        Capability.MENU,
    }
)
KEY = {"key": "rongmei-1-0"}


class ChannelContract:
    # A channel that keeps all of a story has no losses to show.
    keeps_everything: ClassVar[bool] = False
    # Fetching a token is no call of the budget.
    uncounted: ClassVar[frozenset[str]] = frozenset({"/cgi-bin/stable_token"})

    @pytest.fixture
    def story(self) -> Story:
        return make_story()

    @pytest.fixture
    def payload(self, channel: Channel, story: Story) -> Payload:
        return channel.render(story, Overrides())

    def test_is_in_the_registry_under_its_own_name(self, channel):
        assert registry.get(channel.slug) is type(channel)
        assert (channel.slug, channel.label) in registry.choices()

    def test_set_up_asks_in_chinese_for_what_an_account_needs(self, channel):
        fields = {field.name: field for field in channel.setup}
        assert len(fields) == len(channel.setup)
        # Two accounts of a kind are told apart by it.
        assert "app_id" in fields
        assert all(is_chinese(field.label + field.help) for field in channel.setup)
        assert all(fields[name].secret for name in ("secret", "token") if name in fields)
        missing = [
            name
            for name, field in fields.items()
            if field.required and not _filled(channel.account, name)
        ]
        assert missing == [], "the account of these tests was not set up"

    def test_capabilities_say_at_least_that_it_publishes(self, channel):
        assert Capability.PUBLISH in channel.capabilities

    # --- shape --------------------------------------------------------------------------------

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
        # A channel that shows no cover names none.
        assert payload.fields.get("cover") in ("cover-9", None)

    def test_render_carries_the_readers_back_to_the_story_with_its_source(self, channel, payload):
        assert f"from={channel.slug}" in json.dumps(payload.fields, ensure_ascii=False)

    def test_overrides_win_and_empty_ones_follow_the_story(self, channel, story, payload):
        assert story.title in json.dumps(payload.fields, ensure_ascii=False)
        changed = channel.render(story, Overrides(title="渠道标题"))
        assert "渠道标题" in json.dumps(changed.fields, ensure_ascii=False)
        assert changed.content_hash != payload.content_hash

    def test_losses_are_counted_in_chinese(self, payload):
        assert bool(payload.losses) is not self.keeps_everything
        assert all(loss.what and loss.how_many > 0 for loss in payload.losses)

    def test_stories_that_read_alike_are_alike_whatever_their_address(self, channel, payload):
        spaced = BODY.replace("<p>", "<p> \n").replace("。", "。 ")
        moved = make_story(url="https://union.example.cn/other/place/", body_html=spaced)
        again = channel.render(moved, Overrides())
        assert again.content_hash != payload.content_hash
        assert again.likeness() == payload.likeness()
        other = channel.render(make_story(title="高温津贴怎么算"), Overrides())
        assert other.likeness() != payload.likeness()

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

    # --- out ----------------------------------------------------------------------------------

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

    def test_each_picture_is_uploaded_once_per_account(self, channel, story, payload):
        channel.uploads = uploads = CountedUploads()
        channel.prepare(payload, pictures_of(story), {}, ignore)
        done = uploads.puts
        channel.prepare(payload, pictures_of(story), {}, ignore)
        channel.prepare(payload, pictures_of(story), KEY, ignore)
        assert uploads.puts == done

    def test_every_call_that_leaves_is_counted(self, channel, story, payload):
        channel.meter = meter = Counting()
        external = self.publish(channel, story, payload).external
        channel.replies([external], {})
        channel.figures([external], date.today() - timedelta(days=1))
        channel.withdraw(external)
        assert meter.calls
        if (platform := getattr(self, "platform", None)) is not None:
            left = [path for path in platform.calls if path not in self.uncounted]
            assert Counter(meter.calls) == Counter(left)

    def test_without_budget_nothing_goes_out(self, channel, story, payload):
        channel.meter = Spent()
        with pytest.raises(QuotaExceeded):
            self.publish(channel, story, payload)
        with registry.connect(
            channel.account, channel.tokens, channel.transport, channel.timeout
        ) as after:
            assert after.reconcile(payload, {}).state is State.NOT_FOUND

    def test_not_found_before_it_was_ever_sent(self, channel, story, payload):
        assert channel.reconcile(payload, {}).state is State.NOT_FOUND
        progress = channel.prepare(payload, pictures_of(story), {}, ignore)
        assert channel.reconcile(payload, progress).state is State.NOT_FOUND

    def test_submit_then_poll_ends_published(self, channel, story, payload):
        outcome = self.publish(channel, story, payload)
        assert outcome.state is State.PUBLISHED
        assert outcome.url.startswith("http")
        assert json.loads(json.dumps(outcome.external)) == outcome.external
        assert channel.poll(outcome.external).state is State.PUBLISHED

    def test_reconcile_finds_what_went_out(self, channel, story, payload):
        progress = channel.prepare(payload, pictures_of(story), {}, ignore)
        channel.submit(payload, progress, Way.PUBLISH)
        found = channel.reconcile(payload, progress, Way.PUBLISH)
        assert found.state is State.PUBLISHED
        assert found.external

    # --- what it can do, and what not ---------------------------------------------------------

    @pytest.mark.parametrize("capability", sorted(OPTIONAL))
    def test_a_verb_works_or_is_refused_in_chinese_as_its_capabilities_say(
        self, channel, story, payload, capability
    ):
        refused = ""
        outcome = None
        try:
            outcome = self.use(channel, capability, story, payload)
        except PermissionMissing as error:
            refused = error.human
        if outcome and outcome.state is State.MANUAL:
            assert is_chinese(outcome.reason)
        elif capability in channel.capabilities:
            assert refused == ""
        else:
            assert channel.label in refused

    def test_either_way_it_goes_out(self, channel, story, payload):
        progress = channel.prepare(payload, pictures_of(story), KEY, ignore)
        channel.submit(payload, progress, Way.MASS)
        assert channel.reconcile(payload, progress, Way.MASS).state is not State.NOT_FOUND

    def test_what_it_does_not_count_or_hear_it_does_not_invent(self, channel, story, payload):
        target = self.publish(channel, story, payload).external
        self.readers_speak(channel, target)
        if Capability.COMMENTS not in channel.capabilities:
            assert channel.replies([target], {})[0] == []
        if Capability.STATISTICS not in channel.capabilities:
            day = date.today() - timedelta(days=1)
            assert channel.account_figures(day) is None
            for figures in channel.figures([target], day):
                counts = (figures.reads, figures.likes, figures.shares, figures.comments)
                assert counts == (None,) * 4

    # --- what comes back ----------------------------------------------------------------------

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
            assert channel.answered(reply, self.words) in (False, None)
            outcome = channel.answer(reply, self.words)
            message = reply.kind == "message"
            needed = Capability.MESSAGES if message else Capability.REPLY
            if needed in channel.capabilities:
                assert outcome.state is State.PUBLISHED
                assert channel.answered(reply, self.words) in (True, None)
            else:
                assert outcome.state is State.MANUAL
                assert is_chinese(outcome.reason)

    def test_withdraw_does_it_or_says_what_to_do(self, channel, story, payload):
        external = self.publish(channel, story, payload).external
        outcome = channel.withdraw(external)
        assert outcome.state in (State.WITHDRAWN, State.MANUAL)
        assert outcome.state is State.WITHDRAWN or is_chinese(outcome.reason)
        assert outcome.state is State.MANUAL or Capability.WITHDRAW in channel.capabilities

    def test_probe_answers_yes_no_or_why_not(self, channel):
        found = channel.probe()
        # The end of an authorisation, where there is one.
        assert datetime.fromisoformat(found.pop("until", "2026-01-01T00:00+00:00")).tzinfo
        assert found["account"] is True
        assert all(isinstance(value, bool) or is_chinese(value) for value in found.values())
        assert [
            name for name in set(Capability) - channel.capabilities if found.get(name) is True
        ] == []

    def test_can_be_closed_twice_and_used_again(self, channel, payload):
        channel.close()
        channel.close()
        assert channel.reconcile(payload, {}).state is State.NOT_FOUND

    # --- helpers a channel's tests may override -----------------------------------------------

    words: ClassVar[str] = "谢谢反映，工会已经记下。"

    def publish(self, channel: Channel, story: Story, payload: Payload) -> Outcome:
        progress = channel.prepare(payload, pictures_of(story), {}, ignore)
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

    def use(
        self, channel: Channel, capability: Capability, story: Story, payload: Payload
    ) -> Outcome | None:
        """Do what the capability stands for."""
        match capability:
            case Capability.PREVIEW:
                channel.preview(payload, pictures_of(story), {}, ignore, "reader-1")
            case Capability.CORRECT:
                external = self.publish(channel, story, payload).external
                changed = channel.render(make_story(title="更正后的标题"), Overrides())
                return channel.correct(changed, pictures_of(story), external, KEY, ignore)
            case Capability.ELECT:
                reply = self.a_comment(channel, story, payload)
                channel.elect(reply, True)
                channel.elect(reply, False)
            case Capability.DELETE_REPLY:
                channel.delete_reply(self.a_comment(channel, story, payload))
            case Capability.MENU:
                buttons = [{"type": "view", "name": "要闻", "url": "https://union.example.cn/"}]
                channel.set_menu(buttons)
                assert [button["name"] for button in channel.menu()] == ["要闻"]
        return None

    def a_comment(self, channel: Channel, story: Story, payload: Payload) -> ReplyIn:
        target = self.publish(channel, story, payload).external
        return self.replies_to_answer(channel, target)[0]


def _filled(account: Account, name: str) -> bool:
    return bool(getattr(account, name, "") or account.extra.get(name))
