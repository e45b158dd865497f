"""A copy to take along, and giving the account up (个人信息保护法 arts. 45, 47)."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cms.members import personal
from cms.members.export import table
from cms.members.models import Consent, Notice, Role, User
from cms.members.services import account_erase, notify
from cms.members.signals import person_erased
from cms.members.tasks import purge
from tests.factories import grant, make_union, make_user
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db

EXPORT = "/my/data/export/"
LEAVE = "/my/delete/"


@pytest.fixture
def worker():
    user = make_user("塔吊上的风", phone="13712345678", first_name="建国", last_name="王")
    EmailAddress.objects.create(user=user, email="feng@example.org", verified=True, primary=True)
    SocialAccount.objects.create(user=user, provider="weixin", uid="o-123")
    notify(users=[user], kind="reply", text="有人回复了您。")
    return user


@pytest.fixture
def signed_in(client, worker):
    client.force_login(worker)
    return client


def enter_password(client, path):
    return client.post(f"/accounts/reauthenticate/?next={path}", {"password": PASSWORD})


# --- A copy --------------------------------------------------------------------------------------


def test_what_is_held_is_shown(signed_in):
    html = signed_in.get("/my/data/").content.decode()
    assert "13712345678" not in html
    for words in ("账号资料", "137****5678", "有人回复了您。", "同意记录", "登录方式"):
        assert words in html


def test_a_copy_wants_the_password_again(signed_in):
    assert signed_in.get(EXPORT).url == "/accounts/reauthenticate/?next=%2Fmy%2Fdata%2Fexport%2F"
    wrong = signed_in.post(f"/accounts/reauthenticate/?next={EXPORT}", {"password": "no"})
    assert "密码不对" in wrong.content.decode()
    assert enter_password(signed_in, EXPORT).url == EXPORT
    assert "下载" in signed_in.get(EXPORT).content.decode()


def test_a_copy_holds_everything_for_machines_and_for_excel(signed_in, caplog):
    caplog.set_level("INFO")
    enter_password(signed_in, EXPORT)
    response = signed_in.post(EXPORT)
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    everything = json.loads(archive.read("数据.json"))
    assert everything["账号资料"][0]["手机号"] == "13712345678"
    assert set(archive.namelist()) == {"数据.json", *(f"{title}.csv" for title in everything)}
    rows = list(csv.DictReader(io.StringIO(archive.read("消息.csv").decode("utf-8-sig"))))
    assert rows[0]["内容"] == "有人回复了您。"
    assert archive.read("消息.csv").startswith(b"\xef\xbb\xbf")
    assert "took a copy" in caplog.text
    assert "13712345678" not in caplog.text


def test_nobody_elses_data_are_in_the_copy(signed_in):
    notify(users=[make_user()], kind="reply", text="别人的消息")
    enter_password(signed_in, EXPORT)
    assert (
        "别人的消息"
        not in zipfile.ZipFile(io.BytesIO(signed_in.post(EXPORT).content))
        .read("数据.json")
        .decode()
    )


def test_a_cell_never_runs_as_a_formula():
    assert b"'=1+1" in table([{"昵称": "=1+1"}])


def test_copies_are_counted(signed_in):
    enter_password(signed_in, EXPORT)
    assert [signed_in.post(EXPORT).status_code for _time in range(6)] == [200] * 5 + [429]


def test_two_holdings_cannot_share_a_name():
    mine = personal.holdings()[0]
    personal.register(mine)
    with pytest.raises(ValueError, match=mine.slug):
        personal.register(personal.Holding(mine.slug, "别的", mine.rows, mine.erase))


# --- Leaving -------------------------------------------------------------------------------------


def test_leaving_says_what_goes_and_what_the_law_keeps(signed_in):
    assert signed_in.get(LEAVE).url.startswith("/accounts/reauthenticate/")
    enter_password(signed_in, LEAVE)
    html = signed_in.get(LEAVE).content.decode()
    assert "六个月" in html
    assert "不能恢复" in html


def test_leaving_wants_the_word(signed_in, worker):
    enter_password(signed_in, LEAVE)
    assert signed_in.post(LEAVE, {"word": "好"}).status_code == 422
    worker.refresh_from_db()
    assert worker.is_active


def test_without_the_password_nothing_happens(signed_in, worker):
    assert signed_in.post(LEAVE, {"word": "注销"}).url.startswith("/accounts/reauthenticate/")
    worker.refresh_from_db()
    assert worker.is_active


def test_who_leaves_is_emptied_in_place_and_signed_out_everywhere(signed_in, worker):
    elsewhere = Client()
    elsewhere.force_login(worker)
    enter_password(signed_in, LEAVE)
    assert signed_in.post(LEAVE, {"word": "注销"}).url == "/"
    gone = User.objects.get(pk=worker.pk)
    assert gone.username.startswith("deleted-")
    assert (gone.phone, gone.email, gone.nickname, gone.real_name, gone.union) == (
        None,
        "",
        "",
        gone.username,
        None,
    )
    assert gone.last_login is gone.phone_verified_at is None
    assert not gone.is_active
    assert not gone.has_usable_password()
    assert str(gone.display_name) == "已注销用户"
    assert not SocialAccount.objects.filter(user=gone).exists()
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert not Notice.objects.filter(user=gone).exists()
    for browser in (signed_in, elsewhere):
        assert browser.get("/my/").url.startswith("/accounts/login/")
    login = {"login": "13712345678", "password": PASSWORD}
    assert "手机号或密码不对" in Client().post("/accounts/login/", login).content.decode()


def test_rooms_above_hear_of_it_while_the_row_is_whole(worker):
    heard = []

    def listen(sender, user, **kwargs):
        heard.append(user.phone)

    person_erased.connect(listen)
    account_erase(user=worker)
    person_erased.disconnect(listen)
    assert heard == ["13712345678"]


def test_when_one_room_fails_nothing_is_erased(worker):
    def fail(sender, user, **kwargs):
        raise RuntimeError

    person_erased.connect(fail)
    with pytest.raises(RuntimeError):
        account_erase(user=worker)
    person_erased.disconnect(fail)
    assert User.objects.get(pk=worker.pk).phone == "13712345678"


def test_the_number_is_free_again(worker):
    account_erase(user=worker)
    assert make_user(phone="13712345678").is_verified


def test_staff_must_give_up_their_roles_first(client):
    editor = grant(make_user(), Role.EDITOR, make_union())
    with pytest.raises(ValidationError):
        account_erase(user=editor)
    client.force_login(editor)
    html = client.get(LEAVE).content.decode()
    assert "请先请管理员解除任职" in html
    editor.memberships.all().first().delete()
    account_erase(user=User.objects.get(pk=editor.pk))
    assert not User.objects.get(pk=editor.pk).is_active


# --- Not longer than needed ----------------------------------------------------------------------


def test_the_proof_of_consent_outlives_the_account_by_six_months(worker):
    account_erase(user=worker)
    proof = Consent.objects.get(user=worker)
    assert proof.withdrawn_at is not None
    purge()
    assert Consent.objects.filter(user=worker).exists()
    Consent.objects.update(withdrawn_at=timezone.now() - timedelta(days=185))
    purge()
    assert not Consent.objects.filter(user=worker).exists()


def test_a_sign_up_nobody_finished_frees_its_number_after_a_week():
    long_ago = timezone.now() - timedelta(days=8)
    unfinished = make_user(phone_verified_at=None, date_joined=long_ago)
    finished = make_user(date_joined=long_ago)
    staff = make_user(phone_verified_at=None, date_joined=long_ago, consent=False)
    visited = make_user(phone_verified_at=None, date_joined=long_ago, last_login=long_ago)
    purge()
    left = set(User.objects.all())
    assert left == {finished, staff, visited}
    assert unfinished not in left


def test_sessions_that_ran_out_go(client):
    client.force_login(make_user())
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    purge()
    assert not Session.objects.exists()
