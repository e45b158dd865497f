"""Accounts on the sandbox, and stories that go to them."""

from cms.matrix.models import ChannelAccount, ChannelVersion
from cms.members.models import Union

WECHAT = {
    "app_id": "wxdemo_sub",
    "secret": "demo-secret-sub-0123456789abcdef",
    "token": "demoTokenSub",
}
WEIBO = {
    "app_id": "7700000001",
    "secret": "demo-weibo-secret-main",
    "token": "2.00DemoMainTokenJiangzhou01",
    "extra": {"rip": "127.0.0.1"},
}


def make_account(union: Union, sandbox_url: str, channel: str = "wechat", **fields):
    """An account of `union` that the sandbox knows."""
    known = WECHAT if channel == "wechat" else WEIBO
    return ChannelAccount.objects.create(
        **{
            "union": union,
            "channel": channel,
            "name": "江州工会权益" if channel == "wechat" else "江州工会",
            "base_url": f"{sandbox_url}/{channel}",
            **known,
            **fields,
        }
    )


def versions(*accounts: ChannelAccount) -> list[ChannelVersion]:
    """Channel versions for make_story(channel_versions=…)."""
    return [ChannelVersion(account=account) for account in accounts]
