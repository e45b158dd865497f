"""Glue: what readers say on the channels joins the one queue."""

import logging

from django.apps import apps
from django.db.models.signals import post_migrate

from cms.interactions import audit, services
from cms.interactions.origins import REPLY
from cms.matrix.models import Reply
from cms.matrix.signals import reply_received, reply_withdrawn

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


def connect():
    post_migrate.connect(on_migrate, sender=apps.get_app_config("interactions"))
    reply_received.connect(on_reply, dispatch_uid="interactions.reply_received")
    reply_withdrawn.connect(on_reply_withdrawn, dispatch_uid="interactions.reply_withdrawn")
