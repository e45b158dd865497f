"""我的数据: what is held, a copy to take along, and giving the account up."""

import logging

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.members import personal, ratelimit, selectors, services
from cms.members.export import export_zip
from cms.members.forms import LeaveForm
from cms.members.masking import masked

log = logging.getLogger(__name__)

ROWS_SHOWN = 20
EXPORTS_A_DAY = 5
LEAVINGS_AN_HOUR = 5


@never_cache
@login_required
@require_safe
def data(request):
    held = []
    for holding in personal.holdings():
        rows = holding.rows(request.user)
        held.append(
            {
                "title": holding.title,
                "url": holding.url,
                "number": len(rows),
                "heads": list(rows[0]) if rows else [],
                "rows": [_shown(row, request.user) for row in rows[:ROWS_SHOWN]],
            }
        )
    return render(request, "members/data.html", {"held": held, "rows_shown": ROWS_SHOWN})


def _shown(row, user) -> list:
    """The cells on the screen: somebody may look over a shoulder; the copy has the whole number."""
    return [masked(value) if value and value == user.phone else value for value in row.values()]


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request):
    """A copy at once (个人信息保护法 art. 45), after the password. Each one is logged."""
    if request.method != "POST":
        return render(request, "members/export.html")
    user = request.user
    if not ratelimit.allow(f"export:{user.pk}", EXPORTS_A_DAY, 86400):
        return render(request, "429.html", status=429)
    log.info("User %s took a copy of their data", user.pk)
    response = HttpResponse(export_zip(user), content_type="application/zip")
    name = f"my-data-{timezone.localdate():%Y%m%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request):
    """Who holds a role is told so first; everybody else enters the password."""
    if reason := selectors.why_not_leave(request.user):
        return render(request, "members/delete.html", {"reason": reason})
    return _leave(request)


@reauthentication_required
def _leave(request):
    form = LeaveForm(request.POST or None)
    if not form.is_valid():
        context = {"form": form, "holdings": personal.holdings()}
        return render(request, "members/delete.html", context, status=422 if form.is_bound else 200)
    if not ratelimit.allow(f"leave:{request.user.pk}", LEAVINGS_AN_HOUR, 3600):
        return render(request, "429.html", status=429)
    pk = request.user.pk
    try:
        services.account_erase(user=request.user)
    except ValidationError as error:
        return render(request, "members/delete.html", {"reason": error.messages[0]})
    log.info("User %s gave the account up", pk)
    logout(request)
    messages.success(request, _("账号已注销。您的个人信息已经清空，手机号已解除绑定。"))
    return redirect("/")
