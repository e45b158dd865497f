"""What comes back: utterances of readers, and what platforms counted."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.matrix.channels import base
from cms.matrix.channels.base import ReplyIn
from cms.matrix.gateway import open_channel
from cms.matrix.lifecycle import State
from cms.matrix.models import AccountSnapshot, ChannelAccount, Delivery, Reply, StatSnapshot
from cms.matrix.services.inbox import reply_refresh
from cms.matrix.signals import reply_received

ASKED_FOR_DAYS = 90
TARGETS_PER_ACCOUNT = 40
DAYS_LOOKED_BACK = 3


def reply_take_in(*, account: ChannelAccount, reply: ReplyIn, delivery: Delivery | None) -> bool:
    """Keep one utterance; False when it was here already. Hands new ones up after commit."""
    try:
        with transaction.atomic():
            row, new = Reply.objects.get_or_create(
                account=account,
                external_id=reply.external_id[:120],
                defaults={
                    "delivery": delivery,
                    "kind": reply.kind,
                    "author_key": f"{account.channel}:{reply.author_key}"[:120],
                    "author_name": reply.author_name[:60],
                    "text": reply.text.replace("\x00", "")[:2000],
                    "posted_at": reply.posted_at,
                    "parent_external_id": reply.parent_external_id[:120],
                    # Under an item that is no delivery of ours an answer still needs its ids.
                    "extra": {
                        **reply.extra,
                        **({} if delivery else {"target": dict(reply.target)}),
                    },
                },
            )
            reply_refresh(reply=row, seen=reply)
            if new:
                transaction.on_commit(
                    lambda: reply_received.send(sender=Reply, reply=row), robust=True
                )
            return new
    except IntegrityError:
        return False  # Another worker took the same one in at the same moment.


def replies_fetch(*, account: ChannelAccount, at_once: bool = False) -> int:
    """Ask a platform what readers said; returns how many utterances were new.

    Items are asked about at the channel's pace, all of them with `at_once`. An error leaves the
    old cursor, so nothing is skipped.
    """
    with open_channel(account) as channel:
        due = _due(account, "replies_read_at", channel.reply_pace, at_once)
        if not due:
            return 0
        replies, cursor = channel.replies([delivery.external for delivery in due], account.cursor)
    new = sum(
        reply_take_in(account=account, reply=reply, delivery=_match(account, due, reply.target))
        for reply in replies
    )
    ChannelAccount.objects.filter(pk=account.pk).update(cursor=dict(cursor))
    _asked(due, "replies_read_at")
    return new


def figures_take(*, account: ChannelAccount, at_once: bool = False) -> int:
    """Keep the platform's counters as they stand; returns how many items it told of.

    A later figure for a day re-states that day (`taken_at` tells when).
    """
    today = timezone.localdate()
    with open_channel(account) as channel:
        due = _due(account, "figures_taken_at", channel.figure_pace, at_once)
        if not due:
            return 0
        figures = channel.figures([delivery.external for delivery in due], today)
    for figure in figures:
        delivery = _match(account, due, figure.target)
        if delivery:
            StatSnapshot.objects.update_or_create(
                delivery=delivery,
                day=figure.as_of,
                defaults={
                    "reads": figure.reads,
                    "likes": figure.likes,
                    "shares": figure.shares,
                    "comments": figure.comments,
                    "extra": dict(figure.extra),
                    "delayed": figure.delayed,
                },
            )
    _asked(due, "figures_taken_at")
    return len(figures)


def days_wanted(*, account: ChannelAccount, last) -> list:
    """Days up to `last` whose account figures are missing or incomplete, oldest first."""
    asked = [last - timedelta(days=back) for back in range(DAYS_LOOKED_BACK)]
    whole = set(
        AccountSnapshot.objects.filter(account=account, day__in=asked, delayed=False).values_list(
            "day", flat=True
        )
    )
    return sorted(day for day in asked if day not in whole)


def account_figures_take(*, account: ChannelAccount, day) -> AccountSnapshot | None:
    """Keep what a platform counted for the whole account on `day`; None when it tells nothing.

    A later answer re-states the day; the platform's own "delayed" mark stays beside it.
    """
    with open_channel(account) as channel:
        figures = channel.account_figures(day)
    if figures is None:
        return None
    counted = {
        name: getattr(figures, name)
        for name in (
            "followers", "new_followers", "lost_followers", "reads", "likes", "shares", "comments",
            "posts", "delayed",
        )
    }  # fmt: skip
    snapshot, _made = AccountSnapshot.objects.update_or_create(
        account=account,
        day=figures.day,
        defaults={**counted, "extra": dict(figures.extra)},
    )
    return snapshot


def _due(account: ChannelAccount, stamp: str, pace: base.Pace, at_once: bool) -> list[Delivery]:
    """The published items it is time to ask about, newest first."""
    now = timezone.now()
    since = now - timedelta(days=ASKED_FOR_DAYS)
    published = Delivery.objects.filter(
        account=account, state=State.PUBLISHED, published_at__gte=since
    ).order_by("-published_at")[:TARGETS_PER_ACCOUNT]
    return [
        delivery
        for delivery in published
        if at_once
        or getattr(delivery, stamp) is None
        or (now - getattr(delivery, stamp)).total_seconds()
        >= pace.interval((now - delivery.published_at).total_seconds())
    ]


def _asked(deliveries: list[Delivery], stamp: str) -> None:
    pks = [delivery.pk for delivery in deliveries]
    Delivery.objects.filter(pk__in=pks).update(**{stamp: timezone.now()})


def _match(account: ChannelAccount, asked: list[Delivery], target) -> Delivery | None:
    """The delivery whose external ids hold everything that `target` names.

    Weibo answers for all posts at once, so the item need not be among those asked about.
    """
    wanted = dict(target)
    if not wanted:
        return None
    for delivery in asked:
        if all(delivery.external.get(name) == value for name, value in wanted.items()):
            return delivery
    ids = {f"external__{name}": value for name, value in wanted.items() if name in ("mid",)}
    return Delivery.objects.filter(account=account, **ids).first() if ids else None
