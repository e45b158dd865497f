"""职工关切: the public page of what workers care about, and one page for each topic below it."""

from django.db import models
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.news import pagecache
from cms.topics import public, selectors


class ConcernsPage(Page):
    """Structural, like a section: made and published by administrators, not reviewed."""

    intro = models.CharField(_("一句话介绍"), max_length=120, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["news.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    show_in_menus_default = True
    template = "topics/concerns_page.html"
    topic_template = "topics/concern_topic.html"

    class Meta:
        verbose_name = _("职工关切")
        verbose_name_plural = _("职工关切")

    def route(self, request, path_components):
        """One more step names a topic, which thus is kept in the page cache by itself."""
        if self.live and len(path_components) == 1:
            return RouteResult(self, kwargs={"slug": path_components[0]})
        return super().route(request, path_components)

    def serve(self, request, slug="", **kwargs):
        pagecache.tag(request, pagecache.SITE, public.CACHE_TAG)
        context = self.get_context(request)
        if not slug:
            return render(request, self.template, {**context, "concerns": public.concerns()})
        concern = public.concern(slug)
        if concern is None:
            raise Http404
        context |= {"concern": concern, "topic": concern.topic}
        context |= public.care_box(concern.topic, request.user)
        return render(request, self.topic_template, context)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        if getattr(request, "is_preview", False):
            context["concerns"] = public.concerns()
        return {
            **context,
            "days": public.DAYS,
            "floor": public.FLOOR,
            "answers_address": selectors.answers_address(),
        }


class AnswersPage(Page):
    """您说我办: what workers asked and what the union answered, newest first."""

    intro = models.CharField(_("一句话介绍"), max_length=120, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["news.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    show_in_menus_default = True
    template = "topics/answers_page.html"

    class Meta:
        verbose_name = _("您说我办")
        verbose_name_plural = _("您说我办")

    def serve(self, request, *args, **kwargs):
        pagecache.tag(request, pagecache.SITE, public.CACHE_TAG)
        return super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        concerns = ConcernsPage.objects.live().first()
        return {
            **super().get_context(request, *args, **kwargs),
            "answers": selectors.answers_page(request.GET.get("page", "")),
            "concerns_url": concerns.get_url(request) if concerns else "",
            "floor": public.FLOOR,
        }
