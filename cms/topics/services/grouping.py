"""From voices to topics: gather, read, group, propose. Repeating it changes nothing."""

from datetime import date

from cms.topics.services.gathering import searches_take_in
from cms.topics.services.pages import concerns_touch
from cms.topics.services.reading import topics_seed, voices_read


def voices_group(*, today: date | None = None) -> dict[str, int]:
    """Gather searches, read what is unread. Returns how many of each were taken in and read."""
    topics_seed()
    done = {"searches": searches_take_in(), "read": voices_read()}
    if any(done.values()):
        concerns_touch()
    return done
