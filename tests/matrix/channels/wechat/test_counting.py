"""Figures of articles and accounts (contract §11)."""

from datetime import date

import httpx
import pytest

from cms.matrix.channels.base import Transient
from cms.matrix.channels.http import fraction


def test_figures_take_the_newest_stand_up_to_the_day(channel, platform, target):
    target = {**target, "published_on": "2026-06-01"}
    stand = {"read_user": 10, "like_user": 1, "share_user": 2, "comment_count": 3, "zaikan_user": 4}
    details = [
        {"stat_date": "2026-06-01", **stand},
        {"stat_date": "2026-06-02", **stand, "read_user": 25},
        {"stat_date": "2026-06-03", **stand, "read_user": 99},
    ]
    platform.reports["2026-06-01"] = [{"msgid": "2650177001_1", "detail_list": details}]
    (figures,) = channel.figures([target], date(2026, 6, 2))
    assert (figures.reads, figures.likes, figures.shares, figures.comments) == (25, 1, 2, 3)
    assert figures.as_of == date(2026, 6, 2)
    assert figures.extra["recommends"] == 4


def test_figures_look_one_day_back_for_what_went_out_around_midnight(channel, platform, target):
    stand = {"stat_date": "2026-06-02", "read_user": 5}
    platform.reports["2026-06-01"] = [{"msgid": "2650177001_1", "detail_list": [stand]}]
    (figures,) = channel.figures([{**target, "published_on": "2026-06-02"}], date(2026, 6, 2))
    assert (figures.reads, figures.likes) == (5, None)


def test_figures_that_are_not_ready_ask_for_an_hour(channel, platform, target):
    path = "/datacube/getarticletotaldetail"
    platform.fail(path, errcode=61503, errmsg="data not ready, please try later")
    with pytest.raises(Transient) as caught:
        channel.figures([{**target, "published_on": "2026-06-02"}], date(2026, 6, 2))
    assert caught.value.retry_after == 3600
    platform.fail(path, errcode=61501, errmsg="date range error")
    assert channel.figures([{**target, "published_on": "2026-06-02"}], date(2026, 6, 2)) == []


def test_figures_carry_what_only_wechat_counts(channel, platform, target):
    stand = {
        "stat_date": "2026-06-02",
        "read_user": 25,
        "zaikan_user": 4,
        "collection_user": 6,
        "read_finish_rate": 0.4125,
        "read_avg_activetime": 1.5,
        "read_delivery_rate": 0.0271002,
        "read_user_source": [
            {"user_count": 20, "scene_desc": "朋友圈"},
            {"user_count": 5, "scene_desc": "公众号消息"},
            {"type": 3, "value": 9},
        ],
    }
    platform.reports["2026-06-02"] = [{"msgid": "2650177001_1", "detail_list": [stand]}]
    (figures,) = channel.figures([{**target, "published_on": "2026-06-02"}], date(2026, 6, 3))
    assert figures.extra == {
        "recommends": 4,
        "favourites": 6,
        "finish_rate": 0.4125,
        "active_minutes": 1.5,
        "delivery_rate": 0.0271002,
        "sources": {"朋友圈": 20, "公众号消息": 5},
    }


@pytest.mark.parametrize("rate", ["0.5", None, True, -0.1, 10**400, float("nan")])
def test_a_rate_that_is_none_is_not_invented(rate):
    assert fraction(rate) is None


DAY = date(2026, 6, 2)


def test_an_accounts_day_is_put_together_from_three_reports(channel, platform):
    on = {"ref_date": "2026-06-02"}
    counted = {
        "read_user": 300, "share_user": 12, "zaikan_user": 5, "like_user": 8, "comment_count": 9,
        "collection_user": 7, "redirect_ori_page_user": 31, "send_page_count": 2,
        "read_user_source": [{"user_count": 200, "scene_desc": "聊天会话"}],
    }  # fmt: skip
    platform.reports["getbizsummary"] = [{**on, "detail": counted}]
    platform.reports["getusersummary"] = [
        {**on, "user_source": 30, "new_user": 11, "cancel_user": 2},
        {**on, "user_source": 57, "new_user": 4, "cancel_user": 1},
    ]
    platform.reports["getusercumulate"] = [{**on, "user_source": 0, "cumulate_user": 12021}]
    figures = channel.account_figures(DAY)
    assert (figures.followers, figures.new_followers, figures.lost_followers) == (12021, 15, 3)
    assert (figures.reads, figures.likes, figures.shares, figures.comments) == (300, 8, 12, 9)
    assert (figures.day, figures.posts, figures.delayed) == (DAY, 2, False)
    assert figures.extra == {
        "recommends": 5, "favourites": 7, "to_story": 31, "sources": {"聊天会话": 200},
    }  # fmt: skip
    asked = [path for path in platform.calls if path.startswith("/datacube/")]
    assert asked == [f"/datacube/{name}" for name in (
        "getbizsummary", "getusersummary", "getusercumulate")]  # fmt: skip


def test_a_day_that_is_still_incomplete_says_so(channel, platform):
    rows = [{"ref_date": "2026-06-02", "detail": {"read_user": 1}}]
    response = httpx.Response(200, json={"list": rows, "is_delay": True})
    platform.say("/datacube/getbizsummary", response)
    figures = channel.account_figures(DAY)
    assert figures.delayed
    assert figures.reads == 1
    assert figures.followers is None
    assert figures.new_followers == 0, "nobody came: the platform lists nothing"


def test_a_day_that_is_not_ready_is_asked_for_an_hour_later(channel, platform):
    platform.fail("/datacube/getbizsummary", errcode=61503, errmsg="data not ready")
    with pytest.raises(Transient) as caught:
        channel.account_figures(DAY)
    assert caught.value.retry_after == 3600
