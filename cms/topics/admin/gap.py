"""缺口: what people ask and we have not written about, or long ago."""

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cms.topics import gaps, selectors
from cms.topics.admin.board import ConcernsMixin
from cms.topics.admin.forms import LongScopeForm


class GapView(ConcernsMixin, TemplateView):
    page_title = _("缺口")
    template_name = "topics/admin/gap.html"
    breadcrumbs_items = [*ConcernsMixin.breadcrumbs_items, {"url": "", "label": _("缺口")}]

    def get_context_data(self, **kwargs):
        form = LongScopeForm(self.request.GET, unions=self.unions)
        scope = form.scope()
        rows = selectors.gaps(unions=self.reach, **scope)
        return super().get_context_data(
            tab="gap",
            form=form,
            rows=[(row, row.sentence(form.period)) for row in rows],
            period=form.period,
            rule=gaps.rule(),
            may_open=self.request.user.has_perm("topics.change_case"),
            **kwargs,
        )
