"""事项: a topic gets somebody who answers for it, and a date."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.members.models import Union, User
from cms.members.services import notify
from cms.topics.models import Case, Topic
from cms.topics.services.follows import follows_gather
from search.text.normalise import one_line

State = Case.State
#: When an answer is due: the house's clock of five working days (domain.md §1.5).
WORKING_DAYS = 5
WORDS_LIMIT = 300


def due_after(day: date, working_days: int = WORKING_DAYS) -> date:
    """The day `working_days` after `day`, Saturdays and Sundays left out. Public holidays are not
    known here: whoever opens the case sees the date and may move it."""
    while working_days:
        day += timedelta(days=1)
        if day.weekday() < 5:
            working_days -= 1
    return day


def case_open(
    *,
    topic: Topic,
    user: User,
    union: Union | None,
    owner: User | None = None,
    due_on: date | None = None,
    note: str = "",
) -> Case:
    """Make a case of a topic, for `union` to answer. Without `due_on`: in WORKING_DAYS.

    Raises ValidationError, in words, when the topic has an open case or is not shown.
    """
    if topic.state != Topic.State.SHOWN or topic.merged_into_id:
        raise ValidationError(_("先采用这个话题，再立为事项。"))
    try:
        with transaction.atomic():
            case = Case.objects.create(
                topic=topic,
                union=union,
                owner=owner or user,
                due_on=due_on or due_after(timezone.localdate()),
                note=_note(note),
                opened_by=user,
            )
            log(case, "topics.case_open", user=user, data=_terms(case))
            _tell_owner(case, user)
            follows_gather(case=case)
    except IntegrityError:  # one_open_case
        raise ValidationError(_("这个话题已有没办结的事项，请在那里接着办。")) from None
    return case


@transaction.atomic
def case_change(
    *, case: Case, user: User, owner: User | None, due_on: date | None, note: str
) -> Case:
    """Set owner, date and note; nothing is logged when nothing changed."""
    case = locked(case)
    before = (case.owner_id, case.due_on, case.note)
    case.owner, case.due_on, case.note = owner, due_on, _note(note)
    if before == (case.owner_id, case.due_on, case.note):
        return case
    case.save(update_fields=["owner", "due_on", "note"])
    log(case, "topics.case_change", user=user, data=_terms(case))
    if case.owner_id != before[0]:
        _tell_owner(case, user)
    return case


@transaction.atomic
def case_close(*, case: Case, user: User, reason: str) -> Case:
    """了结. An answer that is public stays so. Raises ValidationError without a reason."""
    case = locked(case)
    if case.state == State.CLOSED:
        raise ValidationError(_("这个事项已经了结。"))
    reason = reason_of(reason)
    case.state = State.CLOSED
    case.save(update_fields=["state"])
    log(case, "topics.case_close", user=user, data={"words": reason})
    return case


def state_when_open(case: Case) -> str:
    """Where an open case stands: whether an editor has a brief of it."""
    has_brief = case.briefs.filter(page__isnull=False).exists()
    return State.BRIEFED if has_brief else State.OPEN


def locked(case: Case) -> Case:
    """The row as it is now, locked until the end of the transaction."""
    found = Case.objects.select_for_update(of=("self",)).select_related("topic")
    return found.get(pk=case.pk)


def reason_of(text: str) -> str:
    """Raises ValidationError when it is empty or too long."""
    text = _short(text, _("原因最多 %(max)d 字，请写短一些。"))
    if not text:
        raise ValidationError(_("请写明原因，以后翻看记录时用得上。"))
    return text


def _note(text: str) -> str:
    return _short(text, _("备注最多 %(max)d 字，请写短一些。"))


def _short(text: str, complaint: str) -> str:
    text = one_line(text)
    if len(text) > WORDS_LIMIT:
        raise ValidationError(complaint, params={"max": WORDS_LIMIT})
    return text


def _terms(case: Case) -> dict:
    owner = case.owner.real_name if case.owner else _("未定")
    due = f"{case.due_on:%Y-%m-%d}" if case.due_on else _("未定")
    return {
        "words": str(
            _("负责人%(owner)s，期限%(due)s%(note)s")
            % {"owner": owner, "due": due, "note": f"，{case.note}" if case.note else ""}
        )
    }


def _tell_owner(case: Case, by: User) -> None:
    if case.owner is None or case.owner == by:
        return
    notify(
        users=[case.owner],
        kind="case",
        text=_("“%(topic)s”这件事由您负责，请在 %(due)s 前答复。")
        % {"topic": case.topic, "due": f"{case.due_on:%Y-%m-%d}" if case.due_on else _("期限")},
        url=reverse("topics_case", args=[case.pk]),
        key=f"case-owner:{case.pk}:{case.owner_id}",
    )
