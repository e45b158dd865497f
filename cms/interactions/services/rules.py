"""Where comments are open."""

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from cms.interactions.models import CommentRule
from cms.members.models import User
from cms.news import pagecache


@transaction.atomic
def rule_set(*, rule: CommentRule, user: User) -> None:
    """Save a rule that was checked; readers see it at once, and it stands in the site's log."""
    rule.set_by = user
    rule.save()
    _tell(rule.page, user, {"mode": rule.mode})


@transaction.atomic
def rule_remove(*, page: Page, user: User) -> None:
    """A story goes by its section's rule again, a section takes comments."""
    if CommentRule.objects.filter(page=page.pk).delete()[0]:
        _tell(page, user, {"mode": ""})


def _tell(page: Page, user: User, data: dict) -> None:
    log(page, "interactions.comment_rule", user=user, data=data)
    # A section's rule is that of all its stories.
    pagecache.touch(pagecache.SITE)
