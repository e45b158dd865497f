"""Comments under all statuses, and our answers to them (contract §16)."""

from datetime import UTC, datetime

import pytest

from cms.matrix.channels.base import ContentRejected, OutcomeUnknown, ReplyIn, State

from .fake import UID


def test_one_call_reads_the_comments_of_all_posts(channel, platform, target):
    platform.comment(target["mid"], "好")
    answered = platform.comment(target["mid"], "谢谢小编", UID)
    reply = platform.comment(target["mid"], "再问一句")
    reply["reply_comment"] = answered
    platform.comment("4800000000000001", "旧微博下的话")
    replies, cursor = channel.replies([target], {})
    assert platform.count("/2/comments/to_me.json") == 1
    assert [item.text for item in replies] == ["旧微博下的话", "再问一句", "好"]
    assert replies[0].target == {"mid": "4800000000000001"}
    assert replies[1].target == target
    assert replies[1].parent_external_id == answered["idstr"]
    assert replies[1].author_name == "小李"
    assert channel.replies([target], cursor)[0] == []
    platform.comment(target["mid"], "新的")
    (new,), _cursor = channel.replies([target], cursor)
    assert new.text == "新的"


def test_a_long_list_of_comments_is_continued_without_a_gap(channel, platform, target):
    for number in range(230):
        platform.comment(target["mid"], f"第 {number} 条")
    first, cursor = channel.replies([target], {})
    assert len(first) == 200
    assert all(isinstance(value, str) for value in cursor.values())
    platform.comment(target["mid"], "读到一半时来的")
    rest, cursor = channel.replies([target], cursor)
    assert len({reply.external_id for reply in [*first, *rest]}) == 230
    (late,), cursor = channel.replies([target], cursor)
    assert late.text == "读到一半时来的"
    assert set(cursor) == {"since_id"}


def test_a_long_answer_is_refused_before_it_is_sent(channel, platform, target):
    platform.comment(target["mid"], "好")
    (reply,), _cursor = channel.replies([target], {})
    with pytest.raises(ContentRejected):
        channel.answer(reply, "长" * 141)
    assert channel.answer(reply, "长" * 140).external["comment_id"]


@pytest.fixture
def reply(channel, platform, target):
    platform.comment(target["mid"], "领到了")
    (reply,), _cursor = channel.replies([target], {})
    return reply


def test_a_lost_answer_is_found_under_the_status(channel, platform, reply):
    assert channel.answered(reply, "谢谢反映") is False
    platform.lose_answer("/2/comments/reply.json")
    with pytest.raises(OutcomeUnknown):
        channel.answer(reply, "谢谢反映")
    assert channel.answered(reply, "谢谢反映") is True
    assert channel.answered(reply, "别的话") is False


def test_an_answer_to_somebody_else_or_by_somebody_else_is_not_ours(channel, platform, reply):
    other = platform.comment(reply.target["mid"], "谢谢反映", UID)
    other["reply_comment"] = {"idstr": "1"}
    platform.comment(reply.target["mid"], "谢谢反映", "998")
    assert channel.answered(reply, "谢谢反映") is False


def test_a_long_list_that_hides_the_view_is_left_to_a_person(channel, platform, reply):
    for number in range(60):
        platform.comment(reply.target["mid"], f"后来的第 {number} 条")
    assert channel.answered(reply, "谢谢反映") is None


def test_a_message_is_answered_by_a_person(channel, platform):
    message = ReplyIn("message:1", "998", "", "在吗", datetime.now(UTC), "message", {})
    calls = len(platform.calls)
    outcome = channel.answer(message, "在")
    assert outcome.state is State.MANUAL
    assert "微博" in outcome.reason
    assert len(platform.calls) == calls
