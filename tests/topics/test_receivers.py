"""From a moderator's decision to a voice and back; no failure reaches the moderator."""

import pytest
from django.utils import timezone

from cms.interactions.models import ModerationItem
from cms.interactions.services import comment_submit, item_approve, item_register, item_reject
from cms.topics import services
from cms.topics.models import Voice
from tests.factories import make_story, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(newsroom):
    return make_story(newsroom.section)


@pytest.fixture
def item(story, committed):
    with committed():
        submitted = comment_submit(
            user=make_user(), page=story, text="老板拖欠工资，打13812345678", numbers="hide"
        )
    return submitted.item


def reply(story, newsroom, *, private):
    return item_register(
        origin="reply:7",
        source=ModerationItem.Source.WECHAT,
        story_id=story.pk,
        union=newsroom.union,
        author_name="粉丝",
        author_key="wechat:openid",
        text="我也被拖欠工资",
        said_at=timezone.now(),
        private=private,
    )


def test_only_an_approved_comment_becomes_a_voice(item, story, newsroom, committed):
    assert not Voice.objects.exists()
    with committed():
        item_approve(item=item, user=newsroom.moderator)
    voice = Voice.objects.get()
    assert voice.origin == f"moderation:{item.pk}"
    assert (voice.source, voice.story_id, voice.union) == (
        Voice.Source.SITE,
        story.pk,
        newsroom.union,
    )
    assert voice.link.startswith(story.get_url())
    assert voice.link.endswith(f"#c{item.origin.partition(':')[2]}")
    assert "13812345678" not in voice.text
    assert voice.is_public


def test_a_withdrawn_comment_takes_its_voice_away(item, newsroom, committed):
    with committed():
        item_approve(item=item, user=newsroom.moderator)
    with committed():
        item_reject(item=item, user=newsroom.moderator, reason="privacy")
    assert not Voice.objects.exists()


@pytest.mark.parametrize("private", [True, False])
def test_a_private_message_is_a_voice_nobody_may_quote(story, newsroom, committed, private):
    with committed():
        item_approve(item=reply(story, newsroom, private=private), user=newsroom.moderator)
    voice = Voice.objects.get()
    assert voice.source == Voice.Source.WECHAT
    assert voice.is_public is not private


def test_a_failing_voice_does_not_undo_the_moderators_decision(
    item, newsroom, committed, monkeypatch, caplog
):
    monkeypatch.setattr(services.voices, "SOURCE_OF_ITEM", {})
    with committed():
        item_approve(item=item, user=newsroom.moderator)
    item.refresh_from_db()
    assert item.state == ModerationItem.State.APPROVED
    assert "utterance_take_in failed" in caplog.text
