from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from search import registry, selectors, services
from search.models import SearchLog
from search.signals import search_performed
from search.text.normalise import normalise

# The page stands wherever a site mounts it.
pytestmark = pytest.mark.urls("tests.search.urls")

STORIES = 25


@dataclass
class Story:
    title: str
    url: str = "/story/"
    summary: str = "摘要"
    text: str = "正文里说高温补贴<b>每月三百元</b>"
    kind_label: str = "政策"
    section_title: str = "政策法规"
    published_at: datetime = datetime(2026, 7, 1, tzinfo=UTC)


class Newsroom:
    """A real source in miniature: it finds what has the query in its title."""

    stories = tuple(Story(f"高温补贴第{number}号") for number in range(STORIES))

    def search(self, query, filters, order, offset, limit):
        asked = normalise(query)
        hits = [story for story in self.stories if asked in story.title and not filters.section]
        kinds = [registry.FacetValue("policy", "政策", 20), registry.FacetValue("legal", "法律", 5)]
        return registry.Results(hits[offset : offset + limit], len(hits), {"kind": kinds})

    def suggest(self, query, limit):
        return [registry.Suggestion(f"<{query}>", "/story/")][:limit]


@pytest.fixture(autouse=True)
def newsroom_source(db):
    before = registry.source()
    registry.register_source(Newsroom())
    yield
    registry.register_source(before)


@pytest.fixture
def get(client):
    def read(**parameters):
        response = client.get(reverse("search:results"), parameters)
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_results_show_escaped_passages_with_marks(get):
    page = get(q="高温补贴")
    assert f"找到 {STORIES} 篇" in page
    assert "<mark>高温补贴</mark>&lt;b&gt;每月三百元" in page
    assert "政策 20" in page


def test_pages_turn_and_never_run_out(get):
    assert "第 2 页" in get(q="高温补贴", page="2")
    assert "第 3 页" in get(q="高温补贴", page="999")
    for wrong in ("0", "-1", "abc", "9" * 30, "²"):
        assert "第 1 页" in get(q="高温补贴", page=wrong)


def test_nothing_found_is_said_and_near_topics_are_offered(get):
    page = get(q="骑手讨薪")
    assert "没有找到与“骑手讨薪”有关的稿件" in page
    assert ">网约配送员</a>" in page
    assert ">欠薪</a>" in page


def test_a_blank_search_explains_itself(get):
    for blank in ("", "   ", "\x00"):
        assert "输入词语或一句话" in get(q=blank)


@pytest.mark.parametrize("query", ["<script>", '"', "🙂", "a\x00b", "高温" * 5000, "%", "\\"])
def test_hostile_queries_are_answered(get, query):
    page = get(q=query, kind="<x>", section="x' OR 1", order="random()")
    assert "<script>alert" not in page
    assert "<x>" not in page


def test_the_page_takes_few_queries(client, django_assert_max_num_queries):
    client.get(reverse("search:results"), {"q": "预热"})
    with django_assert_max_num_queries(10):
        client.get(reverse("search:results"), {"q": "高温补贴"})


def test_suggestions_are_an_escaped_fragment(client):
    page = client.get(reverse("search:suggest"), {"q": "高温"}).content.decode()
    assert "&lt;高温&gt;" in page
    assert "<html" not in page
    assert client.get(reverse("search:suggest")).content.strip() == b""


def test_searches_are_counted_by_day_and_term_without_a_person(get):
    get(q="高温补贴")
    get(q="高溫補貼 ")
    get(q="高温补贴", page="2")
    row = SearchLog.objects.get()
    assert (row.term, row.count, row.hits) == ("高温补贴", 2, STORIES)


@pytest.mark.parametrize("personal", ["13812345678", "张三 110101199001011234", "a@b.cn", " "])
def test_personal_numbers_are_not_kept(personal):
    services.search_log(query=personal, hits=0)
    assert not SearchLog.objects.exists()


def test_counting_a_search_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        services.search_log(query="欠薪", hits=3)


def test_a_search_is_announced():
    heard = []

    def hear(**kwargs):
        heard.append((kwargs["query"], kwargs["hits"], kwargs["source"]))

    search_performed.connect(hear)
    services.search_log(query="欠薪", hits=3)
    search_performed.disconnect(hear)
    assert heard == [("欠薪", 3, "site")]


def test_editors_see_what_is_asked_and_what_is_missing():
    for query, hits in [("欠薪", 3), ("欠薪", 3), ("月球旅行", 0), ("月球旅行", 0), ("骂人话", 1)]:
        services.search_log(query=query, hits=hits)
    assert {row["term"]: row["count"] for row in selectors.popular(limit=2)} == {
        "欠薪": 2,
        "月球旅行": 2,
    }
    assert [row["term"] for row in selectors.nothing_found()] == ["月球旅行"]


def test_the_public_sees_popular_words_of_the_house_only():
    for query in ("欠薪", "骂人话"):
        services.search_log(query=query, hits=1)
    assert selectors.popular_known() == ["欠薪"]
