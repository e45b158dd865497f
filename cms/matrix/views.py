"""The callback door: what WeChat pushes to us, verified before anything else."""

import logging

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.matrix import tasks
from cms.matrix.channels.wechat import callbacks
from cms.matrix.channels.wechat.callbacks import CallbackRefused
from cms.matrix.models import ChannelAccount
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
    return HttpResponse(_sealed(account, event.answer, query), content_type="text/xml")


def _body(request) -> bytes:
    """The body, or CallbackRefused before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > callbacks.MAX_BYTES:
        raise CallbackRefused("too large")
    return request.body


def _sealed(account: ChannelAccount, answer: str, query) -> str:
    if not answer:
        return "success"
    if query.get("encrypt_type") != "aes":
        return answer
    secrets = services.secrets_of(account)
    return callbacks.encrypt(answer, secrets, query.get("timestamp", ""), query.get("nonce", ""))
