"""The frame: the home page and the sections (栏目) that stories stand in."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PagePermissionTester
from wagtail.url_routing import RouteResult

from cms.members.models import Union
from cms.news import pagecache, selectors
from cms.news.models.public import PublicPage
from cms.news.slugs import PinyinSlug


class HomePage(PublicPage, Page):
    """The front page: the lead story, each section's newest, what is open for a vote."""

    motto = models.CharField(_("一句话介绍"), max_length=80, blank=True)
    union = models.ForeignKey(
        Union, models.PROTECT, null=True, related_name="+", verbose_name=_("主办工会")
    )

    content_panels = [*Page.content_panels, FieldPanel("motto"), FieldPanel("union")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    template = "news/home_page.html"

    class Meta:
        verbose_name = _("首页")

    def route(self, request, path_components):
        """Find the page by its whole path, where Wagtail takes a query per step."""
        if any("\x00" in part for part in path_components):
            raise Http404  # PostgreSQL refuses to look for it.
        page = self._page_below(path_components) if path_components else None
        return RouteResult(page) if page else super().route(request, path_components)

    def _page_below(self, path_components) -> Page | None:
        path = f"{self.url_path}{'/'.join(path_components)}/"
        # By slug too: Wagtail keeps an index for that one.
        found = Page.objects.filter(slug=path_components[-1], url_path=path, live=True)
        row = found.values_list("pk", "content_type_id").first()
        if row is None:
            return None
        pk, content_type = row
        model = ContentType.objects.get_for_id(content_type).model_class() or Page
        # Readers get the body as it was rendered at publishing: it need not be parsed here.
        return model.objects.defer_streamfields().filter(pk=pk).first()

    def get_context(self, request, *args, **kwargs):
        pagecache.tag(request, pagecache.SITE)
        return {
            **super().get_context(request, *args, **kwargs),
            **selectors.home_cards(),
        }


class SectionPermissions(PagePermissionTester):
    """Stories below a section are never published by hand, whoever asks."""

    def can_publish_subpage(self):
        return False


class SectionPage(PublicPage, PinyinSlug, Page):
    """A section (栏目), owned by a union; the roles of that union work here."""

    union = models.ForeignKey(
        Union, models.PROTECT, related_name="sections", verbose_name=_("所属工会")
    )
    intro = models.CharField(_("栏目介绍"), max_length=120, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("union"), FieldPanel("intro")]
    parent_page_types = ["news.HomePage"]
    template = "news/section_page.html"

    class Meta:
        verbose_name = _("栏目")
        verbose_name_plural = _("栏目")

    def permissions_for_user(self, user):
        return SectionPermissions(user, self)

    def serve(self, request, *args, **kwargs):
        pagecache.tag(request, pagecache.SITE)
        context = self.get_context(request)
        context["listing"] = selectors.section_cards(
            self, kind=request.GET.get("kind", ""), page=request.GET.get("page", "")
        )
        return render(request, self.template, context)
