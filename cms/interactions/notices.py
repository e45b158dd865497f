"""What people are told about their own words. Quiet: nothing is sent for what went as expected."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from cms.interactions.models import (
    Appeal,
    CommentReport,
    Measure,
    ModerationItem,
    PollPage,
    UnionComment,
)
from cms.interactions.models.moderation import user_of_key
from cms.interactions.origins import comment_id
from cms.members.models import User
from cms.members.services import notify

SHOWN = 20


def refused(items: Sequence[ModerationItem]) -> None:
    """A refusal, with its reason and the way to an appeal."""
    for item in _of_people(items):
        words = _("您的评论“%(text)s”没有通过，原因：%(reason)s。") % {
            "text": _short(item.text),
            "reason": item.get_reason_display(),
        }
        if item.note:
            words += item.note
        _tell([user_of_key(item.author_key)], "refused", words, _place(item), _key("refused", item))


def answered_by_reader(items: Sequence[ModerationItem]) -> None:
    """Somebody answered your comment, and the answer is there to read."""
    ids = {pk: item for item in items if (pk := comment_id(item.origin))}
    replies = UnionComment.norel_objects.filter(pk__in=ids, level__gt=0)
    rows = list(replies.values_list("pk", "user_id", "thread_id", "answers_id"))
    above = {answers or thread for _pk, _user, thread, answers in rows}
    authors = dict(UnionComment.norel_objects.filter(pk__in=above).values_list("pk", "user_id"))
    for pk, user, thread, answers in rows:
        author = authors.get(answers or thread)
        if author and author != user:
            item = ids[pk]
            # No name: it would stay when its bearer has left.
            words = _("有人回复了您：“%(text)s”") % {"text": _short(item.text)}
            _tell([author], "replied", words, _place(item), _key("replied", item))


def answered_by_union(item: ModerationItem, answer: UnionComment) -> None:
    words = _("%(union)s回复了您的评论：“%(text)s”") % {
        "union": answer.official,
        "text": _short(answer.comment),
    }
    who = user_of_key(item.author_key)
    _tell([who] if who else [], "answered", words, _place(item), f"answered:{answer.pk}")


def appeal_answered(appeal: Appeal) -> None:
    restored = appeal.state == Appeal.State.RESTORED
    words = _("您的申诉已答复：%(result)s。%(answer)s") % {
        "result": _("评论已恢复") if restored else _("维持不通过"),
        "answer": appeal.answer,
    }
    who = user_of_key(appeal.item.author_key)
    _tell([who] if who else [], "appeal", words, _place(appeal.item), f"appeal:{appeal.pk}")


def report_handled(reports: Iterable[CommentReport], *, kept: bool) -> None:
    for report in reports:
        words = _("您举报的评论已查看：保留。") if kept else _("您举报的评论已撤下，谢谢您。")
        _tell([report.user_id], "report", words, "", f"report:{report.pk}")


def poll_answered(poll: PollPage, voters: Iterable[int]) -> None:
    """The union has answered a poll you voted in: once, however often the answer is changed."""
    words = _("您投过票的“%(poll)s”有工会答复了。") % {"poll": poll.title}
    _tell(voters, "poll_answered", words, poll.url or "", f"poll-answered:{poll.pk}")


def measure_taken(measure: Measure, person: User) -> None:
    words = _("工会对您的账号作了处理：%(kind)s，原因：%(reason)s。") % {
        "kind": measure.get_kind_display(),
        "reason": measure.get_reason_display(),
    }
    _tell([person.pk], "measure", words + measure.note, "", f"measure:{measure.pk}")


def _tell(users: Iterable[int | None], kind: str, text: str, url: str, key: str) -> None:
    notify(
        users=User.objects.filter(pk__in=[pk for pk in users if pk]),
        kind=kind,
        text=text,
        url=url,
        key=key,
    )


def _of_people(items: Iterable[ModerationItem]) -> list[ModerationItem]:
    """Those whose author has an account here."""
    return [item for item in items if user_of_key(item.author_key)]


def _place(item: ModerationItem) -> str:
    """Where it stands, or where its author sees it: both are below the story."""
    address = item.story.get_url() or "" if item.story else ""
    return f"{address}#comments" if address else ""


def _key(kind: str, item: ModerationItem) -> str:
    """One notice for each decision, however often the service is asked."""
    return f"{kind}:{item.pk}:{item.decided_at:%Y%m%d%H%M%S%f}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
