"""A copy holds everything; whoever leaves is found nowhere in the database any more."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from cms.interactions import services
from cms.interactions.models import (
    Ballot,
    ModerationItem,
    PollOption,
    Tally,
    Turnout,
    UnionComment,
)
from cms.interactions.selectors import recount
from cms.interactions.services import comment_submit, item_approve, item_reject
from cms.members import personal
from cms.members.export import export_zip
from cms.members.models import Consent, User
from cms.members.services import account_erase, consent_give, notify
from cms.topics.models import Topic
from cms.topics.services import care_give, topics_seed
from tests.factories import committed, make_poll, make_site, make_story, make_user
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db

#: What leads to the person; none of it is in any text of anybody else.
TRACES = {
    "phone": "13712345678",
    "nickname": "塔吊上的风筝",
    "family name": "欧阳",
    "first name": "建国庆",
    "e-mail": "fengzheng@example.org",
    "social uid": "o-weixin-777",
    "social name": "风筝飞呀飞",
    "address": "203.0.113.77",
    "username": "worker-fengzheng",
    "text for friends": "我住三号楼六零二",
}
#: table.column → why a trace may stay there. The law asks for the record of what was said; that is
#: kept without the person.
ALLOWED = {
    "interactions_tally.answers": "words answered to a poll wait there for the moderators, in the "
    "order of the alphabet and without a person: nobody can tell whose they are",
}
NUMBER_IN_TEXT = "13712345678"


@pytest.fixture
def newsroom():
    return make_site()


@pytest.fixture
def worker():
    user = make_user(
        TRACES["nickname"],
        phone=TRACES["phone"],
        username=TRACES["username"],
        first_name=TRACES["first name"],
        last_name=TRACES["family name"],
        email=TRACES["e-mail"],
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    account = SocialAccount.objects.create(
        user=user,
        provider="weixin",
        uid=TRACES["social uid"],
        extra_data={"nickname": TRACES["social name"], "openid": TRACES["social uid"]},
    )
    SocialToken.objects.create(account=account, token=f"token of {TRACES['social uid']}")
    consent_give(user=user, kind=Consent.Kind.EMAIL)
    return user


def hand_in(user, page, text, **kwargs):
    with committed():
        return comment_submit(user=user, page=page, text=text, ip=TRACES["address"], **kwargs)


@pytest.fixture
def life(newsroom, worker):
    """Everything a person can do here, done once."""
    moderator, story, friend = newsroom.moderator, make_story(newsroom.section), make_user("工友")
    with committed():
        theirs = comment_submit(user=friend, page=story, text="食堂的菜越来越贵了")
        item_approve(item=theirs.item, user=moderator)
        theirs.comment.refresh_from_db()

        public = hand_in(worker, story, f"有事打我电话{NUMBER_IN_TEXT}", numbers="keep")
        item_approve(item=public.item, user=moderator)
        reply = hand_in(worker, story, "食堂确实贵了不少呢", parent=theirs.comment)
        item_approve(item=reply.item, user=moderator)
        waiting = hand_in(worker, story, "这一条还在等着审核")
        services.comment_edit(comment=waiting.comment, user=worker, text="改过的一条还等着")
        refused = hand_in(worker, story, "这一条没有通过审核")
        item_reject(item=refused.item, user=moderator, reason="off_topic")
        services.appeal_make(item=refused.item, user=worker, text="申诉：我说的就是食堂")
        services.comment_like(comment=theirs.comment, user=worker, liked=True)
        services.comment_report(
            comment=theirs.comment, user=worker, reason="rumour", note="举报：价格不对"
        )
        services.measure_take(
            item=refused.item, user=moderator, kind="warning", reason="off_topic", note="请看题目"
        )
        notify(users=[worker], kind="reply", text="有人回复了您的话")
    polls = {
        "named": make_poll(newsroom.section, secrecy="named", title="实名推选先进"),
        "named text": make_poll(
            newsroom.section, secrecy="named", choice="text", options=(), title="实名留一句话"
        ),
        "secret": make_poll(newsroom.section, title="无记名评议食堂"),
    }
    for name, poll in polls.items():
        option = PollOption.objects.filter(poll=poll.pk).order_by("sort_order").first()
        answer = {"text": TRACES["text for friends"]} if option is None else {}
        services.ballot_cast(
            user=worker, poll=poll, option_ids=[option.pk] if option else (), **answer
        )
        assert Turnout.objects.filter(poll=polls[name].pk, user=worker).exists()
    topics_seed()
    with committed():
        care_give(topic=Topic.objects.get(slug="daily-life"), user=worker, tell=True)
    browser = Client()
    browser.post("/accounts/login/", {"login": TRACES["phone"], "password": PASSWORD})
    browser.get("/my/")
    return polls


# --- The copy -------------------------------------------------------------------------------------

#: slug of a holding → words that its table must hold after such a life
HELD = {
    "profile": ["塔吊上的风筝", "欧阳建国庆", "13712345678", "fengzheng@example.org"],
    "access": ["weixin", "o-weixin-777", "fengzheng@example.org（已确认）"],
    "consents": ["个人信息处理规则", "邮件提醒"],
    "notices": ["有人回复了您的话"],
    "comments": [
        "有事打我电话13712345678", "食堂确实贵了不少呢", "改过的一条还等着", "这一条没有通过审核",
        "与稿件无关", "203.0.113.77",
    ],
    "appeals": ["申诉：我说的就是食堂", "等待答复"],
    "likes": ["食堂的菜越来越贵了"],
    "reports": ["举报：价格不对", "不实信息"],
    "votes": ["实名推选先进", "食堂", "实名留一句话", "我住三号楼六零二", "无记名评议食堂"],
    "measures": ["警示提醒", "请看题目"],
    "cares": ["托管、食堂与通勤"],
    "follows": ["托管、食堂与通勤"],
    "voices": ["食堂确实贵了不少呢", "网站评论"],
}  # fmt: skip


def test_every_holding_is_tried():
    assert HELD.keys() == {holding.slug for holding in personal.holdings()}


def test_a_copy_holds_every_row_of_every_holding(life, worker):
    archive = zipfile.ZipFile(io.BytesIO(export_zip(User.objects.get(pk=worker.pk))))
    everything = json.loads(archive.read("数据.json"))
    for holding in personal.holdings():
        rows = everything[str(holding.title)]
        table = archive.read(f"{holding.title}.csv").decode("utf-8-sig")
        assert len(rows) == len(holding.rows(worker)) > 0, holding.slug
        for words in HELD[holding.slug]:
            assert words in json.dumps(rows, ensure_ascii=False), holding.slug
            assert words in table, holding.slug


def test_a_copy_does_not_know_what_a_secret_vote_chose(life, worker):
    rows = {row["投票"]: row for row in personal_rows("votes", worker)}
    assert rows["实名推选先进"]["回答"] == "食堂"
    assert "没有人知道" in rows["无记名评议食堂"]["回答"]
    assert rows["无记名评议食堂"]["时间"] is None


def test_a_copy_holds_nothing_of_others(life, worker):
    stranger = make_user("另一位工友")
    text = export_of(stranger)
    for trace in TRACES.values():
        assert trace not in text


def personal_rows(slug, user) -> list[dict]:
    return next(holding.rows(user) for holding in personal.holdings() if holding.slug == slug)


def export_of(user) -> str:
    archive = zipfile.ZipFile(io.BytesIO(export_zip(user)))
    return "".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())


# --- Leaving --------------------------------------------------------------------------------------


def found_in_database() -> dict[str, list[str]]:
    """ "table.column" → names of the traces that stand in it: every column of every table."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    for name in traces_in(value):
                        found.setdefault(f"{table}.{column}", set()).add(name)
    for session in Session.objects.all():
        for name in traces_in(session.get_decoded()):
            found.setdefault("django_session.session_data", set()).add(name)
    return {place: sorted(names) for place, names in found.items()}


def traces_in(value) -> list[str]:
    if isinstance(value, memoryview | bytes):
        value = bytes(value).decode("utf-8", "replace")
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    text = str(value)
    escaped = text.encode("ascii", "ignore").decode()
    if "\\u" in escaped:  # JSON that SQLite keeps with its escapes.
        text += escaped.encode().decode("unicode_escape", "ignore")
    return [name for name, trace in TRACES.items() if trace in text]


def test_the_search_for_traces_finds_them_while_the_person_is_there(life):
    found = found_in_database()
    assert {name for names in found.values() for name in names} == set(TRACES)
    assert "phone" in found["members_user.phone"]


def test_whoever_leaves_is_found_in_no_column_of_no_table(life, worker):
    with committed():
        account_erase(user=worker)
    left = {place: names for place, names in found_in_database().items() if place not in ALLOWED}
    assert left == {}


def test_sessions_of_others_stay(life, worker):
    friend = Client()
    friend.force_login(make_user())
    assert Session.objects.count() == 2
    account_erase(user=worker)
    assert friend.get("/my/").status_code == 200
    assert Session.objects.count() == 1


def test_counts_stay_what_they_were(life, worker):
    before = dict(Tally.objects.values_list("pk", "cells"))
    account_erase(user=worker)
    assert dict(Tally.objects.values_list("pk", "cells")) == before
    for poll in life.values():
        assert recount(type(poll).objects.get(pk=poll.pk)).agrees
    ballots = {ballot.poll_id: ballot.answers for ballot in Ballot.objects.all()}
    assert ballots[life["named text"].pk] == {"text": ""}
    assert list(ballots[life["named"].pk]) == ["options"]


def test_public_words_stay_under_nobodys_name_and_the_rest_is_taken_back(life, worker):
    account_erase(user=worker)
    shown = UnionComment.objects.filter(shown=True, shown_name="已注销用户")
    assert sorted(shown.values_list("comment", flat=True)) == [
        "有事打我电话[手机号已隐去]",
        "食堂确实贵了不少呢",
    ]
    states = ModerationItem.objects.values_list("text", "state")
    assert dict(states)["改过的一条还等着"] == "withdrawn"
    assert User.objects.get(pk=worker.pk).erased_at <= timezone.now()


def test_each_holding_says_what_becomes_of_it(worker):
    for holding in personal.holdings():
        assert str(holding.on_leaving).endswith("。"), holding.slug
