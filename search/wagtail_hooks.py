from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from search.models import Term


class TermViewSet(ModelViewSet):
    """The lexicon, for those who keep its words."""

    model = Term
    name = "lexicon"
    icon = "list-ul"
    menu_label = _("词库")
    add_to_settings_menu = True
    list_display = ["term", "kind", "topic", "canonical", "weight"]
    list_filter = ["kind", "topic"]
    list_export = ["term", "kind", "topic", "canonical", "weight"]
    search_fields = ["term", "topic"]
    search_backend_name = None
    ordering = ["topic", "term"]
    copy_view_enabled = False
    panels = [
        MultiFieldPanel([FieldPanel("term"), FieldPanel("kind"), FieldPanel("topic")]),
        MultiFieldPanel([FieldPanel("canonical"), FieldPanel("weight")], _("同义与权重")),
    ]


@hooks.register("register_admin_viewset")
def register_lexicon():
    return TermViewSet()
