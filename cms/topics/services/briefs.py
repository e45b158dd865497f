"""选题单: a draft that waits for its editor, with what people asked beside it."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.blocks.stream_block import StreamValue
from wagtail.log_actions import log
from wagtail.models import Page

from cms.members.models import Union, User
from cms.members.services import notify
from cms.news.models import ActivityPage, LegalPage, PolicyPage, SectionPage, StoryPage
from cms.topics import briefing
from cms.topics.models import Brief, Case
from cms.topics.selectors.briefs import Plan, plan_for, writes_for
from cms.topics.services.cases import locked
from search.text.normalise import one_line

MODELS: dict[str, type[StoryPage]] = {
    briefing.LEGAL: LegalPage,
    briefing.POLICY: PolicyPage,
    briefing.ACTIVITY: ActivityPage,
}
#: An activity must have a day; the panel says that this one is made up.
ACTIVITY_IN = timedelta(days=14)


@transaction.atomic
def brief_make(
    *,
    case: Case,
    user: User,
    editor: User,
    section: SectionPage,
    kind: str,
    title: str,
    unions: QuerySet[Union] | None,
) -> Brief:
    """Make the draft, hang the brief on it and tell its editor. An open case whose brief has a page
    gets no second one: the same is returned. `unions`: what `user` hears, as for `heard`.

    Raises ValidationError, in words, when the case is not open, the kind is unknown, the title is
    empty, or the editor does not write for the section.
    """
    case = locked(case)
    existing = case.briefs.filter(page__isnull=False).select_related("page").first()
    if existing is not None:
        return existing
    if not case.is_open:
        raise ValidationError(_("这个事项已有答复。要再写一篇，请先重新打开。"))
    title = one_line(title)[: briefing.TITLE_LIMIT]
    if not title:
        raise ValidationError(_("请写一个暂定标题，编辑可以再改。"))
    if kind not in MODELS:
        raise ValidationError(_("请选择稿件类型。"))
    if not writes_for(editor, section):
        raise ValidationError(
            _("%(editor)s不能在“%(section)s”栏目写稿，请换一个栏目或编辑。"),
            params={"editor": editor.real_name, "section": section.title},
        )
    plan = plan_for(topic=case.topic, unions=unions)
    page = _draft(kind, title, case, plan, section, editor)
    brief = Brief.objects.create(
        case=case,
        page=Page.objects.get(pk=page.pk),
        questions=plan.questions,
        laws=plan.laws,
        earlier=[story.pk for story in plan.earlier],
        people=plan.people,
        made_by=user,
    )
    case.state = Case.State.BRIEFED
    case.save(update_fields=["state"])
    said = _("%(title)s，交给%(editor)s") % {"title": title, "editor": editor.real_name}
    log(case, "topics.brief_make", user=user, data={"words": str(said)})
    _tell(brief, editor)
    return brief


def brief_lost(*, page_id: int) -> None:
    """The draft is about to be deleted: its open case has no brief any more."""
    waiting = Case.objects.filter(briefs__page=page_id, state=Case.State.BRIEFED)
    waiting.update(state=Case.State.OPEN)


def _draft(
    kind: str, title: str, case: Case, plan: Plan, section: SectionPage, editor: User
) -> StoryPage:
    """Valid, so that it can be saved; not public; its editor's own, so that others review it."""
    model = MODELS[kind]
    page = model(
        title=title,
        summary=briefing.summary_for(case.topic.name),
        body=_body(model, kind),
        responsible_editor=editor.real_name[:30],
        owner=editor,
        live=False,
        has_unpublished_changes=True,
        **_particulars(kind, plan),
    )
    Page.objects.get(pk=section.pk).add_child(instance=page)
    page.save_revision(user=editor)
    return page


def _particulars(kind: str, plan: Plan) -> dict:
    """What the kind asks for besides."""
    if kind == briefing.LEGAL:
        law = plan.laws[0] if plan.laws else {"law": briefing.FIRST_LAW, "articles": ""}
        return {"law_name": law["law"][:80], "law_articles": law["articles"][:120]}
    if kind == briefing.ACTIVITY:
        day = timezone.localdate() + ACTIVITY_IN
        return {
            "starts_at": _at(day, 9),
            "ends_at": _at(day, 11),
            "place": str(_("待定")),
        }
    return {}


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _body(model: type[StoryPage], kind: str) -> StreamValue:
    """Headings only: what people said stands beside the draft, not in it."""
    block = model._meta.get_field("body").stream_block
    heading = block.child_blocks["heading"]
    return StreamValue(
        block, [("heading", heading.normalize({"text": text})) for text in briefing.HEADINGS[kind]]
    )


def _tell(brief: Brief, editor: User) -> None:
    case = brief.case
    words = _("给您派了一份选题单：“%(topic)s”，请在 %(due)s 前写好。") % {
        "topic": case.topic,
        "due": f"{case.due_on:%Y-%m-%d}" if case.due_on else _("近期"),
    }
    notify(
        users=[editor],
        kind="brief",
        text=words,
        url=reverse("wagtailadmin_pages:edit", args=[brief.page_id]),
        key=f"brief:{brief.pk}",
    )
