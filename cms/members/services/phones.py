"""A number that was shown to be somebody's, and numbers that may not be registered."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.members.models import BarredPhone, User
from cms.members.selectors import bars_in_force, is_barred


@transaction.atomic
def phone_settle(*, user: User, phone: str) -> None:
    """`user` entered the code that was sent to `phone`: it is theirs from now on.

    Raises ValidationError when the number is barred, or another account's.
    """
    if is_barred(phone):
        raise ValidationError(barred_words())
    if User.objects.filter(phone=phone).exclude(pk=user.pk).exists():
        raise ValidationError(_("这个手机号已经注册，请直接登录。"))
    user.phone, user.phone_verified_at = phone, timezone.now()
    user.save(update_fields=["phone", "phone_verified_at"])


def barred_words() -> str:
    return _("这个手机号已被禁止注册。有疑问请联系所在工会，或拨打 12351。")


def phone_bar(*, user: User, by: User, until: datetime | None = None) -> BarredPhone:
    """Keep the number of `user` from being registered, for ever or until a moment.

    The account itself stays as it is. Raises ValidationError when `user` has no number.
    """
    if not user.phone:
        raise ValidationError(_("这个账号没有绑定手机号。"))
    digest = BarredPhone.digest_of(user.phone)
    return BarredPhone.objects.create(digest=digest, until=until, by=by)


def phone_unbar(*, phone: str) -> int:
    """End all bars on a number now; the rows stay as records. Returns how many were ended."""
    return bars_in_force(phone).update(until=timezone.now())
