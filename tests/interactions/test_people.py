"""The ladder: warning, hold, block, no re-registration; and who may climb it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cms.interactions import selectors, services
from cms.interactions.models import Measure, ModerationItem
from cms.members.models import Role, User
from tests.factories import committed, grant, make_union, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(story, worker, say):
    comment = say(story, "又来骂人的话", user=worker)
    return ModerationItem.objects.get(origin=f"comment:{comment.pk}")


@pytest.fixture
def administrator(newsroom):
    return grant(make_user("管理员"), Role.ADMIN, newsroom.union)


def take(item, user, kind, **kwargs):
    with committed():
        return services.measure_take(item=item, user=user, kind=kind, reason="insult", **kwargs)


def lift(measure, user):
    with committed():
        services.measure_lift(measure=measure, user=user)


def test_warning_silences_nobody(newsroom, item, worker):
    take(item, newsroom.moderator, "warning")
    assert selectors.why_silent(worker) == ""


def test_hold_ends_by_itself(newsroom, item, worker, story, say):
    take(item, newsroom.moderator, "hold")
    assert "侮辱诽谤他人" in selectors.why_silent(worker)
    with pytest.raises(ValidationError):
        say(story, "还想再说一句", user=worker)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert selectors.why_silent(worker) == ""


def test_block_lasts_until_it_is_lifted(newsroom, item, worker):
    measure = take(item, newsroom.moderator, "block")
    with time_machine.travel(timezone.now() + timedelta(days=999)):
        assert selectors.why_silent(worker)
    lift(measure, newsroom.moderator)
    assert selectors.why_silent(worker) == ""


def test_only_an_administrator_closes_an_account(newsroom, item, worker, administrator):
    with pytest.raises(ValidationError):
        take(item, newsroom.moderator, "bar")
    measure = take(item, administrator, "bar")
    assert not User.objects.get(pk=worker.pk).is_active
    lift(measure, administrator)
    assert User.objects.get(pk=worker.pk).is_active


def test_other_unions_staff_and_readers_of_channels_are_out_of_reach(newsroom, item, story, say):
    stranger = grant(make_user(), Role.MODERATOR, make_union())
    with pytest.raises(PermissionDenied):
        take(item, stranger, "warning")
    of_editor = say(story, "采编自己写的话", user=newsroom.editor)
    with pytest.raises(ValidationError):
        take(
            ModerationItem.objects.get(origin=f"comment:{of_editor.pk}"),
            newsroom.moderator,
            "block",
        )
    elsewhere = services.item_register(
        origin="reply:99",
        source="weibo",
        story_id=None,
        union=newsroom.union,
        author_name="网友",
        author_key="weibo:1",
        text="微博上的话",
        said_at=timezone.now(),
    )
    with pytest.raises(ValidationError):
        take(elsewhere, newsroom.moderator, "block")
    assert not Measure.objects.exists()


def test_ladder_proposes_and_people_decide():
    assert [selectors.next_step(number, []) for number in (0, 2, 3, 4, 5, 7, 8, 20)] == [
        "",
        "",
        "warning",
        "warning",
        "hold",
        "hold",
        "block",
        "block",
    ]
    assert selectors.next_step(3, [Measure(kind="warning")]) == ""
