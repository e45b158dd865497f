"""A case is answered: by the story that its brief asked for, by another story, or in words."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page

from cms.members.models import User
from cms.news.models import StoryPage
from cms.topics.models import Brief, Case
from cms.topics.services.cases import WORDS_LIMIT, locked, reason_of, state_when_open
from cms.topics.services.follows import follows_gather
from cms.topics.services.pages import concerns_touch
from search.text.normalise import one_line

State = Case.State


@transaction.atomic
def case_answer(*, case: Case, user: User, page: Page | None = None, words: str = "") -> Case:
    """Answer an open case with a public story, with words, or with both. Without words the story's
    summary says it. Raises ValidationError, in words."""
    case = locked(case)
    if not case.is_open:
        raise ValidationError(_("这个事项已有答复。要换一个答复，请先重新打开。"))
    words = _words(words)
    story = page.specific if page else None
    if story is not None and not (isinstance(story, StoryPage) and story.live):
        raise ValidationError(_("请选一篇已发布的稿件；还没发布的，等发布后再选。"))
    if story is None and not words:
        raise ValidationError(_("请选一篇稿件，或写一两句答复。"))
    return _answer(case, story, words or story.summary, user)


def story_published(*, page_id: int) -> Case | None:
    """The story that a brief asked for is public: its open case is answered, once."""
    brief = Brief.objects.filter(page=page_id).select_related("case").first()
    if brief is None:
        return None
    with transaction.atomic():
        case = locked(brief.case)
        story = Page.objects.get(pk=page_id).specific
        if not (case.is_open and story.live):
            return None
        return _answer(case, story, story.summary, None)


def story_withdrawn(*, page_id: int, cases: list[int]) -> list[Case]:
    """The story that was the answer to these cases is public no more: they are open again."""
    if Page.objects.filter(pk=page_id, live=True).exists():  # Again, before we came to it.
        return []
    reason = str(_("稿件已撤下，答复不再公开。"))
    answered = Case.objects.filter(pk__in=cases, state=State.ANSWERED)
    return [_reopen_or_hide(case, reason) for case in answered]


@transaction.atomic
def answer_change(*, case: Case, user: User, words: str, shown: bool) -> Case:
    """Change the words of an answer, and whether 您说我办 shows it."""
    case = locked(case)
    if case.answered_at is None:
        raise ValidationError(_("这个事项还没有答复。"))
    words = _words(words)
    if not words:
        raise ValidationError(_("请写一两句答复，公众先读到的就是它。"))
    if (words, shown) == (case.answer, case.shown):
        return case
    case.answer, case.shown = words, shown
    case.save(update_fields=["answer", "shown"])
    said = words if shown else _("不公开：%(words)s") % {"words": words}
    log(case, "topics.answer_change", user=user, data={"words": str(said)})
    concerns_touch()
    return case


def case_reopen(*, case: Case, user: User | None, reason: str) -> Case:
    """Open a case again; its answer is taken back, the words stay in the history.

    Raises ValidationError without a reason, or when the topic has another open case.
    """
    reason = reason_of(reason)
    try:
        with transaction.atomic():
            case = locked(case)
            if case.is_open:
                raise ValidationError(_("这个事项本来就没有办结。"))
            before = case.answer
            case.state = state_when_open(case)
            case.answer, case.answer_page, case.answered_at = "", None, None
            case.shown = True
            case.save()
            said = f"{reason}（{_('原答复')}：{before}）" if before else reason
            log(case, "topics.case_reopen", user=user, data={"words": said})
            concerns_touch()
            return case
    except IntegrityError:  # one_open_case
        raise ValidationError(_("这个话题另有没办结的事项，请在那里接着办。")) from None


def _answer(case: Case, story: StoryPage | None, words: str, user: User | None) -> Case:
    case.state, case.answered_at = State.ANSWERED, timezone.now()
    case.answer_page_id = story.pk if story else None
    case.answer = one_line(words)[:WORDS_LIMIT]
    case.shown = True
    case.save()
    said = f"{story.title}：{case.answer}" if story else case.answer
    log(case, "topics.case_answer", user=user, data={"words": said})
    follows_gather(case=case)
    concerns_touch()
    return case


def _reopen_or_hide(case: Case, reason: str) -> Case:
    """Where the topic has a new open case, the old one stays closed and is no longer shown."""
    try:
        return case_reopen(case=case, user=None, reason=reason)
    except ValidationError:
        Case.objects.filter(pk=case.pk).update(state=State.CLOSED, shown=False, answer_page=None)
        log(case, "topics.case_close", data={"words": reason})
        concerns_touch()
        case.refresh_from_db()
        return case


def _words(text: str) -> str:
    text = one_line(text)
    if len(text) > WORDS_LIMIT:
        raise ValidationError(
            _("答复最多 %(max)d 字，细节请写进稿件。"), params={"max": WORDS_LIMIT}
        )
    return text
