"""What a reader does with one comment: change it, take it back, appeal, like, report."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cms.interactions import selectors, services
from cms.interactions.models import Appeal, CommentReport, ModerationItem, UnionComment
from cms.members.models import Role
from tests.factories import grant, make_story, make_user

pytestmark = pytest.mark.django_db


def item_of(comment) -> ModerationItem:
    return ModerationItem.objects.get(origin=f"comment:{comment.pk}")


@pytest.fixture
def colleague(newsroom):
    """A second moderator of the same union."""
    return grant(make_user("另一位审核员"), Role.MODERATOR, newsroom.union)


@pytest.fixture
def refused(newsroom, story, worker, say):
    comment = say(story, "班长说的话不能信", user=worker)
    services.item_reject(item=item_of(comment), user=newsroom.moderator, reason="insult")
    return comment


# --- Changing -------------------------------------------------------------------------------------


def test_changed_comment_waits_for_review_again(newsroom, client, story, worker, say, committed):
    comment = say(story, "高温津贴按月发", user=worker, approve=True)
    with committed():
        services.comment_edit(comment=comment, user=worker, text="高温津贴按月发到卡里")
    item = item_of(comment)
    assert (item.state, item.text) == ("pending", "高温津贴按月发到卡里")
    assert "高温津贴按月发到卡里" not in client.get(story.url).content.decode()
    edited = item.events.get(action="edited")
    assert (edited.words, edited.by) == ("高温津贴按月发", worker)


def test_after_five_minutes_a_comment_stays_as_it_is(story, worker, say):
    comment = say(story, "高温津贴按月发", user=worker)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        with pytest.raises(ValidationError) as late:
            services.comment_edit(comment=comment, user=worker, text="改一改")
        assert late.value.code == "late"


def test_changing_asks_about_numbers_as_writing_does(story, worker, say):
    comment = say(story, "请给我回电话", user=worker)
    with pytest.raises(services.PersonalNumbers):
        services.comment_edit(comment=comment, user=worker, text="请打13812345678")
    services.comment_edit(comment=comment, user=worker, text="请打13812345678", numbers="hide")
    assert "13812345678" not in UnionComment.objects.get(pk=comment.pk).comment


def test_what_cannot_be_saved_comes_back_as_typed(client, story, worker, say):
    comment = say(story, "请给我回电话", user=worker)
    client.force_login(worker)
    answer = client.post(reverse("interactions:edit", args=[comment.pk]), {"comment": "长" * 1001})
    assert answer.status_code == 422
    assert "长" * 1001 in answer.content.decode()


def test_somebody_elses_comment_does_not_exist_for_ones_own_pages(client, story, worker, say):
    comment = say(story, "别人的评论")
    client.force_login(worker)
    for name in ("edit", "withdraw", "appeal"):
        address = reverse(f"interactions:{name}", args=[comment.pk])
        assert client.get(address).status_code == 404
        assert client.post(address, {"comment": "改成我的", "text": "恢复"}).status_code == 404
    for verb in (services.comment_edit, services.comment_withdraw):
        with pytest.raises(PermissionDenied):
            verb(
                comment=comment,
                user=worker,
                **({"text": "x"} if verb is services.comment_edit else {}),
            )


# --- Taking back ----------------------------------------------------------------------------------


def test_withdrawn_comment_is_gone_at_once_and_for_good(
    newsroom, client, story, worker, say, committed
):
    comment = say(story, "说错了一句话", user=worker, approve=True)
    assert "说错了一句话" in client.get(story.url).content.decode()
    with committed():
        assert services.comment_withdraw(comment=comment, user=worker)
        assert not services.comment_withdraw(comment=comment, user=worker)
    assert "说错了一句话" not in client.get(story.url).content.decode()
    item = item_of(comment)
    outcome = services.items_decide(ids=[item.pk], user=newsroom.moderator, state="approved")
    assert not outcome.changed


def test_plain_form_asks_before_it_withdraws(client, story, worker, say):
    comment = say(story, "说错了一句话", user=worker)
    client.force_login(worker)
    address = reverse("interactions:withdraw", args=[comment.pk])
    assert "不能再恢复" in client.get(address).content.decode()
    assert item_of(comment).state == "pending"
    assert client.post(address).url == f"{story.url}#comments"
    assert item_of(comment).state == "withdrawn"


# --- Appeals --------------------------------------------------------------------------------------


def test_author_reads_reason_and_word_and_may_appeal(newsroom, client, story, worker, say):
    comment = say(story, "班长说的话不能信", user=worker)
    services.items_decide(
        ids=[item_of(comment).pk],
        user=newsroom.moderator,
        state="rejected",
        reason="insult",
        note="请不要点名。",
    )
    client.force_login(worker)
    page = client.get(story.url).content.decode()
    for words in ("未通过：侮辱诽谤他人", "请不要点名。", "申诉"):
        assert words in page


def test_appeal_is_answered_by_somebody_else(newsroom, client, refused, worker, colleague):
    item = item_of(refused)
    appeal = services.appeal_make(item=item, user=worker, text="我说的是实情")
    with pytest.raises(PermissionDenied):
        services.appeal_decide(appeal=appeal, user=newsroom.moderator, restore=True, answer="好")
    services.appeal_decide(appeal=appeal, user=colleague, restore=True, answer="核实过，恢复。")
    item.refresh_from_db()
    assert (item.state, item.appealed) == ("approved", False)
    assert UnionComment.objects.get(pk=refused.pk).shown
    actions = [event.action for event in item.events.all()]
    assert actions == ["submitted", "rejected", "appealed", "restored"]
    with pytest.raises(ValidationError):
        services.appeal_decide(appeal=appeal, user=colleague, restore=False, answer="又改")


def test_open_appeal_is_not_passed_over_by_an_ordinary_decision(newsroom, refused, worker):
    item = item_of(refused)
    services.appeal_make(item=item, user=worker, text="我说的是实情")
    outcome = services.items_decide(ids=[item.pk], user=newsroom.moderator, state="approved")
    assert (outcome.changed, outcome.appealed) == ([], [item])


def test_a_refusal_is_appealed_once(newsroom, refused, worker, colleague):
    item = item_of(refused)
    appeal = services.appeal_make(item=item, user=worker, text="我说的是实情")
    for _again in range(2):
        with pytest.raises(ValidationError):
            services.appeal_make(item=item, user=worker, text="再说一遍")
        services.appeal_decide(
            appeal=appeal, user=colleague, restore=False, answer="仍有辱骂。"
        ) if appeal.state == Appeal.State.OPEN else None
        appeal.refresh_from_db()
    item.refresh_from_db()
    assert (item.state, item.appealed, appeal.state) == ("rejected", False, "upheld")


@pytest.mark.parametrize("text", ["", "  ", "长" * 501])
def test_unfit_appeal_is_refused_and_kept(client, refused, worker, text):
    client.force_login(worker)
    answer = client.post(reverse("interactions:appeal", args=[refused.pk]), {"text": text})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not Appeal.objects.exists()


def test_only_the_author_appeals(refused):
    with pytest.raises(PermissionDenied):
        services.appeal_make(item=item_of(refused), user=make_user(), text="替他说一句")


# --- Likes ----------------------------------------------------------------------------------------


def test_like_counts_once_and_can_be_taken_back(story, worker, say):
    comment = say(story, "说得在理的话", approve=True)
    for liked, likes in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        assert services.comment_like(comment=comment, user=worker, liked=liked) == likes
    assert services.comment_like(comment=comment, user=make_user(), liked=True) == 2


def test_own_and_unseen_comments_are_not_liked(story, worker, say):
    own = say(story, "我自己说的话", user=worker, approve=True)
    waiting = say(story, "还没有审核的评论")
    for comment in (own, waiting):
        with pytest.raises(ValidationError):
            services.comment_like(comment=comment, user=worker, liked=True)


def test_like_works_as_a_plain_form_and_as_a_button(client, story, worker, say):
    comment = say(story, "说得在理的话", approve=True)
    address = reverse("interactions:like", args=[comment.pk])
    assert "/accounts/login/" in client.post(address, {"liked": "1"}).url
    client.force_login(worker)
    assert client.post(address, {"liked": "1"}).url == f"{story.url}#c{comment.pk}"
    assert 'aria-pressed="true"' in client.get(story.url).content.decode()
    button = client.post(address, {"liked": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="false"' in button


def test_most_liked_comes_first_and_newest_on_request(story, worker, say):
    first = say(story, "先说的一句话", approve=True)
    second = say(story, "后说的一句话", approve=True)
    services.comment_like(comment=first, user=worker, liked=True)

    def ids(order):
        return [thread["id"] for thread in selectors.comment_threads(story, order=order).threads]

    assert ids("best") == [str(first.pk), str(second.pk)]
    assert ids("newest") == ids("nonsense")[::-1] == [str(second.pk), str(first.pk)]


# --- Reports --------------------------------------------------------------------------------------


def test_report_brings_a_comment_back_to_the_desk_once_for_each_person(
    newsroom, client, story, worker, say
):
    comment = say(story, "这话说得不对头", approve=True)
    for _again in range(2):
        services.comment_report(comment=comment, user=worker, reason="advert", note="是骗子")
    item = item_of(comment)
    assert (item.reports, CommentReport.objects.count()) == (1, 1)
    client.force_login(newsroom.moderator)
    assert "这话说得不对头" in client.get("/admin/moderation/?queue=reports").content.decode()


def test_both_outcomes_of_a_report_are_kept(newsroom, story, worker, say):
    kept, gone = say(story, "留下来的评论", approve=True), say(story, "要撤下的评论", approve=True)
    for comment in (kept, gone):
        services.comment_report(comment=comment, user=worker, reason="rumour")
    services.reports_keep(item=item_of(kept), user=newsroom.moderator)
    services.item_reject(item=item_of(gone), user=newsroom.moderator, reason="rumour")
    outcomes = dict(CommentReport.objects.values_list("comment", "outcome"))
    assert outcomes == {kept.pk: "kept", gone.pk: "removed"}
    assert item_of(kept).reports == item_of(gone).reports == 0


@pytest.mark.parametrize("reason", ["", "because"])
def test_report_needs_a_known_reason(client, story, worker, say, reason):
    comment = say(story, "这话说得不对头", approve=True)
    client.force_login(worker)
    address = reverse("interactions:report", args=[comment.pk])
    answer = client.post(address, {"reason": reason, "note": "是骗子"})
    assert answer.status_code == 422
    assert "是骗子" in answer.content.decode()


# --- My comments ----------------------------------------------------------------------------------


def test_my_comments_show_everything_of_mine_and_nothing_of_others(client, story, worker, say):
    say(story, "我写的第一条话", user=worker, approve=True)
    say(story, "我写的第二条话", user=worker)
    say(story, "别人写的一条话", approve=True)
    assert client.get("/my/comments/").status_code == 302
    client.force_login(worker)
    page = client.get("/my/comments/").content.decode()
    assert "我写的第一条话" in page
    assert "我写的第二条话" in page
    assert "别人写的一条话" not in page


def test_reader_of_the_newsroom_can_only_reply_where_comments_are_open(newsroom, worker, client):
    closed = make_story(newsroom.section, allow_comments=False)
    client.force_login(worker)
    answer = client.post(reverse("interactions:comments", args=[closed.pk]), {"comment": "说两句"})
    assert answer.status_code == 422
    assert "说两句" in answer.content.decode()
