"""What was approved is what goes out, when it should, once; and it can be taken back."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from cms.matrix import services, tasks, watchdog
from cms.matrix.channels.base import Capability
from cms.matrix.lifecycle import State
from cms.matrix.models import ChannelAccount, ChannelVersion, Delivery, WorkerBeat
from cms.members.models import Role
from tests.factories import committed, grant, make_story, make_user, pass_review
from tests.factories.matrix import make_account, versions
from tests.matrix.conftest import articles, finish, picture, publish, step

pytestmark = pytest.mark.django_db


# --- Approved ------------------------------------------------------------------------------------


def test_a_story_in_review_stands_on_the_board_and_nothing_leaves(newsroom, sandbox, wechat):
    story = make_story(
        newsroom.section, live=False, cover=picture(), channel_versions=versions(wechat)
    )
    with committed():
        story.get_workflow().start(story, newsroom.editor)
    delivery = Delivery.objects.get()
    assert delivery.state == State.DRAFT
    assert services.delivery_advance(delivery_id=delivery.pk) is None
    assert articles(sandbox) == []


def test_the_log_says_who_approved(newsroom, sandbox, wechat):
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    approved = delivery.events.filter(from_state="draft", to_state="approved").get()
    assert approved.by == newsroom.reviewers[2]
    assert delivery.approved_by == newsroom.reviewers[2]


def scheduled(newsroom, account, **fields) -> Delivery:
    at = timezone.now() + timedelta(hours=2)
    version = ChannelVersion(account=account, send_at=at, **fields)
    publish(newsroom, channel_versions=[version])
    return Delivery.objects.get()


def test_what_is_not_what_was_approved_is_refused(newsroom, sandbox, wechat):
    delivery = scheduled(newsroom, wechat)
    Delivery.objects.update(payload=delivery.payload.replace("高温", "低温"), send_at=None)
    assert finish(delivery).state == State.FAILED
    assert delivery.error_class == "seal"
    assert articles(sandbox) == []
    with pytest.raises(services.CannotRetry, match="送审"):
        services.delivery_retry(delivery=delivery)


def test_a_seal_is_good_for_one_account_only(newsroom, sandbox, wechat, url):
    delivery = scheduled(newsroom, wechat)
    other = make_account(newsroom.union, url, app_id="wxdemo_service", secret="x")
    Delivery.objects.update(account=other)
    assert finish(delivery).error_class == "seal"


def test_an_edit_after_approval_reopens_the_review(newsroom, sandbox, wechat):
    delivery = scheduled(newsroom, wechat)
    story = delivery.page.specific
    story.title = "高温津贴发放标准（又改）"
    story.save_revision(user=newsroom.editor)
    delivery.refresh_from_db()
    assert delivery.state == State.DRAFT
    assert "重新审稿" in delivery.events.last().why
    pass_review(story, newsroom.editor)
    delivery.refresh_from_db()
    assert delivery.state == State.SCHEDULED
    assert "又改" in delivery.payload


def test_the_approved_text_can_be_sent_after_all(newsroom, sandbox, wechat):
    delivery = scheduled(newsroom, wechat)
    story = delivery.page.specific
    story.title = "没有审过的标题"
    story.save_revision(user=newsroom.editor)
    services.delivery_restore(delivery=delivery, by=newsroom.reviewers[2])
    Delivery.objects.update(send_at=timezone.now() - timedelta(minutes=1))
    assert finish(delivery).state == State.PUBLISHED
    assert "没有审过" not in articles(sandbox)[0]["article"]


def test_a_publication_whose_deliveries_were_lost_on_the_way_is_made_up(newsroom, wechat):
    with pytest.MonkeyPatch.context() as patch:
        # The process dies between the commit of the publication and what follows it.
        patch.setattr(services, "deliveries_approve", lambda **kwargs: [])
        publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    assert delivery.state == State.DRAFT
    with committed():
        tasks.sweep_deliveries()
    delivery.refresh_from_db()
    assert delivery.seal
    assert delivery.state != State.DRAFT


def test_a_story_back_in_review_is_not_taken_for_a_lost_publication(newsroom, sandbox, wechat):
    delivery = scheduled(newsroom, wechat)
    delivery.page.specific.save_revision(user=newsroom.editor)
    assert services.deliveries_approve_missed() == []
    delivery.refresh_from_db()
    assert delivery.state == State.DRAFT


# --- When ----------------------------------------------------------------------------------------


def test_each_account_has_its_own_time(newsroom, sandbox, wechat, weibo):
    at = timezone.now() + timedelta(hours=3)
    publish(
        newsroom,
        channel_versions=[
            ChannelVersion(account=wechat, send_at=at),
            ChannelVersion(account=weibo),
        ],
    )
    later, now = (Delivery.objects.get(account=account) for account in (wechat, weibo))
    assert (later.state, later.next_try_at) == (State.SCHEDULED, later.send_at)
    assert abs(later.send_at - at) < timedelta(seconds=1)
    assert services.delivery_advance(delivery_id=later.pk) is None
    assert finish(now).state == State.PUBLISHED
    assert finish(later).state == State.PUBLISHED


def test_a_task_under_way_is_not_sent_again_by_the_sweep(newsroom, sandbox, wechat):
    delivery = scheduled(newsroom, wechat)
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    Delivery.objects.update(queued_until=timezone.now() + timedelta(minutes=1))
    with committed():
        tasks.sweep_deliveries()
    delivery.refresh_from_db()
    assert delivery.state == State.SCHEDULED
    Delivery.objects.update(queued_until=timezone.now() - timedelta(seconds=1))
    with committed():
        tasks.sweep_deliveries()
    delivery.refresh_from_db()
    assert delivery.state != State.SCHEDULED


# --- Once ----------------------------------------------------------------------------------------


def alike(newsroom, account) -> Delivery:
    """A second story of the same words to the same account."""
    publish(newsroom, account, title="高温津贴怎么领", slug="alike-2")
    return Delivery.objects.order_by("pk").last()


def test_the_same_words_to_the_same_account_within_a_day_are_stopped(newsroom, sandbox, weibo):
    publish(newsroom, weibo, title="高温津贴怎么领", slug="alike-1")
    finish(Delivery.objects.get())
    second = finish(alike(newsroom, weibo))
    assert (second.state, second.error_class) == (State.FAILED, "repeat")
    assert len(sandbox.state()["wb_status"]) == 1


def test_a_person_may_want_the_same_words_all_the_same(newsroom, sandbox, wechat):
    publish(newsroom, wechat, title="高温津贴怎么领", slug="alike-1")
    first = finish(Delivery.objects.get())
    second = finish(alike(newsroom, wechat))
    assert (second.error_class, second.likeness) == ("repeat", first.likeness)
    services.delivery_allow_repeat(delivery=second, by=newsroom.editor)
    assert finish(second).state == State.PUBLISHED
    assert len(articles(sandbox)) == 2


def test_after_a_day_the_same_words_may_go_out_again(newsroom, sandbox, wechat):
    publish(newsroom, wechat, title="高温津贴怎么领", slug="alike-1")
    finish(Delivery.objects.get())
    Delivery.objects.update(submitted_at=timezone.now() - timedelta(hours=25))
    assert finish(alike(newsroom, wechat)).state == State.PUBLISHED


def test_not_there_is_believed_the_second_time_only(newsroom, sandbox, weibo):
    sandbox.fault(path="/2/statuses/share.json", effect="timeout", seconds=0)
    publish(newsroom, weibo)
    delivery = Delivery.objects.get()
    assert delivery.state == State.UNKNOWN
    assert step(delivery).state == State.UNKNOWN
    assert delivery.unseen == 1
    assert step(delivery).state in (State.APPROVED, State.PUBLISHED)
    assert finish(delivery).state == State.PUBLISHED
    assert len(sandbox.state()["wb_status"]) == 1


def test_nobody_looks_before_the_platform_can_be_expected_to_show_it(newsroom, sandbox, weibo):
    sandbox.fault(path="/2/statuses/share.json", effect="lost", seconds=0)
    publish(newsroom, weibo)
    delivery = Delivery.objects.get()
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    services.delivery_advance(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert delivery.next_try_at > timezone.now()


# --- Back again ----------------------------------------------------------------------------------


def test_withdrawing_takes_the_article_off_the_platform(newsroom, sandbox, wechat):
    story = publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    services.story_withdraw(page=story, by=newsroom.reviewers[2], why="内容有误")
    assert step(delivery).state == State.WITHDRAWN
    assert [row["deleted"] for row in articles(sandbox)] == [1]
    assert "内容有误" in " ".join(event.why for event in delivery.events.all())


def test_what_a_platform_cannot_take_back_is_left_to_a_person_in_words(newsroom, sandbox, weibo):
    story = publish(newsroom, weibo)
    delivery = finish(Delivery.objects.get())
    services.story_withdraw(page=story, by=newsroom.reviewers[2], why="内容有误")
    assert step(delivery).state == State.PUBLISHED
    assert "手动删除" in delivery.todo
    services.delivery_done_by_hand(delivery=delivery, by=newsroom.editor)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.wish, delivery.todo) == (State.WITHDRAWN, "", "")


def test_what_has_not_left_is_cancelled_by_a_withdrawal(newsroom, sandbox, wechat):
    delivery = scheduled(newsroom, wechat)
    services.story_withdraw(page=delivery.page, by=newsroom.reviewers[2], why="不发了")
    delivery.refresh_from_db()
    assert delivery.state == State.CANCELLED


def test_what_is_in_the_air_is_withdrawn_when_it_has_landed(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/freepublish/submit", effect="lost", seconds=0)
    story = publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    services.story_withdraw(page=story, by=newsroom.reviewers[2], why="撤")
    for _step in range(6):
        step(delivery)
    assert delivery.state == State.WITHDRAWN
    assert [row["deleted"] for row in articles(sandbox)] == [1]


def test_what_never_arrived_is_not_sent_again_once_it_was_withdrawn(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/freepublish/submit", effect="timeout", seconds=0)
    story = publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    services.story_withdraw(page=story, by=newsroom.reviewers[2], why="撤")
    for _step in range(6):
        step(delivery)
    assert delivery.state == State.CANCELLED
    assert articles(sandbox) == []


def test_a_withdrawal_can_take_the_story_off_the_site_too(newsroom, sandbox, wechat):
    story = publish(newsroom, wechat)
    finish(Delivery.objects.get())
    services.story_withdraw(page=story, by=newsroom.reviewers[2], why="撤", from_site=True)
    story.refresh_from_db()
    assert not story.live


def test_sent_again_means_the_old_one_is_gone_first(newsroom, sandbox, wechat):
    story = publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    story.title = "高温津贴发放标准（更正）"
    story.save_revision(user=newsroom.editor)
    pass_review(story, newsroom.editor)
    services.delivery_resend(delivery=delivery, by=newsroom.editor, why="更正")
    assert step(delivery).state == State.WITHDRAWN
    again = Delivery.objects.exclude(pk=delivery.pk).get()
    assert finish(again).state == State.PUBLISHED
    online = [row for row in articles(sandbox) if not row["deleted"]]
    assert ["更正" in row["article"] for row in online] == [True]


# --- A person's word ------------------------------------------------------------------------------


def test_giving_up_ends_the_waiting_and_says_what_to_do_first(newsroom, sandbox, weibo):
    sandbox.fault(path="/2/statuses/share.json", effect="timeout", seconds=0)
    publish(newsroom, weibo)
    delivery = Delivery.objects.get()
    services.delivery_give_up(delivery=delivery, by=newsroom.editor)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error_class) == (State.FAILED, "given_up")
    assert "平台" in delivery.error_text


def test_refused_permission_is_remembered_for_the_account(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/draft/add", effect="error", code=48001)
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_class) == (State.FAILED, "permission")
    wechat.refresh_from_db()
    assert not wechat.may(Capability.PUBLISH)


# --- The watchdog --------------------------------------------------------------------------------


def told(union) -> str:
    mine = ChannelAccount.objects.filter(union=union)
    found = watchdog.troubles(Delivery.objects.filter(account__in=mine), mine)
    return " ".join(str(trouble.text) for trouble in found)


def test_no_living_worker_is_told(newsroom, wechat):
    assert "后台进程没有在运行" in told(newsroom.union)
    tasks.beat_worker()
    assert "后台进程" not in told(newsroom.union)
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
    assert "后台进程没有在运行" in told(newsroom.union)


def test_what_should_have_ended_by_now_is_overdue(newsroom, sandbox, wechat):
    delivery = scheduled(newsroom, wechat)
    assert "超时" not in told(newsroom.union)
    Delivery.objects.filter(pk=delivery.pk).update(
        send_at=timezone.now() - timedelta(hours=1), state=State.SCHEDULED
    )
    assert "1 条分发超时" in told(newsroom.union)


def test_a_paused_account_and_an_ending_authorisation_are_told(newsroom, wechat):
    services.account_pause(account=wechat, reason="AppSecret 已被冻结。")
    ChannelAccount.objects.update(authorised_until=timezone.now() + timedelta(days=3))
    assert "AppSecret 已被冻结" in told(newsroom.union)
    assert "到期" in told(newsroom.union)


def test_administrators_get_one_mail_about_the_same_trouble(newsroom, wechat, mailoutbox):
    admin = grant(make_user("管理员", email="it@example.org"), Role.ADMIN, newsroom.union)
    services.account_pause(account=wechat, reason="需要重新授权。")
    assert watchdog.tell_of_trouble() == 1
    assert watchdog.tell_of_trouble() == 0
    assert mailoutbox[0].to == [admin.email]
    assert "需要重新授权" in mailoutbox[0].body


def test_a_retry_in_seconds_does_not_wait_for_the_task_that_has_run(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/draft/add", effect="error", code=-1)
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    assert delivery.state == State.APPROVED
    assert delivery.queued_until is None


def test_a_timer_learns_of_trouble_by_the_exit_code(newsroom, wechat, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("matrix_watch")
    assert ended.value.code == 1
    assert "后台进程没有在运行" in capsys.readouterr().out
    tasks.beat_worker()
    call_command("matrix_watch")
    assert "一切正常" in capsys.readouterr().out
