"""The managers' report: what came of moderation, and never of fewer than five people."""

from datetime import timedelta
from itertools import combinations
from random import Random

import pytest
from django.utils import timezone

from cms.interactions import selectors
from cms.interactions.models import ModerationItem
from cms.interactions.services import appeal_decide, appeal_make, item_register, items_decide
from cms.interactions.small import LEAST, merge_people
from cms.members.models import Role
from tests.factories import grant, make_union, make_user

pytestmark = pytest.mark.django_db
REPORT = "/admin/moderation-report/"


@pytest.fixture
def manager(newsroom):
    return grant(make_user("主管"), Role.MANAGER, newsroom.union)


@pytest.fixture
def say(newsroom):
    numbers = iter(range(1, 10_000))

    def put(person, *, source="site", union=None, text="", ago=timedelta(hours=2)):
        number = next(numbers)
        return item_register(
            origin=f"test:{number}",
            source=source,
            story_id=None,
            union=union or newsroom.union,
            author_name="网友",
            author_key=f"{source}:{person}",
            text=text or f"第{number}句各不相同的话",
            said_at=timezone.now() - ago,
        )

    return put


def this_month(union):
    return selectors.report(union, selectors.months_back()[0])


def test_report_tells_waits_reasons_sources_and_who_decided(newsroom, manager, say, client):
    items = [say(person) for person in range(12)]
    ids = [item.pk for item in items]
    items_decide(ids=ids[:6], user=newsroom.moderator, state="approved")
    items_decide(ids=ids[6:], user=newsroom.moderator, state="rejected", reason="advert")
    report = this_month(newsroom.union)
    assert dict(report.outcomes) == {("已通过",): 6, ("未通过",): 6}
    assert report.reasons == [(("广告营销",), 6)]
    assert report.sources == [(("网站",), 12)]
    assert report.moderators == [((newsroom.moderator.real_name,), 12)]
    assert report.wait == pytest.approx(2, abs=0.1)
    client.force_login(manager)
    page = client.get(REPORT).content.decode()
    assert "广告营销" in page
    for ending in ("csv", "xlsx"):
        assert client.get(f"{REPORT}report.{ending}").status_code == 200
    assert "广告营销" in client.get(f"{REPORT}report.csv").content.decode("utf-8-sig")
    assert client.get(f"{REPORT}report.exe").status_code == 404


def test_reversals_on_appeal_lower_the_agreement(newsroom, say):
    colleague = grant(make_user(), Role.MODERATOR, newsroom.union)
    for number in range(6):
        worker = make_user()
        item = say(number)
        ModerationItem.objects.filter(pk=item.pk).update(author_key=f"user:{worker.pk}")
        items_decide(ids=[item.pk], user=newsroom.moderator, state="rejected", reason="other")
        appeal = appeal_make(item=item, user=worker, text="请再看看")
        appeal_decide(appeal=appeal, user=colleague, restore=number < 3, answer="看过了")
    report = this_month(newsroom.union)
    assert report.agreed == 50
    assert report.appeals == [(("已恢复", "维持不通过"), 6)]


def test_fewer_than_five_people_are_not_told_of(newsroom, manager, say, client):
    for _time in range(3):
        for person in range(4):
            say(person)
    assert this_month(newsroom.union).is_empty
    client.force_login(manager)
    assert "不足 5 人" in client.get(REPORT).content.decode()


def test_the_report_opens_with_a_union_that_has_something_to_tell(newsroom, say, client):
    above = make_user("上级主管", is_superuser=True, is_staff=True)
    below = make_union(parent=newsroom.union)
    for person in range(9):
        say(person, union=below)
    client.force_login(above)
    assert client.get(REPORT).context["report"].union == below


def test_other_unions_and_other_roles_see_nothing(newsroom, manager, say, client):
    other = make_union()
    for person in range(9):
        say(person, union=other)
    client.force_login(manager)
    assert "不足 5 人" in client.get(REPORT, {"union": other.pk}).content.decode()
    for stranger in (newsroom.moderator, newsroom.editor):
        client.force_login(stranger)
        assert client.get(REPORT).status_code in (302, 403)
        assert client.get(f"{REPORT}report.csv").status_code in (302, 403)


@pytest.mark.parametrize("seed", range(30))
def test_no_sum_or_difference_of_parts_isolates_fewer_than_five(seed):
    """All pairs of unions of parts: their difference is of five people at least, or of nobody."""
    chance = Random(seed)
    cells = {
        f"原因{n}": [chance.randrange(25) for _item in range(chance.randrange(12))]
        for n in range(6)
    }
    parts = [labels for labels, _number in merge_people(cells)]
    said = {labels: [who for label in labels for who in cells[label]] for labels in parts}
    assert sum(map(len, said.values())) in (0, sum(map(len, cells.values())))
    views = [set(chosen) for n in range(len(parts) + 1) for chosen in combinations(parts, n)]
    for one, other in combinations(views, 2):
        for extra in (one - other, other - one):
            people = {who for labels in extra for who in said[labels]}
            assert not extra or len(people) >= LEAST
