"""Planned misbehaviour: what goes wrong at the next calls, and when relative to the effect.

A fault row names a platform, a path (``fnmatch`` pattern such as ``/cgi-bin/draft/*``), optionally
an account, and happens for the next ``times`` calls or at a ``rate`` between 0 and 1. Effects:

``error``           answer ``code`` (+ ``message``, Weibo: ``status``); nothing else happens
``http``            answer HTTP ``status`` (default 502); nothing else happens
``timeout``         hold ``seconds``, then close without answer; nothing else happens
``lost``            do the work, hold ``seconds``, then close without answer
``delay``           wait ``seconds``, then behave normally
``publish_status``  at freepublish/submit: the job ends with ``status`` 2–6 (``fail_idx``, 1-based)
``duplicate``       path ``callback``: deliver the same callback twice
``swallow``         path ``callback``: never deliver it
"""

import contextlib
import fnmatch
import json
import random
import socket
import time
from dataclasses import dataclass

from flask import Response, request

from .store import Store

EFFECTS = {
    "error": "返回错误码",
    "http": "返回 HTTP 5xx",
    "timeout": "没办事就断开",
    "lost": "办完事但答复丢失",
    "delay": "变慢",
    "publish_status": "发布任务失败",
    "duplicate": "回调重复推送",
    "swallow": "回调丢失",
}
BEFORE_EFFECT = {"error", "http", "timeout", "delay"}
chance = random.Random()
LONGEST_HOLD = 60.0  # seconds a request thread may be held


class FaultError(ValueError):
    """A fault that makes no sense; the message is Chinese and says why."""


@dataclass(frozen=True)
class Fault:
    effect: str
    params: dict

    @property
    def seconds(self) -> float:
        return min(LONGEST_HOLD, float(self.params.get("seconds", 0)))

    @property
    def code(self) -> int:
        return int(self.params.get("code", -1))

    @property
    def status(self) -> int | None:
        return self.params.get("status")


def add(store: Store, fault: dict) -> int:
    """Plan a fault; returns its id. ``times`` defaults to 1 when no ``rate`` is given."""
    rest = dict(fault)
    platform, path, app_id = (
        rest.pop("platform", "*"),
        rest.pop("path", "*"),
        rest.pop("app_id", ""),
    )
    effect, rate, times = rest.pop("effect", None), rest.pop("rate", None), rest.pop("times", None)
    if effect not in EFFECTS:
        raise FaultError(f"effect 只能是：{'、'.join(EFFECTS)}。")
    if platform not in ("*", "wechat", "weibo"):
        raise FaultError("platform 只能是 wechat、weibo 或 *。")
    if not isinstance(path, str) or not isinstance(app_id, str):
        raise FaultError("path 和 app_id 应为文字。")
    if rate is not None and not (isinstance(rate, (int, float)) and 0 < rate <= 1):
        raise FaultError("rate 应在 0 到 1 之间。")
    if times is not None and not (isinstance(times, int) and times > 0):
        raise FaultError("times 应为正整数。")
    numbers = {key: rest[key] for key in ("code", "status", "seconds") if key in rest}
    if not all(isinstance(value, (int, float)) for value in numbers.values()):
        raise FaultError("code、status、seconds 应为数字。")
    if effect == "error" and "code" not in rest:
        raise FaultError("effect 为 error 时要写明 code。")
    if effect == "publish_status" and rest.get("status") not in range(2, 7):
        raise FaultError("effect 为 publish_status 时 status 应为 2 到 6。")
    remaining = times if times is not None or rate is not None else 1
    return store.execute(
        "insert into fault (platform, path, app_id, effect, params, remaining, rate)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        *(platform, path, app_id, effect, json.dumps(rest, ensure_ascii=False), remaining, rate),
    ).lastrowid


def planned(store: Store) -> list[dict]:
    rows = store.rows("select * from fault order by id")
    return [dict(row) | {"params": json.loads(row["params"])} for row in rows]


def take(store: Store, platform: str, path: str, app_id: str) -> Fault | None:
    """The fault due at this call, used up by one; None when all is well."""
    if store.value("select 1 from fault limit 1") is None:
        return None
    with store.transaction():
        for row in store.rows("select * from fault order by id"):
            if _due(row, platform, path, app_id):
                _use_up(store, row)
                _note(store, platform, row)
                return Fault(row["effect"], json.loads(row["params"]))
    return None


def _due(row, platform: str, path: str, app_id: str) -> bool:
    if row["platform"] not in ("*", platform) or row["app_id"] not in ("", app_id):
        return False
    # A callback is not a call: only faults that name it strike it.
    pattern_matches = (
        row["path"] == path if path == "callback" else fnmatch.fnmatchcase(path, row["path"])
    )
    return pattern_matches and (row["rate"] is None or chance.random() < row["rate"])


def _use_up(store: Store, row) -> None:
    if row["remaining"] is None:
        return
    if row["remaining"] <= 1:
        store.execute("delete from fault where id = ?", row["id"])
    else:
        store.execute("update fault set remaining = remaining - 1 where id = ?", row["id"])


def _note(store: Store, platform: str, row) -> None:
    """Into the books: what was dealt to whom."""
    code = json.loads(row["params"]).get("code", 0)
    store.execute(
        "insert into fault_dealt (platform, effect, code, count) values (?, ?, ?, 1)"
        " on conflict (platform, effect, code) do update set count = count + 1",
        *(platform, row["effect"], int(code)),
    )


def before(fault: Fault | None) -> Response | None:
    """Act out what comes before the effect; a response ends the call. Errors are the API's own."""
    if fault is None or fault.effect not in BEFORE_EFFECT:
        return None
    time.sleep(fault.seconds)
    if fault.effect == "http":
        return Response("upstream error", status=fault.status or 502, mimetype="text/plain")
    if fault.effect == "timeout":
        return hang_up()
    return None


def after(fault: Fault | None, response: Response) -> Response:
    """Lose the answer of a call whose work is done, if so planned."""
    if fault is None or fault.effect != "lost":
        return response
    time.sleep(fault.seconds)
    return hang_up()


def hang_up() -> Response:
    """Close the caller's connection without a byte of answer."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        # An OSError means the caller gave up first, which is the same to it.
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(status=504)
