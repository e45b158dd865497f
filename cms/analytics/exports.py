"""The ledger as a table for office programs."""

from collections.abc import Iterable

from django.utils.timezone import localtime

from cms.analytics.selectors.ledger import Row
from cms.analytics.selectors.scope import SITE, channel_labels
from cms.spreadsheets import as_csv

_PER_CHANNEL = (
    ("reads", "阅读"),
    ("comments", "评论"),
    ("votes", "投票"),
    ("likes", "点赞"),
    ("shares", "转发"),
)
_SITE_ONLY = _PER_CHANNEL[:3]


def ledger_csv(rows: Iterable[Row]) -> bytes:
    """A figure nobody tells is an empty cell."""
    return as_csv([_heads(), *(_cells(row) for row in rows)])


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
