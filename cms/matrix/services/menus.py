"""An account's own menu (自定义菜单): a draft that is kept here, and what stands on the platform.

A draft is a list of the platform's own buttons: {"name", "type", "url" or "key"}, or {"name",
"sub_button": [...]}. One that opens a page of the site has its primary key as "page" beside it.
"""

from collections.abc import Sequence

from wagtail.models import Page

from cms.matrix.channels.links import with_source
from cms.matrix.gateway import open_channel
from cms.matrix.models import ChannelAccount

# What only we know of a button.
OURS = ("page",)


def menu_save(*, account: ChannelAccount, buttons: Sequence[dict]) -> None:
    """Keep a draft; the platform is not asked."""
    account.menu = list(buttons)
    account.save(update_fields=["menu"])


def menu_publish(*, account: ChannelAccount, buttons: Sequence[dict]) -> None:
    """Keep the draft, then put it in place. Raises ChannelError; the draft stays kept."""
    menu_save(account=account, buttons=buttons)
    pages = Page.objects.in_bulk(set(_pages_in(buttons)))
    with open_channel(account) as channel:
        channel.set_menu([_for_platform(button, pages, account.channel) for button in buttons])


def menu_fetch(*, account: ChannelAccount) -> list[dict]:
    """Make what stands on the platform the draft. Raises ChannelError."""
    with open_channel(account) as channel:
        buttons = [dict(button) for button in channel.menu()]
    menu_save(account=account, buttons=buttons)
    return buttons


def menu_remove(*, account: ChannelAccount) -> None:
    """Take the menu off the platform; the draft stays. Raises ChannelError."""
    with open_channel(account) as channel:
        channel.set_menu([])


def page_url(page: Page, channel: str) -> str:
    """Where a button leads that opens a page of the site; "" when no site shows it."""
    return with_source(page.full_url, channel) if page.full_url else ""


def _pages_in(buttons: Sequence[dict]):
    for button in buttons:
        if "page" in button:
            yield button["page"]
        yield from _pages_in(button.get("sub_button", ()))


def _for_platform(button: dict, pages: dict[int, Page], channel: str) -> dict:
    """Without what only we know; a page is looked up anew, for it may have moved since."""
    sent = {name: value for name, value in button.items() if name not in OURS}
    if subs := button.get("sub_button"):
        sent["sub_button"] = [_for_platform(sub, pages, channel) for sub in subs]
    elif page := pages.get(button.get("page", 0)):
        sent["url"] = page_url(page, channel) or button["url"]
    return sent
