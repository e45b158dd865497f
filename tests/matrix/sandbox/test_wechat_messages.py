import xml.etree.ElementTree as ElementTree

import pytest

from tests.sandbox_server import png

from .test_wechat_mass import chat, follow
from .test_wechat_publish import listen

CUSTOM = "/cgi-bin/message/custom/send"
MENU = {
    "button": [
        {"name": "找工会", "type": "click", "key": "FIND"},
        {
            "name": "服务",
            "sub_button": [
                {"name": "高温津贴", "type": "view", "url": "http://127.0.0.1:8000/heat"},
                {"name": "法律援助", "type": "click", "key": "LAW"},
            ],
        },
    ]
}


def write(sandbox, account, nickname, content="在吗"):
    address = f"/__sandbox/accounts/wechat/{account.app_id}/message"
    answer = sandbox.post(address, json={"nickname": nickname, "content": content})
    return answer.json()["openid"]


def answer(account, openid, content="在的"):
    message = {"touser": openid, "msgtype": "text", "text": {"content": content}}
    return account.post(CUSTOM, message)["errcode"]


def test_reader_who_wrote_may_be_answered_five_times_in_two_days(sandbox, service):
    openid = write(sandbox, service, "wang")
    assert [answer(service, openid, f"第{n}句") for n in range(6)] == [0] * 5 + [45047]
    assert "第4句" in chat(sandbox, service, "wang")
    write(sandbox, service, "wang")
    assert answer(service, openid) == 0
    sandbox.advance(hours=49)
    service.token = service.new_token()["access_token"]
    assert answer(service, openid) == 45015


def test_new_follower_may_be_told_three_things_within_a_minute(sandbox, service):
    (openid,) = follow(sandbox, service, "li")
    assert [answer(service, openid) for _ in range(4)] == [0, 0, 0, 45047]
    sandbox.advance(seconds=61)
    assert answer(service, openid) == 45015
    assert answer(service, "stranger") == 40003


def test_answers_take_the_forms_of_the_contract(sandbox, service):
    openid = write(sandbox, service, "zhao")
    media_id = service.upload("/cgi-bin/media/upload", png(), type="image")["media_id"]
    published = service.publish(title="可以引用")
    job = {"publish_id": published["publish_id"]}
    article_id = service.post("/cgi-bin/freepublish/get", job)["article_id"]
    two = [{"title": "一", "url": "http://a.example"}, {"title": "二", "url": "http://a.example"}]

    def code(msgtype, part):
        message = {"touser": openid, "msgtype": msgtype, msgtype: part}
        return service.post(CUSTOM, message)["errcode"]

    assert code("image", {"media_id": media_id}) == 0
    assert code("mpnewsarticle", {"article_id": article_id}) == 0
    assert code("news", {"articles": two[:1]}) == 0
    assert code("news", {"articles": two}) == 45008
    assert code("image", {"media_id": "foreign"}) == 40007
    assert code("mpnewsarticle", {"article_id": "foreign"}) == 53600
    assert code("poem", {}) == 40008
    assert "可以引用" in chat(sandbox, service, "zhao")


def test_temporary_picture_ends_after_three_days_and_has_a_size(sandbox, service):
    openid = write(sandbox, service, "sun")
    answer = service.upload("/cgi-bin/media/upload", png(), type="image")
    assert set(answer) == {"type", "media_id", "created_at"}
    big = png(2 * 1024 * 1024 + 1)
    assert service.upload("/cgi-bin/media/upload", big, type="image")["errcode"] == 40009
    sandbox.account("wechat", service.app_id, temporary_image_mb=10)
    assert "media_id" in service.upload("/cgi-bin/media/upload", big, type="image")
    sandbox.advance(days=3, hours=1)
    service.token = service.new_token()["access_token"]
    image = {"touser": openid, "msgtype": "image", "image": {"media_id": answer["media_id"]}}
    assert service.post(CUSTOM, image)["errcode"] == 40007


def test_menu_is_kept_shown_and_removed(sandbox, service):
    assert service.get("/cgi-bin/menu/get")["errcode"] == 46003
    assert service.post("/cgi-bin/menu/create", MENU)["errcode"] == 0
    buttons = service.get("/cgi-bin/menu/get")["menu"]["button"]
    assert [b["name"] for b in buttons] == ["找工会", "服务"]
    assert buttons[0]["sub_button"] == []
    page = sandbox.get(f"/wechat/{service.app_id}/").text
    assert "找工会" in page
    assert "法律援助" in page
    assert service.get("/cgi-bin/menu/delete")["errcode"] == 0
    assert "找工会" not in sandbox.get(f"/wechat/{service.app_id}/").text


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ({"name": "四" * 6, "type": "click", "key": "A"}, 40018),
        ({"name": "空键", "type": "click", "key": ""}, 40019),
        ({"name": "空址", "type": "view", "url": "ftp://a"}, 40020),
        ({"name": "怪", "type": "magic"}, 40017),
        ({"name": "多", "sub_button": [MENU["button"][0]] * 6}, 40023),
        ({"name": "深", "sub_button": [MENU["button"][1]]}, 40022),
        ({"name": "下", "sub_button": [{"name": "长" * 21, "type": "click", "key": "A"}]}, 40025),
        ({"name": "下", "sub_button": [{"name": "怪", "type": "magic"}]}, 40024),
        ({"name": "下", "sub_button": [{"name": "键", "type": "click"}]}, 40026),
        ({"name": "下", "sub_button": [{"name": "址", "type": "view", "url": "x"}]}, 40027),
    ],
)
def test_menu_over_a_limit_is_refused(service, button, code):
    assert service.post("/cgi-bin/menu/create", {"button": [button]})["errcode"] == code


def test_four_buttons_are_too_many(service):
    four = {"button": [MENU["button"][0]] * 4}
    assert service.post("/cgi-bin/menu/create", four)["errcode"] == 40016
    assert service.post("/cgi-bin/menu/create", {"button": []})["errcode"] == 40016


def test_tapped_button_is_told_and_opens_a_window(sandbox, service, receiver):
    service.post("/cgi-bin/menu/create", MENU)
    listen(sandbox, receiver)

    def tap(place):
        form = {"nickname": "qian", "place": place}
        return sandbox.post(f"/wechat/{service.app_id}/menu", data=form)

    tap("0")
    event = ElementTree.fromstring(receiver.events("CLICK")[0]["body"])
    assert event.findtext("EventKey") == "FIND"
    assert answer(service, event.findtext("FromUserName")) == 0
    assert tap("1-0").headers["location"] == "http://127.0.0.1:8000/heat"
    event = ElementTree.fromstring(receiver.events("VIEW")[0]["body"])
    assert event.findtext("EventKey") == "http://127.0.0.1:8000/heat"
    assert tap("9").status_code == 404


def test_ticket_is_the_same_until_it_ends(sandbox, service):
    address = f"/wechat/cgi-bin/ticket/getticket?type=jsapi&access_token={service.token}"
    first = sandbox.get(address).json()
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    again = sandbox.get(address).json()
    assert again["ticket"] == first["ticket"]
    sandbox.advance(hours=2)
    service.token = service.new_token()["access_token"]
    address = f"/wechat/cgi-bin/ticket/getticket?type=jsapi&access_token={service.token}"
    assert sandbox.get(address).json()["ticket"] != first["ticket"]
    wrong = sandbox.get(address.replace("jsapi", "poem")).json()
    assert wrong["errcode"] == 40097


def test_users_are_told_without_name_or_face(sandbox, service):
    openid, other = follow(sandbox, service, "a", "b", tags=[2])
    address = f"/wechat/cgi-bin/user/info?access_token={service.token}"
    user = sandbox.get(address, params={"access_token": service.token, "openid": openid}).json()
    assert (user["subscribe"], user["nickname"], user["headimgurl"]) == (1, "", "")
    assert user["tagid_list"] == [2]
    follow(sandbox, service, "b", following=False)
    wanted = {"user_list": [{"openid": openid}, {"openid": other}]}
    both = service.post("/cgi-bin/user/info/batchget", wanted)["user_info_list"]
    assert both[1] == {"subscribe": 0, "openid": other}
    listed = service.get("/cgi-bin/user/get")
    assert (listed["total"], listed["data"]["openid"]) == (1, [openid])
    missing = {"access_token": service.token, "openid": "nobody"}
    answer = sandbox.get("/wechat/cgi-bin/user/info", params=missing).json()
    assert answer["errcode"] == 40003


def test_errors_can_be_looked_up_by_their_rid(service, plain):
    refused = service.post("/cgi-bin/draft/get", {"media_id": "nothing"})
    rid = refused["errmsg"].rpartition("rid: ")[2]
    found = service.post("/cgi-bin/openapi/rid/get", {"rid": rid})
    assert found["request"]["request_url"] == "/cgi-bin/draft/get"
    assert "40007" in found["request"]["response_body"]
    assert "nothing" in found["request"]["request_body"]
    assert service.post("/cgi-bin/openapi/rid/get", {"rid": "x"})["errcode"] == 76001
    assert plain.post("/cgi-bin/openapi/rid/get", {"rid": rid})["errcode"] == 76002


def test_material_comes_back_as_the_picture_itself(sandbox, service, plain):
    media_id = service.cover()
    address = f"/wechat/cgi-bin/material/get_material?access_token={service.token}"
    picture = sandbox.post(address, json={"media_id": media_id})
    assert picture.content == png()
    assert picture.headers["content-type"] == "image/png"
    foreign = plain.post("/cgi-bin/material/get_material", {"media_id": media_id})
    assert foreign["errcode"] == 40007


def test_draft_box_switch_is_always_open(sandbox, service):
    address = f"/wechat/cgi-bin/draft/switch?checkonly=1&access_token={service.token}"
    assert sandbox.post(address).json() == {"errcode": 0, "errmsg": "ok", "is_open": 1}
