"""三审: three people read every story before the public does.

The rule (《图书质量保障体系》, kept by union newsrooms for all their media): three steps,
初审 复审 终审; no person does two of them on one story; the author does none; each step leaves an
opinion. It is kept at three depths: the buttons (ReviewTask.get_actions), the act
(ReviewTask.on_action) and the database row (ReviewedPage.save), so that neither the API nor a
copy nor a bulk action nor a superuser finds a way round it.
"""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    Page,
    PagePermissionTester,
    Revision,
    Task,
    TaskState,
    WorkflowState,
)

from cms.members.models import Role, Union
from cms.members.selectors import unions_for, user_has_role
from cms.news.slugs import PinyinSlug


class Step(models.TextChoices):
    FIRST = "first", _("初审")
    SECOND = "second", _("复审")
    FINAL = "final", _("终审")


ROLE_OF_STEP = {
    Step.FIRST: Role.FIRST_REVIEWER,
    Step.SECOND: Role.SECOND_REVIEWER,
    Step.FINAL: Role.FINAL_REVIEWER,
}


class NotReviewed(PermissionDenied):
    """A story was about to go public without its three reviews."""


class OpinionForm(forms.Form):
    """The review slip (审稿单): no step without an opinion."""

    comment = forms.CharField(
        label=_("审稿意见"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": _("请写下审稿意见，再点提交。")},
    )


class ReviewTask(Task):
    """One step of the review, done by those who hold its role in the story's union."""

    step = models.CharField(_("审次"), max_length=10, choices=Step.choices)

    admin_form_fields = [*Task.admin_form_fields, "step"]
    admin_form_readonly_on_edit_fields = [
        *Task.admin_form_readonly_on_edit_fields,
        "step",
    ]

    class Meta:
        verbose_name = _("审稿环节")
        verbose_name_plural = _("审稿环节")

    @classmethod
    def get_description(cls):
        return _("由稿件所属工会的初审、复审或终审人员审稿，必须留下意见")

    def get_actions(self, obj, user):
        if refusal(obj, user, Step(self.step)):
            return []
        return [("reject", _("退回修改"), True), ("approve", _("通过"), True)]

    def get_form_for_action(self, action):
        return OpinionForm

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        """Approve or return; raises PermissionDenied with the reason when the rule forbids it."""
        # One decision at a time: two steps passed in two windows would not see each other.
        WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
        task_state.refresh_from_db()
        if reason := refusal(task_state.workflow_state.content_object, user, Step(self.step)):
            raise PermissionDenied(reason)
        if not str(kwargs.get("comment", "")).strip():
            raise PermissionDenied(_("请写下审稿意见，再点提交。"))
        super().on_action(task_state, user, action_name, **kwargs)

    def user_can_access_editor(self, obj, user):
        return user_has_role(user, ROLE_OF_STEP[Step(self.step)], union_of(obj))

    def locked_for_user(self, obj, user):
        return not self.user_can_access_editor(obj, user)

    def get_task_states_user_can_moderate(self, user, **kwargs):
        states = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        if user.is_superuser:
            return states
        unions = unions_for(user, ROLE_OF_STEP[Step(self.step)])
        below = Q()
        for path in Page.objects.filter(sectionpage__union__in=unions).values_list(
            "path", flat=True
        ):
            below |= Q(path__startswith=path)
        pages = Page.objects.filter(below) if below else Page.objects.none()
        return states.filter(
            workflow_state__object_id__in=[str(pk) for pk in pages.values_list("pk", flat=True)]
        )


def union_of(page: Page) -> Union | None:
    """The union that owns the section a page stands in."""
    return (
        Union.objects.filter(sections__path__in=_ancestor_paths(page))
        .order_by("-sections__depth")
        .first()
    )


def _ancestor_paths(page: Page) -> list[str]:
    return [page.path[: page.steplen * depth] for depth in range(1, page.depth + 1)]


def authors_of(page: Page) -> set[int]:
    """Ids of all who have written on the text since it was last public, and of who sent it in."""
    revisions = page.revisions.filter(user__isnull=False)
    if page.live_revision_id:
        revisions = revisions.filter(pk__gt=page.live_revision_id)
    authors = set(revisions.values_list("user_id", flat=True))
    if page.owner_id and not page.first_published_at:
        authors.add(page.owner_id)
    state = page.current_workflow_state
    if state and state.requested_by_id:
        authors.add(state.requested_by_id)
    return authors


def refusal(page: Page, user, step: Step) -> str:
    """Why `user` may not do `step` on `page` now; empty when he may."""
    if not user_has_role(user, ROLE_OF_STEP[step], union_of(page)):
        return _("您不是本工会的%(step)s人员，不能处理这篇稿件。") % {"step": step.label}
    if user.pk in authors_of(page):
        return _("您是这篇稿件的作者或修改者，请由他人审稿。")
    earlier = TaskState.objects.filter(
        workflow_state=page.current_workflow_state,
        status=TaskState.STATUS_APPROVED,
        finished_by=user,
    ).exclude(task__in=ReviewTask.objects.filter(step=step))
    if earlier.exists():
        return _("您已审过这篇稿件的另一环节，三审不能由同一人担任两次。")
    return ""


def passed(revision: Revision | None) -> bool:
    """Whether `revision` went through 初审, 复审 and 终审 by three different people."""
    if revision is None:
        return False
    slips = TaskState.objects.filter(
        revision=revision, status=TaskState.STATUS_APPROVED, finished_by__isnull=False
    ).values_list("task__reviewtask__step", "finished_by")
    steps = {step for step, person in slips if step}
    people = {person for step, person in slips if step}
    return steps == set(Step.values) and len(people) == len(Step.values)


class ReviewedPagePermissions(PagePermissionTester):
    """What a person may do with a page under 三审: never publish; withdraw only as 终审."""

    def can_publish(self):
        return False

    def can_publish_subpage(self):
        return False

    def can_set_view_restrictions(self):
        return False

    def can_unpublish(self):
        return self.page.live and self._is_final_reviewer()

    def can_unschedule(self):
        return self._is_final_reviewer()

    def _is_final_reviewer(self):
        return user_has_role(self.user, Role.FINAL_REVIEWER, union_of(self.page))


class ReviewedPage(PinyinSlug, Page):
    """Abstract base of every page that the public sees only after 三审."""

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        return ReviewedPagePermissions(user, self)

    def save(self, *args, **kwargs):
        """Refuse to become public, or to change what is public, without three reviews.

        Raises NotReviewed. Unpublishing and changes that leave the public text alone pass.
        """
        if self.live and self._public_text_changes() and not self._may_go_live():
            raise NotReviewed(_("稿件未通过三审，不能发布。请先送审。"))
        super().save(*args, **kwargs)

    def _public_text_changes(self) -> bool:
        before = Page.objects.filter(pk=self.pk).values_list("live", "live_revision").first()
        return before != (True, self.live_revision_id)

    def _may_go_live(self) -> bool:
        revision = self.live_revision
        return bool(revision) and revision.object_id == str(self.pk) and passed(revision)

    @cached_property
    def union(self) -> Union | None:
        return union_of(self)
