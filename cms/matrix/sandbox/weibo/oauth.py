"""OAuth2: the authorise page, codes and tokens (contract §15)."""

import secrets
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request

from ..accounts import WeiboAccount
from ..box import Box, current_box
from .errors import WeiboError

blueprint = Blueprint("weibo_oauth", __name__, url_prefix="/weibo/oauth2")
CODE_LIFETIME = 600


@blueprint.route("/authorize", methods=["GET", "POST"])
def authorize():
    box = current_box()
    given = request.values.to_dict()
    account = box.accounts.get("weibo", given.get("client_id", ""))
    redirect_uri = given.get("redirect_uri", "")
    problem = ""
    if account is None:
        problem = "没有这个应用（client_id 不对）。"
    elif not redirect_uri.startswith(("http://", "https://")):
        problem = "回调地址 redirect_uri 不对。"
    elif given.get("response_type", "code") != "code":
        problem = "response_type 只能是 code。"
    if problem or request.method == "GET":
        page = render_template(
            "weibo/authorize.html", account=account, given=given, problem=problem
        )
        return page, 400 if problem else 200
    return redirect(_with_query(redirect_uri, _decision(box, account, redirect_uri, given)), 303)


def _decision(box: Box, account: WeiboAccount, redirect_uri: str, given: dict) -> dict:
    if given.get("decision") == "allow":
        answer = {"code": _new_code(box, account, redirect_uri)}
    else:
        answer = {"error": "access_denied", "error_code": "21330"}
    return answer | ({"state": given["state"]} if "state" in given else {})


def _new_code(box: Box, account: WeiboAccount, redirect_uri: str) -> str:
    code = secrets.token_hex(16)
    box.store.execute(
        "insert into wb_code (code, app_id, redirect_uri, created_at) values (?, ?, ?, ?)",
        *(code, account.app_id, redirect_uri, box.clock.now()),
    )
    return code


def _with_query(address: str, query: dict) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def access_token(box: Box, params: dict) -> dict:
    account = box.accounts.get("weibo", params.get("client_id", ""))
    secret = params.get("client_secret", "")
    if account is None or not secrets.compare_digest(secret.encode(), account.secret.encode()):
        raise WeiboError(21324)
    if params.get("grant_type") != "authorization_code":
        raise WeiboError(21328)
    with box.store.transaction():
        code = box.store.row(
            "select * from wb_code where code = ? and app_id = ?",
            *(params.get("code", ""), account.app_id),
        )
        now = box.clock.now()
        if code is None or code["used"] or now - code["created_at"] > CODE_LIFETIME:
            raise WeiboError(21325)
        if code["redirect_uri"] != params.get("redirect_uri"):
            raise WeiboError(21322)
        box.store.execute("update wb_code set used = 1 where code = ?", code["code"])
        token = f"2.00{secrets.token_urlsafe(21)}"
        lifetime = account.token_days * 86400
        box.store.execute(
            "insert into wb_token (token, app_id, uid, created_at, expires_at)"
            " values (?, ?, ?, ?, ?)",
            *(token, account.app_id, account.uid, now, now + lifetime),
        )
    return {
        "access_token": token,
        "expires_in": lifetime,
        "remind_in": str(lifetime),
        "uid": account.uid,
        "isRealName": "true",
    }


def get_token_info(box: Box, params: dict) -> dict:
    row = _living(box, params.get("access_token", ""))
    return {
        "uid": int(row["uid"]),
        "appkey": row["app_id"],
        "scope": None,
        "create_at": int(row["created_at"]),
        "expire_in": int(row["expires_at"] - box.clock.now()),
    }


def revoke(box: Box, params: dict) -> dict:
    row = _living(box, params.get("access_token", ""))
    box.store.execute("update wb_token set revoked = 1 where token = ?", row["token"])
    return {"result": "true"}


CALLS = {
    "access_token": access_token,
    "get_token_info": get_token_info,
    "revokeoauth2": revoke,
}


def owner(box: Box, token: str) -> WeiboAccount | None:
    app_id = box.store.value("select app_id from wb_token where token = ?", token)
    return box.accounts.get("weibo", app_id) if app_id else None


def authenticate(box: Box, token: str) -> WeiboAccount:
    """The account of a living token; 21301, 21332, 21327 or 21319 otherwise."""
    row = _living(box, token)
    account = box.accounts.get("weibo", row["app_id"])
    if account is None:
        raise WeiboError(21332)
    return account


def _living(box: Box, token: str):
    if not token:
        raise WeiboError(21301)
    row = box.store.row("select * from wb_token where token = ?", token)
    if row is None:
        raise WeiboError(21332)
    if row["revoked"]:
        raise WeiboError(21319)
    if box.clock.now() >= row["expires_at"]:
        raise WeiboError(21327)
    return row
