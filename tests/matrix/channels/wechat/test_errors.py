"""Each error code of the contract leads to the right action, and tells people what to do (§14)."""

import pickle
import re
from datetime import UTC, datetime, timedelta

import pytest

from cms.matrix.channels.base import CallerBug, ChannelError, OutcomeUnknown, Transient
from cms.matrix.channels.wechat.errors import RULES, error_for

from .. import codes

TABLE = codes.read("wechat")
RID = "686b9c63-71515ae1-3be2bce2"


@pytest.mark.parametrize(("code", "kind"), codes.classes(TABLE))
def test_each_code_has_the_class_that_says_what_to_do(code, kind):
    error = error_for(code, f"message hint: [bEsX5a085255-0] rid: {RID}")
    assert type(error) is kind
    assert (error.code, error.rid) == (code, RID)


@pytest.mark.parametrize(("code", "field"), codes.pairs(TABLE, "fields"))
def test_each_mistake_of_an_editor_names_its_field(code, field):
    assert error_for(code, "message").field == field


@pytest.mark.parametrize(("code", "seconds"), codes.pairs(TABLE, "retry_after"))
def test_what_passes_by_itself_says_when(code, seconds):
    assert error_for(code, "message").retry_after == int(seconds)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_sentence_says_what_happened_and_is_whole(code):
    human = error_for(code, "message").human
    assert re.search(r"[\u4e00-\u9fff]", human)
    assert human.endswith("。")
    assert not re.search(r"[{}!！]", human)


def test_an_unknown_code_is_reported_and_not_retried():
    error = error_for("99999", f"surprise rid: {RID}")
    assert isinstance(error, CallerBug)
    assert "99999" in error.human
    assert error.rid == RID
    assert error.retry_after is None


def test_busy_is_transient_for_a_read_and_unknown_for_an_effect():
    assert isinstance(error_for("-1", "busy"), Transient)
    assert isinstance(error_for("-1", "busy", effect=True), OutcomeUnknown)


@pytest.mark.parametrize("code", [str(code) for code in TABLE["QuotaExceeded"]])
def test_a_used_up_quota_says_until_when(code):
    until = error_for(code, "message").until
    longest = timedelta(days=31 if code == "48006" else 1)
    assert timedelta(0) < until - datetime.now(UTC) <= longest
    assert (until.hour, until.minute) == (0, 0)


@pytest.mark.parametrize(
    ("message", "address"),
    [
        (
            "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 1-2",
            "203.0.113.9",
        ),
        ("invalid ip 2001:db8::7, not in whitelist", "2001:db8::7"),
        ("not in whitelist", ""),
    ],
)
def test_the_whitelist_error_names_the_address_to_add(message, address):
    human = error_for("40164", message).human
    assert address in human
    assert "白名单" in human


def test_errors_survive_being_passed_between_processes():
    for code in RULES:
        error = error_for(code, "message")
        again = pickle.loads(pickle.dumps(error))
        assert isinstance(again, ChannelError)
        assert (again.args, type(again)) == (error.args, type(error))
