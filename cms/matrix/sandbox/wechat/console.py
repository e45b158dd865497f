"""The account owner's console: drafts and publishing by hand, 留言 setting, callback check."""

from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request

from ..box import current_box
from . import callbacks, drafts, mass, posting, publish
from .errors import WeChatError

blueprint = Blueprint("wechat_console", __name__, url_prefix="/wechat/<app_id>/console")


@blueprint.get("/")
def console(app_id: str):
    box = current_box()
    account = _account_or_404(app_id)
    waiting = [
        {"media_id": draft["media_id"], "updated_at": draft["updated_at"], "articles": items}
        for draft in drafts.in_box(box, app_id)
        if (items := drafts.news_items(box, draft, hide_content=True))
    ]
    pushed = box.store.rows(
        "select * from wx_callback where app_id = ? order by id desc limit 20", app_id
    )
    return render_template(
        "wechat/console.html",
        account=account,
        callback_url=posting.callback_url(box, account),
        drafts=waiting,
        callbacks=pushed,
        waiting=mass.waiting(box, account),
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/publish")
def publish_draft(app_id: str):
    account = _account_or_404(app_id)
    try:
        publish.publish_by_hand(current_box(), account, request.form.get("media_id", ""))
    except WeChatError:
        return _back(app_id, "这份草稿已经不在草稿箱里。")
    return _back(app_id, "已发表，并推送了 MASSSENDJOBFINISH。")


@blueprint.post("/settings")
def settings(app_id: str):
    _account_or_404(app_id)
    shown = "all" if request.form.get("comments_shown") == "all" else "elected"
    current_box().accounts.put({"platform": "wechat", "app_id": app_id, "comments_shown": shown})
    return _back(app_id, "留言设置已保存。")


@blueprint.post("/verify")
def verify(app_id: str):
    result = callbacks.verify(current_box(), _account_or_404(app_id))
    return _back(app_id, "回调地址校验通过。" if result["ok"] else result["problem"])


@blueprint.post("/confirm-mass")
def confirm_mass(app_id: str):
    confirmed = request.form.get("confirm") == "1"
    account, msg_id = _account_or_404(app_id), request.form.get("msg_id", type=int)
    if not mass.settle_waiting(current_box(), account, msg_id, confirmed):
        return _back(app_id, "这次群发已经处理过或过期了。")
    return _back(app_id, "已确认，正在群发。" if confirmed else "已拒绝，草稿回到草稿箱。")


@blueprint.post("/rotate-key")
def rotate_key(app_id: str):
    callbacks.rotate_key(current_box(), _account_or_404(app_id))
    return _back(app_id, "EncodingAESKey 已更换，请到内容平台填上新的密钥。")


def _account_or_404(app_id: str):
    account = current_box().accounts.get("wechat", app_id)
    if account is None:
        abort(404)
    return account


def _back(app_id: str, notice: str):
    return redirect(f"/wechat/{app_id}/console/?notice={quote(notice)}", 303)
