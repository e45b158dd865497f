"""Answering from the inbox over real HTTP to the sandbox: at most once, and told when not."""

import contextlib
import threading
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import OperationalError, connections
from django.utils import timezone

from cms.interactions.models import ModerationItem
from cms.matrix import inbox_selectors, services, signals, tasks
from cms.matrix.lifecycle import LostHold, hold, keep_hold
from cms.matrix.models import ChannelAccount, Reply, ReplyAct
from cms.matrix.services import inbox
from cms.members.models import Consent
from cms.members.services import consent_give, notify
from tests.factories import committed, make_user
from tests.matrix.conftest import THANKS, again, ask, make_reply, publish, published, say

pytestmark = pytest.mark.django_db
Kind, State = ReplyAct.Kind, ReplyAct.State


def comment_there(sandbox):
    return sandbox.state()["wx_comment"][0]


# --- What is done on the platform ----------------------------------------------------------------


def test_an_answer_stands_under_the_article(newsroom, sandbox, comment):
    act = ask(comment, by=newsroom.editor)
    assert act.state == State.DONE
    assert (comment.answer, comment.answered_by) == (THANKS, newsroom.editor)
    assert comment.read_at
    assert comment_there(sandbox)["reply"] == THANKS


def test_a_second_answer_is_refused_where_the_platform_takes_one(sandbox, comment):
    ask(comment)
    with pytest.raises(services.CannotAct, match="只允许回复一次"):
        services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text="再补一句")


def test_a_double_click_answers_once(sandbox, comment):
    first = services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)
    second = services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)
    assert first.pk == second.pk
    services.act_carry_out(act_id=first.pk)
    assert services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS) == first
    assert services.act_carry_out(act_id=first.pk) is None


def test_another_answer_waits_for_the_first(sandbox, comment):
    services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)
    with pytest.raises(services.CannotAct, match="先撤销"):
        services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text="另一句")


def test_an_act_that_another_worker_holds_is_left_alone(sandbox, comment):
    act = services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)
    ReplyAct.objects.filter(pk=act.pk).update(held_until=timezone.now() + timedelta(minutes=1))
    assert services.act_carry_out(act_id=act.pk) is None
    assert comment_there(sandbox)["reply"] is None


def test_a_worker_that_slept_too_long_may_not_speak(sandbox, comment):
    act = services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)
    slow = hold(services.acts_due(), act.pk)
    ReplyAct.objects.filter(pk=act.pk).update(held_until=None)
    assert services.act_carry_out(act_id=act.pk).state == State.DONE
    with pytest.raises(LostHold):
        keep_hold(slow)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_workers_at_once_answer_once(newsroom, sandbox, url, weibo):
    publish(newsroom, weibo)
    address = published(sandbox).url.replace("https://weibo.com", f"{url}/weibo")
    say(sandbox, None, "在哪里申请", address)
    services.replies_fetch(account=weibo, at_once=True)
    act = services.act_request(reply=Reply.objects.get(), kind=Kind.ANSWER, by=None, text=THANKS)
    start = threading.Barrier(6)

    def work():
        start.wait()
        # A database in memory refuses where a real one lets the next writer wait: the sweep's task.
        with contextlib.suppress(OperationalError):
            services.act_carry_out(act_id=act.pk)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for _sweep in range(4):
        again(act)
    assert act.state == State.DONE
    assert sandbox.get(address).text.count(THANKS) == 1


def test_election_and_its_end_reach_the_platform(sandbox, comment):
    assert ask(comment, Kind.ELECT, "").state == State.DONE
    assert comment.elected
    assert comment_there(sandbox)["elected"] == 1
    ask(comment, Kind.UNELECT, "")
    assert not comment.elected
    assert comment_there(sandbox)["elected"] == 0


def test_a_deleted_comment_goes_from_the_platform(sandbox, comment):
    assert ask(comment, Kind.DELETE, "").state == State.DONE
    assert comment.deleted_at
    assert comment_there(sandbox)["deleted_by"] == "account"
    with pytest.raises(services.CannotAct, match="已删除"):
        services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)


def test_what_is_deleted_there_leaves_the_queue_here(newsroom, sandbox, comment):
    signals.reply_received.send(Reply, reply=comment)
    item = ModerationItem.objects.get(origin=f"reply:{comment.pk}")
    ask(comment, Kind.DELETE, "", by=newsroom.editor)
    item.refresh_from_db()
    assert (item.state, item.decided_by) == (ModerationItem.State.WITHDRAWN, newsroom.editor)


def test_a_comment_that_is_gone_already_counts_as_deleted(sandbox, comment):
    sandbox.fault(path="/cgi-bin/comment/delete", effect="error", code=88008)
    assert ask(comment, Kind.DELETE, "").state == State.DONE
    assert comment.deleted_at


def test_a_comment_that_its_reader_took_back_is_marked_so_and_not_answered(sandbox, comment):
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="error", code=88004)
    act = ask(comment)
    assert (act.state, act.error_code) == (State.FAILED, "88004")
    assert comment.deleted_at
    assert inbox.why_not(comment, Kind.ANSWER)


def test_an_article_that_is_gone_says_nothing_about_its_comments(sandbox, comment):
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="error", code=88001)
    assert ask(comment).state == State.FAILED
    assert comment.deleted_at is None


def test_a_weibo_comment_is_answered_in_public(newsroom, sandbox, url, weibo):
    publish(newsroom, weibo)
    delivery = published(sandbox)
    address = delivery.url.replace("https://weibo.com", f"{url}/weibo")
    say(sandbox, delivery, "在哪里申请", address)
    services.replies_fetch(account=weibo, at_once=True)
    reply = Reply.objects.get()
    assert ask(reply).state == State.DONE
    assert THANKS in sandbox.get(address).text


@pytest.fixture
def message(sandbox, wechat):
    """A message a reader wrote in the chat on the sandbox."""
    form = {"nickname": "炉前工", "content": "加班费怎么算"}
    sandbox.post(f"/wechat/{wechat.app_id}/message", data=form)
    openid = sandbox.state()["wx_message"][0]["openid"]
    return make_reply(wechat, kind="message", author_key=f"wechat:{openid}", text=form["content"])


def test_a_message_is_answered_in_the_chat(sandbox, message):
    assert ask(message).state == State.DONE
    assert sandbox.state()["wx_message"][0]["content"] == THANKS
    assert ask(message, text="还有一句").state == State.DONE


def test_a_notice_reaches_the_chat_and_leaves_the_inbox_alone(sandbox, wechat, message):
    worker = make_user()
    SocialAccount.objects.create(
        user=worker, provider="weixin", uid=message.author_key.removeprefix("wechat:")
    )
    for kind in (None, Consent.Kind.WECHAT):
        if kind:
            consent_give(user=worker, kind=kind)
        with committed():
            notify(users=[worker], kind="answered", text="工会回复了您", url="/my/messages/")
    [act] = ReplyAct.objects.all()  # Without consent nothing was sent.
    assert services.act_carry_out(act_id=act.pk).state == State.DONE
    assert sandbox.state()["wx_message"][0]["content"].startswith("工会回复了您")
    message.refresh_from_db()
    assert (message.read_at, message.answered_at) == (None, None)


def test_a_notice_that_may_not_be_sent_or_is_lost_bothers_nobody(sandbox, wechat, message):
    reader = message.author_key.removeprefix("wechat:")
    sandbox.fault(path="/cgi-bin/message/custom/send", effect="lost", seconds=0)
    act = services.reader_tell(channel="wechat", reader=reader, text="工会回复了您")
    services.act_carry_out(act_id=act.pk)
    act.refresh_from_db()
    assert act.state == State.FAILED
    Reply.objects.update(posted_at=timezone.now() - timedelta(hours=49))
    assert services.reader_tell(channel="wechat", reader=reader, text="太晚了") is None
    assert services.reader_tell(channel="wechat", reader="nobody", text="没来过") is None
    message.refresh_from_db()
    assert (message.read_at, message.answered_at) == (None, None)


def test_a_message_whose_window_is_over_there_says_so(sandbox, message):
    sandbox.advance(hours=49)
    act = ask(message)
    assert (act.state, act.error_code) == (State.FAILED, "45015")
    assert "48 小时" in act.error_text
    assert message.answered_at is None


# --- When it does not succeed --------------------------------------------------------------------


def test_a_lost_answer_is_looked_for_and_not_sent_again(sandbox, comment):
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="lost", seconds=0)
    act = ask(comment)
    assert act.state == State.UNKNOWN
    assert not comment.answered_at
    assert again(act).state == State.DONE
    comment.refresh_from_db()
    assert comment.answer == THANKS


def test_an_answer_that_never_arrived_is_sent_after_looking(sandbox, comment):
    act = services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)
    ReplyAct.objects.filter(pk=act.pk).update(state=State.SENDING)  # A worker died before it spoke.
    assert again(act).state == State.UNKNOWN
    assert again(act).state == State.WAITING
    assert again(act).state == State.DONE
    assert comment_there(sandbox)["reply"] == THANKS


def test_a_message_with_a_lost_answer_asks_a_person(newsroom, sandbox, message):
    sandbox.fault(path="/cgi-bin/message/custom/send", effect="lost", seconds=0)
    act = again(ask(message))
    assert act.state == State.UNKNOWN
    assert "到平台上看一眼" in act.error_text
    assert act not in services.acts_due()
    services.act_settle(act=act, done=True, by=newsroom.editor)
    message.refresh_from_db()
    assert message.answer == THANKS
    with pytest.raises(services.CannotAct):
        services.act_settle(act=act, done=False, by=newsroom.editor)


def test_a_lost_answer_is_settled_when_it_is_read_from_the_platform(sandbox, wechat, comment):
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="lost", seconds=0)
    act = ask(comment)
    services.replies_fetch(account=wechat, at_once=True)
    act.refresh_from_db()
    assert act.state == State.DONE


def test_a_passing_trouble_waits_and_the_sweep_tries_again(sandbox, comment):
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="error", code=45011)
    act = ask(comment)
    assert act.state == State.WAITING
    assert act.next_try_at > timezone.now()
    ReplyAct.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    with committed():
        tasks.acts_sweep()
    act.refresh_from_db()
    assert act.state == State.DONE


def test_a_refusal_is_told_with_code_and_sentence_and_is_unread_again(sandbox, comment):
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="error", code=88007)
    act = ask(comment)
    assert (act.state, act.error_code) == (State.FAILED, "88007")
    assert act.error_text
    assert comment.read_at is None
    services.act_retry(act=act)
    assert again(act).state == State.DONE


def test_a_missing_right_takes_the_buttons_away(sandbox, wechat, comment):
    sandbox.fault(path="/cgi-bin/comment/markelect", effect="error", code=88000)
    act = ask(comment, Kind.ELECT, "")
    assert act.state == State.FAILED
    comment.account.refresh_from_db()
    assert inbox.why_not(comment, Kind.ELECT) == act.error_text


def test_refused_credentials_pause_the_account_and_keep_the_answer(sandbox, comment):
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="error", code=40164)
    act = ask(comment)
    assert act.state == State.WAITING
    account = ChannelAccount.objects.get()
    assert account.state == ChannelAccount.State.PAUSED
    assert act not in services.acts_due()


def test_what_is_not_sent_yet_can_be_taken_back(sandbox, comment):
    act = services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=THANKS)
    assert services.act_cancel(act=act).state == State.FAILED
    assert services.act_carry_out(act_id=act.pk) is None
    assert comment_there(sandbox)["reply"] is None


# --- What the platform's own console did ---------------------------------------------------------


def test_what_was_done_in_the_console_is_followed(service, sandbox, wechat, comment):
    mid, comment_id = comment.external_id.split(":")
    # By another app of the same account, as the console would.
    body = {"msg_data_id": int(mid), "index": 0, "user_comment_id": int(comment_id)}
    sub = type(service)(sandbox, "wxdemo_sub")
    sub.post("/cgi-bin/comment/reply/add", {**body, "content": "后台回的"})
    sub.post("/cgi-bin/comment/markelect", body)
    services.replies_fetch(account=wechat, at_once=True)
    comment.refresh_from_db()
    assert (comment.answer, comment.elected) == ("后台回的", True)
    assert comment.answered_by is None


# --- Rights and limits ---------------------------------------------------------------------------


def test_buttons_follow_what_the_platform_allows(newsroom, sandbox, weibo):
    reply = make_reply(weibo)
    assert inbox.why_not(reply, Kind.ANSWER) == ""
    assert "不允许删除读者的评论" in inbox.why_not(reply, Kind.DELETE)
    assert "没有精选" in inbox.why_not(reply, Kind.ELECT)


def test_a_message_can_be_answered_for_48_hours_after_the_last_one(newsroom, sandbox, wechat):
    old = timezone.now() - timedelta(hours=60)
    first = make_reply(wechat, 1, kind="message", author_key="wechat:a", posted_at=old)
    assert "已过 48 小时" in inbox.why_not(first, Kind.ANSWER)
    with pytest.raises(services.CannotAct, match="对方再发消息"):
        services.act_request(reply=first, kind=Kind.ANSWER, by=None, text=THANKS)
    lately = timezone.now() - timedelta(hours=6, minutes=30)
    make_reply(wechat, 2, kind="message", author_key="wechat:a", posted_at=lately)
    [row] = inbox_selectors.rows([first])
    assert row.window == "还可回复 41 小时"
    assert "answer" not in row.refused


@pytest.mark.parametrize("text", ["  ", "长" * 601])
def test_an_answer_has_words_but_not_too_many(sandbox, comment, text):
    with pytest.raises(services.CannotAct):
        services.act_request(reply=comment, kind=Kind.ANSWER, by=None, text=text)


def test_a_reply_is_taken_by_one_person(newsroom, sandbox, wechat):
    reply = make_reply(wechat)
    services.reply_take(reply=reply, by=newsroom.editor)
    with pytest.raises(services.CannotAct, match="已在处理"):
        services.reply_take(reply=reply, by=newsroom.moderator)
