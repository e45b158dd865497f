"""Verbs that write in the newsroom, one file per concern."""

from cms.news.services.cards import (
    body_render,
    card_refresh,
    cover_describe,
    section_cards_refresh,
    story_reindex,
)
from cms.news.services.feeds import (
    feed_fetch,
    feed_item_adopt,
    feed_item_ignore,
    feeds_due,
)
from cms.news.services.review import review_set_up, story_review, story_submit
from cms.news.services.rights import role_group_grant, section_grant

__all__ = [
    "body_render",
    "card_refresh",
    "cover_describe",
    "feed_fetch",
    "feed_item_adopt",
    "feed_item_ignore",
    "feeds_due",
    "review_set_up",
    "role_group_grant",
    "section_cards_refresh",
    "section_grant",
    "story_reindex",
    "story_review",
    "story_submit",
]
