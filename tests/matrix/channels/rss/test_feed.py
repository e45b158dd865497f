"""The feed: any reader understands it, nothing is lost from it, what is withdrawn leaves it."""

import multiprocessing
import stat
from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.matrix.channels.base import Gone, Overrides, QuotaExceeded, State, Transient
from cms.matrix.channels.rss.atom import NEWEST, Feed
from cms.matrix.channels.rss.client import FeedFolder

from ..contract import ChannelContract
from ..doubles import Spent, ignore
from ..stories import image_bytes, make_picture, make_story, pictures_of
from .feed import ADDRESS, copies, correct, open_rss, publish, read


@pytest.fixture
def channel(tmp_path):
    return open_rss(tmp_path)


class TestContract(ChannelContract):
    keeps_everything = True

    @pytest.fixture
    def channel(self, tmp_path):
        return open_rss(tmp_path)


# --- what subscribers read ------------------------------------------------------------------------


def test_a_reader_finds_the_whole_story(channel, tmp_path):
    publish(channel, make_story())
    feed = read(tmp_path)
    assert feed.version == "atom10"
    assert feed.feed.title == feed.feed.author == "江州市总工会"
    assert {"rel": "self", "href": f"{ADDRESS}news.xml"}.items() <= feed.feed.links[0].items()
    (entry,) = feed.entries
    assert entry.title == "高温津贴怎么领"
    assert entry.id == "https://union.example.cn/#story-12"
    assert entry.link == "https://union.example.cn/policy/heat/?from=rss"
    assert entry.author == "王小明"
    assert entry.source.title == "市总工会"
    assert [tag.term for tag in entry.tags] == ["政策解读", "高温津贴"]
    assert entry.summary.startswith("六月起")
    assert datetime.fromisoformat(entry.updated).tzinfo
    content = BeautifulSoup(entry.content[0].value, "html.parser")
    assert content.find("td", colspan="2").get_text() == "300 元"
    assert "来源：市总工会" in content.get_text()


def test_pictures_and_cover_are_copied_beside_the_feed(channel, tmp_path):
    publish(channel, make_story(cover=make_picture("cover-9", data=image_bytes("JPEG"))))
    (entry,) = read(tmp_path).entries
    (cover,) = entry.enclosures
    image = BeautifulSoup(entry.content[0].value, "html.parser").find("img")
    assert image["alt"] == '工地上的"清凉站"'
    assert cover.type == "image/jpeg"
    for url, size in ((cover.href, int(cover.length)), (image["src"], None)):
        copy = tmp_path / url.removeprefix(ADDRESS)
        assert copy.is_file()
        assert size in (None, copy.stat().st_size)


def test_web_server_may_read_what_is_written(channel, tmp_path):
    publish(channel, make_story())
    for file in (tmp_path / "news.xml", *(tmp_path / "news").iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_links_within_our_site_become_whole(channel):
    story = make_story(body_html='<p><a href="/rule/">规定</a></p>', pictures=())
    content = channel.render(story, Overrides()).fields["content"]
    assert 'href="https://union.example.cn/rule/"' in content


def test_a_picture_gone_from_the_library_is_counted_as_lost(channel):
    payload = channel.render(make_story(pictures=()), Overrides())
    assert [(loss.what, loss.how_many) for loss in payload.losses] == [("图库里已经没有的图片", 1)]
    assert "清凉站" not in payload.fields["content"]


def test_the_editors_own_words_are_text_not_markup(channel):
    words = Overrides(text="第一段 <b>\n第二段", tail="电话 12351")
    content = channel.render(make_story(), words).fields["content"]
    assert content.startswith("<p>第一段 &lt;b&gt;</p><p>第二段</p>\n<p>电话 12351</p>")


@pytest.mark.parametrize(
    "title",
    [
        "\x00\x0b空\ufffe字符",
        "]]> <script>alert(1)</script> &amp;",
        "长" * 100_000,
        "\r\n换行",
    ],
)
def test_no_title_can_break_the_feed(channel, tmp_path, title):
    publish(channel, make_story(title=title, author=title, tags=(title,)))
    publish(channel, make_story(id=13))
    hostile = read(tmp_path).entries[1]
    if "script" in title:
        assert hostile.title_detail.type == "text/plain"
        assert hostile.title == title
    assert len(hostile.title) >= min(len(title) - 4, 100_000)


@settings(max_examples=60, deadline=None)
@given(words=st.text(max_size=60))
def test_whatever_is_written_is_read_back(words):
    fields = {"id": "https://a.cn/#story-1", "title": words, "summary": words, "author": words,
              "source": words, "url": "https://a.cn/", "tags": [words]}  # fmt: skip
    feed = Feed.empty("https://a.cn/feed.xml")
    feed.describe(title=words, address="https://a.cn/feed.xml")
    feed.put(fields, content=words, content_hash="abc", enclosure=None)
    again = Feed.parsed(feed.to_bytes())
    assert again.content_hash(fields["id"]) == "abc"
    assert again.to_bytes().decode().splitlines() == feed.to_bytes().decode().splitlines()


# --- once, exactly --------------------------------------------------------------------------------


def test_the_same_story_again_is_one_entry(channel, tmp_path):
    publish(channel, make_story())
    publish(channel, make_story())
    assert len(read(tmp_path).entries) == 1


def test_looking_is_exact_another_text_under_the_same_story_is_not_found(channel):
    story = make_story()
    publish(channel, story)
    same = channel.render(story, Overrides())
    assert channel.reconcile(same, {}).state is State.PUBLISHED
    other = channel.render(story, Overrides(title="改过的标题"))
    assert channel.reconcile(other, {}).state is State.NOT_FOUND


def test_a_picture_is_copied_once_however_often_it_is_prepared(channel, tmp_path):
    story = make_story()
    payload = channel.render(story, Overrides())
    channel.prepare(payload, pictures_of(story), {}, ignore)
    before = {file: file.stat().st_ino for file in (tmp_path / "news").iterdir()}
    channel.prepare(payload, pictures_of(story), {}, ignore)
    assert {file: file.stat().st_ino for file in (tmp_path / "news").iterdir()} == before


def test_a_budget_that_says_no_leaves_the_feed_untouched(tmp_path, channel):
    publish(channel, make_story())
    before = (tmp_path / "news.xml").read_bytes()
    channel.meter = Spent()
    with pytest.raises(QuotaExceeded):
        publish(channel, make_story(id=13))
    with pytest.raises(QuotaExceeded):
        channel.withdraw({"entry": "https://union.example.cn/#story-12", "files": []})
    assert (tmp_path / "news.xml").read_bytes() == before


def test_the_newest_hundred_stay_and_older_ones_are_not_called_withdrawn(channel, tmp_path):
    first = publish(channel, make_story(id=1)).external
    for number in range(2, NEWEST + 2):
        publish(channel, make_story(id=number, title=f"第 {number} 篇"))
    entries = read(tmp_path).entries
    assert len(entries) == NEWEST
    assert entries[0].title == f"第 {NEWEST + 1} 篇"
    outcome = channel.poll(first)
    assert outcome.state is State.PUBLISHED
    assert "让位" in outcome.reason


def add_stories(folder: str, first: int, how_many: int) -> None:
    for number in range(first, first + how_many):
        publish(open_rss(folder), make_story(id=number, title=f"第 {number} 篇"))


def test_two_processes_at_once_lose_no_entry(tmp_path):
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=add_stories, args=(str(tmp_path), first, 12)) for first in (100, 200)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    wanted = {f"第 {number} 篇" for first in (100, 200) for number in range(first, first + 12)}
    assert {entry.title for entry in read(tmp_path).entries} == wanted


def test_waiting_for_another_process_ends(tmp_path):
    held = FeedFolder(open_rss(tmp_path).account, patience=5)
    with held.changing(), pytest.raises(Transient) as caught:
        publish(open_rss(tmp_path, patience=0), make_story())
    assert caught.value.code == "lock"


# --- correcting and taking back -------------------------------------------------------------------


def test_a_correction_replaces_the_entry_in_its_place(channel, tmp_path):
    external = publish(channel, make_story()).external
    publish(channel, make_story(id=13, title="后一篇"))
    published = read(tmp_path).entries[1].published
    outcome = correct(channel, make_story(title="更正后的标题"), external)
    assert outcome.state is State.PUBLISHED
    newest, corrected = read(tmp_path).entries
    assert newest.title == "后一篇"
    assert corrected.title == "更正后的标题"
    assert corrected.id == external["entry"]
    assert corrected.published == published < corrected.updated


def test_a_correction_with_another_picture_takes_the_old_one_away(channel, tmp_path):
    external = publish(channel, make_story(cover=None)).external
    (old,) = copies(tmp_path)
    changed = make_picture("11", data=image_bytes(size=(50, 50)))
    outcome = correct(channel, make_story(cover=None, pictures=(changed,)), external)
    (new,) = copies(tmp_path)
    assert new != old
    assert outcome.external["files"] == [new]


def test_what_was_withdrawn_cannot_be_corrected(channel):
    external = publish(channel, make_story()).external
    channel.withdraw(external)
    with pytest.raises(Gone):
        correct(channel, make_story(), external)


def test_withdrawing_takes_entry_and_pictures_and_tells_subscribers(channel, tmp_path):
    external = publish(channel, make_story()).external
    outcome = channel.withdraw(external)
    assert outcome.state is State.WITHDRAWN
    assert "转载" in outcome.reason
    assert read(tmp_path).entries == []
    assert copies(tmp_path) == set()
    assert channel.poll(external).state is State.WITHDRAWN
    assert 'deleted-entry ref="https://union.example.cn/#story-12"' in (
        tmp_path / "news.xml"
    ).read_text(encoding="utf-8")
    assert channel.withdraw(external).state is State.WITHDRAWN


def test_a_picture_that_another_entry_shows_stays(channel, tmp_path):
    external = publish(channel, make_story()).external
    publish(channel, make_story(id=13))
    held = copies(tmp_path)
    channel.withdraw(external)
    assert copies(tmp_path) == held


def test_a_picture_withdrawn_between_prepare_and_submit_is_copied_again(channel, tmp_path):
    external = publish(channel, make_story()).external
    story = make_story(id=13)
    payload = channel.render(story, Overrides())
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    channel.withdraw(external)
    with pytest.raises(Transient):
        channel.submit(payload, progress)
    again = channel.prepare(payload, pictures_of(story), progress, ignore)
    assert channel.submit(payload, again).state is State.PUBLISHED


def test_a_withdrawn_story_may_come_back(channel, tmp_path):
    external = publish(channel, make_story()).external
    channel.withdraw(external)
    publish(channel, make_story())
    assert channel.poll(external).state is State.PUBLISHED
    assert "deleted-entry" not in (tmp_path / "news.xml").read_text(encoding="utf-8")


def test_an_entry_that_somebody_else_removed_is_an_alarm(channel, tmp_path):
    external = publish(channel, make_story()).external
    (tmp_path / "news.xml").unlink()
    outcome = channel.poll(external)
    assert outcome.state is State.TAKEN_DOWN
    assert outcome.reason
