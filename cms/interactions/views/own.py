"""What a reader does with one comment: change and take back one's own, appeal, like, report."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.interactions import selectors, services
from cms.interactions.models import CommentReport, ModerationItem, UnionComment
from cms.interactions.origins import COMMENT
from cms.interactions.views.comments import story_of, submitted_notice
from cms.interactions.views.login import to_login
from cms.interactions.words import MAX_LENGTH

PER_PAGE = 20


@require_safe
def mine(request):
    """Everything one has written here, with what became of it."""
    if not request.user.is_authenticated:
        return to_login(request, request.path)
    items = selectors.own_items(request.user).select_related("story").prefetch_related("appeals")
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    rows = [selectors.own_row(item) for item in page]
    return render(request, "interactions/my_comments.html", {"page_of": page, "own": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    if not request.user.is_authenticated:
        return to_login(request, request.path)
    comment, story = _own(request, pk)
    context = {"comment": comment, "page": story, "text": comment.comment, "most": MAX_LENGTH}
    if request.method != "POST":
        return render(request, "interactions/edit_page.html", context)
    context["text"] = request.POST.get("comment", "")
    try:
        submitted = services.comment_edit(
            comment=comment,
            user=request.user,
            text=context["text"],
            numbers=request.POST.get("numbers", ""),
        )
    except ValidationError as error:
        question = error if isinstance(error, services.PersonalNumbers) else None
        context |= {"error": error.messages[0], "question": question}
        return render(request, "interactions/edit_page.html", context, status=422)
    messages.success(request, submitted_notice(submitted))
    return redirect(f"{story.url}#comments")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk):
    """Asked once more before it is done; on the story the comment is gone at once."""
    if not request.user.is_authenticated:
        return to_login(request, request.path)
    comment, story = _own(request, pk)
    if request.method != "POST":
        return render(
            request, "interactions/withdraw_page.html", {"comment": comment, "page": story}
        )
    services.comment_withdraw(comment=comment, user=request.user)
    messages.success(request, _("已撤回。"))
    return redirect(f"{story.url}#comments")


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request, pk):
    if not request.user.is_authenticated:
        return to_login(request, request.path)
    comment, story = _own(request, pk)
    item = get_object_or_404(ModerationItem, origin=f"{COMMENT}{comment.pk}")
    context = {"item": item, "page": story, "text": request.POST.get("text", "")}
    if request.method != "POST":
        return render(request, "interactions/appeal_page.html", context)
    try:
        services.appeal_make(item=item, user=request.user, text=context["text"])
    except ValidationError as error:
        context["error"] = error.messages[0]
        return render(request, "interactions/appeal_page.html", context, status=422)
    messages.success(request, _("申诉已提交，会由另一位审核员查看，结果在消息里告诉您。"))
    return redirect(f"{story.url}#comments")


@require_POST
def like(request, pk):
    """The button turns; without scripts one comes back to the comment."""
    comment, story = _public(pk)
    if not request.user.is_authenticated:
        return to_login(request, f"{story.url}#c{comment.pk}")
    liked = request.POST.get("liked", "1") == "1"
    error = ""
    likes = comment.likes
    try:
        likes = services.comment_like(comment=comment, user=request.user, liked=liked)
    except ValidationError as refused:
        error, liked = refused.messages[0], False
    if request.htmx:
        context = {
            "comment": {"id": str(comment.pk), "likes": likes, "name": comment.shown_name},
            "liked": {comment.pk} if liked else set(),
            "error": error,
        }
        return render(request, "interactions/like.html", context)
    if error:
        messages.error(request, error)
    return redirect(f"{story.url}#c{comment.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request, pk):
    if not request.user.is_authenticated:
        return to_login(request, request.path)
    comment, story = _public(pk)
    context = {
        "comment": comment,
        "page": story,
        "reasons": CommentReport.Reason.choices,
        "reason": request.POST.get("reason", ""),
        "note": request.POST.get("note", ""),
    }
    if request.method != "POST":
        return render(request, "interactions/report_page.html", context)
    try:
        services.comment_report(
            comment=comment, user=request.user, reason=context["reason"], note=context["note"]
        )
    except ValidationError as error:
        context["error"] = error.messages[0]
        return render(request, "interactions/report_page.html", context, status=422)
    messages.success(request, _("已收到举报，审核员会查看，结果在消息里告诉您。"))
    return redirect(f"{story.url}#comments")


def _own(request, pk):
    """One's own comment and its story; somebody else's does not exist for this person."""
    comment = get_object_or_404(UnionComment.norel_objects, pk=pk, user=request.user)
    if comment.story_id is None:
        raise Http404
    return comment, story_of(comment.story_id)


def _public(pk):
    comment = selectors.public_comment(pk)
    if comment is None or comment.story_id is None:
        raise Http404
    return comment, story_of(comment.story_id)
