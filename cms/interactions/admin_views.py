"""The moderators' desk in Wagtail's admin: one queue for the site, WeChat and Weibo."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.interactions import selectors, services, suspicions
from cms.interactions.models import ModerationItem

PER_PAGE = 50
PERMISSION = "interactions.change_moderationitem"
State = ModerationItem.State


class QueueView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "interactions/admin/queue.html"
    page_title = gettext_lazy("评论审核")
    header_icon = "comment"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("interactions_queue"), "label": gettext_lazy("评论审核")},
    ]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    # --- Reading -----------------------------------------------------------------------------

    def get_context_data(self, **kwargs):
        asked = {name: self.request.GET.get(name, "") for name in ("state", "source", "story")}
        state = asked["state"] if asked["state"] in State.values else State.PENDING
        everything = selectors.items_for(self.request.user)
        narrowed = selectors.items_filtered(
            everything, source=asked["source"], story=asked["story"]
        )
        counts = selectors.state_counts(narrowed)
        items = Paginator(self._listed(narrowed, state), PER_PAGE).get_page(
            self.request.GET.get("p")
        )
        return {
            **super().get_context_data(**kwargs),
            **asked,
            "state": state,
            "tabs": [(value, label, counts[value]) for value, label in State.choices],
            "sources": ModerationItem.Source.choices,
            "stories": selectors.stories_spoken_of(everything.filter(state=state)),
            "reasons": list(enumerate(ModerationItem.Reason.choices, start=1)),
            "items": items,
            "rows": self._rows(items),
        }

    def _listed(self, items, state):
        """Waiting: the oldest first, nobody is forgotten. Decided: the latest decision first."""
        order = ("said_at", "pk") if state == State.PENDING else ("-decided_at", "-pk")
        return (
            items.filter(state=state)
            .select_related("story", "union", "decided_by")
            .order_by(*order)
        )

    def _rows(self, items) -> list[dict]:
        same = selectors.twins(items)
        return [self._row(item, same.get(item.fingerprint, 0)) for item in items]

    def _row(self, item, twins: int) -> dict:
        found = suspicions.read(item.text, item.marks)
        return {
            "item": item,
            "text": suspicions.marked(item.text, found),
            "reasons": list(dict.fromkeys(suspicion.reason for suspicion in found)),
            "twins": twins,
            "is_own": item.is_said_by(self.request.user),
        }

    # --- Deciding ----------------------------------------------------------------------------

    def post(self, request, *args, **kwargs):
        """One row by its own button, or all ticked rows by those of the foot.

        A script that asks for JSON gets the ids that are done instead of the page.
        """
        ids, state, reason = self._asked()
        try:
            if not ids:
                raise ValidationError(_("请先勾选要处理的内容。"))
            outcome = services.items_decide(ids=ids, user=request.user, state=state, reason=reason)
        except ValidationError as error:
            return self._answer([], error.messages[0], failed=True)
        if not outcome.changed:
            message = _("这些内容已由他人处理，或不归您审核。")
            if outcome.own:
                message = _("这是您自己写的，请由其他审核员处理。")
            return self._answer([], message, failed=True)
        message = _("已处理 %(number)d 条。") % {"number": len(outcome.changed)}
        if outcome.own:
            message += _("您自己写的 %(own)d 条请由其他审核员处理。") % {"own": len(outcome.own)}
        return self._answer([item.pk for item in outcome.changed], message)

    def _asked(self) -> tuple[list[int], str, str]:
        sent = self.request.POST
        for action, state in (("approve", State.APPROVED), ("reject", State.REJECTED)):
            if pk := sent.get(action):
                return _ids([pk]), state, sent.get(f"reason-{pk}", "")
        return _ids(sent.getlist("items")), sent.get("batch", ""), sent.get("reason", "")

    def _answer(self, changed, message, *, failed=False):
        if "application/json" in self.request.headers.get("Accept", ""):
            return JsonResponse(
                {"changed": changed, "message": message}, status=422 if failed else 200
            )
        tell = messages.error if failed else messages.success
        tell(self.request, message)
        return redirect(self.request.get_full_path())


def _ids(values) -> list[int]:
    return [number for value in values if (number := selectors.as_id(value))]
