"""The sandbox's own API under ``/__sandbox/``: accounts, faults, clock, reset, state."""

from flask import Blueprint, abort, request

from . import faults, seed
from .accounts import ProfileError, public_profile
from .box import current_box
from .wechat import callbacks, fans, publish
from .wechat.errors import WeChatError

blueprint = Blueprint("admin", __name__, url_prefix="/__sandbox")
SHOWN = ("wx_draft", "wx_publish", "wx_article", "wx_comment", "wx_message", "wx_callback",
         "wb_status", "wb_comment", "job")  # fmt: skip


@blueprint.get("/health")
def health():
    return {"ok": True}


@blueprint.get("/state")
def state():
    """Everything worth looking at, newest 100 rows of each table."""
    box = current_box()
    tables = {
        name: [
            dict(row)
            for row in box.store.rows(f"select * from {name} order by rowid desc limit 100")
        ]
        for name in SHOWN
    }
    return {
        "clock": _clock(box),
        "accounts": [public_profile(a) for p in ("wechat", "weibo") for a in box.accounts.all(p)],
        "faults": faults.planned(box.store),
        **tables,
    }


@blueprint.get("/accounts")
def list_accounts():
    box = current_box()
    return [public_profile(a) for p in ("wechat", "weibo") for a in box.accounts.all(p)]


@blueprint.post("/accounts")
def put_account():
    """Create or change one account; fields left out keep their value."""
    try:
        account = current_box().accounts.put(_body())
    except ProfileError as error:
        return {"error": str(error)}, 400
    return public_profile(account)


@blueprint.put("/accounts/<platform>/<app_id>")
def put_named_account(platform: str, app_id: str):
    try:
        account = current_box().accounts.put(_body() | {"platform": platform, "app_id": app_id})
    except ProfileError as error:
        return {"error": str(error)}, 400
    return public_profile(account)


@blueprint.post("/accounts/wechat/<app_id>/verify")
def verify(app_id: str):
    return callbacks.verify(current_box(), _wechat(app_id))


@blueprint.post("/accounts/wechat/<app_id>/message")
def message(app_id: str):
    """A reader writes to the account: ``{"nickname", "content"}``; answers with the whole chat."""
    box, account, body = current_box(), _wechat(app_id), _body()
    nickname, content = str(body.get("nickname", "读者")), str(body.get("content", ""))
    fans.say(box, account, nickname, content)
    openid = fans.openid_of(account, nickname)
    return {"openid": openid, "messages": [dict(row) for row in fans.messages(box, openid)]}


@blueprint.post("/accounts/wechat/<app_id>/console-publish")
def console_publish(app_id: str):
    """Publish a draft by hand, as an editor does in the console: ``{"media_id"}``."""
    try:
        mid = publish.publish_by_hand(current_box(), _wechat(app_id), str(_body().get("media_id")))
    except WeChatError as error:
        return error.body(), 400
    return {"msg_data_id": mid}


@blueprint.get("/faults")
def list_faults():
    return faults.planned(current_box().store)


@blueprint.post("/faults")
def add_fault():
    try:
        return {"id": faults.add(current_box().store, _body())}, 201
    except faults.FaultError as error:
        return {"error": str(error)}, 400


@blueprint.delete("/faults")
def clear_faults():
    current_box().store.execute("delete from fault")
    return {"ok": True}


@blueprint.delete("/faults/<int:fault_id>")
def remove_fault(fault_id: int):
    current_box().store.execute("delete from fault where id = ?", fault_id)
    return {"ok": True}


@blueprint.get("/clock")
def get_clock():
    return _clock(current_box())


@blueprint.route("/clock", methods=["PUT", "POST"])
def set_clock():
    """``{"offset_seconds": n}`` from real time, or ``{"advance_seconds": n}`` from here."""
    box, body = current_box(), _body()
    try:
        if "advance_seconds" in body:
            box.clock.move(box.clock.offset + float(body["advance_seconds"]))
        else:
            box.clock.move(float(body["offset_seconds"]))
    except (KeyError, TypeError, ValueError):
        return {"error": "请给出 offset_seconds 或 advance_seconds（秒数）。"}, 400
    box.jobs.wake()
    return _clock(box)


@blueprint.post("/reset")
def reset():
    """Forget everything and start again with the demo accounts, real time and no faults."""
    box = current_box()
    with box.store.transaction():
        box.store.clear()
        box.clock.move(0)
        for profile in seed.ACCOUNTS:
            box.accounts.put(profile)
    for file in box.media.iterdir():
        file.unlink()
    return {"ok": True}


def _clock(box) -> dict:
    return {"now": box.clock.local().isoformat(), "offset_seconds": box.clock.offset}


def _body() -> dict:
    value = request.get_json(silent=True, force=True)
    if not isinstance(value, dict):
        abort(400, description="请求体应为 JSON 对象。")
    return value


def _wechat(app_id: str):
    account = current_box().accounts.get("wechat", app_id)
    if account is None:
        abort(404, description="没有这个公众号。")
    return account
