"""Each error code of the contract leads to the right action, and tells people what to do (§18)."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from cms.matrix.channels.base import CallerBug, OutcomeUnknown, Transient
from cms.matrix.channels.weibo.errors import RULES, error_for

from .. import codes

TABLE = codes.read("weibo")


@pytest.mark.parametrize(("code", "kind"), codes.classes(TABLE))
def test_each_code_has_the_class_that_says_what_to_do(code, kind):
    error = error_for(code, "message")
    assert type(error) is kind
    assert error.code == code


@pytest.mark.parametrize("code", [str(code) for code in TABLE["unsure"]])
def test_a_busy_platform_is_transient_for_a_read_and_unknown_for_an_effect(code):
    assert type(error_for(code, "system error")) is Transient
    assert type(error_for(code, "system error", effect=True)) is OutcomeUnknown


@pytest.mark.parametrize(("code", "field"), codes.pairs(TABLE, "fields"))
def test_each_mistake_of_an_editor_names_its_field(code, field):
    assert error_for(code, "message").field == field


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_sentence_says_what_happened_and_is_whole(code):
    human = error_for(code, "message").human
    assert re.search(r"[\u4e00-\u9fff]", human)
    assert human.endswith("。")
    assert not re.search(r"[{}!！]", human)


@pytest.mark.parametrize("code", [str(code) for code in TABLE["QuotaExceeded"]])
def test_a_used_up_quota_waits_an_hour(code):
    left = error_for(code, "message").until - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_an_unknown_code_is_reported_and_not_retried():
    error = error_for("77777", "new")
    assert isinstance(error, CallerBug)
    assert "77777" in error.human
    assert error.retry_after is None
