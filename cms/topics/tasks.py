"""Thin tasks: the clock calls, a service does the work."""

from celery import shared_task

from cms.topics.services import voices_group


@shared_task(name="topics.group_voices")
def group_voices() -> None:
    voices_group()
