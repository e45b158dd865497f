"""Where and when comments are open: by story, by section, by the clock."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cms.interactions import selectors
from cms.interactions.models import CommentRule
from cms.interactions.services import rule_set
from tests.factories import committed, make_site, make_story, make_union, make_user

pytestmark = pytest.mark.django_db
RULES = "/admin/comment-rules/"


def rule(page, **fields):
    with committed():
        rule_set(rule=CommentRule(page_id=page.pk, **fields), user=make_user())


def test_section_closes_all_its_stories_and_a_story_its_own(newsroom, story):
    assert selectors.takes_comments(story)
    rule(newsroom.section, mode="closed")
    assert not selectors.takes_comments(story)
    rule(story, mode="open")
    assert selectors.takes_comments(story)
    assert not selectors.takes_comments(make_story(newsroom.section))


def test_rule_opens_nothing_that_the_story_itself_keeps_shut(newsroom):
    story = make_story(newsroom.section, allow_comments=False)
    rule(story, mode="open")
    assert not selectors.takes_comments(story)


def test_hours_open_and_close_by_themselves(client, story):
    now = timezone.now()
    rule(story, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    for hours, is_open in ((0, False), (1.5, True), (2.5, False)):
        with time_machine.travel(now + timedelta(hours=hours)):
            assert selectors.takes_comments(story) is is_open
            # The kept page knows its hour.
            assert ("登录后评论" in client.get(story.url).content.decode()) is is_open


def test_editor_closes_a_heated_story_without_a_new_review(client, newsroom, story, committed):
    assert "登录后评论" in client.get(story.url).content.decode()
    client.force_login(newsroom.editor)
    with committed():
        answer = client.post(f"{RULES}{story.pk}/", {"mode": "closed"})
    assert answer.url == RULES
    assert story.title in client.get(RULES).content.decode()
    client.logout()
    assert "登录后评论" not in client.get(story.url).content.decode()
    client.force_login(newsroom.editor)
    with committed():
        client.post(f"{RULES}{story.pk}/", {"remove": "1"})
    assert selectors.takes_comments(story)


def test_nonsense_hours_are_refused_and_kept(client, newsroom, story):
    client.force_login(newsroom.editor)
    answer = client.post(
        f"{RULES}{story.pk}/",
        {"mode": "open", "opens_at": "2026-12-02 08:00", "closes_at": "2026-12-01 08:00"},
    )
    assert "关闭时间要晚于开放时间" in answer.content.decode()
    assert "2026-12-01 08:00" in answer.content.decode()
    assert not CommentRule.objects.exists()


def test_other_unions_stories_are_not_ones_own_to_close(client, newsroom, story):
    stranger = make_site(make_union())
    client.force_login(stranger.editor)
    assert client.post(f"{RULES}{story.pk}/", {"mode": "closed"}).status_code in (302, 403)
    assert not CommentRule.objects.exists()
    client.force_login(newsroom.editor)
    assert client.get(f"{RULES}{newsroom.home.pk}/").status_code in (302, 403)
