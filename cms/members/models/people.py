"""Who: a person."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.members.masking import masked
from cms.members.models.unions import Union

mainland_mobile = RegexValidator(r"^1[3-9]\d{9}$", _("请填写 11 位手机号码。"))


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
    # The day the account was given up; the row stays, emptied, so that what hangs on it can stay.
    erased_at = models.DateTimeField(_("注销时间"), null=True, blank=True, editable=False)
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
        if self.erased_at:
            return _("已注销用户")
        return self.nickname or _("职工%(last)s") % {"last": (self.phone or self.username)[-4:]}

    @property
    def is_verified(self) -> bool:
        """Whether the phone number was shown to be this person's (后台实名)."""
        return bool(self.phone and self.phone_verified_at)

    @property
    def masked_phone(self) -> str:
        return masked(self.phone or "")

    def get_full_name(self) -> str:
        """Family name first, as Chinese names are written."""
        return f"{self.last_name}{self.first_name}".strip()

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def real_name(self) -> str:
        """The name for review slips; falls back to the login when none is given."""
        return self.get_full_name() or self.username
