"""职工关切榜: the board of topics, and what its screens have in common."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms.members.models import Role
from cms.members.selectors import unions_for
from cms.topics import heat, selectors
from cms.topics.admin.forms import BoardForm
from cms.topics.models import Progress, Topic, Voice
from cms.topics.services.progress import DEAD_AFTER

LISTENING_ROLES = (Role.MANAGER, Role.ADMIN)
#: What a figure of a source counts, other than voices.
COUNTED_BY = {Voice.Source.SEARCH: "searches", Voice.Source.EMPTY: "empty"}


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
        rows = board_rows(form, self.reach)
        typed = self.request.GET.get("typed", "")[:60]
        return super().get_context_data(
            tab="board",
            form=form,
            rows=[row for row in rows if row.topic.state != Topic.State.PROPOSED],
            proposed=[row for row in rows if row.topic.state == Topic.State.PROPOSED],
            totals=selectors.totals(selectors.heard(unions=self.reach, **form.scope())),
            period=form.period,
            sources=source_labels(),
            run=run_going_on(),
            typed=typed,
            typed_for=self.request.GET.get("typed_for", ""),
            formula=heat.formula(selectors.weights_in_force()),
            parts=heat.PARTS,
            **kwargs,
        )


def board_rows(form: BoardForm, reach) -> list[selectors.Row]:
    """The rows that were asked for, within the reach of who asks."""
    asked = form.cleaned_data
    states = [Topic.State.SHOWN, Topic.State.PROPOSED]
    if asked.get("hidden"):
        states.append(Topic.State.HIDDEN)
    return selectors.board(
        unions=reach,
        states=states,
        kind=asked.get("kind", ""),
        concern=asked.get("concern", ""),
        **form.scope(),
    )


def source_labels() -> list[tuple[str, str, str]]:
    """(source, label, what its figure counts) in the order of the board."""
    return [
        (value, label, COUNTED_BY.get(value, "voices")) for value, label in Voice.Source.choices
    ]


def run_going_on() -> Progress | None:
    """The grouping that is at work now."""
    alive = timezone.now() - DEAD_AFTER
    return Progress.objects.filter(
        claimed_from__isnull=False, seen_at__gt=alive, total__gt=0
    ).first()
