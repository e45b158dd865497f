"""What the templates of comments are given, in the story's page and on their own."""

from cms.interactions import selectors
from cms.interactions.forms import CommentForm
from cms.interactions.models import UnionComment
from cms.members.selectors import way_to_speak
from cms.news import pagecache


def context(request, page) -> dict:
    """The list of a story's comments; for the signed-in also which of them they like."""
    talk = selectors.talk_of(page)
    pagecache.keep_until(request, talk.opens_at, talk.closes_at)
    threads = selectors.comment_threads(
        page, number_of(request), request.GET.get("order", selectors.DEFAULT_ORDER)
    )
    return {
        "request": request,
        "page": page,
        "talk": talk,
        "listing": threads,
        "threads": threads.threads,
        **_reader(request, threads.threads),
    }


def thread_context(request, page, first: UnionComment) -> dict:
    number = number_of(request)
    replies, more = selectors.thread_replies(first, number)
    head = selectors.thread_head(first)
    thread = {**head, "replies": replies, "more": 0}
    return {
        "page": page,
        "talk": selectors.talk_of(page),
        "threads": [thread],
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if more else None,
        **_reader(request, [thread]),
    }


def box_context(request, page, *, just_spoke: bool = False) -> dict:
    """The form and what is one's own; nothing for those who are not signed in.

    Who `just_spoke` may speak, and was not refused: that is not asked again.
    """
    user = getattr(request, "user", None)
    talk = selectors.Talk(is_open=True) if just_spoke else selectors.talk_of(page)
    if not (user and user.is_authenticated):
        return {"page": page, "talk": talk, "own": [], "user": user}
    return {
        "request": request,
        "user": user,
        "page": page,
        "talk": talk,
        "own": selectors.own_comments(user, page),
        **({} if just_spoke else _silence(user, page)),
    }


def story_context(request, page) -> dict:
    """All of it, as a story's page shows it."""
    shown = context(request, page)
    user = shown["user"]
    if not (user and user.is_authenticated):
        return shown
    return {
        **shown,
        "own": selectors.own_comments(user, page),
        **_silence(user, page),
        "form": CommentForm(page),
    }


def _silence(user, page) -> dict:
    """Why this person may not write here, and where that can be put right."""
    silent = selectors.why_silent(user)
    return {
        "silent": silent,
        "way": way_to_speak(user, f"{page.url}#comments") if silent else "",
    }


def _reader(request, threads: list[dict]) -> dict:
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated):
        return {"user": user, "liked": set()}
    ids = [
        comment["id"]
        for thread in threads
        for comment in (thread, *thread["replies"])
        if "id" in comment
    ]
    return {"user": user, "liked": selectors.liked_by(user, ids)}


def number_of(request) -> int:
    """The number of the page that was asked for."""
    return selectors.as_id(request.GET.get("page", "")) or 1
