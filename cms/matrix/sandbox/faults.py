"""Planned misbehaviour: rules that say what goes wrong at which calls, and the choice of one.

A rule names a platform, a path (``fnmatch`` pattern such as ``/cgi-bin/draft/*``, or ``callback``),
optionally an account, and strikes the next ``times`` calls or at a ``rate`` between 0 and 1. It has
one effect, or a ``mix`` of weighted effects of which each strike takes one. ``docs/sandbox.md``
describes every effect; ``mishaps.py`` acts them out.
"""

import fnmatch
import json
from dataclasses import dataclass, field

from .box import Box
from .store import Store

CALLBACK = "callback"
EFFECTS = {
    "error": "返回错误码",
    "http": "返回 HTTP 5xx",
    "timeout": "没办事就断开",
    "lost": "办完事但答复丢失",
    "delay": "变慢",
    "late": "办成了却答复稍后或已存在",
    "publish_status": "发布任务失败",
    "mass_result": "群发任务失败",
    "is_delay": "统计数据标为延迟",
    "duplicate": "回调重复推送",
    "swallow": "回调丢失",
    "reorder": "回调晚于下一条到达",
}
# Effects that mean something at some calls only: there, and nowhere else, they strike.
ONLY_AT = {
    "late": ("/2/statuses/share.json", "/cgi-bin/message/mass/sendall"),
    "publish_status": ("/cgi-bin/freepublish/submit",),
    "mass_result": ("/cgi-bin/message/mass/sendall", "/cgi-bin/message/mass/send"),
    "is_delay": ("/datacube/*",),
    "duplicate": (CALLBACK,),
    "swallow": (CALLBACK,),
    "reorder": (CALLBACK,),
}
AT_CALLBACKS = {"duplicate", "swallow", "reorder", "delay"}
LONGEST_HOLD = 60.0  # seconds a request thread may be held
NUMBERS = ("code", "status", "seconds", "weight")


class FaultError(ValueError):
    """A rule that makes no sense; the message is Chinese and says why."""


@dataclass(frozen=True)
class Fault:
    """What one call meets."""

    effect: str
    params: dict = field(default_factory=dict)

    @property
    def hold(self) -> float:
        """Seconds that a request thread is held."""
        return min(LONGEST_HOLD, self.seconds(0))

    @property
    def code(self) -> int:
        return int(self.params.get("code", -1))

    @property
    def status(self) -> int | None:
        return self.params.get("status")

    def seconds(self, default: float) -> float:
        return float(self.params.get("seconds", default))


def add(store: Store, rule: dict) -> int:
    """Plan a fault; returns its id. ``times`` defaults to 1 when no ``rate`` is given."""
    rest = dict(rule)
    platform, path = rest.pop("platform", "*"), rest.pop("path", "*")
    app_id, rate, times = rest.pop("app_id", ""), rest.pop("rate", None), rest.pop("times", None)
    if platform not in ("*", "wechat", "weibo"):
        raise FaultError("platform 只能是 wechat、weibo 或 *。")
    if not isinstance(path, str) or not isinstance(app_id, str):
        raise FaultError("path 和 app_id 应为文字。")
    if rate is not None and not (isinstance(rate, (int, float)) and 0 < rate <= 1):
        raise FaultError("rate 应在 0 到 1 之间。")
    if times is not None and not (isinstance(times, int) and times > 0):
        raise FaultError("times 应为正整数。")
    _check_parts(rest, path)
    effect = "mix" if "mix" in rest else rest.pop("effect")
    remaining = times if times is not None or rate is not None else 1
    return store.execute(
        "insert into fault (platform, path, app_id, effect, params, remaining, rate)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        *(platform, path, app_id, effect, json.dumps(rest, ensure_ascii=False), remaining, rate),
    ).lastrowid


def planned(store: Store) -> list[dict]:
    rows = store.rows("select * from fault order by id")
    return [dict(row) | {"params": json.loads(row["params"])} for row in rows]


def take(box: Box, platform: str, path: str, app_id: str) -> Fault | None:
    """The fault due at this call, used up by one; None when all is well."""
    for row in box.store.rows("select * from fault order by id"):
        fault = _strike(box, row, platform, path, app_id)
        if fault is not None:
            with box.store.transaction():
                if _use_up(box.store, row):
                    _note(box.store, platform, fault)
                    return fault
    return None


def _check_parts(rest: dict, path: str) -> None:
    mix = rest.get("mix")
    if mix is None:
        _check_effect(rest, path)
        return
    if not isinstance(mix, list) or not mix or not all(isinstance(part, dict) for part in mix):
        raise FaultError("mix 应为一组现象，每个是一个对象。")
    for part in mix:
        _check_effect(part, path)


def _check_effect(part: dict, path: str) -> None:
    effect = part.get("effect")
    if effect not in EFFECTS:
        raise FaultError(f"effect 只能是：{'、'.join(EFFECTS)}。")
    if path == CALLBACK and effect not in AT_CALLBACKS:
        raise FaultError(f"回调的 effect 只能是：{'、'.join(sorted(AT_CALLBACKS))}。")
    for name in NUMBERS:
        value = part.get(name, 0)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise FaultError("code、status、seconds、weight 应为数字。")
    if part.get("weight", 1) <= 0:
        raise FaultError("weight 应大于 0。")
    codes = part.get("codes", [part["code"]] if "code" in part else [])
    if not isinstance(codes, list) or not all(isinstance(code, int) for code in codes):
        raise FaultError("codes 应为一组整数。")
    if effect == "error" and not codes:
        raise FaultError("effect 为 error 时要写明 code 或 codes。")
    if effect == "publish_status" and part.get("status") not in range(2, 7):
        raise FaultError("effect 为 publish_status 时 status 应为 2 到 6。")


def _strike(box: Box, row, platform: str, path: str, app_id: str) -> Fault | None:
    """What the rule does to this call: chosen by chance where the rule leaves it to chance."""
    if row["platform"] not in ("*", platform) or row["app_id"] not in ("", app_id):
        return None
    # A callback is not a call: only rules that name it strike it.
    matches = row["path"] == path if path == CALLBACK else fnmatch.fnmatchcase(path, row["path"])
    if not matches:
        return None
    params = json.loads(row["params"])
    parts = params["mix"] if row["effect"] == "mix" else [params | {"effect": row["effect"]}]
    parts = [part for part in parts if _applies(part, path)]
    if not parts or (row["rate"] is not None and box.chance.random() >= row["rate"]):
        return None
    part = box.chance.choices(parts, [part.get("weight", 1) for part in parts])[0]
    if "codes" in part:
        part = part | {"code": box.chance.choice(part["codes"])}
    return Fault(part["effect"], part)


def _applies(part: dict, path: str) -> bool:
    patterns = ONLY_AT.get(part["effect"], ("*",))
    wanted = part.get("path", "*") if path != CALLBACK else "*"
    return fnmatch.fnmatchcase(path, wanted) and any(
        fnmatch.fnmatchcase(path, pattern) for pattern in patterns
    )


def _use_up(store: Store, row) -> bool:
    """Whether this strike was still to be had: another call may have taken the last one."""
    if row["remaining"] is None:
        return True
    left = store.execute(
        "update fault set remaining = remaining - 1 where id = ? and remaining > 0", row["id"]
    )
    store.execute("delete from fault where id = ? and remaining <= 0", row["id"])
    return left.rowcount == 1


def _note(store: Store, platform: str, fault: Fault) -> None:
    """Into the books: what was dealt to whom."""
    code = fault.code if fault.effect == "error" else fault.status or 0
    store.execute(
        "insert into fault_dealt (platform, effect, code, count) values (?, ?, ?, 1)"
        " on conflict (platform, effect, code) do update set count = count + 1",
        *(platform, fault.effect, int(code)),
    )
