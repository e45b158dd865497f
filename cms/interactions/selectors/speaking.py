"""Who may speak in public."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cms.interactions.selectors.moderation import measure_silencing
from cms.members.selectors import why_not_speak


def why_silent(user) -> str:
    """Why `user` may not comment now, in words for that person; "" when he may.

    First what members ask of everybody (one query), then the measures of this room.
    """
    if why := why_not_speak(user):
        return why
    if measure := measure_silencing(user):
        until = ""
        if measure.until:
            until = _("%(day)s 起恢复。") % {"day": f"{localtime(measure.until):%Y-%m-%d}"}
        return _("您现在不能发言，原因：%(reason)s。%(until)s有异议请联系工会。") % {
            "reason": measure.get_reason_display(),
            "until": until,
        }
    return ""
