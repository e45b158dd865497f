"""Brings in the admin's screens for the matrix: importing a module registers its desk."""

from cms.matrix.admin import (  # noqa: F401
    accounts,
    auto_reply,
    board,
    inbox,
    log,
    menu,
    story,
    wechat_menu,
)
