"""One door for all WeChat API calls: method, token, permission, quota, body, then the handler."""

import json
import re

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from .. import books, faults, mishaps
from ..accounts import WeChatAccount
from ..box import Box, current_box
from . import (  # noqa: F401  these fill ENDPOINTS
    comments,
    drafts,
    mass,
    mass_preview,
    material,
    menu,
    publish,
    quotas,
    rids,
    service_messages,
    stats,
    temporary,
    tickets,
    tokens,
    users,
)
from .credentials import check_ip, not_whitelisted
from .endpoints import ENDPOINTS, OK, Call, Endpoint
from .errors import WeChatError

blueprint = Blueprint("wechat_api", __name__, url_prefix="/wechat")

NON_ASCII_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u(?!00[0-7])", re.IGNORECASE)


@blueprint.route("/<any('cgi-bin', 'datacube'):family>/<path:rest>", methods=["GET", "POST"])
def call(family: str, rest: str) -> Response:
    box = current_box()
    path = f"/{family}/{rest}"
    books.arrived(box, "wechat", path)
    caller = _caller(box)
    fault = faults.take(box, "wechat", path, caller)
    early = mishaps.before(fault)
    if early is not None:
        return early
    try:
        if fault is not None and fault.effect == "error":
            raise _planned(fault)
        answer = _run(box, path, fault)
    except WeChatError as error:
        answer = _refusal(box, caller, error)
    except RequestEntityTooLarge:
        answer = _refusal(box, caller, WeChatError(40009))
    return mishaps.after(fault, answer if isinstance(answer, Response) else _json(answer))


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
    answer = endpoint.handler(
        Call(
            box=box,
            account=account,
            args=request.args.to_dict(),
            body=_json_body(endpoint),
            files=request.files.to_dict() if endpoint.body == "files" else {},
            form=request.form.to_dict() if endpoint.body == "files" else {},
            ip=request.remote_addr or "",
            fault=fault,
        )
    )
    is_documented = account is not None and account.documented_answers
    return _as_documented(answer) if is_documented and isinstance(answer, dict) else answer


def _authorise(account: WeChatAccount, endpoint: Endpoint) -> None:
    g.account = account
    check_ip(account, request.remote_addr or "")
    may_publish = account.kind == "uncertified" and account.uncertified_may_publish
    if may_publish and endpoint.path.startswith("/cgi-bin/freepublish/"):
        return
    if endpoint.certified_only and not account.certified:
        raise WeChatError(48001)
    if endpoint.service_only and not account.is_service:
        raise WeChatError(48001)


def _json_body(endpoint: Endpoint) -> dict:
    """The JSON object sent. Escaped Chinese stays escaped, as on the platform: send raw UTF-8."""
    if endpoint.body not in {"json", "optional"}:
        return {}
    raw = request.get_data()
    if not raw:
        if endpoint.body == "optional":
            return {}
        raise WeChatError(44002)
    try:
        value = json.loads(NON_ASCII_ESCAPE.sub(r"\1\\\\u", raw.decode("utf-8")))
    except ValueError:
        raise WeChatError(47001) from None
    if not isinstance(value, dict):
        raise WeChatError(47001)
    return value


def _planned(fault: faults.Fault) -> WeChatError:
    message = fault.params.get("message", "")
    if fault.code == 40164 and not message:
        message = not_whitelisted(request.remote_addr or "")
    return WeChatError(fault.code, message)


def _refusal(box: Box, caller: str, error: WeChatError) -> dict:
    account = g.get("account")
    rids.remember(box, account.app_id if account else caller, error)
    return error.body(with_rid=not (account and account.documented_answers))


def _as_documented(answer: dict) -> dict:
    """Without the quirks of live accounts: errcode always, no empty ``item``."""
    shown = {name: value for name, value in answer.items() if value != [] or name != "item"}
    return OK | shown


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
