"""The control page at ``/``: accounts, what is planned to go wrong, the clock."""

from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request

from . import faults
from .box import current_box
from .wechat import callbacks

blueprint = Blueprint("home", __name__)
FAULT_PATHS = {
    "/cgi-bin/freepublish/submit": "微信：提交发布",
    "/cgi-bin/draft/add": "微信：新增草稿",
    "/cgi-bin/comment/list": "微信：读取留言",
    "/cgi-bin/*": "微信：所有接口",
    "/2/statuses/share.json": "微博：发微博",
    "/2/comments/to_me.json": "微博：收到的评论",
    "/2/*": "微博：所有接口",
    "callback": "微信回调",
}


@blueprint.get("/")
def home():
    box = current_box()
    wechat = [
        {"account": account, "callback_url": callbacks.callback_url(box, account)}
        for account in box.accounts.all("wechat")
    ]
    return render_template(
        "home.html",
        wechat=wechat,
        weibo=box.accounts.all("weibo"),
        faults=faults.planned(box.store),
        effects=faults.EFFECTS,
        paths=FAULT_PATHS,
        now=box.clock.now(),
        offset=box.clock.offset,
        public_base=box.public_base,
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/faults")
def plan_fault():
    form = request.form
    fault = {"path": form.get("path", ""), "effect": form.get("effect"), "code": -1, "status": 3}
    if form.get("effect") == "http":
        fault["status"] = 502
    try:
        fault |= {"times": int(form.get("times") or 1), "code": int(form.get("code") or -1)}
        fault["seconds"] = float(form.get("seconds") or 0)
        faults.add(current_box().store, fault)
    except faults.FaultError as error:
        return _back(str(error))
    except ValueError:
        return _back("次数、错误码和秒数请填数字。")
    return _back("故障已安排。")


@blueprint.post("/faults/clear")
def clear_faults():
    current_box().store.execute("delete from fault")
    return _back("故障已全部取消。")


def _back(notice: str):
    return redirect(f"/?notice={quote(notice)}", 303)
