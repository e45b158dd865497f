"""Who sees how polls stand, and who sees named ballots."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from cms.interactions import selectors
from cms.interactions.models import PollOption
from cms.interactions.services import ballot_cast
from cms.members.models import Role
from tests.factories import close_poll, grant, make_poll, make_site, make_union, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(newsroom):
    return make_poll(newsroom.section, secrecy="named", title="=推选")


def cast(poll, number, *, union=None, option=0):
    options = list(PollOption.objects.filter(poll=poll.pk).values_list("pk", flat=True))
    for _voter in range(number):
        ballot_cast(user=make_user(union=union), poll=poll, option_ids=[options[option]])


def addresses(poll):
    return {
        "results": reverse("interactions_poll", args=[poll.pk]),
        "csv": reverse("interactions_poll_file", args=[poll.pk, "csv"]),
        "xlsx": reverse("interactions_poll_file", args=[poll.pk, "xlsx"]),
        "ballots": reverse("interactions_ballots_file", args=[poll.pk, "csv"]),
    }


RESULTS = {"results", "csv", "xlsx"}


@pytest.mark.parametrize(
    ("role", "own", "allowed"),
    [
        (Role.EDITOR, True, RESULTS),
        (Role.MANAGER, True, {*RESULTS, "ballots"}),
        (Role.ADMIN, True, {*RESULTS, "ballots"}),
        (Role.MODERATOR, True, set()),
        (Role.FINAL_REVIEWER, True, set()),
        (Role.MANAGER, False, set()),
        (Role.ADMIN, False, set()),
        (None, True, set()),
    ],
)
def test_only_those_who_answer_for_the_union_see_its_polls(
    client, newsroom, poll, role, own, allowed
):
    union = newsroom.union if own else make_site(make_union()).union
    client.force_login(grant(make_user(), role, union) if role else make_user())
    for name, address in addresses(poll).items():
        assert (client.get(address).status_code == 200) == (name in allowed), name


def test_of_a_secret_poll_nobody_gets_ballots(client, newsroom):
    poll = make_poll(newsroom.section)
    client.force_login(make_user(superuser=True))
    assert client.get(addresses(poll)["ballots"]).status_code == 404


def test_taking_named_ballots_out_is_logged(client, newsroom, poll):
    cast(poll, 2)
    manager = grant(make_user(), Role.MANAGER, newsroom.union)
    client.force_login(manager)
    assert "食堂" in client.get(addresses(poll)["ballots"]).content.decode()
    entry = PageLogEntry.objects.get(action="interactions.ballots_export")
    assert (entry.user, entry.data) == (manager, {"ballots": 2})


def test_files_run_no_formula(client, newsroom, poll):
    cast(poll, 6)
    close_poll(poll)
    client.force_login(make_user(superuser=True))
    assert "'=推选" in client.get(addresses(poll)["csv"]).content.decode()
    book = load_workbook(io.BytesIO(client.get(addresses(poll)["xlsx"]).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert "'=推选" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_list_and_buttons_lead_to_the_result(client, newsroom, poll):
    client.force_login(grant(make_user(), Role.EDITOR, newsroom.union))
    page = client.get(reverse("interactions_polls")).content.decode()
    assert addresses(poll)["results"] in page
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[poll.pk])).content.decode()
    assert addresses(poll)["results"] in editor


# --- Turnout by union ----------------------------------------------------------------------------


@pytest.fixture
def unions(newsroom):
    """Three branches below the poll's union, with their members."""
    sizes = {"机械厂": 30, "纺织厂": 8, "医院": 40}
    for name, members in sizes.items():
        union = newsroom.union.add_child(name=name, slug=f"u-{members}", level="grassroots")
        union.member_count = members
        union.save()
        newsroom.union.refresh_from_db()
    return {union.name: union for union in newsroom.union.get_children()}


def test_unions_of_a_few_voters_are_counted_together_after_the_close(newsroom, unions):
    poll = make_poll(newsroom.section)
    for name, voters in (("机械厂", 12), ("纺织厂", 2), ("医院", 9)):
        cast(poll, voters, union=unions[name])
    rows = selectors.turnout_by_union(close_poll(poll))
    assert [(row.name, row.voters, row.rest) for row in rows[1:]] == [
        ("机械厂", "12", "18"),
        ("医院、纺织厂", "11", "37"),
    ]
    assert rows[0].voters == "23"


def test_a_union_where_all_but_a_few_voted_is_counted_with_another(newsroom, unions):
    poll = make_poll(newsroom.section)
    for name, voters in (("机械厂", 12), ("纺织厂", 7), ("医院", 9)):
        cast(poll, voters, union=unions[name])
    rows = selectors.turnout_by_union(close_poll(poll))
    assert [(row.name, row.voters) for row in rows[1:]] == [
        ("医院、纺织厂", "16"),
        ("机械厂", "12"),
    ]


def test_while_votes_come_in_numbers_are_floors_in_steps_of_five(newsroom, unions):
    poll = make_poll(newsroom.section)
    cast(poll, 7, union=unions["医院"])
    before = selectors.turnout_by_union(poll)
    cast(poll, 1, union=unions["医院"])
    assert selectors.turnout_by_union(poll) == before
    assert {row.voters for row in before} == {"不少于 5", "不少于 0"}


def test_whoever_is_registered_nowhere_is_not_what_is_left_of_the_total(newsroom, unions):
    poll = make_poll(newsroom.section)
    cast(poll, 10, union=unions["医院"])
    cast(poll, 2)
    rows = selectors.turnout_by_union(close_poll(poll))
    assert [row.voters for row in rows if row.voters != "0"] == ["12", "12"]
