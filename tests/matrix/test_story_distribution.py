"""分发与撤回: one row an account, the buttons that fit, withdrawal told before and after."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.matrix import tasks
from cms.matrix.lifecycle import State
from cms.matrix.models import Delivery
from cms.members.models import Role
from tests.factories import grant, make_story, make_union, make_user
from tests.factories.matrix import make_account, versions

from .conftest import articles, finish, picture, publish, step

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def account(newsroom):
    return make_account(newsroom.union, NOWHERE)


@pytest.fixture
def story(newsroom):
    return make_story(newsroom.section, live=False)


@pytest.fixture
def final(newsroom, client):
    client.force_login(newsroom.reviewers[2])
    tasks.beat_worker()
    return client


def at(page, rest: str = "") -> str:
    return f"/admin/matrix/story/{page.pk}/{rest}"


def delivery(story, account, state, **fields) -> Delivery:
    return Delivery.objects.create(
        account=account, page_id=story.pk, title=story.title, state=state, **fields
    )


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "acts", "withdraws"),
    [
        (Role.FIRST_REVIEWER, False, False),
        (Role.MANAGER, False, False),
        (Role.EDITOR, True, False),
        (Role.FINAL_REVIEWER, True, True),
        (Role.ADMIN, True, True),
    ],
)
def test_each_role_sees_the_buttons_it_may_press(
    client, newsroom, story, account, role, acts, withdraws
):
    row = delivery(story, account, State.FAILED)
    client.force_login(grant(make_user("同事"), role, newsroom.union))
    page = text_of(client, at(story))
    assert ("重试" in page) is acts
    assert ("全部撤回" in page) is withdraws
    client.post(at(story, f"{row.pk}/cancel/"))
    row.refresh_from_db()
    assert (row.state == State.CANCELLED) is acts
    out = delivery(story, account, State.PUBLISHED)
    client.post(at(story, "withdraw/"), {"why": "有误"})
    out.refresh_from_db()
    assert (out.wish == "withdraw") is withdraws


def test_another_unions_people_find_nothing(client, story, account):
    row = delivery(story, account, State.FAILED)
    client.force_login(grant(make_user("邻居"), Role.ADMIN, make_union()))
    assert client.get(at(story)).status_code == 404
    assert client.get(at(story, "rows/")).status_code == 404
    assert client.post(at(story, f"{row.pk}/retry/")).status_code == 404
    assert client.post(at(story, "withdraw/"), {"why": "有误"}).status_code == 404


def test_a_delivery_of_another_story_is_not_reached_through_this_one(final, newsroom, account):
    one, other = (make_story(newsroom.section, live=False) for _ in range(2))
    row = delivery(other, account, State.FAILED)
    assert final.post(at(one, f"{row.pk}/cancel/")).status_code == 404


# --- What -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "fields", "shown", "hidden"),
    [
        (State.FAILED, {}, ["重试", "取消"], ["撤回重发", "仍要发布"]),
        (State.FAILED, {"error_class": "repeat"}, ["仍要发布"], ["重试"]),
        (State.UNKNOWN, {}, ["立即检查"], ["重试"]),
        (State.SCHEDULED, {}, ["取消"], ["立即检查"]),
        (State.NEEDS_CONSOLE, {"todo": "请手动发表"}, ["确认已发表"], ["已手动处理"]),
        (State.PUBLISHED, {}, ["/withdraw/"], ["/resend/", "重试"]),
        (State.PUBLISHED, {"outdated": True}, ["/resend/", "站内已更新"], []),
        (
            State.PUBLISHED,
            {"wish": "withdraw", "todo": "请手动删除"},
            ["已手动处理", "请手动删除"],
            ["/resend/"],
        ),
        (State.CANCELLED, {}, ["已取消"], ["重试", "全部撤回"]),
    ],
)
def test_a_row_has_the_buttons_of_its_state(final, story, account, state, fields, shown, hidden):
    row = delivery(story, account, state, **fields)
    page = text_of(final, at(story))
    inside = page[page.index(f'id="d{row.pk}"') :].split("</li>\n  </ol>")[0]
    for words in shown:
        assert words in page
    for words in hidden:
        assert words not in inside


def test_the_log_tells_when_who_why_and_the_platforms_number(final, newsroom, story, account):
    row = delivery(story, account, State.FAILED)
    row.events.create(
        from_state="approved", to_state="failed", by=newsroom.editor, why="封面太大", code="40009",
        trace_id="rid-5",
    )  # fmt: skip
    page = text_of(final, at(story))
    for words in ("封面太大", "40009", "追踪号 rid-5"):
        assert words in page


def test_chosen_accounts_stand_there_before_the_story_is_sent_in(final, newsroom, account):
    story = make_story(newsroom.section, live=False, channel_versions=versions(account))
    page = text_of(final, at(story))
    assert str(account) in page
    assert "还没有送审" in page


def test_what_is_not_over_has_a_row_beside_a_newer_one(final, story, account):
    down = delivery(story, account, State.TAKEN_DOWN)
    ended = delivery(story, account, State.WITHDRAWN)
    newest = delivery(story, account, State.PUBLISHED)
    page = text_of(final, at(story))
    assert f'id="d{down.pk}"' in page
    assert f'id="d{newest.pk}"' in page
    assert f'id="d{ended.pk}"' not in page


def test_as_many_queries_for_thirty_accounts_as_for_two(final, newsroom, story):
    def rows(*numbers):
        for number in numbers:
            account = make_account(
                newsroom.union, NOWHERE, app_id=f"wx{number}", name=f"号{number}"
            )
            row = delivery(story, account, State.PUBLISHED)
            row.events.create(from_state="submitted", to_state="published", by=newsroom.editor)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(final, at(story, "rows/"))
        return len(queries)

    rows(1, 2)
    asked()
    few = asked()
    rows(*range(3, 31))
    assert asked() == few


# --- Refreshing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "fields", "moves"),
    [
        (State.SUBMITTING, {}, True),
        (State.PUBLISHED, {"wish": "withdraw"}, True),
        (State.PUBLISHED, {"wish": "withdraw", "todo": "请手动删除"}, False),
        (State.SCHEDULED, {"send_at": timezone.now() + timezone.timedelta(days=1)}, False),
        (State.PUBLISHED, {}, False),
    ],
)
def test_it_refreshes_itself_only_while_something_moves(
    final, story, account, state, fields, moves
):
    delivery(story, account, state, **fields)
    assert ("hx-get" in text_of(final, at(story))) is moves


def test_it_asks_ever_more_patiently(final, story, account):
    delivery(story, account, State.SUBMITTED)
    waits = []
    for number in (0, 3, 50):
        page = text_of(final, at(story, f"rows/?n={number}"))
        assert f"?n={number + 1}" in page
        waits.append(int(page.partition("delay:")[2].partition("s")[0]))
    assert waits == sorted(set(waits))


# --- Withdrawing ----------------------------------------------------------------------------------


def test_it_is_told_before_what_happens_by_itself_and_what_a_person_must_do(
    final, newsroom, story, account
):
    weibo = make_account(newsroom.union, NOWHERE, "weibo")
    delivery(story, account, State.PUBLISHED)
    delivery(story, weibo, State.PUBLISHED, url="https://weibo.com/1/a")
    page = text_of(final, at(story, "withdraw/"))
    assert "系统自动从平台删除" in page
    assert "手动删除" in page
    assert "https://weibo.com/1/a" in page
    assert "有 1 个账号要人到平台上删除" in page


def test_no_reason_no_withdrawal(final, story, account):
    row = delivery(story, account, State.PUBLISHED)
    assert "请写明撤回原因" in final.post(at(story, "withdraw/"), {"why": " "}).content.decode()
    final.post(at(story, f"{row.pk}/withdraw/"), {"why": ""})
    row.refresh_from_db()
    assert row.wish == ""


def test_withdrawn_everywhere_and_each_account_says_how(final, newsroom, wechat, weibo, sandbox):
    page = publish(newsroom, wechat, weibo)
    one, two = (page.deliveries.get(account=each) for each in (wechat, weibo))
    for row in (one, two):
        sandbox.wait_for(lambda row=row: finish(row).state == State.PUBLISHED)
    final.post(at(page, "withdraw/"), {"why": "数字有误", "from_site": "on"})
    step(one)
    step(two)
    page.refresh_from_db()
    assert page.live is False
    assert all(article["deleted"] for article in articles(sandbox))
    shown = text_of(final, at(page))
    assert "已撤回" in shown
    assert "要有人处理" in shown
    assert "数字有误" in shown
    final.post(at(page, f"{two.pk}/done/"))
    two.refresh_from_db()
    assert two.state == State.WITHDRAWN


def test_a_preview_without_a_name_asks_for_one(final, newsroom, account):
    story = make_story(newsroom.section, live=False, channel_versions=versions(account))
    answer = final.post(at(story, f"preview/{account.pk}/"), {"reader": ""}, follow=True)
    assert "请填写对方的微信号" in answer.content.decode()


def test_a_preview_stands_in_the_chat_of_its_reader_and_nothing_is_public(
    final, newsroom, sandbox, wechat
):
    fans = f"/__sandbox/accounts/wechat/{wechat.app_id}/fans"
    sandbox.post(fans, json={"nickname": "bianji_li"}).raise_for_status()
    fields = {"title": "请先看一眼", "cover": picture(), "channel_versions": versions(wechat)}
    story = make_story(newsroom.section, live=False, **fields)
    story.save_revision()
    address = at(story, f"preview/{wechat.pk}/")
    unknown = final.post(address, {"reader": "meiyou_zheren"}, follow=True).content.decode()
    assert "已发给" not in unknown
    answer = final.post(address, {"reader": "bianji_li"}, follow=True).content.decode()
    assert "已发给“bianji_li”" in answer
    sandbox.cookies.set("reader", "bianji_li")
    assert "请先看一眼" in sandbox.get(f"/wechat/{wechat.app_id}/").text
    assert articles(sandbox) == []


def test_the_editor_of_a_story_leads_here(client, newsroom, story):
    client.force_login(newsroom.editor)
    assert at(story) in text_of(client, f"/admin/pages/{story.pk}/edit/")
