"""The admin's screens: the board of concerns, and the words behind each of its figures."""

from urllib.parse import urlencode

from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms.members.models import Role
from cms.members.selectors import unions_for
from cms.topics import heat, selectors, services
from cms.topics.admin.forms import BoardForm, DrillForm
from cms.topics.models import Topic, Voice
from cms.topics.selectors import Period

CHART_TOPICS = 10
PROPOSALS_SHOWN = 10
CHART_LIBRARY = "echarts/echarts.common.min.js"
LISTENING_ROLES = (Role.MANAGER, Role.ADMIN)


class ConcernsMixin(WagtailAdminTemplateMixin):
    """For those who may see topics; each hears the unions he is in charge of."""

    header_icon = "comment"
    permission = "topics.view_topic"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("topics_board"), "label": _("职工关切")},
    ]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def unions(self):
        return unions_for(self.request.user, *LISTENING_ROLES)

    @property
    def reach(self):
        """As `unions` of the selectors: None when nothing is out of reach."""
        return None if self.request.user.is_superuser else self.unions

    @cached_property
    def may_edit_pages(self) -> bool:
        """Whether this person may open any page's editor: managers, who only read, may not."""
        return PagePermissionPolicy().user_has_permission(self.request.user, "change")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            may_change=self.request.user.has_perm("topics.change_topic"), **kwargs
        )


class BoardView(ConcernsMixin, TemplateView):
    page_title = _("职工关切")
    template_name = "topics/admin/board.html"

    def get_context_data(self, **kwargs):
        form = BoardForm(self.request.GET, unions=self.unions)
        scope = form.scope()
        states = [Topic.State.SHOWN, Topic.State.PROPOSED]
        if form.cleaned_data.get("hidden"):
            states.append(Topic.State.HIDDEN)
        rows = selectors.board(unions=self.reach, states=states, **scope)
        period = Period.of(scope["days"])
        return super().get_context_data(
            form=form,
            rows=[row for row in rows if row.topic.state != Topic.State.PROPOSED],
            proposed=[row for row in rows if row.topic.state == Topic.State.PROPOSED][
                :PROPOSALS_SHOWN
            ],
            period=period,
            query=query_of(scope),
            source_less=query_of({**scope, "source": ""}),
            speaking=[(source, Voice.Source(source).label) for source in selectors.SPEAKING],
            tab="board",
            formula=heat.formula(),
            parts=heat.PARTS,
            chart=chart_of(rows, period),
            chart_library=chart_library(),
            **kwargs,
        )


class DrillView(ConcernsMixin, TemplateView):
    """What was said about one topic, within the figure that was clicked."""

    template_name = "topics/admin/topic.html"

    @cached_property
    def topic(self) -> Topic:
        return get_object_or_404(Topic, slug=self.kwargs["slug"])

    def get_page_title(self):
        return self.topic.name

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.topic.name}]

    def get_context_data(self, **kwargs):
        form = DrillForm(self.request.GET, unions=self.unions)
        scope = form.scope()
        asked = {name: form.cleaned_data.get(name) for name in ("word", "before")} | form.more()
        period = form.own_period() or Period.of(scope["days"])
        if asked["before"]:
            period = period.earlier()
        base = {
            "topic": self.topic,
            "word": asked["word"] or "",
            "period": period,
            "unions": self.reach,
            "union": scope["union"],
        }
        totals = selectors.totals(form.narrow(selectors.voices_behind(**base)))
        voices = form.narrow(selectors.voices_behind(source=scope["source"], **base))
        if not scope["source"]:
            voices = voices.filter(selectors.SPOKEN)
        without_source = query_of({**scope, "source": ""}, **asked)
        return super().get_context_data(
            form=form,
            topic=self.topic,
            case_box=selectors.case_box(self.topic, self.reach),
            may_open=self.request.user.has_perm("topics.change_case"),
            narrowed=form.narrowed_to(),
            period=period,
            asked=asked,
            totals=totals,
            source=scope["source"],
            tabs=[
                (value, Voice.Source(value).label, number)
                for value, number in totals.sources.items()
                if number
            ],
            page=selectors.utterances(
                topic=self.topic, voices=voices, page=self.request.GET.get("page", "")
            ),
            query=query_of(scope, **asked),
            tab_query=without_source,
            whole_query=query_of({**scope, "source": ""}),
            **kwargs,
        )


class ActView(ConcernsMixin, View):
    """One decision about a topic; back to where it was taken."""

    permission = "topics.change_topic"
    http_method_names = ["post"]

    def post(self, request, slug):
        topic = get_object_or_404(Topic, slug=slug)
        action = request.POST.get("action", "")
        decide = DECISIONS.get(action)
        if decide is None:
            messages.error(request, _("没有这个操作，请刷新页面后重试。"))
        else:
            try:
                messages.success(request, decide(topic, request))
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
        to_board = request.POST.get("back") == "board"
        back = reverse("topics_board") if to_board else reverse("topics_topic", args=[slug])
        return redirect(f"{back}?{request.GET.urlencode()}")


def _rename(topic, request):
    services.topic_rename(topic=topic, name=request.POST.get("name", ""), user=request.user)
    return _("话题已改名为“%(name)s”。") % {"name": topic.name}


def _to_state(state, said):
    def decide(topic, request):
        services.topic_set_state(topic=topic, state=state, user=request.user)
        return said

    return decide


def _to_pinned(pinned, said):
    def decide(topic, request):
        services.topic_set_pinned(topic=topic, pinned=pinned, user=request.user)
        return said

    return decide


DECISIONS = {
    "rename": _rename,
    "show": _to_state(Topic.State.SHOWN, _("话题已展示，人数达到下限后公众可见。")),
    "hide": _to_state(Topic.State.HIDDEN, _("话题已隐藏，公众页和看板都不再显示。")),
    "pin": _to_pinned(True, _("话题已置顶。")),
    "unpin": _to_pinned(False, _("已取消置顶。")),
}


def query_of(scope: dict, **more) -> str:
    """The address of a scope, ready to be joined with &; nothing for what is not set."""
    union = scope["union"]
    asked = {"days": scope["days"], "source": scope["source"], "union": union and union.pk, **more}
    asked["before"] = 1 if asked.get("before") else ""
    return urlencode({name: value for name, value in asked.items() if value})


def chart_of(rows: list[selectors.Row], period: Period) -> dict:
    """What the script draws: the hottest topics, hottest first, people now and before."""
    shown = [row for row in rows if row.topic.state == Topic.State.SHOWN]
    top = sorted(shown, key=lambda row: -row.heat)[:CHART_TOPICS]
    return {
        "names": [row.topic.name for row in top],
        "people": [row.people for row in top],
        "before": [row.people_before for row in top],
        "labels": {"people": "本期人数", "before": "上期人数"},
        "title": f"近 {period.days} 天说得最多的话题",
    }


def chart_library() -> str:
    """The address of the drawing library; empty where it is not installed, and the table stands
    alone."""
    try:
        return static(CHART_LIBRARY) if finders.find(CHART_LIBRARY) else ""
    except ValueError:  # Installed after the static files were collected.
        return ""
