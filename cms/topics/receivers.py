"""Glue: an approved utterance becomes a voice, a withdrawn one goes. Nothing is raised into the
sender: a moderator's decision stands whatever becomes of the voice."""

from wagtail.signals import page_published, page_slug_changed, page_unpublished

from cms.interactions.signals import utterance_approved, utterance_withdrawn
from cms.news.receivers import quietly
from cms.topics import services
from cms.topics.models import ConcernsPage


def on_approved(sender, item, **kwargs):
    quietly(services.utterance_take_in, item=item)


def on_withdrawn(sender, item, **kwargs):
    quietly(services.voice_withdraw, origin=services.origin_of(item))


def on_page_change(sender, instance, **kwargs):
    services.concerns_touch()


def connect():
    utterance_approved.connect(on_approved, dispatch_uid="topics.approved")
    utterance_withdrawn.connect(on_withdrawn, dispatch_uid="topics.withdrawn")
    for signal in (page_published, page_unpublished, page_slug_changed):
        signal.connect(on_page_change, sender=ConcernsPage, dispatch_uid="topics.page")
