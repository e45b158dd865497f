"""What the story editor asks about a text that is being written. Nothing is stored."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.news.blocks import BodyBlock
from cms.news.duplicates import body_text, duplicates
from search.text.keywords import keywords

#: Bytes of a form: five times the longest story we know.
LARGEST = 1_000_000
TITLE_LENGTH = 255
SUMMARY_LENGTH = 1_000
SUGGESTED = 10
WRITING = ("add", "change")
BODY = BodyBlock()
BODY.set_name("body")


class NotAStory(Exception):
    """The form that was sent is none of the story editor's."""


def for_writers(view):
    """POST only, for those who may write or change stories, with a Chinese word on each refusal."""

    @require_POST
    def guarded(request):
        if not policy_registry.get_by_type(Page).user_has_any_permission(request.user, WRITING):
            raise PermissionDenied
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
                raise RequestDataTooBig
            return view(request)
        except RequestDataTooBig:
            return HttpResponse(_("稿件太长，没法一次看完。可以先把正文分成几篇。"), status=413)
        except NotAStory:
            return HttpResponse(_("没有看懂稿件的内容，请保存草稿、刷新页面后再试。"), status=400)

    return guarded


@for_writers
def writing_keywords(request):
    title, text = _typed(request.POST)
    words = keywords(title, text, SUGGESTED)
    return render(request, "news/admin/writing_keywords.html", {"words": words})


@for_writers
def writing_duplicates(request):
    title, text = _typed(request.POST)
    editable = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(
        request.user, WRITING
    )
    own = request.GET.get("page", "")
    found = duplicates(
        title, text, drafts=editable, but=int(own) if own.isascii() and own.isdecimal() else None
    )
    mine = set(editable.filter(pk__in=[one.page.pk for one in found]).values_list("pk", flat=True))
    return render(
        request,
        "news/admin/writing_duplicates.html",
        {"found": [(one, one.page.pk in mine) for one in found], "is_blank": not (title or text)},
    )


def _typed(data) -> tuple[str, str]:
    """The title, and summary and body, as they stand in the editor's form."""
    try:
        body = BODY.get_prep_value(BODY.value_from_datadict(data, {}, "body"))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotAStory from error
    text = f"{data.get('summary', '')[:SUMMARY_LENGTH]}\n{body_text(body)}"
    return data.get("title", "")[:TITLE_LENGTH].strip(), text.strip()
