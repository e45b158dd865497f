"""The ledger: one row for each story, with what came of it on the site and on every channel.

A figure is None when nobody tells it (Weibo does not say how often a post was read). None is
never shown or summed as zero: a sum is that of the figures that are known.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from cms.analytics.models import ReadTally
from cms.analytics.selectors.scope import SITE, channel_labels, polls_of, stories
from cms.interactions.selectors import comment_counts, votes_by_source
from cms.matrix.models import Delivery, Reply, StatSnapshot
from cms.news.models import StoryCard

Number = int | None
ORDERS = ("published_at", "title", "reads", "comments", "votes")
DEFAULT_ORDER = "-published_at"
# Which of several deliveries to one account says how things stand there: what is out, then what
# is on its way, then what has ended otherwise.
_STANDING = {
    Delivery.State.PUBLISHED: 0,
    Delivery.State.NEEDS_CONSOLE: 1,
    **dict.fromkeys(Delivery.MOVING, 1),
    Delivery.State.TAKEN_DOWN: 2,
    Delivery.State.WITHDRAWN: 2,
    Delivery.State.FAILED: 3,
    Delivery.State.CANCELLED: 4,
}


def known_sum(numbers: Iterable[Number]) -> Number:
    """The sum of what is known; None when nothing is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def known_max(*numbers: Number) -> Number:
    return max((number for number in numbers if number is not None), default=None)


@dataclass(frozen=True)
class AccountLine:
    """How a story stands on one account, figures cumulative as of `as_of`."""

    delivery_id: int
    channel: str
    name: str
    state: str
    state_label: str
    reason: str
    url: str
    published_at: datetime | None
    as_of: date | None
    reads: Number
    likes: Number
    shares: Number
    comments: Number


@dataclass(frozen=True)
class ChannelLine:
    """One channel's part in a row. `votes` are those of people who came from there."""

    slug: str
    label: str
    reads: Number
    comments: Number
    votes: Number
    likes: Number = None
    shares: Number = None
    accounts: tuple[AccountLine, ...] = ()


@dataclass(frozen=True)
class Row:
    """One story: `channels` begins with the site; `reads`, `comments`, `votes` are the sums."""

    card: StoryCard
    channels: tuple[ChannelLine, ...]

    @property
    def accounts(self) -> list[AccountLine]:
        return [account for channel in self.channels for account in channel.accounts]

    @property
    def reads(self) -> Number:
        return known_sum(channel.reads for channel in self.channels)

    @property
    def comments(self) -> Number:
        return known_sum(channel.comments for channel in self.channels)

    @property
    def votes(self) -> Number:
        return known_sum(channel.votes for channel in self.channels)


def ledger(
    unions,
    since: date | None = None,
    until: date | None = None,
    *,
    kind: str = "",
    section: int | None = None,
    search: str = "",
    order: str = DEFAULT_ORDER,
) -> list[Row]:
    """The rows of all stories published from `since` to `until`, both included (None: no limit).

    `order` is one of ORDERS, with "-" for the largest first; anything else means the newest first.
    """
    cards = stories(unions, kind=kind, section=section, search=search)
    if since:
        cards = cards.filter(published_at__date__gte=since)
    if until:
        cards = cards.filter(published_at__date__lte=until)
    rows = _rows(cards)
    key = order.removeprefix("-")
    if key not in ORDERS:
        return rows
    return sorted(rows, key=_sort_key(key), reverse=order.startswith("-"))


def story_ledger(page) -> Row | None:
    """The row of one story; None when it is not public."""
    rows = _rows(StoryCard.objects.filter(pk=page.pk).defer("body_html", "body_text"))
    return rows[0] if rows else None


def _sort_key(name: str):
    if name in ("published_at", "title"):
        return lambda row: getattr(row.card, name)
    # The unknown is least, but it is not zero.
    return lambda row: -1 if getattr(row, name) is None else getattr(row, name)


def _rows(cards: QuerySet) -> list[Row]:
    listed = list(cards)
    pages = cards.order_by().values("pk")
    tallies = ReadTally.objects.filter(page__in=pages).values_list("page")
    reads = dict(tallies.annotate(total=Sum("reads")).order_by())
    comments = comment_counts([card.pk for card in listed])
    votes = _votes(cards)
    accounts = _accounts(pages)
    return [
        Row(card, _channels(card.pk, reads, comments, votes.get(card.pk), accounts.get(card.pk)))
        for card in listed
    ]


def _channels(pk, reads, comments, votes, accounts) -> tuple[ChannelLine, ...]:
    """`votes`: source → number, None when the story has no poll; `accounts`: its lines."""
    by_channel: dict[str, list[AccountLine]] = defaultdict(list)
    for line in accounts or ():
        by_channel[line.channel].append(line)
    lines = []
    for slug, label in channel_labels().items():
        cast = None if votes is None else votes.get(slug, 0)
        if slug == SITE:
            lines.append(ChannelLine(slug, label, reads.get(pk, 0), comments.get(pk, 0), cast))
        elif slug in by_channel or cast:
            lines.append(_channel_line(slug, label, by_channel[slug], cast))
    return tuple(lines)


def _channel_line(slug, label, accounts, votes) -> ChannelLine:
    figures = {
        name: known_sum(getattr(account, name) for account in accounts)
        for name in ("reads", "comments", "likes", "shares")
    }
    return ChannelLine(slug, label, votes=votes, accounts=tuple(accounts), **figures)


def _votes(cards: QuerySet) -> dict[int, dict[str, int]]:
    """story id → votes by source, for the stories that have a poll."""
    polls = polls_of(cards)
    cast = votes_by_source(set().union(*polls.values()))
    votes: dict[int, dict[str, int]] = {}
    for story, its_polls in polls.items():
        by_source: dict[str, int] = defaultdict(int)
        for poll in its_polls:
            for source, number in cast.get(poll, {}).items():
                by_source[source] += number
        votes[story] = by_source
    return votes


def _latest(field: str) -> Subquery:
    """The newest figure that the platform told of a delivery."""
    told = StatSnapshot.objects.filter(delivery=OuterRef("pk"), **{f"{field}__isnull": False})
    return Subquery(told.order_by("-day").values(field)[:1])


def _received() -> Subquery:
    comments = Reply.objects.filter(delivery=OuterRef("pk"), kind=Reply.Kind.COMMENT)
    return Subquery(
        comments.order_by().values("delivery").annotate(number=Count("pk")).values("number")
    )


def _accounts(pages) -> dict[int, list[AccountLine]]:
    """story id → one line for each account it was sent to, in one query."""
    deliveries = (
        Delivery.objects.filter(page__in=pages)
        .annotate(
            told_reads=_latest("reads"),
            told_likes=_latest("likes"),
            told_shares=_latest("shares"),
            told_comments=_latest("comments"),
            as_of=_latest("day"),
            received=_received(),
        )
        .order_by("account__channel", "account__name", "-created_at", "-pk")
        .values(
            "pk", "page_id", "account_id", "account__channel", "account__name", "state", "url",
            "published_at", "error_text", "told_reads", "told_likes", "told_shares",
            "told_comments", "as_of", "received",
        )
    )  # fmt: skip
    by_account: dict[tuple[int, int], list[dict]] = defaultdict(list)
    for delivery in deliveries:
        by_account[delivery["page_id"], delivery["account_id"]].append(delivery)
    lines: dict[int, list[AccountLine]] = defaultdict(list)
    for (page_id, _account), found in by_account.items():
        lines[page_id].append(_account_line(found))
    return lines


def _account_line(deliveries: list[dict]) -> AccountLine:
    """The line of one account; a story that went out there twice has the sum of both."""
    standing = min(deliveries, key=lambda delivery: _STANDING[delivery["state"]])
    return AccountLine(
        delivery_id=standing["pk"],
        channel=standing["account__channel"],
        name=standing["account__name"],
        state=standing["state"],
        state_label=Delivery.State(standing["state"]).label,
        reason=standing["error_text"],
        url=standing["url"],
        published_at=standing["published_at"],
        as_of=standing["as_of"],
        reads=known_sum(delivery["told_reads"] for delivery in deliveries),
        likes=known_sum(delivery["told_likes"] for delivery in deliveries),
        shares=known_sum(delivery["told_shares"] for delivery in deliveries),
        # The platform counts what it hides as well, and we may hear of a comment before it counts.
        comments=known_sum(
            known_max(delivery["told_comments"], delivery["received"]) for delivery in deliveries
        ),
    )
