"""Every change of the lexicon keeps the rules, is one version, and can be undone."""

import pytest

from search import lexicon
from search.lexicon import rules, services, store, words
from search.lexicon.services import Refused, lexicon_change, lexicon_seed, lexicon_undo
from search.lexicon.words import Change, Word
from search.models import Apart, LexiconReindex, LexiconVersion, Term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def table(monkeypatch):
    monkeypatch.setattr(store, "_held", None)
    lexicon.use(store.current)


def held(kind, term):
    """The row of the state that a word has now."""
    return store.state().get(Word(kind, term).key)


def change(*changes, user=None, note=""):
    return lexicon_change(user=user, changes=[Change(*pair) for pair in changes], note=note)


def refusal(*changes):
    with pytest.raises(Refused) as refused:
        change(*changes)
    return " ".join(refused.value.messages)


CHARGING = Word(words.TOPIC, "换电柜子", topic="新就业形态")


def test_the_tables_hold_all_that_the_files_hold():
    assert store.state() == words.shipped()
    held, shipped = store.current(), lexicon.from_files()
    assert dict(held.watch) == dict(shipped.watch)
    assert held.allow == shipped.allow
    assert held.apart == shipped.apart


def test_the_files_keep_the_rules():
    files, shipped = lexicon.from_files(), words.shipped()
    assert rules.problems(shipped, shipped) == []
    # What contradicts another row would have been left out.
    assert words.lexicon_of(shipped, "").allow == files.allow
    assert words.lexicon_of(shipped, "").watch.keys() == files.watch.keys()


def test_a_change_is_one_version_that_says_who_and_what(
    admin_user, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        version = change((None, CHARGING), user=admin_user)
    assert (version.number, version.user) == (1, admin_user)
    assert version.note == "新增主题词“换电柜子”（主题 新就业形态）"
    assert version.as_changes() == [Change(None, CHARGING)]
    assert "换电柜子" in store.current().entries


def test_a_change_of_nothing_makes_no_version():
    same = held(words.TOPIC, "欠薪")
    assert change((same, same)) is None
    assert not LexiconVersion.objects.exists()


def test_all_of_a_change_or_nothing():
    refusal((None, CHARGING), (None, Word(words.TOPIC, "无主题")))
    assert held(words.TOPIC, "换电柜子") is None
    assert not LexiconVersion.objects.exists()


@pytest.mark.parametrize("kind", [words.WATCH, words.ALLOW])
def test_watched_words_and_contexts_reach_the_lexicon(kind, django_capture_on_commit_callbacks):
    word = words.tidy(kind=kind, term="垫资代刷流水", category="诈骗", level="hold")
    with django_capture_on_commit_callbacks(execute=True):
        change((None, word))
    found = store.current().watch if kind == words.WATCH else store.current().allow
    assert "垫资代刷流水" in found


# --- What the law keeps apart --------------------------------------------------------------------


def test_a_shipped_pair_is_not_joined_and_the_reason_is_told():
    proper = held(words.TOPIC, "经济补偿").term
    said = refusal((None, Word(words.SYNONYM, "赔偿金", canonical=proper)))
    assert "违法解除的赔偿金是 2N" in said


def test_words_kept_apart_are_not_joined_directly():
    pair = Word(words.APART, "欠薪", other="甲方违约", reason="一个归劳动法，一个归合同编")
    change((None, pair))
    said = refusal((None, Word(words.SYNONYM, "甲方违约", canonical="欠薪")))
    assert "一个归劳动法，一个归合同编" in said


def test_words_kept_apart_are_not_joined_through_their_topic_word():
    pair = Word(words.APART, "讨薪", other="甲方违约", reason="一个归劳动法，一个归合同编")
    change((None, pair))
    assert held(words.SYNONYM, "讨薪").canonical == "欠薪"
    said = refusal((None, Word(words.SYNONYM, "甲方违约", canonical="欠薪")))
    assert "不能成为同义词" in said


def test_words_kept_apart_are_no_saying_for_each_other():
    said = refusal((None, Word(words.SAYING, "赔偿金", meaning="经济补偿")))
    assert "不能互相当作口语" in said


def test_synonyms_cannot_be_declared_apart():
    pair = Word(words.APART, "讨薪", other="欠薪", reason="说说而已")
    assert "不能成为同义词" in refusal((None, pair))


def test_a_pair_stands_once_whichever_word_comes_first():
    pair = Apart.objects.first().as_word()
    turned = Word(words.APART, pair.other, other=pair.term, reason="另一个理由")
    assert "已经有" in refusal((None, turned))


# --- Roles that contradict -----------------------------------------------------------------------


def test_a_word_cannot_be_a_topic_and_a_stop_word():
    said = refusal((None, Word(words.STOP, "欠薪")))
    assert "不能又是主题词又是停用词" in said


def test_a_word_cannot_be_watched_and_a_context_that_clears():
    watched = Word(words.WATCH, "跑路费", category="诈骗", level="hint")
    change((None, watched))
    assert "不能又是提示词又是放行语境" in refusal((None, Word(words.ALLOW, "跑路费")))


def test_a_stop_word_cannot_hold_texts_back():
    watched = Word(words.WATCH, "职工", category="广告", level="block")
    assert "停用词" in refusal((None, watched))


def test_a_topic_word_may_be_watched():
    change((None, Word(words.WATCH, "欠薪", category="舆情", level="hint")))
    assert held(words.TOPIC, "欠薪")
    assert Term.objects.filter(term="欠薪").count() == 2


def test_another_spelling_is_the_same_word():
    assert "已经有" in refusal((None, Word(words.TOPIC, "拖欠農民工工資", topic="劳动报酬/欠薪")))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (Word(words.TOPIC, "", topic="甲"), "请填写词语"),
        (Word(words.TOPIC, "，。", topic="甲"), "请填写词语"),
        (Word(words.TOPIC, "新词", topic=""), "主题"),
        (Word(words.TOPIC, "新" * 41, topic="甲"), "最多 40 个字"),
        (Word(words.TOPIC, "新词", topic="甲", weight=0), "权重"),
        (Word(words.TOPIC, "新词", topic="甲", weight=float("nan")), "权重"),
        (Word(words.SYNONYM, "新词"), "哪个主题词"),
        (Word(words.SYNONYM, "新词", canonical="查无此词"), "词库里没有它"),
        (Word(words.SYNONYM, "新词", canonical="讨薪"), "同义词或停用词"),
        (Word(words.SYNONYM, "新词", canonical="新词"), "自己的同义词"),
        (Word(words.WATCH, "新词", level="hold"), "提示类别"),
        (Word(words.WATCH, "新词", category="广告", level="loud"), "级别"),
        (Word(words.APART, "新词", other="新词", reason="甲"), "同一个词"),
        (Word(words.APART, "新词", other="旧词"), "法律上为什么"),
        (Word("slang", "新词"), "没有“slang”这个类别"),
    ],
)
def test_an_unfinished_row_is_refused_with_what_to_do(word, said):
    assert said in refusal((None, word))


# --- What hangs on a word ------------------------------------------------------------------------


def test_a_topic_word_does_not_leave_its_synonyms_behind():
    said = refusal((held(words.TOPIC, "欠薪"), None))
    assert "还跟着“欠薪”" in said


def test_a_topic_word_takes_its_synonyms_along():
    gone = Change(held(words.TOPIC, "欠薪"), None)
    others = list(words.followers(store.state(), gone))
    assert "讨薪" in {other.before.term for other in others}
    version = lexicon_change(user=None, changes=[gone, *others], note="删除欠薪")
    assert not Term.objects.filter(term__in=["欠薪", "讨薪"], kind__in=words.MEANING).exists()
    lexicon_undo(user=None, version=version)
    assert store.state() == words.shipped()


def test_a_renamed_word_keeps_its_synonyms_and_what_the_law_says_of_it():
    before = held(words.TOPIC, "经济补偿") or held(words.SYNONYM, "经济补偿")
    after = words.tidy(**{**before.as_json(), "term": "解除补偿"})
    first = Change(before, after)
    lexicon_change(user=None, changes=[first, *words.followers(store.state(), first)], note="改名")
    assert held(words.APART, "") is None
    assert (
        Apart.objects.filter(term="解除补偿").exists()
        or Apart.objects.filter(other="解除补偿").exists()
    )
    assert "经济补偿" not in {word.canonical for word in store.state().values()}


# --- Versions ------------------------------------------------------------------------------------


def test_an_undone_change_is_a_new_version_and_can_be_undone_itself():
    first = change((None, CHARGING))
    second = lexicon_undo(user=None, version=first)
    assert (second.number, second.undoes) == (2, first)
    assert held(words.TOPIC, "换电柜子") is None
    lexicon_undo(user=None, version=second)
    assert held(words.TOPIC, "换电柜子") == CHARGING


def test_an_undo_says_which_later_change_touched_the_word():
    first = change((None, CHARGING))
    heavier = Word(words.TOPIC, "换电柜子", topic="新就业形态", weight=0.5)
    change((CHARGING, heavier))
    with pytest.raises(Refused, match="第 2 次修改后来又改过主题词“换电柜子”"):
        lexicon_undo(user=None, version=first)
    assert held(words.TOPIC, "换电柜子") == heavier


def test_the_same_version_is_not_undone_twice():
    first = change((None, CHARGING))
    lexicon_undo(user=None, version=first)
    with pytest.raises(Refused):
        lexicon_undo(user=None, version=first)


def test_a_change_from_an_outdated_page_is_refused():
    old = held(words.TOPIC, "欠薪")
    change((old, Word(words.TOPIC, "欠薪", topic=old.topic, weight=0.9)))
    assert "刚被别人改过" in refusal((old, Word(words.TOPIC, "欠薪", topic=old.topic, weight=2)))


def test_a_swap_of_two_words_is_one_change():
    one, other = held(words.TOPIC, "底薪"), held(words.TOPIC, "提成")
    change(
        (one, Word(words.TOPIC, "提成", topic=one.topic)),
        (other, Word(words.TOPIC, "底薪", topic=other.topic)),
    )
    assert held(words.TOPIC, "提成").topic == one.topic


# --- Seeding -------------------------------------------------------------------------------------


def test_seeding_again_adds_nothing():
    assert lexicon_seed() is None


def test_seeding_brings_what_the_table_lacks_and_leaves_what_the_keeper_did():
    # As if the files had it since the last release.
    Term.objects.filter(term="讨薪", kind=words.SYNONYM).delete()
    heavier = Word(words.TOPIC, "底薪", topic="劳动报酬/欠薪", weight=0.3)
    change((held(words.TOPIC, "底薪"), heavier))
    change((held(words.TOPIC, "提成"), None))
    version = lexicon_seed()
    assert [row.after.term for row in version.as_changes()] == ["讨薪"]
    assert held(words.TOPIC, "底薪") == heavier
    assert held(words.TOPIC, "提成") is None


def test_seeding_does_not_override_the_keepers_law():
    Term.objects.filter(term="讨薪", kind=words.SYNONYM).delete()
    change((None, Word(words.APART, "讨薪", other="欠薪", reason="本会另有规定")))
    assert lexicon_seed() is None
    assert held(words.SYNONYM, "讨薪") is None


# --- Re-index ------------------------------------------------------------------------------------


def test_only_words_that_are_cut_out_of_texts_ask_for_a_new_index():
    change((None, CHARGING))
    assert LexiconReindex.objects.get().words == ["换电柜子"]
    change((None, Word(words.TOPIC, "短词", topic="甲")), (None, Word(words.STOP, "没有意义的话")))
    assert LexiconReindex.objects.count() == 1


def test_a_new_weight_asks_for_no_new_index():
    before = held(words.TOPIC, "劳动报酬")
    change((before, Word(words.TOPIC, "劳动报酬", topic=before.topic, weight=0.4)))
    assert not services.LexiconReindex.objects.exists()
