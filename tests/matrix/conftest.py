"""The sandbox's accounts as ours, stories that go to them, and time that passes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from cms.matrix import services, tasks
from cms.matrix.models import Delivery, Reply, ReplyAct
from cms.news.models import CustomImage
from tests.factories import committed, make_story, make_user
from tests.factories.matrix import make_account, versions

THANKS = "谢谢您，已转给权益部。"


@pytest.fixture
def url(sandbox):
    return str(sandbox.base_url).rstrip("/")


@pytest.fixture
def wechat(newsroom, url):
    return make_account(newsroom.union, url)


@pytest.fixture
def weibo(newsroom, url):
    return make_account(newsroom.union, url, "weibo")


def picture(colour: str = "#b3261e") -> CustomImage:
    file = BytesIO()
    Image.new("RGB", (320, 180), colour).save(file, "JPEG")
    file.seek(0)
    return CustomImage.objects.create(
        title="封面", description="红底", file=ImageFile(file, name="cover.jpg")
    )


def publish(newsroom, *accounts, **fields):
    """A story that passed 三审 and goes to `accounts`."""
    fields.setdefault("channel_versions", versions(*accounts))
    return make_story(newsroom.section, cover=picture(), **fields)


def step(delivery: Delivery) -> Delivery:
    """Let its time come, and do what is due."""
    Delivery.objects.filter(pk=delivery.pk).update(
        next_try_at=timezone.now() - timedelta(seconds=1), held_until=None
    )
    with committed(), override_settings(MATRIX_PACE=0):
        services.delivery_advance(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def finish(delivery: Delivery, steps: int = 6) -> Delivery:
    """Let time pass: do what is due until the delivery rests."""
    delivery.refresh_from_db()
    for _step in range(steps):
        if delivery.state not in Delivery.MOVING:
            break
        step(delivery)
    return delivery


def articles(sandbox) -> list[dict]:
    return sandbox.state()["wx_article"]


# --- What readers say, and what is asked for about it -------------------------------------------


def make_reply(account, number=1, **fields):
    """One that nobody has read; not on the platform."""
    return Reply.objects.create(
        **{
            "account": account,
            "external_id": f"900:{number}",
            "author_key": f"{account.channel}:reader-{number}",
            "text": f"高温津贴怎么领，第 {number} 问",
            "posted_at": timezone.now() - timedelta(minutes=number),
            **fields,
        }
    )


def published(sandbox) -> Delivery:
    """The one delivery, when the platform is done with it."""
    delivery = Delivery.objects.get()
    sandbox.wait_for(lambda: finish(delivery).state == Delivery.State.PUBLISHED)
    return delivery


def say(sandbox, delivery, text, address=""):
    said = {"nickname": "炉前工", "content": text, "at": timezone.now().timestamp()}
    body = {"url": address or delivery.url, "comments": [said]}
    sandbox.post("/__sandbox/crowd", json=body).raise_for_status()


@pytest.fixture
def comment(newsroom, sandbox, wechat):
    """A reader's comment under a story that was published on WeChat."""
    publish(newsroom, wechat, title="高温津贴今起发放")
    delivery = published(sandbox)
    say(sandbox, delivery, "我们厂没发")
    services.replies_fetch(account=wechat, at_once=True)
    return Reply.objects.get()


def ask(reply, kind=ReplyAct.Kind.ANSWER, text=THANKS, by=None):
    """As a button does: asked for, and carried out after the commit."""
    with committed():
        act = services.act_request(reply=reply, kind=kind, by=by or make_user(), text=text)
        tasks.dispatch_acts([act.pk])
    act.refresh_from_db()
    reply.refresh_from_db()
    return act


def again(act):
    """Its time comes."""
    ReplyAct.objects.filter(pk=act.pk).update(
        next_try_at=timezone.now() - timedelta(seconds=1), held_until=None
    )
    with committed():
        services.act_carry_out(act_id=act.pk)
    act.refresh_from_db()
    return act
