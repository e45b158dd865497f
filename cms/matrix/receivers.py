"""Glue: a story in review is drafted, a published one is approved and sent, an edited one waits."""

import logging

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import Page, Revision, WorkflowState
from wagtail.signals import page_published, workflow_submitted

from cms.matrix import services, tasks
from cms.matrix.lifecycle import State
from cms.matrix.models import Delivery
from cms.members.models import Consent, Notice
from cms.members.signals import notices_made
from cms.news.models import StoryPage

log = logging.getLogger(__name__)


def on_submitted(sender, instance: WorkflowState, user=None, **kwargs):
    page = instance.content_object.specific if instance.content_object else None
    if isinstance(page, StoryPage):
        # At once, in the transaction that sends it in: what is in review stands on the board.
        _quietly(
            services.deliveries_draft,
            page=page.get_latest_revision_as_object(),
            revision=page.latest_revision,
            by=user,
        )


def on_published(sender, instance, revision=None, **kwargs):
    page = instance.specific
    if isinstance(page, StoryPage) and revision is not None:
        transaction.on_commit(lambda: make_and_dispatch(page, revision))


def make_and_dispatch(page, revision):
    """Never raises: publishing on the site stands, whatever happens to the channels."""
    ready = _quietly(
        services.deliveries_approve, page=page, revision=revision, by=_last_reviewer(revision)
    )
    if ready:
        tasks.dispatch([delivery.pk for delivery in ready])


def on_revision(sender, instance: Revision, **kwargs):
    """An edit after approval: what has not been sent yet goes back into review."""
    if instance.base_content_type.model_class() is not Page:
        return
    waiting = Delivery.objects.filter(
        page_id=int(instance.object_id),
        state__in=(State.APPROVED, State.SCHEDULED),
        revision_id__lt=instance.pk,
    )
    if waiting.exists():
        services.deliveries_reopen(
            page_id=int(instance.object_id), newer_than=instance.pk, by=instance.user
        )


def on_notices(sender, notices, **kwargs):
    """Who asked for it hears of a notice in the chat with an account as well: only with a consent
    of its own (个人信息保护法 art. 14)."""
    wanted = Consent.objects.filter(
        kind=Consent.Kind.WECHAT, withdrawn_at=None, user__in=[notice.user_id for notice in notices]
    ).values("user")
    readers = dict(
        SocialAccount.objects.filter(provider="weixin", user__in=wanted).values_list(
            "user_id", "uid"
        )
    )
    for notice in notices:
        if reader := readers.get(notice.user_id):
            _quietly(services.reader_tell, channel="wechat", reader=reader, text=_in_chat(notice))


def _in_chat(notice: Notice) -> str:
    if not notice.url:
        return notice.text
    site = "" if notice.url.startswith("http") else settings.WAGTAILADMIN_BASE_URL
    return f"{notice.text}\n{site}{notice.url}"


def _last_reviewer(revision: Revision):
    last = (
        revision.task_states.filter(finished_by__isnull=False)
        .order_by("-finished_at")
        .select_related("finished_by")
        .first()
    )
    return last and last.finished_by


def _quietly(verb, **kwargs):
    """Run `verb`; whatever is wrong here must not look like a failure of publishing."""
    try:
        return verb(**kwargs)
    except Exception:
        # The page is public, or in review, already. The board shows what is missing.
        log.exception("%s failed for page %s", verb.__name__, kwargs["page"].pk)
        return None


GLUE = (
    (workflow_submitted, on_submitted, None, "matrix.submitted"),
    (page_published, on_published, None, "matrix.published"),
    (post_save, on_revision, Revision, "matrix.revision"),
)


def connect():
    notices_made.connect(on_notices, dispatch_uid="matrix.notices_made")
    for signal, receiver, sender, uid in GLUE:
        signal.connect(receiver, sender=sender, dispatch_uid=uid)


def disconnect():
    """Stories that are loaded with their past go out by another way (cms.demo)."""
    for signal, _receiver, sender, uid in GLUE:
        signal.disconnect(sender=sender, dispatch_uid=uid)
