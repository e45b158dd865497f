"""Accounts, deliveries and figures, as the matrix would have written them."""

import pytest
from django.utils import timezone

from cms.matrix.models import ChannelAccount, Delivery, Reply, StatSnapshot
from cms.members.models import Role
from tests.factories import grant, make_user


@pytest.fixture
def manager(newsroom):
    return grant(make_user("主管"), Role.MANAGER, newsroom.union)


@pytest.fixture
def account(newsroom):
    def make(channel="wechat"):
        number = ChannelAccount.objects.count()
        return ChannelAccount.objects.create(
            union=newsroom.union, channel=channel, name=f"账号{number}", app_id=f"app-{number}"
        )

    return make


@pytest.fixture
def deliver():
    def make(story, account, state=Delivery.State.PUBLISHED, **fields):
        return Delivery.objects.create(
            page_id=story.pk,
            account=account,
            title=story.title,
            payload="{}",
            content_hash="0",
            state=state,
            published_at=timezone.now(),
            **fields,
        )

    return make


@pytest.fixture
def snapshot():
    def make(delivery, day, **figures):
        return StatSnapshot.objects.create(delivery=delivery, day=day, **figures)

    return make


@pytest.fixture
def reply():
    def make(delivery, kind=Reply.Kind.COMMENT):
        return Reply.objects.create(
            account=delivery.account,
            delivery=delivery,
            external_id=f"r{Reply.objects.count()}",
            kind=kind,
            author_key="wechat:a",
            text="说得对",
            posted_at=timezone.now(),
        )

    return make
