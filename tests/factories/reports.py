"""A week that is over, with what was said in it, and mailboxes that refuse."""

from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from cms.topics.models import Voice
from cms.topics.selectors.report_words import latest_monday
from tests.factories.topics import SAYINGS, make_voice

#: The address of the mailbox that refuses while `Refusing` is the backend.
FULL = "full@example.org"


def last_monday() -> date:
    """The Monday of the latest week that is over."""
    return latest_monday(timezone.localdate())


def said_in_week(text: str = SAYINGS, *, weeks_ago: int = 0, weekday: int = 2, **fields) -> Voice:
    """One voice of the latest week that is over, or of one before it."""
    day = last_monday() + timedelta(days=weekday - 7 * weeks_ago)
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    return make_voice(text, said_at=noon, **fields)


class Refusing(EmailBackend):
    """Keeps mails in memory, as the usual backend of tests, but one mailbox takes none."""

    def send_messages(self, messages):
        for message in messages:
            if FULL in message.to:
                raise SMTPRecipientsRefused({FULL: (452, b"mailbox full")})
        return super().send_messages(messages)
