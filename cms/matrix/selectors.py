"""Reads of the delivery ledger and of the accounts."""

from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from cms.matrix import watchdog
from cms.matrix.lifecycle import MOVING, State
from cms.matrix.models import ChannelAccount, Delivery
from cms.members.models import Role, User
from cms.members.selectors import unions_for

# What is stuck or overdue first, then what needs a person, then what moves by itself, then the
# rest.
URGENCY = (
    (watchdog.overdue, 0),
    (lambda: Q(state=State.FAILED), 1),
    (lambda: Q(state=State.NEEDS_CONSOLE), 2),
    (lambda: Q(state__in=(State.UNKNOWN, State.TAKEN_DOWN)), 3),
    (lambda: Q(state__in=MOVING), 4),
)
ON_DUTY = ("urgency", "-moved_at", "-pk")
READERS = (
    Role.EDITOR,
    Role.FIRST_REVIEWER,
    Role.SECOND_REVIEWER,
    Role.FINAL_REVIEWER,
    Role.MANAGER,
    Role.ADMIN,
)


def deliveries_for(user: User) -> QuerySet[Delivery]:
    """The deliveries a person may see, those that need somebody first (`urgency`, `is_overdue`)."""
    ranks = [When(condition(), then=Value(rank)) for condition, rank in URGENCY]
    urgency = Case(*ranks, default=Value(5), output_field=IntegerField())
    late = ExpressionWrapper(watchdog.overdue(), output_field=BooleanField())
    found = Delivery.objects.select_related("account", "account__union", "page")
    if not user.is_superuser:
        found = found.filter(account__union__in=unions_for(user, *READERS))
    return found.annotate(urgency=urgency, is_overdue=late).order_by(*ON_DUTY)


def accounts_for(user: User) -> QuerySet[ChannelAccount]:
    """The accounts of the unions in which a person works."""
    return ChannelAccount.objects.filter(union__in=unions_for(user, *READERS))
