"""我也关心: pressed on a topic's public page, with a script or without."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.interactions.views.login import to_login
from cms.members.selectors import way_to_speak, why_not_speak
from cms.topics import public, services
from cms.topics.models import ConcernsPage, Topic


@require_http_methods(["GET", "HEAD", "POST"])
def care(request, slug):
    """POST counts the reader in, or out again (`action` = leave); GET is the way from the page to
    the sign-in and back. Only real people count, so whoever is not signed in is led there."""
    topic = Topic.objects.filter(slug=slug, state=Topic.State.SHOWN, merged_into=None).first()
    page = ConcernsPage.objects.live().first()
    if topic is None or page is None:
        raise Http404
    back = f"{page.get_url()}{topic.slug}/"
    if not request.user.is_authenticated:
        return to_login(request, f"{back}#care")
    if request.method != "POST":
        return redirect(f"{back}#care")
    said, error = "", ""
    try:
        said = _press(request, topic)
    except ValidationError as refused:
        error = refused.messages[0]
    if request.htmx:
        context = {
            **public.care_box(topic, request.user),
            "topic": topic,
            "said": said,
            "error": error,
            "wants_telling": "tell" in request.POST,
            "way": error and why_not_speak(request.user) and way_to_speak(request.user, back),
        }
        return render(request, "topics/care_box.html", context, status=422 if error else 200)
    if error:
        messages.error(request, error)
        if why_not_speak(request.user) and (way := way_to_speak(request.user, back)):
            return redirect(way)
    else:
        messages.success(request, said)
    return redirect(f"{back}#care")


def _press(request, topic: Topic) -> str:
    if request.POST.get("action") == "leave":
        services.care_take_back(topic=topic, user=request.user)
        return _("已取消。")
    tell = "tell" in request.POST
    services.care_give(topic=topic, user=request.user, tell=tell)
    return _("已记下，有答复时告诉您。") if tell else _("已记下。")
