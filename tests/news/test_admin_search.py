"""Wagtail's own search boxes, asked as editors ask: a Chinese word from anywhere in a title.

Every box is opened through its real view: the explorer, the choosers and the tables of rows.
"""

import json
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from cms.members.models import Role
from cms.news.models import CustomDocument, CustomImage, FeedItem, FeedSource, LegalPage
from tests.factories import committed, grant, make_poll, make_story, make_user, pass_review

pytestmark = pytest.mark.django_db

TITLE = "工会法律援助为农民工追回欠薪二十八万元"
OTHER = "高温津贴发放标准公布"


@pytest.fixture
def stories(newsroom):
    law = {"law_name": "保障农民工工资支付条例", "source_name": "江州晚报"}
    story = make_story(newsroom.section, title=TITLE, live=False, model=LegalPage, **law)
    with committed():
        story.tags.add("讨薪维权")
        story.save()
    make_story(newsroom.section, title=OTHER)


@pytest.fixture
def ask(client, newsroom):
    """`ask(address, q)`: what the box at `address` answers an editor, as HTML."""
    client.force_login(newsroom.editor)

    def asked(address, q, **params):
        response = client.get(address, {"q": q, **params})
        assert response.status_code == 200
        if response["Content-Type"].startswith("application/json"):
            return json.loads(response.content)["html"]
        return response.content.decode()

    return asked


def pages_box(newsroom):
    return reverse("wagtailadmin_pages:search")


def explorer_box(newsroom):
    return reverse("wagtailadmin_explore", args=[newsroom.section.pk])


def chooser_box(newsroom):
    return reverse("wagtailadmin_choose_page_search")


PAGE_BOXES = [pages_box, explorer_box, chooser_box]


@pytest.mark.usefixtures("stories")
@pytest.mark.parametrize("box", PAGE_BOXES)
@pytest.mark.parametrize(
    "q", ["欠薪", "农民工", "援助为农", "二十八万", "工會法律援助", "追回欠薪"]
)
def test_a_draft_is_found_by_a_word_from_the_middle_of_its_title(ask, newsroom, box, q):
    shown = ask(box(newsroom), q)
    assert TITLE in shown
    assert OTHER not in shown


@pytest.mark.usefixtures("stories")
@pytest.mark.parametrize("q", ["支付条例", "江州晚报", "讨薪维权"])
def test_a_page_is_found_by_its_law_its_source_and_its_tags(ask, newsroom, q):
    assert TITLE in ask(pages_box(newsroom), q)
    call_command("update_index", verbosity=0)
    shown = ask(pages_box(newsroom), q)
    assert TITLE in shown
    assert OTHER not in shown


def test_a_tag_added_at_publishing_is_found(ask, newsroom):
    story = make_story(newsroom.section, title=TITLE, live=False)
    story.tags.add("户外驿站")
    story.save_revision(user=newsroom.editor)
    pass_review(story, newsroom.editor)
    assert TITLE in ask(pages_box(newsroom), "驿站")


def test_a_poll_and_a_section_are_found(ask, newsroom):
    make_poll(newsroom.section, title="您最希望食堂先改什么")
    newsroom.section.title = "维权服务"
    with committed():
        newsroom.section.save()
    assert "您最希望食堂先改什么" in ask(pages_box(newsroom), "食堂")
    assert "维权服务" in ask(chooser_box(newsroom), "权服")


@pytest.fixture
def picture(db):
    file = BytesIO()
    Image.new("RGB", (20, 20)).save(file, "PNG")
    picture = CustomImage(
        title="建筑工地上的户外劳动者驿站",
        description="三名工人坐在遮阳棚下喝水",
        credit="江州晚报记者周正",
        file=ImageFile(file, name="station.png"),
        width=20,
        height=20,
    )
    with committed():
        picture.save()
        picture.tags.add("送清凉")
        picture.save()
    return picture


@pytest.mark.usefixtures("picture")
@pytest.mark.parametrize("box", ["wagtailimages:index", "wagtailimages_chooser:choose_results"])
@pytest.mark.parametrize("q", ["劳动者", "外劳", "遮阳棚", "送清凉", "周正"])
def test_a_picture_is_found_by_title_description_tag_and_author(ask, box, q):
    assert "户外劳动者驿站" in ask(reverse(box), q)
    assert "户外劳动者驿站" not in ask(reverse(box), "食堂")


@pytest.mark.parametrize("box", ["wagtaildocs:index", "wagtaildocs_chooser:choose_results"])
@pytest.mark.parametrize("q", ["申请表", "困难职", "帮扶"])
def test_a_document_is_found_by_title_and_tag(ask, client, newsroom, box, q):
    document = CustomDocument(
        title="困难职工补助申请表",
        file=ContentFile("表", name="form.txt"),
        uploaded_by_user=newsroom.editor,
    )
    with committed():
        document.save()
        document.tags.add("帮扶中心")
        document.save()
    client.force_login(
        make_user(superuser=True)
    )  # Editors choose documents, they do not list them.
    assert "困难职工补助申请表" in ask(reverse(box), q)
    assert "困难职工补助申请表" not in ask(reverse(box), "食堂")


def test_what_came_in_is_found(ask, newsroom):
    source = FeedSource.objects.create(
        name="晚报", url="http://127.0.0.1/", section=newsroom.section, source_name="晚报"
    )
    FeedItem.objects.create(source=source, key="1", title=TITLE)
    FeedItem.objects.create(source=source, key="2", title=OTHER)
    shown = ask("/admin/news/feeditem/", "欠薪")
    assert TITLE in shown
    assert OTHER not in shown


@pytest.mark.parametrize("q", ["小满", "建国", "13987", "下级"])
def test_memberships_are_found_by_person_and_union(client, newsroom, q):
    client.force_login(grant(make_user(), Role.ADMIN, newsroom.union))
    below = newsroom.union.add_child(name="下级工会", slug="below-search", level="county")
    person = make_user("暖心的小满", phone="13987654321", last_name="王", first_name="建国")
    grant(person, Role.EDITOR, below)
    shown = client.get(reverse("membership:index"), {"q": q})
    assert [row.user for row in shown.context["object_list"]] == [person]


@pytest.mark.parametrize("q", ["小满", "建国", "13987"])
def test_people_are_found_by_nickname_name_and_phone(client, newsroom, q):
    client.force_login(grant(make_user(), Role.ADMIN, newsroom.union))
    person = make_user("暖心的小满", phone="13987654321", last_name="王", first_name="建国")
    shown = client.get(reverse("wagtailusers_users:index"), {"q": q})
    assert list(shown.context["object_list"]) == [person]
