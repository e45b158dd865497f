"""A vote that counts once, and that nobody can tell whose it is.

docs/decisions/0015-secret-ballots.md says why the count is one row, why the right to vote is spent
by an insert, and why it is all one statement.
"""

import hashlib
import json
import logging
import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.interactions import tally
from cms.interactions.answers import Answer, Asked, read
from cms.interactions.models import Ballot, ModerationItem, PollPage, Receipt, Tally, Turnout
from cms.interactions.services.queue import item_register
from cms.interactions.small import LEAST, Lag, View
from cms.members.models import User
from cms.members.selectors import why_not_speak
from cms.news import pagecache

log = logging.getLogger(__name__)
#: No 0 O 1 I L: read out on the telephone, typed on a phone.
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10


def why_not_vote(user: User) -> str:
    """Why `user` may not vote anywhere, in words for the voter; "" when nothing forbids it.

    后台实名: one phone number is one person, so that one person is one vote. Who may not write for
    a while may still vote: a moderator takes nobody's vote away.
    """
    return why_not_speak(user)


def ballot_cast(
    *,
    user: User,
    poll: PollPage,
    option_ids: Iterable = (),
    scores: Mapping | None = None,
    text: str = "",
    source: str = "site",
) -> str:
    """Count one person's vote; returns the code of the receipt, which is kept nowhere.

    `option_ids` are in order for a ranked poll; `scores`: option id → points. Raises
    ValidationError, in words for the voter, when it does not count: the poll is not open, the
    answer is not allowed, the person may not vote or has voted before.
    """
    _check_open(poll)
    if reason := why_not_vote(user):
        raise ValidationError(reason, code="inactive")
    answer = read(poll, _ids(poll), Asked.of(option_ids, scores, text))
    code = _new_code()
    counted = _count_once(poll, user, answer, source, receipt_digest(poll.pk, code))
    if counted is None:
        raise ValidationError(_("您已经投过票了，每人一票。"), code="voted")
    if counted.is_due:
        _step_if_it_can(poll)
    return code


def _check_open(poll: PollPage) -> None:
    if not poll.live or poll.state == PollPage.State.CLOSED:
        raise ValidationError(_("投票已经结束。"), code="closed")
    if poll.state == PollPage.State.NOT_OPEN:
        raise ValidationError(_("投票还没有开始。"), code="not_open")


def _ids(poll: PollPage) -> dict[str, int]:
    """The options of `poll`, id as text → id."""
    return {str(pk): pk for _text, pk in tally.options_of(poll)}


def _new_code() -> str:
    """Random, in two groups: "7KQ2M-XW9RD"."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def receipt_digest(poll_id: int, code: str) -> str:
    """The hash that is kept of a code: SHA-256 of "<poll>:<CODE>", so that anybody can work it out.

    Typing it in small letters or without the dash makes no difference.
    """
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(f"{poll_id}:{plain}".encode()).hexdigest()


# --- Counting ------------------------------------------------------------------------------------

# The count is written without being read: each named cell is one more than whatever it was.
_POSTGRES = """
WITH spent AS (
    INSERT INTO interactions_turnout (poll_id, user_id)
    SELECT poll_id, %(user)s FROM interactions_tally WHERE poll_id = %(poll)s
    ON CONFLICT DO NOTHING RETURNING poll_id
), receipt AS (
    INSERT INTO interactions_receipt (digest, poll_id) SELECT %(digest)s, poll_id FROM spent
), ballot AS (
    INSERT INTO interactions_ballot (poll_id, user_id, answers, source, cast_at)
    SELECT poll_id, %(user)s, %(kept)s::jsonb, %(source)s, %(now)s FROM spent WHERE %(named)s
)
UPDATE interactions_tally AS tally SET
    ballots = ballots + 1,
    cells = cells || (
        SELECT jsonb_object_agg(cell, COALESCE((cells ->> cell)::int, 0) + 1)
        FROM jsonb_array_elements_text(%(cells)s::jsonb) AS cell),
    answers = (
        SELECT COALESCE(jsonb_agg(text ORDER BY text), '[]') FROM (
            SELECT jsonb_array_elements_text(answers) AS text
            UNION ALL SELECT jsonb_array_elements_text(%(texts)s::jsonb)) AS texts)
FROM spent WHERE tally.poll_id = spent.poll_id
RETURNING ballots, COALESCE((next ->> 'ballots')::int, 0)
"""
_SQLITE_SPEND = """
INSERT OR IGNORE INTO interactions_turnout (poll_id, user_id)
SELECT poll_id, %(user)s FROM interactions_tally WHERE poll_id = %(poll)s
"""
_SQLITE_COUNT = """
UPDATE interactions_tally SET
    ballots = ballots + 1,
    cells = json_patch(cells, (
        SELECT json_group_object(value, COALESCE(cells ->> ('$."' || value || '"'), 0) + 1)
        FROM json_each(%(cells)s))),
    answers = (
        SELECT json_group_array(text) FROM (
            SELECT value AS text FROM json_each(answers)
            UNION ALL SELECT value FROM json_each(%(texts)s) ORDER BY 1))
WHERE poll_id = %(poll)s
RETURNING ballots, COALESCE(next ->> '$.ballots', 0)
"""
_SQLITE_RECEIPT = "INSERT INTO interactions_receipt (digest, poll_id) VALUES (%(digest)s, %(poll)s)"


@dataclass(frozen=True)
class _Counted:
    ballots: int
    next_ballots: int

    @property
    def is_due(self) -> bool:
        return Lag(next=View(self.next_ballots)).is_due(self.ballots)


def _count_once(poll, user, answer: Answer, source: str, digest: str) -> _Counted | None:
    """Spend this person's right to vote and count the answer; None when it was spent before."""
    now = timezone.now()
    vote = {
        "user": user.pk,
        "poll": poll.pk,
        "digest": digest,
        "named": poll.secrecy == PollPage.Secrecy.NAMED,
        "cells": json.dumps([*answer.cells, day_cell(now, source)]),
        "texts": json.dumps([answer.text] if answer.text else []),
        "kept": json.dumps(answer.kept),
        "source": source[:20],
        "now": now,
    }
    row = (
        _count_on_postgres(vote) if connection.vendor == "postgresql" else _count_here(vote, answer)
    )
    return row and _Counted(*row)


def _count_on_postgres(vote: dict) -> tuple | None:
    """One statement and one round trip: the row is locked only while the server works."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES, vote)
        return cursor.fetchone()


def _count_here(vote: dict, answer: Answer) -> tuple | None:
    """SQLite writes for one at a time, and no round trip lies between the statements."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SQLITE_SPEND, vote)
        if cursor.rowcount != 1:
            return None
        cursor.execute(_SQLITE_COUNT, vote)
        row = cursor.fetchone()
        cursor.execute(_SQLITE_RECEIPT, vote)
        if vote["named"]:
            Ballot.objects.bulk_create(
                [
                    Ballot(
                        poll_id=vote["poll"],
                        user_id=vote["user"],
                        answers=answer.kept,
                        source=vote["source"],
                        cast_at=vote["now"],
                    )
                ]
            )
        return row


def day_cell(moment: datetime, source: str) -> str:
    return f"{tally.DAY}{timezone.localdate(moment)}/{source[:20]}"


def _step_if_it_can(poll: PollPage) -> None:
    """The vote is counted and its receipt must reach the voter: what goes wrong here is made up
    for by the next vote, which finds the step still due."""
    try:
        _step(poll)
    except DatabaseError:
        log.exception("The next view of poll %s could not be shown", poll.pk)


@transaction.atomic
def _step(poll: PollPage) -> None:
    """Show the next view, if it is still due: two votes may have found it so."""
    count = Tally.objects.select_for_update().get(poll=poll.pk)
    if _advance(count):
        Tally.objects.filter(poll=poll.pk).update(shown=count.shown, next=count.next)
        pagecache.touch(f"poll:{poll.pk}")


def _advance(count: Tally) -> bool:
    before = tally.lag_of(count)
    after = before.step(View(count.ballots, count.cells))
    count.shown = {"ballots": after.shown.ballots, "cells": dict(after.shown.cells)}
    count.next = {"ballots": after.next.ballots, "cells": dict(after.next.cells)}
    return after is not before


# --- Many at once --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vote:
    """One vote of a batch, valid for its poll."""

    user: User
    asked: Asked
    cast_at: datetime
    source: str = "site"


@transaction.atomic
def ballots_count(*, poll: PollPage, votes: Iterable[Vote]) -> int:
    """Count votes that were given elsewhere (the demo, paper), as if cast one after the other.

    Leaves out people who have voted; returns how many were counted. Raises ValidationError as
    `ballot_cast` for an answer that is not allowed; whether the poll is open is not asked.
    """
    count = Tally.objects.select_for_update().get(poll=poll.pk)
    spent = set(Turnout.objects.filter(poll=poll.pk).values_list("user_id", flat=True))
    there = _ids(poll)
    batch = _Batch(poll, Counter(count.cells), list(count.answers))
    for vote in votes:
        if vote.user.pk in spent:
            continue
        spent.add(vote.user.pk)
        batch.take(vote, read(poll, there, vote.asked))
        count.ballots += 1
        count.cells = dict(batch.cells)
        _advance(count)
    count.answers = sorted(batch.texts)
    count.save()
    batch.save()
    pagecache.touch(f"poll:{poll.pk}")
    return len(batch.turnout)


@dataclass
class _Batch:
    poll: PollPage
    cells: Counter
    texts: list[str]
    turnout: list[Turnout] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)

    def take(self, vote: Vote, answer: Answer) -> None:
        poll, user = self.poll.pk, vote.user.pk
        self.cells.update([*answer.cells, day_cell(vote.cast_at, vote.source)])
        self.texts += [answer.text] if answer.text else []
        self.turnout.append(Turnout(poll_id=poll, user_id=user))
        self.receipts.append(Receipt(poll_id=poll, digest=receipt_digest(poll, _new_code())))
        if self.poll.secrecy == PollPage.Secrecy.NAMED:
            self.ballots.append(
                Ballot(
                    poll_id=poll, user_id=user, answers=answer.kept,
                    source=vote.source, cast_at=vote.cast_at,
                )
            )  # fmt: skip

    def save(self) -> None:
        Turnout.objects.bulk_create(self.turnout)
        Receipt.objects.bulk_create(self.receipts)
        Ballot.objects.bulk_create(self.ballots)


# --- Texts ---------------------------------------------------------------------------------------


@transaction.atomic
def answers_release(*, poll: PollPage) -> int:
    """Hand texts to the moderators, LEAST or more at once and in no order; returns how many.

    While the poll is open LEAST of them, drawn by lot, always stay behind: they hide those who come
    last. When it has closed all go, unless they are fewer than LEAST in all.
    """
    count = Tally.objects.select_for_update().get(poll=poll.pk)
    texts = list(count.answers)
    secrets.SystemRandom().shuffle(texts)
    stay = 0 if poll.state == PollPage.State.CLOSED else LEAST
    handed, kept = texts[stay:], texts[:stay]
    if len(handed) < LEAST:
        return 0
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for text in handed:
        item_register(
            origin=f"{tally.ANSWER}{uuid.uuid4().hex}",
            source=ModerationItem.Source.POLL,
            story_id=poll.pk,
            union=poll.union,
            author_name="",
            author_key="",
            text=text,
            said_at=midnight,
        )
    Tally.objects.filter(poll=poll.pk).update(answers=sorted(kept))
    return len(handed)


def answers_release_due() -> int:
    """Release for every poll with enough texts; returns how many texts went to the moderators."""
    polls = PollPage.objects.filter(choice=PollPage.Choice.TEXT).exclude(tally__answers=[])
    return sum(answers_release(poll=poll) for poll in polls)
