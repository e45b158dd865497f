"""选题单 in the story's editor: what people asked, beside the text that is to answer them."""

from django.forms import Media
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from cms.news.models import ActivityPage
from cms.topics import selectors


class BriefPanel(Panel):
    """Shown on a page that a brief asked for, to everybody who may edit it; on no other page."""

    @property
    def clean_name(self):
        return super().clean_name or "topic-brief"

    class BoundPanel(Panel.BoundPanel):
        template_name = "topics/admin/brief_panel.html"

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.brief = selectors.brief_of(self.instance and self.instance.pk)

        def is_shown(self):
            return self.brief is not None

        def get_context_data(self, parent_context=None):
            return {
                **super().get_context_data(parent_context),
                "sheet": selectors.sheet(self.brief, self.request.user),
                "is_activity": isinstance(self.instance, ActivityPage),
            }

        @property
        def media(self):
            return Media(css={"all": ["css/topics-admin.css"]})


def brief_panel() -> BriefPanel:
    return BriefPanel(heading=_("选题单"), icon="clipboard-list")
