"""What the union made of a poll."""

from django.db import transaction
from django.utils import timezone

from cms.interactions import signals
from cms.interactions.models import PollPage, Turnout
from cms.news import pagecache


@transaction.atomic
def poll_answer_publish(*, poll: PollPage) -> bool:
    """The union's answer has become public: keep when, and tell those who voted, once for all.

    False when there is no answer, or when it was told of before.
    """
    unanswered = PollPage.objects.filter(pk=poll.pk, live=True, answered_at=None)
    if not unanswered.exclude(answer="").update(answered_at=timezone.now()):
        return False
    pagecache.touch(f"poll:{poll.pk}")
    voters = list(Turnout.objects.filter(poll=poll.pk).values_list("user_id", flat=True))
    transaction.on_commit(
        lambda: signals.poll_answered.send_robust(sender=PollPage, poll=poll, voters=voters)
    )
    return True
