"""How many have voted."""

from django.db.models import Count

from cms.interactions.models import Ballot


def vote_counts(page_ids) -> dict[int, int]:
    """How many people have voted in each of these polls; polls without votes are left out."""
    voters = Ballot.objects.filter(poll__in=page_ids).values_list("poll")
    return dict(voters.annotate(number=Count("pk")).order_by())
