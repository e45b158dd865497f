"""Records are kept as long as the law asks, and no longer (网络安全法 art. 23; 个人信息保护法
arts. 19 and 47). The triggers of cms.interactions.audit read the database's own clock, so that
what is old here was written in the past."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from cms.interactions import audit, services
from cms.interactions.models import (
    Appeal,
    CommentReport,
    DeskSettings,
    Measure,
    ModerationEvent,
    ModerationItem,
    UnionComment,
)
from cms.interactions.services import retention
from cms.interactions.services.retention import records_purge
from tests.factories import committed, make_user

pytestmark = pytest.mark.django_db

OLD = audit.LEAST_DAYS + 16


@pytest.fixture(autouse=True)
def kept_for_six_months(db):
    assert DeskSettings.load().keep_days == audit.LEAST_DAYS


def days_ago(days):
    return time_machine.travel(timezone.now() - timedelta(days=days), tick=True)


def item_of(comment) -> ModerationItem:
    return ModerationItem.objects.get(origin=f"comment:{comment.pk}")


def reject(comment, newsroom):
    services.item_reject(item=item_of(comment), user=newsroom.moderator, reason="other")


def events_of(comment) -> list[str]:
    events = ModerationEvent.objects.filter(item__origin=f"comment:{comment.pk}")
    return list(events.order_by("number").values_list("action", flat=True))


def exists(comment) -> bool:
    return UnionComment.norel_objects.filter(pk=comment.pk).exists()


# --- The record -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "left"), [(1, 2), (183, 2), (185, 0), (400, 0)])
def test_events_stay_for_six_months_and_then_go(story, say, days, left):
    with days_ago(days):
        comment = say(story, "食堂的菜能不能便宜一点", approve=True)
    records_purge()
    assert len(events_of(comment)) == left


def test_union_that_keeps_longer_keeps_longer(story, say):
    desk = DeskSettings.load()
    desk.keep_days = 365
    desk.save()
    with days_ago(OLD):
        young = say(story, "一年之内说的一句话", approve=True)
    with days_ago(366):
        old = say(story, "一年多以前说的一句话", approve=True)
    records_purge()
    assert (len(events_of(young)), len(events_of(old))) == (2, 0)


def test_database_refuses_to_give_events_up_earlier(story, say):
    with days_ago(audit.LEAST_DAYS - 2):
        comment = say(story, "食堂的菜能不能便宜一点", approve=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        ModerationEvent.objects.filter(item=item_of(comment))._raw_delete("default")
    assert len(events_of(comment)) == 2


def test_what_is_left_of_a_row_is_still_sealed(story, say, newsroom):
    with days_ago(OLD):
        comment = say(story, "食堂的菜能不能便宜一点", approve=True)
    reject(comment, newsroom)
    records_purge()
    assert events_of(comment) == ["rejected"]
    assert audit.broken_at(item_of(comment).events.order_by("number")) is None


def test_many_events_go_in_several_batches(monkeypatch, story, say):
    monkeypatch.setattr(retention, "BATCH", 3)
    with days_ago(OLD):
        for number in range(5):
            say(story, f"第{number}条很久以前说的话", approve=True)
    assert records_purge()["events"] == 10
    assert not ModerationEvent.objects.exists()


def test_second_purge_finds_nothing(story, say, newsroom):
    with days_ago(OLD):
        reject(say(story, "食堂的菜能不能便宜一点"), newsroom)
    assert records_purge() == {"events": 2, "texts": 1}
    assert records_purge() == {"events": 0, "texts": 0}


# --- Texts ----------------------------------------------------------------------------------------


def test_refused_and_withdrawn_texts_go_with_their_record(story, say, newsroom, worker):
    with days_ago(OLD):
        refused, taken_back = (
            say(story, "这句话没有通过审核"),
            say(story, "这句话撤回了", user=worker),
        )
        reject(refused, newsroom)
        services.comment_withdraw(comment=taken_back, user=worker)
    records_purge()
    assert not exists(refused)
    assert not exists(taken_back)
    assert not ModerationItem.objects.exists()


def test_public_and_waiting_texts_stay_when_their_record_goes(story, say):
    with days_ago(OLD):
        public, waiting = say(story, "这句话大家都看得到", approve=True), say(story, "这句话还等着")
    records_purge()
    assert exists(public)
    assert exists(waiting)
    assert item_of(waiting).state == "pending"
    assert UnionComment.objects.get(pk=public.pk).shown


def test_text_refused_long_after_it_was_written_keeps_its_record(story, say, newsroom):
    with days_ago(OLD):
        comment = say(story, "很久以后才撤下的一句话", approve=True)
    reject(comment, newsroom)
    records_purge()
    assert exists(comment)
    assert item_of(comment).state == "rejected"


def test_replies_below_a_purged_comment_stay_readable(client, story, say, newsroom):
    with days_ago(OLD):
        first = say(story, "开头这句话后来撤下了", approve=True)
        reply = say(story, "下面的回复还要能看到", parent=first, approve=True)
        reject(first, newsroom)
    records_purge()
    page = client.get(story.url).content.decode()
    assert "下面的回复还要能看到" in page
    assert "开头这句话后来撤下了" not in page
    head = UnionComment.objects.get(pk=first.pk)
    assert (head.comment, head.body_html, head.user, head.user_name, head.shown_name) == (
        "", "", None, "", "",
    )  # fmt: skip
    assert UnionComment.objects.get(pk=reply.pk).thread_id == first.pk


def test_reports_on_a_purged_comment_go_with_it(story, say, newsroom, worker):
    with days_ago(OLD):
        comment = say(story, "被举报以后撤下的话", approve=True)
        services.comment_report(comment=comment, user=worker, reason="insult", note="骂人")
        reject(comment, newsroom)
    records_purge()
    assert not CommentReport.objects.exists()


# --- Appeals --------------------------------------------------------------------------------------


def appealed(story, say, newsroom, worker, text="没有通过，我要申诉的话"):
    comment = say(story, text, user=worker)
    reject(comment, newsroom)
    appeal = services.appeal_make(item=item_of(comment), user=worker, text="我说的是事实")
    return comment, appeal


def test_open_appeal_keeps_its_refusal_and_its_text(story, say, newsroom, worker):
    with days_ago(OLD):
        comment, appeal = appealed(story, say, newsroom, worker)
    records_purge()
    assert events_of(comment) == ["rejected"]
    assert Appeal.objects.get() == appeal
    assert exists(comment)
    colleague = make_user(superuser=True)
    services.appeal_decide(appeal=appeal, user=colleague, restore=True, answer="可以恢复")
    assert UnionComment.objects.get(pk=comment.pk).shown


def test_open_appeals_hold_up_no_other_record(monkeypatch, story, say, newsroom, worker):
    monkeypatch.setattr(retention, "BATCH", 1)
    with days_ago(OLD + 1):
        comment, _appeal = appealed(story, say, newsroom, worker)
    with days_ago(OLD):
        other = say(story, "后来另外说的一句话", approve=True)
    records_purge()
    assert (events_of(comment), events_of(other)) == (["rejected"], [])


def test_answered_appeal_goes_with_its_record(story, say, newsroom, worker):
    with days_ago(OLD):
        comment, appeal = appealed(story, say, newsroom, worker)
        services.appeal_decide(
            appeal=appeal, user=make_user(superuser=True), restore=False, answer="维持"
        )
    records_purge()
    assert not Appeal.objects.exists()
    assert not exists(comment)


# --- Addresses and measures -----------------------------------------------------------------------


@pytest.mark.parametrize(("days", "kept"), [(1, "203.0.113.9"), (OLD, None)])
def test_network_addresses_go_when_the_time_is_over(story, worker, days, kept):
    with days_ago(days):
        comment = services.comment_submit(
            user=worker, page=story, text="食堂的菜能不能便宜一点", ip="203.0.113.9"
        ).comment
    records_purge()
    assert UnionComment.objects.get(pk=comment.pk).ip_address == kept


@pytest.mark.parametrize(
    ("kind", "lifted", "left"),
    [("hold", False, 0), ("block", False, 1), ("block", True, 0)],
)
def test_measures_that_are_over_go_and_those_in_force_stay(
    story, say, newsroom, worker, kind, lifted, left
):
    with days_ago(OLD):
        comment = say(story, "这句话引出了处理", user=worker)
        measure = services.measure_take(
            item=item_of(comment), user=newsroom.moderator, kind=kind, reason="insult"
        )
        if lifted:
            services.measure_lift(measure=measure, user=newsroom.moderator)
    records_purge()
    assert Measure.objects.count() == left


def test_measure_in_force_outlives_the_text_that_led_to_it(story, say, newsroom, worker):
    with days_ago(OLD), committed():
        comment = say(story, "这句话引出了处理", user=worker)
        services.measure_take(
            item=item_of(comment), user=newsroom.moderator, kind="block", reason="insult"
        )
        reject(comment, newsroom)
    records_purge()
    assert Measure.objects.get().item is None
    with pytest.raises(Exception, match="不能发言"):
        services.comment_submit(user=worker, page=story, text="再说一句试试看")
