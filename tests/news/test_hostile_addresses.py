"""Whatever stands in an address: a page or a 404, never an error."""

import pytest

pytestmark = pytest.mark.django_db
STRANGE = ["%00", "..%2f..%2fetc", "%f0%9f%98%80", "a" * 3000, "%E5%B7%A5%E4%BC%9A", "'\"<script>"]


@pytest.mark.parametrize("part", STRANGE)
def test_strange_paths_are_not_found(newsroom, client, part):
    assert client.get(f"/{part}/").status_code == 404


@pytest.mark.parametrize("value", STRANGE)
def test_strange_parameters_show_the_section(newsroom, client, value):
    newsroom.section.save_revision().publish()
    address = newsroom.section.get_url()
    assert client.get(f"{address}?kind={value}&page={value}").status_code == 200
