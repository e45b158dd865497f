"""Comments and messages: read, answered, featured, deleted (contract §10, §12)."""

from datetime import UTC, datetime

import pytest

from cms.matrix.channels.base import ContentRejected, Gone, PermissionMissing, ReplyIn, State

from .conftest import comment


def test_comments_are_read_page_by_page_until_a_short_page(channel, platform, target):
    platform.comments = [comment(number) for number in range(98)]
    replies, cursor = channel.replies([target], {})
    assert len(replies) == 98
    assert platform.count("/cgi-bin/comment/list") == 3
    assert cursor == {"begin": {}, "gone": []}
    first = replies[0]
    assert first.external_id == "2650177001:1"
    assert first.author_key == "openid-0"
    assert first.posted_at == datetime.fromtimestamp(1750001000, UTC)


def test_a_very_long_list_is_continued_by_the_next_call(channel, platform, target):
    platform.comments = [comment(number) for number in range(1000)]
    first, cursor = channel.replies([target], {})
    assert cursor["begin"] == {"2650177001": 980}
    rest, cursor = channel.replies([target], cursor)
    assert len({reply.external_id for reply in [*first, *rest]}) == 1000
    assert cursor["begin"] == {}


@pytest.mark.parametrize("reply", [{"content": "感谢"}, [{"content": "感谢"}]])
def test_our_answer_under_a_comment_comes_as_object_or_array(channel, platform, target, reply):
    platform.comments = [{**comment(0), "reply": reply}]
    (found,), _cursor = channel.replies([target], {})
    assert found.extra["our_answer"] == "感谢"


def test_a_comment_without_openid_and_broken_ones_do_no_harm(channel, platform, target):
    nameless = {**comment(0)}
    del nameless["openid"]
    platform.comments = [nameless, {"content": "没有编号"}, {**comment(2), "create_time": "x"}]
    (found,), _cursor = channel.replies([target], {})
    assert found.author_key == ""


def test_an_article_that_is_gone_does_not_stop_the_others(channel, platform, target):
    platform.comments = [comment(0)]
    replies, cursor = channel.replies([{"msg_data_id": "999"}, target], {})
    assert len(replies) == 1
    assert cursor["gone"] == ["999"]


def test_missing_comment_privilege_is_an_error_not_an_empty_list(channel, platform, target):
    platform.fail("/cgi-bin/comment/list", errcode=88000, errmsg="no privilege")
    with pytest.raises(PermissionMissing):
        channel.replies([target], {})


def test_answers_go_under_the_comment_or_as_a_message(channel, platform, target):
    platform.comments = [comment(4)]
    (reply,), _cursor = channel.replies([target], {})
    assert channel.answer(reply, "已转劳动保障部").state is State.PUBLISHED
    message = ReplyIn("message:1", "openid-9", "", "在吗", datetime.now(UTC), "message", {})
    channel.answer(message, "在")
    assert platform.replies == [
        {
            "msg_data_id": 2650177001,
            "index": 0,
            "user_comment_id": 5,
            "content": "已转劳动保障部",
        },
        {"touser": "openid-9", "msgtype": "text", "text": {"content": "在"}},
    ]


def test_a_comment_answered_before_counts_as_answered(channel, platform, target):
    platform.comments = [comment(0)]
    (reply,), _cursor = channel.replies([target], {})
    platform.fail("/cgi-bin/comment/reply/add", errcode=88005, errmsg="already replied")
    assert channel.answer(reply, "好").state is State.PUBLISHED
    platform.fail("/cgi-bin/comment/reply/add", errcode=88008, errmsg="no such comment")
    with pytest.raises(Gone):
        channel.answer(reply, "好")
    with pytest.raises(ContentRejected):
        channel.answer(reply, " ")
