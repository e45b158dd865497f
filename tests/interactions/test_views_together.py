"""All views of one poll held against each other, at every moment: page, report, ledger and file."""

import csv
import io
from itertools import pairwise
from random import Random

import pytest
from django.urls import reverse

from cms.interactions import selectors
from cms.interactions.models import PollOption
from cms.interactions.services import ballot_cast
from cms.interactions.small import LEAST
from cms.members.models import Role
from tests.factories import close_poll, grant, make_poll, make_union, make_user

pytestmark = pytest.mark.django_db
SOURCES = ("site", "wechat", "weibo")


def totals_and_parts(poll):
    """(how many took part, the parts they are split into) as each view tells it now."""
    page = poll.view_for(None)
    votes = {
        page.voters,
        selectors.standing(poll).voters,
        *selectors.vote_counts([poll.pk]).values(),
    }
    for line in page.table.lines if page.table else ():
        assert not 0 < int(line.cells[0] if line.cells[0].isdecimal() else 0) < LEAST
    by_source = selectors.votes_by_source([poll.pk]).get(poll.pk, {})
    by_day = selectors.votes_by_day([poll.pk]).get(poll.pk, {})
    days = [number for found in by_day.values() for number in found.values()]
    parts = [*by_source.values(), *days]
    totals = {*votes, sum(by_source.values()) or None, sum(days) or None} - {None}
    return totals, parts


def ledger_totals(client, poll):
    """The number of votes in the file of the ledger and in that of the result, where told."""
    ledger = client.get(reverse("analytics_ledger_csv")).content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(ledger))
    told = {row["投票合计"] for row in rows if row["标题"] == poll.title}
    file = client.get(reverse("interactions_poll_file", args=[poll.pk, "csv"]))
    lines = dict(
        line[:2] for line in csv.reader(io.StringIO(file.content.decode("utf-8-sig"))) if line
    )
    return {int(number) for number in (*told, lines["参与人数"]) if number.isdigit()} - {0}


@pytest.mark.parametrize("seed", range(3))
def test_no_two_views_of_a_poll_at_any_time_differ_by_fewer_than_five(newsroom, client, seed):
    chance = Random(seed)
    manager = grant(make_user("主管"), Role.MANAGER, newsroom.union)
    client.force_login(manager)
    poll = make_poll(newsroom.section, results="always")
    options = list(PollOption.objects.filter(poll=poll.pk).values_list("pk", flat=True))
    child = make_union(parent=newsroom.union)
    told: set[int] = set()
    for number in range(38):
        voter = make_user(union=chance.choice([newsroom.union, child, None]))
        source = chance.choices(SOURCES, (6, 3, 1))[0]
        ballot_cast(user=voter, poll=poll, option_ids=[chance.choice(options)], source=source)
        totals, parts = totals_and_parts(poll)
        assert all(part >= LEAST for part in parts)
        assert number >= LEAST or not totals
        told |= totals
        if number % 6 == 5:
            told |= ledger_totals(client, poll)
    poll = close_poll(poll)
    totals, parts = totals_and_parts(poll)
    assert all(part >= LEAST for part in parts)
    told |= totals | ledger_totals(client, poll)
    assert 38 in told
    assert len(told) > 2
    assert all(later - earlier >= LEAST for earlier, later in pairwise(sorted({0, *told})))
