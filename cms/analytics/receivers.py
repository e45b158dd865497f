"""Glue: the beacon's list of live stories follows the cards."""

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from cms.analytics.beacon import forget_live_stories
from cms.news.models import StoryCard


def on_card_change(sender, **kwargs):
    if kwargs.get("created", True):
        transaction.on_commit(forget_live_stories)


def connect():
    post_save.connect(on_card_change, sender=StoryCard, dispatch_uid="analytics.card_made")
    post_delete.connect(on_card_change, sender=StoryCard, dispatch_uid="analytics.card_gone")
