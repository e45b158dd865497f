"""Telling people something: on the site at once, by e-mail once a day to those who want it."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.members.models import Notice, User
from cms.members.selectors import digest_address, unsubscribe_path, waiting_for_digest
from cms.members.signals import notices_made

log = logging.getLogger(__name__)


def notify(
    *, users: Iterable[User], kind: str, text: str, url: str = "", key: str = ""
) -> list[Notice]:
    """Give each of `users` one notice; with a `key`, whoever has one by it gets no second.

    `url` is a path on this site ("/my/") or an https address. Returns what was made; the same
    goes out as `notices_made` after the commit. People who are gone are passed over. A text too
    long for a notice is cut: `url` leads to the whole.
    """
    if (url and not url.startswith(("/", "https://", "http://"))) or url.startswith("//"):
        raise ValueError(f"Neither a path nor a web address: {url}")
    longest = Notice._meta.get_field("text").max_length
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    now = timezone.now()
    people = {user.pk: user for user in users if user.is_active}
    if key:
        told = Notice.objects.filter(key=key, user__in=people).values_list("user_id", flat=True)
        people = {pk: user for pk, user in people.items() if pk not in set(told)}
    notices = [
        Notice(user=user, kind=kind, text=text, url=url, key=key, made_at=now)
        for user in people.values()
    ]
    with transaction.atomic():
        Notice.objects.bulk_create(notices, ignore_conflicts=bool(key), batch_size=500)
        if key:
            # Somebody may have been quicker with the same key: only ours carry this moment.
            notices = list(Notice.objects.filter(key=key, made_at=now).select_related("user"))
        if notices:
            transaction.on_commit(lambda: notices_made.send(sender=Notice, notices=notices))
    return notices


def notices_mark_read(*, user: User, notices: Iterable[Notice]) -> None:
    """What was shown is read; the moment of the first reading stays."""
    pks = [notice.pk for notice in notices if notice.read_at is None]
    if pks:
        Notice.objects.filter(user=user, pk__in=pks).update(read_at=timezone.now())


def digest_send(*, user: User) -> bool:
    """Mail `user` what is unread and was not mailed yet; says whether a mail went out.

    The notices are marked before the mail is sent, so that nothing is mailed twice; when sending
    fails the marks go and tomorrow's digest tries again.
    """
    address = digest_address(user)
    if not address:
        return False
    with transaction.atomic():
        waiting = waiting_for_digest(user)
        notices = list(waiting.select_for_update())
        marked = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
        marked.update(mailed_at=timezone.now())
    if not notices:
        return False
    try:
        _digest(user, address, notices).send()
    except (OSError, SMTPException) as error:
        log.warning("Digest for user %s failed: %s", user.pk, type(error).__name__)
        marked.update(mailed_at=None)
        return False
    return True


def _digest(user: User, address: str, notices: list[Notice]) -> EmailMessage:
    site = settings.WAGTAILADMIN_BASE_URL
    stop = f"{site}{unsubscribe_path(user)}"
    body = render_to_string(
        "members/email/digest.txt",
        {"user": user, "notices": notices, "site": site, "stop": stop},
    )
    subject = _("您有 %(number)d 条新消息 · %(site)s") % {
        "number": len(notices),
        "site": settings.WAGTAIL_SITE_NAME,
    }
    headers = {"List-Unsubscribe": f"<{stop}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[address], headers=headers)
