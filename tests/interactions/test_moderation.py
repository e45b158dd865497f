"""One queue: who may decide on what, what a decision does, and the moderators' desk."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.interactions import services, signals
from cms.interactions.models import ModerationEvent, ModerationItem, UnionComment
from cms.interactions.services import item_approve, item_register, item_reject, items_decide
from cms.matrix.models import ChannelAccount, Delivery, Reply
from cms.matrix.signals import reply_received
from cms.members.models import Role
from tests.factories import grant, make_site, make_story, make_union, make_user

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/"


@pytest.fixture
def register(newsroom):
    """`register(text)` puts one utterance in the queue of the newsroom's union."""
    numbers = iter(range(1, 10_000))

    def put(text="食堂能不能便宜点", **fields):
        number = next(numbers)
        return item_register(
            **{
                "origin": f"test:{number}",
                "source": "weibo",
                "story_id": None,
                "union": newsroom.union,
                "author_name": "网友",
                "author_key": f"weibo:{number}",
                "text": text,
                "said_at": timezone.now() - timedelta(minutes=number),
                **fields,
            }
        )

    return put


@pytest.fixture
def heard():
    """What the two signals have told, as (name, item)."""
    told = []

    def approved(sender, item, **kwargs):
        told.append(("approved", item))

    def withdrawn(sender, item, **kwargs):
        told.append(("withdrawn", item))

    signals.utterance_approved.connect(approved)
    signals.utterance_withdrawn.connect(withdrawn)
    yield told
    signals.utterance_approved.disconnect(approved)
    signals.utterance_withdrawn.disconnect(withdrawn)


# --- Decisions -----------------------------------------------------------------------------------


def test_decision_leaves_a_record_that_cannot_be_changed(newsroom, register):
    item = register()
    assert item_reject(item=item, user=newsroom.moderator, reason="advert")
    first, record = ModerationEvent.objects.filter(item=item)
    assert (first.action, first.number) == ("submitted", 1)
    assert (record.action, record.reason, record.by) == ("rejected", "advert", newsroom.moderator)
    with pytest.raises(TypeError):
        record.save()
    with pytest.raises(TypeError):
        record.delete()


def test_second_equal_decision_changes_and_tells_nothing(newsroom, register, heard, committed):
    item = register()
    with committed():
        assert item_approve(item=item, user=newsroom.moderator)
        assert not item_approve(item=item, user=newsroom.moderator)
    assert heard == [("approved", item)]
    assert [event.action for event in item.events.all()] == ["submitted", "approved"]


def test_withdrawing_is_told_and_refusing_is_not(newsroom, register, heard, committed):
    shown, refused = register(), register()
    with committed():
        item_reject(item=refused, user=newsroom.moderator, reason="other")
        item_approve(item=shown, user=newsroom.moderator)
        item_reject(item=shown, user=newsroom.moderator, reason="rumour")
    assert heard == [("approved", shown), ("withdrawn", shown)]


def test_refused_text_can_be_restored(newsroom, register):
    item = register()
    item_reject(item=item, user=newsroom.moderator, reason="insult")
    assert item_approve(item=item, user=newsroom.moderator)
    item.refresh_from_db()
    assert (item.state, item.reason) == ("approved", "")
    actions = [event.action for event in item.events.all()]
    assert actions == ["submitted", "rejected", "approved"]


def test_listener_that_fails_does_not_undo_the_decision(newsroom, register, committed):
    def fail(sender, item, **kwargs):
        raise RuntimeError("listener")

    signals.utterance_approved.connect(fail)
    try:
        with committed():
            item_approve(item=register(), user=newsroom.moderator)
    finally:
        signals.utterance_approved.disconnect(fail)
    assert ModerationItem.objects.get().state == "approved"


def test_refusing_needs_a_known_reason(newsroom, register):
    for reason in ("", "because"):
        with pytest.raises(ValidationError):
            item_reject(item=register(), user=newsroom.moderator, reason=reason)


def test_moderator_cannot_decide_on_his_own_text(newsroom, say):
    story = make_story(newsroom.section)
    own = say(story, "审核员自己的评论", user=newsroom.moderator)
    item = ModerationItem.objects.get(origin=f"comment:{own.pk}")
    with pytest.raises(PermissionDenied):
        item_approve(item=item, user=newsroom.moderator)
    own.refresh_from_db()
    assert not own.is_public
    colleague = grant(make_user(), Role.MODERATOR, newsroom.union)
    assert item_approve(item=item, user=colleague)


def test_superuser_cannot_decide_on_his_own_text_either(newsroom, say):
    chief = make_user(superuser=True)
    own = say(make_story(newsroom.section), "管理员自己的评论", user=chief)
    with pytest.raises(PermissionDenied):
        item_approve(item=ModerationItem.objects.get(origin=f"comment:{own.pk}"), user=chief)


def test_moderator_of_another_union_may_not_decide(newsroom, register):
    stranger = grant(make_user(), Role.MODERATOR, make_union())
    editor = newsroom.editor
    item = register()
    for person in (stranger, editor):
        with pytest.raises(PermissionDenied):
            item_approve(item=item, user=person)


def test_moderator_of_a_union_above_may_decide(register):
    above = make_union()
    below = make_union(parent=above)
    item = register(union=below)
    assert item_approve(item=item, user=grant(make_user(), Role.MODERATOR, above))


def test_batch_takes_what_may_be_decided_and_leaves_the_rest(newsroom, register, say):
    own = say(make_story(newsroom.section), "审核员自己的评论", user=newsroom.moderator)
    own_item = ModerationItem.objects.get(origin=f"comment:{own.pk}")
    foreign = register(union=make_union())
    items = [register(), register()]
    outcome = items_decide(
        ids=[own_item.pk, foreign.pk, *[item.pk for item in items]],
        user=newsroom.moderator,
        state="approved",
    )
    assert set(outcome.changed) == set(items)
    assert outcome.own == [own_item]
    assert ModerationItem.objects.filter(state="pending").count() == 2


def test_batch_costs_the_same_for_two_and_for_twenty(newsroom, register):
    counts = []
    for number in (2, 20):
        ids = [register().pk for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            items_decide(ids=ids, user=newsroom.moderator, state="approved")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Replies from the channels -------------------------------------------------------------------


@pytest.fixture
def reply(newsroom):
    """`reply(text)` is a new row of the inbox, told the way the matrix tells it."""
    account = ChannelAccount.objects.create(
        union=newsroom.union, channel="wechat", name="工会公众号", app_id="wx1"
    )

    def receive(text, **fields):
        row = Reply.objects.create(
            account=account,
            external_id=f"comment-{Reply.objects.count()}",
            author_key="wechat:o-1",
            author_name="小王",
            text=text,
            posted_at=timezone.now(),
            **fields,
        )
        reply_received.send(sender=Reply, reply=row)
        return row

    return receive


def test_reply_from_a_channel_joins_the_queue_once(newsroom, reply):
    row = reply("我的电话13812345678")
    reply_received.send(sender=Reply, reply=row)
    item = ModerationItem.objects.get()
    assert (item.origin, item.source, item.union) == (
        f"reply:{row.pk}",
        "wechat",
        newsroom.union,
    )
    assert item.text == "我的电话[手机号已隐去]"
    assert item.hint_labels == ["含手机号"]


def test_reply_names_the_story_it_is_about(newsroom, reply):
    story = make_story(newsroom.section)
    account = ChannelAccount.objects.get()
    delivery = Delivery.objects.create(account=account, page=story, title=story.title)
    reply("说得好", delivery=delivery)
    assert ModerationItem.objects.get().story_id == story.pk


def test_private_message_is_marked_as_one(reply):
    reply("想问问加班费", kind=Reply.Kind.MESSAGE)
    assert ModerationItem.objects.get().hint_labels == ["私信"]


def test_reply_that_cannot_be_queued_stops_nobody(newsroom, reply):
    row = reply("一句话")
    row.pk += 1
    row.text = None
    reply_received.send(sender=Reply, reply=row)
    assert ModerationItem.objects.count() == 1


# --- The desk ------------------------------------------------------------------------------------


def test_desk_is_closed_to_those_without_the_role(client, newsroom):
    client.force_login(newsroom.editor)
    assert client.get(QUEUE).status_code == 302
    assert client.post(QUEUE, {"approve": "1"}).status_code == 302


def test_desk_shows_own_unions_items_oldest_first(client, newsroom, register):
    register("后说的话")
    register("先说的话")
    register("别家工会的话", union=make_union())
    client.force_login(newsroom.moderator)
    page = client.get(QUEUE).content.decode()
    assert page.index("先说的话") < page.index("后说的话")
    assert "别家工会的话" not in page


def test_desk_hints_at_numbers_links_and_twins(client, newsroom, register):
    register("加我13812345678 http://a.cn")
    register("一模一样的话")
    register("一模一样的话!")
    client.force_login(newsroom.moderator)
    page = client.get(QUEUE).content.decode()
    for hint in ("含手机号", "含链接", "同文 2 条"):
        assert hint in page


def test_desk_filters_by_source_and_story(client, newsroom, register):
    story = make_story(newsroom.section, title="高温津贴问答")
    register("微博上的话", story_id=story.pk)
    register("微信上的话", source="wechat")
    client.force_login(newsroom.moderator)
    by_source = client.get(QUEUE, {"source": "wechat"}).content.decode()
    by_story = client.get(QUEUE, {"story": story.pk}).content.decode()
    assert "微信上的话" in by_source
    assert "微博上的话" not in by_source
    assert "微博上的话" in by_story
    assert "微信上的话" not in by_story
    assert (
        client.get(
            QUEUE, {"story": "x", "queue": "y", "p": "z", "level": "q", "mine": "w", "person": "v"}
        ).status_code
        == 200
    )


def test_row_button_refuses_with_the_reason_of_its_row(client, newsroom, register):
    item, other = register("这句话不好听"), register("那句话还可以")
    client.force_login(newsroom.moderator)
    data = {
        "reject": item.pk,
        f"reason-{item.pk}": "obscene",
        f"reason-{other.pk}": "illegal",
        "reason": "other",
    }
    assert client.post(f"{QUEUE}?source=weibo", data).url == f"{QUEUE}?source=weibo"
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.state, item.reason, other.state) == ("rejected", "obscene", "pending")


def test_ticked_rows_are_decided_together(client, newsroom, register):
    items = [register(f"第{number}句话各不相同") for number in range(3)]
    client.force_login(newsroom.moderator)
    ticked = [item.pk for item in items[:2]]
    client.post(QUEUE, {"items": ticked, "batch": "approved"})
    assert ModerationItem.objects.filter(state="approved").count() == 2


def test_script_gets_the_ids_that_are_done(client, newsroom, register):
    item = register()
    client.force_login(newsroom.moderator)
    accept = {"Accept": "application/json"}
    done = client.post(QUEUE, {"approve": item.pk}, headers=accept)
    again = client.post(QUEUE, {"approve": item.pk}, headers=accept)
    assert done.json() == {"changed": [item.pk], "message": "已处理 1 条。"}
    assert (again.status_code, again.json()["changed"]) == (422, [])


@pytest.mark.parametrize(
    "data",
    [{}, {"batch": "approved"}, {"approve": "x"}, {"items": ["1"], "batch": "x"}, {"reject": "1"}],
)
def test_nonsense_from_the_form_is_answered_in_words(client, newsroom, data):
    client.force_login(newsroom.moderator)
    answer = client.post(QUEUE, data, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_own_text_on_the_desk_has_no_buttons(client, newsroom, say):
    say(make_story(newsroom.section), "审核员自己的评论", user=newsroom.moderator)
    client.force_login(newsroom.moderator)
    page = client.get(QUEUE).content.decode()
    assert "请由其他审核员处理" in page
    assert 'name="approve"' not in page


def test_desk_queries_do_not_grow_with_the_queue(client, newsroom, register):
    client.force_login(newsroom.moderator)
    story = make_story(newsroom.section)
    counts = []
    for number in (3, 30):
        for _ in range(number):
            register(story_id=story.pk)
        client.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_decided_items_stay_readable_and_reversible(client, newsroom, register, state):
    items_decide(ids=[register().pk], user=newsroom.moderator, state=state, reason="other")
    client.force_login(newsroom.moderator)
    page = client.get(QUEUE, {"queue": state}).content.decode()
    assert "食堂能不能便宜点" in page
    assert ("撤下" in page) == (state == "approved")


def test_home_screen_tells_moderators_what_waits(client, newsroom, register):
    register()
    register()
    client.force_login(newsroom.moderator)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "2 条待审" in home
    assert QUEUE in home
    client.force_login(newsroom.editor)
    assert "条待审" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_decision_reaches_the_comment(newsroom, say):
    comment = say(make_story(newsroom.section), "食堂也要降温")
    item = ModerationItem.objects.get(origin=f"comment:{comment.pk}")
    item_approve(item=item, user=newsroom.moderator)
    assert UnionComment.objects.get(pk=comment.pk).is_public
    services.item_reject(item=item, user=newsroom.moderator, reason="off_topic")
    assert not UnionComment.objects.get(pk=comment.pk).is_public


def test_two_sites_sections_share_one_home():
    first, second = make_site(), make_site()
    assert first.home == second.home
