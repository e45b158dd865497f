"""What a person agreed to, and numbers that may not be registered again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """One consent of one person (个人信息保护法 arts. 14–17), as proof that it was given.

    Rows are never written over: withdrawing sets `withdrawn_at`, giving again makes a new row.
    """

    class Kind(models.TextChoices):
        RULES = "rules", _("个人信息处理规则")
        EMAIL = "email", _("邮件提醒")
        WECHAT = "wechat", _("微信提醒")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents", verbose_name=_("用户")
    )
    kind = models.CharField(_("事项"), max_length=10, choices=Kind.choices)
    version = models.CharField(_("规则版本"), max_length=20)
    given_at = models.DateTimeField(_("同意时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("同意记录")
        verbose_name_plural = _("同意记录")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(withdrawn_at=None),
                name="one_consent_in_force",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.version}"


class BarredPhone(models.Model):
    """A number that may not be registered (again): 《跟帖评论服务管理规定》 art. 7.

    Only a keyed digest is kept: nobody can read the number from it, and without SECRET_KEY
    nobody can try numbers out. The row stays when the bar is lifted (art. 8: keep records).
    """

    digest = models.CharField(max_length=64, db_index=True)
    until = models.DateTimeField(_("到期时间"), null=True, blank=True)
    made_at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )

    class Meta:
        verbose_name = _("禁止注册的号码")
        verbose_name_plural = _("禁止注册的号码")

    def __str__(self):
        return self.digest[:8]

    @staticmethod
    def digest_of(phone: str) -> str:
        return salted_hmac("members.barred-phone", phone, algorithm="sha256").hexdigest()
