"""Glue: what readers say on the channels joins the one queue; a published answer is told of."""

import logging

from django.apps import apps
from django.db.models.signals import post_migrate
from wagtail.signals import page_published

from cms.interactions import audit, notices, services
from cms.interactions.models import PollPage
from cms.interactions.origins import REPLY
from cms.interactions.signals import poll_answered, utterance_approved, utterance_withdrawn
from cms.interactions.tally import ANSWER
from cms.matrix.models import Reply
from cms.matrix.signals import reply_received, reply_withdrawn
from cms.news import pagecache
from cms.news.receivers import quietly

log = logging.getLogger(__name__)


def on_reply(sender, reply, **kwargs):
    """A reply that cannot be queued is logged; the inbox keeps it and the fetching goes on."""
    try:
        services.item_register(
            origin=f"{REPLY}{reply.pk}",
            source=reply.account.channel,
            story_id=reply.delivery.page_id if reply.delivery else None,
            union=reply.account.union,
            author_name=reply.author_name,
            author_key=reply.author_key,
            text=reply.text,
            said_at=reply.posted_at,
            private=reply.kind == Reply.Kind.MESSAGE,
        )
    except Exception:
        # A signal: whoever brought the reply in has kept it, and goes on with the next.
        log.exception("Reply %s could not join the moderation queue", reply.pk)


def on_reply_withdrawn(sender, reply, by, **kwargs):
    """Deleted on its platform, by us or by its author (`by` None): nobody needs to decide on it any
    more, and nothing shows it."""
    services.item_withdraw(origin=f"{REPLY}{reply.pk}", by=by)


def on_migrate(sender, using, **kwargs):
    audit.protect(using)


def on_answer_decided(sender, item, **kwargs):
    """A text that was an answer to a poll is shown there, or no longer."""
    if item.origin.startswith(ANSWER):
        pagecache.touch(f"poll:{item.story_id}")


def on_published(sender, instance, **kwargs):
    if isinstance(instance, PollPage):
        quietly(services.poll_answer_publish, poll=instance)


def on_poll_answered(sender, poll, voters, **kwargs):
    notices.poll_answered(poll, voters)


def connect():
    post_migrate.connect(on_migrate, sender=apps.get_app_config("interactions"))
    reply_received.connect(on_reply, dispatch_uid="interactions.reply_received")
    reply_withdrawn.connect(on_reply_withdrawn, dispatch_uid="interactions.reply_withdrawn")
    for signal in (utterance_approved, utterance_withdrawn):
        signal.connect(on_answer_decided, dispatch_uid="interactions.answer_decided")
    page_published.connect(on_published, dispatch_uid="interactions.poll_published")
    poll_answered.connect(on_poll_answered, dispatch_uid="interactions.poll_answered")
