"""What WeChat counts, by the new family of interfaces only (contract §11).

The classic article reports (getarticlesummary and its like) are dead ends: 47009, or empty.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from ..base import AccountFigures, CallerBug, Figures, Json, Transient
from ..http import fraction, number, objects, text
from .client import WeChatClient
from .errors import NOT_READY

_OUT_OF_RANGE = "61501"


def account_figures(client: WeChatClient, day: date) -> AccountFigures:
    """What happened on the whole account on `day`, in three calls.

    Raises Transient while the platform has not counted that day (61503: ready after 08:00).
    """
    on = day.isoformat()
    summary, delayed = client.datacube("getbizsummary", on, on)
    changes, _delayed = client.datacube("getusersummary", on, on)
    stands, _delayed = client.datacube("getusercumulate", on, on)
    counted = _on_day(summary, on).get("detail")
    detail = counted if isinstance(counted, dict) else {}
    return AccountFigures(
        day=day,
        followers=number(_on_day(stands, on).get("cumulate_user")),
        # A row per way of following; no row means that nobody came and nobody left.
        new_followers=_sum(changes, "new_user"),
        lost_followers=_sum(changes, "cancel_user"),
        reads=number(detail.get("read_user")),
        likes=number(detail.get("like_user")),
        shares=number(detail.get("share_user")),
        comments=number(detail.get("comment_count")),
        posts=number(detail.get("send_page_count")),
        delayed=delayed,
        extra={
            "recommends": number(detail.get("zaikan_user")),
            "favourites": number(detail.get("collection_user")),
            "to_story": number(detail.get("redirect_ori_page_user")),
            "sources": _sources(detail),
        },
    )


def _on_day(rows: Sequence[Json], on: str) -> Json:
    return next((row for row in rows if text(row.get("ref_date")) == on), {})


def _sum(rows: Sequence[Json], name: str) -> int:
    return sum(number(row.get(name)) or 0 for row in rows)


def _sources(detail: Json) -> dict[str, int]:
    """Readers by the scene they came from (朋友圈, 聊天会话 …), as the platform names them."""
    found: dict[str, int] = {}
    for source in objects(detail.get("read_user_source")):
        scene, readers = text(source.get("scene_desc")), number(source.get("user_count"))
        if scene and readers is not None:
            found[scene] = found.get(scene, 0) + readers
    return found


def article_figures(client: WeChatClient, targets: Sequence[Json], day: date) -> list[Figures]:
    """Cumulative counters up to `day`, one call per publishing day.

    The platform counts up to yesterday. Raises Transient when it is ready with nothing yet.
    """
    reports: dict[date, tuple[list[dict[str, Any]], bool]] = {}
    found: list[Figures] = []
    not_ready: Transient | None = None
    for target in targets:
        msgid = f"{text(target.get('msg_data_id'))}_1"
        for published_on in _days(target, day):
            if published_on not in reports:
                reports[published_on], early = _report(client, published_on)
                not_ready = not_ready or early
            rows, delayed = reports[published_on]
            row = next((row for row in rows if text(row.get("msgid")) == msgid), None)
            if row is not None:
                found += _figures(row, target, day, delayed)
                break
    if not_ready and not found:
        raise not_ready
    return found


def _report(
    client: WeChatClient, published_on: date
) -> tuple[tuple[list[dict[str, Any]], bool], Transient | None]:
    """Rows of one publishing day; empty for a day not counted yet (61503) or not over (61501)."""
    on = published_on.isoformat()
    try:
        return client.datacube("getarticletotaldetail", on, on), None
    except Transient as error:
        if error.code != NOT_READY:
            raise
        return ([], True), error
    except CallerBug as error:
        if error.code != _OUT_OF_RANGE:
            raise
        return ([], True), None


def _days(target: Json, day: date) -> Iterator[date]:
    """The day it was published; the day before too, as we may have learnt it after midnight."""
    published_on = _date(target.get("published_on"))
    if published_on is not None:
        if published_on <= day:
            yield published_on
        yield published_on - timedelta(days=1)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        return None


def _figures(row: Json, target: Json, day: date, delayed: bool) -> Iterator[Figures]:
    stands = [
        (on, stand)
        for stand in objects(row.get("detail_list"))
        if (on := _date(stand.get("stat_date"))) is not None and on <= day
    ]
    if stands:
        on, stand = max(stands, key=lambda pair: pair[0])
        yield Figures(
            target=target,
            reads=number(stand.get("read_user")),
            likes=number(stand.get("like_user")),
            shares=number(stand.get("share_user")),
            comments=number(stand.get("comment_count")),
            as_of=on,
            delayed=delayed,
            extra={
                "recommends": number(stand.get("zaikan_user")),
                "favourites": number(stand.get("collection_user")),
                "finish_rate": fraction(stand.get("read_finish_rate")),
                "active_minutes": fraction(stand.get("read_avg_activetime")),
                "delivery_rate": fraction(stand.get("read_delivery_rate")),
                "sources": _sources(stand),
            },
        )
