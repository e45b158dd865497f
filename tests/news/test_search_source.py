"""What the search page finds among real stories: facets, order, synonyms, words by sound."""

from datetime import UTC, datetime

import pytest
from wagtail.models import Page

from cms.news.models import StoryCard
from cms.news.search_source import StorySource
from search import answers
from search.registry import Filters
from search.vocabulary import vocabulary_refresh
from tests.factories import committed
from tests.factories.site import make_section

STORIES = [
    # Title, kind, section, year.
    ("高温津贴的标准", "policy", 0, 2026),
    ("高温津贴怎么领", "policy", 1, 2025),
    ("高温津贴案例", "legal", 0, 2025),
    ("高温津贴的由来", "legal", 1, 2024),
    ("讨薪的三条路", "legal", 0, 2026),
    ("工资怎么算", "legal", 0, 2026),
]


@pytest.fixture
def sections(newsroom):
    """Two sections with STORIES in them. Lists and search read nothing of a story but its card."""
    found = [newsroom.section, make_section(newsroom.home, newsroom.union, title="维权")]
    labels = {"policy": "政策", "legal": "法律"}
    with committed():
        for number, (title, kind, section, year) in enumerate(STORIES):
            parent = Page.objects.get(pk=found[section].pk)
            page = Page(title=title, slug=f"card-{number}", live=True)
            StoryCard.objects.create(
                page=parent.add_child(instance=page),
                section_id=parent.pk,
                section_title=parent.title,
                union=newsroom.union,
                kind=kind,
                kind_label=labels[kind],
                title=title,
                url=f"/{number}/",
                published_at=datetime(year, 6, 1 + number, tzinfo=UTC),
                year=year,
            )
    vocabulary_refresh(force=True)
    return found


def find(query="高温津贴", order="relevance", **filters):
    return StorySource().search(query, Filters(**filters), order, 0, 10)


def counts(results, name):
    return {value.value: value.count for value in results.facets[name]}


def titles(results):
    return [card.title for card in results.items]


def test_facets_count_under_the_other_filters(sections):
    here, there = (str(section.pk) for section in sections)
    results = find(kind="legal", year=2025)
    assert titles(results) == ["高温津贴案例"]
    assert (results.total, counts(results, "kind")) == (1, {"policy": 1, "legal": 1})
    assert counts(results, "section") == {here: 1}
    assert counts(results, "year") == {"2025": 1, "2024": 1}
    assert counts(find(section=int(there)), "year") == {"2025": 1, "2024": 1}


def test_every_count_is_what_choosing_it_finds(sections):
    everything = find()
    for name in ("kind", "section", "year"):
        for value in everything.facets[name]:
            chosen = value.value if name == "kind" else int(value.value)
            narrowed = find(**{name: chosen})
            assert narrowed.total == value.count == len(narrowed.items)
            assert narrowed.everywhere == everything.total


def test_years_stand_from_the_latest_and_are_named(sections):
    years = find(kind="legal").facets["year"]
    assert [year.label for year in years] == ["2025年", "2024年"]


def test_stories_stand_by_date_when_asked(sections):
    newest = titles(find(order="newest"))
    assert newest[0] == "高温津贴的标准"
    assert titles(find(order="oldest")) == newest[::-1]


def test_a_search_is_two_queries(sections, django_assert_num_queries):
    find(kind="legal")
    with django_assert_num_queries(2):
        find(kind="legal")


def test_synonyms_find_and_can_be_left_out(sections):
    source = StorySource()
    assert titles(source.search("拖欠工资", Filters(), "relevance", 0, 10)) == ["讨薪的三条路"]
    assert not source.search("拖欠工资", Filters(), "relevance", 0, 10, synonyms=False).total


@pytest.mark.parametrize("typed", ["gaowenjintie", "高温jintie", "高文津贴", "gwjt"])
def test_words_typed_by_sound_find_the_stories(sections, typed):
    answer = answers.answer(typed)
    assert (answer.query, answer.instead_of) == ("高温津贴", typed)
    assert answer.results.total >= 4


def test_a_correction_does_not_depend_on_the_filters(sections):
    assert answers.answer("公资", Filters(year=1999)).query == "工资"
    assert answers.answer("工资", Filters(year=1999)).instead_of == ""


def test_proposals_find_titles_from_their_middle(sections):
    assert [one.title for one in answers.suggest("么领").titles] == ["高温津贴怎么领"]
    assert "高温津贴案例" in [one.title for one in answers.suggest("gaowenj").titles]
