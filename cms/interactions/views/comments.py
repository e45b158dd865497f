"""A story's comments: the list, the form with one's own, and handing one in."""

import ipaddress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.interactions import listing, selectors, services
from cms.interactions.forms import CommentForm
from cms.interactions.models import UnionComment
from cms.interactions.views.login import to_login
from cms.members import ratelimit
from cms.news import pagecache
from cms.news.models.stories import StoryPage


def story_of(page_id: int) -> StoryPage:
    """The public story of this id, or 404. One that only some may read is not for this way."""
    story = selectors.kept_story(page_id)
    if story is None:
        raise Http404
    return story


# --- Reading -------------------------------------------------------------------------------------


@require_safe
def comment_list(request, page_id):
    """The list in another order or a further page; htmx gets the list alone."""
    page = story_of(page_id)
    pagecache.tag(request, pagecache.SITE, f"story:{page.pk}", f"comments:{page.pk}")
    context = listing.context(request, page)
    name = "comment_list" if request.htmx else "comment_list_page"
    return render(request, f"interactions/{name}.html", context)


@require_safe
def thread(request, page_id, root):
    """All replies of one thread, a page at a time."""
    page = story_of(page_id)
    pagecache.tag(request, pagecache.SITE, f"story:{page.pk}", f"comments:{page.pk}")
    first = get_object_or_404(
        UnionComment.norel_objects, pk=root, story=page.pk, listed=True, level=0
    )
    context = listing.thread_context(request, page, first)
    return render(request, "interactions/thread_page.html", context)


@require_safe
def state(request, page_id):
    """How many comments a story has and which is the newest, for a page that is already open.

    {"total": 12, "newest": 345}; kept like a page, so that a crowd of open pages costs nothing.
    """
    pagecache.tag(request, f"story:{page_id}", f"comments:{page_id}")
    page = story_of(page_id)
    total, newest = selectors.talk_size(page.pk)
    return JsonResponse({"total": total, "newest": newest})


# --- Handing in ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request, page_id):
    """The form with one's own waiting comments; POST hands a comment in."""
    page = story_of(page_id)
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
            numbers=form.cleaned_data["numbers"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _comment_box(request, page, form, status=422, error=error)
    notice = submitted_notice(submitted)
    if request.htmx:
        return _comment_box(request, page, CommentForm(page), notice=notice)
    messages.success(request, notice)
    return redirect(f"{page.url}#comments")


def submitted_notice(submitted: services.Submitted) -> str:
    notice = _("已收到，审核通过后大家就能看到。")
    if submitted.hidden:
        notice += _("已隐去%(hidden)s。") % {"hidden": submitted.hidden}
    return notice


def _comment_box(request, page, form, *, status=200, notice="", error=None):
    reply_to = form["reply_to"].value()
    context = {
        **listing.box_context(request, page, just_spoke=bool(notice)),
        "form": form,
        "notice": notice,
        "question": error if isinstance(error, services.PersonalNumbers) else None,
        "answered": selectors.public_comment(reply_to) if reply_to else None,
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
