"""Who may work in which section: role groups get Wagtail's own page permissions."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

from cms.members.models import Role, RoleGroup, Union
from cms.news.models import SectionPage

PAGE_RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add_page", "change_page"),
    Role.FIRST_REVIEWER: ("change_page",),
    Role.SECOND_REVIEWER: ("change_page",),
    Role.FINAL_REVIEWER: ("change_page",),
    Role.ADMIN: ("add_page", "change_page", "lock_page", "unlock_page"),
}


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
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
