"""The moderators' desk: one queue for the site, WeChat, Weibo and polls."""

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.interactions import selectors, services, suspicions
from cms.interactions.admin.base import answer, may_moderate
from cms.interactions.models import DeskSettings, ModerationItem
from cms.matrix.ages import ago

PER_PAGE = 50
State = ModerationItem.State
MINE = (
    ("", gettext_lazy("全部")),
    ("me", gettext_lazy("交给我的")),
    ("free", gettext_lazy("没人经办的")),
)
LEVELS = (("", gettext_lazy("全部")), ("1", gettext_lazy("有提示")), ("2", gettext_lazy("存疑")))


class QueueView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "interactions/admin/queue.html"
    page_title = gettext_lazy("评论审核")
    header_icon = "comment"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("interactions_queue"), "label": gettext_lazy("评论审核")},
    ]

    def dispatch(self, request, *args, **kwargs):
        if not may_moderate(request.user):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    # --- Reading -----------------------------------------------------------------------------

    def get_context_data(self, **kwargs):
        user = self.request.user
        asked = self._asked_for()
        everything = selectors.items_for(user)
        narrowed = selectors.narrowed(everything, asked, user)
        counts = selectors.queue_counts(narrowed)
        items = Paginator(selectors.queue(narrowed, asked.queue), PER_PAGE).get_page(
            self.request.GET.get("p")
        )
        which = selectors.QUEUES[asked.queue][1]
        return {
            **super().get_context_data(**kwargs),
            "asked": asked,
            "tabs": [
                (name, label, counts[name]) for name, (label, _which) in selectors.QUEUES.items()
            ],
            "sources": ModerationItem.Source.choices,
            "levels": LEVELS,
            "mine": MINE,
            "stories": selectors.stories_spoken_of(everything.filter(which)),
            "reasons": list(enumerate(ModerationItem.Reason.choices, start=1)),
            "items": items,
            "rows": rows(items, user),
            "waits": asked.queue in selectors.WAITING,
        }

    def _asked_for(self) -> selectors.Asked:
        given = {name: self.request.GET.get(name, "") for name in asdict(selectors.Asked())}
        if given["queue"] not in selectors.QUEUES:
            given["queue"] = "pending"
        return selectors.Asked(**given)

    # --- Deciding ----------------------------------------------------------------------------

    def post(self, request, *args, **kwargs):
        """One row by its own button, or all ticked rows by those of the foot."""
        ids, state, reason = self._decision()
        try:
            if not ids:
                raise ValidationError(_("请先勾选要处理的内容。"))
            outcome = services.items_decide(
                ids=ids, user=request.user, state=state, reason=reason, twins=True
            )
        except ValidationError as error:
            return self._answer(error.messages[0], failed=True)
        return self._answer(
            said(outcome),
            changed=[item.pk for item in outcome.changed],
            failed=not outcome.changed,
        )

    def _decision(self) -> tuple[list[int], str, str]:
        sent = self.request.POST
        for action, state in (("approve", State.APPROVED), ("reject", State.REJECTED)):
            if pk := sent.get(action):
                return _ids([pk]), state, sent.get(f"reason-{pk}", "")
        return _ids(sent.getlist("items")), sent.get("batch", ""), sent.get("reason", "")

    def _answer(self, message, **kwargs):
        return answer(self.request, message, back=self.request.get_full_path(), **kwargs)


def said(outcome: services.Outcome) -> str:
    """What became of a batch, in words."""
    parts = []
    if outcome.changed:
        parts.append(_("已处理 %(number)d 条。") % {"number": len(outcome.changed)})
    if outcome.own:
        parts.append(_("您自己写的 %(own)d 条请由其他审核员处理。") % {"own": len(outcome.own)})
    if outcome.appealed:
        parts.append(_("%(number)d 条正在申诉，请先答复申诉。") % {"number": len(outcome.appealed)})
    return "".join(parts) or _("这些内容已由他人处理，或不归您审核。")


def rows(items, user) -> list[dict]:
    """What the table shows of each item."""
    same, clock = selectors.twins(items), DeskSettings.current()
    return [row(item, user, same.get(item.fingerprint, 0), clock) for item in items]


def row(item: ModerationItem, user, twins: int, clock: DeskSettings) -> dict:
    found = suspicions.read(item.text, item.marks)
    return {
        "item": item,
        "text": suspicions.marked(item.text, found),
        "reasons": [*dict.fromkeys(suspicion.reason for suspicion in found), *item.verdict],
        "twins": twins,
        "is_own": item.is_said_by(user),
        "age": ago(item.waiting_since),
        "clock": lateness(item, clock),
    }


def lateness(item: ModerationItem, clock: DeskSettings) -> str:
    """ "warn" and "red" when it has waited too long; "" otherwise."""
    hours = (timezone.now() - item.waiting_since).total_seconds() / 3600
    if hours >= clock.red_hours:
        return "red"
    return "warn" if hours >= clock.warn_hours else ""


def _ids(values) -> list[int]:
    return [number for value in values if (number := selectors.as_id(value))]
