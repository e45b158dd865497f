"""Binding, verifying and changing a number; numbers that may not be registered."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from cms.members.checks import sms_is_really_sent, somebody_is_responsible
from cms.members.masking import masked
from cms.members.models import BarredPhone, User
from cms.members.selectors import way_to_speak, why_not_speak
from cms.members.services import phone_bar, phone_unbar
from tests.factories import make_user
from tests.factories.people import PASSWORD
from tests.members.conftest import SIGN_UP

pytestmark = pytest.mark.django_db

FORM = "/accounts/phone/change/"
CODE_PAGE = "/accounts/phone/verify/"


def from_before(**fields):
    """Somebody who was here before numbers were verified."""
    return make_user(phone_verified_at=None, last_login=timezone.now(), **fields)


def sign_in(client, user):
    return client.post("/accounts/login/", {"login": user.phone, "password": PASSWORD})


def enter_password(client):
    return client.post("/accounts/reauthenticate/?next=/my/", {"password": PASSWORD})


def test_who_was_here_before_comes_in_and_is_led_to_the_code(client, outbox):
    user = from_before()
    assert sign_in(client, user).url == "/"
    assert "核实" in why_not_speak(user)
    way = way_to_speak(user, "/zhengce/#comments")
    assert way == "/my/phone/?next=%2Fzhengce%2F%23comments"
    html = client.get(way, follow=True).content.decode()
    assert "核实手机号" in html
    assert client.post(FORM, {"action": "verify"}).url == CODE_PAGE
    response = client.post(CODE_PAGE, {"code": outbox()[-1]["code"]})
    assert client.get(response.url).url == "/zhengce/#comments"
    assert why_not_speak(User.objects.get(pk=user.pk)) == ""


def test_the_way_back_never_leads_off_the_site(client, outbox):
    client.force_login(from_before())
    client.get("/my/phone/?next=https://evil.example/")
    client.post(FORM, {"action": "verify"})
    response = client.post(CODE_PAGE, {"code": outbox()[-1]["code"]})
    assert client.get(response.url).url == "/my/"


def test_changing_the_number_asks_for_the_password_and_a_code(client, outbox):
    user = make_user()
    old, verified = user.phone, user.phone_verified_at
    client.force_login(user)
    response = client.post(FORM, {"phone": "13700000009"})
    assert response.url.startswith("/accounts/reauthenticate/")
    enter_password(client)
    assert client.post(FORM, {"phone": "13700000009"}).url == CODE_PAGE
    user.refresh_from_db()
    assert user.phone == old
    client.post(CODE_PAGE, {"code": outbox()[-1]["code"]})
    user.refresh_from_db()
    assert user.phone == "13700000009"
    assert user.phone_verified_at > verified


def test_somebody_elses_number_cannot_be_taken_and_only_its_owner_learns_why(client, outbox):
    other, user = make_user(), from_before()
    client.force_login(user)
    assert client.post(FORM, {"phone": other.phone}).url == CODE_PAGE
    assert outbox()[-1]["phone"] == other.phone
    html = client.post(CODE_PAGE, {"code": outbox()[-1]["code"]}).content.decode()
    assert "已经注册" in html
    user.refresh_from_db()
    assert user.phone != other.phone


def test_too_many_wrong_codes_leave_the_number_as_it_was_and_say_so(client):
    user = from_before()
    client.force_login(user)
    client.post(FORM, {"phone": "13700000009"})
    for _try in range(5):
        response = client.post(CODE_PAGE, {"code": "wrong"})
    html = client.get(response.url).content.decode()
    assert "验证码已经失效" in html
    assert user.masked_phone in html
    assert "验证码已经失效" not in client.get(FORM).content.decode()


def test_a_message_that_does_not_go_out_is_told_and_nothing_is_lost(client, outbox):
    with override_settings(SMS_BACKEND="cms.members.sms.gateway"):
        client.post("/accounts/signup/", SIGN_UP)
        html = client.get(CODE_PAGE).content.decode()
    assert "短信没有发出去" in html
    assert "验证码已发到" not in html
    assert User.objects.filter(phone=SIGN_UP["phone"]).exists()


# --- Barred numbers ------------------------------------------------------------------------------


def test_a_barred_number_cannot_sign_up(client):
    phone_bar(user=make_user(phone="13700000001"), by=make_user(superuser=True))
    User.objects.filter(phone="13700000001").delete()
    html = client.post("/accounts/signup/", SIGN_UP).content.decode()
    assert "已被禁止注册" in html
    assert not User.objects.filter(phone="13700000001").exists()


def test_nobody_can_change_to_a_barred_number(client):
    phone_bar(user=make_user(phone="13700000001"), by=make_user(superuser=True))
    User.objects.filter(phone="13700000001").delete()
    client.force_login(from_before())
    html = client.post(FORM, {"phone": "13700000001"}).content.decode()
    assert "已被禁止注册" in html


def test_a_code_does_not_help_who_was_barred_meanwhile(client, outbox):
    client.post("/accounts/signup/", SIGN_UP)
    user = User.objects.get(phone=SIGN_UP["phone"])
    phone_bar(user=user, by=make_user(superuser=True))
    response = client.post(CODE_PAGE, {"code": outbox()[-1]["code"]})
    assert "已被禁止注册" in response.content.decode()


def test_a_bar_ends_by_itself_or_when_it_is_lifted_and_stays_on_record():
    from cms.members.selectors import is_barred

    user, chief = make_user(), make_user(superuser=True)
    phone_bar(user=user, by=chief, until=timezone.now() - timedelta(days=1))
    assert not is_barred(user.phone)
    bar = phone_bar(user=user, by=chief)
    assert is_barred(user.phone)
    assert user.phone not in bar.digest
    assert phone_unbar(phone=user.phone) == 1
    assert not is_barred(user.phone)
    assert BarredPhone.objects.count() == 2


# --- Small things --------------------------------------------------------------------------------


def test_a_number_is_recognised_not_read():
    assert masked("13800000001") == "138****0001"
    assert masked("") == ""
    assert make_user(phone="13912345678").masked_phone == "139****5678"


def test_a_public_site_with_the_outbox_is_stopped_by_the_deployment_check():
    assert [problem.id for problem in sms_is_really_sent(None)] == ["members.E001"]
    with override_settings(SMS_BACKEND="cms.members.sms.gateway"):
        assert [problem.id for problem in sms_is_really_sent(None)] == ["members.W001"]
    with override_settings(
        SMS_BACKEND="cms.members.sms.gateway", SMS_GATEWAY_URL="https://sms.example.org"
    ):
        assert sms_is_really_sent(None) == []
    with override_settings(UNION_CONTACT=""):
        assert [problem.id for problem in somebody_is_responsible(None)] == ["members.W002"]
