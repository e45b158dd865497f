"""词云 and 关系网: the board for those who would rather look, each with its table behind it."""

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cms.topics import selectors
from cms.topics.admin.board import ConcernsMixin
from cms.topics.admin.forms import ScopeForm
from cms.topics.models import Topic
from cms.topics.templatetags.concern_figures import words_url

#: The common build has no graphs and takes no words.
LIBRARIES = {
    "cloud": ("echarts/echarts.common.min.js", "echarts/echarts-wordcloud.min.js"),
    "network": ("echarts/echarts.min.js",),
}


class LookView(ConcernsMixin, TemplateView):
    """A drawing and its table. `tab` names both."""

    tab = ""

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        form = ScopeForm(self.request.GET, unions=self.unions)
        return super().get_context_data(
            tab=self.tab,
            form=form,
            period=form.period,
            libraries=libraries(*LIBRARIES[self.tab]),
            **self.drawing(form),
            **kwargs,
        )

    def drawing(self, form: ScopeForm) -> dict:
        """What the template shows, and under "drawn" what the script draws."""
        raise NotImplementedError


class CloudView(LookView):
    tab = "cloud"
    page_title = _("词云")
    template_name = "topics/admin/cloud.html"

    def drawing(self, form):
        words = selectors.cloud(unions=self.reach, **form.scope())
        at = {"form": form}
        drawn = [
            {"name": word.name, "value": word.people, "url": words_url(at, word=word.key)}
            for word in words
        ]
        return {"words": words, "drawn": {"kind": "cloud", "words": drawn}}


class NetworkView(LookView):
    tab = "network"
    page_title = _("关系网")
    template_name = "topics/admin/network.html"

    def drawing(self, form):
        found = selectors.network(unions=self.reach, **form.scope())
        at = {"form": form}
        nodes = [
            {
                "id": str(node.topic.pk),
                "name": node.topic.name,
                "value": node.people,
                "issue": node.topic.kind == Topic.Kind.EMERGENT,
                "url": words_url(at, node.topic),
            }
            for node in found.nodes
        ]
        ties = [
            {
                "source": str(tie.one.pk),
                "target": str(tie.other.pk),
                "value": tie.people,
                "url": words_url(at, tie.one, also=tie.other.slug),
            }
            for tie in found.ties
        ]
        return {"found": found, "drawn": {"kind": "network", "nodes": nodes, "ties": ties}}


def libraries(*names: str) -> list[str]:
    """Addresses of the drawing libraries, in order; none where one is not installed, and the
    tables stand alone."""
    if not all(finders.find(name) for name in names):
        return []
    try:
        return [static(name) for name in names]
    except ValueError:  # Installed after the static files were collected.
        return []
