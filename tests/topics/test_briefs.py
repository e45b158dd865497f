"""选题单: a draft of the right kind with its editor, quotes beside it and never in it."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.members.models import Notice, Role
from cms.news.models import ActivityPage, LegalPage, PolicyPage
from cms.news.services import story_submit
from cms.topics import briefing, selectors
from cms.topics.models import Brief, Case, Topic, Voice
from cms.topics.selectors.quotes import is_told, question_in
from cms.topics.services import voice_withdraw
from tests.factories import grant, make_story, make_union, make_user
from tests.factories.loop import make_brief, make_case, publish_brief
from tests.factories.site import make_section, reviewers_of
from tests.factories.stories import committed
from tests.factories.topics import grouped, make_voice

pytestmark = pytest.mark.django_db

QUESTIONS = [
    "老板拖欠工资三个月，找谁投诉",
    "拖欠工资可以马上辞职吗？",
    "讨薪要带什么材料，怎么写申请",
    "工程款没结，包工头就能扣工资吗",
]


@pytest.fixture
def topic(newsroom):
    for text in QUESTIONS:
        make_voice(text, union=newsroom.union)
    return grouped()


@pytest.fixture
def case(topic, newsroom, manager):
    return make_case(topic, newsroom, manager)


def data(newsroom, **fields):
    return {
        "title": "欠薪了怎么办",
        "kind": "legal",
        "section": newsroom.section.pk,
        "editor": newsroom.editor.pk,
        **fields,
    }


# --- The rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theme", "written", "kind"),
    [("劳动报酬/欠薪", [], "legal"), ("退休", ["legal"], "policy"), ("文体/阵地", [], "activity"),
     ("户外驿站", ["activity", "activity", "policy"], "activity"), ("户外驿站", ["poll"], "policy"),
     ("", ["legal"], "legal")],
)  # fmt: skip
def test_a_theme_has_its_kind_of_story_or_the_one_it_is_mostly_written_about(theme, written, kind):
    assert briefing.kind_for(theme, written) == kind


def test_the_themes_own_laws_stand_first_with_the_articles_of_earlier_stories():
    earlier = [
        {"law": "女职工劳动保护特别规定", "articles": "第五条", "page": 8},
        {"law": "保障农民工工资支付条例", "articles": "第三条", "page": 7},
        {"law": "保障农民工工资支付条例", "articles": "第九条", "page": 6},
        {"law": "", "articles": "", "page": 5},
    ]
    laws = briefing.laws_for("劳动报酬/欠薪", earlier)
    assert [one["law"] for one in laws] == [
        *briefing.LAWS_OF_THEME["劳动报酬/欠薪"], "女职工劳动保护特别规定",
    ]  # fmt: skip
    assert [one["articles"] for one in laws] == ["", "", "第三条", "第五条"]


def test_a_theme_outside_the_table_stands_on_the_laws_of_its_stories():
    assert briefing.laws_for("", []) == []
    earlier = [{"law": "劳动法", "articles": "", "page": 1}]
    assert briefing.laws_for("户外驿站", earlier) == earlier


def test_every_theme_of_the_tables_is_in_the_tree():
    from cms.topics.concerns import PLANS

    assert set(briefing.KIND_OF_THEME) <= set(PLANS)
    assert set(briefing.LAWS_OF_THEME) <= set(PLANS)


@pytest.mark.parametrize("name", ["高温津贴", "长" * 30])
@pytest.mark.parametrize("number", [0, 5])
def test_titles_and_summaries_keep_their_limits(name, number):
    assert len(briefing.title_for(name, number)) <= briefing.TITLE_LIMIT
    assert len(briefing.summary_for(name)) <= briefing.SUMMARY_LIMIT


@pytest.mark.parametrize(
    ("text", "sentence", "question"),
    [("老板跑了。工资找谁要？急", "老板跑了", "工资找谁要？"),
     ("工资拖着不发，怎么办", "工资拖着不发，怎么办", "工资拖着不发，怎么办"),
     ("工资拖着不发。没人管", "工资拖着不发", "工资拖着不发")],
)  # fmt: skip
def test_the_sentence_that_asks_is_taken(text, sentence, question):
    assert question_in(text, sentence) == question


def test_nearly_the_same_question_is_told_once():
    assert is_told("拖欠工资，找谁投诉！", ["拖欠工资找谁投诉"])
    assert not is_told("试用期能不发工资吗", ["拖欠工资找谁投诉"])


# --- What it holds -------------------------------------------------------------------------------


def test_questions_come_first_differ_and_hide_numbers(topic, newsroom, manager):
    make_voice("拖欠工资真让人寒心啊各位", union=newsroom.union)
    make_voice("老板拖欠工资三个月，找谁投诉？", union=newsroom.union)
    make_voice("拖欠工资的老板电话13812345678，谁管", union=newsroom.union)
    copy = make_voice("拖欠工资能要利息吗", union=newsroom.union)
    make_voice("被拖欠工资，能要到利息吗你们说", union=newsroom.union)
    grouped()
    Voice.objects.filter(pk=copy.pk).update(copy_of="test:0")
    asked = selectors.plan_for(topic=topic, unions=None).questions
    texts = [one["text"] for one in asked]
    assert texts[-1] == "拖欠工资真让人寒心啊各位"
    assert sum("找谁投诉" in text for text in texts) == 1
    assert not any("13812345678" in text for text in texts)
    assert "拖欠工资能要利息吗" not in texts
    assert len(texts) <= selectors.briefs.QUESTIONS


def test_private_words_and_other_unions_words_are_not_quoted(newsroom, manager):
    make_voice("私信：拖欠工资找谁", union=newsroom.union, is_public=False)
    make_voice("别处：拖欠工资找谁", union=make_union())
    hotline = {"source": Voice.Source.HOTLINE, "is_public": False}
    make_voice("热线：拖欠工资找谁", union=newsroom.union, **hotline)
    topic = grouped()
    unions = type(newsroom.union).objects.filter(pk=newsroom.union.pk)
    plan = selectors.plan_for(topic=topic, unions=unions)
    assert plan.questions == []
    assert plan.people == 2


def test_the_section_is_where_such_stories_stand(newsroom, topic):
    elsewhere = make_section(newsroom.home, newsroom.union)
    for number in range(2):
        make_story(elsewhere, model=LegalPage, title=f"欠薪怎么办之{number}", law_name="劳动法")
    make_story(newsroom.section, title="欠薪怎么办")
    plan = selectors.plan_for(topic=topic, unions=None)
    assert plan.section == elsewhere.pk
    assert len(plan.earlier) == 3
    assert plan.laws[-1]["law"] == "劳动法"


# --- The draft -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "model"), [("legal", LegalPage), ("policy", PolicyPage), ("activity", ActivityPage)]
)
def test_the_draft_is_saved_and_not_public(case, newsroom, manager, kind, model):
    brief = make_brief(case, newsroom, manager, kind=kind)
    page = Page.objects.get(pk=brief.page_id).specific
    assert type(page) is model
    page.full_clean()
    assert not page.live
    assert not page.locked
    assert page.owner == newsroom.editor
    assert page.latest_revision.user == newsroom.editor
    assert page.current_workflow_state is None
    case.refresh_from_db()
    assert case.state == Case.State.BRIEFED


def test_no_words_of_workers_stand_in_the_draft(case, newsroom, manager):
    brief = make_brief(case, newsroom, manager)
    page = brief.page.specific
    whole = page.summary + json.dumps(page.body.get_prep_value(), ensure_ascii=False)
    assert brief.questions
    assert not any(one["text"] in whole for one in brief.questions)
    assert not any(char.isdigit() for char in page.summary)


def test_the_editor_is_told_and_finds_the_brief_beside_the_text(client, case, newsroom, manager):
    brief = make_brief(case, newsroom, manager)
    notice = Notice.objects.get(user=newsroom.editor)
    assert notice.url == f"/admin/pages/{brief.page_id}/edit/"
    client.force_login(newsroom.editor)
    text = client.get(notice.url).content.decode()
    assert "选题单" in text
    assert "拖欠工资可以马上辞职吗" in text
    assert f"{case.due_on.month}月{case.due_on.day}日" in text
    assert "/admin/concerns/" not in text.partition("选题单")[2].partition("发布后")[0]


def test_pages_without_a_brief_show_no_panel(client, newsroom):
    story = make_story(newsroom.section, live=False, editor=newsroom.editor)
    client.force_login(newsroom.editor)
    text = client.get(f"/admin/pages/{story.pk}/edit/").content.decode()
    assert "大家这样问" not in text
    assert "data-panel-heading-text>选题单" not in text
    add = f"/admin/pages/add/news/legalpage/{newsroom.section.pk}/"
    assert client.get(add).status_code == 200


def test_a_copy_of_the_page_does_not_carry_the_brief(case, newsroom, manager):
    brief = make_brief(case, newsroom, manager)
    copy = brief.page.specific.copy(update_attrs={"slug": "copy"}, keep_live=False)
    assert selectors.brief_of(copy.pk) is None
    assert Brief.objects.get().page_id == brief.page_id


def test_a_withdrawn_question_leaves_the_brief(case, newsroom, manager):
    brief = make_brief(case, newsroom, manager)
    gone = brief.questions[0]
    voice_withdraw(origin=Voice.objects.get(pk=gone["voice"]).origin)
    shown = selectors.sheet(brief, manager).questions
    assert len(shown) == len(brief.questions) - 1
    assert gone["text"] not in [one["text"] for one in shown]


def test_the_panel_takes_the_same_queries_however_many_questions(
    case, newsroom, manager, django_assert_num_queries
):
    make_story(newsroom.section, title="欠薪怎么办")
    brief = make_brief(case, newsroom, manager)
    manager.has_perm("topics.view_topic")
    with django_assert_num_queries(2):
        selectors.sheet(brief, manager)


def test_asked_twice_it_is_one_draft(case, newsroom, manager):
    first = make_brief(case, newsroom, manager)
    assert make_brief(case, newsroom, manager, title="另一个标题") == first
    assert LegalPage.objects.count() == 1
    first.page.specific.delete()
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert make_brief(case, newsroom, manager) != first


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"kind": "poll"}, "稿件类型"), ({"title": " \x00 "}, "暂定标题")],
)
def test_what_cannot_be_is_refused_in_words(case, newsroom, manager, fields, said):
    with pytest.raises(ValidationError, match=said):
        make_brief(case, newsroom, manager, **fields)
    assert not LegalPage.objects.exists()


def test_an_editor_gets_work_only_for_sections_he_writes_for(case, newsroom, manager):
    stranger = grant(make_user("别处的编辑"), Role.EDITOR, make_union())
    with pytest.raises(ValidationError, match="不能在"):
        make_brief(case, newsroom, manager, editor=stranger)


# --- The page that hands it out ------------------------------------------------------------------


def test_one_form_makes_case_and_brief(client, manager, topic, newsroom):
    address = "/admin/concerns/wages/brief/"
    text = client.get(address).content.decode()
    assert "大家在问的" in text
    assert "工资支付暂行规定" in text
    response = client.post(address, data(newsroom))
    case = Case.objects.get()
    assert response.url == f"/admin/concerns/cases/{case.pk}/"
    assert case.owner == manager
    assert Brief.objects.get().page.title == "欠薪了怎么办"
    assert client.get(address).url == response.url


def test_a_refused_form_keeps_what_was_typed_and_makes_nothing(client, manager, topic, newsroom):
    editor = grant(make_user("别处的编辑"), Role.EDITOR, make_union(parent=newsroom.union))
    newsroom.union.refresh_from_db()
    address = "/admin/concerns/wages/brief/"
    response = client.post(address, data(newsroom, title="这个标题别丢", editor=editor.pk))
    assert response.status_code == 422
    assert "这个标题别丢" in response.content.decode()
    assert not Case.objects.exists()
    assert not Brief.objects.exists()


def test_a_section_out_of_reach_is_no_choice(client, manager, topic, newsroom):
    section = make_section(newsroom.home, make_union())
    response = client.post("/admin/concerns/wages/brief/", data(newsroom, section=section.pk))
    assert response.status_code == 422
    assert not Brief.objects.exists()


def test_a_hidden_topic_gets_no_brief(client, manager, topic):
    Topic.objects.filter(pk=topic.pk).update(state=Topic.State.HIDDEN)
    assert client.get("/admin/concerns/wages/brief/").status_code == 404


def test_an_activity_is_some_days_away(case, newsroom, manager):
    page = make_brief(case, newsroom, manager, kind="activity").page.specific
    assert page.starts_at > timezone.now()
    assert page.ends_at > page.starts_at
    assert page.place == "待定"


# --- On the admin's front page -------------------------------------------------------------------


def home(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_brief_stands_on_its_editors_front_page_until_it_is_sent_in(client, case, newsroom):
    brief = make_brief(case, newsroom, case.owner)
    address = reverse("wagtailadmin_pages:edit", args=[brief.page_id])
    waiting = home(client, newsroom.editor)
    assert "等您写的选题" in waiting
    assert address in waiting
    assert "等您写的选题" not in home(client, reviewers_of(newsroom.union)[0])
    with committed():
        story_submit(page=brief.page.specific, user=newsroom.editor)
    assert "等您写的选题" not in home(client, newsroom.editor)


def test_a_case_stands_on_its_owners_front_page_until_it_is_answered(client, case, newsroom):
    owned = home(client, case.owner)
    assert "您负责答复的事项" in owned
    assert reverse("topics_case", args=[case.pk]) in owned
    assert "您负责答复的事项" not in home(client, newsroom.editor)
    publish_brief(make_brief(case, newsroom, case.owner))
    assert "您负责答复的事项" not in home(client, case.owner)
