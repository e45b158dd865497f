"""What a media manager decides about a topic, and about one utterance in it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.topics import selectors, services
from cms.topics.admin.board import ConcernsMixin
from cms.topics.admin.topic import TYPED_LIMIT, TopicMixin
from cms.topics.models import Topic, Voice

CHANGE = "topics.change_topic"
WORDS_LIMIT = 20
WORD_LENGTH = 40


class ActView(TopicMixin, View):
    """One decision about a topic; back to where it was taken, with what was typed."""

    permission = CHANGE
    http_method_names = ["post"]

    def post(self, request, slug):
        typed = {}
        decide = DECISIONS.get(request.POST.get("action", ""))
        if decide is None:
            messages.error(request, _("没有这个操作，请刷新页面后重试。"))
        else:
            try:
                with transaction.atomic():
                    said = decide(self.topic, request)
                messages.success(request, said)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
                name = request.POST.get("name", "")[:TYPED_LIMIT]
                typed = {"typed": name, "typed_for": slug}
        to_board = request.POST.get("back") == "board"
        back = reverse("topics_board") if to_board else reverse("topics_topic", args=[slug])
        asked = request.GET.copy()
        asked.pop("typed", None)
        asked.pop("typed_for", None)
        asked.update(typed)
        return redirect(f"{back}?{asked.urlencode()}" if asked else back)


def _rename(topic, request):
    services.topic_rename(topic=topic, name=request.POST.get("name", ""), user=request.user)
    return _("话题已改名为“%(name)s”。") % {"name": topic.name}


def _accept(topic, request):
    """Accepted under its name, or under the one that was typed."""
    name = request.POST.get("name", topic.name).strip()
    if name != topic.name:
        services.topic_rename(topic=topic, name=name, user=request.user)
    services.topic_set_state(topic=topic, state=Topic.State.SHOWN, user=request.user)
    return _("已采用“%(name)s”，人数达到下限后公众也能看到。") % {"name": topic.name}


def _to_state(state, said):
    def decide(topic, request):
        services.topic_set_state(topic=topic, state=state, user=request.user)
        return said % {"name": topic.name}

    return decide


def _to_pinned(pinned, said):
    def decide(topic, request):
        services.topic_set_pinned(topic=topic, pinned=pinned, user=request.user)
        return said % {"name": topic.name}

    return decide


def _unmerge(topic, request):
    services.topic_unmerge(topic=topic, user=request.user)
    return _("“%(name)s”又单独成为一个话题。") % {"name": topic.name}


DECISIONS = {
    "rename": _rename,
    "accept": _accept,
    "reject": _to_state(Topic.State.HIDDEN, _("没有采用“%(name)s”，以后不再提议。")),
    "show": _to_state(Topic.State.SHOWN, _("“%(name)s”已恢复展示。")),
    "hide": _to_state(Topic.State.HIDDEN, _("“%(name)s”已隐藏，公众页和看板都不再显示。")),
    "pin": _to_pinned(True, _("“%(name)s”已置顶。")),
    "unpin": _to_pinned(False, _("“%(name)s”已取消置顶。")),
    "unmerge": _unmerge,
}


class MergeView(TopicMixin, TemplateView):
    """Which issue this one is to count for: the likely ones first."""

    permission = CHANGE
    template_name = "topics/admin/merge.html"
    what = _("合并")

    def get_context_data(self, **kwargs):
        likely, others = selectors.merge_candidates(self.topic)
        return super().get_context_data(topic=self.topic, likely=likely, others=others, **kwargs)

    def post(self, request, slug):
        wanted = request.POST.get("into") or request.POST.get("other") or ""
        into = Topic.objects.filter(slug=wanted).first()
        try:
            if into is None:
                raise ValidationError(_("请选择要并入的话题。"))
            services.topic_merge(topic=self.topic, into=into, user=request.user)
        except ValidationError as error:
            return self.render_to_response(
                self.get_context_data(errors=error.messages, chosen=into and into.slug)
            )
        said = _("“%(name)s”已并入“%(into)s”，以后的声音也算在一起。可以在下面撤销。")
        messages.success(request, said % {"name": self.topic.name, "into": into.name})
        return redirect("topics_topic", into.slug)


class SplitView(TopicMixin, TemplateView):
    """Which words make an issue of their own; shown how many voices each side gets before."""

    permission = CHANGE
    template_name = "topics/admin/split.html"
    what = _("拆分")

    def get_context_data(self, **kwargs):
        words = selectors.split_words(self.topic)
        chosen = self.chosen
        known = {word for word, _number in words}
        return super().get_context_data(
            topic=self.topic,
            words=[(word, number, word in chosen) for word, number in words],
            more="、".join(word for word in chosen if word not in known),
            sides=selectors.split_sides(self.topic, chosen) if chosen else None,
            name=self.request.POST.get("name", "")[:TYPED_LIMIT],
            **kwargs,
        )

    @cached_property
    def chosen(self) -> list[str]:
        """The words ticked and typed, each once."""
        typed = self.request.POST.get("more", "").replace("，", "、").replace(",", "、")
        words = [*self.request.POST.getlist("words"), *typed.split("、")]
        tidy = (" ".join(word.split())[:WORD_LENGTH] for word in words)
        return list(dict.fromkeys(filter(None, tidy)))[:WORDS_LIMIT]

    def post(self, request, slug):
        errors = [] if self.chosen else [_("请选一个词，或写一个词。")]
        if not errors and request.POST.get("action") == "split":
            try:
                new = services.topic_split(
                    topic=self.topic,
                    words=self.chosen,
                    name=request.POST.get("name", ""),
                    user=request.user,
                )
            except ValidationError as error:
                errors = error.messages
            else:
                said = _("已拆出“%(name)s”，以后说到这些词的声音也归它。")
                messages.success(request, said % {"name": new.name})
                return redirect("topics_topic", new.slug)
        return self.render_to_response(self.get_context_data(errors=errors))


class VoiceView(ConcernsMixin, TemplateView):
    """One utterance and what it is about: put it right. It holds whatever the machine finds."""

    permission = CHANGE
    template_name = "topics/admin/voice.html"
    page_title = _("更正归属")

    @cached_property
    def voice(self) -> Voice:
        within = selectors.heard(unions=self.reach).select_related("union", "story")
        return get_object_or_404(within, pk=self.kwargs["pk"])

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            said=selectors.utterance(self.voice),
            choices=selectors.topic_choices(),
            placements=selectors.placements(self.voice),
            back=self.back,
            **kwargs,
        )

    @property
    def back(self) -> str:
        """The page of this site that the person came from, if it was named."""
        wanted = self.request.POST.get("back") or self.request.GET.get("back") or ""
        hosts = {self.request.get_host()}
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts)
        return wanted if is_ours and wanted.startswith("/") else ""

    def post(self, request, pk):
        topic = Topic.objects.filter(slug=request.POST.get("topic", "")).first()
        belongs = request.POST.get("action") == "place"
        if topic is None:
            errors = [_("请选择一个话题。")]
            return self.render_to_response(self.get_context_data(errors=errors))
        services.voice_place(voice=self.voice, topic=topic, belongs=belongs, user=request.user)
        said = _("这句话已归入“%(name)s”。") if belongs else _("这句话已移出“%(name)s”。")
        messages.success(request, said % {"name": topic.name})
        here = reverse("topics_voice", args=[pk])
        again = f"{here}?{urlencode({'back': self.back})}" if self.back else here
        stays = request.POST.get("stay") or not self.back
        return HttpResponseRedirect(again if stays else self.back)
