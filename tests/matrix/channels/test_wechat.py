"""The WeChat channel against a stand-in of the platform: drafts, publishing, readers, figures."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.matrix.channels.base import (
    Account,
    CallerBug,
    ContentRejected,
    Gone,
    NeedsConsole,
    Outcome,
    OutcomeUnknown,
    Overrides,
    PermissionMissing,
    QuotaExceeded,
    Receipt,
    ReplyIn,
    State,
    Transient,
)
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel

from .contract import ChannelContract
from .fake_wechat import APP_ID, SECRET, FakeWeChat
from .stories import make_picture, make_story, pictures_of

SUBMIT = "/cgi-bin/freepublish/submit"


def ignore(progress) -> None:
    """Nobody keeps the progress."""


@pytest.fixture
def platform():
    return FakeWeChat()


@pytest.fixture
def channel(platform):
    account = Account(7, "wechat", "市总工会", "https://api.example.test", APP_ID, SECRET)
    with WeChatChannel(account, MemoryTokenStore(), platform.transport) as channel:
        yield channel


@pytest.fixture
def story():
    return make_story()


@pytest.fixture
def payload(channel, story):
    return channel.render(story, Overrides())


@pytest.fixture
def prepared(channel, story, payload):
    return channel.prepare(payload, pictures_of(story), {}, ignore)


class TestContract(ChannelContract):
    @pytest.fixture
    def channel(self, platform):
        account = Account(7, "wechat", "市总工会", "https://api.example.test", APP_ID, SECRET)
        with WeChatChannel(account, MemoryTokenStore(), platform.transport) as channel:
            self.platform = platform
            yield channel

    def readers_speak(self, channel, target):
        self.platform.comments = [comment(number) for number in range(3)]


def comment(number: int) -> dict:
    return {
        "user_comment_id": number + 1,
        "openid": f"openid-{number}",
        "create_time": 1750001000 + number,
        "content": f"留言{number}",
        "comment_type": number % 2,
    }


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_carries_uploaded_pictures_and_raw_utf8(channel, platform, prepared):
    (article,) = platform.drafts.values()
    assert "picture:" not in article["content"]
    assert (
        'src="http://mmbiz.qpic.cn/mmbiz_png/1/0?wx_fmt=png&amp;from=appmsg"' in article["content"]
    )
    assert article["thumb_media_id"] == "MATERIAL2"
    added = next(r for r in platform.requests if r.url.path == "/cgi-bin/draft/add")
    assert "高温津贴".encode() in added.content
    assert b"\\u" not in added.content
    assert prepared["differences"] == []


def test_uploads_have_an_ascii_name_and_a_length(channel, platform, prepared):
    for request in platform.uploads:
        assert request.headers["content-length"].isdigit()
        assert b'name="media"; filename="picture.png"' in request.content


def test_what_the_draft_box_changed_is_written_down(channel, platform, story, payload):
    platform.keep = lambda html: html.replace("<h2", "<p").replace("</h2>", "</p>")
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    assert "标签 h2 从 1 个变成 0 个" in progress["differences"]


def test_a_crash_between_steps_repeats_no_upload(channel, platform, story, payload):
    saved = []
    platform.fail("/cgi-bin/draft/add", errcode=-1, errmsg="system error")
    with pytest.raises(Transient):
        channel.prepare(payload, pictures_of(story), {}, lambda done: saved.append(dict(done)))
    assert len(platform.uploads) == 2
    channel.prepare(payload, pictures_of(story), saved[-1], ignore)
    assert len(platform.uploads) == 2
    assert len(platform.drafts) == 1


def test_changed_content_rewrites_the_same_draft(channel, platform, story, payload, prepared):
    changed = channel.render(story, Overrides(title="新标题"))
    progress = channel.prepare(changed, pictures_of(story), prepared, ignore)
    assert progress["media_id"] == prepared["media_id"]
    assert platform.drafts[progress["media_id"]]["title"] == "新标题"
    assert len(platform.uploads) == 2


def test_a_fresh_cover_that_is_not_spread_yet_is_tried_again_soon(
    channel, platform, story, payload
):
    platform.fail("/cgi-bin/draft/add", errcode=40007, errmsg="invalid media_id")
    with pytest.raises(Transient) as caught:
        channel.prepare(payload, pictures_of(story), {}, ignore)
    assert caught.value.retry_after == 3


def test_a_cover_deleted_from_the_library_is_uploaded_anew(channel, platform, story, payload):
    saved = []
    platform.fail("/cgi-bin/draft/add", errcode=40007, errmsg="invalid media_id")
    old = {"cover_key": "cover-9", "cover_media_id": "OLD", "cover_at": 1}
    with pytest.raises(Transient):
        channel.prepare(payload, pictures_of(story), old, lambda done: saved.append(dict(done)))
    progress = channel.prepare(payload, pictures_of(story), saved[-1], ignore)
    assert progress["cover_media_id"].startswith("MATERIAL")


def test_an_account_without_comments_still_gets_its_draft(channel, platform, story, payload):
    platform.fail("/cgi-bin/draft/add", errcode=88000, errmsg="without comment privilege")
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    assert platform.drafts[progress["media_id"]]["need_open_comment"] == 0
    assert "该账号没有留言功能，文章不开放留言" in progress["differences"]


def test_an_unreadable_picture_goes_back_to_the_editor(channel, story, payload):
    pictures = {**pictures_of(story), "11": make_picture("11", data=b"not a picture")}
    with pytest.raises(ContentRejected) as caught:
        channel.prepare(payload, pictures, {}, ignore)
    assert caught.value.field == "pictures"
    assert "图片11.png" in caught.value.human


def test_editors_mistakes_are_named_by_field(channel):
    story = make_story(title="标" * 33, cover=None)
    problems = channel.check(channel.render(story, Overrides(digest="要" * 121)))
    assert {problem.field for problem in problems} == {"title", "digest", "cover"}


# --- publishing -----------------------------------------------------------------------------------


def test_publish_id_goes_back_as_digits_and_gives_the_ids_for_comments(channel, payload, prepared):
    receipt = channel.submit(payload, prepared)
    assert isinstance(receipt, Receipt)
    assert receipt.external["publish_id"] == "2247503001"
    outcome = channel.poll(receipt.external)
    assert outcome.state is State.PUBLISHED
    # The status gives a short address only; the long one of the article itself holds the mid.
    assert outcome.external["msg_data_id"] == "2650177001"
    assert date.fromisoformat(outcome.external["published_on"])


def test_msg_data_id_falls_back_to_the_publish_id(channel, platform, payload, prepared):
    receipt = channel.submit(payload, prepared)
    platform.fail("/cgi-bin/freepublish/getarticle", errcode=-1, errmsg="busy")
    outcome = channel.poll(receipt.external)
    assert outcome.external["msg_data_id"] == receipt.external["publish_id"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (1, State.WAITING),
        (2, State.FAILED),
        (3, State.FAILED),
        (4, State.FAILED),
        (5, State.WITHDRAWN),
        (6, State.TAKEN_DOWN),
    ],
)
def test_each_publish_status_has_its_state_and_reason(
    channel, platform, payload, prepared, status, state
):
    receipt = channel.submit(payload, prepared)
    platform.jobs["2247503001"]["status"] = status
    outcome = channel.poll(receipt.external)
    assert outcome.state is state
    assert outcome.reason


def test_without_the_publishing_interface_a_person_publishes(channel, platform, payload, prepared):
    platform.has_publish = False
    outcome = channel.submit(payload, prepared)
    assert isinstance(outcome, Outcome)
    assert outcome.state is State.MANUAL
    assert "手动发表" in outcome.reason
    assert channel.poll(outcome.external).external.get("draft_gone") is None
    platform.drafts.clear()
    after = channel.poll(outcome.external)
    assert after.state is State.MANUAL
    assert after.external["draft_gone"] is True


def test_an_article_published_by_hand_is_found_where_the_account_may_look(
    channel, platform, payload, prepared
):
    platform.fail(SUBMIT, errcode=48001, errmsg="api unauthorized")
    outcome = channel.submit(payload, prepared)
    platform.do_freepublish_submit({"media_id": prepared["media_id"]})
    found = channel.poll(outcome.external)
    assert found.state is State.PUBLISHED
    assert found.external["msg_data_id"] == "2650177001"


def test_a_lost_answer_is_unknown_then_found_and_never_sent_again(
    channel, platform, payload, prepared
):
    platform.lose_answer(SUBMIT)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)
    outcome = channel.reconcile(payload, prepared)
    assert outcome.state is State.PUBLISHED
    assert outcome.external["article_id"] == "ARTICLE_1"
    assert platform.count(SUBMIT) == 1
    assert channel.poll(outcome.external).state is State.PUBLISHED


def test_a_request_that_never_arrived_may_be_sent_again(channel, platform, payload, prepared):
    platform.fail(SUBMIT, errcode=-1, errmsg="system error")
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)
    assert channel.reconcile(payload, prepared).state is State.NOT_FOUND


def test_a_consumed_draft_that_is_not_listed_yet_keeps_waiting(
    channel, platform, payload, prepared
):
    platform.drafts.clear()
    outcome = channel.reconcile(payload, prepared)
    assert outcome.state is State.WAITING
    assert channel.poll(outcome.external).state is State.WAITING


def test_an_older_article_with_the_same_title_is_not_taken_for_this_one(
    channel, platform, story, payload, prepared
):
    channel.submit(payload, prepared)
    again = channel.prepare(payload, pictures_of(story), {}, ignore)
    platform.drafts.clear()
    later = {**again, "drafted_at": 1750009999}
    assert channel.reconcile(payload, later).state is State.WAITING


def test_submitting_a_consumed_draft_is_unknown_not_an_editors_fault(channel, payload, prepared):
    channel.submit(payload, prepared)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)


def test_submit_refuses_content_that_was_not_prepared(channel, story, prepared):
    with pytest.raises(CallerBug):
        channel.submit(channel.render(story, Overrides(title="别的")), prepared)


def test_console_only_drafts_say_so(channel, platform, payload, prepared):
    platform.fail(SUBMIT, errcode=53505, errmsg="save manually first")
    with pytest.raises(NeedsConsole) as caught:
        channel.submit(payload, prepared)
    assert "手动保存" in caught.value.human


def test_an_answer_without_publish_id_is_unknown(channel, platform, payload, prepared):
    platform.fail(SUBMIT, errcode=0, errmsg="ok")
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)


def test_a_used_up_quota_says_until_when(channel, platform, payload, prepared):
    platform.fail(SUBMIT, errcode=45009, errmsg="reach max api daily quota limit")
    with pytest.raises(QuotaExceeded) as caught:
        channel.submit(payload, prepared)
    until = caught.value.until
    assert until is not None
    assert (until.hour, until.minute) == (0, 0)
    assert timedelta(0) < until - datetime.now(UTC) <= timedelta(days=1)


# --- withdrawing ----------------------------------------------------------------------------------


def test_withdraw_deletes_the_article_and_twice_is_harmless(channel, platform, payload, prepared):
    external = channel.poll(channel.submit(payload, prepared).external).external
    assert channel.withdraw(external).state is State.WITHDRAWN
    assert platform.published == []
    assert channel.withdraw(external).state is State.WITHDRAWN


def test_withdraw_while_publishing_asks_to_wait(channel, platform, payload, prepared):
    receipt = channel.submit(payload, prepared)
    platform.jobs["2247503001"]["status"] = 1
    assert channel.withdraw(receipt.external).state is State.WAITING


def test_withdraw_takes_a_draft_that_waits_for_a_person_out_of_the_box(
    channel, platform, payload, prepared
):
    platform.has_publish = False
    outcome = channel.submit(payload, prepared)
    assert channel.withdraw(outcome.external).state is State.WITHDRAWN
    assert platform.drafts == {}


# --- readers and figures --------------------------------------------------------------------------


@pytest.fixture
def target(channel, payload, prepared):
    return channel.poll(channel.submit(payload, prepared).external).external


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


def test_probe_tells_what_the_account_may_do(channel, platform):
    platform.has_publish = False
    platform.fail("/cgi-bin/comment/list", errcode=88000, errmsg="no privilege")
    found = channel.probe()
    assert found["account"] is found["draft"] is found["statistics"] is True
    assert "没有这个接口的权限" in found["publish"]
    assert found["withdraw"] == found["publish"]
    assert "没有留言功能" in found["comments"]


def test_probe_with_a_wrong_secret_says_so_for_everything(platform):
    account = Account(7, "wechat", "市总工会", "https://api.example.test", APP_ID, "wrong")
    with WeChatChannel(account, MemoryTokenStore(), platform.transport) as channel:
        found = channel.probe()
    assert len(set(found.values())) == 1
    assert "AppSecret" in found["account"]
