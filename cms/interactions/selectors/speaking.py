"""Who may speak in public."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cms.interactions.selectors.moderation import measures_silencing


def why_silent(user) -> str:
    """Why `user` may not comment or vote now, in words for that person; "" when he may."""
    if not user.is_active:
        return _("您的账号已停用，不能发表评论。")
    if not user.phone:
        return _("按规定，评论前要登记手机号。请先在账号里补上手机号。")
    if measure := measures_silencing(user):
        until = _("%(day)s 起恢复。") % {"day": f"{localtime(measure.until):%Y-%m-%d}"}
        return _("您现在不能发言，原因：%(reason)s。%(until)s有异议请联系工会。") % {
            "reason": measure.get_reason_display(),
            "until": until if measure.until else "",
        }
    return ""
