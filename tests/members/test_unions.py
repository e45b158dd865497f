"""The tree of unions, and what a role reaches."""

import pytest

from cms.members.forms import UnionForm
from cms.members.models import Role, Union
from cms.members.selectors import unions_for, user_has_role, users_with_role
from cms.members.services import membership_grant
from tests.factories import grant, make_union, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    city = make_union("江州市总工会")
    county = make_union("临江区总工会", parent=city, level="county")
    other = make_union("外市总工会")
    return city, county, other


def test_a_role_reaches_the_unions_below_and_no_others(tree):
    city, county, other = tree
    person = grant(make_user(), Role.MODERATOR, city)
    assert set(unions_for(person, Role.MODERATOR)) == {city, county}
    assert user_has_role(person, Role.MODERATOR, county)
    assert not user_has_role(person, Role.MODERATOR, other)
    assert not user_has_role(person, Role.EDITOR, city)


def test_a_role_does_not_reach_upwards(tree):
    city, county, _other = tree
    person = grant(make_user(), Role.EDITOR, county)
    assert not user_has_role(person, Role.EDITOR, city)
    assert person not in users_with_role(Role.EDITOR, city)
    assert person in users_with_role(Role.EDITOR, county)


def test_an_inactive_person_holds_no_role(tree):
    city, *_ = tree
    person = grant(make_user(), Role.EDITOR, city)
    person.is_active = False
    assert not unions_for(person, Role.EDITOR).exists()


def test_a_role_gives_its_permissions_and_its_end_takes_them(tree):
    city, *_ = tree
    person = grant(make_user(), Role.MANAGER, city)
    assert person.has_perm("analytics.view_dashboard")
    person.memberships.all().first().delete()
    person = type(person).objects.get(pk=person.pk)
    assert not person.has_perm("analytics.view_dashboard")


def test_granting_twice_changes_nothing(tree):
    city, *_ = tree
    person = make_user()
    membership_grant(user=person, union=city, role=Role.EDITOR)
    membership_grant(user=person, union=city, role=Role.EDITOR)
    assert person.memberships.count() == 1
    assert person.groups.count() == 1


def union_form(union=None, **changes):
    fields = {"name": "青石县总工会", "slug": "qingshi", "level": "county", "member_count": 1}
    return UnionForm({**fields, **changes}, instance=union)


def test_an_administrator_adds_and_moves_a_union(tree):
    city, _county, other = tree
    form = union_form(parent=city.pk)
    assert form.is_valid(), form.errors
    union = form.save()
    assert union.get_parent() == city
    moved = union_form(union, parent=other.pk)
    assert moved.is_valid(), moved.errors
    assert moved.save().get_parent() == Union.objects.get(pk=other.pk)


def test_a_union_cannot_stand_below_itself(tree):
    city, county, _other = tree
    form = union_form(city, name=city.name, slug=city.slug, parent=county.pk)
    assert not form.is_valid()
    assert "上级工会" in form.errors["parent"][0]


def test_the_public_name_is_never_the_whole_number():
    person = make_user(phone="13912345678")
    person.nickname = ""
    assert "13912345678" not in person.display_name
