"""The inbox as a desk: who sees what, filters, shared reading, buttons that answer a script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.matrix import inbox_selectors
from cms.matrix.models import Reply, ReplyAct
from cms.members.models import Role
from tests.factories import committed, grant, make_union, make_user
from tests.factories.matrix import make_account
from tests.matrix.conftest import THANKS, make_reply

pytestmark = pytest.mark.django_db
Kind, State = ReplyAct.Kind, ReplyAct.State


@pytest.fixture
def desk(newsroom, client):
    client.force_login(newsroom.editor)
    return client


def test_people_see_the_accounts_of_their_unions_only(newsroom, sandbox, url, wechat, client):
    neighbour = make_union("邻市总工会")
    other = make_account(neighbour, url, "weibo")
    mine, theirs = make_reply(wechat), make_reply(other, text="邻市的留言")
    client.force_login(newsroom.moderator)
    page = client.get(reverse("matrix_inbox")).text
    assert mine.text in page
    assert theirs.text not in page
    for name, args in (
        ("matrix_inbox_reply", [theirs.pk]),
        ("matrix_inbox_row", [theirs.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404
    for verb in ("answer", "delete", "read", "take"):
        address = reverse("matrix_inbox_act", args=[theirs.pk, verb])
        assert client.post(address, {"text": THANKS}).status_code == 404
    client.post(reverse("matrix_inbox_read"), {"replies": [theirs.pk]})
    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert not ReplyAct.objects.exists()


def test_reviewers_have_no_inbox(newsroom, sandbox, wechat, client):
    client.force_login(newsroom.reviewers[0])
    assert client.get(reverse("matrix_inbox")).status_code in (302, 403)


def test_the_list_asks_the_same_number_of_questions_however_long(
    desk, newsroom, sandbox, wechat, weibo, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(60) as counted:
            desk.get(reverse("matrix_inbox"))
        return len(counted)

    make_reply(wechat, 1, kind="message")
    make_reply(weibo, 1)
    queries()  # Warms caches.
    few = queries()
    for number in range(2, 14):
        reply = make_reply(wechat, number, kind="message", handler=newsroom.editor)
        reply.acts.create(kind=Kind.ANSWER, text="好", by=newsroom.editor)
        make_reply(weibo, number)
    assert queries() == few


def test_filters_narrow_and_old_pages_follow_on(desk, newsroom, sandbox, wechat, weibo):
    for number in range(1, inbox_selectors.PER_PAGE + 6):
        make_reply(wechat, number)
    last = make_reply(weibo, 1, text="微博上说的", posted_at=timezone.now() - timedelta(days=1))
    first = desk.get(reverse("matrix_inbox"))
    assert last.text not in first.text
    older = desk.get(reverse("matrix_inbox"), {"before": first.context["older"]})
    assert last.text in older.text
    assert not older.context["older"]
    seen = [row.reply.pk for page in (first, older) for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == Reply.objects.count()
    for asked in ({"channel": "weibo"}, {"account": weibo.pk}, {"words": "微博上"}):
        assert [row.reply for row in desk.get(reverse("matrix_inbox"), asked).context["rows"]] == [
            last
        ]
    numbers = desk.get(reverse("matrix_inbox"), {"channel": "weibo"}).context["states"]
    assert {value: number for value, _label, number in numbers}["unread"] == 1
    assert desk.get(reverse("matrix_inbox"), {"account": "x", "before": "-1", "state": "?"})


def test_reading_is_shared(desk, newsroom, sandbox, wechat, client):
    replies = [make_reply(wechat, number) for number in (1, 2, 3)]
    assert inbox_selectors.unread(newsroom.moderator) == 3
    desk.post(reverse("matrix_inbox_read"), {"replies": [r.pk for r in replies[:2]]})
    assert inbox_selectors.unread(newsroom.moderator) == 1
    replies[0].refresh_from_db()
    assert replies[0].read_by == newsroom.editor


def test_the_conversation_shows_the_reader_and_the_story(desk, newsroom, sandbox, wechat, comment):
    earlier = make_reply(
        wechat, 5, author_key=comment.author_key, text="上个月也问过", kind="message"
    )
    make_reply(wechat, 6, text="别人说的")
    page = desk.get(reverse("matrix_inbox_reply", args=[comment.pk]))
    assert [row.reply for row in page.context["rows"]] == [earlier, comment]
    assert "别人说的" not in page.text
    assert reverse("matrix_delivery", args=[comment.delivery_id]) in page.text
    assert comment.delivery.url.replace("&", "&amp;") in page.text
    comment.refresh_from_db()
    assert comment.read_by == newsroom.editor


def test_readers_whom_the_platform_does_not_name_are_not_one_person(newsroom, sandbox, wechat):
    one = make_reply(wechat, 1, author_key="wechat:")
    make_reply(wechat, 2, author_key="wechat:")
    assert inbox_selectors.conversation(newsroom.editor, one) == [one]


def test_a_handler_is_one_of_the_unions_people(desk, newsroom, sandbox, wechat):
    reply, stranger = make_reply(wechat), grant(make_user(), Role.EDITOR, make_union())
    address = reverse("matrix_inbox_act", args=[reply.pk, "assign"])
    desk.post(address, {"handler": stranger.pk})
    reply.refresh_from_db()
    assert reply.handler is None
    desk.post(address, {"handler": newsroom.moderator.pk})
    reply.refresh_from_db()
    assert reply.handler == newsroom.moderator


def test_a_button_answers_a_script_with_the_row_as_it_is_now(desk, sandbox, comment):
    address = reverse("matrix_inbox_act", args=[comment.pk, "answer"])
    with committed():
        asked = desk.post(address, {"text": THANKS}, headers={"accept": "application/json"})
    assert asked.status_code == 200
    assert "data-moves" in asked.json()["row"]
    row = desk.get(reverse("matrix_inbox_row", args=[comment.pk])).json()["row"]
    assert THANKS in row
    assert "data-moves" not in row
    refused = desk.post(address, {"text": "再来"}, headers={"accept": "application/json"})
    assert refused.status_code == 422
    assert "只允许回复一次" in refused.json()["message"]


def test_a_plain_form_goes_back_to_its_own_site_only(desk, sandbox, wechat):
    reply = make_reply(wechat)
    address = reverse("matrix_inbox_act", args=[reply.pk, "read"])
    kept = f"{reverse('matrix_inbox')}?state=unread"
    assert desk.post(address, {"next": kept}).url == kept
    assert desk.post(address, {"next": "https://evil.example/"}).url == reverse("matrix_inbox")


def test_what_needs_a_person_is_found_and_settled_from_the_row(desk, sandbox, wechat):
    reply = make_reply(wechat)
    act = reply.acts.create(kind=Kind.ANSWER, text=THANKS, state=State.UNKNOWN)
    page = desk.get(reverse("matrix_inbox"), {"state": "stuck"})
    assert [row.reply for row in page.context["rows"]] == [reply]
    assert "没发出，重发" in page.text
    desk.post(reverse("matrix_inbox_act_act", args=[act.pk, "sent"]))
    act.refresh_from_db()
    assert act.state == State.DONE
