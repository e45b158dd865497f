"""What an account answers by itself: rules first, then stories, and nothing to small talk."""

import pytest
from django.urls import reverse

from cms.matrix.models import AutoReply
from cms.matrix.services import auto_reply
from cms.members.models import Role
from tests.factories import grant, make_story, make_union, make_user
from tests.factories.matrix import make_account

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def account(newsroom):
    return make_account(newsroom.union, NOWHERE)


@pytest.fixture
def stories(newsroom):
    make_story(
        newsroom.section, title="加班费按什么标准发", text="加班费不得低于工资的百分之一百五十。"
    )
    make_story(newsroom.section, title="夏送清凉走进工地", text="给工友送去绿豆汤。")


def rule(account, words, answer, **fields):
    return AutoReply.objects.create(account=account, words=words, answer=answer, **fields)


def answer(account, text):
    return auto_reply.answer_for(account=account, text=text)


@pytest.mark.parametrize(
    "said", ["加班费", "请问加班费怎么算？", "加 班 费", "我想問加班費的事", "【加班费】！"]
)
def test_a_word_is_found_however_it_is_written(account, said):
    rule(account, "调休、加班费", "加班费的规定见劳动法第四十四条。")
    assert answer(account, said) == "加班费的规定见劳动法第四十四条。"


def test_width_and_case_do_not_matter(account):
    rule(account, "wifi", "密码见前台。")
    assert answer(account, "ＷＩＦＩ 是多少") == "密码见前台。"


def test_the_whole_message_goes_before_a_word_in_it(account):
    rule(account, "工会入会办法", "长词。")
    rule(account, "入会", "整句。", match=AutoReply.Match.EXACT)
    assert answer(account, "入会？") == "整句。"
    assert answer(account, "工会入会办法在哪") == "长词。"


def test_a_longer_word_goes_before_a_shorter_one(account):
    rule(account, "津贴", "津贴。")
    rule(account, "高温津贴", "高温津贴。")
    assert answer(account, "高温津贴怎么领") == "高温津贴。"


def test_rules_of_others_and_those_switched_off_are_not_used(newsroom, account):
    neighbour = make_account(newsroom.union, NOWHERE, app_id="wx-neighbour")
    rule(neighbour, "入会", "邻居的。")
    rule(account, "入会", "停用的。", active=False)
    account.search_answers = False
    assert answer(account, "入会") == ""


def test_matching_stories_come_with_links_that_say_where_from(account, stories):
    said = answer(account, "加班费怎么算？")
    assert "加班费按什么标准发</a>" in said
    assert 'href="http://localhost/' in said
    assert "from=wechat" in said
    assert "绿豆汤" not in said
    assert "夏送清凉" not in said


def test_the_search_can_be_switched_off(account, stories):
    account.search_answers = False
    assert answer(account, "加班费怎么算？") == ""


@pytest.mark.parametrize(
    "said",
    ["你好", "谢谢", "在吗", "？？", "", "  ", "好的好的", "早上好呀各位", "1", "哈哈哈"],
)
def test_small_talk_is_left_to_people(account, stories, said):
    assert answer(account, said) == ""


def test_a_letter_is_left_to_people(account, stories):
    letter = "我在厂里干了十年，班长人很好，食堂也不错，大家都互相照应，昨天又发了加班费，" * 3
    assert answer(account, letter) == ""


@pytest.mark.parametrize(
    "said",
    [
        "\x00\ud800\u202e",
        "<script>alert(1)</script>",
        '"; drop table --',
        "(((((" * 400,
        "加" * 100_000,
        "%s%n{}[]*\\",
        "'\"&<>",
    ],
)
def test_nothing_a_reader_writes_breaks_it(account, stories, said):
    rule(account, "某某", "不是这个。")
    assert "<script" not in answer(account, said)


def test_an_answer_fits_into_a_passive_reply(account):
    rule(account, "表情", "😀" * 600)
    said = answer(account, "表情")
    assert len(said.encode()) <= auto_reply.MOST_BYTES
    assert set(said) == {"😀"}


def test_stories_that_do_not_fit_are_left_out_whole(newsroom, account):
    for number in range(3):
        slug = f"fee-{number}-" + "a" * 230
        make_story(newsroom.section, title="加班费" + "详解" * 100, slug=slug, text="加班费。")
    said = answer(account, "加班费")
    assert len(said.encode()) <= auto_reply.MOST_BYTES
    assert said.count("<a ") == said.count("</a>") >= 1


def test_titles_carry_no_markup(newsroom, account):
    make_story(newsroom.section, title="<b>加班费</b>的算法", text="加班费。")
    assert "＜b＞加班费＜/b＞的算法</a>" in answer(account, "加班费")


def test_the_greeting_is_the_accounts(account):
    assert auto_reply.greeting_for(account) == ""
    account.greeting = "欢迎关注江州工会。"
    assert auto_reply.greeting_for(account) == "欢迎关注江州工会。"


def test_an_answer_asks_few_questions(account, stories, django_assert_max_num_queries):
    for number in range(20):
        rule(account, f"词语{number}", "答。")
    answer(account, "加班费")
    with django_assert_max_num_queries(12):
        answer(account, "加班费")


# --- The desk ------------------------------------------------------------------------------------


def test_keepers_write_rules_for_their_own_accounts_only(newsroom, account, client):
    neighbour = make_account(make_union(), NOWHERE, app_id="wx-neighbour")
    theirs = rule(neighbour, "邻市的词", "邻市。")
    client.force_login(grant(make_user(), Role.MANAGER, newsroom.union))
    page = client.get(reverse("matrix_auto_replies:index"))
    assert page.status_code == 200
    assert "邻市的词" not in page.text
    fields = {"words": "加班费", "match": "contains", "answer": "见第四十四条。", "active": "on"}
    add = reverse("matrix_auto_replies:add")
    assert client.post(add, {**fields, "account": neighbour.pk}).status_code == 200
    assert client.post(add, {**fields, "account": account.pk}).status_code == 302
    assert AutoReply.objects.exclude(pk=theirs.pk).get().account == account
    for name in ("edit", "delete", "history", "usage"):
        address = reverse(f"matrix_auto_replies:{name}", args=[theirs.pk])
        assert client.get(address).status_code == 404
        assert client.post(address, {**fields, "account": account.pk}).status_code in (404, 405)
    theirs.refresh_from_db()
    assert theirs.account == neighbour


def test_a_rule_of_signs_only_is_refused(newsroom, account, client):
    client.force_login(grant(make_user(), Role.ADMIN, newsroom.union))
    fields = {"account": account.pk, "words": "？！", "match": "contains", "answer": "好"}
    page = client.post(reverse("matrix_auto_replies:add"), fields)
    assert "至少一个词" in page.text


def test_editors_do_not_write_rules(newsroom, account, client):
    client.force_login(newsroom.editor)
    assert client.get(reverse("matrix_auto_replies:index")).status_code in (302, 403)
