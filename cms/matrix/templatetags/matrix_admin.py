"""What the admin's templates ask of the matrix."""

from django import template

from cms.matrix import selectors, watchdog
from cms.matrix.ages import ago

register = template.Library()
register.filter("ago", ago)


@register.simple_tag(takes_context=True)
def matrix_troubles(context) -> list[watchdog.Trouble]:
    """What needs somebody among the deliveries and accounts this person sees."""
    user = context["request"].user
    return watchdog.troubles(selectors.deliveries_for(user), selectors.accounts_for(user))
