"""The control pages: faults, clock and pace, callbacks, and one account's profile."""

from dataclasses import fields
from typing import get_args, get_origin
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request

from . import faults
from .box import current_box
from .labels import CHOICES, LABELS
from .profiles import ProfileError

blueprint = Blueprint("control_pages", __name__)
FAULT_PATHS = {
    "/cgi-bin/freepublish/submit": "微信：提交发布",
    "/cgi-bin/message/mass/sendall": "微信：群发",
    "/cgi-bin/draft/add": "微信：新增草稿",
    "/cgi-bin/media/uploadimg": "微信：上传正文图片",
    "/cgi-bin/comment/list": "微信：读取留言",
    "/datacube/*": "微信：统计",
    "/cgi-bin/*": "微信：所有接口",
    "/2/statuses/share.json": "微博：发微博",
    "/2/comments/to_me.json": "微博：收到的评论",
    "/2/*": "微博：所有接口",
    "callback": "微信回调",
}
CALLBACK_STATES = {
    "waiting": "等待推送",
    "held": "等下一条先到",
    "delivered": "已送达",
    "failed": "未送达",
    "lost": "已丢弃",
}
HTTP_STATUS, PUBLISH_STATUS = 502, 3
LATENCY_MOST_MS = 60_000


@blueprint.get("/faults")
def fault_page():
    box = current_box()
    return render_template(
        "faults.html",
        planned=faults.planned(box.store),
        dealt=box.store.rows("select * from fault_dealt order by count desc"),
        effects=faults.EFFECTS | {"mix": "混合现象"},
        paths=FAULT_PATHS,
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/faults")
def plan_fault():
    form, effect = request.form, request.form.get("effect", "")
    rule = {"path": form.get("path", ""), "effect": effect}
    rule["status"] = HTTP_STATUS if effect == "http" else PUBLISH_STATUS
    try:
        rule |= {"code": int(form.get("code") or -1)}
        if form.get("seconds"):
            rule["seconds"] = float(form["seconds"])
        if form.get("percent"):
            rule["rate"] = float(form["percent"]) / 100
        else:
            rule["times"] = int(form.get("times") or 1)
        faults.add(current_box().store, rule)
    except faults.FaultError as error:
        return _back("/faults", str(error))
    except ValueError:
        return _back("/faults", "次数、概率、错误码和秒数请填数字。")
    return _back("/faults", "故障已安排。")


@blueprint.post("/faults/clear")
def clear_faults():
    current_box().store.execute("delete from fault")
    return _back("/faults", "故障已全部取消。")


@blueprint.post("/faults/<int:fault_id>/remove")
def remove_fault(fault_id: int):
    current_box().store.execute("delete from fault where id = ?", fault_id)
    return _back("/faults", "这条故障已取消。")


@blueprint.get("/clock")
def clock_page():
    box = current_box()
    return render_template(
        "clock.html",
        now=box.clock.now(),
        offset=box.clock.offset,
        latency_ms=round(box.latency * 1000),
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/clock")
def move_clock():
    box = current_box()
    if request.form.get("reset"):
        box.clock.move(0)
    else:
        try:
            hours = float(request.form.get("hours") or 0)
        except ValueError:
            return _back("/clock", "小时数请填数字。")
        box.clock.move(box.clock.offset + hours * 3600)
    box.jobs.wake()
    return _back("/clock", "时间已调整。")


@blueprint.post("/pace")
def set_pace():
    text = request.form.get("latency_ms", "")
    if not text.isdigit() or int(text) > LATENCY_MOST_MS:
        return _back("/clock", f"请填 0 到 {LATENCY_MOST_MS} 的毫秒数。")
    current_box().store.keep_setting("latency", str(int(text) / 1000))
    return _back("/clock", "接口速度已调整。")


@blueprint.get("/callbacks")
def callback_page():
    box = current_box()
    names = {account.app_id: account.name for account in box.accounts.all("wechat")}
    rows = box.store.rows("select * from wx_callback order by id desc limit 100")
    return render_template("callbacks.html", rows=rows, names=names, states=CALLBACK_STATES)


@blueprint.get("/accounts/<platform>/<app_id>")
def account_page(platform: str, app_id: str):
    account = _account_or_404(platform, app_id)
    return render_template(
        "profile.html",
        account=account,
        inputs=[_input(account, field) for field in fields(account) if field.name != "app_id"],
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/accounts/<platform>/<app_id>")
def save_account(platform: str, app_id: str):
    account = _account_or_404(platform, app_id)
    address = f"/accounts/{platform}/{app_id}"
    try:
        given = {
            field.name: _read(field.type, request.form.get(field.name, ""))
            for field in fields(account)
            if field.name in LABELS and field.name != "app_id"
        }
        current_box().accounts.put({"platform": platform, "app_id": app_id} | given)
    except ProfileError as error:
        return _back(address, str(error))
    except ValueError:
        return _back(address, "数字项里有填得不对的，请检查后再保存。")
    return _back(address, "账号已保存。")


def _input(account, field) -> dict:
    value = getattr(account, field.name)
    choices = {c: CHOICES.get(c, c) for c in get_args(field.type) if isinstance(c, str)}
    if choices and isinstance(value, str):
        kind = "choice"
    else:
        kind = "switch" if isinstance(value, bool) else "text"
    shown = _shown(value)
    return {"name": field.name, "label": LABELS[field.name], "kind": kind, "value": value,
            "shown": shown, "choices": choices}  # fmt: skip


def _shown(value) -> str:
    if isinstance(value, dict):
        return "，".join(f"{key}={number}" for key, number in value.items())
    return "，".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _read(expected, text: str):
    """The form's text as the type that the field has."""
    text = text.strip()
    if expected is bool:
        return text == "on"
    if expected in (int, float):
        return expected(text or 0)
    if get_origin(expected) not in (list, dict):
        return text
    parts = [part.strip() for part in text.replace(",", "，").split("，") if part.strip()]
    if get_origin(expected) is dict:
        return {key.strip(): int(number) for key, _, number in (p.partition("=") for p in parts)}
    return [get_args(expected)[0](part) for part in parts]


def _account_or_404(platform: str, app_id: str):
    account = current_box().accounts.get(platform, app_id)
    if account is None:
        abort(404)
    return account


def _back(address: str, notice: str):
    return redirect(f"{address}?notice={quote(notice)}", 303)
