"""Feeds become drafts; a broken feed says why and keeps what it had."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from cms.members.models import Role
from cms.news import services
from cms.news.models import FeedItem, FeedSource
from cms.news.models.review import NotReviewed
from tests.factories import grant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(newsroom, sandbox):
    def make(path: str, **fields) -> FeedSource:
        base = str(sandbox.base_url).rstrip("/")
        return FeedSource.objects.create(
            name=path,
            url=f"{base}/feeds/{path}",
            section=newsroom.section,
            source_name="江州晚报",
            **fields,
        )

    return make


def test_the_gbk_feed_with_broken_dates_becomes_right_items(source):
    feed = source("gbk.xml")
    assert services.feed_fetch(source=feed) == 6
    items = {item.title: item for item in FeedItem.objects.all()}
    exact = datetime(2024, 5, 1, 0, 30, tzinfo=UTC)
    assert items["关于做好节日期间困难职工走访慰问工作的通知"].published_at == exact
    assert items["女职工权益保护专项集体合同签订率提升"].date_precision == "day"
    unknown = items["市总工会机关开展消防安全演练"]
    assert (unknown.published_at, unknown.date_precision) == (None, "unknown")
    assert all(item.link.startswith("http://127.0.0.1") for item in items.values() if item.link)
    assert not any(
        "<script" in item.content_html or "\x00" in item.title for item in items.values()
    )
    assert feed.warning_text


def test_an_item_becomes_a_reprint_draft_once(source, newsroom):
    services.feed_fetch(source=source("gbk.xml"))
    item = FeedItem.objects.order_by("pk").first()
    page = services.feed_item_adopt(item=item, user=newsroom.editor)
    again = services.feed_item_adopt(item=item, user=newsroom.editor)
    assert page.pk == again.pk
    assert not page.live
    assert page.is_reprint
    assert (page.source_name, page.source_url) == ("江州晚报", item.link)
    assert page.original_title == item.title
    assert len(page.body) > 0
    page.live = True
    with pytest.raises(NotReviewed):
        page.save()


def test_fetching_twice_brings_nothing_new(source):
    feed = source("news.xml")
    first = services.feed_fetch(source=feed)
    assert first >= 8
    assert services.feed_fetch(source=feed) == 0
    FeedSource.objects.update(etag="", last_modified="")
    feed.refresh_from_db()
    assert services.feed_fetch(source=feed) == 0
    assert FeedItem.objects.count() == first


def test_drafts_are_made_by_themselves_where_the_source_says_so(source):
    services.feed_fetch(source=source("gbk.xml", auto_adopt=True))
    assert not FeedItem.objects.filter(page=None).exists()
    assert not FeedItem.objects.filter(page__live=True).exists()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("404", "http_status"),
        ("big", "too_big"),
        ("bomb.xml", "dangerous_xml"),
        ("empty", "empty"),
        ("html200", "not_a_feed"),
        ("redirect-loop", "too_many_redirects"),
    ],
)
def test_a_broken_feed_leaves_its_reason_and_no_lost_item(source, path, code):
    feed = source("gbk.xml")
    services.feed_fetch(source=feed)
    before = set(FeedItem.objects.values_list("pk", flat=True))
    FeedSource.objects.update(url=feed.url.replace("gbk.xml", path), etag="", last_modified="")
    feed.refresh_from_db()
    assert services.feed_fetch(source=feed) == 0
    feed.refresh_from_db()
    assert feed.failure_code == code
    assert feed.failure_text
    assert feed.failures == 1
    assert feed.next_fetch_at > timezone.now()
    assert set(FeedItem.objects.values_list("pk", flat=True)) == before


def test_a_redirect_to_a_private_address_is_refused(source, settings):
    settings.ALLOW_PRIVATE_ADDRESSES = lambda host, port: host == "127.0.0.1"
    feed = source("redirect-private")
    services.feed_fetch(source=feed)
    feed.refresh_from_db()
    assert feed.failure_code == "private_address"


def test_a_private_address_is_refused_outside_development(source, settings):
    settings.ALLOW_PRIVATE_ADDRESSES = False
    feed = source("news.xml")
    services.feed_fetch(source=feed)
    feed.refresh_from_db()
    assert feed.failure_code == "private_address"
    assert not FeedItem.objects.exists()


def test_a_source_that_recovers_forgets_its_failures(source):
    feed = source("404")
    services.feed_fetch(source=feed)
    services.feed_fetch(source=feed)
    feed.refresh_from_db()
    assert feed.failures == 2
    FeedSource.objects.update(url=feed.url.removesuffix("404") + "news.xml")
    feed.refresh_from_db()
    services.feed_fetch(source=feed)
    feed.refresh_from_db()
    assert (feed.failures, feed.failure_text) == (0, "")


def test_the_same_release_through_two_feeds_is_marked(source):
    services.feed_fetch(source=source("gbk.xml"))
    services.feed_fetch(source=source("gbk-wrong.xml"))
    assert FeedItem.objects.exclude(similar_to=None).exists()


def test_editors_see_and_adopt_only_their_own_unions_items(source, newsroom, client):
    services.feed_fetch(source=source("gbk.xml"))
    item = FeedItem.objects.first()
    below = newsroom.union.add_child(name="下级工会", slug="below-feeds", level="county")
    client.force_login(grant(make_user(), Role.EDITOR, below))
    assert client.post(f"/admin/news/items/{item.pk}/adopt/").status_code == 404
    client.force_login(newsroom.editor)
    assert item.title in client.get("/admin/news/feeditem/").content.decode()
    answer = client.post(f"/admin/news/items/{item.pk}/adopt/")
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.page.owner == newsroom.editor
