"""我的: one's own page, profile and e-mail address."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from cms.members.models import User
from tests.factories import make_union, make_user
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db

PAGES = [
    "/my/",
    "/my/profile/",
    "/my/consent/",
    "/my/messages/",
    "/my/data/",
    "/my/data/export/",
    "/my/delete/",
    "/my/phone/",
]


@pytest.mark.parametrize("path", PAGES)
def test_what_is_ones_own_wants_a_sign_in(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url.startswith(("/accounts/login/?next=", "/accounts/reauthenticate"))
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["/my/profile/", "/my/data/export/", "/my/delete/"])
def test_every_form_is_guarded_against_forgery(path):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user())
    assert strict.post(path, {}).status_code == 403


def test_the_page_shows_the_person_with_a_masked_number(client):
    user = make_user("塔吊上的风", phone="13712345678")
    client.force_login(user)
    html = client.get("/my/").content.decode()
    assert "137****5678" in html
    assert "13712345678" not in html
    assert "暂时不能" not in html


def test_no_shared_cache_keeps_a_persons_page(client):
    client.force_login(make_user())
    assert "no-store" in client.get("/my/")["Cache-Control"]


def test_nickname_and_union_can_be_corrected(client):
    user, union = make_user(), make_union("江州市总工会")
    client.force_login(user)
    client.post("/my/profile/", {"nickname": "新名字", "union": union.pk})
    user.refresh_from_db()
    assert (user.nickname, user.union) == ("新名字", union)
    assert client.post("/my/profile/", {"nickname": ""}).status_code == 422


def test_an_address_counts_when_its_owner_confirms_it(client, mailoutbox):
    user = make_user()
    client.force_login(user)
    client.post("/accounts/reauthenticate/?next=/my/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "feng@example.org", "action_add": ""})
    assert not EmailAddress.objects.filter(user=user, verified=True).exists()
    assert "请确认您的邮箱" in mailoutbox[0].subject
    link = re.search(r"http://testserver(\S+)", mailoutbox[0].body)[1]
    assert "feng@example.org" in client.get(link).content.decode()
    client.post(link)
    address = EmailAddress.objects.get(user=user)
    assert (address.verified, address.primary) == (True, True)
    assert User.objects.get(pk=user.pk).email == "feng@example.org"
    assert "feng@example.org" in client.get("/my/").content.decode()


def test_changing_the_address_asks_for_the_password(client):
    client.force_login(make_user())
    response = client.post("/accounts/email/", {"email": "a@example.org", "action_add": ""})
    assert response.url.startswith("/accounts/reauthenticate/")
