"""我也关心: real people only, each once, taken back at will; its number tells of no one person."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.members import personal
from cms.members.models import Notice, Role
from cms.members.services import account_erase
from cms.topics import selectors, tasks
from cms.topics.models import Follow, Topic, Voice, VoiceTopic
from cms.topics.selectors import Period, board
from cms.topics.services import (
    care_give,
    care_take_back,
    case_answer,
    concerns_page_set_up,
    topic_set_state,
    topics_seed,
    voices_group,
)
from tests.factories import grant, make_user
from tests.factories.loop import make_case

pytestmark = pytest.mark.django_db

CARE = "/care/wages/"
PAGE = "/concerns/wages/"


@pytest.fixture
def page(newsroom, committed):
    with committed():
        return concerns_page_set_up(home=newsroom.home)


@pytest.fixture
def topic(page):
    topics_seed()
    return Topic.objects.get(slug="wages")


@pytest.fixture
def worker(client):
    user = make_user("塔吊上的风")
    client.force_login(user)
    return user


def read(client, address=PAGE):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def press(client, **data):
    return client.post(CARE, data)


# --- Pressed -------------------------------------------------------------------------------------


def test_a_signed_in_reader_presses_and_takes_back(client, topic, worker):
    assert "我也关心</button>" in read(client)
    assert press(client).url == f"{PAGE}#care"
    assert "您也关心这件事" in read(client)
    assert press(client, action="leave").url == f"{PAGE}#care"
    assert "您也关心这件事" not in read(client)
    assert not Voice.objects.exists()


def test_pressing_twice_counts_once_and_keeps_the_day(client, topic, worker):
    press(client)
    first = Voice.objects.get()
    press(client)
    again = Voice.objects.get()
    assert (again.pk, again.said_at) == (first.pk, first.said_at)


def test_with_htmx_only_the_box_comes_back(client, topic, worker):
    response = client.post(CARE, {"tell": "1"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "<html" not in text
    assert "有答复时告诉您" in text


def test_it_counts_for_its_topic_and_stays_when_voices_are_read_again(topic, worker, newsroom):
    care_give(topic=topic, user=worker)
    for _time in range(2):
        voices_group()
        link = VoiceTopic.objects.get(topic=topic)
        assert link.voice.source == Voice.Source.CARE
        Voice.objects.update(read_with="")
    row = next(row for row in board(period=Period.of(28)) if row.topic == topic)
    assert (row.people, row.sources["care"]) == (1, 1)
    assert row.sentences == []


def test_whoever_spoke_and_cares_is_one_person(client, topic, worker, newsroom):
    care_give(topic=topic, user=worker)
    voice = Voice.objects.get()
    Voice.objects.create(
        source=Voice.Source.SITE,
        origin="test:same",
        text="老板拖欠工资",
        person_key=voice.person_key,
        said_at=voice.said_at,
        day=voice.day,
    )
    voices_group()
    assert next(row for row in board(period=Period.of(28)) if row.topic == topic).people == 1


# --- By whom -------------------------------------------------------------------------------------


def test_others_are_led_to_the_sign_in_and_back(client, topic):
    text = read(client)
    assert "登录后点" in text
    assert CARE in text
    for response in (client.get(CARE), client.post(CARE)):
        assert response.url.startswith("/accounts/login/?next=%2Fconcerns%2Fwages%2F")
    assert not Voice.objects.exists()


def test_only_verified_people_count(client, topic):
    user = make_user(phone_verified_at=None)
    client.force_login(user)
    response = press(client)
    assert response.url.startswith("/accounts/") or response.url.startswith("/my/")
    assert not Voice.objects.exists()
    boxed = client.post(CARE, headers={"HX-Request": "true"})
    assert boxed.status_code == 422
    assert "核实手机号" in boxed.content.decode()


def test_a_forged_post_is_refused(topic, worker):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker)
    assert browser.post(CARE).status_code == 403
    assert not Voice.objects.exists()


def test_who_presses_too_often_is_asked_to_wait(client, topic, worker):
    for _time in range(30):
        press(client)
    boxed = client.post(CARE, headers={"HX-Request": "true"})
    assert boxed.status_code == 422
    assert "太快了" in boxed.content.decode()


@pytest.mark.parametrize("slug", ["nothing", "x" * 200])
def test_an_unknown_topic_is_not_found(client, page, worker, slug):
    assert client.post(f"/care/{slug}/").status_code == 404


def test_a_hidden_topic_takes_nobody_in(client, topic, worker):
    topic_set_state(topic=topic, state="hidden", user=worker)
    assert press(client).status_code == 404
    with pytest.raises(ValidationError):
        care_give(topic=topic, user=worker)


# --- What is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "shown"), [(1, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_the_number_is_a_floor_in_steps_of_five(client, topic, people, shown):
    for _person in range(people):
        care_give(topic=topic, user=make_user())
    text = read(client)
    assert ("人以上点了" in text) == bool(shown)
    if shown:
        assert f"已有 {shown} 人以上" in text


def test_no_page_names_who_cares(client, topic, committed):
    for number in range(6):
        care_give(topic=topic, user=make_user(f"有名字的人{number}"))
    with committed():
        voices_group()
    text = read(client) + read(client, "/concerns/")
    assert "有名字的人" not in text
    assert not any(voice.person_key in text for voice in Voice.objects.all())


def test_the_kept_page_is_nobodys_own(client, topic, worker):
    press(client)
    stranger = Client()
    for _time in range(2):
        assert "您也关心这件事" not in read(stranger)
    assert "您也关心这件事" in read(client)


# --- Told ----------------------------------------------------------------------------------------


def test_only_who_ticked_it_is_told_of_the_answer(topic, newsroom):
    ticked, silent = make_user(), make_user()
    care_give(topic=topic, user=ticked, tell=True)
    care_give(topic=topic, user=silent)
    manager = grant(make_user(), Role.MANAGER, newsroom.union)
    case = make_case(topic, newsroom, manager)
    assert selectors.telling(case).waiting == 1
    case_answer(case=case, user=manager, words="好")
    tasks.tell_followers(case.pk)
    told = Notice.objects.filter(kind="case_answered")
    assert [notice.user for notice in told] == [ticked]


def test_taking_it_back_ends_the_wish_to_be_told(topic, worker):
    care_give(topic=topic, user=worker, tell=True)
    care_take_back(topic=topic, user=worker)
    assert not Follow.objects.exists()


# --- One's own data ------------------------------------------------------------------------------


def test_the_person_sees_it_and_it_goes_with_the_account(client, topic, worker, committed):
    care_give(topic=topic, user=worker, tell=True)
    care_give(topic=topic, user=make_user())
    text = read(client, "/my/data/")
    assert "我也关心" in text
    assert "等答复的事" in text
    assert topic.name in text
    with committed():
        account_erase(user=worker)
    assert Voice.objects.count() == 1
    assert not Follow.objects.exists()
    mine = {holding.slug: holding for holding in personal.holdings()}
    for slug in ("cares", "follows", "voices"):
        assert mine[slug].rows(worker) == []
