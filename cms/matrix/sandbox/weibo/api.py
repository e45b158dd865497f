"""One door for all Weibo API calls: method, token, budget, then the handler."""

import json
from collections.abc import Callable

from flask import Blueprint, Response, g, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge

from .. import books, faults, mishaps
from ..accounts import WeiboAccount
from ..box import Box, current_box
from . import comments, limits, oauth, statuses, users  # noqa: F401  these fill ENDPOINTS
from .endpoints import ENDPOINTS, Call, Redirect
from .errors import WeiboError

Value = dict | list | Redirect
blueprint = Blueprint("weibo_api", __name__, url_prefix="/weibo")

COMMERCIAL = "/biz.json"  # the commercial tier's form of a path, for accounts with a contract

# Withheld from ordinary apps: a post cannot be deleted or reposted by API (contract §16).
PRIVILEGED = {
    f"/2/statuses/{name}.json"
    for name in ("update", "upload", "upload_url_text", "destroy", "repost")
}


@blueprint.route("/2/<path:rest>", methods=["GET", "POST"])
def call(rest: str) -> Response:
    path = f"/2/{rest}"
    return _answer(path, lambda fault: _run(current_box(), path, fault))


@blueprint.route("/oauth2/<any('access_token', 'get_token_info', 'revokeoauth2'):name>",
                 methods=["GET", "POST"])  # fmt: skip
def oauth_call(name: str) -> Response:
    return _answer(f"/oauth2/{name}", lambda _: oauth.CALLS[name](current_box(), _params()))


def _answer(path: str, work: Callable[[faults.Fault | None], Value]) -> Response:
    box = current_box()
    try:
        caller = _caller(box)
    except RequestEntityTooLarge:
        return _error(WeiboError(20006), path)
    books.arrived(box, "weibo", path)
    fault = faults.take(box, "weibo", path, caller)
    early = mishaps.before(fault)
    if early is not None:
        return early
    try:
        if fault is not None and fault.effect == "error":
            raise WeiboError(fault.code, fault.params.get("message", ""), fault.status)
        limits.spend_ip(box, request.remote_addr or "")
        value = work(fault)
        response = redirect(value.address) if isinstance(value, Redirect) else _json(value)
    except WeiboError as error:
        response = _error(error, path)
    return mishaps.after(fault, response)


def _run(box: Box, path: str, fault: faults.Fault | None) -> Value:
    commercial = path.endswith(COMMERCIAL)
    if commercial:
        path = f"{path.removesuffix(COMMERCIAL)}.json"
    if path in PRIVILEGED:
        oauth.authenticate(box, _token())
        raise WeiboError(10014)
    endpoint = ENDPOINTS.get(path)
    if endpoint is None:
        raise WeiboError(10020)
    if request.method != endpoint.method:
        raise WeiboError(10021)
    account = g.account = oauth.authenticate(box, _token())
    if commercial and not account.commercial:
        raise WeiboError(10014)
    if endpoint.counted:
        limits.spend(box, account, path)
    return endpoint.handler(
        Call(
            box=box,
            account=account,
            params=_params(),
            files=request.files.to_dict(),
            is_multipart=request.mimetype == "multipart/form-data",
            fault=fault,
            ip=request.remote_addr or "",
        )
    )


def _params() -> dict[str, str]:
    return request.args.to_dict() | request.form.to_dict()


def _token() -> str:
    header = request.headers.get("Authorization", "")
    if header.lower().startswith("oauth2 "):
        return header[7:].strip()
    return _params().get("access_token", "")


def _caller(box: Box) -> str:
    """Whom the call is for, so that a fault can single out one account."""
    owner: WeiboAccount | None = oauth.owner(box, _token())
    return owner.app_id if owner else _params().get("client_id", "")


def _error(error: WeiboError, path: str) -> Response:
    body, account = error.body(path), g.get("account")
    if account is not None and account.error_code_as_text:
        body["error_code"] = str(error.code)
    return _json(body, error.status)


def _json(value, status: int = 200) -> Response:
    return Response(
        json.dumps(value, ensure_ascii=False), status, content_type="application/json;charset=UTF-8"
    )
