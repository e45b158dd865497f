"""What the public pages cost the database, and that a kept page is never an old one.

Query counts are the pages' time (performance.md) and, unlike time, the same on every machine.
"""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from cms.interactions.services import ballot_cast, comment_submit, item_approve
from cms.news.models import StoryCard
from search.models import SearchLog
from tests.factories import committed, make_poll, make_story, make_user
from tests.factories.comments import public_comments

MOST = 15
#: Three search, one reads words of the same sound, one counts the search; the rest is the frame.
MOST_FOR_A_SEARCH = 10
SEARCH = "/search/?q=高温津贴"


@pytest.fixture
def story(newsroom):
    return make_story(newsroom.section)


@pytest.fixture
def counted(client):
    """`counted(url)`: (queries of a page made anew, queries of the same page when it is kept).

    Anew means with every cache empty; only what a process looks up once in its life is warm.
    """

    def read(url):
        _forget()
        _get(client, url)
        _forget()
        with CaptureQueriesContext(connection) as cold:
            _get(client, url)
        with CaptureQueriesContext(connection) as kept:
            _get(client, url)
        return len(cold), len(kept)

    return read


def _forget() -> None:
    for cache in caches.all():
        cache.clear()


def _get(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def add_cards(story, number: int) -> None:
    """So many more public stories like `story`. Lists and search read only their cards."""
    card = StoryCard.objects.get(pk=story.pk)
    section = Page.objects.get(pk=story.pk).get_parent()
    with committed():
        for place in range(number):
            title = f"高温津贴问答之{place}"
            page = section.add_child(
                instance=Page(title=title, slug=f"more-{section.numchild}", live=True)
            )
            card.pk, card.title, card.url = page.pk, title, page.url
            card.published_at -= timedelta(minutes=1)
            card._state.adding = True
            card.save()


def add_comments(story, number: int) -> None:
    """So many public comments, every second of them an answer."""
    public_comments(story, [make_user()], ["说得对"] * number, every_nth_answers=2)


# --- Constant, whatever there is to show ---------------------------------------------------------


@pytest.mark.parametrize("which", ["home", "section", "search"])
def test_lists_cost_the_same_with_five_stories_and_with_forty(which, counted, newsroom, story):
    url = {"home": "/", "section": newsroom.section.url, "search": SEARCH}[which]
    add_cards(story, 4)
    few, kept = counted(url)
    add_cards(story, 35)
    assert counted(url) == (few, kept)
    assert few <= (MOST_FOR_A_SEARCH if which == "search" else MOST)
    assert kept == (1 if which == "search" else 0)  # A search is counted, kept or not.


def test_an_article_costs_the_same_with_ten_comments_and_with_a_hundred(
    counted, newsroom, story, client
):
    add_cards(story, 5)
    add_comments(story, 10)
    few, kept = counted(story.url)
    add_comments(story, 90)
    assert counted(story.url) == (few, kept)
    assert _get(client, story.url).count('class="comment-body"') == 100
    assert few <= MOST
    assert kept == 0


# --- Never old -----------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["home", "section", "search"])
def test_a_published_story_is_on_the_next_page(which, client, newsroom, story):
    url = {"home": "/", "section": newsroom.section.url, "search": SEARCH}[which]
    assert _get(client, url) == _get(client, url)
    later = make_story(newsroom.section, title="高温津贴今年提高了")
    assert later.url in _get(client, url)


def test_each_search_counts_though_its_page_is_kept(client, newsroom, story):
    for _time in range(3):
        _get(client, SEARCH)
    _get(client, f"{SEARCH}&kind=policy")
    _get(client, f"{SEARCH}&page=2")
    row = SearchLog.objects.get()
    assert (row.term, row.count, row.hits) == ("高温津贴", 3, 1)


def test_who_reads_the_report_is_not_in_it(client, newsroom, story):
    client.force_login(newsroom.editor)
    _get(client, SEARCH)
    assert not SearchLog.objects.exists()


def test_an_approved_comment_is_on_the_next_page(client, newsroom, story):
    _get(client, story.url)
    with committed():
        submitted = comment_submit(user=make_user(), page=story, text="我们车间还没有发。")
    assert "我们车间还没有发" not in _get(client, story.url)
    with committed():
        item_approve(item=submitted.item, user=newsroom.moderator)
    assert "我们车间还没有发" in _get(client, story.url)


def test_votes_are_on_the_next_page_once_they_may_be_told(client, newsroom):
    poll = make_poll(newsroom.section, results="always")
    assert "暂不公布数字" in _get(client, poll.url)
    with committed():
        for _voter in range(10):
            ballot_cast(user=make_user(), poll=poll, option_ids=[poll.options.first().pk])
    assert "已统计 5 人" in _get(client, poll.url)


def test_a_page_made_private_is_not_served_from_what_was_kept(client, newsroom, story):
    assert story.title in _get(client, story.url)
    with committed():
        PageViewRestriction.objects.create(
            page_id=newsroom.section.pk, restriction_type=PageViewRestriction.LOGIN
        )
    assert client.get(story.url).status_code == 302


def test_a_second_site_gets_its_own_front_page(client, newsroom, story):
    _get(client, "/")
    with committed():
        Site.objects.create(hostname="other.example", root_page_id=newsroom.section.pk)
    response = client.get("/", headers={"host": "other.example"})
    assert newsroom.section.title in response.content.decode().split("</title>")[0]
