"""Runs against whichever database the settings name; the suite is run once for each."""

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.backends import get_search_backend
from modelsearch.index import insert_or_update_object
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from wagtail.models import Page

from search.backends import indexing, tree
from tests.search.conftest import TITLES

HOSTILE = [
    *(" ", '"', "'", '"" OR 1', "a' | b", "NOT", "AND OR", "*", "(", ")", ":", "{title}:", "-"),
    *("🙂", "\x00", "工会\x00", "\ud800", "\\", "%", "%s %d", "NEAR(a b)", "!", "&|!", "<->"),
    *("高温" * 5000, "a b " * 2500, "\u200b", "的", "１２３", "é́", "한국어", "السلام"),
]


def found(query, **options):
    return {page.title for page in Page.objects.search(query, **options)}


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("title", TITLES)
def test_every_part_of_a_title_finds_it(title):
    missed = []
    for start in range(len(title)):
        for end in range(start + 1, min(start + 8, len(title)) + 1):
            part = title[start:end]
            if cuts_latin(title, start, end) or not any(map(str.isalnum, part)):
                continue
            if title not in found(part):
                missed.append(part)
    assert missed == []


def cuts_latin(text, start, end):
    def inside(at):
        around = text[max(at - 1, 0) : at + 1]
        return 0 < at < len(text) and around.isascii() and around.isalnum()

    return inside(start) or inside(end)


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("请问今年的高温补贴到底怎么发放呢", TITLES[1]),
        ("老板欠薪不给，工会能帮农民工打官司吗？", TITLES[2]),
        ("外卖骑手这种新就业形态的权益谁来保障", TITLES[3]),
        ("長江大橋的建設者拿了什麼獎", TITLES[0]),
    ],
)
def test_a_question_in_a_sentence_is_answered_first_by_the_right_page(question, answer):
    assert Page.objects.search(question)[0].title == answer


@pytest.mark.usefixtures("pages")
def test_unrelated_keywords_find_nothing():
    assert found("医疗互助") == set()
    assert found("高温 农民工") == set()


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_raises(query):
    for method in (Page.objects.all().search, Page.objects.all().autocomplete):
        for operator in (None, "and", "or"):
            list(method(query, operator=operator))
            method(query, operator=operator).count()
    list(Page.objects.search(Phrase(query)))
    list(Page.objects.search(Not(PlainText(query))))


@pytest.mark.usefixtures("pages")
def test_operators_hold():
    high, debt = PlainText("高温"), PlainText("农民工")
    assert found("高温 农民工", operator="and") == set()
    assert found("高温 农民工", operator="or") == {TITLES[1], TITLES[2]}
    assert found(Or([high, debt])) == {TITLES[1], TITLES[2]}
    assert found(And([high, PlainText("标准")])) == {TITLES[1]}
    assert found(And([PlainText("劳动者"), Not(high)])) == {TITLES[3]}
    assert TITLES[1] not in found(Not(high))
    assert {TITLES[0], TITLES[2], TITLES[3]} <= found(Not(high))
    assert set(TITLES) <= found(MATCH_ALL)
    assert found(Not(MATCH_ALL)) == set()
    assert found(Or([Not(high), high])) >= set(TITLES)


@pytest.mark.usefixtures("pages")
def test_a_phrase_must_stand_together():
    assert found(Phrase("补贴发放")) == {TITLES[1]}
    assert found(Phrase("高温发放")) == set()


@pytest.mark.usefixtures("pages")
def test_autocomplete_finds_from_the_middle_and_a_word_half_typed():
    assert {page.title for page in Page.objects.autocomplete("江大")} == {TITLES[0]}
    assert {page.title for page in Page.objects.autocomplete("保障a")} == {TITLES[3]}


def test_autocomplete_finds_the_beginning_of_a_latin_word(
    add_page, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        add_page("Wagtail 使用手册")
    assert [page.title for page in Page.objects.autocomplete("wagt")] == ["Wagtail 使用手册"]
    assert found("wagt") == set()


@pytest.mark.usefixtures("pages")
def test_filters_order_and_score_hold(pages):
    assert {p.title for p in Page.objects.filter(pk=pages[1].pk).search("劳动")} == {TITLES[1]}
    newest = Page.objects.order_by("-id").search("劳动", order_by_relevance=False)
    assert [p.pk for p in newest] == sorted((p.pk for p in newest), reverse=True)
    scored = list(Page.objects.search("高温补贴").annotate_score("score"))
    assert scored[0].score > 0


@pytest.mark.usefixtures("pages")
def test_fields_can_be_named():
    assert found("高温", fields=["title"]) == {TITLES[1]}


@pytest.mark.usefixtures("pages")
def test_facets_count_what_was_found():
    facets = Page.objects.search("劳动").facet("live")
    assert facets == {True: 3}


@pytest.mark.usefixtures("pages")
def test_a_search_is_one_query(django_assert_num_queries):
    list(Page.objects.search("预热"))
    with django_assert_num_queries(1):
        list(Page.objects.search("请问今年的高温补贴到底怎么发放呢")[:10])
    with django_assert_num_queries(1):
        list(Page.objects.autocomplete("高温")[:10])


@pytest.mark.usefixtures("pages")
def test_deleted_and_renamed_pages_follow(pages, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        pages[1].delete()
        pages[2].title = "职工疗休养"
        pages[2].save()
    assert found("高温") == set()
    assert found("疗休养") == {"职工疗休养"}
    assert found("追回欠薪") == set()


def test_a_plain_model_and_its_tags_are_searched(db):
    from wagtail.documents import get_document_model

    document = get_document_model()(title="劳动合同示范文本", file="a.pdf")
    document.save()
    document.tags.add("集体协商")
    insert_or_update_object(document)
    objects = type(document).objects
    assert list(objects.search("合同示范")) == [document]
    assert list(objects.search("协商")) == [document]


def test_the_index_is_rebuilt_with_the_same_words(pages):
    backend = get_search_backend()
    index = backend.get_index_for_model(Page)
    index.reset()
    assert found("高温") == set()
    rebuilder = backend.rebuilder_class(index)
    rebuilder.start().add_items(Page, list(Page.objects.all()))
    rebuilder.finish()
    assert found("高温") == {TITLES[1]}


def test_tokens_never_need_escaping():
    for query in HOSTILE:
        for token in tree.weights(tree.Sentence(query)):
            assert token.isalnum(), (query, token)
    assert connection.vendor in ("sqlite", "postgresql")


@pytest.mark.usefixtures("pages")
def test_looking_at_the_foremost_hits_first_changes_no_answer(pages, monkeypatch):
    everything = [page.pk for page in Page.objects.search("劳动")]
    oldest = Page.objects.filter(pk=min(everything))
    # From now on only the best two are looked at first.
    monkeypatch.setattr(indexing, "BEYOND", 0)
    backend = import_module(f"search.backends.{connection.vendor}")
    monkeypatch.setattr(backend, "FOREMOST", 2)
    for name in ("RANKED_LEAST", "RANKED_A_TOKEN"):
        monkeypatch.setattr(backend, name, 1, raising=False)
    with CaptureQueriesContext(connection) as asked:
        list(Page.objects.search("劳动")[:2])
    assert len(asked) == 1
    assert "LIMIT 2)" in asked.captured_queries[0]["sql"]
    assert len(everything) == 3
    assert [page.pk for page in Page.objects.search("劳动")[:2]] == everything[:2]
    assert [page.pk for page in Page.objects.search("劳动")[:3]] == everything
    assert [page.pk for page in Page.objects.search("劳动")[1:3]] == everything[1:]
    assert [page.pk for page in oldest.search("劳动")[:1]] == [min(everything)]
