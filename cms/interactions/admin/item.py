"""One item: what stands around it, and everything that can be done about it."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.interactions import selectors, services
from cms.interactions.admin.base import answer, back_to, may_moderate, words_of
from cms.interactions.admin.desk import row, said
from cms.interactions.models import (
    Appeal,
    DeskSettings,
    Measure,
    ModerationItem,
    SavedAnswer,
)
from cms.members.models import User

State = ModerationItem.State


def _item(request, pk) -> ModerationItem:
    """Raises PermissionDenied without the right, Http404 for what is not this person's."""
    if not may_moderate(request.user):
        raise PermissionDenied
    mine = selectors.items_for(request.user)
    return get_object_or_404(mine.select_related("story", "union", "assigned_to"), pk=pk)


@require_safe
def item_page(request, pk):
    """The whole page; with ?pane only what stands beside the list."""
    item = _item(request, pk)
    user = request.user
    around = selectors.around(item)
    context = {
        "item": item,
        "around": around,
        "row": row(item, user, around.copies, DeskSettings.current()),
        "reasons": ModerationItem.Reason.choices,
        "kinds": [
            choice
            for choice in Measure.Kind.choices
            if choice[0] != Measure.Kind.BAR or selectors.may_bar(user, item.union)
        ],
        "saved": SavedAnswer.objects.filter(_for_union(item)),
        "colleagues": selectors.colleagues(item),
        "refused_by_me": bool(around.appeal and around.appeal.refusal.by_id == user.pk),
        "header_title": _("审核一条内容"),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("首页")},
            {"url": reverse("interactions_queue"), "label": _("评论审核")},
            {"url": "", "label": _("一条内容")},
        ],
    }
    name = "item_pane" if "pane" in request.GET else "item"
    return render(request, f"interactions/admin/{name}.html", context)


def _for_union(item: ModerationItem) -> Q:
    """Answers of the item's union and of those above it."""
    if item.union is None:
        return Q()
    steps = range(1, item.union.depth + 1)
    return Q(union__path__in=[item.union.path[: item.union.steplen * step] for step in steps])


@require_POST
def item_act(request, pk, verb):
    """One button of the item's page."""
    item = _item(request, pk)
    if verb not in VERBS:
        raise Http404
    back = back_to(request, reverse("interactions_item", args=[pk]))
    try:
        message, changed = VERBS[verb](request, item)
    except (ValidationError, PermissionDenied) as error:
        return answer(request, words_of(error), failed=True, back=back)
    return answer(request, message, changed=changed, back=back)


def _decide(state: str):
    def decide(request, item):
        outcome = services.items_decide(
            ids=[item.pk],
            user=request.user,
            state=state,
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", "").strip(),
            twins=True,
        )
        if not outcome.changed:
            raise ValidationError(said(outcome))
        return said(outcome), [changed.pk for changed in outcome.changed]

    return decide


def _answer(request, item):
    services.answer_give(item=item, user=request.user, text=request.POST.get("text", ""))
    return _("已回复。"), []


def _pin(pinned: bool):
    def pin(request, item):
        services.comment_pin(item=item, user=request.user, pinned=pinned)
        return (_("已置顶。") if pinned else _("已取消置顶。")), []

    return pin


def _take(request, item):
    services.item_assign(item=item, user=request.user, to=request.user)
    return _("已由您经办。"), []


def _assign(request, item):
    number = selectors.as_id(request.POST.get("to", ""))
    to = get_object_or_404(User, pk=number) if number else None
    services.item_assign(item=item, user=request.user, to=to)
    return (_("已转交。") if to else _("已放回队列。")), []


def _delete(request, item):
    services.platform_delete(item=item, user=request.user)
    return _("已交给系统从平台删除。"), []


def _keep(request, item):
    services.reports_keep(item=item, user=request.user)
    return _("已保留，举报人会收到消息。"), [item.pk]


def _appeal(request, item):
    appeal = item.appeals.filter(state=Appeal.State.OPEN).first()
    if appeal is None:
        raise ValidationError(_("这条内容没有等待答复的申诉。"))
    restore = request.POST.get("restore", "")
    if restore not in ("0", "1"):
        raise ValidationError(_("请选择恢复还是维持。"))
    services.appeal_decide(
        appeal=appeal,
        user=request.user,
        restore=restore == "1",
        answer=request.POST.get("answer", ""),
    )
    return _("申诉已答复。"), [item.pk]


def _measure(request, item):
    services.measure_take(
        item=item,
        user=request.user,
        kind=request.POST.get("kind", ""),
        reason=request.POST.get("reason", ""),
        note=request.POST.get("note", "").strip(),
    )
    return _("已处理，本人会收到消息。"), []


def _lift(request, item):
    measure = get_object_or_404(
        Measure,
        pk=selectors.as_id(request.POST.get("measure", "")) or 0,
        author_key=item.author_key,
    )
    services.measure_lift(measure=measure, user=request.user)
    return _("已解除。"), []


VERBS: dict[str, Callable] = {
    "approve": _decide(State.APPROVED),
    "reject": _decide(State.REJECTED),
    "answer": _answer,
    "pin": _pin(True),
    "unpin": _pin(False),
    "take": _take,
    "assign": _assign,
    "delete": _delete,
    "keep": _keep,
    "appeal": _appeal,
    "measure": _measure,
    "lift": _lift,
}
