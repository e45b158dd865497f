"""Stories and polls that went the whole way: written, sent in, read by three people, published."""

from itertools import count

from django.test import TestCase
from django.utils import timezone

from cms.interactions.models import PollOption, PollPage
from cms.news.models import PolicyPage, SectionPage
from cms.news.models.review import ReviewedPage
from cms.news.services import story_review, story_submit
from tests.factories.people import make_user
from tests.factories.site import reviewers_of

_numbers = count(1)


def committed():
    """`with committed(): …` runs what waits for the commit, which a test's transaction never is."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def make_story(
    section: SectionPage,
    *,
    live: bool = True,
    model: type[ReviewedPage] = PolicyPage,
    title: str = "",
    text: str = "高温天气作业的职工，由用人单位发放高温津贴。",
    editor=None,
    **fields,
) -> ReviewedPage:
    """A story of `model` in `section`; with `live`, three reviewers have passed it."""
    number = next(_numbers)
    editor = editor or make_user("采编")
    fields = {
        "title": title or f"高温津贴发放标准之{number}",
        "slug": f"story-{number}",
        "summary": "六月到十月，在高温天气里干活的人每月领津贴。",
        "body": [("paragraph", f"<p>{text}</p>")],
        "responsible_editor": "王编辑",
        **fields,
    }
    return _bring_in(section, model(owner=editor, live=False, **fields), editor, live)


def make_poll(
    section: SectionPage,
    *,
    options=("食堂", "班车", "托管班"),
    live: bool = True,
    title: str = "",
    editor=None,
    **fields,
) -> PollPage:
    """A poll in `section` with `options` in this order; with `live`, it has passed 三审."""
    number = next(_numbers)
    editor = editor or make_user("采编")
    poll = PollPage(
        title=title or f"您最希望工会办好哪件事之{number}",
        slug=fields.pop("slug", f"poll-{number}"),
        owner=editor,
        live=False,
        **fields,
    )
    poll.options = [PollOption(text=text, sort_order=order) for order, text in enumerate(options)]
    return _bring_in(section, poll, editor, live)


def close_poll(poll: PollPage) -> PollPage:
    """The voting ends now; returns the poll fresh."""
    PollPage.objects.filter(pk=poll.pk).update(closes_at=timezone.now())
    return PollPage.objects.get(pk=poll.pk)


def pass_review(page: ReviewedPage, editor) -> ReviewedPage:
    """Send the latest revision in and pass it through 初审, 复审 and 终审; returns it fresh."""
    with committed():
        story_submit(page=page, user=editor)
        for reviewer in reviewers_of(page.union):
            story_review(
                page=type(page).objects.get(pk=page.pk),
                user=reviewer,
                approve=True,
                opinion="事实清楚，同意。",
            )
    return type(page).objects.get(pk=page.pk)


def _bring_in(section, page, editor, live):
    with committed():
        page = SectionPage.objects.get(pk=section.pk).add_child(instance=page)
        page.save_revision(user=editor)
    return pass_review(page, editor) if live else page
