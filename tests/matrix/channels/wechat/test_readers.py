"""Comments and messages: read, answered, featured, deleted (contract §10, §12)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cms.matrix.channels.base import (
    CallerBug,
    ContentRejected,
    Gone,
    NeedsConsole,
    OutcomeUnknown,
    PermissionMissing,
    ReplyIn,
    State,
    Transient,
)

from .conftest import comment

ANSWER = "/cgi-bin/comment/reply/add"
MESSAGE = ReplyIn("message:1", "openid-9", "", "在吗", datetime.now(UTC), "message", {})


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


@pytest.fixture
def reply(channel, platform, target):
    platform.comments = [comment(number) for number in range(60)]
    replies, _cursor = channel.replies([target], {})
    return next(item for item in replies if item.external_id.endswith(":55"))


def test_a_lost_answer_is_found_under_the_comment_on_any_page(channel, platform, reply):
    assert channel.answered(reply, "已转劳动保障部") is False
    platform.lose_answer(ANSWER)
    with pytest.raises(OutcomeUnknown):
        channel.answer(reply, "已转劳动保障部")
    assert channel.answered(reply, "已转劳动保障部") is True
    assert channel.answered(reply, "别的话") is False
    assert platform.count(ANSWER) == 1


def test_what_cannot_be_looked_up_is_left_to_a_person(channel, platform, reply):
    platform.comments.clear()
    assert channel.answered(reply, "好") is None
    assert channel.answered(MESSAGE, "好") is None


def test_a_lost_message_is_unknown(channel, platform):
    platform.lose_answer("/cgi-bin/message/custom/send")
    with pytest.raises(OutcomeUnknown):
        channel.answer(MESSAGE, "好")


@pytest.mark.parametrize(("code", "words"), [(45015, "48 小时"), (45047, "上限")])
def test_a_message_that_may_not_be_sent_any_more_says_why(channel, platform, code, words):
    platform.fail("/cgi-bin/message/custom/send", errcode=code, errmsg="out of window")
    with pytest.raises(NeedsConsole) as caught:
        channel.answer(MESSAGE, "好")
    assert words in caught.value.human


def test_a_comment_is_featured_and_taken_back(channel, platform, reply):
    channel.elect(reply, True)
    assert platform.comments[54]["comment_type"] == 1
    channel.elect(reply, True)
    channel.elect(reply, False)
    assert platform.comments[54]["comment_type"] == 0


@pytest.mark.parametrize(("code", "kind"), [(88003, NeedsConsole), (88004, Gone), (88008, Gone)])
def test_featuring_that_is_refused_says_why(channel, platform, reply, code, kind):
    platform.fail("/cgi-bin/comment/markelect", errcode=code, errmsg="no")
    with pytest.raises(kind):
        channel.elect(reply, True)


def test_deleting_a_comment_twice_is_done(channel, platform, reply):
    platform.lose_answer("/cgi-bin/comment/delete")
    with pytest.raises(Transient):
        channel.delete_reply(reply)
    channel.delete_reply(reply)
    assert len(platform.comments) == 59


def test_a_reply_with_broken_ids_calls_nobody(channel, platform, reply):
    broken = replace(reply, external_id="abc")
    calls = len(platform.calls)
    for act in (channel.delete_reply, lambda it: channel.elect(it, True)):
        with pytest.raises(CallerBug):
            act(broken)
    with pytest.raises(CallerBug):
        channel.answer(broken, "好")
    assert len(platform.calls) == calls
