"""Who signs up shows that the number is theirs (后台实名) and agrees to the rules."""

import pytest
from django.test import override_settings
from django.urls import reverse

from cms.members.models import Consent, User
from cms.members.selectors import has_consent, why_not_speak
from tests.factories import make_union, make_user
from tests.members.conftest import SIGN_UP

pytestmark = pytest.mark.django_db

CODE_PAGE = "/accounts/phone/verify/"


def sign_up(client, **changes):
    return client.post("/accounts/signup/", {**SIGN_UP, **changes})


def enter(client, code):
    return client.post(CODE_PAGE, {"code": code}, follow=True)


def test_sign_up_ends_with_a_verified_person_who_may_speak(client, outbox):
    union = make_union("江州市总工会")
    response = sign_up(client, union=union.pk)
    assert response.url == CODE_PAGE
    assert enter(client, outbox()[-1]["code"]).redirect_chain[-1][0] == "/"
    assert "手机号已核实" in client.get("/my/").content.decode()
    user = User.objects.get(phone="13700000001")
    assert user.is_verified
    assert (user.nickname, user.union) == ("塔吊上的风", union)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert why_not_speak(user) == ""


def test_nobody_is_in_before_the_code(client):
    sign_up(client)
    assert "_auth_user_id" not in client.session
    assert not User.objects.get(phone="13700000001").is_verified


def test_the_code_page_shows_the_number_masked_and_never_the_code(client, outbox):
    sign_up(client)
    html = client.get(CODE_PAGE).content.decode()
    assert "137****0001" in html
    assert "13700000001" not in html
    assert outbox()[-1]["code"] not in html


@override_settings(SMS_OUTBOX_SHOWN=True)
def test_the_demo_shows_the_message_that_was_not_sent(client, outbox):
    sign_up(client)
    html = client.get(CODE_PAGE).content.decode()
    assert "演示环境没有真的发短信" in html
    assert outbox()[-1]["code"] in html


def test_a_wrong_code_is_told_and_the_right_one_still_works(client, outbox):
    sign_up(client)
    assert "验证码不对" in enter(client, "wrong").content.decode()
    enter(client, outbox()[-1]["code"])
    assert User.objects.get(phone="13700000001").is_verified


def test_too_many_wrong_codes_end_the_sign_up(client, outbox):
    sign_up(client)
    for _try in range(5):
        html = enter(client, "wrong").content.decode()
    assert "尝试次数过多" in html
    enter(client, outbox()[-1]["code"])
    assert not User.objects.get(phone="13700000001").is_verified


@override_settings(ACCOUNT_PHONE_VERIFICATION_TIMEOUT=-1)
def test_a_code_is_good_for_a_while_only(client, outbox):
    sign_up(client)
    assert client.get(CODE_PAGE).url == reverse("account_login")
    enter(client, outbox()[-1]["code"])
    assert not User.objects.get(phone="13700000001").is_verified


def test_a_code_can_be_sent_again_but_not_at_once(client, outbox, half_a_minute_later):
    sign_up(client)
    html = client.post(CODE_PAGE, {"action": "resend"}, follow=True).content.decode()
    assert "刚刚发过" in html
    assert len(outbox()) == 1
    half_a_minute_later()
    client.post(CODE_PAGE, {"action": "resend"})
    assert len(outbox()) == 2
    enter(client, outbox()[-1]["code"])
    assert User.objects.get(phone="13700000001").is_verified


def test_a_wrong_number_can_be_put_right(client, outbox, half_a_minute_later):
    sign_up(client)
    half_a_minute_later()
    client.post(CODE_PAGE, {"action": "change", "phone": "13700000002"})
    assert outbox()[-1]["phone"] == "13700000002"
    enter(client, outbox()[-1]["code"])
    assert User.objects.get(phone="13700000002").is_verified


def test_asking_for_codes_in_one_breath_is_answered_with_what_to_do(client):
    sign_up(client)
    client.cookies.clear()
    response = sign_up(client)
    assert response.status_code == 429
    assert "请过一会儿再试" in response.content.decode()


def test_a_number_gets_only_so_many_messages_an_hour(client, outbox):
    from cms.members.adapter import may_send

    assert [may_send("13700000001", f"10.0.0.{n}") for n in range(6)] == [True] * 5 + [False]
    sign_up(client)
    html = client.get(CODE_PAGE).content.decode()
    assert "短信太多了" in html
    assert outbox() == []


def test_an_address_gets_only_so_many_messages_an_hour():
    from cms.members.adapter import may_send

    sent = [may_send(f"137{n:08d}", "10.0.0.1") for n in range(61)]
    assert sent == [True] * 60 + [False]


def test_a_known_number_sees_the_same_page_and_its_owner_is_told(client, outbox):
    owner = make_user(phone="13700000001")
    assert sign_up(client).url == CODE_PAGE
    html = client.get(CODE_PAGE).content.decode()
    assert "137****0001" in html
    assert "验证码已发到" in html
    assert outbox() == [{"phone": owner.phone, "text": outbox()[0]["text"], "code": ""}]
    assert "已经注册过" in outbox()[0]["text"]
    assert User.objects.filter(phone=owner.phone).count() == 1


def test_without_agreeing_nobody_signs_up(client):
    page = client.get("/accounts/signup/").content.decode()
    assert 'href="/privacy/"' in page
    assert "checked" not in page
    response = sign_up(client, agree="")
    assert "同意后才能评论和投票" in response.content.decode()
    assert not User.objects.exists()


def test_agreeing_is_recorded_with_the_version(client):
    sign_up(client)
    user = User.objects.get(phone="13700000001")
    assert has_consent(user, Consent.Kind.RULES)


def test_who_never_entered_the_code_is_asked_for_it_at_the_next_sign_in(
    client, outbox, half_a_minute_later
):
    sign_up(client)
    half_a_minute_later()
    client.cookies.clear()
    response = client.post(
        "/accounts/login/", {"login": "13700000001", "password": SIGN_UP["password1"]}
    )
    assert response.url == CODE_PAGE
    enter(client, outbox()[-1]["code"])
    assert User.objects.get(phone="13700000001").is_verified
