"""职工关切周报 by e-mail: once to each reader, nothing of few people, nobody's name or number."""

import pytest
from django.core import mail

from cms.members.models import Role, User
from cms.topics.models import ReportMail, ReportReader, Voice, WeeklyReport
from cms.topics.selectors.report_words import days_in_words, week_of
from cms.topics.services import reader_add, reader_remove, report_make, report_send, voices_group
from cms.topics.tasks import weekly_report
from search.models import SearchLog
from tests.factories import grant, make_union, make_user
from tests.factories.reports import FULL, last_monday, said_in_week

pytestmark = pytest.mark.django_db

READERS = "/admin/concerns/reports/readers/"
REFUSING = "tests.factories.reports.Refusing"


@pytest.fixture
def manager(client, union):
    user = grant(make_user("主管", email="manager@example.org"), Role.MANAGER, union)
    client.force_login(user)
    return user


def make_reader(union, email, role=Role.MANAGER) -> User:
    user = grant(make_user(email=email), role, union)
    reader_add(user=user, by=user)
    return user


@pytest.fixture
def week(union):
    for number in range(7):
        said_in_week(f"工地{number}号楼拖欠工资，怎么办", union=union)
    for number in range(3):
        said_in_week(f"第{number}次加班没有加班费", union=union)
    voices_group()


def words_of(message) -> str:
    """The text and the HTML of a mail."""
    return message.body + message.alternatives[0].content


def addressees():
    return sorted(message.to[0] for message in mail.outbox)


def test_each_reader_gets_one_mail_with_text_and_table(union, week):
    for email in ("a@example.org", "b@example.org"):
        make_reader(union, email)
    weekly_report()
    weekly_report()
    assert addressees() == ["a@example.org", "b@example.org"]
    message = mail.outbox[0]
    assert message.subject == f"职工关切周报 · {days_in_words(week_of(last_monday()))}"
    assert message.alternatives[0].mimetype == "text/html"
    assert "<table" in message.alternatives[0].content
    assert "style=" not in message.alternatives[0].content
    assert f"/admin/concerns/reports/{last_monday()}/" in message.body
    assert "欠薪与工资：7 人" in message.body
    assert WeeklyReport.objects.get().sent_at


def test_one_mailbox_that_refuses_stops_nobody_and_is_tried_again(settings, union, week):
    readers = [make_reader(union, email) for email in ("a@example.org", FULL, "z@example.org")]
    report = report_make(monday=last_monday())
    settings.EMAIL_BACKEND = REFUSING
    assert report_send(report=report) == {"sent": 2, "failed": 1}
    assert addressees() == ["a@example.org", "z@example.org"]
    row = ReportMail.objects.get(user=readers[1])
    assert row.sent_at is None
    assert "没有发出去" in row.problem
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert report_send(report=report) == {"sent": 1, "failed": 0}
    assert addressees() == ["a@example.org", FULL, "z@example.org"]
    assert report_send(report=report) == {"sent": 0, "failed": 0}


def test_the_list_says_whom_no_mail_reached(client, settings, union, manager, week):
    make_reader(union, FULL)
    make_reader(union, "a@example.org")
    settings.EMAIL_BACKEND = REFUSING
    weekly_report()
    text = client.get("/admin/concerns/reports/").content.decode()
    assert "1 位收到" in text
    assert "1 位没有收到" in text
    page = client.get(f"/admin/concerns/reports/{last_monday()}/").content.decode()
    assert "没有收到。</strong>邮件没有发出去，会再试" in page


def test_who_becomes_a_reader_later_gets_the_next_report(union, week):
    make_reader(union, "a@example.org")
    weekly_report()
    make_reader(union, "late@example.org")
    weekly_report()
    assert addressees() == ["a@example.org"]


def test_without_readers_nothing_is_sent_and_the_report_waits(union, week):
    weekly_report()
    assert not mail.outbox
    assert WeeklyReport.objects.get().sent_at is None


def test_who_lost_his_role_or_was_removed_gets_no_mail(settings, union, week):
    gone, removed = make_reader(union, "gone@example.org"), make_reader(union, FULL)
    idle = make_reader(union, "idle@example.org")
    kept = make_reader(union, "kept@example.org")
    gone.groups.clear()
    User.objects.filter(pk=idle.pk).update(is_active=False)
    settings.EMAIL_BACKEND = REFUSING
    weekly_report()
    reader_remove(user=removed, by=kept)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    weekly_report()
    assert addressees() == ["kept@example.org"]


def test_a_mail_tells_nothing_of_few_people(union, week):
    SearchLog.objects.create(term="早班车", shown="早班车", day=last_monday(), count=3, hits=0)
    voices_group()
    make_reader(union, "a@example.org")
    weekly_report()
    words = words_of(mail.outbox[0])
    assert "加班" not in words
    assert "早班车" not in words
    assert "：3 人" not in words


def test_names_and_numbers_reach_neither_mail_nor_page(client, manager, union):
    planted = "经理张伟杰的电话13812345678，拖欠工资三个月"
    for number in range(6):
        said_in_week(planted, union=union, person=f"user:p{number}")
    said_in_week("工资拖欠了，找李建国 1 3 9 1 2 3 4 5 6 7 8", union=union)
    term = "张伟杰13812345678"
    SearchLog.objects.create(term=term, shown=term, day=last_monday(), count=9, hits=0)
    voices_group()
    reader_add(user=manager, by=manager)
    weekly_report()
    page = client.get(f"/admin/concerns/reports/{last_monday()}/").content.decode()
    for words in (words_of(mail.outbox[0]), page):
        assert "欠薪与工资" in words
        for trace in ("张伟杰", "13812345678", "李建国", "1 3 9 1 2 3 4 5 6 7 8"):
            assert trace not in words


def test_private_words_are_counted_and_not_quoted(client, manager, union):
    for number in range(6):
        said_in_week(
            f"私信里说：第{number}个月工资拖欠着",
            union=union,
            source=Voice.Source.WECHAT,
            is_public=False,
        )
    voices_group()
    reader_add(user=manager, by=manager)
    weekly_report()
    assert "欠薪与工资：6 人" in mail.outbox[0].body
    assert "私信里说" not in words_of(mail.outbox[0])
    page = client.get(f"/admin/concerns/reports/{last_monday()}/").content.decode()
    assert "私信里说" not in page


def test_a_reader_of_a_part_is_mailed_that_part(union, week):
    below = make_union("青石县总工会", parent=union)
    for number in range(5):
        said_in_week(f"第{number}个月社保断缴了", union=below)
    voices_group()
    make_reader(below, "below@example.org")
    weekly_report()
    body = mail.outbox[0].body
    assert "青石县总工会" in body
    assert "社保与公积金：5 人" in body
    assert "欠薪与工资" not in body


def test_a_week_without_voices_is_mailed_as_such(union):
    make_reader(union, "a@example.org")
    weekly_report()
    assert "本周没有声音" in words_of(mail.outbox[0])


# --- Readers -------------------------------------------------------------------------------------


def test_readers_are_those_who_may_see_topics(client, manager, union):
    editor = grant(make_user("采编", email="e@example.org"), Role.EDITOR, union)
    colleague = grant(make_user("同事", email="c@example.org"), Role.ADMIN, union)
    assert "e@example.org" not in client.get(READERS).content.decode()
    response = client.post(READERS, {"action": "add", "user": editor.pk})
    assert response.status_code == 422
    assert "请重新选一位" in response.content.decode()
    client.post(READERS, {"action": "add", "user": colleague.pk})
    reader = ReportReader.objects.get()
    assert (reader.user, reader.added_by) == (colleague, manager)
    client.post(READERS, {"action": "remove", "user": colleague.pk})
    assert not ReportReader.objects.exists()


def test_somebody_without_an_address_is_told_to_give_one(client, manager, union):
    colleague = grant(make_user("同事", email=""), Role.ADMIN, union)
    text = client.post(READERS, {"action": "add", "user": colleague.pk}, follow=True)
    assert "没有邮箱地址" in text.content.decode()
    assert not ReportReader.objects.exists()


def test_everybody_may_come_and_go_and_only_for_himself(client, union):
    below = make_union(parent=union)
    user = grant(make_user(email="me@example.org"), Role.MANAGER, below)
    other = make_reader(union, "other@example.org")
    client.force_login(user)
    client.post(READERS, {"action": "join"})
    assert ReportReader.objects.filter(user=user).exists()
    assert "other@example.org" not in client.get(READERS).content.decode()
    for action in ("add", "remove"):
        assert client.post(READERS, {"action": action, "user": other.pk}).status_code == 302
    client.post(READERS, {"action": "leave"})
    assert list(ReportReader.objects.values_list("user", flat=True)) == [other.pk]


def test_a_trial_goes_to_oneself_and_counts_nowhere(client, manager, union, week):
    make_reader(union, "other@example.org")
    response = client.post(READERS, {"action": "try"}, follow=True)
    assert "已发到 manager@example.org" in response.content.decode()
    assert addressees() == ["manager@example.org"]
    assert mail.outbox[0].subject.startswith("（试发）职工关切周报 · ")
    assert not ReportMail.objects.exists()
    assert not WeeklyReport.objects.exists()


def test_a_trial_that_fails_says_so(client, settings, union, week):
    user = grant(make_user(email=FULL), Role.MANAGER, union)
    client.force_login(user)
    settings.EMAIL_BACKEND = REFUSING
    response = client.post(READERS, {"action": "try"}, follow=True)
    assert "邮件没有发出去" in response.content.decode()


def test_the_list_of_readers_says_who_gets_nothing_and_why(client, manager, union):
    gone = make_reader(union, "gone@example.org")
    gone.groups.clear()
    assert "已经没有看职工关切的权限" in client.get(READERS).content.decode()
