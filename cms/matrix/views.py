"""Doors to the outside: what WeChat pushes to us, and who comes back from a platform's OAuth page.

Both are hostile until verified.
"""

import logging

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms.matrix import account_selectors, oauth, tasks
from cms.matrix.channels.base import ChannelError
from cms.matrix.channels.wechat import callbacks
from cms.matrix.channels.wechat.callbacks import CallbackRefused
from cms.matrix.models import ChannelAccount
from cms.matrix.services import accounts
from cms.matrix.services import callbacks as services
from cms.members.ratelimit import address, allow

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def wechat_callback(request, app_id):
    """GET proves that the address is ours; POST brings an event or a message (contract §9)."""
    if not allow(f"callback:{address(request)}", 600, 60):
        return HttpResponse(status=429)
    account = get_object_or_404(ChannelAccount, channel="wechat", app_id=app_id)
    query = request.GET.dict()
    try:
        if request.method == "GET":
            echo = callbacks.echo(query, services.secrets_of(account))
            return HttpResponse(echo, content_type="text/plain")
        event, new = services.callback_take_in(account=account, query=query, body=_body(request))
    except CallbackRefused as refusal:
        # Neither body nor query: they may hold what a stranger wants to see in our log.
        log.warning("callback for %s refused: %s", account.app_id, refusal)
        services.refusal_note(account=account, reason=str(refusal))
        return HttpResponse(status=413 if str(refusal) == "too large" else 403)
    if new:
        tasks.dispatch_callback(event.pk)
    return HttpResponse(_sealed(request, account, event.answer), content_type="text/xml")


def _body(request) -> bytes:
    """The body, or CallbackRefused before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > callbacks.MAX_BYTES:
        raise CallbackRefused("too large")
    return request.body


def _sealed(request, account: ChannelAccount, answer: str) -> str:
    """The answer as the push came: encrypted if it was, with the key the platform used."""
    query = request.GET
    if not answer:
        return "success"
    if query.get("encrypt_type") != "aes":
        return answer
    shared = callbacks.answered_with(request.body, services.secrets_of(account))
    return callbacks.encrypt(answer, shared, query.get("timestamp", ""), query.get("nonce", ""))


@never_cache
@require_safe
def authorised(request, channel):
    """An administrator returns from the platform's page, having agreed or not (contract §15)."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
    try:
        pk = oauth.account_returned(request)
    except oauth.StrangeReturn:
        messages.error(request, _("授权链接已过期或不是您发起的。请回到账号页面，重新点“授权”。"))
        return redirect("channel_accounts:index")
    mine = account_selectors.accounts_kept_by(request.user)
    account = get_object_or_404(mine, pk=pk, channel=channel)
    _take_authorisation(request, account)
    return redirect("channel_accounts:inspect", account.pk)


def _take_authorisation(request, account: ChannelAccount) -> None:
    code = request.GET.get("code", "")
    if not code:
        messages.warning(request, _("没有得到授权：您在平台上取消了。需要时请再点“授权”。"))
        return
    try:
        accounts.account_authorise(
            account=account,
            code=code,
            redirect_uri=oauth.return_address(request, account.channel),
        )
    except accounts.CannotConnect as refusal:
        messages.error(request, str(refusal))
    except ChannelError as error:
        log.warning("authorising account %s: %s", account.pk, error.code)
        messages.error(request, _("授权没有成功：%(why)s") % {"why": error.human})
    else:
        messages.success(request, _("授权成功，账号可以使用。"))
