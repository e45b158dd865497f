from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils.html import escape

from search import answers, registry, selectors, services
from search.models import SearchLog, Vocabulary
from search.signals import search_performed
from search.text.normalise import normalise
from search.vocabulary import completions, vocabulary_refresh

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

    def __init__(self):
        self.stories = [Story(f"高温补贴第{number}号") for number in range(STORIES)]

    def search(self, query, filters, order, offset, limit, *, synonyms=True):
        asked = normalise(query)
        hits = [story for story in self.stories if asked in story.title]
        kept = [] if filters.section or filters.year == 1900 else hits
        kinds = [registry.FacetValue("policy", "政策", 20), registry.FacetValue("legal", "法律", 5)]
        years = [
            registry.FacetValue("2026", "2026年", 24),
            registry.FacetValue("2025", "2025年", 1),
        ]
        facets = {"kind": kinds, "year": years}
        return registry.Results(kept[offset : offset + limit], len(kept), len(hits), facets)

    def suggest(self, query, limit):
        found = [story for story in self.stories if query in story.title]
        return [registry.Suggestion(story.title, f"/{story.title}/") for story in found[:limit]]

    def holding(self, parts):
        return sum(all(part in story.title for part in parts) for story in self.stories)

    def texts(self):
        return [f"{story.title}，{story.text}" for story in self.stories]

    def version(self):
        return str(len(self.stories))


@pytest.fixture(autouse=True)
def stories(db):
    """The stories that are found; a test may add some."""
    before, newsroom = registry.source(), Newsroom()
    registry.register_source(newsroom)
    yield newsroom.stories
    registry.register_source(before)


@pytest.fixture
def vocabulary(stories):
    """`vocabulary("工资条", …)`: stories with these titles, and all words known."""

    def learn(*titles):
        stories.extend(Story(title) for title in titles)
        vocabulary_refresh(force=True)

    return learn


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
    assert '政策<span class="count">20</span>' in page


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


HOSTILE = [
    *(
        "<script>",
        '"',
        "'",
        "🙂",
        "a\x00b",
        "高温" * 5000,
        "%",
        "%s %d",
        "\\",
        "\u202e工",
    ),
    *("NOT (", "a OR b", "工资*", "title:工资", "-工资", "&|!", "NEAR(a b)", "'; DROP", "{{ 7 }}"),
    *("gong zi' OR 1", "x" * 10_000, "公" * 10_000, "\u200b", "的", "１２３", "한국어", "السلام"),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_answered(get, client, query):
    page = get(q=query, kind="<x>", section="x' OR 1", order="random()", year="-1", syn="x")
    assert "<script>alert" not in page
    assert "<x>" not in page
    get(q=query, exact="1", syn="0")
    assert client.get(reverse("search:suggest"), {"q": query}).status_code == 200


@pytest.mark.parametrize("raw", ["q=%00", "q=%ff%fe", "q=%ED%A0%80", "q=%", "q", "q=a&q=b", "%"])
def test_broken_addresses_are_answered(client, raw):
    for path in (reverse("search:results"), reverse("search:suggest")):
        assert client.get(f"{path}?{raw}").status_code == 200


def test_a_lone_surrogate_is_answered():
    assert answers.answer("\ud800工资").results.total == 0
    assert not answers.suggest("\ud800").titles


@pytest.mark.parametrize("year", ["abc", "0", "-1", "²", "9" * 30, "20 26", "\x00"])
def test_a_wrong_year_is_no_year(get, year):
    assert f"找到 {STORIES} 篇" in get(q="高温补贴", year=year)


def test_a_long_query_is_cut_and_that_is_said(get):
    assert "只看前 120 个字" in get(q="高温补贴" + "啊" * 200)
    assert "只看前" not in get(q="高温补贴")


def test_the_page_takes_few_queries(client, vocabulary, django_assert_num_queries):
    """The words that sound so, and the count of searches; what the source takes is its own."""
    vocabulary("工资条怎么看", "工资怎么算")
    client.get(reverse("search:results"), {"q": "预热"})
    for query in ("高温补贴", "高温butie", "公资"):
        with django_assert_num_queries(2):
            client.get(reverse("search:results"), {"q": query})
    with django_assert_num_queries(3):  # Nothing found: what others search is shown.
        client.get(reverse("search:results"), {"q": "月球旅行"})


# --- What was meant -----------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["gongzi", "gong zi", "公资"])
def test_what_finds_nothing_is_read_by_its_sound_and_that_is_said(get, vocabulary, typed):
    vocabulary("工资条怎么看", "工资怎么算")
    page = get(q=typed)
    assert "已按“<strong>工资</strong>”查找" in page
    assert f"仍查“{escape(typed)}”" in page
    assert "<mark>工资</mark>条怎么看" in page
    assert "exact=1" in page


def test_exactly_what_was_typed_is_searched_when_asked(get, vocabulary):
    vocabulary("工资条怎么看")
    page = get(q="公资", exact="1")
    assert "没有找到与“公资”有关的稿件" in page
    assert "已按" not in page


def test_what_finds_something_is_searched_and_only_a_suggestion_made(get, vocabulary):
    vocabulary("工资怎么算", "工资晚发了", "公资有限公司")
    page = get(q="公资")
    assert "您要找的是不是" in page
    assert "<mark>公资</mark>有限公司" in page
    assert "已按" not in page


def test_what_finds_clearly_less_gives_way(get, vocabulary):
    vocabulary("公资有限公司", *(f"工资问答之{number}" for number in range(6)))
    assert "已按“<strong>工资</strong>”查找" in get(q="公资")


def test_a_known_word_is_never_corrected(get, vocabulary):
    vocabulary("仲裁要多久", "仲裁要钱吗")
    page = get(q="重裁")
    assert "已按“<strong>仲裁</strong>”查找" in page
    for known in ("仲裁", "高温补贴", "欠薪"):
        page = get(q=known)
        assert "已按" not in page
        assert "您要找的是不是" not in page


def test_a_choice_within_a_correction_keeps_what_was_typed(get, vocabulary):
    vocabulary("工资条怎么看", "工资怎么算")
    assert "?q=gongzi&amp;kind=policy" in get(q="gongzi")


def test_other_words_of_the_same_meaning_are_named_and_can_be_left_out(get, vocabulary):
    vocabulary("欠薪怎么办")
    page = get(q="欠薪")
    assert "也查了：讨薪、拖欠工资" in page
    assert "只查“欠薪”" in page
    assert "syn=0" in page
    page = get(q="欠薪", syn="0")
    assert "也查意思相同的词" in page
    assert '<a class="search-switch" href="?q=%E6%AC%A0%E8%96%AA">也查' in page


def test_synonyms_are_marked_in_what_they_found(get, stories):
    stories.append(Story("欠薪怎么办", text="先去讨薪"))
    assert "先去<mark>讨薪</mark>" in get(q="欠薪")


# --- Narrowing ----------------------------------------------------------------------------------


def test_what_was_chosen_can_be_taken_away_and_combined(get):
    page = get(q="高温补贴", kind="policy", year="2026")
    assert 'aria-label="不限政策"' in page
    assert 'aria-label="不限2026年"' in page
    assert "kind=legal&amp;year=2026" in page
    assert "kind=policy&amp;order=oldest" not in page
    assert "kind=policy&amp;year=2026&amp;order=oldest" in page


def test_nothing_within_the_choice_says_how_much_there_is_without_it(get):
    page = get(q="高温补贴", year="1900")
    assert f"别处有 {STORIES} 篇" in page
    assert "还是没找到" not in page


def test_nothing_found_shows_what_others_search_and_where_to_ask(get):
    services.search_log(query="欠薪", hits=3)
    page = get(q="月球旅行")
    assert "大家在搜" in page
    assert 'href="tel:12351"' in page
    assert [row["term"] for row in selectors.nothing_found()] == ["月球旅行"]


# --- While typing -------------------------------------------------------------------------------


@pytest.fixture
def proposed(client):
    def read(typed):
        response = client.get(reverse("search:suggest"), {"q": typed})
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_proposals_are_an_escaped_fragment(proposed, stories):
    stories.append(Story("高温<b>补贴"))
    page = proposed("高温<b>")
    assert "&lt;b&gt;" in page
    assert "<html" not in page
    assert "<b>" not in page
    assert proposed("").strip() == ""


@pytest.mark.parametrize("typed", ["工资", "资条", "gongzi", "gongz", "gzt", "工资t", "gong zi"])
def test_titles_are_proposed_from_their_middle_and_by_sound(proposed, vocabulary, typed):
    vocabulary("怎样看懂工资条", "工资条上的字")
    page = proposed(typed)
    assert "/怎样看懂工资条/" in page
    assert "<mark>" in page


@pytest.mark.parametrize(
    ("typed", "word"), [("gongz", "工资"), ("gzt", "工资条"), ("工资", "工资条")]
)
def test_words_are_proposed_by_characters_pinyin_and_initials(vocabulary, typed, word):
    vocabulary("怎样看懂工资条", "工资怎么算")
    assert word in completions(typed)


def test_a_slip_is_proposed_as_the_word_it_was_meant_to_be(proposed, vocabulary):
    vocabulary("怎样看懂工资条", "工资怎么算")
    page = proposed("公资")
    assert f"?q={quote('工资')}" in page
    assert "/工资怎么算/" in page


def test_only_words_that_find_something_are_proposed(vocabulary):
    vocabulary("怎样看懂工资条")
    for typed in ("qianxin", "jiancha", "zenme"):
        for word in completions(typed):
            assert Vocabulary.objects.get(word=word).documents


def test_proposals_take_few_queries(client, vocabulary, django_assert_max_num_queries):
    vocabulary("怎样看懂工资条")
    for typed in ("gongz", "公资", "工资", "高温butie"):
        with django_assert_max_num_queries(2):
            client.get(reverse("search:suggest"), {"q": typed})


# --- The site's own words -----------------------------------------------------------------------


def test_words_are_counted_once_a_story_and_follow_what_is_published(stories):
    stories[:] = [Story("工资工资工资", text="工资"), Story("工资")]
    vocabulary_refresh(force=True)
    row = Vocabulary.objects.get(word="工资")
    assert (row.documents, row.sound, row.initials) == (2, "gongzi", "gz")
    stories.clear()
    vocabulary_refresh()
    assert not Vocabulary.objects.filter(documents__gt=0).exists()


def test_nothing_is_counted_while_nothing_changed(stories, django_assert_num_queries):
    vocabulary_refresh()
    with django_assert_num_queries(0):
        assert vocabulary_refresh() == 0


def test_words_of_the_lexicon_are_known_before_any_story(stories):
    stories.clear()
    vocabulary_refresh(force=True)
    assert Vocabulary.objects.get(word="劳动仲裁").sound == "laodongzhongcai"


# --- What is kept of it -------------------------------------------------------------------------


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
