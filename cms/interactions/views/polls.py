"""A vote handed in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.interactions import services
from cms.interactions.models import PollPage
from cms.interactions.views.login import to_login

CHANNELS = ("wechat", "weibo")


@require_POST
def vote(request, poll_id):
    poll = get_object_or_404(PollPage.objects.live(), pk=poll_id)
    if not request.user.is_authenticated:
        return to_login(request, poll.url)
    came_from = request.POST.get("from", "")
    asked = request.POST.getlist("option")
    error = ""
    try:
        services.ballot_cast(
            user=request.user,
            poll=poll,
            option_ids=asked,
            source=came_from if came_from in CHANNELS else "site",
        )
    except ValidationError as refused:
        error = refused.messages[0]
    if request.htmx:
        extra = {"error": error, "asked": asked, "just_voted": not error}
        extra["compact"] = "compact" in request.POST
        return render(
            request,
            "interactions/poll_box.html",
            poll.box_context(request, **extra),
            status=422 if error else 200,
        )
    if error:
        context = {**poll.get_context(request), "error": error, "asked": asked}
        return render(request, poll.template, context, status=422)
    messages.success(request, _("投票成功，谢谢参与。"))
    return redirect(poll.url)
