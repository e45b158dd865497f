"""The board as a file for office programs."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View
from wagtail.log_actions import log

from cms import spreadsheets
from cms.topics import exports, heat, selectors
from cms.topics.admin.board import ConcernsMixin, board_rows
from cms.topics.admin.forms import BoardForm
from cms.topics.models import Voice


class BoardFileView(ConcernsMixin, View):
    """What the board shows under the same address, without what is about fewer than five people.
    Whoever takes it is written down."""

    http_method_names = ["get"]

    def get(self, request, ending):
        if ending not in spreadsheets.FILES:
            raise Http404
        form = BoardForm(request.GET, unions=self.unions)
        rows = board_rows(form, self.reach)
        people = selectors.people_by(unions=self.reach, **form.scope())
        write, content_type = spreadsheets.FILES[ending]
        table = [*self.head(form), exports.heads(), *exports.board_table(rows, people)]
        table += [[], *([note] for note in exports.NOTES)]
        log(
            request.user,
            "topics.board_export",
            user=request.user,
            data={"query": form.board_query(), "topics": len(rows), "file": ending},
        )
        response = HttpResponse(write(table), content_type=content_type)
        name = f"{_('职工关切榜')}-{form.period.first}-{form.period.last}.{ending}"
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["Cache-Control"] = "no-store"
        return response

    def head(self, form: BoardForm) -> list[list]:
        """What the file is about, in words."""
        scope = form.scope()
        source = Voice.Source(scope["source"]).label if scope["source"] else _("全部")
        return [
            [_("职工关切榜")],
            [_("时间"), f"{form.period.first} – {form.period.last}"],
            [_("来源"), source],
            [_("工会"), scope["union"].name if scope["union"] else _("我能看的全部工会")],
            [_("热度"), heat.formula(selectors.weights_in_force())],
            [_("导出时间"), f"{timezone.localtime():%Y-%m-%d %H:%M}"],
            [],
        ]
