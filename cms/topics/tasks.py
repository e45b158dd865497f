"""Thin tasks: the clock calls, a service does the work."""

from celery import shared_task

from cms.topics.models import LearnedModel
from cms.topics.services import model_train, voices_group


@shared_task(name="topics.group_voices")
def group_voices() -> None:
    voices_group()


@shared_task(name="topics.learn_model")
def learn_model(pk: int) -> None:
    model_train(model=LearnedModel.objects.get(pk=pk))
