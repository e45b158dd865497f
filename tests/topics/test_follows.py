"""Those who asked to be told are told, once, where they asked; nobody else is, and nobody twice."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from cms.interactions.services import item_approve, item_register, item_reject
from cms.matrix.models import ChannelAccount, Reply, ReplyAct
from cms.members.models import Notice, Role
from cms.members.services import account_erase
from cms.topics import selectors, tasks
from cms.topics.asking import PHRASES, QUESTION_WORDS, asking, asks, asks_back, may_ask_back
from cms.topics.models import Case, Follow, Topic, Voice
from cms.topics.services import (
    case_answer,
    case_close,
    case_reopen,
    followers_retry,
    followers_tell,
    follows_gather,
    voices_group,
)
from tests.factories import committed, grant, make_story, make_user
from tests.factories.loop import make_brief, make_case, publish_brief, say
from tests.factories.matrix import make_account
from tests.factories.topics import grouped, make_voice

pytestmark = pytest.mark.django_db

WANTS = "老板拖欠工资三个月了，盼回复"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def manager(newsroom):
    return grant(make_user("主管"), Role.MANAGER, newsroom.union)


@pytest.fixture
def story(newsroom):
    return make_story(newsroom.section)


def case_on(newsroom, manager, slug="wages") -> Case:
    return make_case(grouped(slug), newsroom, manager)


def channel_voice(newsroom, text=WANTS, *, channel="weibo", number=1, **fields) -> Reply:
    """What a reader wrote on an account of ours, approved and thus a voice."""
    reply = Reply.objects.create(
        **{
            "account": account_of(newsroom, channel),
            "external_id": f"{channel}-{number}",
            "author_key": f"{channel}:reader-{number}",
            "text": text,
            "posted_at": timezone.now(),
            **fields,
        }
    )
    item = item_register(
        origin=f"reply:{reply.pk}",
        source=channel,
        story_id=None,
        union=newsroom.union,
        author_name="读者",
        author_key=reply.author_key,
        text=text,
        said_at=reply.posted_at,
        private=reply.kind == Reply.Kind.MESSAGE,
    )
    with committed():
        item_approve(item=item, user=newsroom.moderator)
    return reply


def account_of(newsroom, channel) -> ChannelAccount:
    known = ChannelAccount.objects.filter(union=newsroom.union, channel=channel).first()
    return known or make_account(newsroom.union, NOWHERE, channel)


# --- Who asks, who asks back ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("求回复", True), ("三个月了没人管，盼复", True), ("请回覆，謝謝", True),
     ("有结果告诉我", True),
     ("望告知一声", True), ("请联系我", True), ("不求回复，就是说说", False), ("别联系我", False),
     ("打电话也没人能回复", False), ("他答复说等着", False), ("失望告知无门", False), ("", False),
     ("🙂" * 50, False)],
)  # fmt: skip
def test_who_asks_to_be_told(text, wanted):
    assert asks_back(text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("怎么领", True), ("能不能补发", True), ("有高温津贴吗", True), ("找谁?", True),
     ("今年发了高温津贴", False), ("", False)],
)  # fmt: skip
def test_who_asks(text, wanted):
    assert asks(text) is wanted


def test_the_database_finds_what_the_functions_find():
    for text in [*PHRASES, *QUESTION_WORDS, "今年发了高温津贴", "不求回复"]:
        make_voice(f"工资的事{text}")
    for voice in Voice.objects.all():
        in_database = Voice.objects.filter(asking(), pk=voice.pk).exists()
        assert in_database == asks(voice.text)
        if asks_back(voice.text):
            assert Voice.objects.filter(may_ask_back(), pk=voice.pk).exists()


# --- Found ---------------------------------------------------------------------------------------


def test_a_signed_in_worker_who_asks_is_followed(newsroom, manager, story):
    worker, other = make_user(), make_user()
    say(worker, story, WANTS, newsroom.moderator)
    say(other, story, "我们也被拖欠工资", newsroom.moderator)
    case_on(newsroom, manager)
    follow = Follow.objects.get()
    assert (follow.user, follow.reply) == (worker, None)
    assert follow.voice.text == WANTS


def test_gathering_again_adds_nobody_twice(newsroom, manager, story):
    worker = make_user()
    say(worker, story, WANTS, newsroom.moderator)
    say(worker, story, "拖欠工资的事，请答复", newsroom.moderator)
    case = case_on(newsroom, manager)
    assert follows_gather(case=case) == 0
    assert Follow.objects.count() == 1


def test_who_asked_after_the_case_was_made_is_taken_in(newsroom, manager, story):
    case = case_on(newsroom, manager)
    say(make_user(), story, WANTS, newsroom.moderator)
    voices_group()
    tasks.tend_cases()
    assert Follow.objects.filter(topic=case.topic).count() == 1


def test_a_question_older_than_three_months_waits_no_more(newsroom, manager, story):
    say(make_user(), story, WANTS, newsroom.moderator)
    Voice.objects.update(said_at=timezone.now() - timedelta(days=91))
    case_on(newsroom, manager)
    assert not Follow.objects.exists()


def test_a_withdrawn_voice_takes_its_follow_along(newsroom, manager, story):
    item = say(make_user(), story, WANTS, newsroom.moderator)
    case_on(newsroom, manager)
    assert Follow.objects.exists()
    with committed():
        item_reject(item=item, user=newsroom.moderator, reason="privacy")
    assert not Follow.objects.exists()


def test_an_erased_person_is_forgotten(newsroom, manager, story):
    worker = make_user()
    say(worker, story, WANTS, newsroom.moderator)
    case = case_on(newsroom, manager)
    key = Voice.objects.get().person_key
    with committed():
        account_erase(user=worker)
    assert not Follow.objects.exists()
    assert not Voice.objects.filter(person_key=key).exists()
    assert Voice.objects.get().text == WANTS
    assert follows_gather(case=case) == 0
    case_answer(case=case, user=manager, words="好")
    assert followers_tell(case_id=case.pk) == 0


# --- Told ----------------------------------------------------------------------------------------


def test_publishing_tells_those_who_asked_once(newsroom, manager, story):
    worker = make_user()
    say(worker, story, WANTS, newsroom.moderator)
    case = case_on(newsroom, manager)
    answer = publish_brief(make_brief(case, newsroom, manager))
    notice = Notice.objects.get(user=worker)
    assert answer.title in notice.text
    assert notice.url == answer.get_url()
    follow = Follow.objects.get()
    assert follow.told_of == case
    assert follow.told_at
    for _again in range(2):
        tasks.tell_followers(case.pk)
        tasks.tend_cases()
    assert Notice.objects.filter(user=worker).count() == 1


def test_taken_down_and_published_again_nobody_is_told_twice(newsroom, manager, story):
    worker = make_user()
    say(worker, story, WANTS, newsroom.moderator)
    case = case_on(newsroom, manager)
    with committed():
        case_answer(case=case, user=manager, words="先这样办")
        tasks.dispatch_telling(case.pk)
    with committed():
        case_reopen(case=case, user=manager, reason="有误")
        case_answer(case=case, user=manager, words="应该这样办")
        tasks.dispatch_telling(case.pk)
    assert Notice.objects.filter(user=worker).count() == 1


def test_who_asks_anew_is_told_of_the_next_answer(newsroom, manager, story):
    worker = make_user()
    say(worker, story, WANTS, newsroom.moderator)
    case = case_on(newsroom, manager)
    case_answer(case=case, user=manager, words="办了")
    tasks.tell_followers(case.pk)
    case_close(case=case, user=manager, reason="办完")
    say(worker, story, "又拖欠工资了，请答复", newsroom.moderator)
    second = case_on(newsroom, manager)
    case_answer(case=second, user=manager, words="又办了")
    tasks.tell_followers(second.pk)
    assert Notice.objects.filter(user=worker).count() == 2
    assert Follow.objects.get().told_of == second


def test_who_agrees_after_the_answer_is_not_told_of_it(newsroom, manager, story):
    case = case_on(newsroom, manager)
    case_answer(case=case, user=manager, words="办了")
    say(make_user(), story, WANTS, newsroom.moderator)
    voices_group()
    tasks.tend_cases()
    assert not Notice.objects.filter(kind="case_answered").exists()


def test_a_reader_of_a_channel_is_answered_there(newsroom, manager):
    reply = channel_voice(newsroom)
    case = case_on(newsroom, manager)
    assert Follow.objects.get().reply == reply
    answer = publish_brief(make_brief(case, newsroom, manager))
    act = ReplyAct.objects.get()
    assert (act.reply, act.kind, act.by) == (reply, ReplyAct.Kind.ANSWER, manager)
    assert "您问到的“欠薪与工资”，工会有答复了" in act.text
    assert act.text.endswith(answer.get_url())
    assert settings.WAGTAILADMIN_BASE_URL in act.text
    tasks.tell_followers(case.pk)
    assert ReplyAct.objects.count() == 1
    assert selectors.telling(case).told == 1


def test_what_the_platform_does_not_allow_is_said_in_words(client, newsroom, manager):
    channel_voice(
        newsroom,
        channel="wechat",
        kind=Reply.Kind.MESSAGE,
        posted_at=timezone.now() - timedelta(hours=50),
    )
    case = case_on(newsroom, manager)
    case_answer(case=case, user=manager, words="找劳动监察")
    tasks.tell_followers(case.pk)
    assert not ReplyAct.objects.exists()
    telling = selectors.telling(case)
    assert (telling.told, telling.not_told) == (0, 1)
    client.force_login(manager)
    text = client.get(f"/admin/concerns/cases/{case.pk}/").content.decode()
    assert "没能告诉 1 人" in text
    assert telling.problems[0][0] in text


def test_who_could_not_be_told_can_be_tried_again(client, newsroom, manager):
    reply = channel_voice(newsroom)
    Reply.objects.filter(pk=reply.pk).update(deleted_at=timezone.now())
    case = case_on(newsroom, manager)
    case_answer(case=case, user=manager, words="找劳动监察")
    tasks.tell_followers(case.pk)
    assert "已删除" in Follow.objects.get().problem
    Reply.objects.filter(pk=reply.pk).update(deleted_at=None)
    tasks.tend_cases()
    assert not ReplyAct.objects.exists()
    client.force_login(manager)
    with committed():
        client.post(f"/admin/concerns/cases/{case.pk}/", {"action": "retry"})
    assert ReplyAct.objects.count() == 1
    assert followers_retry(case=case) == 0


def test_a_long_headline_is_cut_and_the_link_is_not(newsroom, manager):
    channel_voice(newsroom)
    case = case_on(newsroom, manager)
    Topic.objects.filter(pk=case.topic_id).update(name="长" * 30)
    case_answer(case=case, user=manager, words="很长的答复" * 50)
    tasks.tell_followers(case.pk)
    act = ReplyAct.objects.get()
    assert "…" in act.text


def test_a_blocked_account_is_not_told(newsroom, manager, story):
    worker = make_user()
    say(worker, story, WANTS, newsroom.moderator)
    case = case_on(newsroom, manager)
    worker.is_active = False
    worker.save()
    case_answer(case=case, user=manager, words="好")
    tasks.tell_followers(case.pk)
    assert not Notice.objects.filter(user=worker).exists()
    assert Follow.objects.get().problem == "账号已停用。"


def test_followers_of_a_merged_topic_are_told_too(newsroom, manager, story):
    worker = make_user()
    say(worker, story, WANTS, newsroom.moderator)
    topic = grouped()
    gone = Topic.objects.create(
        key="group:x", slug="x", name="小话题", kind="emergent", merged_into=topic
    )
    voice = Voice.objects.get()
    Follow.objects.create(
        topic=gone, person_key=voice.person_key, user=worker, voice=voice, agreed_at=voice.said_at
    )
    case = make_case(topic, newsroom, manager)
    case_answer(case=case, user=manager, words="好")
    tasks.tell_followers(case.pk)
    assert Notice.objects.filter(user=worker).count() == 1
    assert selectors.telling(case).waiting == 0


def test_many_are_told_in_batches(newsroom, manager, django_assert_max_num_queries):
    case = case_on(newsroom, manager)
    voice = make_voice()
    for number in range(25):
        Follow.objects.create(
            topic=case.topic,
            person_key=str(number),
            user=make_user(),
            voice=voice,
            agreed_at=timezone.now() - timedelta(hours=1),
        )
    case_answer(case=case, user=manager, words="好")
    with django_assert_max_num_queries(25):
        assert followers_tell(case_id=case.pk, most=20) == 20
    assert followers_tell(case_id=case.pk, most=20) == 5
    assert followers_tell(case_id=case.pk, most=20) == 0
    assert Notice.objects.filter(kind="case_answered").count() == 25


def test_an_open_case_tells_nobody(newsroom, manager, story):
    say(make_user(), story, WANTS, newsroom.moderator)
    case = case_on(newsroom, manager)
    assert followers_tell(case_id=case.pk) == 0
