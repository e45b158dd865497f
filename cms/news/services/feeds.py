"""From other people's feeds to drafts of ours. Engine: cms.news.feeds (no Django inside)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from wagtail.blocks.stream_block import StreamValue
from wagtail.models import Page

from cms.members.models import User
from cms.news.duplicates import duplicates, percent
from cms.news.feeds.clean import plain_text, to_blocks
from cms.news.feeds.errors import FeedError
from cms.news.feeds.fetch import fetch
from cms.news.feeds.parse import Feed, Item, parse_feed
from cms.news.feeds.similar import bits_apart, simhash64
from cms.news.models import FeedItem, FeedSource, PolicyPage
from cms.news.models.stories import StoryPage
from search.text.similar import NEAR, likeness, pieces

# A source that keeps failing is asked less and less often, at the least once a day.
BACK_OFF_HOURS = (0.5, 1, 3, 6, 12, 24)
SIMILAR_WITHIN = timedelta(days=30)
# A release and its lightly edited copies are 2-6 bits apart, half of a text in common about 17,
# unrelated texts over 25. Those within are read; the nearest ones, if there are many.
SIMILAR_BITS = 22
READ_AT_MOST = 20


def feeds_due() -> QuerySet[FeedSource]:
    """The sources whose next fetch is due."""
    now = timezone.now()
    return FeedSource.objects.filter(
        Q(next_fetch_at=None) | Q(next_fetch_at__lte=now), active=True
    ).order_by("next_fetch_at")


def feed_fetch(*, source: FeedSource) -> int:
    """Fetch one source; returns how many items were new.

    A failure is written on the source with its reason; items already here stay as they are.
    """
    now = timezone.now()
    try:
        fetched = fetch(
            source.url,
            etag=source.etag,
            last_modified=source.last_modified,
            allow_private=settings.ALLOW_PRIVATE_ADDRESSES,
        )
        feed = None if fetched.status == "not_modified" else parse_feed(fetched, now=now)
    except FeedError as error:
        _record_failure(source, error, now)
        return 0
    new = _take_in(source, feed) if feed else []
    source.etag, source.last_modified = fetched.etag, fetched.last_modified
    source.last_fetched_at = source.last_ok_at = now
    source.next_fetch_at = now + timedelta(minutes=source.interval_minutes)
    source.failures, source.failure_code, source.failure_text = 0, "", ""
    if feed:
        source.warning_text = "\n".join(feed.warnings)
    source.save()
    if source.auto_adopt:
        for item in new:
            feed_item_adopt(item=item, user=None)
    return len(new)


def _record_failure(source: FeedSource, error: FeedError, now) -> None:
    hours = BACK_OFF_HOURS[min(source.failures, len(BACK_OFF_HOURS) - 1)]
    FeedSource.objects.filter(pk=source.pk).update(
        failures=source.failures + 1,
        failure_code=error.code,
        failure_text=error.message[:300],
        last_fetched_at=now,
        next_fetch_at=now + timedelta(hours=hours),
    )
    source.refresh_from_db()


def _take_in(source: FeedSource, feed: Feed) -> list[FeedItem]:
    """Keep the items that are not here yet. One bad item does not cost the others."""
    known = set(
        FeedItem.objects.filter(
            source=source, key__in=[item.key for item in feed.items]
        ).values_list("key", flat=True)
    )
    recent = list(
        FeedItem.objects.filter(seen_at__gte=timezone.now() - SIMILAR_WITHIN)
        .exclude(fingerprint=0)
        .only("pk", "fingerprint")
    )
    new = []
    for item in feed.items:
        if item.key in known:
            continue
        known.add(item.key)
        row = _item_row(source, item)
        _mark_similar(row, recent)
        row.save()
        recent.append(row)
        new.append(row)
    return new


def _mark_similar(row: FeedItem, recent: list[FeedItem]) -> None:
    """Write on an item what it is most like: a story of ours, or else an item before it."""
    text = plain_text(row.content_html)
    drafts = Page.objects.descendant_of(row.source.section)
    share, item = _likest_item(row, text, recent)
    stories = duplicates(row.title, text, drafts=drafts)
    if stories and stories[0].share >= share:
        row.similar_page, row.similarity = stories[0].page, stories[0].percent
    elif item:
        row.similar_to, row.similarity = item, percent(share)


def _likest_item(row, text, recent) -> tuple[float, FeedItem | None]:
    """How much of its text a new item shares with which one of the recent ones."""
    apart = {other.pk: bits_apart(other.fingerprint, row.fingerprint) for other in recent}
    near = sorted((bits, pk) for pk, bits in apart.items() if bits <= SIMILAR_BITS)[:READ_AT_MOST]
    if not near:
        return 0.0, None
    asked = pieces(f"{row.title}\n{text}")
    others = FeedItem.objects.filter(pk__in=[pk for _bits, pk in near])
    shares = [
        (likeness(asked, pieces(f"{other.title}\n{plain_text(other.content_html)}")), other)
        for other in others.only("title", "content_html")
    ]
    share, item = max(shares, key=lambda pair: pair[0])
    return (share, item) if share >= NEAR else (0.0, None)


def _item_row(source: FeedSource, item: Item) -> FeedItem:
    text = plain_text(item.content_html or item.summary_html)
    return FeedItem(
        source=source,
        key=item.key[:255],
        title=item.title[:255],
        link=item.link[:500],
        author=item.author[:100],
        summary=plain_text(item.summary_html)[:1000],
        content_html=item.content_html or item.summary_html,
        published_at=item.published_at,
        date_precision=item.date_precision,
        fingerprint=simhash64(f"{item.title} {text}"),
    )


@transaction.atomic
def feed_item_adopt(*, item: FeedItem, user: User | None) -> StoryPage:
    """Make a draft of an item, with source and link; a second call returns the same draft.

    The draft is a reprint (转载): the rule of 互联网新闻信息服务管理规定 asks for source, original
    author, original title and the editor's real name. It still has to pass 三审.
    """
    item = FeedItem.objects.select_for_update().select_related("source__section").get(pk=item.pk)
    if item.page_id:
        return item.page.specific
    page = PolicyPage(
        title=item.title,
        summary=(item.summary or item.title)[:120],
        body=_body(item),
        is_reprint=True,
        source_name=item.source.source_name,
        source_url=item.link,
        original_title=item.title[:120],
        original_author=(item.author or item.source.source_name)[:60],
        responsible_editor=user.real_name if user else _("待定"),
        owner=user,
        live=False,
        has_unpublished_changes=True,
    )
    item.source.section.add_child(instance=page)
    page.save_revision(user=user)
    item.page, item.state, item.handled_by = Page.objects.get(pk=page.pk), item.State.ADOPTED, user
    item.save(update_fields=["page", "state", "handled_by"])
    return page


def feed_item_ignore(*, item: FeedItem, user: User) -> None:
    """Lay an item aside; an adopted one stays adopted."""
    FeedItem.objects.filter(pk=item.pk, state=FeedItem.State.NEW).update(
        state=FeedItem.State.IGNORED, handled_by=user
    )


def _body(item: FeedItem) -> StreamValue:
    """The item's text as blocks; a feed that gives a summary only gives one paragraph."""
    blocks = []
    for kind, content in to_blocks(item.content_html, item.link):
        if kind == "heading":
            blocks.append(("heading", {"text": content[:60]}))
        elif kind == "quote":
            blocks.append(("quote", {"text": plain_text(content)[:300], "attribution": ""}))
        elif kind == "table":
            blocks.append(("paragraph", linebreaks(plain_text(content))))
        else:
            blocks.append(("paragraph", content))
    field = PolicyPage._meta.get_field("body")
    values = [
        (kind, field.stream_block.child_blocks[kind].normalize(value)) for kind, value in blocks
    ]
    return StreamValue(field.stream_block, values)
