"""分发与撤回: where one story stands on each account, with the buttons that fit its state."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.admin.widgets import HeaderButton
from wagtail.models import Page

from cms.matrix import services, tasks
from cms.matrix import story_selectors as story
from cms.matrix.admin import board
from cms.matrix.channels.base import Capability, ChannelError
from cms.matrix.forms import PublishedByHandForm
from cms.matrix.lifecycle import IllegalMove, State
from cms.matrix.models import ChannelAccount, Delivery
from cms.matrix.story_selectors import Rights, Row
from cms.news.models import StoryPage

# Seconds between two refreshes while something moves: quick at first, then ever more patient.
WAITS = (2, 2, 3, 5, 8, 13, 20, 30)
VERBS = {
    **board.VERBS,
    "correct": (services.delivery_correct, _("正在更新到平台。")),
}
# Verbs that take a story back: they want a reason, and somebody who answers for it.
REASONED = {
    "withdraw": (services.delivery_withdraw, _("已开始撤回。")),
    "resend": (services.delivery_resend, _("正在撤回，撤下以后自动重发。")),
}


class WithdrawForm(forms.Form):
    """全部撤回: why, and whether from the site too."""

    why = forms.CharField(
        label=_("撤回原因"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("写进稿件历史和每条分发的记录。"),
        error_messages={"required": _("请写明撤回原因，再点“全部撤回”。")},
    )
    from_site = forms.BooleanField(label=_("同时从网站撤下"), required=False)


class ReaderForm(forms.Form):
    reader = forms.CharField(max_length=60)


@require_safe
def story_page(request, pk):
    page, rights = _story(request, pk)
    return render(request, "matrix/story/page.html", _context(request, page, rights))


@require_safe
def story_rows(request, pk):
    """The rows alone; asks again by itself while something moves (`n`: how often it has)."""
    page, rights = _story(request, pk)
    return render(request, "matrix/story/rows.html", _context(request, page, rights))


def story_withdraw(request, pk):
    """What withdrawing does on each account, and then does it."""
    page, rights = _story(request, pk)
    if not rights.withdraw:
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdrawn = services.story_withdraw(
            page=page,
            by=request.user,
            why=form.cleaned_data["why"],
            from_site=form.cleaned_data["from_site"],
        )
        tasks.dispatch([delivery.pk for delivery in withdrawn])
        messages.success(request, _("已开始撤回。各账号的结果在下面，办完会自动更新。"))
        return redirect("matrix_story", page.pk)
    fates = story.fates(story.rows_of(page))
    return render(
        request,
        "matrix/story/withdraw.html",
        {
            "page": page,
            "form": form,
            "fates": fates,
            "by_hand": sum(fate.by_hand for fate in fates),
            **_header(page, _("全部撤回")),
        },
    )


@require_POST
def story_act(request, pk, delivery_pk, verb):
    """One button of a row."""
    page, rights = _story(request, pk)
    delivery = get_object_or_404(Delivery, pk=delivery_pk, page_id=page.pk)
    if not (rights.withdraw if verb in REASONED else rights.act):
        raise PermissionDenied
    why = request.POST.get("why", "").strip()[:200]
    form = PublishedByHandForm(request.POST)
    if verb in REASONED and not why:
        messages.warning(request, _("请写明原因，再点一次。"))
    elif verb in REASONED:
        service, done = REASONED[verb]
        _act(request, service, done, delivery=delivery, why=why)
    elif verb == "by-hand" and not form.is_valid():
        messages.warning(request, form.errors["url"][0])
    elif verb == "by-hand":
        service, done = services.delivery_published_by_hand, _("已记为发布。")
        _act(request, service, done, delivery=delivery, url=form.cleaned_data["url"])
    elif verb in VERBS:
        service, done = VERBS[verb]
        _act(request, service, done, delivery=delivery)
    else:
        raise Http404
    return redirect("matrix_story", page.pk)


def _act(request, service, done, *, delivery: Delivery, **given) -> None:
    try:
        service(delivery=delivery, by=request.user, **given)
    except IllegalMove as refusal:
        messages.warning(request, str(refusal))
    else:
        tasks.dispatch([delivery.pk])
        messages.success(request, done)


@require_POST
def story_preview(request, pk, account_pk):
    """Send the text as it is written now to one reader of an account."""
    page, rights = _story(request, pk)
    if not rights.act:
        raise PermissionDenied
    account = get_object_or_404(ChannelAccount, pk=account_pk)
    form = ReaderForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("请填写对方的微信号，再点发送。"))
        return redirect("matrix_story", page.pk)
    reader = form.cleaned_data["reader"]
    try:
        services.version_preview(
            page=page.get_latest_revision_as_object(),
            account=account,
            reader=reader,
            by=request.user,
        )
    except ChannelError as error:
        messages.warning(request, error.human or str(error))
    except IllegalMove as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("已发给“%(reader)s”，请对方在微信里查看。") % {"reader": reader}
        )
    return redirect("matrix_story", page.pk)


def _story(request, pk: int) -> tuple[StoryPage, Rights]:
    """The story, if this person works in its union; 404 hides it from everybody else."""
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, StoryPage):
        raise Http404
    rights = story.rights_on(page, request.user)
    if not rights.see:
        raise Http404
    return page, rights


def _context(request, page: StoryPage, rights: Rights) -> dict:
    rows = story.rows_of(page.get_latest_revision_as_object())
    asked = request.GET.get("n", "")
    asked = int(asked) if asked.isascii() and asked.isdigit() else 0
    return {
        "page": page,
        "rights": rights,
        "rows": [(row, _buttons(row, rights)) for row in rows],
        "moving": any(row.moving for row in rows),
        "wait": WAITS[min(asked, len(WAITS) - 1)],
        "next": asked + 1,
        "to_withdraw": rights.withdraw and any(story.fates(rows)),
        **_header(page),
    }


def _buttons(row: Row, rights: Rights) -> dict:
    """What this person may do with a row: plain verbs, verbs with a reason, forms."""
    delivery = row.delivery
    reader = rights.act and row.account.may(Capability.PREVIEW)
    if delivery is None:
        return {"reader": reader}
    out = delivery.state in story.ON_PLATFORM
    hand = rights.act and delivery.state == State.NEEDS_CONSOLE
    return {
        "reader": reader and delivery.state in (*Delivery.BEFORE, State.FAILED),
        "plain": _plain(delivery) if rights.act else [],
        "reasoned": _reasoned(delivery) if rights.withdraw and out and not delivery.wish else [],
        "by_hand": PublishedByHandForm() if hand and not delivery.wish else None,
    }


def _plain(delivery: Delivery) -> list[tuple]:
    acts = [act for act in board.ACTIONS.get(delivery.state, ()) if act[0] != "withdraw"]
    if delivery.wish:
        acts = [("check", _("立即检查"))]
    if delivery.error_class == "repeat" and delivery.state == State.FAILED:
        acts = [("allow_repeat", _("仍要发布")), ("cancel", _("取消"))]
    if delivery.state == State.DRAFT and delivery.seal:
        acts = [("restore", _("按已签发的版本发出")), *acts]
    if _may_correct(delivery):
        acts = [("correct", _("更新到平台")), *acts]
    to_be_published = delivery.state == State.NEEDS_CONSOLE and not delivery.wish
    if delivery.todo and not to_be_published:
        acts = [("done", _("已手动处理")), *acts]
    return acts


def _may_correct(delivery: Delivery) -> bool:
    correctable = delivery.state in (State.PUBLISHED, State.NEEDS_CONSOLE) and not delivery.wish
    return delivery.outdated and correctable and delivery.account.may(Capability.CORRECT)


def _reasoned(delivery: Delivery) -> list[tuple]:
    acts = [("withdraw", _("撤回"))]
    if delivery.outdated:
        acts.append(("resend", _("撤回重发")))
    return acts


def _header(page: StoryPage, last: str = "") -> dict:
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    here = {"url": reverse("matrix_story", args=[page.pk]), "label": _("分发与撤回")}
    crumbs = [{"url": edit, "label": page.title}, here]
    if last:
        crumbs.append({"url": "", "label": last})
    return {
        "page_title": last or _("分发与撤回"),
        "header_icon": "upload",
        "breadcrumbs_items": crumbs,
    }


@hooks.register("register_page_header_buttons")
def where_it_went(page, user, view_name, next_url=None):
    """From the story's editor to where it went."""
    if not page.pk or not user.has_perm("matrix.view_delivery"):
        return
    if isinstance(page.specific_deferred, StoryPage):
        yield HeaderButton(
            label=str(_("分发与撤回")),
            url=reverse("matrix_story", args=[page.pk]),
            icon_name="upload",
        )


@hooks.register("register_admin_urls")
def register_urls():
    base = "matrix/story/<int:pk>/"
    return [
        path(base, story_page, name="matrix_story"),
        path(f"{base}rows/", story_rows, name="matrix_story_rows"),
        path(f"{base}withdraw/", story_withdraw, name="matrix_story_withdraw"),
        path(f"{base}preview/<int:account_pk>/", story_preview, name="matrix_story_preview"),
        path(f"{base}<int:delivery_pk>/<slug:verb>/", story_act, name="matrix_story_act"),
    ]
