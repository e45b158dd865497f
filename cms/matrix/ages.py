"""How long ago something was, as the matrix's desks say it."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _


def ago(moment: datetime) -> str:
    """In one unit: 3 小时前; 刚刚 within a minute."""
    if timezone.now() - moment < timedelta(minutes=1):
        return _("刚刚")
    return _("%(age)s前") % {"age": timesince(moment, depth=1)}
