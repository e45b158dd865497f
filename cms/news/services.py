"""Verbs that write in the newsroom."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import (
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.members.models import Role, RoleGroup, Union
from cms.news import pagecache
from cms.news.models import HomePage, ReviewTask, SectionPage, Step, StoryCard
from cms.news.models.review import ReviewedPage

PAGE_RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add_page", "change_page"),
    Role.FIRST_REVIEWER: ("change_page",),
    Role.SECOND_REVIEWER: ("change_page",),
    Role.FINAL_REVIEWER: ("change_page",),
    Role.ADMIN: ("add_page", "change_page", "lock_page", "unlock_page"),
}
COVER_WIDTHS = (360, 720, 1200)
COVER_SHAPE = (16, 9)


# --- 三审 ----------------------------------------------------------------------------------------


@transaction.atomic
def review_set_up(*, home: HomePage) -> Workflow:
    """Make the 三审 workflow and hang it on the home page; a second call changes nothing."""
    workflow, made = Workflow.objects.get_or_create(
        name="三审", defaults={"active": True}
    )
    if made:
        for order, step in enumerate(Step):
            task = ReviewTask.objects.create(name=step.label, step=step, active=True)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
    return workflow


def story_submit(*, page: ReviewedPage, user) -> None:
    """Send the latest revision to 初审."""
    page.get_workflow().start(page, user)


def story_review(*, page: ReviewedPage, user, approve: bool, opinion: str) -> None:
    """Do the step that is due. Raises PermissionDenied with the reason when `user` may not."""
    state = page.current_workflow_state.current_task_state.specific
    action = "approve" if approve else "reject"
    state.task.specific.on_action(state, user, action, comment=opinion)


# --- Rights --------------------------------------------------------------------------------------


def section_grant(*, section: SectionPage) -> None:
    """Give the role groups of the section's union, and of those above it, their page rights."""
    union = section.union
    owners = [union, *union.get_ancestors()]
    for row in RoleGroup.objects.filter(union__in=owners).select_related("group"):
        _grant(group=row.group, page=section, role=Role(row.role))


def role_group_grant(*, group: Group, union: Union, role: Role) -> None:
    """Give a new role group its rights on the sections of its union and of those below."""
    below = Union.objects.filter(path__startswith=union.path)
    for section in SectionPage.objects.filter(union__in=below):
        _grant(group=group, page=section, role=role)


def _grant(*, group: Group, page: Page, role: Role) -> None:
    for codename in PAGE_RIGHTS.get(role, ()):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.get_or_create(
            group=group, page=page, permission=permission
        )


# --- The published projection --------------------------------------------------------------------


def card_refresh(*, page: ReviewedPage) -> StoryCard | None:
    """Bring a story's card in line with what is public now; no card for what is not live."""
    page = page.specific
    if not page.live or not page.live_revision_id:
        StoryCard.objects.filter(pk=page.pk).delete()
        pagecache.touch(pagecache.SITE, f"story:{page.pk}")
        return None
    section = page.get_parent()
    published_at = page.first_published_at or timezone.now()
    body_html = body_render(page=page)
    card, _made = StoryCard.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "section_id": section.pk,
            "section_title": section.title,
            "section_url": section.get_url() or "",
            "union": page.union,
            "kind": page.kind,
            "kind_label": page.kind_label,
            "title": page.title,
            "summary": getattr(page, "summary", ""),
            "url": page.get_url() or "",
            "cover": cover_describe(image=getattr(page, "cover", None)),
            "published_at": published_at,
            "year": timezone.localtime(published_at).year,
            "tags": [tag.name for tag in page.tags.all()]
            if hasattr(page, "tags")
            else [],
            "body_html": body_html,
            "body_text": " ".join(strip_tags(body_html).split()),
            "extra": page.card_extra(),
        },
    )
    pagecache.touch(pagecache.SITE, f"story:{page.pk}")
    return card


def section_cards_refresh(*, section: SectionPage) -> None:
    """A renamed or moved section changes the cards of its stories."""
    for child in section.get_children().live().specific():
        if isinstance(child, ReviewedPage):
            card_refresh(page=child)


def body_render(*, page: ReviewedPage) -> str:
    """The HTML of a story's body as readers get it: rendered when published, not when read."""
    body = getattr(page, "body", None)
    return (
        render_to_string("news/body.html", {"body": body, "page": page}) if body else ""
    )


def cover_describe(*, image) -> dict:
    """Sizes of a cover for <picture>: {"webp": [[url, width]…], "src", "width", "height", "alt"}.

    An image whose file cannot be read gives {}: a list works with a missing picture.
    """
    if image is None:
        return {}
    try:
        specs = {width: f"fill-{width}x{_height(width)}" for width in COVER_WIDTHS}
        renditions = image.get_renditions(
            *(f"{spec}|format-webp" for spec in specs.values()),
            f"{specs[720]}|format-jpeg",
        )
    except OSError:
        return {}
    fallback = renditions[f"{specs[720]}|format-jpeg"]
    webp = {renditions[f"{spec}|format-webp"] for spec in specs.values()}
    return {
        "webp": sorted(
            [[item.url, item.width] for item in webp], key=lambda pair: pair[1]
        ),
        "src": fallback.url,
        "width": fallback.width,
        "height": fallback.height,
        "alt": image.description or "",
    }


def _height(width: int) -> int:
    across, down = COVER_SHAPE
    return round(width * down / across)
