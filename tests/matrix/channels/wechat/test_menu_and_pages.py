"""The custom menu, and the signature of pages that use the JS-SDK (contract §12)."""

import json

import pytest

from cms.matrix.channels.base import ContentRejected
from cms.matrix.channels.wechat.jssdk import jssdk_signature

from .fake import APP_ID

BUTTONS = [
    {"type": "view", "name": "要闻", "url": "https://union.example.cn/news/"},
    {
        "name": "服务",
        "sub_button": [{"type": "click", "name": "找工会", "key": "加班费"}],
    },
]
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


def test_an_account_without_a_menu_has_no_buttons(channel):
    assert channel.menu() == []


def test_a_menu_is_put_in_place_read_back_and_removed(channel, platform):
    channel.set_menu(BUTTONS)
    assert channel.menu() == BUTTONS
    created = next(r for r in platform.requests if r.url.path == "/cgi-bin/menu/create")
    assert json.loads(created.content) == {"button": BUTTONS}
    assert "要闻".encode() in created.content
    channel.set_menu([])
    assert platform.menu is None
    assert platform.count("/cgi-bin/menu/delete") == 1


def test_a_menu_the_platform_refuses_goes_back_with_the_rules(channel, platform):
    platform.fail("/cgi-bin/menu/create", errcode=40018, errmsg="invalid button name size")
    with pytest.raises(ContentRejected) as caught:
        channel.set_menu(BUTTONS)
    assert caught.value.field == "menu"
    assert "最多 3 个" in caught.value.human


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        ("http://mp.weixin.qq.com", "f4d90daf4b3bca3078ab155816175ba34c443a7b"),
        ("http://mp.weixin.qq.com?params=value", "0f9de62fce790f9a083d5c99e95740ceb90c27ed"),
    ],
)
def test_page_signatures_by_the_official_vectors(url, signature):
    for page in (url, f"{url}#part"):
        assert jssdk_signature(TICKET, "Wm3WZYTPz0wzccnW", 1414587457, page) == signature


def test_the_ticket_is_fetched_once_and_shared(channel, platform):
    assert channel.client.jsapi_ticket() == "TICKET-1"
    assert channel.client.jsapi_ticket() == "TICKET-1"
    assert platform.tickets == 1
    kept, _until = channel.tokens.get(f"wechat:ticket:{APP_ID}")
    assert kept == "TICKET-1"
