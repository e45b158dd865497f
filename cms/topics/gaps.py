"""The gap: many ask, and what we have written is old or missing. One rule, printed on its page."""

#: From this age on a story counts as if there were none: a policy column without news for six
#: months fails the state's check of government sites (国办秘函〔2019〕19号).
STALE_DAYS = 180


def staleness(days: int | None) -> float:
    """0 for a story of today, 1 from STALE_DAYS on or when there is none (`days` None)."""
    if days is None:
        return 1.0
    return min(max(days, 0) / STALE_DAYS, 1.0)


def gap(asking: int, days: int | None) -> float:
    """People who ask × how old the last valid story is; one decimal."""
    return round(asking * staleness(days), 1)


def rule() -> str:
    """The rule in words, for the page that sorts by it."""
    return (
        f"缺口 = 在问的人数 × 过时程度。过时程度 = 最近一篇有效稿件的天数 ÷ {STALE_DAYS}，"
        "最多算 1；没有有效稿件，也算 1。"
    )
