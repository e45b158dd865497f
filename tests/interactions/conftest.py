"""A story with its comments, made by the services."""

import pytest

from cms.interactions.models import UnionComment
from cms.interactions.services import comment_submit, item_approve
from tests.factories import committed, make_story, make_user


@pytest.fixture
def story(newsroom):
    return make_story(newsroom.section)


@pytest.fixture
def worker(db):
    return make_user("车间老李")


@pytest.fixture
def say(newsroom):
    """`say(page, text)` hands a comment in; with `approve` a moderator lets it pass."""

    def hand_in(page, text, *, user=None, parent=None, approve=False):
        with committed():
            submitted = comment_submit(
                user=user or make_user(), page=page, text=text, parent=parent
            )
            if approve:
                item_approve(item=submitted.item, user=newsroom.moderator)
        return UnionComment.objects.get(pk=submitted.comment.pk)

    return hand_in
