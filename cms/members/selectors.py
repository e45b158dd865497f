"""Reads: who may do what, and where."""

from django.db.models import QuerySet

from cms.members.models import Membership, Role, Union, User


def unions_for(user: User, *roles: Role) -> QuerySet[Union]:
    """The unions in which `user` holds one of `roles`, with all unions below them.

    A superuser holds every role everywhere; an inactive or anonymous user none.
    """
    if not user.is_active or user.is_anonymous:
        return Union.objects.none()
    if user.is_superuser:
        return Union.objects.all()
    paths = Membership.objects.filter(user=user, role__in=roles).values_list(
        "union__path", flat=True
    )
    found = Union.objects.none()
    for path in set(paths):
        found = found | Union.objects.filter(path__startswith=path)
    return found


def user_has_role(user: User, role: Role, union: Union | None) -> bool:
    """Whether `user` holds `role` in `union` or in a union above it."""
    if not user.is_active or user.is_anonymous:
        return False
    if user.is_superuser:
        return True
    memberships = Membership.objects.filter(user=user, role=role)
    if union is None:
        return memberships.exists()
    return memberships.filter(union__path__in=_paths_upwards(union)).exists()


def users_with_role(role: Role, union: Union) -> QuerySet[User]:
    """Active people who hold `role` in `union` or in a union above it."""
    return User.objects.filter(
        is_active=True,
        memberships__role=role,
        memberships__union__path__in=_paths_upwards(union),
    ).distinct()


def _paths_upwards(union: Union) -> list[str]:
    return [union.path[: Union.steplen * depth] for depth in range(1, union.depth + 1)]
