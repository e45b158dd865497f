"""One row for each story: who told what, and that the unknown is never a zero."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms import spreadsheets
from cms.analytics import exports, selectors
from cms.analytics.models import ReadTally
from cms.analytics.periods import last_days
from cms.analytics.selectors.ledger import known_max, known_sum
from cms.interactions.services import ballot_cast
from cms.matrix.models import Delivery, Reply
from cms.members.models import Union
from tests.factories import make_poll, make_site, make_story, make_union, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def days_ago(number):
    return TODAY() - timedelta(days=number)


def cast(poll, *sources):
    """One vote of a new person from each source."""
    for source in sources:
        option = poll.options.first().pk
        ballot_cast(user=make_user(), poll=poll, option_ids=[option], source=source)


def line(row, slug):
    return next(channel for channel in row.channels if channel.slug == slug)


def test_sum_of_unknowns_is_unknown():
    assert known_sum([None, None]) is None
    assert known_sum([None, 0, 3]) == 3
    assert known_max(None, None) is None
    assert known_max(None, 2) == 2


def test_row_shows_reads_comments_and_votes_of_each_channel(
    newsroom, account, deliver, snapshot, reply
):
    poll = make_poll(newsroom.section)
    story = make_story(
        newsroom.section, body=[("paragraph", "<p>请投票。</p>"), ("poll", {"poll": poll})]
    )
    ReadTally.objects.create(page_id=story.pk, day=days_ago(1), source="direct", reads=7)
    ReadTally.objects.create(page_id=story.pk, day=TODAY(), source="wechat", reads=5)
    wechat, weibo = (deliver(story, account(slug)) for slug in ("wechat", "weibo"))
    snapshot(wechat, days_ago(2), reads=40, likes=1, comments=0)
    snapshot(wechat, days_ago(1), reads=90, likes=3)
    snapshot(weibo, days_ago(1), likes=4, shares=2, comments=1)
    for _time in range(2):
        reply(wechat)
    reply(wechat, kind=Reply.Kind.MESSAGE)
    # Of fifteen votes ten are told, and none of them by less than five.
    cast(poll, *["wechat"] * 5, *["site"] * 3, *["weibo"] * 2, *["site"] * 5)

    row = selectors.story_ledger(story)
    assert [channel.slug for channel in row.channels] == ["site", "wechat", "weibo"]
    site, from_wechat, from_weibo = row.channels
    assert (site.reads, site.comments, site.votes) == (12, 0, 5)
    assert (from_wechat.reads, from_wechat.comments, from_wechat.votes) == (90, 2, 5)
    assert (from_weibo.reads, from_weibo.comments, from_weibo.votes) == (None, 1, 0)
    assert (from_weibo.likes, from_weibo.shares) == (4, 2)
    assert (row.reads, row.comments, row.votes) == (102, 3, 10)
    assert from_wechat.accounts[0].as_of == days_ago(1)


def test_votes_of_a_poll_page_are_its_own_and_a_story_without_poll_has_none(newsroom):
    poll, story = make_poll(newsroom.section), make_story(newsroom.section)
    cast(poll, *["site"] * 4)
    assert selectors.story_ledger(poll).votes == 0
    cast(poll, *["site"] * 6)
    assert selectors.story_ledger(poll).votes == 5
    assert selectors.story_ledger(story).votes is None


def test_account_line_tells_what_is_out_there_though_a_later_try_was_cancelled(
    newsroom, account, deliver, snapshot
):
    story, wechat = make_story(newsroom.section), account()
    out = deliver(story, wechat, url="https://example.com/a")
    deliver(story, wechat, state=Delivery.State.CANCELLED)
    snapshot(out, days_ago(1), reads=10)
    (shown,) = selectors.story_ledger(story).accounts
    assert (shown.state, shown.url, shown.reads) == ("published", "https://example.com/a", 10)


def test_ledger_is_cut_to_the_unions_the_days_and_the_filters(newsroom):
    story = make_story(newsroom.section, title="高温津贴")
    other = make_site(make_union())
    theirs = make_story(other.section, title="高温假")
    ours = [newsroom.union]

    def found(*unions, **asked):
        return {row.card.pk for row in selectors.ledger(unions or ours, **asked)}

    assert found() == {story.pk}
    assert found(newsroom.union, other.union) == {story.pk, theirs.pk}
    assert found(search="高温") == {story.pk}
    assert found(search="年假") == set()
    assert found(kind="legal") == set()
    assert found(section=other.section.pk) == set()
    assert found(since=TODAY()) == {story.pk}
    assert found(until=days_ago(1)) == set()


def test_ledger_is_ordered_with_the_unknown_last(newsroom, account, deliver):
    first, second = (make_story(newsroom.section, title=title) for title in ("甲", "乙"))
    ReadTally.objects.create(page_id=second.pk, day=TODAY(), source="direct", reads=3)
    poll = make_poll(newsroom.section)

    def order(name):
        return [row.card.pk for row in selectors.ledger([newsroom.union], order=name)]

    assert order("-reads")[0] == second.pk
    assert order("-votes")[0] == poll.pk
    assert order("published_at") == [first.pk, second.pk, poll.pk]
    assert order("nonsense") == order("-published_at") == [poll.pk, second.pk, first.pk]


def test_number_of_queries_does_not_grow_with_stories(newsroom, account, deliver, snapshot):
    wechat, weibo = account(), account("weibo")

    def add(number):
        for _time in range(number):
            story = make_story(newsroom.section)
            snapshot(deliver(story, wechat), days_ago(1), reads=5)
            deliver(story, weibo)
        make_poll(newsroom.section)

    def queries(what):
        with CaptureQueriesContext(connection) as caught:
            what()
        return len(caught)

    def whole_ledger():
        return selectors.ledger(Union.objects.all())

    def all_figures():
        cards = selectors.stories(Union.objects.all())
        selectors.summary(cards, last_days(7))
        selectors.top_stories(cards, last_days(7))

    add(1)
    few = queries(whole_ledger), queries(all_figures)
    add(3)
    assert (queries(whole_ledger), queries(all_figures)) == few
    assert few[0] <= 10


# --- Over time -----------------------------------------------------------------------------------


def test_days_are_the_gains_of_growing_counters(newsroom, account, deliver, snapshot):
    story = make_story(newsroom.section)
    delivery = deliver(story, account())
    for back, reads in ((9, 100), (5, 130), (3, 120), (2, None), (1, 150)):
        snapshot(delivery, days_ago(back), reads=reads)
    ReadTally.objects.create(page_id=story.pk, day=days_ago(6), source="direct", reads=4)
    found = selectors.series(selectors.stories([newsroom.union]), last_days(7))
    # Six days back to today: nothing told is None, a counter that fell gains nothing.
    assert found == {"site": [4, 0, 0, 0, 0, 0, 0], "wechat": [None, 30, None, 0, None, 30, None]}


def test_restated_day_corrects_the_day_after_as_well(newsroom, account, deliver, snapshot):
    delivery = deliver(make_story(newsroom.section), account())
    restated = snapshot(delivery, days_ago(2), reads=10)
    snapshot(delivery, days_ago(1), reads=30)
    restated.reads = 25
    restated.save()
    found = selectors.series(selectors.stories([newsroom.union]), last_days(3))
    assert found["wechat"] == [25, 5, None]


def test_comments_and_votes_stand_on_their_day_and_channel(newsroom, account, deliver, reply):
    poll = make_poll(newsroom.section)
    reply(deliver(make_story(newsroom.section), account("weibo")))
    cast(poll, *["wechat"] * 10)
    cards = selectors.stories([newsroom.union])
    assert selectors.series(cards, last_days(2), "comments") == {"site": [0, 0], "weibo": [0, 1]}
    assert selectors.series(cards, last_days(2), "votes") == {"site": [0, 0], "wechat": [0, 5]}


def test_tiles_compare_with_the_days_before(newsroom, account, deliver, snapshot):
    story, wechat = make_story(newsroom.section), account()
    for back, reads in ((0, 6), (3, 4), (7, 5)):
        ReadTally.objects.create(page_id=story.pk, day=days_ago(back), source="site", reads=reads)
    deliver(story, wechat)
    deliver(story, account("weibo"), state=Delivery.State.FAILED)
    deliver(story, account("console"), state=Delivery.State.APPROVED)
    tiles, daily = selectors.summary(selectors.stories([newsroom.union]), last_days(7))
    shown = {str(tile.label): (tile.now, tile.before) for tile in tiles}
    assert shown == {
        "阅读": (10, 5),
        "评论": (0, 0),
        "投票": (0, 0),
        "已发布稿件": (1, 0),
        "分发成功率": (50, None),
    }
    assert sum(daily["reads"]["site"]) == 10


def test_top_stories_add_all_channels_of_the_period(newsroom, account, deliver, snapshot):
    first, second = make_story(newsroom.section), make_story(newsroom.section)
    make_story(newsroom.section)
    ReadTally.objects.create(page_id=first.pk, day=TODAY(), source="site", reads=50)
    delivery = deliver(second, account())
    snapshot(delivery, days_ago(8), reads=1000)
    snapshot(delivery, days_ago(1), reads=1060)
    found = selectors.top_stories(selectors.stories([newsroom.union]), last_days(7))
    assert [(card.pk, number) for card, number in found] == [(second.pk, 60), (first.pk, 50)]


# --- The file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_that_would_run_as_a_formula_is_marked_as_text(start):
    assert spreadsheets.safe(f"{start}1+1") == f"'{start}1+1"


def test_file_opens_in_office_programs_with_the_unknown_left_empty(
    newsroom, account, deliver, snapshot
):
    story = make_story(newsroom.section, title='=HYPERLINK("http://evil","点我")')
    snapshot(deliver(story, account("weibo")), days_ago(1), likes=4)
    text = exports.ledger_csv(selectors.ledger([newsroom.union]))
    assert text.startswith(b"\xef\xbb\xbf")
    heads, cells = text.decode("utf-8-sig").splitlines()
    assert cells.startswith("\"'=HYPERLINK(")
    found = dict(zip(heads.split(",")[::-1], cells.split(",")[::-1], strict=False))
    assert (found["微博阅读"], found["微博点赞"], found["网站阅读"]) == ("", "4", "0")
