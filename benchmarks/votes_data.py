"""Members with sessions, and polls for them, made in bulk: signing in is not what is measured."""

import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from cms.interactions.models import PollOption
from cms.members.models import Consent, User
from cms.members.rules import VERSION
from tests.factories import make_poll, make_site

FIRST_PHONE = 13_100_000_000
OPTIONS = ("食堂", "班车", "托管班", "体检", "夜校")
KEPT = timezone.timedelta(days=1)


def make_members(number: int) -> None:
    User.objects.bulk_create(
        (
            User(
                username=f"voter-{n}",
                phone=str(FIRST_PHONE + n),
                phone_verified_at=timezone.now(),
                password="!",
            )
            for n in range(number)
        ),
        batch_size=1000,
    )
    members = User.objects.filter(username__startswith="voter-")
    Consent.objects.bulk_create(
        (
            Consent(user=user, kind=Consent.Kind.RULES, version=VERSION, given_at=timezone.now())
            for user in members
        ),
        batch_size=1000,
    )


def tokens(number: int, path: Path) -> Path:
    """Write [[user id, session key]…] of all members, each signed in, to `path`."""
    store = SessionStore()
    rows, sessions = [], []
    for user in User.objects.filter(username__startswith="voter-").order_by("pk")[:number]:
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        rows.append((user.pk, key))
        sessions.append(
            Session(
                session_key=key,
                session_data=store.encode(data),
                expire_date=timezone.now() + KEPT,
            )
        )
    Session.objects.bulk_create(sessions, batch_size=1000)
    path.write_text(json.dumps(rows))
    return path


def make_polls(names) -> dict[str, int]:
    """name → id of a public poll; they went through 三审 as all do."""
    site = make_site()
    return {
        name: make_poll(site.section, title=name, options=OPTIONS, results="always").pk
        for name in names
    }


def options_of(poll_id: int) -> list[int]:
    found = PollOption.objects.filter(poll=poll_id).order_by("sort_order")
    return list(found.values_list("pk", flat=True))
