"""Figures of articles and accounts (contract §11)."""

from datetime import date

import pytest

from cms.matrix.channels.base import Transient


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
