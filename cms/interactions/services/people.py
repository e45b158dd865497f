"""Steps taken about people: from a word of warning to no re-registration."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions import notices, selectors, words
from cms.interactions.models import DeskSettings, Measure, ModerationItem
from cms.interactions.models.moderation import user_of_key
from cms.interactions.services.deciding import locked
from cms.members.models import User
from cms.members.services import phone_bar, phone_unbar
from cms.news import pagecache

Kind = Measure.Kind


@transaction.atomic
def measure_take(
    *, item: ModerationItem, user: User, kind: str, reason: str, note: str = ""
) -> Measure:
    """Take a step about who wrote `item`. The person is told, with the reason.

    Raises PermissionDenied for oneself and other unions; ValidationError when the step is unknown,
    cannot be taken there (a channel's reader has no account here) or needs another right.
    """
    row = locked(item, user)
    if kind not in Kind.values or reason not in ModerationItem.Reason.values:
        raise ValidationError(_("请选择措施和原因。"), code="kind")
    person = User.objects.filter(pk=user_of_key(row.author_key)).first()
    if person is None:
        raise ValidationError(_("这位读者在本站没有账号，请到平台上处理。"), code="elsewhere")
    if person.is_staff or person.is_superuser or person.memberships.exists():
        raise ValidationError(_("这是工作人员，请先由管理员取消其任职。"), code="staff")
    if kind == Kind.BAR and not selectors.may_bar(user, row.union):
        raise ValidationError(_("关闭账号要由管理员来做。"), code="right")
    now = timezone.now()
    days = DeskSettings.current().hold_days
    measure = Measure.objects.create(
        author_key=row.author_key,
        author_name=row.author_name,
        kind=kind,
        reason=reason,
        note=words.tidy(note)[:200],
        item=row,
        by=user,
        at=now,
        until=now + timedelta(days=days) if kind == Kind.HOLD else None,
    )
    pagecache.touch(selectors.MEASURES)
    if kind == Kind.BAR:
        account_close(person, user)
    notices.measure_taken(measure, person)
    return measure


@transaction.atomic
def measure_lift(*, measure: Measure, user: User) -> None:
    """End a measure before its time. Raises PermissionDenied as selectors.may_lift says."""
    row = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    if not selectors.may_lift(user, row):
        raise PermissionDenied(_("这项措施不是由您所管的工会作出的，请联系作出它的工会。"))
    if row.lifted_at is None:
        Measure.objects.filter(pk=row.pk).update(lifted_at=timezone.now(), lifted_by=user)
        pagecache.touch(selectors.MEASURES)
        if row.kind == Kind.BAR:
            account_open(User.objects.filter(pk=user_of_key(row.author_key)).first())


def account_close(person: User, by: User) -> None:
    """禁止重新注册: nobody signs in or up with this number any more."""
    if person.phone:
        phone_bar(user=person, by=by)
    User.objects.filter(pk=person.pk).update(is_active=False)


def account_open(person: User | None) -> None:
    if person is None or person.erased_at:
        return
    if person.phone:
        phone_unbar(phone=person.phone)
    User.objects.filter(pk=person.pk).update(is_active=True)
