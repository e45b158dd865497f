"""The ranking function that SQLite calls: what it counts in a text, and the texts kept for it."""

import json

import pytest
from django.db import connection
from wagtail.search.models import IndexEntry

from search.backends import bm25
from search.backends.rescore import score

DOCUMENTS, AVERAGE = 1_000, 10.0


def ranked(weights, title, body, *, holding=None, prior=1.0):
    question = {"weights": weights, "documents": DOCUMENTS, "average": AVERAGE, "holding": {}}
    holding = dict.fromkeys(weights, 10) if holding is None else holding
    return score(json.dumps(question), json.dumps(holding), title.encode(), body.encode(), prior)


def expected(frequency, length, weight=1.0):
    return weight * bm25.idf(DOCUMENTS, 10) * bm25.impact(frequency, length, AVERAGE)


def test_a_pair_counts_in_the_body_once_and_in_the_title_more():
    found = ranked({"工资": 1.0}, " 工 资 |", " 欠 工 资 . 工 资 |")
    assert found == pytest.approx(expected(2 + bm25.TITLE, 7))


def test_a_pair_does_not_reach_over_a_mark():
    assert ranked({"工资": 1.0}, " |", " 工 . 资 |") == 0


def test_neighbours_that_share_a_character_all_count():
    assert ranked({"天天": 1.0}, " |", " 天 天 天 |") == pytest.approx(expected(2, 3))


def test_a_latin_word_is_not_found_inside_another():
    weights = {"app": 1.0, "12": 1.0}
    assert ranked(weights, " |", " apps 中 3512 |") == 0
    assert ranked(weights, " |", " 用 app 看 12 条 |") > 0


def test_a_token_nobody_counted_adds_nothing():
    assert ranked({"工资": 1.0}, " 工 资 |", " |", holding={}) == 0


def test_an_empty_question_or_text_is_no_error():
    assert ranked({}, " 工 资 |", " |") == 0
    assert ranked({"工资": 1.0}, "", "") == 0


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the table is SQLite's")
def test_the_texts_follow_the_index(pages, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        pages[0].title = "加班费怎么算"
        pages[0].save()
        pages[1].delete()
    entries = {
        entry.pk: (entry.title.partition("|")[0] + "|", entry.title_norm)
        for entry in IndexEntry.objects.all()
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, title, prior FROM search_ranked")
        kept = {key: (bytes(title).decode(), prior) for key, title, prior in cursor}
    assert kept == entries
    assert any("加 班 费" in title for title, _prior in kept.values())
