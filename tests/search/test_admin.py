"""The lexicon's desk, and Wagtail's own search boxes, in Chinese."""

import pytest
from django.urls import reverse

from search.models import Term
from tests.search.conftest import TITLES


def test_the_lexicon_is_listed_searched_and_filtered(admin_client):
    listed = admin_client.get(reverse("lexicon:index"), {"q": "讨薪", "kind": "synonym"})
    assert listed.status_code == 200
    assert {term.term for term in listed.context["object_list"]} == {"讨薪"}
    stop_words = admin_client.get(reverse("lexicon:index"), {"kind": "stop"})
    assert {term.kind for term in stop_words.context["object_list"]} == {"stop"}


def test_a_word_is_added_and_an_unfinished_one_explained(admin_client):
    word = {"term": "骑手驿站", "kind": "topic", "topic": "户外驿站", "weight": "1"}
    refused = admin_client.post(reverse("lexicon:add"), {**word, "topic": ""})
    assert "主题词要写明主题" in refused.content.decode()
    admin_client.post(reverse("lexicon:add"), word)
    assert Term.objects.get(term="骑手驿站").topic == "户外驿站"


@pytest.mark.usefixtures("pages")
def test_wagtails_page_search_speaks_chinese(admin_client):
    shown = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": "大桥"})
    assert TITLES[0] in shown.content.decode()
    assert TITLES[1] not in shown.content.decode()


@pytest.mark.parametrize("query", ['"', " ", "NOT (", "🙂", "\x00"])
def test_wagtails_page_search_never_fails(admin_client, query):
    shown = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": query})
    assert shown.status_code == 200
