"""群发: sent at most once by its key, followed, withdrawn, previewed (contract §8)."""

from datetime import UTC, datetime

import pytest

from cms.matrix.channels.base import (
    CallerBug,
    ContentRejected,
    Outcome,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExceeded,
    Receipt,
    State,
    Transient,
    Way,
)
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel
from cms.matrix.channels.wechat.errors import BEIJING, next_month, tomorrow

from ..stories import pictures_of
from .conftest import ignore, make_account

SENDALL = "/cgi-bin/message/mass/sendall"
DELETE = "/cgi-bin/message/mass/delete"


@pytest.fixture
def sent(channel, payload, prepared):
    """The external ids of a story that was accepted for sending."""
    return channel.submit(payload, prepared, Way.MASS).external


def test_it_goes_to_all_followers_under_the_deliverys_key(channel, platform, sent):
    (job,) = platform.mass.values()
    assert list(platform.mass) == ["rongmei-1-0"]
    assert job["filter"] == {"is_to_all": True}
    assert (sent["msg_id"], sent["msg_data_id"]) == ("34182", "206227730")
    assert platform.drafts == {}


def test_it_goes_to_one_tag_where_the_account_names_one(platform, payload, prepared):
    account = make_account(mass_tag_id="2")
    with WeChatChannel(account, MemoryTokenStore(), platform.transport) as channel:
        channel.submit(payload, prepared, Way.MASS)
    assert platform.mass["rongmei-1-0"]["filter"] == {"is_to_all": False, "tag_id": 2}


def test_publishing_without_a_push_never_uses_mass_send(channel, platform, payload, prepared):
    channel.submit(payload, prepared, Way.PUBLISH)
    assert platform.count(SENDALL) == 0


def test_a_known_key_is_the_success_of_the_first_time(channel, platform, payload, prepared, sent):
    again = channel.submit(payload, prepared, Way.MASS)
    assert isinstance(again, Receipt)
    assert again.external == sent
    assert len(platform.mass) == 1


@pytest.mark.parametrize("key", ["", "k" * 33, "编号" * 6])
def test_without_a_usable_key_nothing_is_sent(channel, platform, payload, prepared, key):
    with pytest.raises(CallerBug):
        channel.submit(payload, {**prepared, "key": key}, Way.MASS)
    assert platform.count(SENDALL) == 0


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SEND_SUCCESS", State.PUBLISHED),
        ("SENDING", State.WAITING),
        ("SEND_FAIL", State.FAILED),
        ("DELETE", State.WITHDRAWN),
        ("SOMETHING_NEW", State.WAITING),
    ],
)
def test_each_status_of_a_sending_has_its_state(channel, platform, sent, status, state):
    platform.mass_status = status
    outcome = channel.poll(sent)
    assert outcome.state is state
    assert outcome.reason or state is State.PUBLISHED
    assert outcome.external["msg_data_id"] == "206227730"


# --- lost answers ---------------------------------------------------------------------------------


def test_a_lost_answer_is_looked_up_by_the_same_key_and_never_sent_twice(
    channel, platform, payload, prepared
):
    platform.lose_answer(SENDALL)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared, Way.MASS)
    found = channel.reconcile(payload, prepared, Way.MASS)
    assert found.state is State.PUBLISHED
    assert found.external["msg_id"] == "34182"
    assert len(platform.mass) == 1


def test_a_request_that_never_arrived_left_the_draft_where_it_was(
    channel, platform, payload, prepared
):
    platform.fail(SENDALL, errcode=-1, errmsg="system error")
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared, Way.MASS)
    assert channel.reconcile(payload, prepared, Way.MASS).state is State.NOT_FOUND
    assert platform.count(SENDALL) == 1, "a look with the draft in the box sends nothing"


@pytest.mark.parametrize("code", [40007, 45028, 48001, 89504])
def test_what_the_key_does_not_tell_a_person_has_to(channel, platform, payload, prepared, code):
    platform.drafts.clear()
    platform.fail(SENDALL, errcode=code, errmsg="no")
    found = channel.reconcile(payload, prepared, Way.MASS)
    assert found.state is State.MANUAL
    assert "不要再发" in found.reason
    assert found.external["draft_gone"] is True


@pytest.mark.parametrize(("code", "kind"), [(45009, QuotaExceeded), (45066, Transient)])
def test_a_look_that_could_not_be_made_is_made_again(
    channel, platform, payload, prepared, code, kind
):
    platform.drafts.clear()
    platform.fail(SENDALL, errcode=code, errmsg="later")
    with pytest.raises(kind):
        channel.reconcile(payload, prepared, Way.MASS)


def test_a_consumed_draft_is_unknown_not_an_editors_fault(channel, platform, payload, prepared):
    platform.drafts.clear()
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared, Way.MASS)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "end"), [("", tomorrow), ("subscription", tomorrow), ("service", next_month)]
)
def test_no_sending_left_waits_for_the_next_period(platform, payload, prepared, kind, end):
    account = make_account(kind=kind)
    platform.fail(SENDALL, errcode=45028, errmsg="has no masssend quota")
    with (
        WeChatChannel(account, MemoryTokenStore(), platform.transport) as channel,
        pytest.raises(QuotaExceeded) as caught,
    ):
        channel.submit(payload, prepared, Way.MASS)
    assert caught.value.until == end(datetime.now(UTC))
    assert "改用" in caught.value.human


@pytest.mark.parametrize(
    ("now", "day", "month"),
    [
        ("2026-01-31T23:30:00+08:00", "2026-02-01", "2026-02-01"),
        ("2026-12-05T01:00:00+08:00", "2026-12-06", "2027-01-01"),
        ("2026-02-28T17:00:00+00:00", "2026-03-02", "2026-04-01"),
    ],
)
def test_days_and_months_end_at_midnight_in_beijing(now, day, month):
    moment = datetime.fromisoformat(now)
    assert tomorrow(moment) == datetime.fromisoformat(day).replace(tzinfo=BEIJING)
    assert next_month(moment) == datetime.fromisoformat(month).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("code", "words"),
    [(89504, "管理员"), (89505, "超时"), (48021, "手动保存"), (40152, "标签"), (48001, "手动群发")],
)
def test_what_only_a_person_can_send_waits_for_one_with_its_draft(
    channel, platform, payload, prepared, code, words
):
    platform.fail(SENDALL, errcode=code, errmsg="a person is needed")
    outcome = channel.submit(payload, prepared, Way.MASS)
    assert isinstance(outcome, Outcome)
    assert outcome.state is State.MANUAL
    assert words in outcome.reason
    assert channel.poll(outcome.external).reason == outcome.reason
    platform.drafts.clear()
    assert channel.poll(outcome.external).external["draft_gone"] is True


# --- withdrawing ----------------------------------------------------------------------------------


def test_withdrawing_makes_the_page_unreadable_and_twice_is_harmless(channel, platform, sent):
    assert channel.withdraw(sent).state is State.WITHDRAWN
    assert platform.mass_status == "DELETE"
    assert channel.withdraw(sent).state is State.WITHDRAWN
    assert platform.count(DELETE) == 1


def test_a_lost_answer_to_a_withdrawal_is_settled_by_asking_again(channel, platform, sent):
    platform.lose_answer(DELETE)
    with pytest.raises(OutcomeUnknown):
        channel.withdraw(sent)
    assert channel.withdraw(sent).state is State.WITHDRAWN
    assert platform.count(DELETE) == 1


def test_withdrawing_while_it_is_being_sent_asks_to_wait(channel, platform, sent):
    platform.mass_status = "SENDING"
    assert channel.withdraw(sent).state is State.WAITING
    assert platform.count(DELETE) == 0


@pytest.mark.parametrize("code", [40059, 40065, 48001])
def test_what_the_platform_will_not_delete_a_person_deletes(channel, platform, sent, code):
    platform.fail(DELETE, errcode=code, errmsg="no")
    outcome = channel.withdraw(sent)
    assert outcome.state is State.MANUAL
    assert "后台" in outcome.reason


def test_withdrawing_what_was_never_sent_empties_the_draft_box(
    channel, platform, payload, prepared
):
    platform.fail(SENDALL, errcode=89504, errmsg="wait for confirmation")
    waiting = channel.submit(payload, prepared, Way.MASS)
    assert channel.withdraw(waiting.external).state is State.WITHDRAWN
    assert platform.drafts == {}


# --- previewing -----------------------------------------------------------------------------------


def test_a_preview_goes_to_one_reader_and_leaves_the_draft(channel, platform, story, payload):
    channel.preview(payload, pictures_of(story), {}, ignore, "bianji_li")
    ((media_id, _article),) = platform.drafts.items()
    assert platform.previews == [
        {"towxname": "bianji_li", "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    ]


@pytest.mark.parametrize(
    ("code", "kind"),
    [(48001, PermissionMissing), (40132, ContentRejected), (45009, QuotaExceeded)],
)
def test_a_preview_that_is_refused_says_why(channel, platform, story, payload, code, kind):
    platform.fail("/cgi-bin/message/mass/preview", errcode=code, errmsg="no")
    with pytest.raises(kind) as caught:
        channel.preview(payload, pictures_of(story), {}, ignore, "nobody")
    assert caught.value.human


def test_a_preview_without_an_answer_asks_to_try_again(channel, platform, story, payload):
    platform.lose_answer("/cgi-bin/message/mass/preview")
    with pytest.raises(Transient) as caught:
        channel.preview(payload, pictures_of(story), {}, ignore, "bianji_li")
    assert "再点一次" in caught.value.human
