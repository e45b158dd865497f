"""While somebody floods, a comment costs its sender's machine some work; otherwise nothing."""

import json

import pytest
from altcha import PayloadV1, solve_challenge_v1
from django.urls import reverse

from cms.interactions import challenge
from cms.interactions.forms import CommentForm
from cms.interactions.models import DeskSettings, ModerationItem
from tests.factories import committed

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(db):
    with committed():
        DeskSettings(challenge="on").save()


def solution_of(asked: dict) -> str:
    solved = solve_challenge_v1(
        asked["challenge"], asked["salt"], asked["algorithm"], asked["maxNumber"]
    )
    return PayloadV1(
        asked["algorithm"], asked["challenge"], solved.number, asked["salt"], asked["signature"]
    ).to_base64()


def post(client, story, text, **extra):
    data = {**CommentForm(story).generate_security_data(), "comment": text, **extra}
    return client.post(reverse("interactions:comments", args=[story.pk]), data)


def test_nobody_is_asked_in_quiet_times(client, story, worker):
    client.force_login(worker)
    assert "data-challenge" not in client.get(story.url).content.decode()
    assert post(client, story, "平常时候的一句话").status_code == 302


def test_flood_turns_it_on_for_everybody(client, story, worker):
    for _refusal in range(challenge.ATTACK):
        challenge.note_abuse()
    client.force_login(worker)
    refused = post(client, story, "刷屏时候的一句话")
    assert refused.status_code == 422
    assert "刷屏时候的一句话" in refused.content.decode()
    assert "data-challenge" in refused.content.decode()


def test_solution_counts_once(asked, client, story, worker):
    client.force_login(worker)
    solution = solution_of(json.loads(CommentForm(story).sum_to_solve))
    assert post(client, story, "算出来才发的话", solution=solution).status_code == 302
    assert post(client, story, "同一个答案再用一次", solution=solution).status_code == 422
    assert ModerationItem.objects.count() == 1


@pytest.mark.parametrize("solution", ["", "x", "e30=", "W10=", "MQ==", "bnVsbA==", "x" * 5000])
def test_nonsense_is_no_solution(asked, client, story, worker, solution):
    client.force_login(worker)
    assert post(client, story, "没有算过的话", solution=solution).status_code == 422
