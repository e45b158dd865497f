"""What this room keeps of a person, shown, taken along and erased by /my/data/ (cms.members).

Public comments stay, under 「已注销用户」; what was never
public goes as soon as the law's six months for the record are over (services.retention).
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_comments.models import CommentFlag
from django_comments_xtd.models import LIKEDIT_FLAG

from cms.interactions import privacy, tally, words
from cms.interactions.models import (
    Appeal,
    Ballot,
    CommentReport,
    Measure,
    ModerationItem,
    PollOption,
    Turnout,
    UnionComment,
)
from cms.interactions.models.moderation import user_key
from cms.interactions.origins import COMMENT
from cms.interactions.services.deciding import write_down
from cms.interactions.services.showing import comments_touch
from cms.members.models import User
from cms.members.personal import Holding, register

GONE = _("已注销用户")
State = ModerationItem.State


def _items(user: User):
    return ModerationItem.objects.filter(author_key=user_key(user))


# --- Comments -------------------------------------------------------------------------------------


def comment_rows(user: User) -> list[dict]:
    items = {
        item.origin: item
        for item in _items(user).select_related("story").order_by("-said_at", "-pk")
    }
    comments = UnionComment.norel_objects.filter(user=user).order_by("-submit_date", "-pk")
    return [_comment_row(comment, items.get(f"{COMMENT}{comment.pk}")) for comment in comments]


def _comment_row(comment: UnionComment, item: ModerationItem | None) -> dict:
    return {
        "时间": comment.submit_date,
        "内容": comment.comment,
        "显示的名字": comment.shown_name,
        "稿件": item.story.title if item and item.story else "",
        "状态": item.get_state_display() if item else "",
        "没有通过的原因": item.get_reason_display() if item and item.reason else "",
        "说明": item.note if item else "",
        "被赞": comment.likes,
        "修改时间": comment.edited_at,
        "网络地址": comment.ip_address or "",
    }


@transaction.atomic
def comment_erase(user: User) -> None:
    waiting = _items(user).select_for_update().filter(state=State.PENDING)
    write_down(list(waiting), user, State.WITHDRAWN)
    comments = UnionComment.norel_objects.filter(user=user)
    pages = set(comments.values_list("object_pk", flat=True))
    for pk, text in comments.values_list("pk", "comment"):
        masked = privacy.mask(text)
        if masked.found:  # Once agreed to be public; nobody is left to agree.
            UnionComment.norel_objects.filter(pk=pk).update(
                comment=masked.text, body_html=words.as_html(masked.text)
            )
    comments.update(user_name=str(GONE), user_email="", ip_address=None, shown_name=str(GONE))
    comments.filter(official="").update(user=None)
    _items(user).update(author_name=str(GONE))
    Measure.objects.filter(author_key=user_key(user)).update(author_name=str(GONE))
    comments_touch(pages)


# --- Appeals, likes, reports, measures ------------------------------------------------------------


def appeal_rows(user: User) -> list[dict]:
    appeals = Appeal.objects.filter(item__in=_items(user)).select_related("item")
    return [
        {
            "时间": appeal.made_at,
            "评论": appeal.item.text,
            "申诉理由": appeal.text,
            "结果": appeal.get_state_display(),
            "答复": appeal.answer,
        }
        for appeal in appeals.order_by("-made_at")
    ]


def like_rows(user: User) -> list[dict]:
    flags = CommentFlag.objects.filter(user=user, flag=LIKEDIT_FLAG)
    rows = flags.order_by("-flag_date").values_list("flag_date", "comment__comment")
    return [{"时间": at, "赞过的评论": text} for at, text in rows]


def like_erase(user: User) -> None:
    flags = CommentFlag.objects.filter(user=user)
    liked = list(flags.filter(flag=LIKEDIT_FLAG).values_list("comment_id", flat=True))
    comments = UnionComment.norel_objects.filter(pk__in=liked)
    comments.update(likes=F("likes") - 1)
    flags.delete()
    comments_touch(set(comments.values_list("object_pk", flat=True)))


def report_rows(user: User) -> list[dict]:
    reports = CommentReport.objects.filter(user=user).select_related("comment")
    return [
        {
            "时间": report.made_at,
            "举报的评论": report.comment.comment,
            "原因": report.get_reason_display(),
            "说明": report.note,
            "结果": report.get_outcome_display(),
        }
        for report in reports.order_by("-made_at")
    ]


def report_erase(user: User) -> None:
    """The desk still looks at what was reported; who did is forgotten."""
    CommentReport.objects.filter(user=user).delete()


def measure_rows(user: User) -> list[dict]:
    return [
        {
            "时间": measure.at,
            "措施": measure.get_kind_display(),
            "原因": measure.get_reason_display(),
            "说明": measure.note,
            "到期": measure.until,
            "解除时间": measure.lifted_at,
        }
        for measure in Measure.objects.filter(author_key=user_key(user))
    ]


def _stays(user: User) -> None:
    """Kept as a record for the law's time; it names nobody once the account is empty."""


# --- Votes ----------------------------------------------------------------------------------------


def vote_rows(user: User) -> list[dict]:
    """Where the person has voted. What, only of named polls: of secret ones nobody knows it."""
    ballots = {ballot.poll_id: ballot for ballot in Ballot.objects.filter(user=user)}
    took_part = Turnout.objects.filter(user=user).select_related("poll").order_by("-poll")
    texts = dict(PollOption.objects.filter(poll__in=ballots).values_list("pk", "text"))
    return [_vote_row(turnout.poll, ballots.get(turnout.poll_id), texts) for turnout in took_part]


def _vote_row(poll, ballot: Ballot | None, texts) -> dict:
    return {
        "投票": poll.title,
        "方式": poll.get_secrecy_display(),
        "时间": ballot.cast_at if ballot else None,
        "回答": tally.in_words(ballot.answers, texts) if ballot else "无记名，没有人知道您选了什么",
    }


def vote_erase(user: User) -> None:
    """That somebody took part, and what a named ballot chose, stays: the count must still agree
    with them. They point at the emptied row. Free words count for nothing, and go."""
    for ballot in Ballot.objects.filter(user=user):
        if "text" in ballot.answers:
            mine = Ballot.objects.filter(poll=ballot.poll_id, user=user)
            mine.update(answers={**ballot.answers, "text": ""})


def register_all() -> None:
    register(
        Holding(
            "comments",
            _("评论"),
            comment_rows,
            comment_erase,
            _("已公开的评论留下，名字改为“已注销用户”；没有公开的撤回，审核记录到期后删除。"),
            "/my/comments/",
            110,
        )
    )
    register(
        Holding(
            "appeals", _("申诉"), appeal_rows, _stays, _("作为审核记录保存到期后删除。"), "", 120
        )
    )
    register(Holding("likes", _("点赞"), like_rows, like_erase, _("全部删除。"), "", 130))
    register(Holding("reports", _("举报"), report_rows, report_erase, _("全部删除。"), "", 140))
    register(
        Holding(
            "votes",
            _("投票"),
            vote_rows,
            vote_erase,
            _(
                "票数不变，不再带有您的名字；实名投票里您写的话删除。无记名投票本来就没有人知道您选了什么。"
            ),
            "",
            145,
        )
    )
    register(
        Holding(
            "measures",
            _("处理记录"),
            measure_rows,
            _stays,
            _("作为记录保存到期后删除，不再带有您的名字。"),
            "",
            150,
        )
    )
