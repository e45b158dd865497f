"""三审: the rule, kept against buttons, acts, the API, copies, bulk actions and superusers."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken, Page, TaskState

from cms.members.models import Role
from cms.news.models import PolicyPage, Step, StoryCard
from cms.news.models.review import NotReviewed, passed, refusal
from cms.news.services import story_review, story_submit
from tests.factories import committed, grant, make_story, make_user

pytestmark = pytest.mark.django_db


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def draft_in_review(newsroom):
    story = make_story(newsroom.section, live=False, editor=newsroom.editor)
    story_submit(page=story, user=newsroom.editor)
    return fresh(story)


def test_three_people_in_three_steps_publish_a_story(newsroom):
    story = draft_in_review(newsroom)
    with committed():
        for reviewer in newsroom.reviewers:
            assert not fresh(story).live
            story_review(page=fresh(story), user=reviewer, approve=True, opinion="同意。")
    assert fresh(story).live
    assert passed(fresh(story).live_revision)
    assert StoryCard.objects.filter(page=story).exists()


def test_every_step_leaves_an_opinion_with_name_and_time(newsroom):
    story = make_story(newsroom.section)
    slips = TaskState.objects.filter(workflow_state__object_id=str(story.pk))
    assert slips.count() == 3
    assert all(slip.comment and slip.finished_by and slip.finished_at for slip in slips)


def test_a_step_without_an_opinion_is_refused(newsroom):
    story = draft_in_review(newsroom)
    with pytest.raises(PermissionDenied, match="审稿意见"):
        story_review(page=story, user=newsroom.reviewers[0], approve=True, opinion="  ")


def test_nobody_passes_two_steps_of_one_story(newsroom):
    both = newsroom.reviewers[0]
    grant(both, Role.SECOND_REVIEWER, newsroom.union)
    story = draft_in_review(newsroom)
    story_review(page=story, user=both, approve=True, opinion="同意。")
    with pytest.raises(PermissionDenied, match="两次"):
        story_review(page=fresh(story), user=both, approve=True, opinion="同意。")


def test_a_superuser_passes_one_step_but_not_two(newsroom):
    chief = make_user("总编", superuser=True)
    story = draft_in_review(newsroom)
    story_review(page=story, user=chief, approve=True, opinion="同意。")
    with pytest.raises(PermissionDenied):
        story_review(page=fresh(story), user=chief, approve=True, opinion="同意。")


@pytest.mark.parametrize("role", [Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER])
def test_the_author_reviews_nothing_of_his_own(newsroom, role):
    grant(newsroom.editor, role, newsroom.union)
    story = draft_in_review(newsroom)
    step = {
        Role.FIRST_REVIEWER: Step.FIRST,
        Role.SECOND_REVIEWER: Step.SECOND,
        Role.FINAL_REVIEWER: Step.FINAL,
    }[role]
    assert "作者" in refusal(story, newsroom.editor, step)


def test_who_rewrites_a_story_during_review_becomes_its_author(newsroom):
    story = draft_in_review(newsroom)
    reviewer = newsroom.reviewers[0]
    story.title = "改过的标题"
    story.save_revision(user=reviewer)
    assert refusal(fresh(story), reviewer, Step.FIRST)


def test_an_edit_after_a_step_asks_for_that_step_again(newsroom):
    story = draft_in_review(newsroom)
    first, second, final = newsroom.reviewers
    story_review(page=story, user=first, approve=True, opinion="同意。")
    changed = fresh(story)
    changed.title = "审过以后又改"
    revision = changed.save_revision(user=newsroom.editor)
    TaskState.objects.filter(
        workflow_state=changed.current_workflow_state, status=TaskState.STATUS_IN_PROGRESS
    ).update(revision=revision)
    story_review(page=fresh(story), user=second, approve=True, opinion="同意。")
    story_review(page=fresh(story), user=first, approve=True, opinion="改动已看，同意。")
    with committed():
        story_review(page=fresh(story), user=final, approve=True, opinion="同意签发。")
    assert fresh(story).live
    assert passed(fresh(story).live_revision)


def test_a_reviewer_of_another_union_has_no_say(newsroom):
    stranger = grant(
        make_user(),
        Role.FIRST_REVIEWER,
        newsroom.union.add_child(name="下级工会", slug="below", level="county"),
    )
    story = draft_in_review(newsroom)
    assert refusal(story, stranger, Step.FIRST)


def test_a_returned_story_tells_the_author_why(newsroom):
    story = draft_in_review(newsroom)
    story_review(page=story, user=newsroom.reviewers[0], approve=False, opinion="来源没有写清。")
    state = fresh(story).current_workflow_state
    assert state.status == "needs_changes"
    assert state.current_task_state.comment == "来源没有写清。"


# --- No way round ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_direct_publishing_in_the_admin_is_refused(newsroom, client, who):
    story = make_story(newsroom.section, live=False, editor=newsroom.editor)
    client.force_login(newsroom.editor if who == "editor" else make_user(superuser=True))
    address = reverse("wagtailadmin_pages:edit", args=[story.pk])
    form = {
        "title": story.title,
        "slug": story.slug,
        "summary": story.summary,
        "responsible_editor": story.responsible_editor,
        "body-count": "0",
        "action-publish": "action-publish",
    }
    client.post(address, form)
    assert not fresh(story).live


@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_the_bulk_action_cannot_publish_a_story(newsroom, client, who):
    story = make_story(newsroom.section, live=False)
    client.force_login(newsroom.editor if who == "editor" else make_user(superuser=True))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={story.pk}&next=/admin/", {"include_descendants": "on"})
    assert not fresh(story).live


def test_the_bulk_action_on_a_section_does_not_take_its_drafts_along(newsroom, client):
    story = make_story(newsroom.section, live=False)
    client.force_login(make_user(superuser=True))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={newsroom.section.pk}&next=/admin/", {"include_descendants": "on"})
    assert not fresh(story).live


def test_the_copy_of_a_published_story_is_a_draft(newsroom, client):
    story = make_story(newsroom.section)
    client.force_login(make_user(superuser=True))
    client.post(
        reverse("wagtailadmin_pages:copy", args=[story.pk]),
        {
            "new_title": "抄一份",
            "new_slug": "copy",
            "new_parent_page": newsroom.section.pk,
            "publish_copies": "on",
        },
    )
    copies = PolicyPage.objects.filter(slug="copy")
    assert not copies.filter(live=True).exists()


def test_a_live_copy_or_alias_made_in_code_is_refused(newsroom):
    story = make_story(newsroom.section)
    with pytest.raises(NotReviewed):
        story.copy(update_attrs={"slug": "copy"}, keep_live=True)
    with pytest.raises(NotReviewed):
        story.create_alias(update_slug="alias")
    assert Page.objects.filter(slug__in=["copy", "alias"], live=True).count() == 0


def test_the_api_cannot_publish_a_story(newsroom, client):
    story = make_story(newsroom.section, live=False)
    chief = make_user(superuser=True)
    secret = APIToken.create_token(user=chief, name="agent")[1]
    answer = client.post(
        f"/api/v3/pages/{story.pk}/actions/publish/",
        headers={"Authorization": f"Bearer {secret}"},
        content_type="application/json",
        data="{}",
    )
    assert answer.status_code == 403, answer.content
    assert not fresh(story).live


def test_a_story_saved_as_live_in_code_is_refused(newsroom):
    story = make_story(newsroom.section, live=False)
    story.live = True
    with pytest.raises(NotReviewed):
        story.save()
    with pytest.raises(NotReviewed):
        story.get_latest_revision().publish()
    assert not fresh(story).live


def test_only_the_final_reviewer_withdraws_a_story(newsroom):
    story = make_story(newsroom.section)
    first, _second, final = newsroom.reviewers
    assert not story.permissions_for_user(first).can_unpublish()
    assert story.permissions_for_user(final).can_unpublish()
    with committed():
        story.unpublish(user=final)
    assert not fresh(story).live
    assert not StoryCard.objects.filter(page=story).exists()


def test_a_scheduled_story_goes_out_only_when_it_was_reviewed(newsroom):
    story = make_story(newsroom.section, live=False, go_live_at=timezone.now() + timedelta(hours=1))
    story_submit(page=story, user=newsroom.editor)
    for reviewer in newsroom.reviewers:
        story_review(page=fresh(story), user=reviewer, approve=True, opinion="同意。")
    assert not fresh(story).live
    revision = fresh(story).get_latest_revision()
    type(revision).objects.filter(pk=revision.pk).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    stored = fresh(story)
    stored.go_live_at = timezone.now() - timedelta(minutes=1)
    content = revision.content
    content["go_live_at"] = stored.go_live_at.isoformat()
    type(revision).objects.filter(pk=revision.pk).update(content=content)
    with committed():
        call_command("publish_scheduled")
    assert fresh(story).live
