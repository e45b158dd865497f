"""Notices: told on the site, by e-mail once a day to those who want it."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.members.models import Consent, Notice
from cms.members.selectors import has_consent
from cms.members.services import consent_give, notify
from cms.members.signals import notices_made
from cms.members.tasks import purge, send_digests
from tests.factories import make_story, make_user

pytestmark = pytest.mark.django_db


class NoMail(EmailBackend):
    def send_messages(self, messages):
        raise OSError("no mail server")


def tell(*users, **fields):
    return notify(**{"users": users, "kind": "reply", "text": "有人回复了您的评论。", **fields})


def reader(**fields):
    """Somebody who wants e-mail and whose address is confirmed."""
    user = make_user(**fields)
    consent_give(user=user, kind=Consent.Kind.EMAIL)
    EmailAddress.objects.create(
        user=user, email=f"{user.username}@example.org", verified=True, primary=True
    )
    return user


@pytest.fixture
def heard():
    got = []

    def listen(sender, notices, **kwargs):
        got.extend(notices)

    notices_made.connect(listen)
    yield got
    notices_made.disconnect(listen)


def test_everybody_gets_one_and_the_rooms_above_hear_of_it_after_the_commit(heard, committed):
    users = [make_user(), make_user()]
    with committed():
        made = tell(*users)
        assert heard == []
    assert [notice.user for notice in made] == users
    assert heard == made


def test_a_key_is_told_once_to_each(heard, committed):
    first, second = make_user(), make_user()
    with committed():
        assert len(tell(first, key="comment:1")) == 1
        assert [notice.user for notice in tell(first, second, key="comment:1")] == [second]
        assert tell(first, second, key="comment:1") == []
    assert Notice.objects.count() == len(heard) == 2


def test_without_a_key_the_same_words_can_be_told_again():
    user = make_user()
    tell(user)
    tell(user)
    assert Notice.objects.count() == 2


def test_who_is_gone_is_told_nothing():
    assert tell(make_user(is_active=False)) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "//example.org"])
def test_a_link_is_a_path_or_a_web_address(url):
    with pytest.raises(ValueError, match="web address"):
        tell(make_user(), url=url)


def test_looking_reads_and_the_newest_stands_first(client):
    user, other = make_user(), make_user()
    tell(user, text="第一条", url="/zhengce/")
    tell(user, text="第二条")
    tell(other, text="别人的")
    client.force_login(user)
    html = client.get("/my/messages/").content.decode()
    assert html.index("第二条") < html.index("第一条")
    assert 'href="/zhengce/"' in html
    assert "别人的" not in html
    assert html.count('state-open">新') == 2
    assert 'state-open">新' not in client.get("/my/messages/").content.decode()
    assert Notice.objects.get(user=other).read_at is None


def test_many_messages_are_paged_and_only_what_was_shown_is_read(client):
    user = make_user()
    for number in range(25):
        tell(user, text=f"消息{number}")
    client.force_login(user)
    client.get("/my/messages/")
    assert Notice.objects.filter(read_at=None).count() == 5
    assert "消息0" in client.get("/my/messages/?page=2").content.decode()


def test_the_menu_counts_what_is_new_with_one_query(client, newsroom):
    user = make_user()
    story = make_story(newsroom.section)
    tell(user)
    assert "badge" not in client.get(story.url).content.decode()
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(story.url).content.decode()
    assert 'class="badge">1<' in html
    assert sum("members_notice" in query["sql"] for query in queries) == 1


# --- By e-mail -----------------------------------------------------------------------------------


def test_a_digest_tells_all_that_is_new_once(mailoutbox):
    user = reader()
    tell(user, text="第一条", url="/zhengce/")
    tell(user, text="第二条", url="https://example.org/a")
    send_digests()
    send_digests()
    assert len(mailoutbox) == 1
    mail = mailoutbox[0]
    assert mail.to == [f"{user.username}@example.org"]
    assert "2 条新消息" in mail.subject
    for words in ("第一条", "http://127.0.0.1:8000/zhengce/", "  https://example.org/a"):
        assert words in mail.body
    tell(user, text="第三条")
    send_digests()
    assert "第三条" in mailoutbox[1].body
    assert "第一条" not in mailoutbox[1].body


def test_quiet_by_default(mailoutbox):
    without_consent, unconfirmed, has_read = make_user(), make_user(), reader()
    EmailAddress.objects.create(
        user=without_consent, email="a@example.org", verified=True, primary=True
    )
    consent_give(user=unconfirmed, kind=Consent.Kind.EMAIL)
    EmailAddress.objects.create(user=unconfirmed, email="b@example.org", primary=True)
    tell(without_consent, unconfirmed, has_read)
    Notice.objects.filter(user=has_read).update(read_at=timezone.now())
    send_digests()
    assert mailoutbox == []


def test_a_digest_that_fails_comes_the_next_day(settings, mailoutbox, caplog):
    user = reader()
    tell(user)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.NoMail"
    send_digests()
    assert Notice.objects.get().mailed_at is None
    assert "example.org" not in caplog.text
    settings.EMAIL_BACKEND = working
    send_digests()
    assert len(mailoutbox) == 1


def test_the_way_out_works_without_signing_in_and_asks_once(client, mailoutbox):
    user = reader()
    tell(user)
    send_digests()
    link = re.search(r"(/my/unsubscribe/\S+)", mailoutbox[0].body)[1]
    assert link in mailoutbox[0].extra_headers["List-Unsubscribe"]
    client.get(link)
    assert has_consent(user, Consent.Kind.EMAIL)
    assert "不再给您发邮件" in client.post(link).content.decode()
    assert not has_consent(user, Consent.Kind.EMAIL)
    assert client.post("/my/unsubscribe/forged/").status_code == 404


def test_old_notices_go_after_half_a_year():
    user = make_user()
    tell(user)
    tell(user)
    old = Notice.objects.first()
    Notice.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=181))
    purge()
    assert Notice.objects.count() == 1


def test_text_too_long_for_a_notice_is_cut():
    [notice] = notify(users=[make_user()], kind="appeal", text="长" * 900, url="/my/comments/")
    assert len(notice.text) == 300
    assert notice.text.endswith("…")
