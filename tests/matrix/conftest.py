"""The sandbox's accounts as ours, stories that go to them, and time that passes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from cms.matrix import services
from cms.matrix.models import Delivery
from cms.news.models import CustomImage
from tests.factories import committed, make_story
from tests.factories.matrix import make_account, versions


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
