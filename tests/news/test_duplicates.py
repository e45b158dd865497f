"""Near-duplicates of a story: found through the index, told to those who may read them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from cms.news.duplicates import body_text, duplicates
from tests.factories import make_story
from tests.news import releases

pytestmark = pytest.mark.django_db

NO_DRAFTS = Page.objects.none()


def body(paragraphs):
    return [("paragraph", f"<p>{text}</p>") for text in paragraphs]


@pytest.fixture
def release(newsroom):
    return make_story(newsroom.section, title=releases.TITLE, body=body(releases.PARAGRAPHS))


def reprint(**options):
    text = releases.text(releases.REPRINT_PARAGRAPHS)
    return duplicates(releases.REPRINT_TITLE, text, **{"drafts": NO_DRAFTS, **options})


def test_an_edited_reprint_is_found_and_another_text_on_the_topic_is_not(newsroom, release):
    make_story(
        newsroom.section,
        title=releases.SAME_TOPIC_TITLE,
        body=body(releases.SAME_TOPIC_PARAGRAPHS),
    )
    (found,) = reprint()
    assert found.page.pk == release.pk
    assert 60 <= found.percent < 100
    topic = releases.text(releases.SAME_TOPIC_PARAGRAPHS[:1])
    assert duplicates("环卫工人喝上凉茶", "夏天到了，区里组织送清凉。", drafts=NO_DRAFTS) == []
    assert duplicates(releases.SAME_TOPIC_TITLE, topic, drafts=NO_DRAFTS)[0].percent > 90


def test_a_draft_is_told_only_to_those_who_may_read_it(newsroom):
    draft = make_story(
        newsroom.section, live=False, title=releases.TITLE, body=body(releases.PARAGRAPHS)
    )
    assert reprint() == []
    (found,) = reprint(drafts=Page.objects.descendant_of(newsroom.section))
    assert found.page.pk == draft.pk


def test_a_story_is_no_duplicate_of_itself(release):
    text = releases.text(releases.PARAGRAPHS)
    assert duplicates(releases.TITLE, text, drafts=NO_DRAFTS)[0].percent > 95
    assert duplicates(releases.TITLE, text, drafts=NO_DRAFTS, but=release.pk) == []


def test_it_costs_the_same_with_one_story_and_with_ten(newsroom, release):
    reprint()
    with CaptureQueriesContext(connection) as one:
        reprint()
    for _story in range(9):
        make_story(newsroom.section, title=releases.TITLE, body=body(releases.PARAGRAPHS))
    assert len(reprint()) == 5
    with CaptureQueriesContext(connection) as ten:
        reprint()
    assert len(ten) == len(one)


@pytest.mark.parametrize(
    "text", ["", "，。！", "\x00", '"' * 200, "🙂" * 50, "NOT (", "工" * 50_000]
)
def test_nothing_that_can_be_typed_is_an_error(release, text):
    assert duplicates(text, text, drafts=NO_DRAFTS) == []


def test_the_text_of_a_body_is_what_readers_see():
    stored = [
        {"type": "heading", "value": {"text": "怎么领"}, "id": "6d1b"},
        {"type": "paragraph", "value": "<p>每月 <b>300</b> 元 &amp; 饮水</p>", "id": "77aa"},
        {"type": "image", "value": {"image": 3, "alt": "工地", "caption": None}, "id": "9"},
        {"type": "related", "value": [{"type": "item", "value": 4, "id": "c"}], "id": "d"},
    ]
    assert body_text({"x": stored}) == "怎么领\n每月 300 元 & 饮水\n工地"
