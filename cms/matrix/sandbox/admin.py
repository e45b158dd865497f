"""The admin API under ``/__sandbox/``: accounts and what is done to them, state, reset."""

from flask import Blueprint, abort

from . import faults, seed
from .accounts import ProfileError, WeChatAccount, public_profile
from .box import current_box
from .controls import body, clock
from .wechat import callbacks, fans, mass, publish
from .wechat.errors import WeChatError

blueprint = Blueprint("admin", __name__, url_prefix="/__sandbox")
SHOWN = ("wx_draft", "wx_publish", "wx_article", "wx_mass", "wx_fan", "wx_comment", "wx_message",
         "wx_callback", "wb_status", "wb_comment", "job")  # fmt: skip


@blueprint.get("/health")
def health():
    return {"ok": True}


@blueprint.get("/state")
def state():
    """Everything worth looking at, newest 100 rows of each table. For all of it: ``/books``."""
    box = current_box()
    tables = {
        name: [
            dict(row)
            for row in box.store.rows(f"select * from {name} order by rowid desc limit 100")
        ]
        for name in SHOWN
    }
    return {
        "clock": clock(box),
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
    return _put(body())


@blueprint.put("/accounts/<platform>/<app_id>")
def put_named_account(platform: str, app_id: str):
    return _put(body() | {"platform": platform, "app_id": app_id})


@blueprint.post("/accounts/wechat/<app_id>/verify")
def verify(app_id: str):
    return callbacks.verify(current_box(), _wechat(app_id))


@blueprint.post("/accounts/wechat/<app_id>/message")
def message(app_id: str):
    """A reader writes to the account: ``{"nickname", "content"}``; answers with the whole chat."""
    box, account, said = current_box(), _wechat(app_id), body()
    nickname, content = str(said.get("nickname", "读者")), str(said.get("content", ""))
    fans.say(box, account, nickname, content)
    openid = fans.openid_of(account, nickname)
    return {"openid": openid, "messages": [dict(row) for row in fans.messages(box, openid)]}


@blueprint.post("/accounts/wechat/<app_id>/fans")
def put_fan(app_id: str):
    """A reader follows, leaves or is tagged: ``{"nickname", "following": true, "tags": [2]}``."""
    box, account, wanted = current_box(), _wechat(app_id), body()
    nickname, tags = str(wanted.get("nickname", "读者")), wanted.get("tags")
    fans.follow(box, account, nickname, bool(wanted.get("following", True)))
    if isinstance(tags, list):
        fans.tag(box, account, nickname, tags)
    return {"openid": fans.openid_of(account, nickname)}


@blueprint.post("/accounts/wechat/<app_id>/console-publish")
def console_publish(app_id: str):
    """Publish a draft by hand, as an editor does in the console: ``{"media_id"}``."""
    try:
        mid = publish.publish_by_hand(current_box(), _wechat(app_id), str(body().get("media_id")))
    except WeChatError as error:
        return error.body(), 400
    return {"msg_data_id": mid}


@blueprint.post("/accounts/wechat/<app_id>/confirm-mass")
def confirm_mass(app_id: str):
    """The administrator settles a send that waits for it: ``{"msg_id", "confirm": true}``."""
    wanted = body()
    account, confirmed = _wechat(app_id), wanted.get("confirm") is True
    if not mass.settle_waiting(current_box(), account, wanted.get("msg_id"), confirmed):
        abort(404, description="没有等待确认的群发。")
    return {"ok": True}


@blueprint.post("/accounts/wechat/<app_id>/rotate-key")
def rotate_key(app_id: str):
    """A new EncodingAESKey, as the console's button makes one; answers with the profile."""
    return public_profile(callbacks.rotate_key(current_box(), _wechat(app_id)))


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
        file.unlink(missing_ok=True)
    return {"ok": True}


def _put(profile: dict):
    try:
        account = current_box().accounts.put(profile)
    except ProfileError as error:
        return {"error": str(error)}, 400
    return public_profile(account)


def _wechat(app_id: str) -> WeChatAccount:
    account = current_box().accounts.get("wechat", app_id)
    if account is None:
        abort(404, description="没有这个公众号。")
    return account
