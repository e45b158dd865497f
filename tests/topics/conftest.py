"""Who looks at the concerns."""

import pytest

from cms.members.models import Role
from tests.factories import grant, make_user


@pytest.fixture
def union(newsroom):
    return newsroom.union


@pytest.fixture
def manager(client, union):
    """The newsroom's media manager, logged in."""
    user = grant(make_user("主管"), Role.MANAGER, union)
    client.force_login(user)
    return user
