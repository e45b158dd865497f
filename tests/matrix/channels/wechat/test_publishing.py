"""发布 and what becomes of it, lost answers and withdrawal (contract §7)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.matrix.channels.base import (
    CallerBug,
    Outcome,
    OutcomeUnknown,
    Overrides,
    QuotaExceeded,
    Receipt,
    State,
)

from ..stories import pictures_of
from .conftest import ignore

SUBMIT = "/cgi-bin/freepublish/submit"


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
    assert not channel.poll(outcome.external).external.get("draft_gone")
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


@pytest.mark.parametrize(
    ("code", "words"), [(53503, "检查"), (53504, "手动发表"), (53505, "手动保存")]
)
def test_drafts_that_only_a_person_can_publish_wait_for_one(
    channel, platform, payload, prepared, code, words
):
    platform.fail(SUBMIT, errcode=code, errmsg="use the console rid: 1-2-3")
    outcome = channel.submit(payload, prepared)
    assert outcome.state is State.MANUAL
    assert words in outcome.reason
    assert (outcome.external["code"], outcome.external["rid"]) == (str(code), "1-2-3")
    # The draft is followed like one of an account without the publishing interface.
    assert channel.poll(outcome.external).reason == outcome.reason
    platform.do_freepublish_submit({"media_id": prepared["media_id"]})
    assert channel.poll(outcome.external).state is State.PUBLISHED


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
