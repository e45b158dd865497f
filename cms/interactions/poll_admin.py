"""How a union's polls stand, in the admin: result, turnout by union, files, named ballots."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button, HeaderButton
from wagtail.log_actions import LogFormatter, log

from cms import spreadsheets
from cms.interactions import ids as ids  # <row:…>
from cms.interactions import selectors
from cms.interactions.models import PollPage

ICON = "tick-inverse"
LOGGED = "interactions.ballots_export"


def results(user):
    """The polls whose results `user` may see."""
    return selectors.polls_for(user, *selectors.RESULT_ROLES)


def ballots(user):
    """The named polls of which `user` may see who chose what."""
    named = PollPage.Secrecy.NAMED
    return selectors.polls_for(user, *selectors.BALLOT_ROLES).filter(secrecy=named)


# --- Screens -------------------------------------------------------------------------------------


@never_cache
@require_safe
def poll_list(request):
    """All polls this person answers for, the newest first."""
    polls = results(request.user).live().order_by("-first_published_at")
    told = selectors.vote_counts([poll.pk for poll in polls])
    rows = [(poll, told.get(poll.pk)) for poll in polls]
    return render(request, "interactions/admin/polls.html", {"rows": rows, **_header()})


@never_cache
@require_safe
def poll_results(request, pk):
    poll = get_object_or_404(results(request.user), pk=pk)
    context = {
        "poll": poll,
        "standing": selectors.standing(poll),
        "turnout": selectors.turnout_by_union(poll),
        "recount": selectors.recount(poll),
        "may_see_ballots": ballots(request.user).filter(pk=pk).exists(),
        **_header(poll.title),
    }
    return render(request, "interactions/admin/poll_results.html", context)


@never_cache
@require_safe
def poll_file(request, pk, ending):
    """What the screen shows, as a file."""
    poll = get_object_or_404(results(request.user), pk=pk)
    return _file(poll, ending, _result_rows(poll), _("投票结果"))


@never_cache
@require_safe
def ballots_file(request, pk, ending):
    """Who chose what in a named poll; that it was taken out is kept in the log."""
    poll = get_object_or_404(ballots(request.user), pk=pk)
    rows = [(_("姓名"), _("所在工会"), _("回答")), *selectors.named_ballots(poll)]
    log(poll, LOGGED, user=request.user, data={"ballots": len(rows) - 1})
    return _file(poll, ending, rows, _("实名选票"))


def _result_rows(poll):
    standing = selectors.standing(poll)
    yield (_("投票"), poll.title)
    if standing.table is None:
        yield (_("参与人数"), _("还不能公布"))
    else:
        yield (_("参与人数"), standing.voters)
        if standing.table.lines:
            yield standing.table.heads
        yield from ((line.text, *line.cells) for line in standing.table.lines)
        yield from ((said.text, said.people or "") for said in standing.answers)
    yield ()
    yield (_("工会"), _("会员"), _("参与"), _("未参与"))
    for row in selectors.turnout_by_union(poll):
        yield (f"{'　' * row.depth}{row.name}", row.members or "—", row.voters, row.rest)


def _file(poll, ending: str, rows, name: str) -> HttpResponse:
    if ending not in spreadsheets.FILES:
        raise Http404
    write, content_type = spreadsheets.FILES[ending]
    name = f"{name}-{slugify(poll.title, allow_unicode=True)}.{ending}"
    response = HttpResponse(write(rows), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _header(title: str = "") -> dict:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("首页")},
        {"url": reverse("interactions_polls") if title else "", "label": _("投票结果")},
    ]
    return {
        "page_title": title or _("投票结果"),
        "header_icon": ICON,
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}] if title else crumbs,
    }


# --- The way there -------------------------------------------------------------------------------


class PollsMenuItem(MenuItem):
    def is_shown(self, request):
        return results(request.user).exists()


@hooks.register("register_admin_urls")
def register_polls():
    return [
        path("polls/", poll_list, name="interactions_polls"),
        path("polls/<row:pk>/", poll_results, name="interactions_poll"),
        path("polls/<row:pk>/results.<str:ending>", poll_file, name="interactions_poll_file"),
        path("polls/<row:pk>/ballots.<str:ending>", ballots_file, name="interactions_ballots_file"),
    ]


@hooks.register("register_admin_menu_item")
def register_polls_item():
    return PollsMenuItem(_("投票结果"), reverse("interactions_polls"), icon_name=ICON, order=245)


@hooks.register("register_page_header_buttons")
def from_the_editor(page, user, view_name, next_url=None):
    if page.pk and results(user).filter(pk=page.pk).exists():
        yield HeaderButton(
            label=_("投票结果"), url=reverse("interactions_poll", args=[page.pk]), icon_name=ICON
        )


@hooks.register("register_page_listing_more_buttons")
def from_the_list(page, user, next_url=None):
    if isinstance(page.specific_deferred, PollPage):
        yield Button(
            _("投票结果"),
            reverse("interactions_poll", args=[page.pk]),
            icon_name=ICON,
            priority=60,
        )


@hooks.register("register_log_actions")
def register_ballots_export(actions):
    @actions.register_action(LOGGED)
    class BallotsExported(LogFormatter):
        label = _("导出实名选票")

        def format_message(self, entry):
            return _("导出了 %(number)d 张实名选票。") % {"number": entry.data["ballots"]}
