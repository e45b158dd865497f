"""职工关切周报 as an e-mail: what it holds may be forwarded, so it tells no more than "out"."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.interactions.small import LEAST
from cms.members.models import User
from cms.topics.selectors.report import quotations
from cms.topics.selectors.report_readers import reach_of
from cms.topics.selectors.report_words import NOT_TOLD, days_in_words, outside, week_of


def mail_of(
    *, user: User, monday: date, figures: Mapping, trial: bool = False
) -> EmailMultiAlternatives:
    """The report of a week as text and as HTML, to the address of `user`. `trial`: he sends it to
    himself to see it."""
    context = {
        **mail_context(monday=monday, figures=figures),
        "user": user,
        "scope": reach_of(user).name,
        "page": _address("topics_report", monday.isoformat()),
        "readers": _address("topics_report_readers"),
        "site": settings.WAGTAIL_SITE_NAME,
        "trial": trial,
    }
    message = EmailMultiAlternatives(
        subject_of(monday, trial=trial),
        render_to_string("topics/email/report.txt", context),
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{context['readers']}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("topics/email/report.html", context), "text/html")
    return message


def subject_of(monday: date, *, trial: bool = False) -> str:
    """职工关切周报 · 2026年11月16日—22日"""
    subject = _("职工关切周报 · %(days)s") % {"days": days_in_words(week_of(monday))}
    return _("（试发）%(subject)s") % {"subject": subject} if trial else subject


def mail_context(*, monday: date, figures: Mapping) -> dict:
    """What a mail may tell of `figures`: of topics those of LEAST people and more, of numbers what
    is "out", of words what was said in public. Two queries."""
    said = quotations(figures)
    topics = [row for row in figures["topics"] if _is_open(row)]
    return {
        "days": days_in_words(week_of(monday)),
        "is_empty": not figures["voices"]["n"],
        "summary": [outside(sentence) for sentence in figures["summary"]],
        "topics": [
            {
                **row,
                "change": "" if row["change"]["out"] == NOT_TOLD else row["change"]["out"],
                "unhappy": _share(row["unhappy"]),
                "said": said.get(row["topic"], ""),
                "places": [one for one in row["sources"] if _is_told(one)],
                "named": [one for one in row["unions"] if _is_told(one)],
            }
            for row in topics
        ],
        "left_out": len(figures["topics"]) - len(topics),
        "new": [row for row in figures["new"] if _is_told(row["people"])],
        "rising": [row for row in figures["rising"] if _is_told(row["people"])],
        "empty": [row for row in figures["empty"] if row["times"]["n"] >= LEAST],
        "answered": figures["answered"],
        "overdue": figures["overdue"],
        "calming": [row for row in figures["calming"] if _is_told(row["before"])],
        "sources": [row for row in figures["sources"] if _is_told(row["people"])],
        "formula": figures["formula"],
        "parts": figures["parts"],
        "least": LEAST,
    }


def _share(number: Mapping | None) -> str:
    return "" if number is None or number["out"] == NOT_TOLD else number["out"]


def _is_open(row: Mapping) -> bool:
    return row["people"]["n"] >= LEAST


def _is_told(number: Mapping) -> bool:
    return number["n"] >= LEAST and number["out"] != NOT_TOLD


def _address(name: str, *args) -> str:
    return urljoin(settings.WAGTAILADMIN_BASE_URL, reverse(name, args=args))
