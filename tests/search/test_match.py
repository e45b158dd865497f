"""The house's words and the watched words in a text: what is found, how, and what is let be."""

import json
import threading
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search import lexicon
from search.lexicon.base import build
from search.text.automaton import PerLexicon
from search.text.contacts import find_contacts
from search.text.disguise import heard, seen, spelt
from search.text.match import find_terms
from search.text.normalise import fold
from search.text.watch import find_watched

LABELLED = Path(__file__).parent / "data" / "moderation.jsonl"


@pytest.fixture
def watch():
    """`watch(term, …)` makes these the only watched words, without any allowed context."""

    def use(*terms, allow=(), level="hold", category="引流"):
        words = build([], [], [], "test", watch=[(t, category, level) for t in terms], allow=allow)
        lexicon.use(lambda: words)

    return use


def ways(text):
    return [(hit.term, str(hit.way), text[hit.start : hit.end]) for hit in find_watched(text)]


# --- The house's words ---------------------------------------------------------------------------


def test_longest_of_several_terms_is_found_and_none_overlaps():
    words = build([("欠薪", "a", 1), ("欠薪保障", "a", 1), ("保障金", "b", 0.5)], [], [], "test")
    lexicon.use(lambda: words)
    found = find_terms("查欠薪保障金，也查欠薪")
    assert [(m.term, m.start, m.end) for m in found] == [("欠薪保障", 1, 5), ("欠薪", 9, 11)]


def test_shorter_term_counts_where_the_longer_one_does_not_stand_alone():
    words = build([("996", "a", 1), ("996ic", "a", 1)], [], [], "test")
    lexicon.use(lambda: words)
    assert [m.term for m in find_terms("拒绝996，996ic，996icu")] == ["996", "996ic"]


def test_terms_of_a_changed_lexicon_are_found_at_once():
    for term in ("共享单车猎人", "直播运营"):
        words = build([(term, "新就业形态", 1)], [], [], term)
        lexicon.use(lambda words=words: words)
        assert [m.term for m in find_terms("共享单车猎人和直播运营")] == [term]


def test_automaton_is_built_once_whatever_the_number_of_threads():
    built = []
    gate = threading.Barrier(8)
    get = PerLexicon(lambda words: built.append(words) or len(built))
    words = lexicon.from_files()

    def ask():
        gate.wait()
        assert get(words) == 1

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [words]


# --- How a watched word may be written -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "way", "written"),
    [
        ("快来加微信领取", "plain", "加微信"),
        ("快来加\u200b微信領取", "form", "加\u200b微信"),
        ("快来加*微*信领取", "inserted", "加*微*信"),
        ("加 微 信", "inserted", "加 微 信"),
        ("加🌹微🌹信", "inserted", "加🌹微🌹信"),
        ("加【微】【信】", "inserted", "加【微】【信"),
        ("力口微信", "split", "力口微信"),
        ("加微亻言", "split", "加微亻言"),
        ("加徽信", "lookalike", "加徽信"),
        ("➕微信", "lookalike", "➕微信"),
        ("jia微xin聊", "pinyin", "jia微xin"),
        ("有事jiaweixin", "pinyin", "jiaweixin"),
        ("j i a w e i x i n", "pinyin", "j i a w e i x i n"),
        ("加v信", "pinyin", "加v信"),
        ("加vx聊", "pinyin", "加vx"),
        ("加威信聊", "sound", "加威信"),
        ("家薇❤", "sound", "家薇❤"),
    ],
)
def test_each_disguise_of_a_word_is_seen_through_and_named(watch, text, way, written):
    watch("加微信")
    assert ways(text) == [("加微信", way, written)]


def test_traditional_and_full_width_forms_are_the_same_word(watch):
    watch("代开发票", "vx")
    assert ways("代開發票，ＶＸ同号") == [("代开发票", "form", "代開發票"), ("vx", "form", "ＶＸ")]


def test_numbers_with_rings_and_dingbats_are_numbers(watch):
    watch("送88")
    assert ways("注册送⑧❽") == [("送88", "lookalike", "送⑧❽")]


@pytest.mark.parametrize(
    "text",
    [
        "进入大数据时代开放平台",  # 时代|开放
        "博采众长，美术馆里看",
        "树立威信，增加威信",
        "请大家加入企业微信",
        "他参加。微信群里通知",
        "把产量加上去，微信里报数",
        "work hard",
    ],
)
def test_words_that_only_touch_are_no_watched_word(watch, text):
    watch("代开", "博彩", "加微信", "约炮", "rk")
    assert ways(text) == []


def test_part_of_a_longer_word_is_let_be_but_its_head_counts(watch):
    watch("垃圾", "骗子")
    assert ways("垃圾桶满了") == []
    assert [term for term, *_ in ways("大骗子")] == ["骗子"]


def test_two_characters_by_sound_need_one_that_stays(watch):
    watch("脑残")
    assert [way for _, way, _ in ways("脑惨，谁信")] == ["sound"]
    assert ways("恼蚕") == []


def test_latin_words_are_watched_whole_only(watch):
    watch("sb")
    assert ways("USB接口坏了，asbestos") == []
    assert [written for *_, written in ways("SB厂，s b")] == ["SB", "s b"]


def test_words_of_a_term_with_a_gap_stand_in_one_sentence(watch):
    watch("贷款…秒放")
    assert [written for *_, written in ways("贷 款不看流水，秒放")] == ["贷 款不看流水，秒放"]
    assert ways("贷款难。秒放是骗局") == []
    assert ways("秒放的贷款") == []


def test_disguised_word_never_blocks(watch):
    watch("出售枪支", level="block")
    levels = [hit.level for hit in find_watched("出售枪支，出-售-枪-支，出售木仓支，出售qiang支")]
    assert levels == ["block", "block", "hold", "hold"]


def test_of_overlapping_words_the_longest_counts(watch):
    watch("加微信", "加微信领", "微信领奖")
    assert [term for term, *_ in ways("加微信领奖")] == ["加微信领"]


def test_gravest_of_overlapping_words_counts():
    watched = [("出售枪支", "违禁", "block"), ("出售枪支弹药", "违禁", "hold")]
    words = build([], [], [], "test", watch=watched)
    lexicon.use(lambda: words)
    assert [hit.level for hit in find_watched("出售枪支弹药")] == ["block"]


# --- What is let be ------------------------------------------------------------------------------


def test_word_within_an_allowed_context_is_let_be(watch):
    watch("罢工", allow=["罢工权"])
    assert ways("讨论罢工权，也讨论罢工") == [("罢工", "plain", "罢工")]


def test_open_context_clears_what_follows_or_precedes_in_its_sentence(watch):
    watch("刷单返利", category="诈骗", allow=["警惕…", "…被抓"])
    assert ways("警惕刷单返利") == []
    assert ways("搞刷单返利的人被抓") == []
    assert len(ways("请警惕！刷单返利了解一下")) == 1


def test_no_open_context_clears_an_insult(watch):
    watch("王八蛋", category="辱骂", allow=["警惕…"])
    assert len(ways("警惕这个王八蛋")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "讨薪路上工会陪着走，依法维权不闹事",
        "罢工权与集体协商",
        "信访和举报都有回音，12351 一直有人接",
        "单位骗保被查，死亡赔偿金怎么算",
        "警惕刷单返利诈骗，谨防冒充领导",
        "彩票站打工也要交社保",
        "工资三个月没发我要死了",
        "区总工会电话0571-87654321",
        "我的电话13800138000，请联系我",
        "登录www.acftu.org查政策",
    ],
)
def test_workers_own_matters_are_no_offence(text):
    assert ways(text) == []


# --- Ways to be reached --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "term", "written"),
    [
        ("打一三八零零一二三四五六", "手机号", "一三八零零一二三四五六"),
        ("①③⑦②②③③④④⑤⑤", "手机号", "①③⑦②②③③④④⑤⑤"),
        ("1③8-oo12-三四56吧", "手机号", "1③8-oo12-三四56"),
        ("扣扣：叁捌贰柒肆陆伍", "QQ号", "扣扣：叁捌贰柒肆陆伍"),
        ("qq群 283746551", "QQ号", "qq群 283746551"),
        ("vx：abc9988", "微信号", "vx：abc9988"),
        ("微信号lucky_8876", "微信号", "微信号lucky_8876"),
        ("🇻🇽：gogo5566", "微信号", "🇻🇽：gogo5566"),
        ("ｗｗｗ点赚钱网点ｃｏｍ", "网址", "ｗｗｗ点赚钱网点ｃｏｍ"),
        ("w w w . h a o 8 8 . c o m", "网址", "w w w . h a o 8 8 . c o m"),
    ],
)
def test_taken_apart_contacts_are_found(text, term, written):
    assert [(hit.term, text[hit.start : hit.end]) for hit in find_contacts(text)] == [
        (term, written)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "扣了12000元",
        "一三五上白班，二四六上夜班",
        "门牌1-602/1-23-1-202/1-5",
        "微信公众号gonghui12351",
        "2024年11月3日 13:45",
        "单号 202411031345678",
        "发到abc@example.com",
    ],
)
def test_everyday_numbers_and_names_are_no_contact(text):
    assert find_contacts(text) == []


# --- The views -----------------------------------------------------------------------------------


def test_letters_are_spelt_with_the_fewest_syllables():
    assert [syllable for syllable, *_ in spelt("jiaweixin")] == ["jia", "wei", "xin"]
    assert [syllable for syllable, *_ in spelt("jiavx")] == ["jia", "wei", "xin"]
    assert spelt("xyz") == ()


ANY = st.text(max_size=60)
#: Texts made of what disguises are made of, so that hits are likely.
PIECES = [
    *"加微信威徽v傻逼 代开发票*🌹\u200b。，亻言力口一三八零①③⑧㈠İ+\x00\ud800",
    *["vx", "jia", "weixin", "SB", "贷款", "秒放", "警惕", "❤️", "www", "点", "com", "12345678"],
]
LIKELY = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(ANY | LIKELY)
@example("❤")
@example("+v")
@example("\ud800加微信\ud800")
@settings(max_examples=400, deadline=None)
def test_no_text_raises_and_every_span_lies_in_it(text):
    for found in (find_watched(text), find_terms(text)):
        end = 0
        for place in found:
            assert end <= place.start < place.end <= len(text)
            end = place.end
            assert text[place.start : place.end].strip("\u200b")


@given(ANY | LIKELY)
@settings(max_examples=200, deadline=None)
def test_views_keep_the_place_of_each_character(text):
    folded, places = fold(text)
    assert len(places) == len(folded)
    for view in (seen(text), heard(seen(text))):
        assert len(view.text) == len(view.starts) == len(view.ends)
        for start, end in zip(view.starts, view.ends, strict=True):
            assert 0 <= start < end <= len(folded)


@given(st.text(alphabet="加微信代开发票约炮刷单ab1", min_size=2, max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_word_finds_itself(term):
    words = build([], [], [], term, watch=[(term, "引流", "hold")])
    lexicon.use(lambda: words)
    assert [(hit.start, hit.end) for hit in find_watched(term)] == [(0, len(term))]


# --- How good it is ------------------------------------------------------------------------------


def test_labelled_set_is_read_well_enough():
    """Recall plain ≥ .98 and disguised ≥ .85, false alarms ≤ .02; part 1 was tuned on."""
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    found = {"ok": [], "plain": [], "disguised": []}
    for row in rows:
        kind = "ok" if row["label"] == "ok" else "disguised" if row["disguise"] else "plain"
        found[kind].append(bool(find_watched(row["text"])))
    assert len(rows) >= 440
    assert sum(found["ok"]) / len(found["ok"]) <= 0.02
    assert sum(found["plain"]) / len(found["plain"]) >= 0.98
    assert sum(found["disguised"]) / len(found["disguised"]) >= 0.85


def test_shipped_words_have_a_known_level_and_no_word_twice():
    watched = lexicon.from_files().watch
    assert {word.level for word in watched.values()} <= {"hint", "hold", "block"}
    assert sum(word.level == "block" for word in watched.values()) <= 20
    assert len({fold(term)[0] for term in watched}) == len(watched)
