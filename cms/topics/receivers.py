"""Glue: an approved utterance becomes a voice, a withdrawn one goes. Nothing is raised into the
sender: a moderator's decision stands whatever becomes of the voice."""

from django.db.models.signals import pre_delete
from wagtail.signals import page_published, page_slug_changed, page_unpublished

from cms.interactions.signals import utterance_approved, utterance_withdrawn
from cms.news.models import StoryPage
from cms.news.receivers import quietly
from cms.topics import selectors, services, tasks
from cms.topics.models import AnswersPage, ConcernsPage


def on_approved(sender, item, **kwargs):
    quietly(services.utterance_take_in, item=item)


def on_withdrawn(sender, item, **kwargs):
    quietly(services.voice_withdraw, origin=services.origin_of(item))


def on_page_change(sender, instance, **kwargs):
    services.concerns_touch()


def on_published(sender, instance, **kwargs):
    """A story that a brief asked for answers its case, and those who asked are told."""
    if isinstance(instance, StoryPage):
        quietly(story_answers, page_id=instance.pk)


def story_answers(*, page_id):
    if case := services.story_published(page_id=page_id):
        tasks.dispatch_telling(case.pk)


def on_unpublished(sender, instance, **kwargs):
    """Its cases are named now: a page that is deleted is known to none of them afterwards."""
    if isinstance(instance, StoryPage) and (cases := selectors.answered_with(instance.pk)):
        quietly(services.story_withdrawn, page_id=instance.pk, cases=cases)


def on_delete(sender, instance, **kwargs):
    if isinstance(instance, StoryPage):
        services.brief_lost(page_id=instance.pk)


def connect():
    utterance_approved.connect(on_approved, dispatch_uid="topics.approved")
    utterance_withdrawn.connect(on_withdrawn, dispatch_uid="topics.withdrawn")
    for signal in (page_published, page_unpublished, page_slug_changed):
        for page in (ConcernsPage, AnswersPage):
            signal.connect(on_page_change, sender=page, dispatch_uid="topics.page")
    page_published.connect(on_published, dispatch_uid="topics.story_published")
    pre_delete.connect(on_delete, dispatch_uid="topics.story_deleted")
    page_unpublished.connect(on_unpublished, dispatch_uid="topics.story_unpublished")
