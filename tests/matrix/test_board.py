"""The board of an editor on duty: what is stuck or overdue first, the reason in words, buttons."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.matrix import tasks, watchdog
from cms.matrix.channels.base import Payload
from cms.matrix.lifecycle import State
from cms.matrix.models import ChannelAccount, Delivery
from cms.members.models import Role
from cms.news.models import CustomImage
from tests.factories import grant, make_union, make_user
from tests.factories.matrix import make_account

pytestmark = pytest.mark.django_db
BOARD = "/admin/matrix/delivery/"


@pytest.fixture
def account(newsroom):
    return make_account(newsroom.union, "http://127.0.0.1:9")


@pytest.fixture
def duty(newsroom, client):
    client.force_login(newsroom.editor)
    tasks.beat_worker()
    return client


def delivery(account, state, title="稿", **fields) -> Delivery:
    return Delivery.objects.create(account=account, title=title, state=state, **fields)


def titles(page: str, *wanted: str) -> list[str]:
    return sorted(wanted, key=page.index)


def test_what_is_overdue_or_failed_stands_before_what_is_done(duty, account):
    old = timezone.now() - timedelta(hours=3)
    delivery(account, State.PUBLISHED, "已经发好")
    delivery(account, State.APPROVED, "刚刚签发")
    delivery(account, State.FAILED, "被拒绝了", error_text="标题太长。请改到 32 个字以内。")
    delivery(account, State.SUBMITTED, "等了太久", moved_at=old)
    page = duty.get(BOARD).content.decode()
    order = titles(page, "已经发好", "刚刚签发", "被拒绝了", "等了太久")
    assert order == ["等了太久", "被拒绝了", "刚刚签发", "已经发好"]
    assert "标题太长。请改到 32 个字以内。" in page
    assert "超时" in page


def test_the_board_asks_as_often_for_fifty_rows_as_for_two(duty, account):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            duty.get(BOARD)
        return len(queries)

    for _ in range(2):
        delivery(account, State.FAILED)
    duty.get(BOARD)
    few = asked()
    for _ in range(48):
        delivery(account, State.FAILED)
    assert asked() == few


def test_the_board_narrows_to_what_needs_a_hand_and_to_what_is_late(duty, account):
    delivery(account, State.PUBLISHED, "要人删掉", todo="请登录微博手动删除。")
    delivery(account, State.UNKNOWN, "拖了很久", moved_at=timezone.now() - timedelta(days=1))
    delivery(account, State.PUBLISHED, "一切都好")
    hand = duty.get(BOARD, {"needs": "hand"}).content.decode()
    assert "要人删掉" in hand
    assert "一切都好" not in hand
    late = duty.get(BOARD, {"needs": "overdue"}).content.decode()
    assert "拖了很久" in late
    assert "要人删掉" not in late


def test_a_silent_worker_is_told_on_the_board_and_on_the_front_page(newsroom, client, account):
    client.force_login(newsroom.editor)
    for address in (BOARD, "/admin/"):
        assert "后台进程没有在运行" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        (State.FAILED, "cancel", State.CANCELLED),
        (State.UNKNOWN, "give_up", State.FAILED),
        (State.SCHEDULED, "cancel", State.CANCELLED),
    ],
)
def test_buttons_do_what_they_say(duty, account, state, verb, after):
    row = delivery(account, state)
    duty.post(f"{BOARD}{row.pk}/{verb}/")
    row.refresh_from_db()
    assert row.state == after
    assert row.events.last().by is not None


def test_a_button_that_does_not_fit_the_state_says_why(duty, account):
    row = delivery(account, State.PUBLISHED)
    answer = duty.post(f"{BOARD}{row.pk}/cancel/", follow=True)
    assert "不能取消" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == State.PUBLISHED


def test_the_page_of_a_delivery_tells_its_whole_story(duty, account):
    row = delivery(
        account, State.FAILED, error_text="封面太大。", error_code="40009", trace_id="rid-77"
    )
    row.events.create(from_state="approved", to_state="failed", why="封面太大。", trace_id="rid-77")
    picture = CustomImage.objects.create(
        title="cover", description="工人在领津贴", width=1, height=1
    )
    fields = {"title": "题", "content": "<p>一</p><p>二</p>", "cover": f"cover-{picture.pk}"}
    row.payload = Payload(fields).to_json()
    row.save()
    page = duty.get(f"{BOARD}{row.pk}/").content.decode()
    assert "40009" in page
    assert "rid-77" in page
    assert "签发的内容" in page
    assert "一<br>二" in page
    assert "工人在领津贴" in page
    assert "重试" in page


def test_only_those_of_the_accounts_union_see_and_act(account, client):
    row = delivery(account, State.FAILED, "别人的稿")
    other = grant(make_user("邻居"), Role.EDITOR, make_union())
    client.force_login(other)
    assert "别人的稿" not in client.get(BOARD).content.decode()
    assert client.post(f"{BOARD}{row.pk}/retry/").status_code == 404
    reviewer = grant(make_user("初审"), Role.FIRST_REVIEWER, account.union)
    client.force_login(reviewer)
    assert client.get(f"{BOARD}{row.pk}/").status_code == 200
    assert client.post(f"{BOARD}{row.pk}/retry/").status_code in (302, 403)
    row.refresh_from_db()
    assert row.state == State.FAILED


def test_what_needs_somebody_leads_to_just_those_rows(duty, account):
    delivery(account, State.PUBLISHED, "要人删掉", todo="请登录微博手动删除。")
    delivery(account, State.FAILED, "被拒绝了", error_text="标题太长。")
    delivery(account, State.UNKNOWN, "拖了很久", moved_at=timezone.now() - timedelta(days=1))
    told = watchdog.troubles(Delivery.objects.all(), ChannelAccount.objects.all())
    rows = {}
    for trouble in told:
        page = duty.get(trouble.where).content.decode()
        rows[trouble.where.partition("?")[2]] = [
            title for title in ("要人删掉", "被拒绝了", "拖了很久") if title in page
        ]
    assert rows == {
        "needs=overdue": ["拖了很久"],
        "state__exact=failed": ["被拒绝了"],
        "needs=hand": ["要人删掉"],
    }
