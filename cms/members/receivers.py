"""Glue: a changed membership changes the person's groups; new permissions reach old groups."""

from django.db.models.signals import post_delete, post_migrate, post_save

from cms.members.models import Membership, Role, RoleGroup
from cms.members.services import group_sync_permissions, user_sync_groups


def on_membership_change(sender, instance, **kwargs):
    if not kwargs.get("raw"):
        user_sync_groups(user=instance.user)


def on_migrate(sender, **kwargs):
    for row in RoleGroup.objects.select_related("group"):
        group_sync_permissions(group=row.group, role=Role(row.role))


def connect():
    post_save.connect(on_membership_change, sender=Membership)
    post_delete.connect(on_membership_change, sender=Membership)
    post_migrate.connect(on_migrate, dispatch_uid="members.role_permissions")
