"""The labelled sentences of the language room through the whole desk: handed in by as many workers,
kept as items, shown in the queue. What the matcher finds must reach the moderator's eye, and
nothing else may raise an alarm."""

import json
import re
from collections import defaultdict
from html import unescape
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from cms.interactions.admin import desk
from cms.interactions.models import ModerationItem
from cms.interactions.services import comment_submit
from cms.members import rules
from cms.members.models import Consent, User
from tests.factories import make_story

LABELLED = Path(__file__).resolve().parents[1] / "search" / "data" / "moderation.jsonl"
BLOCKED = "blocked"
Level = ModerationItem.Level
#: Shares that are refused or held, and that are at least marked. Measured on 2026-11-26: plain
#: .955 and 1.0, disguised .957 and .957; nothing of the legitimate.
HELD = {"plain": 0.95, "disguised": 0.95}
NOTICED = {"plain": 1.0, "disguised": 0.95}


def sentences() -> list[dict]:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    return [{**row, "kind": kind_of(row)} for row in rows]


def kind_of(row) -> str:
    if row["label"] == "ok":
        return "legitimate"
    return "disguised" if row["disguise"] else "plain"


def as_many_workers(number: int, now) -> list[User]:
    people = User.objects.bulk_create(
        User(username=f"w-{n}", phone=f"136{n:08d}", nickname=f"职工{n}", phone_verified_at=now)
        for n in range(number)
    )
    Consent.objects.bulk_create(
        Consent(user=user, kind=Consent.Kind.RULES, version=rules.VERSION) for user in people
    )
    return people


def hand_in(worker, story, text):
    """The item, or BLOCKED when its author was refused, or asked, at once."""
    try:
        return comment_submit(user=worker, page=story, text=text, numbers="hide").item
    except ValidationError as refused:
        if refused.code != "watched":
            raise
        return BLOCKED


@pytest.mark.django_db
def test_labelled_sentences_reach_the_moderators_eye_and_raise_no_false_alarm(
    newsroom, client, monkeypatch
):
    rows = sentences()
    story = make_story(newsroom.section)
    workers = as_many_workers(len(rows), timezone.now())
    for row, worker in zip(rows, workers, strict=True):
        row["item"] = hand_in(worker, story, row["text"])

    caught: dict[str, list[bool]] = defaultdict(list)
    noticed: dict[str, list[bool]] = defaultdict(list)
    wrong, missed = [], []
    for row in rows:
        item = row["item"]
        held = item == BLOCKED or item.level == Level.HOLD
        seen = item == BLOCKED or item.level > Level.CLEAR
        caught[row["kind"]].append(held)
        noticed[row["kind"]].append(seen)
        if row["kind"] == "legitimate" and held:
            hints = [] if item == BLOCKED else item.hints
            wrong.append((row["text"], hints))
        if row["kind"] != "legitimate" and not seen:
            missed.append(row["text"])
    told = {
        kind: {
            "sentences": len(caught[kind]),
            "blocked_or_held": round(sum(caught[kind]) / len(caught[kind]), 4),
            "noticed": round(sum(noticed[kind]) / len(noticed[kind]), 4),
        }
        for kind in caught
    }
    told["blocked"] = sum(row["item"] == BLOCKED for row in rows)
    print(json.dumps(told, ensure_ascii=False))
    print("missed", missed)
    print("wrong", wrong)

    # What the queue shows is what was found: each held row says why, no clear row says anything.
    monkeypatch.setattr(desk, "PER_PAGE", len(rows))
    client.force_login(newsroom.moderator)
    page = client.get(reverse("interactions_queue")).content.decode()
    shown = queue_rows(page)
    items = {row["item"].pk: row for row in rows if row["item"] != BLOCKED}
    assert len(shown) >= len(items) * 0.98  # Equal words stand in one row.
    for pk, html in shown.items():
        item = items[pk]["item"]
        assert ("<mark" in html) == bool(item.marks), item.text
        plain = unescape(re.sub(r"<[^>]+>", "", html))
        assert "".join(item.text.split()) in "".join(plain.split()), item.text
    assert not wrong, told
    for kind in HELD:
        assert told[kind]["blocked_or_held"] >= HELD[kind], (told, missed)
        assert told[kind]["noticed"] >= NOTICED[kind], (told, missed)


def queue_rows(page: str) -> dict[int, str]:
    """Item id → the HTML of its row."""
    parts = re.split(r'<tr[^>]*\bdata-item="(\d+)"', page)
    return {
        int(pk): html.split("</tr>")[0] for pk, html in zip(parts[1::2], parts[2::2], strict=True)
    }
