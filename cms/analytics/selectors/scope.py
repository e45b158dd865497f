"""Which stories are meant, and which polls and channels belong to them."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

from cms.matrix.channels import registry
from cms.members.models import Role, Union, User
from cms.members.selectors import unions_for
from cms.news.models import StoryCard

PERMISSION = "analytics.view_dashboard"
SITE = "site"
POLL_KIND = "poll"
_POLL_BLOCK = "body.poll."


def may_see_dashboard(user: User) -> bool:
    return user.has_perm(PERMISSION)


def unions_of(user: User) -> QuerySet[Union]:
    """The unions whose figures `user` answers for."""
    return unions_for(user, Role.MANAGER, Role.ADMIN)


def stories(unions, *, kind: str = "", section: int | None = None, search: str = ""):
    """The public stories and polls of `unions`, narrowed; cards without their bodies."""
    found = StoryCard.objects.filter(union__in=unions).defer("body_html", "body_text")
    if kind:
        found = found.filter(kind=kind)
    if section:
        found = found.filter(section=section)
    if search:
        found = found.filter(title__icontains=search)
    return found


def sections_in(unions) -> list[tuple[int, str]]:
    """(id, title) of the sections that have public stories of `unions`."""
    rows = stories(unions).order_by("section_title").values_list("section_id", "section_title")
    return list(rows.distinct())


def kinds_in(unions) -> list[tuple[str, str]]:
    """(kind, label) of the kinds that have public stories of `unions`."""
    rows = stories(unions).order_by("kind").values_list("kind", "kind_label")
    return list(rows.distinct())


def channel_labels() -> dict[str, str]:
    """slug → 中文名, the site first, then the channels in the registry's order."""
    return {SITE: "网站", **dict(registry.choices())}


def text_keys(cards: QuerySet):
    """The ids of `cards` as text, which is how comments and references name a page."""
    return cards.order_by().values_list(Cast("pk", CharField()), flat=True)


def polls_of(cards: QuerySet) -> dict[int, set[int]]:
    """story id → the polls whose votes are the story's: itself, or those set into its text."""
    page_type = ContentType.objects.get_for_model(Page)
    found: dict[int, set[int]] = defaultdict(set)
    for pk in cards.filter(kind=POLL_KIND).order_by().values_list("pk", flat=True):
        found[pk].add(pk)
    placed = ReferenceIndex.objects.filter(
        base_content_type=page_type,
        to_content_type=page_type,
        model_path__startswith=_POLL_BLOCK,
        object_id__in=text_keys(cards),
    )
    for story, poll in placed.order_by().values_list("object_id", "to_object_id"):
        found[int(story)].add(int(poll))
    return dict(found)
