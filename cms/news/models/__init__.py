"""What we publish."""

from cms.news.models.cards import StoryCard
from cms.news.models.feeds import FeedItem, FeedSource
from cms.news.models.media import CustomDocument, CustomImage, CustomRendition
from cms.news.models.pages import HomePage, SectionPage
from cms.news.models.review import ReviewTask, Step
from cms.news.models.stories import (
    ActivityPage,
    LegalPage,
    PolicyPage,
    StoryPage,
    StoryTag,
)

__all__ = [
    "ActivityPage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "FeedItem",
    "FeedSource",
    "HomePage",
    "LegalPage",
    "PolicyPage",
    "ReviewTask",
    "SectionPage",
    "Step",
    "StoryCard",
    "StoryPage",
    "StoryTag",
]
