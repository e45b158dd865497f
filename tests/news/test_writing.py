"""What helps an editor while writing: asked on demand, of the text as typed, never in the way."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from cms.members.models import Role
from cms.news import writing
from cms.news.services import section_grant
from tests.factories import grant, make_story, make_user
from tests.news import releases

pytestmark = pytest.mark.django_db

KEYWORDS = "/admin/news/writing/keywords/"
DUPLICATES = "/admin/news/writing/duplicates/"


def form(title, paragraphs, summary=""):
    """What the editor's form sends: paragraphs are the rich text editor's own JSON."""
    data = {"title": title, "summary": summary, "body-count": str(len(paragraphs) + 1)}
    for number, text in enumerate([*paragraphs, "删掉的一段里有区块链。"]):
        blocks = [{"text": text, "type": "unstyled", "key": "a", "depth": 0}]
        for block in blocks:
            block.update(inlineStyleRanges=[], entityRanges=[])
        data |= {
            f"body-{number}-type": "paragraph",
            f"body-{number}-order": str(number),
            f"body-{number}-id": "",
            f"body-{number}-deleted": "1" if number == len(paragraphs) else "",
            f"body-{number}-value": json.dumps({"blocks": blocks, "entityMap": {}}),
        }
    return data


RELEASE = form(releases.REPRINT_TITLE, releases.REPRINT_PARAGRAPHS)


@pytest.fixture
def editor(newsroom, client):
    client.force_login(newsroom.editor)
    return client


def test_keywords_come_from_the_text_as_typed_and_say_why(editor):
    shown = editor.post(KEYWORDS, RELEASE).content.decode()
    assert 'data-word="送清凉"' in shown or 'data-word="高温津贴"' in shown
    assert "区块链" not in shown
    assert "为什么是这些词" in shown


def test_an_empty_form_gets_a_hint(editor):
    assert "先写标题和正文" in editor.post(KEYWORDS, form("", [])).content.decode()
    assert "先写标题和正文" in editor.post(DUPLICATES, form("", [])).content.decode()


def test_duplicates_are_named_with_links_that_the_editor_can_follow(editor, newsroom):
    body = [("paragraph", f"<p>{text}</p>") for text in releases.PARAGRAPHS]
    live = make_story(newsroom.section, title=releases.TITLE, body=body)
    draft = make_story(newsroom.section, live=False, title=releases.TITLE, body=body)
    shown = editor.post(DUPLICATES, RELEASE).content.decode()
    for story in (live, draft):
        assert reverse("wagtailadmin_pages:edit", args=[story.pk]) in shown
    assert "已发布" in shown
    assert "草稿" in shown
    without = editor.post(f"{DUPLICATES}?page={draft.pk}", RELEASE).content.decode()
    assert "草稿" not in without


def test_another_unions_draft_is_not_told_and_its_story_links_to_the_site(client, newsroom):
    body = [("paragraph", f"<p>{text}</p>") for text in releases.PARAGRAPHS]
    live = make_story(newsroom.section, title=releases.TITLE, body=body)
    make_story(newsroom.section, live=False, title=releases.TITLE, body=body)
    below = newsroom.union.add_child(name="下级工会", slug="below-writing", level="county")
    section = newsroom.home.add_child(
        instance=type(newsroom.section)(title="下级栏目", slug="below-section", union=below)
    )
    person = grant(make_user(), Role.EDITOR, below)
    section_grant(section=section)
    client.force_login(person)
    shown = client.post(DUPLICATES, RELEASE).content.decode()
    assert f'href="{live.url}"' in shown
    assert "草稿" not in shown
    assert "/edit/" not in shown


@pytest.mark.parametrize("address", [KEYWORDS, DUPLICATES])
def test_only_writers_ask_and_only_by_post(client, newsroom, address):
    client.force_login(newsroom.moderator)
    assert client.post(address, RELEASE).status_code in (302, 403)
    client.force_login(newsroom.editor)
    assert client.get(address).status_code == 405
    client.logout()
    assert client.post(address, RELEASE).status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"body-count": "many"},
        {"body-count": ""},
        {"body-count": "99999999"},
        {"body-0-value": "no json"},
        {"body-0-value": "[]"},
        {"body-0-value": '{"blocks": 3}'},
        {"body-0-order": "x"},
    ],
)
def test_a_form_that_is_none_is_refused_in_words(editor, change):
    answer = editor.post(KEYWORDS, {**RELEASE, **change})
    assert answer.status_code == 400
    assert "刷新页面" in answer.content.decode()


def test_a_text_beyond_all_measure_is_refused_in_words(editor):
    answer = editor.post(KEYWORDS, {**RELEASE, "title": "长" * writing.LARGEST})
    assert answer.status_code == 413
    assert "太长" in answer.content.decode()


@pytest.mark.parametrize("page", ["", "-1", "x", "9" * 30, "\x00"])
def test_nothing_in_the_address_is_an_error(editor, page):
    assert editor.post(f"{DUPLICATES}?page={page}", RELEASE).status_code == 200


@pytest.mark.parametrize("kind", ["policypage", "legalpage", "activitypage"])
def test_the_editor_of_every_kind_has_both_panels(editor, newsroom, kind):
    place = reverse("wagtailadmin_pages:add", args=["news", kind, newsroom.section.pk])
    shown = editor.get(place).content.decode()
    assert f'data-writing-help-url-value="{KEYWORDS}"' in shown
    assert f'data-writing-help-url-value="{DUPLICATES}"' in shown
    assert shown.count("js/writing-help.js") == 1


def test_a_foreign_page_cannot_ask_in_the_editors_name(newsroom):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(newsroom.editor)
    assert stranger.post(KEYWORDS, RELEASE).status_code == 403
