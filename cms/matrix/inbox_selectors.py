"""Reads of the inbox: who sees what, narrowed, a page of it, one reader's conversation."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.matrix.ages import ago
from cms.matrix.models import ChannelAccount, Reply, ReplyAct
from cms.matrix.services import inbox
from cms.members.models import Membership, Role, Union, User
from cms.members.selectors import unions_for, users_with_role

ROLES = (Role.EDITOR, Role.MODERATOR, Role.MANAGER, Role.ADMIN)
PER_PAGE = 30
# One reader's conversation, newest ones.
CONVERSATION = 100
STATES = {
    "unread": Q(read_at=None, deleted_at=None),
    "open": Q(answered_at=None, deleted_at=None),
    "elected": Q(elected=True, deleted_at=None),
    "deleted": Q(deleted_at__isnull=False),
}
Kind = ReplyAct.Kind


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; nothing a person can put into the address is an error."""

    account: int = 0
    channel: str = ""
    kind: str = ""
    state: str = ""
    words: str = ""


@dataclass
class Row:
    """A reply as the list shows it. `acts`: the last of each kind, unless it is done;
    `refused`: kind of act → why it cannot be done; `window`: how long it may be answered."""

    reply: Reply
    acts: list[ReplyAct]
    refused: dict[str, str] = field(default_factory=dict)
    window: str = ""
    limit: int = 0
    halves: bool = False

    @property
    def age(self) -> str:
        """How long ago it was said, in one unit."""
        return ago(self.reply.posted_at)

    @property
    def moves(self) -> bool:
        """Something is on its way: it looks different in a moment."""
        soon = timezone.now() + timedelta(minutes=1)
        return any(
            (act.state in ReplyAct.OPEN and act.next_try_at and act.next_try_at < soon)
            or act.state == ReplyAct.State.SENDING
            for act in self.acts
        )

    @property
    def answering(self) -> bool:
        """An answer is on its way: no second one beside it."""
        return any(act.kind == Kind.ANSWER and act.state in ReplyAct.OPEN for act in self.acts)

    @property
    def draft(self) -> str:
        """The words of an answer that failed, to be mended."""
        failed = ReplyAct.State.FAILED
        kept = (act.text for act in self.acts if act.kind == Kind.ANSWER and act.state == failed)
        return next(kept, "")


def has_role(user: User) -> bool:
    """Whether a person has to do with the inbox of any union."""
    return user.is_superuser or Membership.objects.filter(user=user, role__in=ROLES).exists()


def accounts_for(user: User) -> QuerySet[ChannelAccount]:
    """The accounts whose comments and messages a person sees and may answer."""
    return ChannelAccount.objects.filter(union__in=unions_for(user, *ROLES))


def replies_for(user: User) -> QuerySet[Reply]:
    """What a person sees, the newest first."""
    found = Reply.objects.select_related(
        "account__union", "delivery__page", "handler", "read_by", "answered_by"
    ).prefetch_related(Prefetch("acts", _acts()))
    if user.is_superuser:
        return found
    return found.filter(account__union__in=unions_for(user, *ROLES))


def _acts() -> QuerySet[ReplyAct]:
    """What people did; notices that went out by themselves are none of it."""
    return ReplyAct.objects.exclude(kind=Kind.NOTICE).select_related("by")


def acts_for(user: User) -> QuerySet[ReplyAct]:
    """Acts on the replies a person sees."""
    return ReplyAct.objects.filter(reply__in=replies_for(user).order_by().values("pk"))


def narrowed(replies: QuerySet[Reply], asked: Asked, user: User) -> QuerySet[Reply]:
    """Those of `replies` that are asked for. Without a state: all that are not deleted."""
    replies = _filtered(replies, asked)
    if asked.state == "mine":
        return replies.filter(handler=user, deleted_at=None)
    if asked.state == "stuck":
        return replies.filter(Exists(_stuck()))
    return replies.filter(STATES.get(asked.state, Q(deleted_at=None)))


def _filtered(replies: QuerySet[Reply], asked: Asked) -> QuerySet[Reply]:
    """By all that is asked for but the state."""
    if asked.account:
        replies = replies.filter(account=asked.account)
    if asked.channel:
        replies = replies.filter(account__channel=asked.channel)
    if asked.kind in Reply.Kind.values:
        replies = replies.filter(kind=asked.kind)
    for word in asked.words.split()[:5]:
        replies = replies.filter(Q(text__icontains=word) | Q(author_name__icontains=word))
    return replies


def _stuck() -> QuerySet[ReplyAct]:
    """Acts that need a person, and after which nobody has done the same."""
    later = ReplyAct.objects.filter(
        reply=OuterRef("reply"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
    )
    waits = Q(state=ReplyAct.State.UNKNOWN, next_try_at=None) | Q(
        Q(state=ReplyAct.State.FAILED), ~Q(error_code=inbox.CANCELLED)
    )
    return ReplyAct.objects.filter(waits, ~Exists(later), reply=OuterRef("pk"))


def counts(user: User, asked: Asked) -> dict[str, int]:
    """How many of what is asked for are unread, unanswered and one's own; one query."""
    found = replies_for(user).order_by().prefetch_related(None).select_related(None)
    return _filtered(found, asked).aggregate(
        unread=Count("pk", filter=STATES["unread"]),
        open=Count("pk", filter=STATES["open"]),
        mine=Count("pk", filter=Q(handler=user, deleted_at=None)),
    )


def unread(user: User) -> int:
    """How many nobody has read yet."""
    found = replies_for(user).order_by().prefetch_related(None).select_related(None)
    return found.filter(STATES["unread"]).count()


def page_before(replies: QuerySet[Reply], before: int) -> tuple[list[Reply], int]:
    """The newest PER_PAGE of `replies` that are older than the one with the key `before` (0: of
    all), and the key to go on with (0: no more). As quick far back as at the top."""
    last = Reply.objects.filter(pk=before).values_list("posted_at", "pk").first()
    if last:
        at, pk = last
        replies = replies.filter(Q(posted_at__lt=at) | Q(posted_at=at, pk__lt=pk))
    found = list(replies[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    return shown, shown[-1].pk if len(found) > PER_PAGE else 0


def rows(replies: list[Reply]) -> list[Row]:
    """What may be done with each; one query for all of them."""
    said = inbox.last_said(replies)
    return [_row(reply, said.get((reply.account_id, reply.author_key))) for reply in replies]


def _row(reply: Reply, said: datetime | None) -> Row:
    last = {act.kind: act for act in reply.acts.all()}
    return Row(
        reply=reply,
        acts=[act for act in last.values() if act.state != ReplyAct.State.DONE],
        refused={kind: why for kind in Kind.values if (why := inbox.why_not(reply, kind, said))},
        window=_window(reply, said),
        limit=inbox.answer_limit(reply),
        halves=inbox.counts_halves(reply),
    )


def _window(reply: Reply, said: datetime | None) -> str:
    until = inbox.answer_window(reply, said)
    if until is None or until <= timezone.now() or reply.deleted_at:
        return ""
    minutes = int((until - timezone.now()).total_seconds() // 60)
    if minutes < 60:
        return _("还可回复 %(minutes)d 分钟") % {"minutes": max(minutes, 1)}
    return _("还可回复 %(hours)d 小时") % {"hours": minutes // 60}


def conversation(user: User, reply: Reply) -> list[Reply]:
    """What the same reader said on the same account, the oldest first.

    Readers whom the platform does not name are not taken for one person.
    """
    found = replies_for(user).filter(account=reply.account_id)
    if reply.author_key == f"{reply.account.channel}:":
        found = found.filter(pk=reply.pk)
    else:
        found = found.filter(author_key=reply.author_key)
    return list(reversed(found[:CONVERSATION]))


def people_for(union: Union) -> QuerySet[User]:
    """Who may be given a reply of an account of `union`."""
    found = User.objects.none()
    for role in ROLES:
        found = found | users_with_role(role, union)
    return found.distinct().order_by("last_name", "first_name", "username")
