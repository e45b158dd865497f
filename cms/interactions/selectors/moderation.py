"""The moderators' queue, and what they look at before they decide."""

import math
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions.models import (
    Appeal,
    CommentReport,
    Measure,
    ModerationEvent,
    ModerationItem,
    SavedAnswer,
    UnionComment,
)
from cms.interactions.models.moderation import user_key, user_of_key
from cms.interactions.origins import comment_id, reply_id
from cms.interactions.selectors.ids import as_id
from cms.matrix.models import Reply
from cms.members.models import Role, Union, User
from cms.members.selectors import unions_for, user_has_role, users_with_role
from cms.news import pagecache

STORIES_IN_FILTER = 50
HISTORY_SHOWN = 5
#: The tag of the page cache that moves with every measure.
MEASURES = "measures"
MODERATOR_ROLES = (Role.MODERATOR, Role.ADMIN)
State = ModerationItem.State

#: The desk's tabs: name → (label, which items).
QUEUES = {
    "pending": (_("待审"), Q(state=State.PENDING)),
    "appeals": (_("申诉"), Q(appealed=True)),
    "reports": (_("被举报"), Q(reports__gt=0, state=State.APPROVED)),
    "approved": (_("已通过"), Q(state=State.APPROVED)),
    "rejected": (_("未通过"), Q(state=State.REJECTED)),
    "withdrawn": (_("已撤回"), Q(state=State.WITHDRAWN)),
}
#: Those in which somebody waits: the oldest first, nobody is forgotten.
WAITING = ("pending", "appeals", "reports")


# --- Who may --------------------------------------------------------------------------------------


def moderated_unions(user) -> QuerySet[Union]:
    """The unions whose readers' words `user` may decide on."""
    return unions_for(user, *MODERATOR_ROLES)


def items_for(user) -> QuerySet[ModerationItem]:
    """The items `user` may decide on, oldest first. One without a union is the superuser's."""
    items = ModerationItem.objects.all()
    return items if user.is_superuser else items.filter(union__in=moderated_unions(user))


def saved_answers(user) -> QuerySet[SavedAnswer]:
    """The ready answers of one's own unions."""
    return SavedAnswer.objects.filter(union__in=moderated_unions(user)).select_related("union")


def may_lift(user, measure: Measure) -> bool:
    """Who may decide on the text that led to a measure may end it; a closed account is opened by
    administrators, as it was closed; nobody helps himself."""
    if measure.author_key == user_key(user):
        return False
    item = measure.item
    if measure.kind == Measure.Kind.BAR and not may_bar(user, item.union if item else None):
        return False
    return item is None or items_for(user).filter(pk=item.pk).exists()


def may_bar(user, union: Union | None) -> bool:
    """Closing somebody's account is for administrators of the union where it was earned; where
    none is known, of any."""
    return user_has_role(user, Role.ADMIN, union)


def colleagues(item: ModerationItem) -> QuerySet[User]:
    """Those to whom an item can be handed on."""
    if item.union is None:
        return User.objects.filter(is_superuser=True, is_active=True)
    found = users_with_role(Role.MODERATOR, item.union) | users_with_role(Role.ADMIN, item.union)
    return found.distinct().order_by("last_name", "first_name", "pk")


# --- The queue ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """How the desk is narrowed; what is no such thing finds nothing."""

    queue: str = "pending"
    source: str = ""
    story: str = ""
    level: str = ""
    mine: str = ""
    person: str = ""


def narrowed(items: QuerySet[ModerationItem], asked: Asked, user) -> QuerySet[ModerationItem]:
    if asked.source:
        known = asked.source in ModerationItem.Source.values
        items = items.filter(source=asked.source) if known else items.none()
    if asked.story:
        items = items.filter(story=as_id(asked.story) or 0)
    if asked.level:
        items = items.filter(level__gte=as_id(asked.level) or 0)
    if asked.mine == "me":
        items = items.filter(assigned_to=user)
    elif asked.mine == "free":
        items = items.filter(assigned_to=None)
    return items.filter(author_key=_key_of(asked.person, user)) if asked.person else items


def _key_of(item_id: str, user) -> str:
    """A person is named by one of his items: keys hold other platforms' ids. By one that `user`
    may see: trying out numbers tells nothing of the rest."""
    keys = items_for(user).filter(pk=as_id(item_id) or 0).values_list("author_key", flat=True)
    return keys.first() or "-"


def queue(items: QuerySet[ModerationItem], name: str) -> QuerySet[ModerationItem]:
    """The rows of one tab in order. Of what waits with the same words, the first stands for all."""
    rows = items.filter(QUEUES[name][1])
    if name == "pending":
        first = rows.order_by().values("fingerprint").annotate(first=Min("pk")).values("first")
        rows = rows.filter(pk__in=first)
    order = ("waiting_since", "pk") if name in WAITING else ("-decided_at", "-pk")
    return rows.select_related("story", "union", "decided_by", "assigned_to").order_by(*order)


def queue_counts(items: QuerySet[ModerationItem]) -> dict[str, int]:
    """Items in each tab, zero included; one query."""
    return items.order_by().aggregate(
        **{name: Count("pk", filter=which) for name, (_label, which) in QUEUES.items()}
    )


def stories_spoken_of(items) -> list[tuple[int, str]]:
    """(id, title) of the stories that `items` are about, newest story first."""
    rows = items.filter(story__isnull=False).order_by("-story_id")
    return list(rows.values_list("story_id", "story__title").distinct()[:STORIES_IN_FILTER])


def twins(items) -> dict[str, int]:
    """For the fingerprints of `items`: how many items of any union say the same."""
    counted = (
        ModerationItem.objects.filter(fingerprint__in={item.fingerprint for item in items})
        .values_list("fingerprint")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {fingerprint: number for fingerprint, number in counted if number > 1}


# --- One item and its person ----------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """What is known of an author: figures of all time, the latest texts, measures in force."""

    said: int
    refused: int
    latest: list[ModerationItem]
    measures: list[Measure]
    has_account: bool
    next_step: str

    @property
    def in_force(self) -> list[Measure]:
        return [measure for measure in self.measures if measure.is_in_force]


#: The ladder: what is proposed after so many refusals within LADDER_DAYS. People decide.
LADDER = ((8, Measure.Kind.BLOCK), (5, Measure.Kind.HOLD), (3, Measure.Kind.WARNING))
LADDER_DAYS = 90


def person_of(item: ModerationItem) -> Person:
    said = ModerationItem.objects.filter(author_key=item.author_key)
    since = timezone.now() - timedelta(days=LADDER_DAYS)
    figures = said.aggregate(
        said=Count("pk"),
        refused=Count("pk", filter=Q(state=State.REJECTED)),
        lately=Count("pk", filter=Q(state=State.REJECTED, decided_at__gt=since)),
    )
    measures = list(Measure.objects.filter(author_key=item.author_key).select_related("by"))
    has_account = user_of_key(item.author_key) is not None
    return Person(
        said=figures["said"],
        refused=figures["refused"],
        latest=list(said.exclude(pk=item.pk).order_by("-said_at", "-pk")[:HISTORY_SHOWN]),
        measures=measures,
        has_account=has_account,
        next_step=next_step(figures["lately"], measures) if has_account else "",
    )


def next_step(refused_lately: int, measures: list[Measure]) -> str:
    """The step of the ladder that is proposed; "" when there is none to take."""
    taken = {measure.kind for measure in measures if measure.is_in_force}
    for least, kind in LADDER:
        if refused_lately >= least:
            return "" if kind in taken else str(kind)
    return ""


def measure_silencing(user) -> Measure | None:
    """The measure that keeps `user` from speaking now. They are few and everybody who writes is
    looked for among them: held in the process until one is taken or lifted."""
    measures = pagecache.remember(MEASURES, _silencing, until_touched=MEASURES)
    of_user = [measure for measure in measures.get(user_key(user), ()) if measure.is_in_force]
    return of_user[0] if of_user else None


def _silencing() -> dict[str, list[Measure]]:
    """author key → what silences that person, what lasts longest first."""
    found: dict[str, list[Measure]] = {}
    for measure in Measure.objects.in_force().filter(kind__in=Measure.SILENCING):
        found.setdefault(measure.author_key, []).append(measure)
    for measures in found.values():
        measures.sort(
            key=lambda measure: measure.until.timestamp() if measure.until else math.inf,
            reverse=True,
        )
    return found


@dataclass(frozen=True)
class Around:
    """What stands around one item on the desk."""

    item: ModerationItem
    person: Person
    comment: UnionComment | None
    answered: str
    reply: Reply | None
    appeal: Appeal | None
    reports: list[CommentReport]
    events: list[ModerationEvent]
    copies: int
    #: The author's id as a person of this site, or None.
    author_id: int | None


def around(item: ModerationItem) -> Around:
    comment = UnionComment.norel_objects.filter(pk=comment_id(item.origin) or 0).first()
    reply = _reply_of(item)
    return Around(
        item=item,
        person=person_of(item),
        comment=comment,
        answered=_answered(comment, reply),
        reply=reply,
        appeal=item.appeals.filter(state=Appeal.State.OPEN).select_related("refusal").first(),
        reports=list(comment.reports.filter(outcome="")) if comment else [],
        events=list(item.events.select_related("by").order_by("number")),
        copies=ModerationItem.objects.filter(
            fingerprint=item.fingerprint, state=State.PENDING
        ).count(),
        author_id=user_of_key(item.author_key),
    )


def _reply_of(item: ModerationItem) -> Reply | None:
    number = reply_id(item.origin)
    return Reply.objects.select_related("account").filter(pk=number).first() if number else None


def _answered(comment: UnionComment | None, reply: Reply | None) -> str:
    """The words it answers, so that 「同意」 can be judged; "" when it stands alone."""
    if comment and comment.level:
        above = comment.answers_id or comment.thread_id
        texts = UnionComment.norel_objects.filter(pk=above).values_list("comment", flat=True)
        return texts.first() or ""
    if reply and reply.parent_external_id:
        above = Reply.objects.filter(
            account=reply.account, external_id=reply.parent_external_id
        ).values_list("text", flat=True)
        return above.first() or ""
    return ""


def open_refusal(item: ModerationItem) -> ModerationEvent | None:
    """The refusal of `item` that may still be appealed."""
    if item.state != State.REJECTED:
        return None
    refusal = item.events.filter(action=ModerationEvent.Action.REJECTED).order_by("number").last()
    return None if refusal is None or Appeal.objects.filter(refusal=refusal).exists() else refusal
