"""Adapting a story to its accounts: limits from the registry, faults by field, previews, 群发."""

import dataclasses
import json
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.matrix.adaptation import account_facts, accounts_in_line, length, mass_left
from cms.matrix.budget import BEIJING
from cms.matrix.channels import registry
from cms.matrix.channels.base import Overrides
from cms.matrix.lifecycle import State
from cms.matrix.models import ChannelAccount, ChannelVersion, Delivery
from cms.news.models import PolicyPage
from tests.factories import make_story, make_union
from tests.factories.matrix import make_account, versions

from .channels.stories import make_picture
from .channels.stories import make_story as channel_story
from .conftest import picture

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"
LONG = "字" * 40


@pytest.fixture
def wechat(newsroom):
    return make_account(newsroom.union, NOWHERE)


@pytest.fixture
def weibo(newsroom):
    return make_account(newsroom.union, NOWHERE, "weibo")


@pytest.fixture
def editor(newsroom, client):
    client.force_login(newsroom.editor)
    return client


# --- Overrides ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", list(registry.CHANNELS))
@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Overrides)])
def test_whatever_the_editor_writes_for_an_account_goes_out(slug, name):
    account = ChannelAccount(channel=slug, app_id="a", extra={"rip": "127.0.0.1"}).as_value()
    given = make_picture("cover-77") if name == "cover" else "只在这里说"
    with registry.connect(account, None) as channel:
        follows = channel.render(channel_story(), Overrides())
        adapted = channel.render(channel_story(), Overrides(**{name: given}))
    assert adapted.content_hash != follows.content_hash
    assert (given.key if name == "cover" else given) in adapted.to_json()


def test_what_is_left_empty_follows_the_story(editor, newsroom, wechat):
    story = make_story(newsroom.section, live=False, channel_versions=versions(wechat))
    page = preview(editor, story, "wechat")
    assert story.title in page.h1.get_text()
    assert story.summary in page.get_text()


# --- Limits ---------------------------------------------------------------------------------------


def test_the_editors_counters_come_from_the_registry(wechat, weibo):
    facts = account_facts([wechat, weibo], "https://u.example/a/")
    one, two = facts[str(wechat.pk)], facts[str(weibo.pk)]
    assert one["limits"] == {
        name: registry.get("wechat").limits[name] for name in ("title", "digest")
    }
    assert two["limits"] == {"text": registry.get("weibo").limits["text"]}
    assert (one["halves"], two["halves"]) == (False, True)
    assert two["link"] == "https://u.example/a/?from=weibo"
    assert (one["hasMass"], two["hasMass"]) == (True, False)


@pytest.mark.parametrize(
    ("text", "whole", "halves"), [("", 0, 0), ("abc", 3, 2), ("字a", 2, 2), ("字😀", 2, 3)]
)
def test_a_text_is_as_long_as_its_platform_counts(text, whole, halves):
    assert length(registry.get("wechat"), text) == whole
    assert length(registry.get("weibo"), text) == halves


def test_the_editor_gets_them_with_the_form(editor, newsroom, wechat, weibo):
    story = make_story(newsroom.section, live=False, channel_versions=versions(wechat))
    page = soup(editor, f"/admin/pages/{story.pk}/edit/")
    facts = json.loads(page.find(id="channel-accounts").string)
    assert set(facts) == {str(wechat.pk), str(weibo.pk)}
    assert page.select_one("[data-controller=channel-versions]")


# --- Accounts -------------------------------------------------------------------------------------


def test_only_accounts_of_the_own_line_are_offered_and_paused_ones_marked(editor, newsroom):
    city = newsroom.union
    below = make_union("街道工会", parent=city)
    for number, (union, name) in enumerate([(city, "市"), (below, "街"), (make_union(), "邻")]):
        make_account(union, NOWHERE, app_id=f"wx{number}", name=name)
    ChannelAccount.objects.filter(name="街").update(state=ChannelAccount.State.PAUSED)
    page = soup(editor, f"/admin/pages/add/news/policypage/{newsroom.section.pk}/")
    form = page.find(id="id_channel_versions-EMPTY_FORM_TEMPLATE")
    offered = [str(option.string) for option in form.select("select[name$=account] option")]
    assert offered == ["请选择账号", "微信公众号 · 市", "微信公众号 · 街（已暂停）"]


def test_the_line_of_a_union_is_what_is_above_and_below_it():
    top = make_union("省总")
    city, other = make_union("甲市", parent=top), make_union("乙市", parent=top)
    district = make_union("甲区", parent=city)
    accounts = [
        make_account(union, NOWHERE, app_id=union.name) for union in (top, city, other, district)
    ]
    found = {account.app_id for account in accounts_in_line(city)}
    assert found == {"省总", "甲市", "甲区"}
    assert len(accounts) == 4


def test_as_many_queries_for_thirty_accounts_as_for_two(editor, newsroom):
    story = make_story(newsroom.section, live=False)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            soup(editor, f"/admin/pages/{story.pk}/edit/")
        return len(queries)

    make_account(newsroom.union, NOWHERE, app_id="wx0")
    asked()
    few = asked()
    for number in range(1, 30):
        make_account(newsroom.union, NOWHERE, app_id=f"wx{number}")
    assert asked() == few


# --- Review ---------------------------------------------------------------------------------------


def typed(story, cover, *rows, **fields) -> dict:
    """What the story's form sends."""
    now = {"account": "", "title": "", "digest": "", "cover": "", "text": "", "tail": "",
           "way": "publish", "send_at": "", "ORDER": "1", "DELETE": ""}  # fmt: skip
    return nested_form_data(
        {
            "title": story.title,
            "slug": story.slug,
            "summary": story.summary,
            "cover": cover.pk if cover else "",
            "body": streamfield([("paragraph", rich_text("<p>正文</p>"))]),
            "responsible_editor": "王编辑",
            "tags": "",
            "channel_versions": inline_formset([{**now, **row} for row in rows]),
            "comments": inline_formset([]),
            **fields,
        }
    )


def submit(client, story, data, action="action-submit") -> BeautifulSoup:
    answer = client.post(f"/admin/pages/{story.pk}/edit/", {**data, action: "1"}, follow=True)
    return BeautifulSoup(answer.content.decode(), "html.parser")


def errors_at(page: BeautifulSoup, field: str) -> str:
    given = page.select_one(f'[name="channel_versions-0-{field}"]')
    wrapper = given.find_parent(class_="w-panel__wrapper")
    return " ".join(error.get_text(" ", strip=True) for error in wrapper.select(".error-message"))


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({"title": LONG}, "title", "标题超出 8 个字"),
        ({"way": "mass"}, "way", "不能群发"),
        ({"send_at": "2020-01-01 08:00"}, "send_at", "定时已经过了"),
    ],
)
def test_what_would_be_refused_is_told_at_its_field_before_review(
    editor, newsroom, wechat, row, field, words
):
    wechat.rights = {"mass": "没有群发权限"}
    wechat.save()
    story = make_story(newsroom.section, live=False)
    data = typed(story, picture(), {"account": wechat.pk, **row})
    page = submit(editor, story, data)
    assert words in errors_at(page, field)
    assert story.current_workflow_state is None


def test_a_missing_cover_is_told_at_the_version(editor, newsroom, wechat):
    story = make_story(newsroom.section, live=False)
    page = submit(editor, story, typed(story, None, {"account": wechat.pk}))
    assert "必须有封面" in page.get_text()
    assert story.current_workflow_state is None


def test_a_draft_may_be_incomplete(editor, newsroom, wechat):
    story = make_story(newsroom.section, live=False)
    data = typed(story, None, {"account": wechat.pk, "title": LONG})
    submit(editor, story, data, action="action-save")
    saved = PolicyPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert [version.title for version in saved.channel_versions.all()] == [LONG]


def test_a_sound_story_goes_into_review(editor, newsroom, wechat):
    story = make_story(newsroom.section, live=False)
    submit(editor, story, typed(story, picture(), {"account": wechat.pk, "title": "短标题"}))
    story = PolicyPage.objects.get(pk=story.pk)
    assert story.current_workflow_state is not None
    assert Delivery.objects.get(page_id=story.pk).state == State.DRAFT


def test_a_new_story_sent_in_at_once_is_looked_at_too(editor, newsroom, wechat):
    fresh = PolicyPage(title="新稿", slug="fresh", summary="摘要")
    data = typed(fresh, None, {"account": wechat.pk})
    address = f"/admin/pages/add/news/policypage/{newsroom.section.pk}/"
    answer = editor.post(address, {**data, "action-submit": "1"}, follow=True)
    assert "必须有封面" in answer.content.decode()
    assert not PolicyPage.objects.filter(slug="fresh").exists()


@pytest.mark.parametrize("whose", ["neighbour", "twice"])
def test_a_neighbours_account_and_one_chosen_twice_are_refused(editor, newsroom, wechat, whose):
    other = make_account(make_union(), NOWHERE, app_id="wx-other")
    rows = [{"account": other.pk}] if whose == "neighbour" else [{"account": wechat.pk}] * 2
    story = make_story(newsroom.section, live=False)
    page = submit(editor, story, typed(story, picture(), *rows), action="action-save")
    assert ("不属于本栏目的工会" if whose == "neighbour" else "已经选过了") in page.get_text()


# --- 群发 -----------------------------------------------------------------------------------------


NOON = datetime(2026, 6, 15, 12, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("extra", "ages", "left", "monthly"),
    [
        ({}, [], 1, False),
        ({}, [timedelta(hours=1)], 0, False),
        ({}, [timedelta(hours=13)], 1, False),
        ({"kind": "service"}, [timedelta(hours=1), timedelta(days=10)], 2, True),
        ({"kind": "service"}, [timedelta(days=20)], 4, True),
        ({"mass_per_month": 2}, [timedelta(days=n) for n in (1, 2, 3)], 0, True),
    ],
)
def test_how_often_is_left_by_the_accounts_kind(newsroom, wechat, extra, ages, left, monthly):
    wechat.extra = extra
    wechat.save()
    for age in ages:
        Delivery.objects.create(
            account=wechat, title="群发", way="mass", state=State.PUBLISHED, submitted_at=NOON - age
        )
    Delivery.objects.create(
        account=wechat,
        title="不推送",
        state=State.PUBLISHED,
        submitted_at=NOON - timedelta(hours=1),
    )
    with patch.object(timezone, "now", return_value=NOON):
        found = mass_left([wechat])[wechat.pk]
    assert (found.left, found.monthly) == (left, monthly)


# --- Previews -------------------------------------------------------------------------------------


def soup(client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content.decode(), "html.parser")


def preview(client, story, mode: str) -> BeautifulSoup:
    return soup(client, f"/admin/pages/{story.pk}/view_draft/?mode={mode}")


def test_losses_are_counted_and_marked_in_the_wechat_preview(editor, newsroom, wechat):
    story = make_story(
        newsroom.section,
        live=False,
        text='见<a href="https://a.example/">规定</a>。',
        summary="摘" * 120,
        cover=picture(),
        channel_versions=versions(wechat),
    )
    page = preview(editor, story, "wechat")
    assert "可点开的站外链接（网址列在文末） 1 处" in page.select_one(".preview-losses").get_text()
    assert page.select_one(".is-marked ins.less").get_text() == "规定[1]"
    assert not page.select(".is-kept .less")
    assert [label.get_text() for label in page.select(".preview-switch label")] == [
        "标出差别",
        "只看结果",
    ]
    assert [span.get_text() for span in page.select(".preview-covers span")] == [
        "封面 2.35:1",
        "封面 1:1",
    ]
    assert "摘要 120/120 字" in page.select_one(".preview-counters").get_text()


def test_faults_and_what_is_over_are_told_by_field(editor, newsroom, wechat):
    story = make_story(
        newsroom.section,
        live=False,
        channel_versions=[ChannelVersion(account=wechat, title=LONG)],
    )
    page = preview(editor, story, "wechat")
    faults = page.select_one(".preview-problems").get_text()
    assert "标题：标题超出 8 个字" in faults
    assert "封面：" in faults
    assert "标题 40/32 字，超出 8 字" in page.select_one(".preview-counters .is-over").get_text()


def test_alike_accounts_are_shown_once_and_others_apart(editor, newsroom, wechat):
    two, three = (make_account(newsroom.union, NOWHERE, app_id=n, name=n) for n in ("乙", "丙"))
    story = make_story(
        newsroom.section,
        live=False,
        channel_versions=[
            *versions(wechat, two),
            ChannelVersion(account=three, title="丙的标题"),
        ],
    )
    page = preview(editor, story, "wechat")
    names = [part.get_text() for part in page.select(".preview-accounts")]
    assert names == [f"{wechat.name}、乙", "丙"]
    assert len(page.select(".preview-ways a")) == 2


def test_the_part_of_the_summary_that_finds_no_room_is_struck_through(editor, newsroom, weibo):
    summary = "一" * 100 + "，" + "二" * 19
    story = make_story(
        newsroom.section, live=False, summary=summary, channel_versions=versions(weibo)
    )
    page = preview(editor, story, "weibo")
    cut = page.select_one(".text del.lost").get_text()
    assert summary.endswith(cut)
    assert "全文" in page.select_one(".preview-counters").get_text()


@pytest.mark.parametrize("slug", list(registry.CHANNELS))
def test_every_channel_has_a_preview_also_before_an_account_is_chosen(editor, newsroom, slug):
    story = make_story(newsroom.section, live=False, cover=picture())
    page = preview(editor, story, slug)
    assert story.title in page.main.get_text()
    assert not page.select("script")
