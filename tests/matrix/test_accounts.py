"""Accounts: connected by an administrator of their union, probed, paused with a reason, resumed."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cms.matrix import account_selectors, services
from cms.matrix.budget import BEIJING
from cms.matrix.channels import registry
from cms.matrix.models import CallbackRefusal, CallCount, ChannelAccount, Delivery
from cms.matrix.services import accounts
from cms.members.models import Role
from tests.factories import grant, make_union, make_user
from tests.factories.matrix import WECHAT, make_account
from tests.matrix.conftest import finish, publish, step

pytestmark = pytest.mark.django_db
LIST = "/admin/channel_accounts/"
SECRET = WECHAT["secret"]
TOKEN = "2.00DemoMainTokenJiangzhou01"
UID = "7700000001"


@pytest.fixture
def admin(newsroom, client):
    """An administrator of the union, logged in."""
    person = grant(make_user("管理员"), Role.ADMIN, newsroom.union)
    client.force_login(person)
    return person


def page_of(client, account) -> str:
    answer = client.get(f"{LIST}inspect/{account.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, account, verb) -> str:
    answer = client.post(f"{LIST}{account.pk}/{verb}/", follow=True)
    account.refresh_from_db()
    return answer.content.decode()


def connect(client, newsroom, channel, given, name="江州工会权益") -> str:
    first = f"{LIST}new/?channel={channel}&union={newsroom.union.pk}&name={name}"
    return client.post(first, given, follow=True).content.decode()


def given_for_wechat(url, **changes):
    known = {
        "app_id": "wxdemo_sub",
        "secret": SECRET,
        "kind": "subscription",
        "base_url": f"{url}/wechat",
    }
    return {**known, **changes}


# --- Connecting ----------------------------------------------------------------------------------


def test_connecting_goes_in_two_steps_and_ends_on_a_working_account(client, admin, newsroom, url):
    assert "第 1 步" in client.get(f"{LIST}new/").content.decode()
    first = f"{LIST}new/?channel=wechat&union={newsroom.union.pk}&name=江州工会权益"
    second = client.get(first).content.decode()
    assert "第 2 步" in second
    assert 'name="app_id"' in second
    page = connect(client, newsroom, "wechat", given_for_wechat(url))
    account = ChannelAccount.objects.get()
    assert (account.union, account.name, account.app_id) == (
        newsroom.union, "江州工会权益", "wxdemo_sub",
    )  # fmt: skip
    assert account.state == ChannelAccount.State.ACTIVE
    assert account.rights["publish"] is True
    assert "账号可以使用" in page


def test_a_kind_of_account_that_does_not_exist_is_no_choice(client, admin, newsroom, url):
    page = connect(client, newsroom, "wechat", given_for_wechat(url, kind="企业号"))
    assert "有几处要改" in page
    assert not ChannelAccount.objects.exists()


def test_what_the_platforms_console_wants_is_made_and_shown_to_copy(client, admin, newsroom, url):
    page = connect(client, newsroom, "wechat", given_for_wechat(url))
    account = ChannelAccount.objects.get()
    assert f'value="http://testserver/channels/wechat/{account.app_id}/callback"' in page
    assert f'value="{account.token}"' in page
    assert f'value="{account.aes_keys}"' in page
    assert re.fullmatch(r"[A-Za-z0-9]{32}", account.token)
    assert re.fullmatch(r"[A-Za-z0-9]{43}", account.aes_keys)
    assert "还没有收到平台推送" in page
    assert SECRET not in page


def test_no_key_can_be_read_in_the_database(client, admin, newsroom, url):
    connect(client, newsroom, "wechat", given_for_wechat(url))
    account = ChannelAccount.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, token, aes_keys, extra FROM matrix_channelaccount")
        stored = " ".join(map(str, cursor.fetchone()))
    for value in (SECRET, account.token, account.aes_keys):
        assert value not in stored


@pytest.mark.parametrize("kind", registry.CHANNELS.values(), ids=lambda kind: kind.slug)
def test_a_channel_asks_for_secrets_only_where_they_are_encrypted(kind):
    hidden = {field.name for field in kind.setup if field.secret}
    assert hidden <= {"secret", "token"}


def test_mistakes_keep_what_was_typed_except_secrets(client, admin, newsroom, url):
    page = connect(client, newsroom, "wechat", given_for_wechat(url, app_id=""))
    assert not ChannelAccount.objects.exists()
    assert f"{url}/wechat" in page
    assert SECRET not in page


def test_the_same_account_is_not_connected_twice(client, admin, newsroom, url, wechat):
    page = connect(client, newsroom, "wechat", given_for_wechat(url))
    assert "已经接入" in page
    assert ChannelAccount.objects.count() == 1


def test_wrong_credentials_pause_the_new_account_with_the_reason(client, admin, newsroom, url):
    page = connect(client, newsroom, "wechat", given_for_wechat(url, secret="wrong"))
    account = ChannelAccount.objects.get()
    assert account.state == ChannelAccount.State.PAUSED
    assert "AppSecret" in account.pause_reason
    assert account.pause_reason in page
    assert "再试一次" in page


def test_a_server_that_is_not_let_in_sees_its_address_to_copy(
    client, admin, newsroom, url, sandbox
):
    sandbox.account("wechat", "wxdemo_sub", ip_whitelist=["203.0.113.9"])
    page = connect(client, newsroom, "wechat", given_for_wechat(url))
    assert 'id="address" value="127.0.0.1"' in page
    sandbox.account("wechat", "wxdemo_sub", ip_whitelist=[])
    account = ChannelAccount.objects.get()
    page = act(client, account, "resume")
    assert account.state == ChannelAccount.State.ACTIVE
    assert 'id="address"' not in page


# --- Editing -------------------------------------------------------------------------------------


def edit(client, newsroom, account, **changes):
    given = {
        "name": account.name, "union": newsroom.union.pk, "app_id": account.app_id, "secret": "",
        "base_url": account.base_url, "kind": "subscription",
    }  # fmt: skip
    return client.post(f"{LIST}edit/{account.pk}/", {**given, **changes}, follow=True)


def test_an_empty_secret_stays_and_a_saved_one_is_never_shown(client, admin, newsroom, wechat):
    form = client.get(f"{LIST}edit/{wechat.pk}/").content.decode()
    assert "留空保持不变" in form
    assert SECRET not in form
    edit(client, newsroom, wechat, name="江州工会说法")
    wechat.refresh_from_db()
    assert (wechat.name, wechat.secret) == ("江州工会说法", SECRET)


def test_a_new_secret_is_tried_at_once_though_a_token_of_the_old_one_lives(
    client, admin, newsroom, wechat
):
    assert services.accounts.account_probe(account=wechat)["account"] is True
    page = edit(client, newsroom, wechat, secret="wrong").content.decode()
    wechat.refresh_from_db()
    assert wechat.state == ChannelAccount.State.PAUSED
    assert "平台没有接受" in page
    edit(client, newsroom, wechat, secret=SECRET)
    wechat.refresh_from_db()
    assert wechat.state == ChannelAccount.State.ACTIVE


def test_what_the_account_says_by_itself_is_part_of_its_settings(client, admin, newsroom, wechat):
    edit(client, newsroom, wechat, greeting="欢迎来到江州工会")
    wechat.refresh_from_db()
    assert (wechat.greeting, wechat.search_answers) == ("欢迎来到江州工会", False)


def test_another_app_id_is_another_account_whose_pushes_are_learnt_anew(
    client, admin, newsroom, wechat
):
    ChannelAccount.objects.update(extra={"original_id": "gh_old"}, rights={"mass": "没有权限"})
    service = {"app_id": "wxdemo_service", "secret": "demo-secret-service-0123456789abcdef"}
    edit(client, newsroom, wechat, **service)
    wechat.refresh_from_db()
    assert "original_id" not in wechat.extra
    assert wechat.rights["account"] is True
    assert wechat.rights.get("mass") != "没有权限"


# --- Whose accounts ------------------------------------------------------------------------------


PLACES = (
    ("get", "inspect/{pk}/"),
    ("get", "edit/{pk}/"),
    ("get", "{pk}/agree/"),
    ("post", "{pk}/key/"),
    ("post", "{pk}/pause/"),
    ("get", "delete/{pk}/"),
    ("get", "history/{pk}/"),
)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.EDITOR])
def test_another_unions_account_is_closed(client, newsroom, url, role):
    whose = newsroom.union if role != Role.ADMIN else make_union("别的工会")
    client.force_login(grant(make_user("外人"), role, whose))
    account = make_account(newsroom.union, url, token="ShownToNobody")
    for method, place in PLACES:
        answer = getattr(client, method)(LIST + place.format(pk=account.pk))
        assert answer.status_code in (302, 403, 404), place
        assert b"ShownToNobody" not in answer.content, place
    account.refresh_from_db()
    assert (account.aes_keys, account.state) == ("", ChannelAccount.State.ACTIVE)


def test_a_superuser_deletes_an_account_connected_by_mistake(client, newsroom, wechat):
    client.force_login(make_user(superuser=True))
    assert client.get(f"{LIST}delete/{wechat.pk}/").status_code == 200
    client.post(f"{LIST}delete/{wechat.pk}/")
    assert not ChannelAccount.objects.exists()


def test_an_administrator_sees_his_unions_line_only(client, admin, newsroom, url):
    below = make_union("下级工会", parent=newsroom.union)
    make_account(below, url, name="下级的号")
    make_account(make_union("别的工会"), url, "weibo", name="别家的号")
    page = client.get(LIST).content.decode()
    assert "下级的号" in page
    assert "别家的号" not in page


def test_an_account_cannot_be_given_to_a_union_one_does_not_keep(client, admin, newsroom, wechat):
    other = make_union("别的工会")
    edit(client, newsroom, wechat, union=other.pk)
    wechat.refresh_from_db()
    assert wechat.union == newsroom.union


# --- Keys ----------------------------------------------------------------------------------------


def test_a_new_key_keeps_the_one_before(client, admin, wechat):
    act(client, wechat, "key")
    [first] = wechat.aes_keys.split()
    page = act(client, wechat, "key")
    second, kept = wechat.aes_keys.split()
    assert kept == first != second
    assert second in page
    assert first not in page
    act(client, wechat, "key")
    assert wechat.aes_keys.split()[1:] == [second]
    assert wechat.as_value().extra["aes_keys"] == wechat.aes_keys.split()


def test_a_new_token_replaces_the_old_one(client, admin, wechat):
    before = wechat.token
    act(client, wechat, "token")
    assert wechat.token not in ("", before)


# --- Paused and back -----------------------------------------------------------------------------


def test_a_paused_account_tries_again_with_one_button_and_work_goes_on(
    client, admin, newsroom, sandbox, wechat
):
    services.account_pause(account=wechat, reason="AppSecret 已被冻结。")
    publish(newsroom, wechat)
    delivery = Delivery.objects.get()
    page = page_of(client, wechat)
    assert "AppSecret 已被冻结。" in page
    assert finish(delivery).state == Delivery.State.APPROVED
    assert "恢复使用" in act(client, wechat, "resume")
    assert (wechat.state, wechat.pause_reason) == (ChannelAccount.State.ACTIVE, "")
    step(delivery)
    assert finish(delivery).state == Delivery.State.PUBLISHED


def test_an_account_that_is_still_refused_stays_paused_with_todays_reason(client, admin, wechat):
    ChannelAccount.objects.update(secret="wrong")
    services.account_pause(account=wechat, reason="原来的原因。")
    page = act(client, wechat, "resume")
    assert wechat.state == ChannelAccount.State.PAUSED
    assert "AppSecret" in wechat.pause_reason
    assert wechat.pause_reason in page


def test_an_administrator_pauses_an_account_by_hand(client, admin, wechat):
    act(client, wechat, "pause")
    assert (wechat.state, wechat.pause_reason) == (
        ChannelAccount.State.PAUSED, "由管理员暂停。",
    )  # fmt: skip


# --- What the page tells -------------------------------------------------------------------------


def test_a_probe_shows_what_the_platform_refuses_and_why(client, admin, newsroom, url, sandbox):
    account = make_account(
        newsroom.union, url, app_id="wxdemo_plain", secret="demo-secret-plain-0123456789abcdef"
    )
    page = act(client, account, "probe")
    assert account.probed_at
    assert account.rights["account"] is True
    assert "没有这个接口的权限" in account.rights["publish"]
    assert account.rights["publish"] in page


def test_a_probe_that_is_not_let_in_forgets_nothing(wechat):
    accounts.account_probe(account=wechat)
    ChannelAccount.objects.update(secret="wrong")
    wechat.refresh_from_db()
    accounts.account_probe(account=wechat)
    assert wechat.rights["publish"] is True
    assert "AppSecret" in wechat.rights["account"]


def test_meters_tell_used_limit_reserve_and_the_platforms_end(client, admin, newsroom, url):
    account = make_account(newsroom.union, url, "weibo")
    account.extra = {**account.extra, "daily_calls": {"*": 100}}
    account.save()
    day = timezone.now().astimezone(BEIJING).date()
    until = timezone.now() + timedelta(hours=3)
    for call, purpose, used in (("/a", "publish", 10), ("/b", "statistics", 8)):
        CallCount.objects.create(account=account, day=day, call=call, purpose=purpose, used=used)
    [meter] = [m for m in account_selectors.meters(account) if m.call == "*"]
    assert (meter.used, meter.limit, meter.share) == (18, 100, 18)
    # Publishing keeps 30 less its 10, answers 20, comments 24.
    assert meter.kept == 64
    assert "余下的里有 64 次留给更要紧的事" in page_of(client, account)
    CallCount.objects.create(account=account, day=day, call="*", purpose="", exhausted_until=until)
    assert "平台说已用完" in page_of(client, account)


def test_refused_pushes_of_a_week_are_told_by_reason(client, admin, wechat):
    today = timezone.localdate()
    counted = (
        (0, "wrong signature", 3),
        (2, "wrong signature", 4),
        (30, "wrong signature", 99),
        (1, "unreadable: ParseError", 1),
    )
    for days, reason, count in counted:
        CallbackRefusal.objects.create(
            account=wechat, day=today - timedelta(days=days), reason=reason, count=count
        )
    told = {reason: number for reason, number, _last in account_selectors.refusals(wechat)}
    assert told == {
        "签名不对：不是平台发的，或者 Token 不一致": 7,
        "内容读不懂": 1,
    }
    assert "近 7 天拒绝的推送" in page_of(client, wechat)


def test_the_end_of_an_authorisation_is_told_a_week_before(client, admin, newsroom, url):
    account = make_account(
        newsroom.union, url, "weibo", authorised_until=timezone.now() + timedelta(days=6)
    )
    assert "请重新授权" in page_of(client, account)
    assert "授权快到期" in client.get(LIST).content.decode()
    ChannelAccount.objects.update(authorised_until=timezone.now() + timedelta(days=8))
    assert "请重新授权" not in page_of(client, account)
    assert "授权快到期" not in client.get(LIST).content.decode()


# --- Weibo: authorised on the platform's page ----------------------------------------------------


@pytest.fixture
def fresh(client, admin, newsroom, url):
    """A Weibo account that nobody has authorised yet."""
    given = {
        "app_key": "wbdemo_main", "secret": "demo-weibo-secret-main", "rip": "127.0.0.1",
        "base_url": f"{url}/weibo",
    }  # fmt: skip
    connect(client, newsroom, "weibo", given, name="江州工会")
    return ChannelAccount.objects.get(channel="weibo")


def agree(client, account, decision="allow") -> str:
    """Go to the platform's page, decide there, come back; what the account's page says then."""
    answer = client.get(f"{LIST}{account.pk}/agree/")
    assert answer.status_code == 302
    page = urlsplit(answer["Location"])
    asked = {name: values[0] for name, values in parse_qs(page.query).items()}
    back = httpx.post(
        f"{page.scheme}://{page.netloc}{page.path}",
        data={**asked, "decision": decision},
        trust_env=False,
    ).headers["Location"]
    came = urlsplit(back)
    told = client.get(f"{came.path}?{came.query}", follow=True).content.decode()
    account.refresh_from_db()
    return told


def test_a_weibo_account_waits_for_its_authorisation(client, fresh):
    assert fresh.state == ChannelAccount.State.PAUSED
    assert "还没有授权" in page_of(client, fresh)
    assert "http://testserver/channels/weibo/authorised" in page_of(client, fresh)


def test_an_authorisation_brings_token_uid_and_its_end(client, fresh):
    assert "授权成功" in agree(client, fresh)
    assert fresh.app_id == UID
    assert fresh.token.startswith("2.00")
    assert fresh.authorised_until > timezone.now() + timedelta(days=20)
    assert fresh.state == ChannelAccount.State.ACTIVE


def test_who_declines_is_told_that_nothing_was_authorised(client, fresh):
    assert "没有得到授权" in agree(client, fresh, "deny")
    assert (fresh.token, fresh.state) == ("", ChannelAccount.State.PAUSED)


def test_a_strangers_return_is_refused(client, newsroom, fresh):
    place = reverse("matrix:authorised", args=["weibo"])
    location = client.get(f"{LIST}{fresh.pk}/agree/")["Location"]
    state = parse_qs(urlsplit(location).query)["state"][0]
    for wrong in ("", "forged", state[:-2]):
        told = client.get(place, {"state": wrong, "code": "x"}, follow=True).content.decode()
        assert "授权链接已过期或不是您发起的" in told
    client.force_login(grant(make_user("另一位管理员"), Role.ADMIN, newsroom.union))
    told = client.get(place, {"state": state, "code": "x"}, follow=True).content.decode()
    assert "不是您发起的" in told
    client.logout()
    answer = client.get(place, {"state": state, "code": "x"})
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_another_users_authorisation_is_refused(client, admin, newsroom, url, fresh):
    agree(client, fresh)
    ChannelAccount.objects.update(app_id="7700000099")
    token = fresh.token
    assert "授权的是另一个账号" in agree(client, fresh)
    assert (fresh.app_id, fresh.token) == ("7700000099", token)


def test_a_user_of_another_account_is_refused(client, newsroom, url, fresh):
    make_account(newsroom.union, url, "weibo")
    assert "已经接入" in agree(client, fresh)
    assert fresh.token == ""


def test_a_used_code_says_what_to_do(client, fresh):
    place = reverse("matrix:authorised", args=["weibo"])
    location = client.get(f"{LIST}{fresh.pk}/agree/")["Location"]
    state = parse_qs(urlsplit(location).query)["state"][0]
    told = client.get(place, {"state": state, "code": "used"}, follow=True).content.decode()
    assert "授权没有成功" in told
    fresh.refresh_from_db()
    assert fresh.state == ChannelAccount.State.PAUSED
