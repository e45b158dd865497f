"""The callback door: what WeChat pushes to us, verified before anything else."""

import logging

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.matrix import services
from cms.matrix.channels.wechat import callbacks
from cms.matrix.channels.wechat.pushes import PublishFinished, UserMessage
from cms.matrix.models import ChannelAccount, Delivery
from cms.members.ratelimit import address, allow

log = logging.getLogger(__name__)
THANKS = "已收到您的留言，工会工作人员会尽快查看。"


@csrf_exempt
@require_http_methods(["GET", "POST"])
def wechat_callback(request, app_id):
    """GET proves that the address is ours; POST brings an event or a message (contract §9)."""
    if not allow(f"callback:{address(request)}", 600, 60):
        return HttpResponse(status=429)
    account = get_object_or_404(ChannelAccount, channel="wechat", app_id=app_id)
    shared = callbacks.Secrets(
        app_id=account.app_id,
        token=account.token,
        aes_keys=tuple(account.extra.get("aes_keys", ())),
    )
    query = request.GET.dict()
    try:
        if request.method == "GET":
            return HttpResponse(callbacks.echo(query, shared), content_type="text/plain")
        push = callbacks.read_push(request.body, query, shared)
    except callbacks.CallbackRefused as refusal:
        log.warning("callback for %s refused: %s", app_id, refusal)
        return HttpResponse(status=403)
    return HttpResponse(_take_in(account, push, shared, query), content_type="text/xml")


def _take_in(account: ChannelAccount, push, shared: callbacks.Secrets, query) -> str:
    match push:
        case PublishFinished():
            delivery = Delivery.objects.filter(
                account=account, external__publish_id=push.publish_id
            ).first()
            if delivery:
                services.delivery_settle(
                    delivery_id=delivery.pk, outcome=push.outcome(delivery.external)
                )
        case UserMessage():
            new = services.reply_take_in(account=account, reply=push.as_reply(), delivery=None)
            if new:
                return _answer(push, shared, query)
    return "success"


def _answer(push: UserMessage, shared: callbacks.Secrets, query) -> str:
    answer = callbacks.passive_text(push, THANKS, timezone.now())
    if query.get("encrypt_type") != "aes":
        return answer
    return callbacks.encrypt(answer, shared, query.get("timestamp", ""), query.get("nonce", ""))
