"""Verbs that write: memberships, and the groups that carry their permissions."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission

from cms.members.models import Membership, Role, RoleGroup, Union, User
from cms.members.signals import role_group_made

# What each role may do in the admin besides its rights on pages ("app_label.codename").
# Rights on pages belong to the sections and are given by cms.news.
LIBRARY = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "choose_document",
)
ROLE_PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: (
        "interactions.change_commentrule",
        "news.view_feedsource",
        "news.view_feeditem",
        "news.change_feeditem",
        "matrix.view_delivery",
        "matrix.change_delivery",
        "search.view_searchlog",
        "search.view_term",
        "search.view_apart",
    ),
    Role.FIRST_REVIEWER: ("matrix.view_delivery",),
    Role.SECOND_REVIEWER: ("matrix.view_delivery",),
    Role.FINAL_REVIEWER: (
        "interactions.change_commentrule",
        "matrix.view_delivery",
        "matrix.change_delivery",
    ),
    Role.MODERATOR: (
        "topics.add_importbatch",
        "interactions.change_commentrule",
        "interactions.change_moderationitem",
        "interactions.view_moderationitem",
        "interactions.view_savedanswer",
        "interactions.add_savedanswer",
        "interactions.change_savedanswer",
        "interactions.delete_savedanswer",
    ),
    Role.MANAGER: (
        "interactions.view_moderationevent",
        "analytics.view_dashboard",
        "topics.view_topic",
        "topics.change_topic",
        "topics.change_case",
        "topics.add_importbatch",
        "topics.add_learnedmodel",
        "topics.add_heatformula",
        "matrix.view_delivery",
        "search.view_searchlog",
        "search.view_term",
        "search.view_apart",
    ),
    Role.ADMIN: (
        "analytics.view_dashboard",
        "topics.view_topic",
        "topics.change_topic",
        "topics.change_case",
        "topics.add_importbatch",
        "topics.add_learnedmodel",
        "topics.add_heatformula",
        "interactions.change_moderationitem",
        "interactions.view_moderationitem",
        "interactions.change_commentrule",
        "interactions.change_desksettings",
        "interactions.view_moderationevent",
        "interactions.view_savedanswer",
        "interactions.add_savedanswer",
        "interactions.change_savedanswer",
        "interactions.delete_savedanswer",
        "matrix.view_delivery",
        "matrix.change_delivery",
        "matrix.view_channelaccount",
        "matrix.add_channelaccount",
        "matrix.change_channelaccount",
        "news.view_feedsource",
        "news.add_feedsource",
        "news.change_feedsource",
        "news.delete_feedsource",
        "news.view_feeditem",
        "news.change_feeditem",
        "search.view_term",
        "search.add_term",
        "search.change_term",
        "search.delete_term",
        "search.view_apart",
        "search.add_apart",
        "search.change_apart",
        "search.delete_apart",
        "search.view_searchlog",
        "members.add_user",
        "members.change_user",
        "members.view_union",
        "members.add_membership",
        "members.change_membership",
        "members.delete_membership",
        "members.view_membership",
    ),
}
LIBRARY_ROLES = {
    Role.EDITOR,
    Role.FIRST_REVIEWER,
    Role.SECOND_REVIEWER,
    Role.FINAL_REVIEWER,
    Role.ADMIN,
}


@transaction.atomic
def membership_grant(*, user: User, union: Union, role: Role) -> Membership:
    """Give `user` a role in `union`; a second time changes nothing."""
    membership, _ = Membership.objects.get_or_create(user=user, union=union, role=role)
    return membership


@transaction.atomic
def role_group(*, union: Union, role: Role) -> Group:
    """The group of `role` in `union`, made with its permissions on first use."""
    existing = RoleGroup.objects.filter(union=union, role=role).select_related("group").first()
    if existing:
        return existing.group
    group = Group.objects.create(name=f"{union.name} · {Role(role).label}")
    RoleGroup.objects.create(union=union, role=role, group=group)
    group_sync_permissions(group=group, role=Role(role))
    role_group_made.send(sender=RoleGroup, union=union, role=Role(role), group=group)
    return group


def group_sync_permissions(*, group: Group, role: Role) -> None:
    """Set a role group's model permissions to what ROLE_PERMISSIONS says today."""
    wanted = {"wagtailadmin.access_admin", *ROLE_PERMISSIONS[role]}
    by_app: dict[str, list[str]] = {}
    for name in wanted:
        app, codename = name.split(".")
        by_app.setdefault(app, []).append(codename)
    found = Permission.objects.none()
    for app, codenames in by_app.items():
        found = found | Permission.objects.filter(
            content_type__app_label=app, codename__in=codenames
        )
    group.permissions.set(found)
    if role in LIBRARY_ROLES:
        root = Collection.get_first_root_node()
        permissions = Permission.objects.filter(
            content_type__app_label__in=["wagtailimages", "wagtaildocs", "news"],
            codename__in=LIBRARY,
        )
        for permission in permissions:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )


def user_sync_groups(*, user: User) -> None:
    """Make a person's role groups match the memberships; other groups stay as they are."""
    wanted = {
        role_group(union=membership.union, role=Role(membership.role)).pk
        for membership in user.memberships.select_related("union")
    }
    current = set(user.groups.filter(role_group__isnull=False).values_list("pk", flat=True))
    user.groups.add(*(wanted - current))
    user.groups.remove(*(current - wanted))
