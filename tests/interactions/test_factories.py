"""The shared factories build what the real services allow, and nothing else."""

import socket

import pytest

from cms.news.models import StoryCard
from tests.factories import make_poll, make_story

pytestmark = pytest.mark.django_db


def test_made_story_is_public_and_has_its_card(newsroom):
    story = make_story(newsroom.section)
    assert story.live
    assert StoryCard.objects.get(pk=story.pk).title == story.title


def test_made_poll_is_public_with_options_in_order(newsroom):
    poll = make_poll(newsroom.section, options=("甲", "乙"))
    assert poll.live
    assert [option.text for option in poll.options.all()] == ["甲", "乙"]
    assert StoryCard.objects.get(pk=poll.pk).kind == "poll"


def test_story_that_was_not_reviewed_stays_a_draft(newsroom):
    assert not make_story(newsroom.section, live=False).live


def test_tests_cannot_leave_the_machine():
    with socket.socket() as connection, pytest.raises(RuntimeError):
        connection.connect(("203.0.113.1", 80))
