"""What workers write under a story, from the form to the public page."""

from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.interactions import selectors, services
from cms.interactions.forms import CommentForm
from cms.interactions.models import ModerationItem, UnionComment
from cms.interactions.services import comment_submit
from cms.members.models import User
from tests.factories import make_story, make_user
from tests.factories.comments import public_comments

pytestmark = pytest.mark.django_db


def submit(user, page, text, **kwargs):
    return comment_submit(user=user, page=page, text=text, **kwargs)


def form_data(page, text, **extra):
    return {**CommentForm(page).generate_security_data(), "comment": text, **extra}


def address(page):
    return reverse("interactions:comments", args=[page.pk])


# --- The service ---------------------------------------------------------------------------------


def test_comment_waits_and_joins_the_queue_of_the_storys_union(newsroom, story, worker):
    submitted = submit(worker, story, "津贴什么时候发？")
    item = ModerationItem.objects.get(origin=f"comment:{submitted.comment.pk}")
    assert not submitted.comment.is_public
    assert (item.state, item.union, item.story_id) == ("pending", newsroom.union, story.pk)
    assert item.author_key == f"user:{worker.pk}"
    assert submitted.comment.content_type.model == "policypage"


def test_html_is_escaped_and_kept_once(story, worker):
    submitted = submit(worker, story, "第一段<script>\n换行\n\n\n\n第二段 https://example.com/")
    assert submitted.comment.body_html == (
        "<p>第一段&lt;script&gt;<br>换行</p><p>第二段 https://example.com/</p>"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\u200b\x00", "empty"),
        ("长" * 1001, "long"),
        ("http://a.cn http://b.cn www.c.cn", "links"),
    ],
)
def test_unfit_text_is_refused_in_words(story, worker, text, code):
    with pytest.raises(ValidationError) as refused:
        submit(worker, story, text)
    assert refused.value.code == code
    assert not UnionComment.objects.exists()


def test_control_and_invisible_characters_are_dropped(story, worker):
    submitted = submit(worker, story, "支\x00持\u202e工\u200b会\r\n好\ud800")
    assert submitted.comment.comment == "支持工会\n好"


@pytest.mark.parametrize(
    ("text", "kept", "hidden"),
    [
        ("打我电话13812345678", "打我电话[手机号已隐去]", "手机号"),
        ("+86 138-1234-5678 找我", "[手机号已隐去] 找我", "手机号"),
        ("电话13812345678", "电话[手机号已隐去]", "手机号"),
        ("我是11010519491231002X", "我是[身份证号已隐去]", "身份证号"),
        ("打到 6222 0200 0000 0000 002", "打到 6222 0200 0000 0000 002", ""),
        ("打到 4111 1111 1111 1111 谢谢", "打到 [银行卡号已隐去] 谢谢", "银行卡号"),
        ("文号2026110012345678901不是号码", "文号2026110012345678901不是号码", ""),
    ],
)
def test_personal_numbers_are_asked_about_and_hidden(story, worker, text, kept, hidden):
    if hidden:
        with pytest.raises(services.PersonalNumbers) as question:
            submit(worker, story, text)
        assert question.value.masked.text == kept
        assert hidden in question.value.messages[0]
        assert not ModerationItem.objects.exists()
    submitted = submit(worker, story, text, numbers="hide")
    assert submitted.comment.body_html == f"<p>{kept}</p>"
    assert submitted.item.text == kept
    assert submitted.hidden == hidden
    # Nothing keeps what its author did not want shown.
    assert submitted.comment.comment == kept


def test_phone_number_goes_public_only_when_its_author_says_so(story, worker):
    submitted = submit(worker, story, "班车问题打13812345678", numbers="keep")
    assert "13812345678" in submitted.comment.body_html
    assert "13812345678" not in submitted.item.text
    assert "作者同意公开手机号" in submitted.item.hint_labels


@pytest.mark.parametrize("text", ["我是11010519491231002X", "打到4111111111111111谢谢"])
def test_identity_and_card_numbers_never_go_public(story, worker, text):
    with pytest.raises(services.PersonalNumbers) as question:
        submit(worker, story, text, numbers="keep")
    assert not question.value.may_keep


def test_closed_story_takes_no_comment(newsroom, worker):
    closed = make_story(newsroom.section, allow_comments=False)
    with pytest.raises(ValidationError) as refused:
        submit(worker, closed, "说两句")
    assert refused.value.code == "closed"


def test_draft_takes_no_comment(newsroom, worker):
    with pytest.raises(ValidationError):
        submit(worker, make_story(newsroom.section, live=False), "说两句")


def test_person_without_a_phone_number_is_asked_for_it(story):
    with pytest.raises(ValidationError) as refused:
        submit(make_user(phone=None), story, "说两句")
    assert "手机号" in refused.value.messages[0]


def test_sixth_comment_in_a_minute_is_refused(story, worker):
    for number in range(5):
        submit(worker, story, f"第{number}条意见")
    with pytest.raises(ValidationError) as refused:
        submit(worker, story, "第六条意见")
    assert refused.value.code == "fast"


def test_same_words_again_are_refused_even_with_other_punctuation(story, worker):
    submit(worker, story, "高温津贴按月发，不能拿绿豆汤顶")
    with pytest.raises(ValidationError) as refused:
        submit(worker, story, "高温津贴按月发。不能拿绿豆汤顶！！")
    assert refused.value.code == "repeat"


def test_short_words_may_be_said_under_another_story(newsroom, story, worker):
    submit(worker, story, "支持")
    submit(worker, make_story(newsroom.section), "支持")
    with pytest.raises(ValidationError):
        submit(worker, story, "支持!")


def test_reply_stands_below_its_thread_and_names_whom_it_answers(story, say):
    root = say(story, "哪些岗位算高温作业", approve=True)
    reply = say(story, "露天的都算", parent=root, approve=True)
    second = say(story, "车间里也算吗", parent=reply, approve=True)
    assert [reply.thread_id, second.thread_id] == [root.pk, root.pk]
    assert [reply.level, second.level] == [1, 1]
    [thread] = selectors.comment_threads(story).threads
    assert [answer["answers"] for answer in thread["replies"]] == ["", reply.shown_name]


def test_waiting_comment_cannot_be_replied_to(story, worker, say):
    waiting = say(story, "还没有审核的评论")
    with pytest.raises(ValidationError):
        submit(worker, story, "回复一条", parent=waiting)


def test_reply_cannot_cross_to_another_story(newsroom, story, worker, say):
    elsewhere = say(make_story(newsroom.section), "别处的评论", approve=True)
    with pytest.raises(ValidationError):
        submit(worker, story, "回复一条", parent=elsewhere)


def test_approving_a_comment_does_not_publish_the_replies_that_wait_below_it(newsroom, story, say):
    root = say(story, "哪些岗位算高温作业", approve=True)
    waiting = say(story, "等待审核的回复", parent=root)
    item = ModerationItem.objects.get(origin=f"comment:{root.pk}")
    services.item_reject(item=item, user=newsroom.moderator, reason="flood")
    services.item_approve(item=item, user=newsroom.moderator)
    waiting.refresh_from_db()
    assert not waiting.is_public


def test_written_comment_is_never_saved_again(story, say):
    comment = say(story, "哪些岗位算高温作业", approve=True)
    with pytest.raises(TypeError):
        comment.save()


def test_counts_hold_public_comments_only(newsroom, story, say):
    say(story, "公开的评论内容", approve=True)
    say(story, "还在等待的评论")
    assert selectors.comment_counts([story.pk, newsroom.home.pk]) == {story.pk: 1}


# --- On the page ---------------------------------------------------------------------------------


def test_waiting_comment_is_seen_by_its_author_alone(client, story, worker, say):
    say(story, "津贴能不能按月发到卡里", user=worker)
    assert "津贴能不能按月发到卡里" not in client.get(story.url).content.decode()
    client.force_login(make_user())
    assert "津贴能不能按月发到卡里" not in client.get(story.url).content.decode()
    client.force_login(worker)
    page = client.get(story.url).content.decode()
    assert "津贴能不能按月发到卡里" in page
    assert "审核中" in page


def test_refused_comment_shows_its_author_the_reason(newsroom, client, story, worker, say):
    comment = say(story, "加微信带你赚外快", user=worker)
    item = ModerationItem.objects.get(origin=f"comment:{comment.pk}")
    services.item_reject(item=item, user=newsroom.moderator, reason="advert")
    client.force_login(worker)
    assert "未通过：广告营销" in client.get(story.url).content.decode()


def test_approval_reaches_readers_of_the_kept_page_at_once(
    newsroom, client, story, worker, say, committed
):
    comment = say(story, "食堂也要降温", user=worker)
    client.get(story.url)
    item = ModerationItem.objects.get(origin=f"comment:{comment.pk}")
    with committed():
        services.item_approve(item=item, user=newsroom.moderator)
    assert "食堂也要降温" in client.get(story.url).content.decode()
    with committed():
        services.item_reject(item=item, user=newsroom.moderator, reason="other")
    assert "食堂也要降温" not in client.get(story.url).content.decode()


def test_kept_page_costs_no_query_and_holds_nothing_personal(
    client, story, worker, say, django_assert_num_queries
):
    say(story, "公开的评论内容", approve=True)
    first = client.get(story.url).content.decode()
    with django_assert_num_queries(0):
        assert client.get(story.url).content.decode() == first
    assert "csrfmiddlewaretoken" not in first
    assert "登录后评论" in first


@pytest.mark.parametrize("signed_in", [False, True])
def test_queries_do_not_grow_with_the_comments(client, story, worker, signed_in):
    if signed_in:
        client.force_login(worker)
    make_public(story, worker, 10)
    client.get(story.url, headers={"HX-Request": "true"})
    few = count_queries(client, story)
    make_public(story, worker, 90)
    assert count_queries(client, story) == few
    assert few <= 15


def test_queries_do_not_grow_with_what_is_ones_own(client, newsroom, story, worker):
    client.force_login(worker)
    count_queries(client, story)  # What every page needs is remembered from here on.
    counted = []
    for number in range(5):
        item = submit(worker, story, f"第{number}条各不相同的话").item
        if number % 2:
            services.item_reject(item=item, user=newsroom.moderator, reason="other")
        if number in (1, 4):
            counted.append(count_queries(client, story))
    assert counted[0] == counted[1]


def count_queries(client, page):
    # htmx's header keeps the page out of the page cache.
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(page.url, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return len(queries)


def make_public(page, user, number):
    public_comments(page, [user], [f"意见{index}" for index in range(number)])


def test_withdrawn_root_leaves_its_approved_replies_readable(newsroom, story, say):
    root = say(story, "会被撤下的评论", approve=True)
    say(story, "回复里有用的信息", parent=root, approve=True)
    item = ModerationItem.objects.get(origin=f"comment:{root.pk}")
    services.item_reject(item=item, user=newsroom.moderator, reason="insult")
    [thread] = selectors.comment_threads(story).threads
    assert "id" not in thread
    assert [reply["html"] for reply in thread["replies"]] == ["<p>回复里有用的信息</p>"]


def test_threads_are_paged_and_none_is_torn_apart(story, worker):
    make_public(story, worker, selectors.THREADS_PER_PAGE + 1)
    first = selectors.comment_threads(story)
    second = selectors.comment_threads(story, 2)
    assert (len(first.threads), first.before, first.after) == (selectors.THREADS_PER_PAGE, None, 2)
    assert (len(second.threads), second.before, second.after) == (1, 1, None)


# --- The form ------------------------------------------------------------------------------------


def test_anonymous_reader_is_sent_to_sign_in_and_back(client, story):
    answer = client.get(address(story))
    assert answer.url == f"/accounts/login/?{urlencode({'next': f'{story.url}#comments'})}"


def test_plain_form_comes_back_to_the_comments(client, story, worker):
    client.force_login(worker)
    text = "电话13812345678，请回电"
    asked = client.post(address(story), form_data(story, text))
    assert asked.status_code == 422
    assert text in asked.content.decode()
    answer = client.post(address(story), form_data(story, text, numbers="hide"))
    assert answer.status_code == 302
    assert answer.url == f"{story.url}#comments"
    assert "已隐去手机号" in client.get(story.url).content.decode()


def test_htmx_form_gets_the_form_and_the_held_comment(client, story, worker):
    client.force_login(worker)
    answer = client.post(
        address(story), form_data(story, "按月发才对"), headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert html.lstrip().startswith('<div id="comment-box"')
    assert "按月发才对" in html
    assert "审核中" in html


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_refused_text_is_not_lost(client, story, worker, headers):
    client.force_login(worker)
    text = "看http://a.cn http://b.cn http://c.cn"
    answer = client.post(address(story), form_data(story, text), headers=headers)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert "最多放 2 个网址" in answer.content.decode()


def test_text_survives_an_expired_session(client, story):
    answer = client.post(address(story), form_data(story, "写了很久的一段话"))
    assert answer.status_code == 422
    assert "写了很久的一段话" in answer.content.decode()
    assert not UnionComment.objects.exists()


def test_stale_page_asks_once_more_and_then_works(client, story, worker):
    client.force_login(worker)
    stale = form_data(story, "写得慢了些", timestamp="1", security_hash="0" * 40)
    answer = client.post(address(story), stale)
    assert answer.status_code == 422
    assert "写得慢了些" in answer.content.decode()
    again = answer.context["form"].fresh_security
    assert client.post(address(story), {**again, "comment": "写得慢了些"}).status_code == 302


def test_trap_field_catches_machines(client, story, worker):
    client.force_login(worker)
    answer = client.post(address(story), form_data(story, "买药请找我", homepage="http://x.cn"))
    assert answer.status_code == 422
    assert not UnionComment.objects.exists()


@pytest.mark.parametrize("reply_to", ["999999", "-1", "abc", "9" * 30])
def test_reply_to_nothing_is_answered_not_crashed(client, story, worker, reply_to):
    client.force_login(worker)
    assert client.get(f"{address(story)}?reply_to={reply_to}").status_code == 200
    answer = client.post(address(story), form_data(story, "回复谁呢", reply_to=reply_to))
    assert answer.status_code == 422
    assert not UnionComment.objects.exists()


def test_reply_form_names_the_comment_it_answers(client, story, worker, say):
    root = say(story, "哪些岗位算高温作业", approve=True)
    client.force_login(worker)
    html = client.get(f"{address(story)}?reply_to={root.pk}").content.decode()
    assert f"回复 {root.shown_name}" in html
    answer = client.post(address(story), form_data(story, "露天的都算", reply_to=root.pk))
    assert answer.status_code == 302
    assert UnionComment.objects.get(comment="露天的都算").thread_id == root.pk


def test_address_of_the_writer_is_kept_and_a_forged_one_is_not(client, story, worker):
    client.force_login(worker)
    client.post(address(story), form_data(story, "第一条意见"), headers={"X-Real-IP": "<b>"})
    client.post(address(story), form_data(story, "第二条意见"))
    addresses = UnionComment.objects.order_by("pk").values_list("ip_address", flat=True)
    assert list(addresses) == [None, "127.0.0.1"]


def test_pages_that_are_no_stories_take_no_comments(client, newsroom, worker):
    client.force_login(worker)
    assert client.get(address(newsroom.section)).status_code == 404
    assert client.get("/comments/999999/").status_code == 404
    assert client.get(f"/comments/{'9' * 30}/").status_code == 404


def test_public_name_hides_a_phone_number(story):
    user = make_user()
    User.objects.filter(pk=user.pk).update(nickname="13812345678")
    submitted = submit(User.objects.get(pk=user.pk), story, "我的名字是号码")
    assert "13812345678" not in submitted.comment.shown_name
