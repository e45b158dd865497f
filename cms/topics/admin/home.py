"""On the admin's front page: the briefs that wait for their editor, the cases for their owner."""

from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from cms.topics import selectors


class ConcernsPanel(Component):
    """What of the workers' concerns waits for whoever looks; nothing is shown where nothing is."""

    name = "concerns"
    order = 105
    template_name = "topics/admin/home_panel.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        return {
            "drafts": selectors.drafts_waiting_for(user),
            "cases": selectors.cases_waiting_for(user),
            "today": timezone.localdate(),
        }


@hooks.register("construct_homepage_panels")
def add_concerns_panel(request, panels):
    panels.append(ConcernsPanel())
