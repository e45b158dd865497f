"""The tree of unions, and what a person may do for which union."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node


class Role(models.TextChoices):
    """What a person does for a union. A role reaches the unions below as well."""

    EDITOR = "editor", _("采编")
    FIRST_REVIEWER = "first_reviewer", _("初审")
    SECOND_REVIEWER = "second_reviewer", _("复审")
    FINAL_REVIEWER = "final_reviewer", _("终审")
    MODERATOR = "moderator", _("审核员")
    MANAGER = "manager", _("媒体主管")
    ADMIN = "admin", _("管理员")


class Level(models.TextChoices):
    """Levels of the union tree (工会法: 全总 → 省 → 市 → 县 → 街道 → 基层)."""

    NATIONAL = "national", _("全国")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县区级")
    TOWNSHIP = "township", _("乡镇街道")
    INDUSTRY = "industry", _("行业")
    GRASSROOTS = "grassroots", _("基层")


class Union(MP_Node):
    """A node of the union tree. It owns sections and channel accounts."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    slug = models.SlugField(_("标识"), max_length=60, unique=True)
    level = models.CharField(_("层级"), max_length=20, choices=Level.choices)
    member_count = models.PositiveIntegerField(_("会员人数"), default=0)

    class Meta:
        verbose_name = _("工会")
        verbose_name_plural = _("工会")

    def __str__(self):
        return self.name

    @property
    def indented_name(self) -> str:
        """The name set in by its depth, so that a flat list shows the tree."""
        return f"{'　' * (self.depth - 1)}{self.name}"


class Membership(models.Model):
    """One role of one person in one union."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("用户"),
    )
    union = models.ForeignKey(
        Union, models.CASCADE, related_name="memberships", verbose_name=_("工会")
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(fields=["user", "union", "role"], name="one_role_once")
        ]

    def __str__(self):
        return f"{self.user.real_name} · {self.union} · {self.get_role_display()}"


class RoleGroup(models.Model):
    """The Django group that stands for one role in one union, so that Wagtail's own page
    permissions apply (a group has rights on the sections of its union)."""

    union = models.ForeignKey(Union, models.CASCADE, related_name="role_groups")
    role = models.CharField(max_length=20, choices=Role.choices)
    group = models.OneToOneField(Group, models.CASCADE, related_name="role_group")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["union", "role"], name="one_group_per_role")]

    def __str__(self):
        return str(self.group)
