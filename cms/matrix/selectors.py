"""Reads of the delivery ledger."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from cms.matrix.models import Delivery
from cms.members.models import Role, User
from cms.members.selectors import unions_for

# What needs a person first, then what moves by itself, then what is done.
URGENCY = {
    Delivery.State.FAILED: 0,
    Delivery.State.NEEDS_CONSOLE: 1,
    Delivery.State.UNKNOWN: 2,
    Delivery.State.TAKEN_DOWN: 2,
}
READERS = (
    Role.EDITOR,
    Role.FIRST_REVIEWER,
    Role.SECOND_REVIEWER,
    Role.FINAL_REVIEWER,
    Role.MANAGER,
    Role.ADMIN,
)


def deliveries_for(user: User) -> QuerySet[Delivery]:
    """The deliveries a person may see, those that need somebody first."""
    urgency = Case(
        *(When(state=state, then=Value(rank)) for state, rank in URGENCY.items()),
        *(When(state=state, then=Value(3)) for state in Delivery.MOVING),
        default=Value(4),
        output_field=IntegerField(),
    )
    found = Delivery.objects.select_related("account", "account__union", "page")
    if not user.is_superuser:
        found = found.filter(account__union__in=unions_for(user, *READERS))
    return found.annotate(urgency=urgency).order_by("urgency", "-created_at", "-pk")
