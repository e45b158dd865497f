"""Run in Django's shell: three stories with 100, 1,000 and 10,000 public comments, and workers who
are signed in already."""

import json
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils import timezone

from cms.interactions.forms import CommentForm
from cms.interactions.models import UnionComment
from cms.members.models import Consent, User
from cms.members.services import consent_give
from cms.news.models import StoryCard
from cms.news.models.stories import STORY_MODELS
from tests.factories.comments import public_comments

SIZES = (100, 1_000, 10_000)
SAID = (
    "第{}天上工地，棚里四十度，津贴一分没见着，问班长说公司没通知。",
    "我们厂（第{}车间）去年是按天算的，八月底一起发，工资条上单列了一行。",
    "请问外卖骑手算不算？已经问了{}个人，说法都不一样。",
    "夜班第{}周了，食堂十点就关，能不能留一个窗口。",
)
SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


def print_plan(people: int) -> None:
    print(json.dumps(plan(people)))


@transaction.atomic
def plan(people: int) -> dict:
    """`stories`: size → page id; `writers`: [{"session", "text"}], each for one comment below
    `address`; `texts` for the peer."""
    kinds = {model.kind for model in STORY_MODELS}
    cards = [card for card in StoryCard.objects.all() if card.kind in kinds]
    *listed, other = cards[: len(SIZES) + 1]
    # What the demo's workers said there would be counted along.
    UnionComment.norel_objects.filter(story__in=[card.pk for card in listed]).update(
        shown=False, listed=False
    )
    readers = list(User.objects.filter(phone__isnull=False, memberships=None)[:200])
    stories = {}
    for size, card in zip(SIZES, listed, strict=True):
        texts = [SAID[place % len(SAID)].format(place) for place in range(size)]
        public_comments(card.page.specific, readers, texts, every_nth_answers=2)
        stories[size] = card.pk
    written_on = other.page.specific
    return {
        "stories": stories,
        "address": f"/comments/{written_on.pk}/",
        "marks": CommentForm(written_on).generate_security_data(),
        "cookie": settings.SESSION_COOKIE_NAME,
        "writers": [_writer(number, readers[0]) for number in range(people)],
        "texts": [SAID[place % len(SAID)].format(place) for place in range(SIZES[0])],
    }


def _writer(number: int, like: User) -> dict:
    user = User(
        username=f"writer-{number}",
        nickname=f"写手{number}",
        phone=f"199{number:08d}",
        phone_verified_at=timezone.now(),
        password=like.password,
    )
    user.save()
    consent_give(user=user, kind=Consent.Kind.RULES)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"session": session.session_key, "text": SAID[number % len(SAID)].format(number + 10**6)}
