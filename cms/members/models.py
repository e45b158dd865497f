"""Who: people, the tree of unions, and what a person may do for which union."""

from django.contrib.auth.models import AbstractUser, Group
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

mainland_mobile = RegexValidator(r"^1[3-9]\d{9}$", _("请填写 11 位手机号码。"))


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


class User(AbstractUser):
    """A person: a worker on the site, an editor in the admin, or both."""

    phone = models.CharField(
        _("手机号"),
        max_length=11,
        unique=True,
        null=True,
        blank=True,
        validators=[mainland_mobile],
    )
    nickname = models.CharField(_("昵称"), max_length=20, blank=True)
    # 后台实名 (《跟帖评论服务管理规定》 art. 4): the number was shown to be this person's.
    phone_verified_at = models.DateTimeField(_("手机号核实时间"), null=True, blank=True)
    # Where a worker is a member; what a person does for a union is a Membership.
    union = models.ForeignKey(
        Union,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("所在工会"),
    )

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    @property
    def display_name(self) -> str:
        """The name shown in public: never the real name, never a whole phone number."""
        return self.nickname or _("职工%(last)s") % {"last": (self.phone or self.username)[-4:]}

    def get_full_name(self) -> str:
        """Family name first, as Chinese names are written."""
        return f"{self.last_name}{self.first_name}".strip()

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def real_name(self) -> str:
        """The name for review slips; falls back to the login when none is given."""
        return self.get_full_name() or self.username


class Membership(models.Model):
    """One role of one person in one union."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("用户")
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
