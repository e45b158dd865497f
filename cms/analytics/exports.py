"""The ledger as a table for office programs."""

import csv
import io
from collections.abc import Iterable

from django.utils.timezone import localtime

from cms.analytics.selectors.ledger import Row
from cms.analytics.selectors.scope import SITE, channel_labels

_PER_CHANNEL = (
    ("reads", "阅读"),
    ("comments", "评论"),
    ("votes", "投票"),
    ("likes", "点赞"),
    ("shares", "转发"),
)
_SITE_ONLY = _PER_CHANNEL[:3]
# A cell that begins so is run as a formula when the file is opened.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ledger_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with the mark that makes Excel read it so. A figure nobody tells is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_heads())
    writer.writerows([safe(cell) for cell in _cells(row)] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe(cell) -> str:
    """The cell as text; one that would be taken for a formula is marked as text with an '."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _heads() -> list[str]:
    heads = ["标题", "类型", "栏目", "发布时间", "网址", "阅读合计", "评论合计", "投票合计"]
    for slug, label in channel_labels().items():
        heads += [f"{label}{name}" for _field, name in _columns(slug)]
        if slug != SITE:
            heads.append(f"{label}账号与状态")
    return heads


def _columns(slug: str):
    return _SITE_ONLY if slug == SITE else _PER_CHANNEL


def _cells(row: Row) -> list:
    card = row.card
    published = localtime(card.published_at).strftime("%Y-%m-%d %H:%M")
    cells = [card.title, card.kind_label, card.section_title, published, card.url]
    cells += [row.reads, row.comments, row.votes]
    lines = {line.slug: line for line in row.channels}
    for slug in channel_labels():
        line = lines.get(slug)
        cells += [getattr(line, field, None) for field, _name in _columns(slug)]
        if slug != SITE:
            accounts = line.accounts if line else ()
            cells.append("；".join(f"{one.name} {one.state_label}" for one in accounts))
    return cells
