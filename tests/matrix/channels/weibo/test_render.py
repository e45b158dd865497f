"""140 Chinese characters, cut where a reader would cut."""

import pytest

from cms.matrix.channels.base import Loss, Overrides
from cms.matrix.channels.weibo.render import render, weibo_length

from ..stories import make_picture, make_story

URL = "https://union.example.cn/policy/heat/?from=weibo"


def status_of(**changes) -> str:
    return render(make_story(**changes), Overrides()).fields["status"]


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("工会", 2), ("ab", 1), ("abc", 2), ("工会a", 3), ("😀", 2), ("，。", 2), ("\n", 1)],
)
def test_ascii_counts_half_and_the_sum_is_rounded_up(text, length):
    assert weibo_length(text) == length


def test_a_short_summary_is_kept_whole():
    assert status_of(summary="一句话。") == f"【高温津贴怎么领】一句话。 {URL}"


def test_a_long_summary_ends_with_a_sentence_where_one_fits():
    summary = "高温津贴按月发放。" * 30
    status = status_of(summary=summary)
    assert weibo_length(status) <= 140
    assert status.split(" http")[0].endswith("发放。")


def test_a_summary_without_full_stops_ends_with_an_ellipsis_and_is_counted():
    payload = render(make_story(summary="高温津贴" * 60), Overrides())
    status = payload.fields["status"]
    assert 138 <= weibo_length(status) <= 140
    assert status.split(" http")[0].endswith("…")
    assert Loss("摘要放不下的部分", 1) in payload.losses


@pytest.mark.parametrize("mark", ["👨\u200d👩\u200d👧", "e\u0301\u0323", "👍🏽", "Rongmei"])
def test_a_cut_parts_no_character_and_no_word(mark):
    for before in range(80, 112):
        words = status_of(summary="字" * before + mark * 12).split(" http")[0]
        kept = words.partition("】")[2].lstrip("字").removesuffix("…")
        assert kept == mark * (len(kept) // len(mark)), (before, kept)


def test_a_topic_mark_loses_its_hashes_in_our_text_only():
    assert "#" not in status_of(summary="关注#高温津贴#发放。").split(" http")[0]
    payload = render(make_story(), Overrides(text="看 #高温津贴# 发放"))
    assert "#高温津贴#" in payload.fields["status"]


def test_the_editors_own_text_is_kept_and_gets_the_link_once():
    own = render(make_story(), Overrides(text="自己写的一句")).fields["status"]
    assert own == f"自己写的一句 {URL}"
    linked = render(make_story(), Overrides(text=f"先看 {URL} 再说")).fields["status"]
    assert linked.count(URL) == 1


def test_tail_and_digest_are_used():
    payload = render(make_story(), Overrides(digest="换个说法。", tail="（市总工会）"))
    assert payload.fields["status"] == f"【高温津贴怎么领】换个说法。（市总工会） {URL}"


def test_what_weibo_cannot_show_is_counted():
    pictures = (make_picture("11"), make_picture("12"))
    payload = render(make_story(pictures=pictures), Overrides())
    assert Loss("封面以外的配图", 2) in payload.losses
    assert any("正文" in loss.what for loss in payload.losses)


def test_dollar_marks_in_a_title_are_text():
    assert status_of(title="$url 与 $words").startswith("【$url 与 $words】")
