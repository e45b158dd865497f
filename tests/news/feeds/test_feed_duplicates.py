"""An item that repeats what is here already says so in the list of incoming items."""

import re
from html import escape

import pytest

from cms.news import services
from cms.news.models import FeedItem, FeedSource
from tests.factories import make_story
from tests.news import releases

pytestmark = pytest.mark.django_db


def rss(*items) -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><link>http://127.0.0.1/{number}</link>"
        f"<description>{escape(releases.html(paragraphs))}</description></item>"
        for number, (title, paragraphs) in enumerate(items)
    )
    channel = f"<channel><title>江州</title>{entries}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'.encode()


@pytest.fixture
def take_in(newsroom, feed_server):
    """`take_in("晚报", (title, paragraphs)…)`: what a feed with these items leaves here."""

    def make(name, *items):
        url = feed_server.answer(f"/{name}", rss(*items), Content_Type="application/rss+xml")
        source = FeedSource.objects.create(
            name=name, url=url, section=newsroom.section, source_name=name
        )
        assert services.feed_fetch(source=source) == len(items)
        return list(source.items.order_by("pk"))

    return make


def test_the_same_release_from_two_feeds_is_marked_with_its_share(take_in):
    (first,) = take_in("daily", (releases.TITLE, releases.PARAGRAPHS))
    (again,) = take_in("evening", (releases.REPRINT_TITLE, releases.REPRINT_PARAGRAPHS))
    assert (first.similar_to, first.similarity) == (None, 0)
    assert again.similar_to == first
    assert 60 <= again.similarity < 100


def test_the_same_topic_in_other_words_is_not_marked(take_in):
    take_in("daily", (releases.TITLE, releases.PARAGRAPHS))
    (other,) = take_in("evening", (releases.SAME_TOPIC_TITLE, releases.SAME_TOPIC_PARAGRAPHS))
    assert (other.similar_to, other.similar_page) == (None, None)


def test_what_we_have_published_is_named_with_a_link(take_in, newsroom, client):
    body = [("paragraph", f"<p>{text}</p>") for text in releases.PARAGRAPHS]
    story = make_story(newsroom.section, title=releases.TITLE, body=body)
    (item,) = take_in("evening", (releases.REPRINT_TITLE, releases.REPRINT_PARAGRAPHS))
    assert item.similar_page_id == story.pk
    client.force_login(newsroom.editor)
    shown = client.get("/admin/news/feeditem/").content.decode()
    assert f'与<a href="{story.url}">《{releases.TITLE}》</a>相似 {item.similarity}%' in shown


def test_an_item_like_another_leads_to_that_one(take_in, newsroom, client):
    take_in("daily", (releases.TITLE, releases.PARAGRAPHS), ("别的消息", ["食堂换了菜单。"]))
    take_in("evening", (releases.REPRINT_TITLE, releases.REPRINT_PARAGRAPHS))
    client.force_login(newsroom.editor)
    shown = client.get("/admin/news/feeditem/").content.decode()
    link = re.search(rf'与<a href="(\?q=[^"]+)">《{releases.TITLE}》</a>相似 \d+%', shown).group(1)
    narrowed = client.get(f"/admin/news/feeditem/{link}").content.decode()
    assert narrowed.count("formaction") == 2  # One item: 建稿 and 不采用.
    assert releases.TITLE in narrowed


def test_marking_is_no_reason_to_lose_an_item(take_in):
    items = take_in("odd", ('"NOT (', ["🙂"]), ("，，，", ["。"]), ("*" * 300, ['"' * 500]))
    assert len(items) == FeedItem.objects.count() == 3
