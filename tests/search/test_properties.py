"""What must hold for every text there is; hypothesis looks for one that breaks it."""

import re

import pytest
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelsearch.query import And, Not, Or, Phrase, PlainText
from wagtail.models import Page

from search.backends import tree
from search.text import question, segment
from search.text.highlight import excerpt
from search.text.normalise import clean, fold, normalise

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=20)
ANY = st.text(max_size=80) | HAN | st.text("工会欠薪 aＡ１0'\"*()|&!:\\%\x00\ud800🙂", max_size=40)
MARKED = re.compile(r"</?mark>")


@given(ANY)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


@given(ANY)
def test_each_folded_character_stands_for_one_of_the_original(text):
    folded, places = fold(text)
    assert len(folded) == len(places)
    assert all(0 <= place < len(text) for place in places)
    assert list(places) == sorted(places)


@given(ANY, ANY)
def test_a_passage_is_the_original_with_marks_and_nothing_else(text, query):
    shown = str(excerpt(text, query, 60))
    bare = MARKED.sub("", shown).removeprefix("…").removesuffix("…")
    assert bare in escape(" ".join(clean(text).split()))


@given(ANY)
def test_tokens_hold_letters_and_digits_only(text):
    assert all(token.isalnum() for token in segment.index_tokens(text))
    asked = question.ask(text)
    assert asked is None or all(token.isalnum() for token in asked.weights)


@given(HAN, st.data())
def test_what_proves_a_part_stands_in_the_whole(title, data):
    start = data.draw(st.integers(0, len(title) - 1))
    end = data.draw(st.integers(start + 1, len(title)))
    assert set(question.proof(title[start:end])) <= set(segment.index_tokens(title))


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY, ANY)
def test_no_query_raises(one, other):
    queries = [
        tree.Sentence(one),
        And([PlainText(one), Not(PlainText(other))]),
        Or([Phrase(one), Not(Phrase(other))]),
        Not(PlainText(other)),
    ]
    for query in queries:
        found = Page.objects.search(query)
        assert len(list(found)) == found.count()
    list(Page.objects.autocomplete(one)[:5])


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=HAN, data=st.data())
def test_every_part_of_a_title_finds_its_page(title, data, add_page, indexed):
    page = indexed(lambda: add_page(title))
    start = data.draw(st.integers(0, len(title) - 1))
    part = title[start : data.draw(st.integers(start + 1, min(len(title), start + 8)))]
    assert page.pk in {found.pk for found in Page.objects.search(part)}


@pytest.fixture
def indexed(django_capture_on_commit_callbacks):
    """`indexed(make)` makes a page and has it indexed."""

    def make_and_index(make):
        with django_capture_on_commit_callbacks(execute=True):
            return make()

    return make_and_index
