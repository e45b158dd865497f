"""Coming in by WeChat or Weibo: the nickname is kept, the number is bound and verified first."""

import pytest
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import RequestFactory

from cms.members.models import User
from cms.members.selectors import why_not_speak
from tests.factories import make_user
from tests.members.conftest import SIGN_UP

pytestmark = pytest.mark.django_db

ANSWERS = {
    "weixin": {"openid": "o-123", "nickname": "塔吊上的风"},
    "weibo": {"idstr": "123", "screen_name": "塔吊上的风", "name": "塔吊上的风"},
}


@pytest.fixture(params=ANSWERS)
def provider(request, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        request.param: {"APPS": [{"client_id": "id", "secret": "s", "key": ""}]}
    }
    return request.param


def come_in(client, provider):
    """What allauth does when the platform has answered, in the session of `client`."""
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/")
    SessionMiddleware(lambda _: None).process_request(request)
    MessageMiddleware(lambda _: None).process_request(request)
    request.user = AnonymousUser()
    with context.request_context(request):
        platform = get_adapter(request).get_provider(request, provider)
        login = platform.sociallogin_from_response(request, ANSWERS[provider])
        response = complete_social_login(request, login)
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    return response


def test_a_new_face_binds_and_verifies_a_number_before_speaking(client, provider, outbox):
    response = come_in(client, provider)
    page = client.get(response.url).content.decode()
    assert "塔吊上的风" in page
    fields = {name: SIGN_UP[name] for name in ("phone", "nickname", "agree")}
    assert client.post(response.url, fields).url == "/accounts/phone/verify/"
    client.post("/accounts/phone/verify/", {"code": outbox()[-1]["code"]})
    user = User.objects.get(socialaccount__provider=provider)
    assert user.nickname == "塔吊上的风"
    assert user.first_name == user.last_name == ""
    assert user.is_verified
    assert why_not_speak(user) == ""


def test_who_came_by_the_platform_before_without_a_number_is_led_to_bind_one(client, provider):
    user = make_user(phone=None, phone_verified_at=None)
    uid = {"weixin": "o-123", "weibo": "123"}[provider]
    SocialAccount.objects.create(user=user, provider=provider, uid=uid)
    come_in(client, provider)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "绑定手机号" in why_not_speak(user)
    assert "绑定手机号" in client.get("/my/phone/", follow=True).content.decode()


def test_the_buttons_are_there_only_when_configured(client, provider, settings):
    name = {"weixin": "微信登录", "weibo": "微博登录"}[provider]
    assert name in client.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert name not in client.get("/accounts/login/").content.decode()
