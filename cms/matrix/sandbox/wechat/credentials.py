"""Is the caller who it says: app id, secret, address."""

import secrets

from ..accounts import WeChatAccount
from ..box import Box
from .errors import WeChatError


def check_secret(box: Box, app_id, secret) -> WeChatAccount:
    if not app_id:
        raise WeChatError(41002)
    if not secret:
        raise WeChatError(41004)
    account = box.accounts.get("wechat", str(app_id))
    if account is None:
        raise WeChatError(40013)
    if not secrets.compare_digest(str(secret).encode(), account.secret.encode()):
        raise WeChatError(40125)
    return account


def check_ip(account: WeChatAccount, ip: str) -> None:
    if account.ip_whitelist and ip not in account.ip_whitelist:
        raise WeChatError(40164, not_whitelisted(ip))


def not_whitelisted(ip: str) -> str:
    """The message of 40164 names the address to add."""
    return f"invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist"
