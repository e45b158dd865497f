"""收件箱: what readers wrote on every account, in one list, answered from the keyboard."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from cms.matrix import inbox_selectors as selectors
from cms.matrix import services, tasks
from cms.matrix.admin.menu import ITEM_HOOK
from cms.matrix.channels import registry
from cms.matrix.inbox_selectors import Asked
from cms.matrix.models import Reply, ReplyAct

Kind = ReplyAct.Kind
INBOX = "matrix_inbox"
STATES = (
    ("", gettext_lazy("全部")),
    ("unread", gettext_lazy("未读")),
    ("open", gettext_lazy("未回复")),
    ("mine", gettext_lazy("我处理的")),
    ("stuck", gettext_lazy("没办成的")),
    ("elected", gettext_lazy("已精选")),
    ("deleted", gettext_lazy("已删除")),
)
ASKED_FOR = {
    Kind.ANSWER: gettext_lazy("回复已交给系统发送。"),
    Kind.ELECT: gettext_lazy("正在设为精选。"),
    Kind.UNELECT: gettext_lazy("正在取消精选。"),
    Kind.DELETE: gettext_lazy("正在从平台删除。"),
}


def _see(request):
    """The accounts this person answers for. Raises PermissionDenied without any right to them."""
    if not selectors.has_role(request.user):
        raise PermissionDenied
    return selectors.accounts_for(request.user)


@require_safe
def inbox(request):
    accounts = list(_see(request).select_related("union"))
    asked = _asked(request)
    found = selectors.narrowed(selectors.replies_for(request.user), asked, request.user)
    replies, older = selectors.page_before(found, _number(request.GET.get("before")))
    numbers = selectors.counts(request.user, asked)
    return render(
        request,
        "matrix/inbox/list.html",
        {
            "rows": selectors.rows(replies),
            "older": older,
            "is_top": not request.GET.get("before"),
            "asked": asked,
            "kept": _kept(asked, "account", "channel", "kind", "words"),
            "query": _kept(asked, "account", "channel", "kind", "words", "state"),
            "states": [(value, label, numbers.get(value)) for value, label in STATES],
            "accounts": accounts,
            "channels": _channels(accounts),
            "kinds": Reply.Kind.choices,
            **_header(gettext_lazy("收件箱")),
        },
    )


@require_POST
def inbox_read(request):
    """批量标为已读: the ticked ones."""
    _see(request)
    pks = [_number(value) for value in request.POST.getlist("replies")]
    replies = selectors.replies_for(request.user).filter(pk__in=pks)
    number = services.replies_mark_read(replies=replies, by=request.user)
    if pks:
        messages.success(request, _("已标为已读 %(number)d 条。") % {"number": number})
    else:
        messages.warning(request, _("请先勾选要标为已读的内容。"))
    return redirect(_back(request))


@require_safe
def inbox_reply(request, pk):
    """One reader's conversation on an account, and the story it is about. Opening it reads it."""
    reply = _reply(request, pk)
    services.replies_mark_read(
        replies=selectors.replies_for(request.user).filter(pk=pk), by=request.user
    )
    said = selectors.rows(selectors.conversation(request.user, reply))
    return render(
        request,
        "matrix/inbox/thread.html",
        {
            "reply": reply,
            "rows": said,
            "people": selectors.people_for(reply.account.union),
            "in_thread": True,
            **_header(_("%(name)s的对话") % {"name": reply.author_name or _("读者")}),
        },
    )


@require_safe
def inbox_row(request, pk):
    """The row as it stands now: the list asks for it while something is on its way."""
    return _row(request, _reply(request, pk), "")


@require_POST
def inbox_act(request, pk, verb):
    """One button of a row."""
    reply = _reply(request, pk)
    if verb not in VERBS:
        raise PermissionDenied
    return _do(request, reply, lambda: VERBS[verb](request, reply))


@require_POST
def act_act(request, pk, verb):
    """What a person does about an act that is not done: sent, unsent, retry, cancel."""
    act = get_object_or_404(selectors.acts_for(request.user), pk=pk)
    if verb not in ABOUT_ACTS:
        raise PermissionDenied

    def settle():
        changed = ABOUT_ACTS[verb](act, request.user)
        tasks.dispatch_acts([changed.pk])
        return _("已记下。")

    return _do(request, act.reply, settle)


ABOUT_ACTS = {
    "sent": lambda act, user: services.act_settle(act=act, done=True, by=user),
    "unsent": lambda act, user: services.act_settle(act=act, done=False, by=user),
    "retry": lambda act, user: services.act_retry(act=act),
    "cancel": lambda act, user: services.act_cancel(act=act),
}


def _ask(kind: str):
    def verb(request, reply):
        act = services.act_request(
            reply=reply, kind=kind, by=request.user, text=request.POST.get("text", "")
        )
        tasks.dispatch_acts([act.pk])
        return ASKED_FOR[kind]

    return verb


def _read(request, reply):
    services.replies_mark_read(replies=Reply.objects.filter(pk=reply.pk), by=request.user)
    return _("已标为已读。")


def _unread(request, reply):
    services.reply_mark_unread(reply=reply)
    return _("已标为未读。")


def _take(request, reply):
    services.reply_take(reply=reply, by=request.user)
    return _("这条由您处理。")


def _assign(request, reply):
    pk = _number(request.POST.get("handler"))
    handler = selectors.people_for(reply.account.union).filter(pk=pk).first()
    services.reply_assign(reply=reply, handler=handler)
    return _("已改处理人。") if handler else _("已不指定处理人。")


VERBS = {
    **{kind.value: _ask(kind) for kind in Kind},
    "read": _read,
    "unread": _unread,
    "take": _take,
    "assign": _assign,
}


def _do(request, reply: Reply, verb):
    """Run it; a script gets the row as it is then, a plain form the page it came from."""
    failed = False
    try:
        said = verb()
    except services.CannotAct as refusal:
        said, failed = str(refusal), True
    if _wants_row(request):
        return _row(request, _reply(request, reply.pk), said, failed=failed)
    (messages.warning if failed else messages.success)(request, said)
    return redirect(_back(request))


def _row(request, reply: Reply, said, *, failed=False):
    [row] = selectors.rows([reply])
    html = render_to_string("matrix/inbox/row.html", {"row": row}, request)
    numbers = {"unread": selectors.unread(request.user)}
    status = 422 if failed else 200
    return JsonResponse({"row": html, "message": str(said), **numbers}, status=status)


def _reply(request, pk) -> Reply:
    _see(request)
    return get_object_or_404(selectors.replies_for(request.user), pk=pk)


def _wants_row(request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _back(request) -> str:
    """Where the form was; only ever a page of this site."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    return reverse(INBOX)


def _asked(request) -> Asked:
    get = request.GET.get
    return Asked(
        account=_number(get("account")),
        channel=get("channel", "")[:20],
        kind=get("kind", "")[:10],
        state=get("state", "")[:10],
        words=get("words", "").replace("\x00", "")[:60],
    )


def _kept(asked: Asked, *names: str) -> str:
    """The address's part that keeps these choices."""
    return urlencode({name: value for name in names if (value := getattr(asked, name))})


def _number(value) -> int:
    usable = value and value.isascii() and value.isdigit() and len(value) < 16
    return int(value) if usable else 0


def _channels(accounts) -> list[tuple[str, str]]:
    used = {account.channel for account in accounts}
    return [(slug, label) for slug, label in registry.choices() if slug in used]


def _header(title) -> dict:
    crumbs = [
        {"url": reverse_lazy("wagtailadmin_home"), "label": _("首页")},
        {"url": reverse(INBOX), "label": _("收件箱")},
    ]
    if title != gettext_lazy("收件箱"):
        crumbs.append({"url": "", "label": title})
    return {"page_title": title, "header_icon": "mail", "breadcrumbs_items": crumbs}


class InboxItem(MenuItem):
    def is_shown(self, request):
        return selectors.has_role(request.user)


@hooks.register(ITEM_HOOK)
def register_inbox():
    return InboxItem(gettext_lazy("收件箱"), reverse_lazy(INBOX), icon_name="mail", order=110)


@hooks.register("register_admin_urls")
def register_inbox_urls():
    base = "matrix/inbox/"
    return [
        path(base, inbox, name=INBOX),
        path(f"{base}read/", inbox_read, name="matrix_inbox_read"),
        path(f"{base}act/<int:pk>/<slug:verb>/", act_act, name="matrix_inbox_act_act"),
        path(f"{base}<int:pk>/", inbox_reply, name="matrix_inbox_reply"),
        path(f"{base}<int:pk>/row/", inbox_row, name="matrix_inbox_row"),
        path(f"{base}<int:pk>/<slug:verb>/", inbox_act, name="matrix_inbox_act"),
    ]
