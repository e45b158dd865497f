"""The admin API's levers for both platforms: faults, chance, pace, clock, Weibo's limits by IP."""

from flask import Blueprint, abort, request

from . import faults
from .box import Box, current_box
from .weibo import limits

blueprint = Blueprint("controls", __name__, url_prefix="/__sandbox")
SLOWEST_MS = 60_000


@blueprint.get("/faults")
def list_faults():
    return faults.planned(current_box().store)


@blueprint.post("/faults")
def add_fault():
    try:
        return {"id": faults.add(current_box().store, body())}, 201
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


@blueprint.put("/seed")
def seed():
    """``{"seed": n}``: faults that strike by chance do so in a repeatable order."""
    current_box().chance.seed(body().get("seed"))
    return {"ok": True}


@blueprint.route("/pace", methods=["GET", "PUT"])
def pace():
    """``{"latency_ms": n}``: every call of both platforms takes that much longer."""
    box = current_box()
    if request.method == "PUT":
        wanted = body().get("latency_ms")
        if not isinstance(wanted, int | float) or not 0 <= wanted <= SLOWEST_MS:
            return {"error": f"latency_ms 应为 0 到 {SLOWEST_MS} 的数字。"}, 400
        box.store.keep_setting("latency", str(wanted / 1000))
    return {"latency_ms": round(box.latency * 1000, 3)}


@blueprint.get("/clock")
def get_clock():
    return clock(current_box())


@blueprint.route("/clock", methods=["PUT", "POST"])
def set_clock():
    """``{"offset_seconds": n}`` from real time, or ``{"advance_seconds": n}`` from here."""
    box, wanted = current_box(), body()
    try:
        if "advance_seconds" in wanted:
            box.clock.move(box.clock.offset + float(wanted["advance_seconds"]))
        else:
            box.clock.move(float(wanted["offset_seconds"]))
    except (KeyError, TypeError, ValueError):
        return {"error": "请给出 offset_seconds 或 advance_seconds（秒数）。"}, 400
    box.jobs.wake()
    return clock(box)


@blueprint.route("/weibo-ip", methods=["GET", "PUT"])
def weibo_ip():
    """``{"hourly_calls": n, "blocked": [addresses]}``: above it 10022, from those 10004."""
    box = current_box()
    if request.method == "PUT":
        try:
            limits.set_ip_rule(box, body())
        except ValueError as error:
            return {"error": str(error)}, 400
    return limits.ip_rule(box)


def clock(box: Box) -> dict:
    return {"now": box.clock.local().isoformat(), "offset_seconds": box.clock.offset}


def body() -> dict:
    """The JSON object sent; 400 when it is none."""
    value = request.get_json(silent=True, force=True)
    if not isinstance(value, dict):
        abort(400, description="请求体应为 JSON 对象。")
    return value
