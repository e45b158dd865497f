"""A story goes to a feed by the same ledger as to any platform: out, corrected, withdrawn."""

import feedparser
import pytest

from cms.matrix import services
from cms.matrix.models import ChannelAccount, Delivery
from tests.factories import committed, pass_review
from tests.matrix.conftest import finish, publish, step

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture
def feed(newsroom, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return ChannelAccount.objects.create(
        union=newsroom.union, channel="rss", name="江州市总工会", app_id="news"
    )


def entries(tmp_path):
    return feedparser.parse(str(tmp_path / "feeds" / "news.xml")).entries


def test_a_published_story_stands_in_the_feed_with_its_cover(newsroom, feed, tmp_path):
    story = publish(newsroom, feed)
    delivery = finish(Delivery.objects.get())
    assert delivery.state == State.PUBLISHED
    (entry,) = entries(tmp_path)
    assert entry.title == story.title
    assert (tmp_path / "feeds" / "news" / entry.enclosures[0].href.rsplit("/", 1)[1]).is_file()


def test_a_worker_that_died_while_writing_is_settled_by_looking(newsroom, feed, tmp_path):
    publish(newsroom, feed)
    delivery = finish(Delivery.objects.get())
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SUBMITTING, external={}, url="")
    assert finish(delivery).state == State.PUBLISHED
    assert len(entries(tmp_path)) == 1
    assert delivery.external["entry"] == entries(tmp_path)[0].id


def test_a_correction_reaches_the_feed_and_a_withdrawal_empties_it(newsroom, feed, tmp_path):
    story = publish(newsroom, feed)
    delivery = finish(Delivery.objects.get())
    story.title = "高温津贴发放标准（更正）"
    story.save_revision(user=newsroom.editor)
    pass_review(story, newsroom.editor)
    with committed():
        services.delivery_correct(delivery=delivery, by=newsroom.editor)
    step(delivery)
    assert [entry.title for entry in entries(tmp_path)] == ["高温津贴发放标准（更正）"]
    assert delivery.outdated is False
    with committed():
        services.delivery_withdraw(delivery=delivery, by=newsroom.editor, why="数字有误")
    assert step(delivery).state == State.WITHDRAWN
    assert entries(tmp_path) == []
