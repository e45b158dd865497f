"""What every page shows of the person who is signed in."""

from django import template
from django.conf import settings

from cms.members import sms
from cms.members.masking import masked
from cms.members.selectors import unread_number

register = template.Library()
register.filter("masked", masked)


@register.simple_tag
def unread(user) -> int:
    """How many messages are new: one query, for people who are signed in only."""
    return unread_number(user)


@register.simple_tag
def message_not_sent(phone: str) -> str:
    """In the demo, what the text message would have said; never with production settings."""
    return sms.outbox_last(phone) if settings.SMS_OUTBOX_SHOWN else ""


@register.filter
def plain(value):
    """A value of a holding as a cell: moments are left to the date filter of the template."""
    return "—" if value in (None, "") else value
