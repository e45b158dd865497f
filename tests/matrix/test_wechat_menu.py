"""The menu editor: nothing typed is lost, what is incomplete says so, what is whole goes out."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from cms.matrix.menu_forms import MenuForm, moved
from cms.matrix.services import menus
from cms.members.models import Role
from tests.factories import grant, make_story, make_union, make_user
from tests.factories.matrix import make_account

pytestmark = pytest.mark.django_db
VIEW = {"name": "加班费", "type": "view", "url": "https://example.org/a"}
CLICK = {"name": "入会", "type": "click", "key": "入会"}
MENU = [{"name": "权益", "sub_button": [VIEW, CLICK]}, {**CLICK, "name": "找工会"}]


@pytest.fixture
def keeper(newsroom, client):
    client.force_login(grant(make_user(), Role.ADMIN, newsroom.union))
    return client


def typed(buttons=MENU, **changes) -> dict:
    """What a browser sends for `buttons`."""
    sent = {}
    for row in MenuForm("wechat", buttons).rows:
        for form in (row.form, *row.subs):
            for field in form:
                sent[field.html_name] = field.value() or ""
    return sent | {name.replace("__", "-"): value for name, value in changes.items()}


def address(account):
    return reverse("matrix_menu", args=[account.pk])


def at_platform(account):
    """What stands on the platform."""
    kept = account.menu
    found = menus.menu_fetch(account=account)
    menus.menu_save(account=account, buttons=kept)
    return found


def test_a_menu_goes_to_the_platform_and_comes_back(keeper, sandbox, wechat):
    page = keeper.post(address(wechat), typed() | {"do": "publish"}, follow=True)
    assert "菜单已发布" in page.text
    wechat.refresh_from_db()
    assert wechat.menu == MENU
    wechat.menu = []
    wechat.save()
    page = keeper.post(address(wechat), {"do": "fetch"}, follow=True)
    assert "已取回" in page.text
    wechat.refresh_from_db()
    assert [button["name"] for button in wechat.menu] == ["权益", "找工会"]
    assert [sub["name"] for sub in wechat.menu[0]["sub_button"]] == ["加班费", "入会"]


def test_a_removed_menu_leaves_the_draft(keeper, sandbox, wechat):
    keeper.post(address(wechat), typed() | {"do": "publish"})
    keeper.post(address(wechat), typed() | {"do": "remove"})
    wechat.refresh_from_db()
    assert wechat.menu == MENU
    assert at_platform(wechat) == []


def test_a_draft_is_kept_when_the_platform_refuses(keeper, sandbox, wechat):
    sandbox.fault(path="/cgi-bin/menu/create", effect="error", code=45009)
    page = keeper.post(address(wechat), typed() | {"do": "publish"}, follow=True)
    assert "45009" in page.text
    wechat.refresh_from_db()
    assert wechat.menu == MENU


def test_a_draft_is_kept_without_asking_the_platform(keeper, sandbox, wechat):
    keeper.post(address(wechat), typed() | {"do": "save"})
    wechat.refresh_from_db()
    assert wechat.menu == MENU
    assert at_platform(wechat) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"b1-name": "一二三四五六"}, "超出 2 个字节"),
        ({"b0-s0-name": "很" * 21}, "超出 3 个字节"),
        ({"b0-s0-name": ""}, "请写按钮的名称"),
        ({"b0-name": ""}, "有子菜单的按钮也要有名称"),
        ({"b0-s0-url": "javascript:alert(1)"}, "网址不完整"),
        ({"b0-s0-url": ""}, "请写点击后打开的网址"),
        ({"b0-s0-url": "https://example.org/" + "a" * 1024}, "太长了"),
        ({"b1-key": ""}, "请写点击后发送的关键词"),
        ({"b0-s1-kind": "page"}, "请选一个已发布"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(keeper, newsroom, changes, said):
    account = make_account(newsroom.union, "http://127.0.0.1:9")
    page = keeper.post(address(account), typed() | changes | {"do": "publish"})
    assert page.status_code == 200
    assert said in page.text
    assert 'value="找工会"' in page.text or "b1-name" in changes
    account.refresh_from_db()
    assert account.menu == []


def test_an_empty_menu_is_not_published(keeper, newsroom):
    account = make_account(newsroom.union, "http://127.0.0.1:9")
    assert "菜单是空的" in keeper.post(address(account), {"do": "publish"}).text


def test_a_page_of_the_site_is_opened_where_it_stands_now(newsroom, sandbox, wechat):
    story = make_story(newsroom.section, title="加班费")
    form = MenuForm("wechat", data=typed([], b0__name="政策", b0__kind="page", b0__page=story.pk))
    assert form.is_valid()
    [button] = form.buttons()
    assert button["page"] == story.pk
    assert button["url"] == f"{story.full_url}?from=wechat"
    assert MenuForm("wechat", [button]).rows[0].form["page"].value() == story.pk
    menus.menu_publish(account=wechat, buttons=[{**button, "url": "http://localhost/old/"}])
    [sent] = at_platform(wechat)
    assert sent["url"] == button["url"]
    assert "page" not in sent


def test_buttons_we_do_not_know_are_kept_as_they_are():
    mini = {"name": "办事", "type": "miniprogram", "appid": "wx1", "pagepath": "p", "url": "u"}
    form = MenuForm("wechat", data=_as_data(typed([mini])))
    assert form.is_valid()
    assert form.buttons() == [mini]


def test_a_button_changes_places_with_all_that_is_below_it():
    form = MenuForm("wechat", data=moved(_as_data(typed()), "b0:down"))
    assert form.is_valid()
    assert form.buttons() == [MENU[1], MENU[0]]


def test_a_sub_button_moves_among_its_own():
    form = MenuForm("wechat", data=moved(_as_data(typed()), "b0-s1:up"))
    assert form.is_valid()
    assert form.buttons()[0]["sub_button"] == [CLICK, VIEW]


@pytest.mark.parametrize("asked", ["", "x", "b9:up", "b:down", "b0-s:up", "csrf:up"])
def test_a_move_that_makes_no_sense_moves_nothing(asked):
    form = MenuForm("wechat", data=moved(_as_data(typed()), asked))
    assert form.is_valid()
    assert form.buttons() == MENU


def test_moving_keeps_what_was_typed(keeper, newsroom):
    account = make_account(newsroom.union, "http://127.0.0.1:9")
    page = keeper.post(address(account), typed() | {"b2-name": "没写完", "move": "b2:up"})
    assert page.context["form"].rows[1].form["name"].value() == "没写完"
    assert page.context["form"].rows[2].form["name"].value() == "找工会"


def test_keepers_of_other_unions_and_editors_stay_out(newsroom, client):
    account = make_account(newsroom.union, "http://127.0.0.1:9")
    client.force_login(grant(make_user(), Role.ADMIN, make_union()))
    assert client.get(address(account)).status_code == 404
    client.force_login(newsroom.editor)
    assert client.get(address(account)).status_code in (302, 403)


def _as_data(sent: dict):
    data = QueryDict(mutable=True)
    data.update(sent)
    return data
