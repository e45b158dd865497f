"""A case is answered when its story is public, once; and open again when the story is taken down.
您说我办 shows what may be shown of it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.members.models import Role
from cms.topics import selectors
from cms.topics.models import AnswersPage, Case, Topic
from cms.topics.services import (
    answer_change,
    answers_page_set_up,
    case_answer,
    case_close,
    case_open,
    concerns_page_set_up,
    topic_set_state,
)
from tests.factories import grant, make_story, make_user, pass_review
from tests.factories.loop import make_brief, make_case, publish_brief
from tests.factories.topics import grouped, make_voice, make_voices
from tests.looking import read

pytestmark = pytest.mark.django_db

State = Case.State
ASKED = "老板拖欠工资三个月，该找谁投诉"


@pytest.fixture
def manager(client, newsroom):
    return grant(make_user("主管"), Role.MANAGER, newsroom.union)


@pytest.fixture
def case(newsroom, manager):
    make_voices(3, union=newsroom.union)
    return make_case(grouped(), newsroom, manager)


@pytest.fixture
def page(newsroom, committed):
    with committed():
        concerns_page_set_up(home=newsroom.home)
        return answers_page_set_up(home=type(newsroom.home).objects.get())


def answered(newsroom, manager, people=6, text=ASKED, slug="wages", **fields):
    make_voices(people, text, union=newsroom.union)
    case = make_case(grouped(slug), newsroom, manager)
    return case_answer(case=case, user=manager, **{"words": "先到劳动监察大队投诉。", **fields})


def logged(case):
    return list(ModelLogEntry.objects.for_instance(case).values_list("action", flat=True))


# --- By the story --------------------------------------------------------------------------------


def test_publishing_the_briefs_story_answers_the_case(case, newsroom, manager):
    story = publish_brief(make_brief(case, newsroom, manager))
    case.refresh_from_db()
    assert case.state == State.ANSWERED
    assert case.answer_page_id == story.pk
    assert case.answer == story.summary
    assert case.answered_at


def test_publishing_again_changes_nothing(case, newsroom, manager):
    story = publish_brief(make_brief(case, newsroom, manager))
    case.refresh_from_db()
    answer_change(case=case, user=manager, words="改过的话", shown=True)
    before = Case.objects.values().get()
    story.save_revision(user=newsroom.editor)
    pass_review(story, newsroom.editor)
    assert Case.objects.values().get() == before
    assert logged(case).count("topics.case_answer") == 1


def test_publishing_another_story_answers_nothing(case, newsroom, manager):
    make_brief(case, newsroom, manager)
    make_story(newsroom.section, title="欠薪怎么办")
    case.refresh_from_db()
    assert case.state == State.BRIEFED


def test_a_closed_case_is_not_answered_by_its_story(case, newsroom, manager):
    brief = make_brief(case, newsroom, manager)
    case_close(case=case, user=manager, reason="不办了")
    publish_brief(brief)
    case.refresh_from_db()
    assert (case.state, case.answered_at) == (State.CLOSED, None)


def test_taking_the_story_down_opens_the_case_again(case, newsroom, manager, committed):
    story = publish_brief(make_brief(case, newsroom, manager))
    with committed():
        story.unpublish()
    case.refresh_from_db()
    assert (case.state, case.answer, case.answer_page, case.answered_at) == (
        State.BRIEFED, "", None, None,
    )  # fmt: skip
    assert "topics.case_reopen" in logged(case)
    assert "稿件已撤下" in selectors.case_history(case)[0].data["words"]
    story.refresh_from_db()
    story.save_revision(user=newsroom.editor)
    pass_review(story, newsroom.editor)
    case.refresh_from_db()
    assert case.state == State.ANSWERED


def test_deleting_the_story_opens_the_case_again(case, newsroom, manager, committed):
    story = publish_brief(make_brief(case, newsroom, manager))
    with committed():
        story.delete()
    case.refresh_from_db()
    assert case.state == State.OPEN


def test_where_a_new_case_is_open_the_old_answer_is_hidden(case, newsroom, manager, committed):
    story = publish_brief(make_brief(case, newsroom, manager))
    case_open(topic=case.topic, user=manager, union=newsroom.union)
    with committed():
        story.unpublish()
    case.refresh_from_db()
    assert (case.state, case.shown) == (State.CLOSED, False)


def test_a_failure_does_not_undo_the_publishing(case, newsroom, manager, monkeypatch, caplog):
    brief = make_brief(case, newsroom, manager)
    monkeypatch.setattr("cms.topics.services.story_published", lambda **kwargs: 1 / 0)
    assert publish_brief(brief).live
    assert "story_answers failed" in caplog.text


# --- By hand -------------------------------------------------------------------------------------


def test_a_manager_answers_with_a_public_story_or_with_words(client, newsroom, manager, case):
    client.force_login(manager)
    address = f"/admin/concerns/cases/{case.pk}/"
    story = make_story(newsroom.section, title="欠薪怎么办")
    response = client.post(address, {"action": "answer", "answer-page": story.pk})
    assert response.url == address
    case.refresh_from_db()
    assert (case.answer_page_id, case.answer) == (story.pk, story.summary)
    text = read(client, address)
    assert "欠薪怎么办" in text
    data = {"action": "words", "words-words": "换一种说法", "words-shown": ""}
    client.post(address, data)
    case.refresh_from_db()
    assert (case.answer, case.shown) == ("换一种说法", False)


def test_a_draft_is_no_answer_and_what_was_typed_stays(client, newsroom, manager, case):
    client.force_login(manager)
    address = f"/admin/concerns/cases/{case.pk}/"
    draft = make_story(newsroom.section, live=False)
    data = {"action": "answer", "answer-page": draft.pk, "answer-words": "这句话别丢"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "还没发布" in response.content.decode()
    assert "这句话别丢" in response.content.decode()
    response = client.post(address, {"action": "answer", "answer-page": newsroom.section.pk})
    assert response.status_code == 422
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize("words", ["", "\x00", "长" * 301])
def test_an_answer_says_something_and_is_short(case, manager, words):
    with pytest.raises(ValidationError):
        case_answer(case=case, user=manager, words=words)


def test_an_answered_case_is_not_answered_again(case, manager):
    case_answer(case=case, user=manager, words="好")
    with pytest.raises(ValidationError, match="已有答复"):
        case_answer(case=case, user=manager, words="又好")


# --- 您说我办 ------------------------------------------------------------------------------------


def test_setting_up_twice_keeps_one_page(page, newsroom):
    assert answers_page_set_up(home=newsroom.home) == page
    assert AnswersPage.objects.get().live


def test_what_was_asked_and_answered_stands_there(client, page, newsroom, manager, committed):
    story = make_story(newsroom.section, title="欠薪怎么办")
    with committed():
        answered(newsroom, manager, page=story)
    text = read(client, page.url)
    for said in ("欠薪与工资", "5 人以上关心", ASKED, "先到劳动监察大队投诉", story.url):
        assert said in text
    assert "/concerns/wages/" in text


def test_fewer_than_five_are_neither_counted_nor_quoted(client, page, newsroom, manager):
    answered(newsroom, manager, people=4)
    text = read(client, page.url)
    assert "先到劳动监察大队投诉" in text
    assert "人以上关心" not in text
    assert ASKED not in text


def test_only_public_words_are_quoted_and_numbers_hidden(client, page, newsroom, manager):
    make_voices(6, "拖欠工资了怎么办，私下问问", union=newsroom.union, is_public=False)
    make_voice("拖欠工资找谁，电话13812345678", union=newsroom.union)
    case = make_case(grouped(), newsroom, manager)
    case_answer(case=case, user=manager, words="<script>alert(1)</script>找监察")
    text = read(client, page.url)
    assert "私下问问" not in text
    assert "13812345678" not in text
    assert "手机号已隐去" in text
    assert "<script>alert" not in text


def test_what_was_said_after_the_answer_was_not_asked_before_it(newsroom, manager, page):
    case = answered(newsroom, manager)
    Case.objects.filter(pk=case.pk).update(answered_at=timezone.now() - timedelta(days=2))
    (answer,) = selectors.answers_page().object_list
    assert answer.people == 0


def test_a_hidden_answer_topic_or_open_case_is_not_shown(
    client, page, newsroom, manager, committed
):
    with committed():
        case = answered(newsroom, manager)
    assert "先到劳动监察" in read(client, page.url)
    with committed():
        answer_change(case=case, user=manager, words=case.answer, shown=False)
    assert "先到劳动监察" not in read(client, page.url)
    with committed():
        answer_change(case=case, user=manager, words=case.answer, shown=True)
        topic_set_state(topic=case.topic, state="hidden", user=manager)
    assert "先到劳动监察" not in read(client, page.url)


def test_closing_keeps_the_answer_public(client, page, newsroom, manager):
    case = answered(newsroom, manager)
    case_close(case=case, user=manager, reason="没有新情况")
    assert "先到劳动监察" in read(client, page.url)


def test_a_story_that_is_gone_is_not_linked(client, page, newsroom, manager, committed):
    story = make_story(newsroom.section, title="欠薪怎么办")
    case = answered(newsroom, manager, page=story)
    case_close(case=case, user=manager, reason="办完")
    with committed():
        story.unpublish()
    text = read(client, page.url)
    assert "先到劳动监察" in text
    assert "欠薪怎么办</a>" not in text


def test_the_page_is_kept_and_costs_the_same_however_many(
    client, page, newsroom, manager, committed
):
    costs = set()
    for slug, text in [("wages", ASKED), ("hours", "强制加班怎么办"), ("injury", "工伤怎么认定")]:
        with committed():
            answered(newsroom, manager, slug=slug, text=text)
        cache.clear()
        read(client, page.url)
        with CaptureQueriesContext(connection) as queries:
            read(client, page.url)
        assert len(queries) == 0
        for case in selectors.public_cases():
            assert case.answer in read(client, page.url)
        with CaptureQueriesContext(connection) as queries:
            selectors.answers_page()
        costs.add(len(queries))
    assert len(costs) == 1


@pytest.mark.parametrize("number", ["0", "-1", "x", "999", "%00"])
def test_odd_page_numbers_are_no_error(client, page, newsroom, manager, number):
    answered(newsroom, manager)
    read(client, f"{page.url}?page={number}")


def test_concern_pages_say_that_the_union_has_answered(client, page, newsroom, manager, committed):
    story = make_story(newsroom.section, title="欠薪怎么办")
    with committed():
        answered(newsroom, manager, page=story)
    for address in ("/concerns/", "/concerns/wages/"):
        text = read(client, address)
        assert "工会已答复" in text
        assert story.url in text
        assert page.url in text


def test_of_a_topic_the_latest_answers_come_first(newsroom, manager):
    first = answered(newsroom, manager, words="第一次")
    answered(newsroom, manager, words="第二次")
    topic = Topic.objects.get(slug="wages")
    found = [answer.case.answer for answer in selectors.answers_of([topic])[topic.pk]]
    assert found == ["第二次", "第一次"]
    assert first.answered_at
