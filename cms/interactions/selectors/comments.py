"""The comments of a story, whether it takes any, and what one person has waiting there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, QuerySet, Window, prefetch_related_objects
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_comments.models import CommentFlag
from django_comments_xtd.models import LIKEDIT_FLAG
from wagtail.models import Page

from cms.interactions.models import CommentRule, ModerationItem, UnionComment
from cms.interactions.models.moderation import user_key
from cms.interactions.origins import comment_id
from cms.interactions.selectors.ids import as_id
from cms.news import pagecache
from cms.news.models.stories import StoryPage

THREADS_PER_PAGE = 50
#: Replies below a thread before it says 「查看全部」; then so many on a page of its own.
REPLIES_SHOWN = 5
REPLIES_PER_PAGE = 100
OWN_SHOWN = 10
OWN_LOOKED_AT = 50
#: What a person is shown of an item of one's own, without what the machine says of it.
OWN_FIELDS = ("origin", "text", "said_at", "state", "reason", "note", "decided_at")
EDIT_MINUTES = 5

#: 最热 is by what everybody can count: likes, then replies, then age (art. 12: nothing is promoted
#: unseen). 工会回复 puts first what the union has answered.
ORDERS = {
    "best": (_("最热"), ("-likes", "-replies", "-pk")),
    "newest": (_("最新"), ("-pk",)),
    "official": (_("工会回复"), ("-answered", "-pk")),
}
DEFAULT_ORDER = "best"
_COLUMNS = (
    "pk",
    "shown",
    "shown_name",
    "body_html",
    "submit_date",
    "likes",
    "replies",
    "official",
    "pinned_at",
    "edited_at",
    "user_id",
)


@dataclass(frozen=True)
class Threads:
    """One page of a story's threads, in `order`.

    `threads`: [{"id", "name", "html", "iso", "said", "likes", "official", "pinned", "edited",
    "user", "answers", "more", "replies": [the same]}]; of one whose first comment was withdrawn
    only "replies" and "more" (how many replies are not shown here) are there. `total`: comments of
    the story that are shown; `newest` the largest id among them, 0 without any. `before` and
    `after` are the numbers of the neighbouring pages, or None.
    """

    threads: list[dict]
    total: int
    newest: int
    order: str
    before: int | None
    after: int | None

    @property
    def orders(self) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _keys) in ORDERS.items()]


# --- The story, and whether it takes comments ----------------------------------------------------


def kept_story(pk: int) -> StoryPage | None:
    """The public story of this id without its text, held in this process until a page goes public
    or is withdrawn; None when there is none, or only some may read it."""
    return pagecache.remember(f"story:{pk}", lambda: _story(pk))


def _story(pk: int) -> StoryPage | None:
    page = Page.objects.live().filter(pk=pk).first()
    if page is None or not issubclass(page.specific_class or Page, StoryPage):
        return None
    story = page.specific_class.objects.defer("body").get(pk=pk)
    if story.get_view_restrictions():
        return None
    # Whose it is and where it stands are looked up once as well.
    story.union, story.get_url()
    return story


@dataclass(frozen=True)
class Talk:
    """Whether a story takes comments now; `opens_at` and `closes_at` when the clock decides."""

    is_open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def talk_of(page) -> Talk:
    """The story's own word, then its rule, then that of its section."""
    if not getattr(page, "allow_comments", False):
        return Talk(False)
    rules = pagecache.remember("comment-rules", _rules)
    rule = rules.get(page.path) or rules.get(page.path[: -Page.steplen])
    if rule is None:
        return Talk(True)
    return Talk(rule.is_open(), rule.opens_at, rule.closes_at)


def _rules() -> dict[str, CommentRule]:
    """Path of the page → its rule. They are few: most stories go by their section."""
    return {rule.page.path: rule for rule in CommentRule.objects.select_related("page")}


def takes_comments(page) -> bool:
    return talk_of(page).is_open


# --- Lists ----------------------------------------------------------------------------------------


def comment_threads(page, number: int = 1, order: str = DEFAULT_ORDER) -> Threads:
    """One page of the public comments on `page`, in three queries whatever their number."""
    order = order if order in ORDERS else DEFAULT_ORDER
    listed = UnionComment.norel_objects.filter(story=page.pk, listed=True)
    start = (number - 1) * THREADS_PER_PAGE
    keys = (F("pinned_at").desc(nulls_last=True), *ORDERS[order][1])
    rows = list(listed.order_by(*keys).values(*_COLUMNS)[start : start + THREADS_PER_PAGE + 1])
    roots = rows[:THREADS_PER_PAGE]
    replies = _first_replies([row["pk"] for row in roots if row["replies"]])
    total, newest = talk_size(page.pk)
    return Threads(
        threads=[_thread(row, replies.get(row["pk"], [])) for row in roots],
        total=total,
        newest=newest,
        order=order,
        before=number - 1 if number > 1 else None,
        after=number + 1 if len(rows) > THREADS_PER_PAGE else None,
    )


def talk_size(page_id: int) -> tuple[int, int]:
    """(how many comments are shown below a page, the largest id among them or 0)."""
    shown = UnionComment.norel_objects.filter(story=page_id, shown=True).order_by()
    size = shown.aggregate(total=Count("pk"), newest=Max("pk"))
    return size["total"], size["newest"] or 0


def _first_replies(roots: list[int]) -> dict[int, list[dict]]:
    """thread → its first REPLIES_SHOWN replies, the union's own before all others."""
    if not roots:
        return {}
    place = Window(
        RowNumber(),
        partition_by="thread_id",
        order_by=[F("official").desc(), F("xtdcomment_ptr_id").asc()],
    )
    rows = _replies(roots).annotate(place=place).filter(place__lte=REPLIES_SHOWN)
    found: dict[int, list[dict]] = {}
    for row in rows.order_by("thread_id", "place").values(
        *_COLUMNS, "thread_id", "answers__shown_name"
    ):
        found.setdefault(row["thread_id"], []).append(_comment(row))
    return found


def thread_head(root: UnionComment) -> dict:
    """The first comment of a thread as in Threads; without its words when it was withdrawn."""
    row = {name: getattr(root, name) for name in _COLUMNS}
    return {**_comment(row), "root": root.pk} if root.shown else {"root": root.pk}


def thread_replies(root: UnionComment, number: int = 1) -> tuple[list[dict], bool]:
    """(one page of a thread's replies as in Threads, whether there are more)."""
    start = (number - 1) * REPLIES_PER_PAGE
    rows = _replies([root.pk]).order_by("-official", "pk")
    rows = list(rows.values(*_COLUMNS, "answers__shown_name")[start : start + REPLIES_PER_PAGE + 1])
    return [_comment(row) for row in rows[:REPLIES_PER_PAGE]], len(rows) > REPLIES_PER_PAGE


def _replies(roots: list[int]) -> QuerySet[UnionComment]:
    return UnionComment.norel_objects.filter(thread_id__in=roots, level__gt=0, shown=True)


def _thread(row: dict, replies: list[dict]) -> dict:
    more = row["replies"] - len(replies)
    if not row["shown"]:
        return {"root": row["pk"], "replies": replies, "more": more}
    return {**_comment(row), "root": row["pk"], "replies": replies, "more": more}


def _comment(row: dict) -> dict:
    """Made ready here and not by template filters: a hundred comments are two hundred dates."""
    said = localtime(row["submit_date"])
    return {
        "id": str(row["pk"]),
        "name": row["shown_name"],
        "html": mark_safe(row["body_html"]),  # Escaped when it was written: words.as_html
        "iso": said.isoformat(timespec="minutes"),
        "said": f"{said.year}年{said.month}月{said.day}日 {said:%H:%M}",
        "likes": row["likes"],
        "official": row["official"],
        "pinned": bool(row["pinned_at"]),
        "edited": bool(row["edited_at"]),
        "user": row["user_id"],
        "answers": row.get("answers__shown_name") or "",
    }


def comment_counts(page_ids) -> dict[int, int]:
    """How many public comments each of these pages has; pages without any are left out."""
    shown = UnionComment.norel_objects.filter(story__in=page_ids, shown=True)
    rows = shown.order_by().values_list("story").annotate(number=Count("pk"))
    return dict(rows)


def public_comment(pk) -> UnionComment | None:
    """The public comment of this id, which may be anything a reader's browser sent."""
    number = as_id(pk)
    shown = UnionComment.norel_objects.filter(shown=True)
    return shown.filter(pk=number).first() if number else None


# --- One person's ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """What somebody wrote below a story and others do not see, or he may still change."""

    item: ModerationItem
    comment_id: int
    may_edit: bool
    may_appeal: bool

    @property
    def appeal(self):
        """The latest appeal against what is still refused; None without any."""
        if self.item.state != ModerationItem.State.REJECTED:
            return None
        appeals = list(self.item.appeals.all())
        return appeals[-1] if appeals else None


def own_comments(user, page) -> list[Own]:
    """What `user` wrote on `page` lately that waits, was refused or may still be changed; newest
    last."""
    states = ModerationItem.State
    lately = own_items(user).filter(story=page.pk).only(*OWN_FIELDS)[:OWN_LOOKED_AT]
    shown = [
        item for item in lately if item.state in (states.PENDING, states.REJECTED) or may_edit(item)
    ][:OWN_SHOWN]
    prefetch_related_objects([item for item in shown if item.state == states.REJECTED], "appeals")
    return [own_row(item) for item in shown][::-1]


def own_items(user) -> QuerySet[ModerationItem]:
    """Everything `user` has written on the site, the newest first."""
    items = ModerationItem.objects.filter(
        author_key=user_key(user), source=ModerationItem.Source.SITE
    )
    return items.order_by("-said_at", "-pk")


def own_row(item: ModerationItem) -> Own:
    refused = item.state == ModerationItem.State.REJECTED
    return Own(
        item=item,
        comment_id=comment_id(item.origin),
        may_edit=may_edit(item),
        may_appeal=refused and not _was_appealed(item),
    )


def _was_appealed(item: ModerationItem) -> bool:
    """Each refusal is appealed once: the latest appeal is of the latest refusal or before it."""
    return any(
        item.decided_at is None or appeal.made_at >= item.decided_at
        for appeal in item.appeals.all()
    )


def may_edit(item: ModerationItem) -> bool:
    """Within five minutes of writing, unless it was refused or taken back."""
    still = item.state in (ModerationItem.State.PENDING, ModerationItem.State.APPROVED)
    return still and timezone.now() - item.said_at < timedelta(minutes=EDIT_MINUTES)


def liked_by(user, comment_ids) -> set[int]:
    """Those of these comments that `user` likes."""
    flags = CommentFlag.objects.filter(user=user, flag=LIKEDIT_FLAG, comment__in=comment_ids)
    return set(flags.values_list("comment_id", flat=True))
