"""Nothing is lost, nothing is sent twice: deliveries over real HTTP to the sandbox."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cms.interactions.models import ModerationItem
from cms.matrix import pace, services, tasks
from cms.matrix.channels.base import Capability
from cms.matrix.models import ChannelAccount, Delivery, Reply, StatSnapshot
from tests.factories import committed, make_story, make_user, pass_review
from tests.factories.matrix import make_account
from tests.matrix.conftest import articles, finish, publish

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_a_published_story_reaches_the_chosen_accounts(newsroom, sandbox, wechat, weibo):
    story = publish(newsroom, wechat, weibo)
    sent = {d.account.channel: finish(d) for d in Delivery.objects.filter(page=story)}
    assert {d.state for d in sent.values()} == {State.PUBLISHED}
    assert story.title in sandbox.get(sent["wechat"].url).text
    assert story.title in sandbox.get(f"/weibo/u/{weibo.app_id}").text


def test_a_story_without_accounts_makes_no_delivery(newsroom, sandbox, wechat):
    make_story(newsroom.section)
    assert not Delivery.objects.exists()


def test_publishing_again_sends_nothing_twice(newsroom, sandbox, wechat):
    story = publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    story.title = "高温津贴发放标准（更正）"
    story.save_revision(user=newsroom.editor)
    pass_review(story, newsroom.editor)
    delivery.refresh_from_db()
    assert Delivery.objects.count() == 1
    assert delivery.outdated
    assert len(articles(sandbox)) == 1


def test_a_lost_answer_is_reconciled_and_never_sent_again(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/freepublish/submit", effect="lost", seconds=0)
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    assert delivery.state == State.UNKNOWN
    assert finish(delivery).state == State.PUBLISHED
    assert len(articles(sandbox)) == 1


def test_a_worker_that_died_while_submitting_is_reconciled(newsroom, sandbox, wechat):
    publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.SUBMITTING, external={}, held_until=timezone.now() - timedelta(minutes=1)
    )
    assert finish(delivery).state == State.PUBLISHED
    assert len(articles(sandbox)) == 1


def test_a_held_delivery_is_left_to_its_worker(newsroom, sandbox, wechat):
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.APPROVED, held_until=timezone.now() + timedelta(minutes=1)
    )
    assert services.delivery_advance(delivery_id=delivery.pk) is None


def test_a_passing_trouble_is_tried_again_by_the_sweep(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/draft/add", effect="error", code=-1)
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    assert delivery.state == State.APPROVED
    assert delivery.next_try_at > timezone.now()
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    tasks.sweep_deliveries()
    assert finish(delivery).state == State.PUBLISHED


def test_what_passes_by_itself_but_does_not_promises_no_further_try(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/draft/add", effect="error", code=-1, times=50)
    publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get(), steps=pace.MOST_TRIES + 2)
    assert (delivery.state, delivery.error_code) == (Delivery.State.FAILED, "-1")
    assert "自动再试" not in delivery.error_text
    assert "请过一会儿再点“重试”" in delivery.error_text


def test_a_right_that_the_platform_refuses_is_asked_for_once(newsroom, sandbox, wechat):
    publish(newsroom, wechat)
    sandbox.wait_for(lambda: finish(Delivery.objects.get()).state == Delivery.State.PUBLISHED)
    sandbox.account("wechat", wechat.app_id, comments=False)
    tasks.fetch_replies()
    wechat.refresh_from_db()
    assert not wechat.may(Capability.COMMENTS)
    asked = sandbox.get("/__sandbox/books").json()["calls"]
    tasks.fetch_replies()
    assert sandbox.get("/__sandbox/books").json()["calls"] == asked
    sandbox.account("wechat", wechat.app_id, comments=True)
    tasks.probe_accounts()
    wechat.refresh_from_db()
    assert wechat.may(Capability.COMMENTS)


def test_a_refused_text_says_why_and_can_be_retried(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/draft/add", effect="error", code=45003)
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED
    assert "标题" in delivery.error_text
    services.delivery_retry(delivery=delivery)
    assert finish(delivery).state == State.PUBLISHED


def test_refused_credentials_pause_the_account_until_somebody_acts(newsroom, sandbox, wechat):
    ChannelAccount.objects.update(secret="wrong")
    account = ChannelAccount.objects.get()
    account.secret = "wrong"
    account.save()
    publish(newsroom, account)
    account.refresh_from_db()
    assert account.state == ChannelAccount.State.PAUSED
    assert account.pause_reason
    delivery = Delivery.objects.get()
    assert services.delivery_advance(delivery_id=delivery.pk) is None
    account.secret = "demo-secret-sub-0123456789abcdef"
    account.state, account.pause_reason = ChannelAccount.State.ACTIVE, ""
    account.save()
    assert finish(delivery).state == State.PUBLISHED


def test_a_used_up_quota_parks_the_delivery(newsroom, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/draft/add", effect="error", code=45009)
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    assert delivery.state == State.APPROVED
    assert delivery.next_try_at > timezone.now() + timedelta(seconds=30)
    assert delivery.error_text


def test_a_published_delivery_cannot_be_retried(newsroom, sandbox, wechat):
    publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    with pytest.raises(services.CannotRetry, match="已发布"):
        services.delivery_retry(delivery=delivery)


def test_an_account_that_may_not_publish_waits_for_a_person(newsroom, sandbox, url, client):
    plain = make_account(
        newsroom.union,
        url,
        app_id="wxdemo_plain",
        secret="demo-secret-plain-0123456789abcdef",
        token="demoTokenPlain",
    )
    publish(newsroom, plain)
    delivery = finish(Delivery.objects.get())
    assert delivery.state == State.NEEDS_CONSOLE
    assert "手动" in delivery.error_text
    client.force_login(newsroom.editor)
    address = f"/admin/matrix/delivery/{delivery.pk}/by-hand/"
    client.post(address, {"url": "没有链接"})
    assert finish(delivery).state == State.NEEDS_CONSOLE
    client.post(address, {"url": "https://mp.weixin.qq.com/s?mid=1"})
    assert finish(delivery).state == State.PUBLISHED


def test_what_a_fan_says_comes_in_once(newsroom, sandbox, wechat):
    publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    said = {"nickname": "炉前工", "content": "绿豆汤不能抵津贴", "at": 1_790_000_000}
    sandbox.post("/__sandbox/crowd", json={"url": delivery.url, "comments": [said]})
    with committed():
        assert services.replies_fetch(account=wechat, at_once=True) == 1
    with committed():
        assert services.replies_fetch(account=wechat, at_once=True) == 0
    reply = Reply.objects.get()
    assert (reply.text, reply.delivery) == ("绿豆汤不能抵津贴", delivery)
    item = ModerationItem.objects.get()
    assert (item.source, item.state, item.story_id) == ("wechat", "pending", delivery.page_id)


def test_weibo_comments_find_their_story(newsroom, sandbox, url, weibo):
    publish(newsroom, weibo)
    delivery = finish(Delivery.objects.get())
    said = {"nickname": "路人甲", "content": "转给工友", "at": 1_790_000_000}
    address = delivery.url.replace("https://weibo.com", f"{url}/weibo")
    sandbox.post("/__sandbox/crowd", json={"url": address, "comments": [said]}).raise_for_status()
    with committed():
        services.replies_fetch(account=weibo, at_once=True)
    assert Reply.objects.get().delivery == delivery


def test_platform_counters_become_a_snapshot_a_day(newsroom, sandbox, wechat):
    sandbox.put("/__sandbox/clock", json={"offset_seconds": 0})  # The day our own clock shows.
    publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    today = sandbox.today().isoformat()
    day = {"day": today, "read": 12, "like": 3, "share": 2}
    sandbox.post("/__sandbox/crowd", json={"url": delivery.url, "days": [day]}).raise_for_status()
    sandbox.account("wechat", wechat.app_id, stats_same_day=True)
    services.figures_take(account=wechat, at_once=True)
    services.figures_take(account=wechat, at_once=True)
    figures = StatSnapshot.objects.values_list("reads", "likes", "shares")
    assert list(figures) == [(12, 3, 2)]


def test_items_are_asked_about_more_rarely_as_they_age(newsroom, sandbox, wechat):
    publish(newsroom, wechat)
    delivery = finish(Delivery.objects.get())
    services.replies_fetch(account=wechat, at_once=True)
    Delivery.objects.filter(pk=delivery.pk).update(published_at=timezone.now() - timedelta(days=10))
    calls = len(sandbox.state()["wx_callback"])
    assert services.replies_fetch(account=wechat) == 0
    assert len(sandbox.state()["wx_callback"]) == calls


# --- The callback ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_platforms_word_settles_a_delivery(newsroom, sandbox, wechat, live_server):
    sandbox.account(
        "wechat",
        wechat.app_id,
        callback_token=wechat.token,
        callback_url=f"{live_server.url}/channels/wechat/{wechat.app_id}/callback",
    )
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    sandbox.wait_for(
        lambda: Delivery.objects.filter(pk=delivery.pk, state=State.PUBLISHED).exists()
    )


def test_a_forged_callback_is_refused(newsroom, wechat, client):
    address = f"/channels/wechat/{wechat.app_id}/callback"
    answer = client.post(
        f"{address}?signature=0&timestamp=1&nonce=2", data="<xml/>", content_type="text/xml"
    )
    assert answer.status_code == 403
    assert client.get(f"{address}?signature=0&timestamp=1&nonce=2&echostr=x").status_code == 403
    assert client.get("/channels/wechat/nobody/callback").status_code == 404


# --- The board ---------------------------------------------------------------------------------


def test_an_editor_sees_state_and_reason_and_retries(newsroom, sandbox, wechat, client):
    sandbox.fault(path="/cgi-bin/draft/add", effect="error", code=45003)
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    client.force_login(newsroom.editor)
    board = client.get("/admin/matrix/delivery/")
    assert delivery.error_text in board.content.decode()
    with committed():
        client.post(f"/admin/matrix/delivery/{delivery.pk}/retry/")
    assert finish(delivery).state == State.PUBLISHED


def test_another_unions_deliveries_are_not_shown(newsroom, sandbox, wechat, client):
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    stranger = make_user("外人")
    client.force_login(stranger)
    assert client.get(f"/admin/matrix/delivery/{delivery.pk}/").status_code in (302, 403, 404)


def test_secrets_are_stored_encrypted_and_never_shown(newsroom, wechat, client):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, token FROM matrix_channelaccount")
        stored = cursor.fetchone()
    assert wechat.secret not in stored
    assert wechat.token not in stored
    client.force_login(make_user(superuser=True))
    page = client.get(f"/admin/channel_accounts/edit/{wechat.pk}/").content.decode()
    assert wechat.secret not in page
    assert wechat.token not in page
