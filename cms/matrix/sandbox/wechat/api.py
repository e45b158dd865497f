"""One door for all WeChat API calls: method, token, permission, quota, body, then the handler."""

import json
import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from .. import books, faults
from ..accounts import WeChatAccount
from ..box import Box, current_box
from . import comments, drafts, material, publish, quotas, stats, tokens  # noqa: F401  fill ENDPOINTS
from .credentials import check_ip
from .endpoints import ENDPOINTS, Call, Endpoint
from .errors import WeChatError

blueprint = Blueprint("wechat_api", __name__, url_prefix="/wechat")

NON_ASCII_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u(?!00[0-7])", re.IGNORECASE)


@blueprint.route("/<any('cgi-bin', 'datacube'):family>/<path:rest>", methods=["GET", "POST"])
def call(family: str, rest: str) -> Response:
    box = current_box()
    path = f"/{family}/{rest}"
    books.arrived(box, "wechat", path)
    fault = faults.take(box.store, "wechat", path, _caller(box))
    early = faults.before(fault)
    if early is not None:
        return early
    try:
        if fault is not None and fault.effect == "error":
            raise WeChatError(fault.code, fault.params.get("message", ""))
        body = _run(box, path, fault)
    except WeChatError as error:
        body = error.body()
    except RequestEntityTooLarge:
        body = WeChatError(40009).body()
    return faults.after(fault, body if isinstance(body, Response) else _json(body))


def _run(box: Box, path: str, fault: faults.Fault | None) -> dict | Response:
    endpoint = ENDPOINTS.get(path)
    if endpoint is None:
        raise WeChatError(40066)
    if request.method != endpoint.method:
        raise WeChatError(43002 if endpoint.method == "POST" else 43001)
    account = None
    if endpoint.needs_token:
        account = tokens.authenticate(box, request.args.get("access_token", ""))
        _authorise(account, endpoint)
        quotas.spend(box, account, path)
    return endpoint.handler(
        Call(
            box=box,
            account=account,
            args=request.args.to_dict(),
            body=_json_body() if endpoint.body == "json" else {},
            files=request.files.to_dict() if endpoint.body == "files" else {},
            form=request.form.to_dict() if endpoint.body == "files" else {},
            ip=request.remote_addr or "",
            fault=fault,
        )
    )


def _authorise(account: WeChatAccount, endpoint: Endpoint) -> None:
    check_ip(account, request.remote_addr or "")
    if endpoint.certified_only and not account.certified:
        raise WeChatError(48001)


def _json_body() -> dict:
    """The JSON object sent. Escaped Chinese stays escaped, as on the platform: send raw UTF-8."""
    raw = request.get_data()
    if not raw:
        raise WeChatError(44002)
    try:
        value = json.loads(NON_ASCII_ESCAPE.sub(r"\1\\\\u", raw.decode("utf-8")))
    except ValueError:
        raise WeChatError(47001) from None
    if not isinstance(value, dict):
        raise WeChatError(47001)
    return value


def _caller(box: Box) -> str:
    """Whom the call says it is for, so that a fault can single out one account."""
    token = request.args.get("access_token", "")
    if token:
        return tokens.owner(box, token) or ""
    if "appid" in request.args:
        return request.args["appid"]
    body = request.get_json(silent=True, force=True) if request.method == "POST" else None
    return str(body.get("appid", "")) if isinstance(body, dict) else ""


def _json(body: dict) -> Response:
    return Response(
        json.dumps(body, ensure_ascii=False), content_type="application/json; encoding=utf-8"
    )
