"""Who may open and close comments, and where there are rules."""

from wagtail.models import Page

from cms.interactions.models import CommentRule
from cms.members.models import Role
from cms.members.selectors import unions_for
from cms.news.models import SectionPage
from cms.news.models.stories import StoryPage

RULING = (Role.EDITOR, Role.FINAL_REVIEWER, Role.MODERATOR, Role.ADMIN)
STORIES_LISTED = 50


def may_rule(user, page) -> bool:
    """Editors, final reviewers, moderators and administrators of the page's union."""
    if not isinstance(page, StoryPage | SectionPage) or page.union is None:
        return False
    return unions_for(user, *RULING).filter(pk=page.union.pk).exists()


def ruled_sections(user) -> list[tuple[SectionPage, CommentRule | None]]:
    """The sections of one's unions in the order of the tree, each with its rule."""
    sections = SectionPage.objects.filter(union__in=unions_for(user, *RULING)).order_by("path")
    rules = {rule.page_id: rule for rule in CommentRule.objects.filter(page__in=sections)}
    return [(section, rules.get(section.pk)) for section in sections]


def ruled_stories(user) -> list[CommentRule]:
    """The newest rules that stories of one's sections have of their own."""
    paths = {section.path for section, _rule in ruled_sections(user)}
    rules = CommentRule.objects.select_related("page").order_by("-set_at")
    stories = [rule for rule in rules if rule.page.path[: -Page.steplen] in paths]
    return stories[:STORIES_LISTED]
