"""Reads for a story's distribution page: who may see it and act, and where the story stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cms.matrix import selectors
from cms.matrix.channels.base import Capability
from cms.matrix.lifecycle import BEFORE, ENDED, GONE_OUT, MOVING, State
from cms.matrix.models import ChannelAccount, Delivery, DeliveryEvent
from cms.members.models import Role, User
from cms.members.selectors import unions_for
from cms.news.models import StoryPage
from cms.news.models.review import union_of

ACTORS = (Role.EDITOR, Role.FINAL_REVIEWER, Role.ADMIN)
# What is public is taken back by those who answer for it.
WITHDRAWERS = (Role.FINAL_REVIEWER, Role.ADMIN)
ON_PLATFORM = (State.PUBLISHED, State.NEEDS_CONSOLE, State.TAKEN_DOWN)


@dataclass(frozen=True)
class Rights:
    """What a person may do with a story's deliveries."""

    see: bool
    act: bool
    withdraw: bool


def rights_on(page: StoryPage, user: User) -> Rights:
    """By the person's roles in the story's union and above it."""
    union = union_of(page)

    def holds(*roles: Role) -> bool:
        return union is not None and unions_for(user, *roles).filter(pk=union.pk).exists()

    change = user.has_perm("matrix.change_delivery")
    return Rights(
        see=user.has_perm("matrix.view_delivery") and holds(*selectors.READERS),
        act=change and holds(*ACTORS),
        withdraw=change and holds(*WITHDRAWERS),
    )


@dataclass
class Row:
    """One account of a story: its delivery now (None: not sent in yet), and those before it."""

    account: ChannelAccount
    delivery: Delivery | None = None
    earlier: list[Delivery] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Stays the same while the page refreshes itself."""
        return f"d{self.delivery.pk}" if self.delivery else f"a{self.account.pk}"

    @property
    def moving(self) -> bool:
        """Whether the machine will change it soon by itself."""
        return self.delivery is not None and is_moving(self.delivery)

    @property
    def paused(self) -> bool:
        return self.account.state == ChannelAccount.State.PAUSED


def is_moving(delivery: Delivery) -> bool:
    """Whether it changes soon by itself. A fixed hour, or a person's hand, is not soon."""
    if delivery.wish:
        return not delivery.todo
    return delivery.state in MOVING and delivery.state != State.SCHEDULED


def rows_of(page: StoryPage) -> list[Row]:
    """One row an account; a delivery that is not over has a row even when a newer one exists.

    `page` is the text as it is written now: the accounts it names stand here before it is sent in.
    The same number of queries however many accounts.
    """
    events = DeliveryEvent.objects.select_related("by").order_by("at", "pk")
    deliveries = (
        Delivery.objects.filter(page_id=page.pk)
        .select_related("account")
        .prefetch_related(Prefetch("events", events))
        .order_by("-pk")
    )
    rows: list[Row] = []
    newest: dict[int, Row] = {}
    for delivery in deliveries:
        if delivery.account_id not in newest:
            newest[delivery.account_id] = Row(delivery.account, delivery)
            rows.append(newest[delivery.account_id])
        elif delivery.state in ENDED:
            newest[delivery.account_id].earlier.append(delivery)
        else:
            rows.append(Row(delivery.account, delivery))
    rows += [Row(account) for account in _chosen(page) if account.pk not in newest]
    return sorted(rows, key=lambda row: (row.account.channel, row.account.name))


def _chosen(page: StoryPage) -> Iterable[ChannelAccount]:
    pks = {version.account_id for version in page.channel_versions.all()}
    return ChannelAccount.objects.filter(pk__in=pks)


@dataclass(frozen=True)
class Fate:
    """What withdrawing would do to one delivery; `by_hand`: a person has to do it."""

    delivery: Delivery
    words: str
    by_hand: bool = False


def fates(rows: Iterable[Row]) -> list[Fate]:
    """What "withdraw everywhere" does, delivery by delivery; nothing for what is over."""
    deliveries = [row.delivery for row in rows if row.delivery]
    return [_fate(one) for one in deliveries if one.state not in ENDED]


def _fate(delivery: Delivery) -> Fate:
    by_itself = delivery.account.may(Capability.WITHDRAW)
    if delivery.state in (*BEFORE, State.FAILED):
        return Fate(delivery, _("还没有发出，直接取消。"))
    if delivery.state in GONE_OUT and delivery.state not in ON_PLATFORM:
        if by_itself:
            return Fate(delivery, _("正在提交。等平台有了结果，系统自动删除。"))
        return Fate(delivery, _("正在提交。发出以后，要有人登录平台手动删除。"), by_hand=True)
    if by_itself:
        return Fate(delivery, _("系统自动从平台删除。"))
    return Fate(delivery, _("平台不让程序删除，要有人登录平台手动删除。"), by_hand=True)
