"""What an account may do, and what is left of its quotas (contract §1.1, §3)."""

from dataclasses import replace

import pytest

from cms.matrix.channels.base import Capability
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel

from .conftest import make_account

COMMENTS = {"comments", "reply", "elect", "delete_reply"}


def test_a_certified_account_may_do_everything(channel):
    assert channel.probe() == dict.fromkeys(("account", *Capability), True)


@pytest.mark.parametrize(
    ("path", "code", "lost"),
    [
        ("/cgi-bin/freepublish/batchget", 48001, {"publish", "withdraw"}),
        ("/cgi-bin/message/mass/speed/get", 48001, {"mass", "preview"}),
        ("/cgi-bin/comment/list", 88000, COMMENTS),
        ("/cgi-bin/comment/list", 48001, COMMENTS),
        ("/cgi-bin/menu/get", 48001, {"menu"}),
        ("/datacube/getusersummary", 48001, {"statistics", "messages"}),
    ],
)
def test_each_refusal_switches_off_what_it_stands_for(channel, platform, path, code, lost):
    platform.fail(path, errcode=code, errmsg="api unauthorized rid: 1-2-3")
    found = channel.probe()
    assert {name for name, value in found.items() if value is not True} == lost
    assert all(found[name].endswith("。") for name in lost)


@pytest.mark.parametrize("code", [-1, 45009, 45011])
def test_a_busy_platform_takes_nothing_away(channel, platform, code):
    platform.fail("/cgi-bin/freepublish/batchget", errcode=code, errmsg="busy")
    found = channel.probe()
    assert "publish" not in found
    assert found["account"] is found["comments"] is True


def test_figures_that_are_not_ready_prove_the_right_to_them(channel, platform):
    platform.fail("/datacube/getusersummary", errcode=61503, errmsg="data not ready")
    assert channel.probe()["statistics"] is True


def test_a_wrong_secret_is_said_for_everything(platform):
    wrong = replace(make_account(), secret="wrong")
    with WeChatChannel(wrong, MemoryTokenStore(), platform.transport) as channel:
        found = channel.probe()
    assert set(found) == {"account", *Capability}
    assert len(set(found.values())) == 1
    assert "AppSecret" in found["account"]


def test_a_server_that_is_not_admitted_is_told_which_address_to_add(channel, platform):
    message = "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 65-1-2"
    platform.fail("/cgi-bin/stable_token", errcode=40164, errmsg=message)
    assert "203.0.113.9" in channel.probe()["account"]


def test_an_account_that_cannot_be_asked_now_says_so(channel, platform):
    platform.fail("/cgi-bin/draft/count", errcode=-1, errmsg="system error")
    assert "自动再试" in channel.probe()["account"]


def test_quotas_are_the_platforms_own_word_and_leave_out_what_it_does_not_tell(channel):
    quotas = channel.quotas()
    assert quotas["/cgi-bin/freepublish/submit"] == (7, 100)
    assert "/cgi-bin/message/mass/sendall" not in quotas
