"""What docs/decisions/0015-secret-ballots.md promises, tried by an attacker and by a rush."""

import hashlib
import random
from collections import Counter
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from cms.interactions import selectors
from cms.interactions.models import PollOption, Receipt, Tally, Turnout
from cms.interactions.services import ballot_cast, receipt_digest
from cms.members.models import Consent, User
from cms.members.services import consent_give
from tests.factories import make_poll, make_site, make_user

VOTERS = 1000
WEIGHTS = (50, 30, 15, 5)


def ids(poll):
    return list(PollOption.objects.filter(poll=poll.pk).order_by("pk").values_list("pk", flat=True))


# --- Nobody can tell whose a vote was ------------------------------------------------------------


def stolen_rows() -> dict[str, list[tuple]]:
    """Every row of every table, in the order of storage, with what the database adds to it."""
    place = "xmin::text, ctid::text" if connection.vendor == "postgresql" else "NULL, rowid"
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            try:
                cursor.execute(f'SELECT {place}, * FROM "{name}" ORDER BY 2')
            except OperationalError:  # A table of an index, or without rowid.
                cursor.execute(f'SELECT NULL, NULL, * FROM "{name}"')
            found[name] = cursor.fetchall()
    return found


def stolen_sequences() -> list[tuple]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        else:
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=connection.vendor == "postgresql", serialized_rollback=True)
def test_whoever_has_the_whole_database_and_all_logs_guesses_no_better_than_the_tally():
    poll = make_poll(make_site().section, options=("甲", "乙", "丙", "丁"))
    options = ids(poll)
    people = User.objects.bulk_create(
        User(username=f"voter-{n}", phone=f"137{n:08d}", phone_verified_at=timezone.now())
        for n in range(VOTERS)
    )
    for user in people:
        consent_give(user=user, kind=Consent.Kind.RULES)
    chance = random.Random(15)
    sequences, before = stolen_sequences(), stolen_rows()
    log, truth, codes = [], {}, {}
    for user in chance.sample(people, VOTERS):
        choice = chance.choices(options, WEIGHTS)[0]
        codes[user.pk] = ballot_cast(user=user, poll=poll, option_ids=[choice])
        log.append((timezone.now(), user.pk))  # The access log: who voted when, and in which order.
        truth[user.pk] = choice
    rows = stolen_rows()
    assert stolen_sequences() == sequences

    tally = Tally.objects.get(poll=poll.pk)
    counts = {pk: tally.cells.get(str(pk), 0) for pk in options}
    assert sum(counts.values()) == tally.ballots == VOTERS
    best_guess = max(counts.values()) / VOTERS

    # Only one row anywhere knows options with numbers; it is the same for all.
    assert len(rows["interactions_tally"]) == 1
    assert rows["interactions_ballot"] == []
    turnout, receipts = rows["interactions_turnout"], rows["interactions_receipt"]
    columns = [
        field.column for field in apps.get_model("interactions.Turnout")._meta.concrete_fields
    ]
    assert columns == ["poll_id", "user_id"]

    guesses = {
        "order of rows": [row[-1] for row in turnout],
        "order of the log": [user for _moment, user in log],
        "order of receipts": [person_of(row, codes, poll) for row in receipts],
        "transactions": [person_of(row, codes, poll) for row in sorted(receipts, key=str)],
    }
    most_likely = sorted(options, key=counts.get, reverse=True)
    ordered = [option for option in most_likely for _vote in range(counts[option])]
    for way, voters in guesses.items():
        assert set(voters) == set(truth), way
        hits = sum(truth[user] == option for user, option in zip(voters, ordered, strict=True))
        expected = sum((number / VOTERS) ** 2 for number in counts.values())
        # Four standard deviations of so many guesses.
        assert abs(hits / VOTERS - expected) < 4 * (0.25 / VOTERS) ** 0.5, way
        assert hits / VOTERS < best_guess, way

    # The transaction that last wrote the count names the last voter at most, and no choice.
    if connection.vendor == "postgresql":
        written = [row for row in turnout if row[0] == rows["interactions_tally"][0][0]]
        assert {row[-1] for row in written} <= {log[-1][1]}

    # A receipt's hash is of the poll and the code: no choice hashed with it fits.
    digests = set(Receipt.objects.values_list("digest", flat=True))
    user = log[0][1]
    for option in options:
        for text in (f"{poll.pk}:{codes[user]}:{option}", f"{codes[user]}{option}"):
            assert hashlib.sha256(text.encode()).hexdigest() not in digests

    # No other table tells a person's choice: none grew with the votes.
    grown = {name for name, found in rows.items() if len(found) > len(before[name])}
    assert grown == {"interactions_turnout", "interactions_receipt"}


def person_of(row, codes, poll):
    """Whose receipt a row is: the attacker may know, for he may have seen all codes."""
    if not hasattr(person_of, "known") or person_of.known[0] != poll.pk:
        owners = {receipt_digest(poll.pk, code): user for user, code in codes.items()}
        person_of.known = poll.pk, owners
    return next(person_of.known[1][cell] for cell in row[2:] if cell in person_of.known[1])


# --- Each counts once ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_rush_of_people_who_all_vote_twice_is_counted_exactly():
    poll = make_poll(make_site().section, secrecy="named")
    options, people = ids(poll), [make_user() for _person in range(12)]
    votes = [(user, option) for user in people for option in options[:2]]
    random.Random(3).shuffle(votes)
    start, results = Barrier(8), Counter()

    def cast(mine):
        start.wait()
        for user, option in mine:
            while True:
                try:
                    ballot_cast(user=user, poll=poll, option_ids=[option])
                    results["counted"] += 1
                except ValidationError as refused:
                    results[refused.code] += 1
                except OperationalError:
                    # A database in memory refuses where a real one lets the second writer wait.
                    continue
                break
        connections.close_all()

    threads = [Thread(target=cast, args=[votes[n::8]]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {"counted": 12, "voted": 12}
    assert Turnout.objects.count() == 12
    recount = selectors.recount(poll)
    assert (recount.turnout, recount.ballots, recount.receipts) == (12, 12, 12)
    assert recount.agrees


# --- Votes from before ---------------------------------------------------------------------------

BEFORE = [("interactions", "0003_moderationitem_marks"), ("topics", "0001_initial")]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_votes_from_before_become_counts_and_their_links_go():
    poll, people = make_poll(make_site().section), [make_user() for _person in range(7)]
    options = ids(poll)
    executor = MigrationExecutor(connection)
    try:
        executor.migrate(BEFORE)
        old = MigrationExecutor(connection).loader.project_state(BEFORE).apps
        for place, user in enumerate(people):
            ballot = old.get_model("interactions", "Ballot").objects.create(
                poll_id=poll.pk, user_id=user.pk, source="wechat"
            )
            old.get_model("interactions", "BallotChoice").objects.create(
                ballot=ballot, option_id=options[place % 2]
            )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    tally = Tally.objects.get(poll=poll.pk)
    day = f"@{timezone.localdate()}/wechat"
    assert tally.cells == {str(options[0]): 4, str(options[1]): 3, day: 7}
    assert selectors.recount(poll).agrees
    with pytest.raises(ValidationError, match="您已经投过票了"):
        ballot_cast(user=people[0], poll=poll, option_ids=options[:1])
    tables = connection.introspection.table_names()
    assert "interactions_ballotchoice" not in tables
