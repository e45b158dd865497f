"""A vote handed in, and the receipt looked up."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.interactions import selectors, services
from cms.interactions.answers import Asked
from cms.interactions.models import PollPage, Receipt
from cms.interactions.sources import came_from
from cms.interactions.views.login import to_login
from cms.members import ratelimit

LOOKUPS, LOOKUP_SECONDS = 20, 60


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request, poll_id):
    """POST counts a vote; GET is the way from the page to the sign-in and back."""
    try:
        poll = selectors.kept_poll(poll_id)
    except PollPage.DoesNotExist:
        raise Http404 from None
    channel = came_from(request)
    back = f"{poll.url}?from={channel}" if channel else poll.url
    if not request.user.is_authenticated:
        return to_login(request, back)
    if request.method != "POST":
        return redirect(back)
    asked = Asked.from_form(poll, request.POST)
    receipt = error = ""
    try:
        receipt = services.ballot_cast(
            user=request.user,
            poll=poll,
            option_ids=asked.option_ids,
            scores=asked.scores,
            text=asked.text,
            source=channel or "site",
        )
    except ValidationError as refused:
        error = refused.messages[0]
    if request.htmx:
        return _box(request, poll, asked, receipt=receipt, error=error)
    if error:
        context = {**poll.get_context(request), "error": error}
        context["view"] = poll.view_for(request, asked)
        return render(request, poll.template, context, status=422)
    said = _("投票成功，谢谢参与。您的收据码是 %(code)s，请自己记下，我们不留底。")
    messages.success(request, said % {"code": receipt})
    return redirect(poll.url)


def _box(request, poll, asked: Asked, *, receipt: str, error: str):
    extra = {"error": error, "receipt": receipt, "compact": "compact" in request.POST}
    context = poll.box_context(request, asked=asked if error else None, **extra)
    return render(request, "interactions/poll_box.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request, poll_id):
    """Whether a ballot with this code was counted. Says nothing of its choice, for nobody knows."""
    poll = get_object_or_404(PollPage.objects.live(), pk=poll_id)
    code = request.POST.get("code", "").strip()
    context = {"page": poll, "code": code, "standing": selectors.standing(poll)}
    if not code:
        return render(request, "interactions/poll_receipt.html", context)
    if not ratelimit.allow(f"receipt:{ratelimit.address(request)}", LOOKUPS, LOOKUP_SECONDS):
        context["error"] = _("查得太快了，请过一分钟再试。")
        return render(request, "interactions/poll_receipt.html", context, status=429)
    digest = services.receipt_digest(poll.pk, code)
    context["found"] = Receipt.objects.filter(poll=poll.pk, digest=digest).exists()
    return render(request, "interactions/poll_receipt.html", context)


@require_safe
def receipts(request, poll_id):
    """All hashes of a closed poll, in the order of the alphabet: as many as took part."""
    poll = get_object_or_404(PollPage.objects.live(), pk=poll_id)
    standing = selectors.standing(poll)
    if not standing.is_final or standing.voters is None:
        raise Http404
    digests = Receipt.objects.filter(poll=poll.pk).order_by("digest")
    lines = "\n".join(digests.values_list("digest", flat=True))
    return HttpResponse(f"{lines}\n", content_type="text/plain; charset=utf-8")
