"""A story's comments: the form with one's own, and handing one in."""

import ipaddress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from cms.interactions import selectors, services
from cms.interactions.forms import CommentForm
from cms.interactions.models import UnionComment
from cms.interactions.views.login import to_login
from cms.members import ratelimit
from cms.news.models.stories import StoryPage


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request, page_id):
    """The form with one's own waiting comments; POST hands a comment in."""
    page = get_object_or_404(Page.objects.live(), pk=page_id).specific
    if not isinstance(page, StoryPage):
        raise Http404
    if request.method == "POST":
        return _take_comment(request, page)
    if not request.user.is_authenticated:
        return to_login(request, f"{page.url}#comments")
    form = CommentForm(page, initial={"reply_to": request.GET.get("reply_to", "")})
    return _comment_box(request, page, form)


def _take_comment(request, page):
    form = CommentForm(page, request.POST)
    if not request.user.is_authenticated:
        # The session ran out while somebody wrote: show the words, they are not kept here.
        form.is_valid()
        return _comment_box(request, page, form, status=422)
    try:
        if not form.is_valid():
            return _comment_box(request, page, form, status=422)
        submitted = services.comment_submit(
            user=request.user,
            page=page,
            text=form.cleaned_data["comment"],
            parent=_parent(form.cleaned_data["reply_to"]),
            ip=_address(request),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _comment_box(request, page, form, status=422)
    notice = _("已收到，审核通过后大家就能看到。")
    if submitted.hidden:
        notice += _("为保护您的个人信息，已隐去%(hidden)s。") % {"hidden": submitted.hidden}
    if request.htmx:
        return _comment_box(request, page, CommentForm(page), notice=notice)
    messages.success(request, notice)
    return redirect(f"{page.url}#comments")


def _comment_box(request, page, form, *, status=200, notice=""):
    reply_to = form["reply_to"].value()
    context = {
        "page": page,
        "form": form,
        "notice": notice,
        "answered": selectors.public_comment(reply_to) if reply_to else None,
        "own": selectors.own_unpublished(request.user, page)
        if request.user.is_authenticated
        else [],
        "focus": True,
    }
    name = "comment_box" if request.htmx else "comment_page"
    return render(request, f"interactions/{name}.html", context, status=status)


def _parent(pk):
    if not pk:
        return None
    parent = UnionComment.norel_objects.filter(pk=pk).first()
    if parent is None:
        raise ValidationError(_("您要回复的评论已经撤下，不能再回复。"))
    return parent


def _address(request) -> str | None:
    try:
        return str(ipaddress.ip_address(ratelimit.address(request)))
    except ValueError:
        return None
