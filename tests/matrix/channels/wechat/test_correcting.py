"""What can be changed after it was handed over: a draft that waits, never an article."""

import pytest

from cms.matrix.channels.base import NeedsConsole, Overrides, State

from ..stories import pictures_of
from .conftest import ignore

UPDATE = "/cgi-bin/draft/update"


@pytest.fixture
def changed(channel, story):
    return channel.render(story, Overrides(title="改正后的标题"))


@pytest.fixture
def waiting(channel, platform, payload, prepared):
    """The ids of a draft that waits to be published by hand."""
    platform.has_publish = False
    return channel.submit(payload, prepared).external


def test_a_draft_that_waits_for_a_person_is_rewritten(
    channel, platform, story, prepared, changed, waiting
):
    saved = []
    outcome = channel.correct(changed, pictures_of(story), waiting, prepared, saved.append)
    assert outcome.state is State.MANUAL
    (draft,) = platform.drafts.values()
    assert draft["title"] == "改正后的标题"
    assert saved[-1]["draft_hash"] == changed.content_hash
    # It is looked for under its new title from now on.
    platform.has_publish = True
    platform.do_freepublish_submit({"media_id": waiting["media_id"]})
    assert channel.poll(outcome.external).state is State.PUBLISHED


def test_a_draft_that_left_the_box_is_not_written_a_second_time(
    channel, platform, story, prepared, changed, waiting
):
    platform.drafts.clear()
    with pytest.raises(NeedsConsole) as caught:
        channel.correct(changed, pictures_of(story), waiting, prepared, ignore)
    assert "草稿箱" in caught.value.human
    assert platform.drafts == {}


def test_a_published_article_is_a_persons_to_change(
    channel, platform, story, prepared, changed, target
):
    outcome = channel.correct(changed, pictures_of(story), target, prepared, ignore)
    assert outcome.state is State.MANUAL
    assert "20 个字" in outcome.reason
    assert "撤回重发" in outcome.reason
    assert outcome.external == target
    assert platform.count(UPDATE) == 0
