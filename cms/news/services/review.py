"""Verbs of 三审: set it up, send a story in, do a step. The rule itself is in models/review.py."""

from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Task, Workflow, WorkflowPage, WorkflowTask

from cms.news.models import HomePage, ReviewTask, Step
from cms.news.models.review import ReviewedPage

STOCK_WORKFLOW = "Moderators approval"
STOCK_GROUPS = ("Moderators", "Editors")


@transaction.atomic
def review_set_up(*, home: HomePage) -> Workflow:
    """Make the 三审 workflow and hang it on the home page; a second call changes nothing."""
    workflow, made = Workflow.objects.get_or_create(name="三审", defaults={"active": True})
    if made:
        for order, step in enumerate(Step):
            task = ReviewTask.objects.create(name=step.label, step=step, active=True)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
        _stock_clear()
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
    return workflow


def _stock_clear() -> None:
    """Take out the workflow and the groups Wagtail starts with: nobody publishes by hand here."""
    Workflow.objects.filter(name=STOCK_WORKFLOW).delete()
    Task.objects.filter(name=STOCK_WORKFLOW).delete()
    Group.objects.filter(name__in=STOCK_GROUPS, user=None).delete()


def story_submit(*, page: ReviewedPage, user) -> None:
    """Send the latest revision to 初审."""
    page.get_workflow().start(page, user)


def story_review(*, page: ReviewedPage, user, approve: bool, opinion: str) -> None:
    """Do the step that is due. Raises PermissionDenied with the reason when `user` may not."""
    state = page.current_workflow_state.current_task_state.specific
    action = "approve" if approve else "reject"
    state.task.specific.on_action(state, user, action, comment=opinion)
