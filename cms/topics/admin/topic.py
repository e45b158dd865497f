"""The words behind a figure: of one topic, or of all; and how a topic went over time."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cms.topics import selectors
from cms.topics.admin.board import COUNTED_BY, ConcernsMixin
from cms.topics.admin.forms import WordsForm
from cms.topics.models import Topic, Voice

TYPED_LIMIT = 60


class WordsView(ConcernsMixin, TemplateView):
    """What was said, in all topics, within the figure that was clicked."""

    template_name = "topics/admin/words.html"
    page_title = _("原话")
    topic: Topic | None = None

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        form = WordsForm(self.request.GET, unions=self.unions)
        scope, asked = form.scope(), form.cleaned_data
        if asked.get("before"):
            scope["period"] = scope["period"].earlier()
        source = scope.pop("source")
        every = self.voices(form, **scope)
        voices = every if not source else self.voices(form, source=source, **scope)
        totals = selectors.totals(every)
        return super().get_context_data(
            form=form,
            topic=self.topic,
            period=scope["period"],
            asked=asked,
            voices=voices,
            totals=totals,
            here=selectors.totals(voices) if source else totals,
            tabs=tabs_of(totals, source),
            facets=selectors.facets(voices),
            page=selectors.utterances(
                topic=self.topic,
                voices=voices if source else voices.filter(selectors.SPOKEN),
                page=self.request.GET.get("page", ""),
                each=bool(asked.get("each") or asked.get("same")),
            ),
            bars=selectors.timeline(voices, scope["period"], source),
            counted=COUNTED_BY.get(source, "voices"),
            source=source,
            **kwargs,
        )

    def voices(self, form: WordsForm, **scope):
        asked = form.cleaned_data
        found = selectors.voices_behind(
            topic=self.topic,
            word=asked.get("word", ""),
            loudest=asked.get("loudest", False),
            unions=self.reach,
            **scope,
        )
        found = selectors.narrow(
            found,
            mood=asked.get("mood"),
            industry=asked.get("industry", ""),
            asks=asked.get("asking", False),
            own=asked.get("own", False),
            also=asked.get("also"),
            at=asked.get("at"),
        )
        return selectors.same_as(found, asked["same"]) if asked.get("same") else found


def tabs_of(totals: selectors.Totals, source: str) -> list[tuple[str, str, str, int]]:
    """(source, label, what it counts, how many) of the sources that have something."""
    return [
        (value, Voice.Source(value).label, COUNTED_BY.get(value, "voices"), number)
        for value, number in totals.sources.items()
        if number or value == source
    ]


class TopicMixin(ConcernsMixin):
    """Screens of one topic, which is named in the address."""

    @cached_property
    def topic(self) -> Topic:
        topics = Topic.objects.select_related("parent", "merged_into")
        return get_object_or_404(topics, slug=self.kwargs["slug"])

    #: What the screen is for; empty on the page of the topic itself.
    what = ""

    def get_page_title(self):
        if not self.what:
            return self.topic.name
        return _("%(what)s：%(topic)s") % {"what": self.what, "topic": self.topic.name}

    def get_breadcrumbs_items(self):
        here = {"url": reverse("topics_topic", args=[self.topic.slug]), "label": self.topic.name}
        return [*self.breadcrumbs_items, here, {"url": "", "label": self.get_page_title()}]


class TopicView(TopicMixin, WordsView):
    """One topic: what was said about it, when, by whom, with what else."""

    template_name = "topics/admin/topic.html"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.topic.name}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "typed": self.request.GET.get("typed", "")[:TYPED_LIMIT],
            "related": selectors.related_topics(topic=self.topic, voices=context["voices"]),
            "parts": list(self.topic.merged.order_by("name")),
            "stories": stories_within(self.topic, context["period"]),
            "case_box": selectors.case_box(self.topic, self.reach),
            "may_open": self.request.user.has_perm("topics.change_case"),
        }


def stories_within(topic: Topic, period: selectors.Period) -> list[selectors.Story]:
    """Public stories about the topic that came out in the period, newest first."""
    return [
        story
        for story in selectors.stories_for([topic])[topic.pk]
        if period.first <= timezone.localdate(story.published_at) <= period.last
    ]


class HistoryView(TopicMixin, TemplateView):
    """One topic over twelve weeks, and what people decided about it."""

    template_name = "topics/admin/history.html"
    what = _("历史")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            topic=self.topic,
            form=WordsForm(self.request.GET, unions=self.unions),
            weeks=selectors.weeks_of(topic=self.topic, unions=self.reach),
            decisions=selectors.decisions(self.topic),
            **kwargs,
        )
