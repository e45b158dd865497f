import pytest
from django.core.management import call_command
from wagtail.models import Site, WorkflowPage

from cms.members.models import Union
from cms.news.models import HomePage, SectionPage
from cms.topics.models import AnswersPage, ConcernsPage


@pytest.mark.django_db
def test_a_new_newsroom_is_set_up_once(client):
    for _ in range(2):
        call_command("site_init", "青石县总工会", slug="qingshi", verbosity=0)
    assert Union.objects.get().name == "青石县总工会"
    assert (HomePage.objects.count(), ConcernsPage.objects.count()) == (1, 1)
    assert AnswersPage.objects.get().live
    assert SectionPage.objects.count() == 6
    assert WorkflowPage.objects.count() == 1
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific == HomePage.objects.get()
    assert "青石县总工会" in client.get("/").content.decode()
