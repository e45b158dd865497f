"""Beat asks for tasks that exist: a name misspelt in the settings would never be heard of."""

import pytest
from django.conf import settings

from cms.celery import app


@pytest.mark.parametrize("name", settings.CELERY_BEAT_SCHEDULE)
def test_what_is_scheduled_is_a_task(name):
    app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE[name]["task"] in app.tasks
