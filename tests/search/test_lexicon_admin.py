"""The lexicon keeper's desk: what is shown before saving, what is refused, who may."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import PageViewRestriction

from cms.members.models import Role
from search import registry
from search.lexicon import files, store, words
from search.lexicon.services import lexicon_change
from search.lexicon.words import Change, Word
from search.models import Apart, LexiconReindex, LexiconVersion, NewWord, Term
from tests.factories import grant, make_user

pytestmark = pytest.mark.django_db

NEW = {"term": "讨要血汗钱", "kind": "synonym", "canonical_word": "欠薪", "weight": "1"}


def text_of(response) -> str:
    return response.content.decode()


def plain(response) -> str:
    """The words of a screen without marks and blanks: a sample is shown cut into words."""
    return re.sub(r"<[^>]*>|[\s|/·]", "", text_of(response))


def post(client, name, data, **kwargs):
    args = kwargs.pop("args", [])
    return client.post(reverse(name, args=args), data, follow=True, **kwargs)


def held(kind, term):
    return store.state().get(Word(kind, term).key)


# --- Adding and changing -------------------------------------------------------------------------


def test_a_synonym_shows_its_effect_first_and_nothing_is_saved(admin_client, pages):
    shown = post(admin_client, "lexicon:add", {**NEW, "term": "追回薪水", "preview": "1"})
    assert "保存后会怎样" in text_of(shown)
    assert held(words.SYNONYM, "追回薪水") is None


@pytest.mark.usefixtures("pages")
def test_the_effect_counts_documents_and_searches(admin_client):
    word = {"term": "农民工", "kind": "synonym", "canonical_word": "大桥局", "weight": "1"}
    proper = Word(words.TOPIC, "大桥局", topic="测试")
    lexicon_change(user=None, changes=[Change(None, proper)])
    Term.objects.filter(term="农民工").delete()
    shown = text_of(post(admin_client, "lexicon:add", {**word, "preview": "1"}))
    assert "页面 <b>1</b> 篇里有“农民工”" in shown
    assert "搜“大桥局”，页面由 0 条变为 <b>1</b> 条" in shown


def test_a_sample_is_never_from_a_page_that_only_some_may_read(admin_client, pages):
    word = {"term": "大桥建设", "kind": "synonym", "canonical_word": "欠薪", "weight": "1"}
    page = pages[0]
    assert page.title in plain(post(admin_client, "lexicon:add", {**word, "preview": "1"}))
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert page.title not in plain(post(admin_client, "lexicon:add", {**word, "preview": "1"}))


@pytest.mark.usefixtures("pages")
def test_a_saying_shows_what_its_search_gains(admin_client):
    word = {"term": "过江那座", "kind": "saying", "meaning": "长江大桥"}
    shown = text_of(post(admin_client, "lexicon:add", {**word, "preview": "1"}))
    assert "搜“过江那座”，页面由 0 条变为 <b>1</b> 条" in shown


def test_a_change_without_any_effect_says_so(admin_client):
    shown = text_of(post(admin_client, "lexicon:add", {**NEW, "preview": "1"}))
    assert "现有内容里没有“讨要血汗钱”" in shown
    assert "没有影响" in shown


def test_a_watched_word_shows_what_it_would_keep_back(admin_client, monkeypatch):
    texts = ["明天上午送温暖到站点", "站点的热水坏了"]
    monkeypatch.setattr(registry, "_recent_texts", [lambda since: iter(texts)])
    word = {"term": "送温暖", "kind": "watch", "category": "广告", "level": "hold"}
    shown = text_of(post(admin_client, "lexicon:add", {**word, "preview": "1"}))
    assert "读了 2 篇：现在命中 0 篇，保存后命中 <b>1</b> 篇" in shown
    assert "明天上午送温暖到站点… <b>以后会先审</b>" in shown
    assert "没有影响" not in shown


def test_a_saved_word_is_a_version_with_its_keeper(admin_client, admin_user):
    saved = post(admin_client, "lexicon:add", NEW)
    assert "已保存：新增同义词“讨要血汗钱”" in text_of(saved)
    version = LexiconVersion.objects.get()
    assert version.user == admin_user
    assert held(words.SYNONYM, "讨要血汗钱").canonical == "欠薪"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"canonical_word": ""}, "请写明它和哪个主题词是一个意思"),
        ({"canonical_word": "查无此词"}, "词库里没有它"),
        ({"term": "讨薪"}, "词库里已经有同义词“讨薪”"),
        ({"term": "赔偿金", "canonical_word": "经济补偿"}, "违法解除的赔偿金是 2N"),
        ({"kind": "stop", "term": "欠薪"}, "不能又是主题词又是停用词"),
        ({"kind": "watch", "category": "广告", "level": ""}, "级别"),
    ],
)
def test_what_the_rules_forbid_is_explained_on_the_form(admin_client, fields, said):
    shown = post(admin_client, "lexicon:add", {**NEW, **fields})
    assert said in text_of(shown)
    assert not LexiconVersion.objects.exists()


def test_a_word_is_changed_and_an_outdated_form_refused(admin_client):
    term = Term.objects.get(term="底薪")
    address = reverse("lexicon:edit", args=[term.pk])
    form = admin_client.get(address).context["form"]
    data = {name: form.initial.get(name) or "" for name in form.fields}
    post(admin_client, "lexicon:edit", {**data, "weight": "0.5"}, args=[term.pk])
    assert held(words.TOPIC, "底薪").weight == 0.5
    late = post(admin_client, "lexicon:edit", {**data, "weight": "0.9"}, args=[term.pk])
    assert "刚被别人改过" in text_of(late)
    assert held(words.TOPIC, "底薪").weight == 0.5


def test_a_renamed_topic_word_keeps_its_synonyms(admin_client):
    term = Term.objects.get(term="欠薪")
    form = admin_client.get(reverse("lexicon:edit", args=[term.pk])).context["form"]
    data = {name: form.initial.get(name) or "" for name in form.fields}
    post(admin_client, "lexicon:edit", {**data, "term": "拖欠薪酬款"}, args=[term.pk])
    assert held(words.SYNONYM, "讨薪").canonical == "拖欠薪酬款"


def test_deleting_a_topic_word_names_the_synonyms_that_go_with_it(admin_client):
    term = Term.objects.get(term="欠薪")
    address = reverse("lexicon:delete", args=[term.pk])
    assert "讨薪" in text_of(admin_client.get(address))
    admin_client.post(address)
    assert held(words.SYNONYM, "讨薪") is None


def test_a_pair_kept_apart_is_added_and_removed(admin_client):
    pair = {"term": "工伤", "other": "意外险", "reason": "一个是社会保险，一个是商业保险"}
    post(admin_client, "lexicon_apart:add", pair)
    apart = Apart.objects.get(term="工伤")
    admin_client.post(reverse("lexicon_apart:delete", args=[apart.pk]))
    assert not Apart.objects.filter(term="工伤").exists()
    assert LexiconVersion.objects.count() == 2


# --- History -------------------------------------------------------------------------------------


def test_history_lists_changes_and_undoes_one(admin_client):
    post(admin_client, "lexicon:add", NEW)
    listed = text_of(admin_client.get(reverse("lexicon_history:index")))
    assert "第 1 次：新增同义词“讨要血汗钱”（规范词 欠薪）" in listed
    version = LexiconVersion.objects.get()
    undone = text_of(post(admin_client, "lexicon_history:index", {"undo": version.pk}))
    assert "已撤销第 1 次修改" in undone
    assert held(words.SYNONYM, "讨要血汗钱") is None
    again = text_of(post(admin_client, "lexicon_history:index", {"undo": version.pk}))
    assert "后来又改过" in again


@pytest.mark.parametrize("undo", ["", "0", "x", "9" * 30, "²"])
def test_an_undo_of_nothing_is_a_404(admin_client, undo):
    assert post(admin_client, "lexicon_history:index", {"undo": undo}).status_code == 404


# --- Files ---------------------------------------------------------------------------------------


def upload(client, content, mode="merge", name="lexicon.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, data)
    return post(client, "lexicon_files:index", {"file": file, "mode": mode})


def confirm(client, shown):
    form = {name: shown.context[name] for name in ("token", "seen")}
    return post(client, "lexicon_files:index", form)


@pytest.mark.parametrize("form", ["csv", "tsv"])
@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_what_was_exported_imports_as_no_change(admin_client, form, mode):
    exported = admin_client.get(reverse(f"lexicon_files:{form}"))
    assert exported.content.startswith(b"\xef\xbb\xbf")
    shown = upload(admin_client, exported.content, mode)
    assert shown.context["plan"].changes == []
    assert shown.context["plan"].refused == []
    assert "没有改动" in text_of(shown)


FILE = "类别,词语,主题,规范词,权重\n主题词,换电柜子,新就业形态,,0.8\n同义词,充换电柜,,换电柜子,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_file_is_checked_and_then_imported_as_one_version(admin_client, encoding):
    shown = upload(admin_client, FILE.encode(encoding))
    assert "新增 2，修改 0，删除 0" in text_of(shown)
    assert held(words.TOPIC, "换电柜子") is None
    confirm(admin_client, shown)
    assert held(words.TOPIC, "换电柜子").weight == 0.8
    assert held(words.SYNONYM, "充换电柜").canonical == "换电柜子"
    assert LexiconVersion.objects.get().note == "导入 lexicon.csv：新增 2，修改 0，删除 0"


def test_one_refused_row_keeps_the_whole_file_out(admin_client):
    shown = upload(admin_client, FILE + "主题词,没有主题,,,\n黑话,某词,,,\n")
    refused = {line.number: line.reason for line in shown.context["plan"].refused}
    kinds = "、".join(words.KINDS.values())
    assert refused == {4: "主题词要写明主题。", 5: f"没有“黑话”这个类别，请写{kinds}之一。"}
    confirm(admin_client, shown)
    assert not LexiconVersion.objects.exists()


def test_a_file_cannot_join_what_the_law_keeps_apart(admin_client):
    shown = upload(admin_client, "类别,词语,规范词\n同义词,赔偿金,经济补偿\n")
    assert "现在什么也没有导入" in text_of(shown)
    assert "违法解除的赔偿金是 2N" in shown.context["plan"].refused[0].reason
    assert shown.context["plan"].refused[0].number == 2


def test_a_row_twice_is_refused(admin_client):
    shown = upload(admin_client, FILE + "主题词,换电柜子,别的主题,,\n")
    assert shown.context["plan"].refused[0].reason == "和第 2 行重复。"


def test_a_file_that_counts_alone_removes_what_it_lacks(admin_client):
    shown = upload(admin_client, FILE, "replace")
    plan = shown.context["plan"]
    assert plan.removed
    confirm(admin_client, shown)
    assert {word.term for word in store.state().values()} == {"换电柜子", "充换电柜"}


def test_words_changed_meanwhile_are_looked_at_again(admin_client):
    shown = upload(admin_client, FILE)
    word = Word(words.TOPIC, "换电柜子", topic="别的主题")
    lexicon_change(user=None, changes=[Change(None, word)])
    again = confirm(admin_client, shown)
    assert "词库刚有变化" in text_of(again)
    assert held(words.TOPIC, "换电柜子") == word


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04" + b"\0" * 50, "Excel 工作簿"),
        (b"\x89PNG\r\n\x1a\n\0\0\xff\xff\xff", "读不出文件里的文字"),
        (b"\0" * 100, "读不出文件里的文字"),
        ("随便写的一行".encode(), "第一行要是列名"),
        ("类别,类别,词语\n".encode(), "第一行要是列名"),
        ('类别,词语\n主题词,"没有收尾\n'.encode(), "不成对"),
        (("类别,词语\n主题词," + "长" * 140_000).encode(), "不成对"),
        (b"x" * (files.MOST_BYTES + 1), "超过 2 MB"),
        (("类别,词语\n" + "停用词,词\n" * (files.MOST_ROWS + 1)).encode(), "20000 行"),
    ],
    ids=[
        "workbook",
        "picture",
        "zeros",
        "no header",
        "a column twice",
        "open quote",
        "endless cell",
        "too large",
        "too many rows",
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(admin_client, content, said):
    shown = upload(admin_client, content)
    assert shown.status_code == 200
    assert said in text_of(shown)


def test_a_cell_is_no_formula_in_a_spreadsheet_and_still_the_same_word():
    state = words.state_of(
        [Word(words.STOP, "=1+1"), Word(words.STOP, "'=1"), Word(words.STOP, "-好")]
    )
    text = files.written(state, ",")
    assert "'=1+1" in text
    assert files.planned(text, state, replace=True).changes == []


# --- New words -----------------------------------------------------------------------------------


@pytest.fixture
def proposal():
    return NewWord.objects.create(
        word="换电柜子",
        count=9,
        texts=5,
        cohesion=8.1,
        freedom=3.2,
        score=60,
        examples=["楼下有换电柜子"],
    )


def test_a_proposal_is_accepted_as_a_topic_word(admin_client, proposal):
    assert "楼下有换电柜子" in text_of(admin_client.get(reverse("lexicon_new_words:index")))
    form = {"word": proposal.pk, "topic": "新就业形态", "accept": "1"}
    post(admin_client, "lexicon_new_words:index", form)
    assert held(words.TOPIC, "换电柜子").topic == "新就业形态"
    assert LexiconVersion.objects.get().note.startswith("接受新词提议：新增主题词")
    again = post(admin_client, "lexicon_new_words:index", form)
    assert "已经处理过了" in text_of(again)


def test_a_proposal_is_accepted_as_a_synonym(admin_client, proposal):
    form = {"word": proposal.pk, "canonical": "欠薪", "accept": "1"}
    post(admin_client, "lexicon_new_words:index", form)
    assert held(words.SYNONYM, "换电柜子").canonical == "欠薪"


@pytest.mark.parametrize(
    "form", [{}, {"topic": "甲", "canonical": "欠薪"}, {"canonical": "查无此词"}]
)
def test_an_unclear_acceptance_leaves_the_proposal_waiting(admin_client, proposal, form):
    post(admin_client, "lexicon_new_words:index", {"word": proposal.pk, "accept": "1", **form})
    proposal.refresh_from_db()
    assert proposal.state == NewWord.State.NEW
    assert not LexiconVersion.objects.exists()


def test_a_refused_proposal_is_gone_from_the_list(admin_client, proposal):
    post(admin_client, "lexicon_new_words:index", {"word": proposal.pk, "refuse": "1"})
    assert "换电柜子" not in text_of(admin_client.get(reverse("lexicon_new_words:index")))


# --- Progress ------------------------------------------------------------------------------------


def test_progress_is_asked_for_only_while_a_job_runs(admin_client):
    post(admin_client, "lexicon:add", NEW)
    LexiconReindex.objects.all().delete()
    version = LexiconVersion.objects.get()
    job = LexiconReindex.objects.create(version=version, words=["甲"], total=10, done=4)
    LexiconReindex.objects.update(state=LexiconReindex.State.RUNNING)
    running = text_of(admin_client.get(reverse("lexicon:progress")))
    assert "4/10 篇" in running
    assert "every 3s" in running
    LexiconReindex.objects.update(state=LexiconReindex.State.FAILED)
    failed = text_of(admin_client.get(reverse("lexicon:progress")))
    assert "every 3s" not in failed
    post(admin_client, "lexicon:progress", {"job": job.pk})
    job.refresh_from_db()
    assert job.state == LexiconReindex.State.DONE


# --- Who may -------------------------------------------------------------------------------------

SCREENS = [
    "lexicon:index",
    "lexicon:progress",
    "lexicon_new_words:index",
    "lexicon_history:index",
    "lexicon_files:index",
    "lexicon_files:csv",
    "lexicon_apart:index",
]


@pytest.mark.parametrize("screen", SCREENS)
def test_editors_look_and_moderators_do_not(client, newsroom, screen):
    client.force_login(newsroom.editor)
    assert client.get(reverse(screen)).status_code == 200
    client.force_login(newsroom.moderator)
    assert client.get(reverse(screen)).status_code == 302


@pytest.mark.parametrize(
    ("screen", "data"),
    [
        ("lexicon:add", NEW),
        ("lexicon_new_words:index", {"find": "1"}),
        ("lexicon_history:index", {"undo": "1"}),
        ("lexicon_files:index", {"mode": "merge"}),
        ("lexicon:progress", {"job": "1"}),
        ("lexicon_apart:add", {"term": "甲", "other": "乙", "reason": "丙"}),
    ],
)
def test_editors_change_nothing(client, newsroom, screen, data):
    client.force_login(newsroom.editor)
    assert client.post(reverse(screen), data).status_code == 302
    assert not LexiconVersion.objects.exists()


def test_the_administrator_of_a_union_keeps_the_lexicon(client, newsroom):
    client.force_login(grant(make_user("管理员"), Role.ADMIN, newsroom.union))
    post(client, "lexicon:add", NEW)
    assert held(words.SYNONYM, "讨要血汗钱")
