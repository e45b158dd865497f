"""Consent is given freely, withdrawn as easily and kept on record (个人信息保护法 arts. 14–17)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from cms.members import rules
from cms.members.models import Consent
from cms.members.selectors import consents, has_consent, way_to_speak, why_not_speak
from cms.members.services import consent_give, consent_withdraw
from tests.factories import make_user

pytestmark = pytest.mark.django_db

RULES = Consent.Kind.RULES


def test_withdrawing_and_giving_again_leaves_both_on_record():
    user = make_user()
    consent_withdraw(user=user, kind=RULES)
    assert not has_consent(user, RULES)
    consent_give(user=user, kind=RULES)
    assert has_consent(user, RULES)
    assert Consent.objects.filter(user=user, kind=RULES).count() == 2
    assert Consent.objects.filter(user=user, withdrawn_at=None).count() == 1


def test_giving_twice_changes_nothing():
    user = make_user()
    assert consent_give(user=user, kind=RULES) == consent_give(user=user, kind=RULES)


def test_new_rules_are_asked_for_again(monkeypatch):
    user = make_user()
    monkeypatch.setattr(rules, "VERSION", "2099-01")
    assert "个人信息处理规则" in why_not_speak(user)
    consent_give(user=user, kind=RULES)
    assert why_not_speak(user) == ""
    assert Consent.objects.filter(user=user, withdrawn_at=None).get().version == "2099-01"


@pytest.mark.parametrize(
    ("fields", "words", "place"),
    [
        ({"is_active": False}, "已停用", ""),
        ({"phone": None}, "绑定手机号", "/my/phone/"),
        ({"phone_verified_at": None}, "核实手机号", "/my/phone/"),
        ({"consent": False}, "同意", "/my/consent/"),
        ({}, "", ""),
    ],
)
def test_why_not_speak_says_what_to_do_and_where(fields, words, place):
    user = make_user(**fields)
    assert words in why_not_speak(user)
    assert bool(why_not_speak(user)) == bool(fields)
    assert way_to_speak(user) == place


def test_a_stranger_is_sent_to_the_login():
    assert way_to_speak(AnonymousUser(), "/a/") == "/accounts/login/?next=%2Fa%2F"


def test_who_was_here_before_is_asked_once_and_comes_back(client):
    user = make_user(consent=False)
    client.force_login(user)
    way = way_to_speak(user, "/zhengce/")
    assert 'value="/zhengce/"' in client.get(way).content.decode()
    assert client.post(way, {"next": "/zhengce/"}).status_code == 422
    assert client.post(way, {"agree": "on", "next": "/zhengce/"}).url == "/zhengce/"
    assert has_consent(user, RULES)


def test_the_question_never_leads_off_the_site(client):
    client.force_login(make_user(consent=False))
    response = client.post("/my/consent/", {"agree": "on", "next": "https://evil.example/"})
    assert response.url == "/my/"


@pytest.mark.parametrize("kind", Consent.Kind.values)
def test_one_button_gives_and_one_takes(client, kind):
    user = make_user(consent=False)
    client.force_login(user)
    client.post(f"/my/consents/{kind}/", {"on": "1"})
    assert set(consents(user)) == {kind}
    client.post(f"/my/consents/{kind}/", {"on": "0"})
    assert consents(user) == {}


def test_withdrawing_takes_the_right_to_speak_and_says_so_at_my(client):
    user = make_user()
    client.force_login(user)
    client.post("/my/consents/rules/", {"on": "0"})
    html = client.get("/my/").content.decode()
    assert "已撤回同意" in html
    assert "暂时不能评论和投票" in html
    assert "去看规则并同意" in html


def test_an_unknown_kind_is_not_found_and_a_look_changes_nothing(client):
    client.force_login(make_user())
    assert client.post("/my/consents/cookies/").status_code == 404
    assert client.get("/my/consents/rules/").status_code == 405


def test_the_rules_are_public_and_linked_from_every_page(client, newsroom):
    html = client.get("/privacy/").content.decode()
    for fact in (rules.VERSION, "职工热线 12351", "六个月", "撤回同意", "注销账号"):
        assert fact in html
    assert 'href="/privacy/"' in client.get("/").content.decode()
