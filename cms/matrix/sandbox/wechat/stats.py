"""datacube (contract §11), counted from what really happened on the reader pages."""

from datetime import date, timedelta

from ..box import Box
from .endpoints import Call, endpoint
from .errors import WeChatError

READY_HOUR = 8
DETAIL_DAYS = 30
KINDS = {
    "share_user": "share",
    "zaikan_user": "zaikan",
    "like_user": "like",
    "collection_user": "collect",
}
CLASSIC = (
    "getarticlesummary", "getarticletotal", "getuserread", "getuserreadhour", "getusershare",
    "getusersharehour",
)  # fmt: skip


def datacube(name: str):
    return endpoint(f"/datacube/{name}", certified_only=True)


def record(box: Box, mid: int, idx: int, kind: str, fan: str = "", scene: str = "其他") -> None:
    """Something a reader did: read, like, zaikan, share."""
    box.store.execute(
        "insert into wx_event (mid, idx, kind, day, fan, scene) values (?, ?, ?, ?, ?, ?)",
        *(mid, idx, kind, box.clock.day(), fan, scene),
    )


def toggle(box: Box, mid: int, idx: int, kind: str, fan: str) -> None:
    """A like given, or taken back by the same reader."""
    taken_back = box.store.execute(
        "delete from wx_event where mid = ? and idx = ? and kind = ? and fan = ?",
        mid,
        idx,
        kind,
        fan,
    )
    if not taken_back.rowcount:
        record(box, mid, idx, kind, fan)


def totals(box: Box, mid: int, idx: int) -> dict[str, int]:
    rows = box.store.rows(
        "select kind, count(*) as n from wx_event where mid = ? and idx = ? group by kind", mid, idx
    )
    return {row["kind"]: row["n"] for row in rows}


@datacube("getarticletotaldetail")
def article_total_detail(call: Call) -> dict:
    day, _ = _span(call, days=1)
    last = min(_last_day(call), day + timedelta(days=DETAIL_DAYS - 1))
    stat_days = [day + timedelta(days=n) for n in range((last - day).days + 1)]
    found = []
    for row in _published_on(call, day):
        address = f"{call.box.public_base}/s?mid={row['mid']}&idx={row['idx']}&sn={row['sn']}"
        found.append(
            {
                "ref_date": day.isoformat(),
                "msgid": f"{row['mid']}_{row['idx']}",
                "publish_type": 0 if row["notified"] else 1,
                "title": row["title"],
                "content_url": address,
                "detail_list": [_detail(call, row, stat_day) for stat_day in stat_days],
            }
        )
    return {"list": found, "is_delay": _is_delayed(call)}


def _is_delayed(call: Call) -> bool:
    """Marked late by the account's profile or by a fault: figures may still change."""
    planned = call.fault is not None and call.fault.effect == "is_delay"
    return planned or call.account.stats_delayed


def _detail(call: Call, article, stat_day: date) -> dict:
    """Cumulative figures since publication up to ``stat_day``."""
    upto = ("0000-00-00", stat_day.isoformat())
    box, where = call.box, (article["mid"], article["idx"])
    return {
        "stat_date": stat_day.isoformat(),
        "read_user": _count(box, *where, "read", *upto),
        "read_user_source": _sources(call, *where, *upto),
        **{name: _count(box, *where, kind, *upto) for name, kind in KINDS.items()},
        "comment_count": _comments(box, *where, *upto),
        "praise_money": 0,
        "read_subscribe_user": 0,
        "read_delivery_rate": 0.0,
        # How long a reader stays is not measured here.
        "read_finish_rate": 0.0,
        "read_avg_activetime": 0.0,
        "read_jump_position": [],
    }


@datacube("getarticleread")
def article_read(call: Call) -> dict:
    day, _ = _span(call, days=1)
    on = (day.isoformat(), day.isoformat())
    found = [
        _article_day(row, day, {
            "read_user": _count(call.box, row["mid"], row["idx"], "read", *on),
            "read_user_source": _sources(call, row["mid"], row["idx"], *on),
        })
        for row in _touched_on(call, "read", day)
    ]  # fmt: skip
    return {"list": found, "is_delay": _is_delayed(call)}


@datacube("getarticleshare")
def article_share(call: Call) -> dict:
    day, _ = _span(call, days=1)
    on = (day.isoformat(), day.isoformat())
    found = [
        _article_day(
            row, day, {"share_user": _count(call.box, row["mid"], row["idx"], "share", *on)}
        )
        for row in _touched_on(call, "share", day)
    ]
    return {"list": found, "is_delay": _is_delayed(call)}


@datacube("getbizsummary")
def biz_summary(call: Call) -> dict:
    begin, end = _span(call, days=30)
    found = []
    for day in _days(begin, end):
        on = (day.isoformat(), day.isoformat())
        articles = _articles(call)
        where = [(row["mid"], row["idx"]) for row in articles]
        detail = {
            "read_user": sum(_count(call.box, *w, "read", *on) for w in where),
            "read_user_source": _merged(call, [_sources(call, *w, *on) for w in where]),
            **{n: sum(_count(call.box, *w, k, *on) for w in where) for n, k in KINDS.items()},
            "comment_count": sum(_comments(call.box, *w, *on) for w in where),
            "redirect_ori_page_user": 0,
            "send_page_count": len(_published_on(call, day)),
        }
        if any(detail.values()):
            found.append({"ref_date": day.isoformat(), "detail": detail})
    return {"list": found, "is_delay": _is_delayed(call)}


@datacube("getusersummary")
def user_summary(call: Call) -> dict:
    begin, end = _span(call, days=7)
    found = []
    for day in _days(begin, end):
        new = _fans(call, "followed_on = ?1", day)
        left = _fans(call, "left_on = ?1", day)
        if new or left:
            found.append(
                {
                    "ref_date": day.isoformat(),
                    "user_source": 0,
                    "new_user": new,
                    "cancel_user": left,
                }
            )
    return {"list": found}


@datacube("getusercumulate")
def user_cumulate(call: Call) -> dict:
    begin, end = _span(call, days=7)
    here = "followed_on <= ?1 and (left_on is null or left_on > ?1)"
    found = [
        {"ref_date": day.isoformat(), "cumulate_user": _fans(call, here, day)}
        for day in _days(begin, end)
    ]
    return {"list": found}


def classic(call: Call) -> dict:
    """The retired article statistics: switched off (47009), or on an old account empty."""
    if not call.account.classic_statistics:
        raise WeChatError(47009)
    _span(call, days=3)
    return {"list": []}


for _name in CLASSIC:
    datacube(_name)(classic)


def _span(call: Call, *, days: int) -> tuple[date, date]:
    """The dates asked for; 61500 not dates, 61501 too long or too new, 61503 not ready yet."""
    try:
        begin = date.fromisoformat(call.text("begin_date"))
        end = date.fromisoformat(call.text("end_date"))
    except ValueError:
        raise WeChatError(61500) from None
    if end < begin or (end - begin).days >= days or end > _last_day(call):
        raise WeChatError(61501)
    now = call.box.clock.local()
    is_yesterday = end == now.date() - timedelta(days=1)
    if is_yesterday and now.hour < READY_HOUR and not call.account.stats_same_day:
        raise WeChatError(61503)
    return begin, end


def _last_day(call: Call) -> date:
    today = call.box.clock.today()
    return today if call.account.stats_same_day else today - timedelta(days=1)


def _days(begin: date, end: date) -> list[date]:
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def _articles(call: Call) -> list:
    return call.box.store.rows(
        "select mid, idx, sn, notified, published_at, json_extract(article, '$.title') as title"
        " from wx_article where app_id = ? order by mid, idx",
        call.account.app_id,
    )


def _published_on(call: Call, day: date) -> list:
    wanted = day.isoformat()
    return [r for r in _articles(call) if call.box.clock.day(r["published_at"]) == wanted]


def _touched_on(call: Call, kind: str, day: date) -> list:
    return call.box.store.rows(
        "select distinct a.mid, a.idx from wx_article a join wx_event e"
        " on e.mid = a.mid and e.idx = a.idx where a.app_id = ? and e.kind = ? and e.day = ?"
        " order by a.mid, a.idx",
        *(call.account.app_id, kind, day.isoformat()),
    )


def _article_day(row, day: date, detail: dict) -> dict:
    msgid = f"{row['mid']}_{row['idx']}"
    return {"ref_date": day.isoformat(), "msgid": msgid, "detail": detail}


def _count(box: Box, mid: int, idx: int, kind: str, first: str, last: str) -> int:
    return box.store.value(
        "select count(*) from wx_event where mid = ? and idx = ? and kind = ?"
        " and day between ? and ?",
        *(mid, idx, kind, first, last),
    )


def _sources(call: Call, mid: int, idx: int, first: str, last: str) -> list[dict]:
    rows = call.box.store.rows(
        "select scene, count(*) as n from wx_event where mid = ? and idx = ? and kind = 'read'"
        " and day between ? and ? group by scene order by n desc",
        *(mid, idx, first, last),
    )
    if not rows:
        return []
    counts = [("全部", sum(row["n"] for row in rows)), *((r["scene"], r["n"]) for r in rows)]
    number, name = _source_names(call)
    return [{number: count, name: scene} for scene, count in counts]


def _source_names(call: Call) -> tuple[str, str]:
    """What a source's count and name are called: documented, or as one client's test has it."""
    if call.account.source_as_type_value:
        return "value", "type"
    return "user_count", "scene_desc"


def _merged(call: Call, lists: list[list[dict]]) -> list[dict]:
    number, name = _source_names(call)
    counts: dict[str, int] = {}
    for source in (source for sources in lists for source in sources):
        counts[source[name]] = counts.get(source[name], 0) + source[number]
    return [{number: n, name: scene} for scene, n in counts.items()]


def _comments(box: Box, mid: int, idx: int, first: str, last: str) -> int:
    rows = box.store.rows(
        "select created_at from wx_comment where mid = ? and idx = ? and deleted_by is null",
        *(mid, idx),
    )
    return sum(first <= box.clock.day(row["created_at"]) <= last for row in rows)


def _fans(call: Call, condition: str, day: date) -> int:
    return call.box.store.value(
        f"select count(*) from wx_fan where ({condition}) and app_id = ?2",
        *(day.isoformat(), call.account.app_id),
    )
