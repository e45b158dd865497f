"""职工关切周报: made once a week, and mailed once to each of its readers."""

import logging
from datetime import date
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.members.models import User
from cms.topics.models import ReportMail, ReportReader, WeeklyReport
from cms.topics.selectors.report import report_figures
from cms.topics.selectors.report_readers import (
    may_read,
    reach_of,
    report_readers,
    why_not_mailed,
)
from cms.topics.selectors.report_words import latest_monday, week_of
from cms.topics.services.report_mails import mail_of

logger = logging.getLogger(__name__)

#: Sending fails so: the network or the server, a mailbox that is refused, an address that is none.
FAILURES = (OSError, SMTPException, ValueError)


# --- Making --------------------------------------------------------------------------------------


def report_make(
    *, monday: date, user: User | None = None, confirmed: bool = False, today: date | None = None
) -> WeeklyReport:
    """Keep the figures of a week as they are now; `user` asked for it, None is the clock.

    Raises ValidationError when the week is not over, or when its report is out already and making
    another was not `confirmed`: then the page would tell another thing than the mail.
    """
    if monday.weekday() != 0 or week_of(monday).last >= (today or timezone.localdate()):
        raise ValidationError(_("这一周还没有过完，到下周一才能生成周报。"))
    known = WeeklyReport.objects.filter(monday=monday).first()
    if known and known.sent_at and not confirmed:
        raise ValidationError(
            _(
                "这一期已经发出。重新生成后，页面上的数字会和邮件里的不一样；确定要这样，请点“仍要重新生成”。"
            )
        )
    figures = report_figures(monday=monday)
    report, is_new = WeeklyReport.objects.update_or_create(
        monday=monday, defaults={"figures": figures, "made_at": timezone.now()}
    )
    log(
        report,
        "topics.report_make" if is_new else "topics.report_remake",
        user=user,
        data={"monday": monday.isoformat(), "sent": bool(report.sent_at)},
    )
    return report


def report_make_due(*, today: date | None = None) -> WeeklyReport:
    """The report of the latest week that is over; made if there is none yet, else left alone."""
    today = today or timezone.localdate()
    monday = latest_monday(today)
    known = WeeklyReport.objects.filter(monday=monday).first()
    return known or report_make(monday=monday, today=today)


# --- Sending -------------------------------------------------------------------------------------


def report_send(*, report: WeeklyReport) -> dict[str, int]:
    """Mail the report to those who were its readers when it first went out and have not got it.

    One mailbox that fails stops nobody else; the next call tries it again. Returns how many mails
    went out and how many did not: {"sent", "failed"}.
    """
    _take_up(report)
    done = {"sent": 0, "failed": 0}
    waiting = report.mails.filter(sent_at=None).select_related("user").order_by("pk")
    for mail in list(waiting):
        done["sent" if _mail_send(mail, report) else "failed"] += 1
    if done["sent"]:
        log(report, "topics.report_send", data={"monday": report.monday.isoformat(), **done})
    return done


@transaction.atomic
def _take_up(report: WeeklyReport) -> None:
    """The first time: who is a reader now is to have it. Nobody else does it a second time."""
    users = [reader.user_id for reader in report_readers() if not reader.why_not]
    unsent = WeeklyReport.objects.filter(pk=report.pk, sent_at=None)
    if users and unsent.update(sent_at=timezone.now()):
        ReportMail.objects.bulk_create([ReportMail(report=report, user_id=user) for user in users])
        report.refresh_from_db(fields=["sent_at"])


def _mail_send(mail: ReportMail, report: WeeklyReport) -> bool:
    row = ReportMail.objects.filter(pk=mail.pk)
    why_not = _why_not(mail.user)
    if why_not:
        row.update(problem=why_not)
        return False
    message = mail_of(user=mail.user, monday=report.monday, figures=_figures_for(mail.user, report))
    # Somebody else may be at it as well: only one of us gets it.
    if not row.filter(sent_at=None).update(sent_at=timezone.now(), problem=""):
        return False
    problem = _hand_over(message, mail.user)
    if problem:
        row.update(sent_at=None, problem=problem)
    return not problem


def _why_not(user: User) -> str:
    if not ReportReader.objects.filter(user=user).exists():
        return _("已不是收件人，没有再发。")
    return why_not_mailed(user)


def _figures_for(user: User, report: WeeklyReport) -> dict:
    """As they were kept, or of the voices that this person may hear."""
    reach = reach_of(user)
    if reach.is_whole:
        return report.figures
    return report_figures(monday=report.monday, unions=reach.unions)


def _hand_over(message: EmailMessage, user: User) -> str:
    """Give a mail to the server. Returns what went wrong, in words; "" when nothing did."""
    try:
        message.send()
    except FAILURES as error:
        logger.warning("Report for user %s not mailed: %s", user.pk, type(error).__name__)
        return _("邮件没有发出去，会再试。一直不行，请核对邮箱地址，或请运维看邮件设置。")
    return ""


def report_try_out(*, user: User, monday: date) -> None:
    """Mail the report of a week to `user` alone, as he would get it; counted nowhere.

    Raises ValidationError, in words for him, when he has no address or the server refuses.
    """
    if why_not := why_not_mailed(user):
        raise ValidationError(why_not)
    reach = reach_of(user)
    kept = WeeklyReport.objects.filter(monday=monday).first() if reach.is_whole else None
    figures = kept.figures if kept else report_figures(monday=monday, unions=reach.unions)
    if problem := _hand_over(mail_of(user=user, monday=monday, figures=figures, trial=True), user):
        raise ValidationError(problem)
    log(user, "topics.report_try", user=user, data={"monday": monday.isoformat()})


# --- Readers -------------------------------------------------------------------------------------


def reader_add(*, user: User, by: User) -> ReportReader:
    """`user` gets the report from the next one on; a second time changes nothing.

    Raises ValidationError when he may not see topics or has no address.
    """
    if not may_read(user):
        raise ValidationError(
            _("这位没有看职工关切的权限，不能收周报。请先给他媒体主管或管理员的任职。")
        )
    if why_not := why_not_mailed(user):
        raise ValidationError(why_not)
    reader, is_new = ReportReader.objects.get_or_create(user=user, defaults={"added_by": by})
    if is_new:
        log(user, "topics.report_reader_add", user=by)
    return reader


def reader_remove(*, user: User, by: User) -> None:
    """`user` gets no more reports; one who got none is no error."""
    if ReportReader.objects.filter(user=user).delete()[0]:
        log(user, "topics.report_reader_remove", user=by)
