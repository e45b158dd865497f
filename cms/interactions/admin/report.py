"""审核情况: what came of moderation, for media managers; on screen and as files."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms import spreadsheets
from cms.interactions import selectors


@never_cache
@require_safe
def report(request):
    unions, union, month = _asked(request)
    context = {
        "unions": unions,
        "months": selectors.months_back(),
        "report": selectors.report(union, month),
        "header_title": _("审核情况"),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("首页")},
            {"url": "", "label": _("审核情况")},
        ],
    }
    return render(request, "interactions/admin/report.html", context)


@never_cache
@require_safe
def report_file(request, ending):
    """What the screen shows, as a file."""
    if ending not in spreadsheets.FILES:
        raise Http404
    _unions, union, month = _asked(request)
    write, content_type = spreadsheets.FILES[ending]
    rows = [
        (_("工会"), union.name),
        (_("月份"), f"{month:%Y-%m}"),
        (),
        (_("项目"), _("分项"), _("数字")),
        *selectors.report(union, month).rows(),
    ]
    response = HttpResponse(write(rows), content_type=content_type)
    name = f"{_('审核情况')}-{union.name}-{month:%Y-%m}.{ending}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _asked(request):
    """The unions one may choose from, the chosen one, the month. Raises PermissionDenied."""
    unions = list(selectors.reported_unions(request.user))
    if not unions:
        raise PermissionDenied
    number = selectors.as_id(request.GET.get("union", ""))
    chosen = next((union for union in unions if union.pk == number), None)
    union = chosen or selectors.first_with_items(request.user) or unions[0]
    months = selectors.months_back()
    return unions, union, _month(request.GET.get("month", ""), months)


def _month(text: str, months: list[date]) -> date:
    return next((month for month in months if f"{month:%Y-%m}" == text), months[0])
