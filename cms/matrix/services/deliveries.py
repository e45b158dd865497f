"""Making deliveries: drafted when a story is sent in, approved when it is published.

What was approved is sealed: the payload, its hash, and a signature over account, revision, way and
hash. Nothing is sent whose seal does not hold.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from cms.matrix.channels.base import Channel, Payload
from cms.matrix.gateway import open_channel, overrides_of, story_of
from cms.matrix.lifecycle import BEFORE, GONE_OUT, State, free, move
from cms.matrix.models import ChannelAccount, ChannelVersion, Delivery


class SealBroken(ValueError):
    """What is about to be sent is not what was approved."""


@transaction.atomic
def deliveries_draft(*, page, revision: Revision, by=None) -> list[Delivery]:
    """A story goes into review: its accounts stand on the board. `page` is the reviewed text.

    The rows are also the proof of what has to be made when the story is published: should that
    be lost, `deliveries_approve_missed` finds them.
    """
    drafted = []
    for version in _versions(page):
        if not Delivery.objects.filter(
            page_id=page.pk, account=version.account, state__in=(*BEFORE, *GONE_OUT)
        ).exists():
            drafted.append(
                Delivery.objects.create(
                    page_id=page.pk,
                    account=version.account,
                    revision=revision,
                    title=version.title or page.title,
                )
            )
    _cancel_others(page, {version.account_id for version in _versions(page)}, by)
    return drafted


@transaction.atomic
def deliveries_approve(
    *, page, revision: Revision, by=None, only: ChannelAccount | None = None
) -> list[Delivery]:
    """Seal one delivery for each account that the published revision names. Idempotent.

    Returns those that may leave now. What has already gone out to an account does not go out a
    second time: that delivery is marked `outdated`. `only` makes it for one account (撤回重发).
    """
    versions = [v for v in _versions(page) if only is None or v.account_id == only.pk]
    ready = []
    shaped = _Shaper(page)
    known = _by_account(page)
    for version in versions:
        earlier = known[version.account_id]
        if only is None and _is_out(earlier, revision):
            continue
        for failed in (d for d in earlier if d.state == State.FAILED):
            move(failed, State.CANCELLED, by=by, why=_("由新版本代替"), next_try_at=None)
        delivery = next((d for d in earlier if d.state in BEFORE), None)
        if delivery is None:
            delivery = Delivery(page_id=page.pk, account=version.account, title=page.title)
            delivery.save()
        if delivery.revision_id != revision.pk or delivery.state == State.DRAFT:
            _seal(delivery, version, revision, page.title, shaped(version), by)
        if delivery.state == State.APPROVED:
            ready.append(delivery)
    if only is None:
        _cancel_others(page, {version.account_id for version in versions}, by)
    return ready


def _by_account(page) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(page_id=page.pk):
        found[delivery.account_id].append(delivery)
    return found


def _is_out(earlier: list[Delivery], revision: Revision) -> bool:
    """Whether the account has the story already, or has had this very revision."""
    out = [delivery for delivery in earlier if delivery.state in GONE_OUT]
    for delivery in out:
        if delivery.revision_id != revision.pk and not delivery.outdated:
            Delivery.objects.filter(pk=delivery.pk).update(outdated=True)
    ended = (d for d in earlier if d.state not in BEFORE)
    return bool(out) or any(delivery.revision_id == revision.pk for delivery in ended)


def deliveries_approve_missed() -> list[Delivery]:
    """Approve what a published story should have sent, but a failure came between.

    A draft was made for the revision that was sent in; the one that is live now is that one or a
    later one (a draft that had been approved before: a later one).
    """
    live = Q(seal="", page__live_revision_id__gte=F("revision_id")) | Q(
        ~Q(seal=""), page__live_revision_id__gt=F("revision_id")
    )
    missed = Delivery.objects.filter(live, state=State.DRAFT, page__live=True)
    pages = Page.objects.filter(pk__in=missed.values("page_id")).select_related("live_revision")
    ready = []
    for page in pages.specific():
        ready += deliveries_approve(page=page, revision=page.live_revision)
    return ready


@transaction.atomic
def deliveries_reopen(*, page_id: int, newer_than: int, by=None) -> int:
    """The text was edited after it was approved: what has not left waits for a new review."""
    waiting = (
        Delivery.objects.select_for_update()
        .filter(
            page_id=page_id,
            state__in=(State.APPROVED, State.SCHEDULED),
            revision_id__lt=newer_than,
        )
        .filter(free())
    )
    for delivery in waiting:
        why = _("稿件签发后又有修改，重新审稿通过后再发")
        move(delivery, State.DRAFT, by=by, why=why, next_try_at=None, error_text=why)
    return len(waiting)


def sealed_payload(delivery: Delivery) -> Payload:
    """The approved payload. Raises SealBroken when it is not exactly what was sealed."""
    payload = Payload.from_json(delivery.payload)
    expected = seal_of(delivery, payload.content_hash)
    if not constant_time_compare(delivery.seal, expected):
        raise SealBroken(delivery.pk)
    return payload


def seal_of(delivery: Delivery, content_hash: str) -> str:
    """A signature over what was approved, for whom, and how it is to go out."""
    parts = (delivery.account_id, delivery.revision_id, delivery.way, content_hash)
    return salted_hmac("cms.matrix.seal", ":".join(map(str, parts)), algorithm="sha256").hexdigest()


def _seal(
    delivery, version: ChannelVersion, revision: Revision, page_title: str, payload: Payload, by
) -> None:
    now = timezone.now()
    scheduled = bool(version.send_at and version.send_at > now)
    delivery.revision, delivery.way = revision, version.way
    move(
        delivery,
        State.SCHEDULED if scheduled else State.APPROVED,
        by=by,
        why=_("已签发，定时发出") if scheduled else _("已签发"),
        revision=revision,
        way=version.way,
        send_at=version.send_at,
        title=version.title or page_title,
        payload=payload.to_json(),
        content_hash=payload.content_hash,
        seal=seal_of(delivery, payload.content_hash),
        likeness=payload.likeness(),
        approved_by=by,
        error_text="",
        error_code="",
        error_class="",
        attempts=0,
        next_try_at=version.send_at if scheduled else now,
    )


class _Shaper:
    """Payloads of one story. The same words for a hundred accounts of a kind are shaped once."""

    def __init__(self, page):
        self._page = page
        self._story = None
        self._made: dict[tuple, Payload] = {}

    def __call__(self, version: ChannelVersion) -> Payload:
        overrides = overrides_of(version)
        key = (version.account.channel, overrides.title, overrides.digest, overrides.text,
               overrides.tail, overrides.cover and overrides.cover.key)  # fmt: skip
        if key not in self._made:
            self._story = self._story or story_of(self._page)
            with open_channel(version.account) as channel:
                self._made[key] = channel.render(self._story, overrides)
        return self._made[key]


def delivery_send_anew(*, delivery: Delivery, by=None) -> list[Delivery]:
    """撤回重发: the old one is gone, the story as it is published now goes out to its account."""
    page = delivery.page and delivery.page.specific
    if page is None or not page.live or not page.live_revision_id:
        return []
    return deliveries_approve(page=page, revision=page.live_revision, by=by, only=delivery.account)


def payload_of(page, version: ChannelVersion, channel: Channel) -> Payload:
    """What would go out for `version` if `page` were published as it stands."""
    return channel.render(story_of(page), overrides_of(version))


def _versions(page: Page) -> list[ChannelVersion]:
    accounts = ChannelAccount.objects.in_bulk(
        {version.account_id for version in page.channel_versions.all()}
    )
    versions = [v for v in page.channel_versions.all() if v.account_id in accounts]
    for version in versions:
        version.account = accounts[version.account_id]
    return versions


def _cancel_others(page, chosen: Iterable[int], by) -> None:
    """Accounts that the story names no longer get nothing."""
    dropped = Delivery.objects.filter(page_id=page.pk, state__in=BEFORE).filter(free())
    for delivery in dropped.exclude(account__in=chosen):
        move(delivery, State.CANCELLED, by=by, why=_("稿件不再发到这个账号"), next_try_at=None)
