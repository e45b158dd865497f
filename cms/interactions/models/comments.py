"""A comment on the site. The text is cleaned and rendered once, when it is written."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment
from wagtail.models import Page


class UnionComment(XtdComment):
    """`comment` keeps the words without the numbers their author did not agree to show; readers
    only ever get `body_html`.

    What lists choose and sort by stands in this table, so that one page of a story with 10,000
    comments is found by one index: `shown` repeats the library's `is_public` and not `is_removed`
    (they are changed together in services.showing), `listed`, `replies` and `answered` speak of the
    thread and are kept on its first comment.
    """

    body_html = models.TextField(blank=True, editable=False)
    shown_name = models.CharField(max_length=20, blank=True, editable=False)
    story = models.ForeignKey(
        Page, models.SET_NULL, null=True, related_name="+", db_index=False, editable=False
    )
    shown = models.BooleanField(default=False, editable=False)
    #: Stands in the story's list: a thread that is shown or has replies that are.
    listed = models.BooleanField(default=False, editable=False)
    replies = models.PositiveIntegerField(default=0, editable=False)
    #: One of its replies is the union's.
    answered = models.BooleanField(default=False, editable=False)
    likes = models.PositiveIntegerField(default=0, editable=False)
    pinned_at = models.DateTimeField(null=True, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    #: The one it answers, when that is not the first of its thread.
    answers = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", editable=False
    )
    #: The union that speaks, of an official answer; empty for everybody else.
    official = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        verbose_name = _("评论")
        verbose_name_plural = _("评论")
        indexes = [
            models.Index(
                fields=["story", "listed", "-pinned_at", "-likes", "-replies", "-xtdcomment_ptr"],
                name="comments_best_first",
            ),
            models.Index(fields=["story", "shown", "-xtdcomment_ptr"], name="comments_shown"),
        ]

    def save(self, *args, **kwargs):
        """Insert a new comment; a written one changes only by `queryset.update`.

        Saving one that is public would make the replies public that still wait below it
        (`publish_or_unpublish_on_pre_save` of django-comments-xtd), past the moderators. The
        library saves twice for that reason too: here a comment is inserted once, and the columns
        of its thread are set after, as the library sets them for one level of replies.
        """
        if not self._state.adding:
            raise TypeError("A written comment is not saved again: use queryset.update().")
        thread = self.parent_id
        if thread:
            self.thread_id, self.level, self.order = thread, 1, _next_order(thread)
        super(XtdComment, self).save(*args, **kwargs)
        rows = XtdComment.norel_objects
        if thread:
            rows.filter(pk=thread).update(nested_count=models.F("nested_count") + 1)
        else:
            self.thread_id = self.parent_id = self.pk
            rows.filter(pk=self.pk).update(thread_id=self.pk, parent_id=self.pk)


def _next_order(thread: int) -> int:
    last = XtdComment.norel_objects.filter(thread_id=thread).aggregate(last=models.Max("order"))
    return (last["last"] or 0) + 1


class CommentReport(models.Model):
    """A reader's complaint about a comment that is shown (《跟帖评论服务管理规定》 art. 13)."""

    class Reason(models.TextChoices):
        ILLEGAL = "illegal", _("违法违规")
        INSULT = "insult", _("辱骂攻击")
        RUMOUR = "rumour", _("不实信息")
        PRIVACY = "privacy", _("泄露我的信息")
        ADVERT = "advert", _("广告骗局")
        MINOR = "minor", _("伤害未成年人")
        OTHER = "other", _("其他")

    class Outcome(models.TextChoices):
        KEPT = "kept", _("查看后保留")
        REMOVED = "removed", _("已撤下")

    comment = models.ForeignKey(UnionComment, models.CASCADE, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(_("原因"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("举报")
        verbose_name_plural = _("举报")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="one_report_each"),
        ]

    def __str__(self):
        return f"{self.comment_id} {self.get_reason_display()}"
