"""The folder a feed lives in: its set-up, and what a disk can do."""

import os

import pytest

from cms.matrix.channels.base import (
    CallerBug,
    ContentRejected,
    CredentialError,
    Overrides,
    Transient,
)

from ..doubles import ignore
from ..stories import make_picture, make_story, pictures_of
from .feed import open_rss, publish


@pytest.fixture
def channel(tmp_path):
    return open_rss(tmp_path)


@pytest.mark.parametrize(
    "name", ["", "../news", "a/b", "News", "新闻", "-news", "a" * 64, "news\n"]
)
def test_a_feeds_name_cannot_lead_out_of_its_folder(tmp_path, name):
    channel = open_rss(tmp_path / "feeds", name)
    payload = channel.render(make_story(), Overrides())
    assert [problem.field for problem in channel.check(payload)] == ["account"]
    with pytest.raises(CredentialError):
        publish(channel, make_story())
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("missing", [{"folder": ""}, {"address": ""}, {"address": "file:///etc"}])
def test_without_a_folder_and_an_address_it_says_what_is_missing(tmp_path, missing):
    found = open_rss(tmp_path, **missing).probe()
    assert found["account"] == "服务器没有给订阅源设置文件夹和网址。请联系技术人员。"


def test_a_probe_leaves_nothing_behind_and_says_what_is_possible(tmp_path, channel):
    found = channel.probe()
    assert (found["account"], found["correct"], found["comments"]) == (True, True, False)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_folder_that_cannot_be_written_pauses_the_account(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    channel = open_rss(tmp_path / "file" / "feeds")
    assert "权限" in channel.probe()["account"]
    with pytest.raises(CredentialError) as caught:
        publish(channel, make_story())
    assert caught.value.code == "ENOTDIR"


def test_a_full_disk_is_tried_again_and_leaves_the_old_feed(channel, tmp_path, monkeypatch):
    publish(channel, make_story())
    before = (tmp_path / "news.xml").read_bytes()

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Transient) as caught:
        publish(channel, make_story(id=13))
    assert caught.value.code == "ENOSPC"
    assert (tmp_path / "news.xml").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".new"] == []


@pytest.mark.parametrize(
    "damage", [b"", b"<html/>", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_a_damaged_feed_is_never_written_over(channel, tmp_path, damage):
    (tmp_path / "news.xml").write_bytes(damage)
    with pytest.raises(CredentialError) as caught:
        publish(channel, make_story())
    assert "备份" in caught.value.human
    assert (tmp_path / "news.xml").read_bytes() == damage


def test_pictures_must_be_there_and_be_pictures(channel):
    payload = channel.render(make_story(), Overrides())
    with pytest.raises(ContentRejected) as gone:
        channel.prepare(payload, {}, {}, ignore)
    assert gone.value.field == "pictures"
    broken = make_story(cover=make_picture("cover-9", data=b"no picture"), pictures=())
    with pytest.raises(ContentRejected) as unreadable:
        channel.prepare(channel.render(broken, Overrides()), pictures_of(broken), {}, ignore)
    assert unreadable.value.field == "cover"
    with pytest.raises(CallerBug):
        channel.submit(payload, {})
