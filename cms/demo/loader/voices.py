"""What workers did: comments with their decisions, votes, searches, reads."""

import math
from datetime import timedelta
from random import Random

from django.utils import timezone
from wagtail.models import Page

from cms.analytics.models import ReadTally
from cms.demo import content
from cms.demo.loader.clock import moment, planned
from cms.interactions.answers import SCORES, Asked
from cms.interactions.models import ModerationItem, PollPage, Turnout, UnionComment
from cms.interactions.services import (
    Vote,
    answers_release,
    ballots_count,
    comment_submit,
    items_decide,
)
from cms.members.models import User
from search.models import SearchLog
from search.text.normalise import normalise

REASONS = {
    "ad": ModerationItem.Reason.ADVERT,
    "insult": ModerationItem.Reason.INSULT,
    "privacy": ModerationItem.Reason.PRIVACY,
    "irrelevant": ModerationItem.Reason.OFF_TOPIC,
    "repeat": ModerationItem.Reason.FLOOD,
}
DECIDED_AFTER = timedelta(minutes=95)
VOTED_FROM = ("site", "site", "wechat")
READ_DAYS = 30
SOURCES = (("site", 5), ("wechat", 4), ("weibo", 1), ("search", 2), ("direct", 2))


def load_comments(pages: dict[str, Page], workers: dict[str, User], moderator: User) -> int:
    """Comments as workers wrote them, decided as the moderator would; returns how many are new."""
    if UnionComment.objects.exists():
        return 0
    made: dict[str, UnionComment] = {}
    items: dict[str, ModerationItem] = {}
    for row in content.comments():
        parent = made.get(row.get("parent", ""))
        when = moment(row["days_ago"], row["minute"])
        submitted = comment_submit(
            user=workers[row["author"]],
            page=pages[row["story"]].specific,
            text=row["text"],
            parent=parent if parent and parent.is_public else None,
            numbers="hide",
            at=when,
        )
        items[row["id"]] = submitted.item
        if row["status"] == "approve":
            # Decided at once, because a reply may only stand below what is public.
            _decide([submitted.item], moderator, ModerationItem.State.APPROVED)
        made[row["id"]] = UnionComment.objects.get(pk=submitted.comment.pk)
    for row in content.comments():
        if row["status"] == "reject":
            reason = REASONS[row["reason"]]
            _decide([items[row["id"]]], moderator, ModerationItem.State.REJECTED, reason)
    return len(made)


def decide_old_replies(moderator: User) -> None:
    """The moderator has seen what came in over the channels, but for the last two days."""
    seen = ModerationItem.objects.filter(
        state=ModerationItem.State.PENDING,
        source__in=[ModerationItem.Source.WECHAT, ModerationItem.Source.WEIBO],
        said_at__lt=timezone.now() - timedelta(days=2),
    )
    _decide(list(seen), moderator, ModerationItem.State.APPROVED)


def _decide(items: list[ModerationItem], moderator: User, state: str, reason: str = "") -> None:
    for item in items:
        items_decide(
            ids=[item.pk],
            user=moderator,
            state=state,
            reason=reason,
            at=min(item.said_at + DECIDED_AFTER, timezone.now()),
        )


def load_votes(pages: dict[str, Page], workers: dict[str, User], moderator: User) -> int:
    """One vote a worker, spread over the days the poll was open; returns how many were cast."""
    if Turnout.objects.exists():
        return 0
    people = sorted(workers.values(), key=lambda user: user.pk)
    cast = sum(_vote(row, pages[row["slug"]].specific, people) for row in content.polls())
    said = ModerationItem.objects.filter(origin__startswith="answer:")
    _decide(list(said), moderator, ModerationItem.State.APPROVED)
    return cast


def _vote(row: dict, poll: PollPage, people: list[User]) -> int:
    chance = Random(row["slug"])
    options = list(poll.options.order_by("sort_order").values_list("pk", flat=True))
    until = min(planned(row["closes"]) or timezone.now(), timezone.now())
    seconds = (until - planned(row["opens"])).total_seconds()
    voters = chance.sample(people, min(row["votes"], len(people)))
    moments = sorted(
        planned(row["opens"]) + timedelta(seconds=seconds * chance.random() ** 2) for _ in voters
    )
    votes = [
        Vote(user, _asked(chance, poll, options, row), cast_at, chance.choice(VOTED_FROM))
        for user, cast_at in zip(voters, moments, strict=True)
    ]
    counted = ballots_count(poll=poll, votes=votes)
    answers_release(poll=poll)
    return counted


def _asked(chance: Random, poll: PollPage, options: list[int], row: dict) -> Asked:
    """What one worker answers: the heavier an option, the likelier, the higher or the better."""
    weights = dict(zip(options, row.get("weights", ()), strict=True))
    match poll.choice:
        case PollPage.Choice.TEXT:
            return Asked.of(text=chance.choice(row["texts"]))
        case PollPage.Choice.RATING:
            best = max(weights.values())
            scores = {
                option: min(SCORES[-1], max(1, round(chance.gauss(1 + 3.6 * weight / best, 0.9))))
                for option, weight in weights.items()
            }
            return Asked.of(scores=scores)
        case PollPage.Choice.SINGLE:
            most = least = 1
        case _:
            most, least = poll.max_choices, poll.min_choices
    liked = sorted(options, key=lambda option: chance.random() ** (1 / weights[option]))
    return Asked.of(liked[-chance.randint(least, most) :][::-1])


def load_searches() -> None:
    """What workers searched for, day by day."""
    SearchLog.objects.bulk_create(
        [
            SearchLog(
                term=normalise(row["query"]),
                shown=row["query"],
                day=timezone.localdate() - timedelta(days=row["days_ago"]),
                count=row["count"],
                hits=row.get("hits", 3),
            )
            for row in content.searches()
        ],
        ignore_conflicts=True,
    )


def load_reads(pages: dict[str, Page]) -> None:
    """Reads on the site: many on the first days, a few ever after, by where readers came from."""
    if ReadTally.objects.exists():
        return
    rows = [
        tally
        for row in [*content.stories(), *content.polls()]
        for tally in _reads(row, pages[row["slug"]])
    ]
    ReadTally.objects.bulk_create(rows)


def _reads(row: dict, page: Page) -> list[ReadTally]:
    chance = Random(f"reads:{row['slug']}")
    total = chance.randint(90, 700)
    rows = []
    for n in range(min(row["days_ago"], READ_DAYS) + 1):
        read = total * (0.3 * math.exp(-n / 3) + 0.004) * chance.uniform(0.6, 1.4)
        day = timezone.localdate() - timedelta(days=row["days_ago"] - n)
        weight = sum(share for _source, share in SOURCES)
        rows += [
            ReadTally(page_id=page.pk, day=day, source=source, reads=round(read * share / weight))
            for source, share in SOURCES
            if round(read * share / weight)
        ]
    return rows
