"""The published projection: one row for each story the public can read.

Lists, search and neighbours read this table and nothing else, so that a page costs the same
number of queries whatever the number and the kinds of stories. It holds what was public at
publishing time; `cms.news.services.card_refresh` is the only writer.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.search import index

from cms.members.models import Union


class StoryCard(index.Indexed, models.Model):
    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="card")
    section = models.ForeignKey(Page, models.CASCADE, related_name="+")
    section_title = models.CharField(max_length=255)
    section_url = models.CharField(max_length=255)
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, db_index=True)
    kind_label = models.CharField(max_length=20)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    url = models.CharField(max_length=255)
    cover = models.JSONField(default=dict, blank=True)
    published_at = models.DateTimeField(db_index=True)
    year = models.PositiveSmallIntegerField(default=0)
    tags = models.JSONField(default=list, blank=True)
    body_html = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)

    search_fields = [
        index.SearchField("title", boost=4),
        index.AutocompleteField("title"),
        index.SearchField("summary", boost=2),
        index.SearchField("tag_text", boost=2),
        index.SearchField("body_text"),
        index.FilterField("page_id"),
        index.FilterField("kind"),
        index.FilterField("section_id"),
        index.FilterField("union_id"),
        index.FilterField("year"),
        index.FilterField("shelf"),
        index.FilterField("published_at"),
    ]

    class Meta:
        verbose_name = _("稿件卡片")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["section", "-published_at"], name="card_by_section")]

    def __str__(self):
        return self.title

    @property
    def text(self) -> str:
        """What a search result takes its passage from."""
        return self.body_text or self.summary

    @property
    def shelf(self) -> str:
        """Kind, section and year in one: a search counts all its facets in one query."""
        return f"{self.kind}/{self.section_id}/{self.year}"

    def tag_text(self) -> str:
        return " ".join(self.tags)
