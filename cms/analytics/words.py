"""How figures are said on screens."""

from django.utils.translation import gettext as _

MISSING = "—"


def figure(number: int | None, unit: str = "") -> str:
    """1234 → "1,234"; what nobody tells is a dash, never 0."""
    return MISSING if number is None else f"{number:,}{unit}"


def change(now: int | None, before: int | None, unit: str = "") -> str:
    """How `now` compares with the period before, in words; shares are compared in points."""
    if now is None or before is None:
        return _("上期没有数据") if now is not None else _("本期没有数据")
    if now == before:
        return _("和上期持平")
    if unit == "%":
        return _("比上期 %(change)s 个百分点") % {"change": _signed(now - before)}
    if before == 0:
        return _("上期为 0")
    return _("比上期 %(change)s%%") % {"change": _signed(round(100 * (now - before) / before))}


def _signed(number: int) -> str:
    return f"+{number}" if number >= 0 else f"−{-number}"
