"""Reads for the accounts' desk: whose accounts a person keeps, and what an account's page shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.matrix.budget import ALL_CALLS, BEIJING, kept_for_others
from cms.matrix.channels import registry
from cms.matrix.channels.base import Capability, Purpose
from cms.matrix.models import CallbackRefusal, CallCount, ChannelAccount
from cms.matrix.services.accounts import quotas_key
from cms.matrix.watchdog import AUTHORISATION_WARNED
from cms.members.models import Role, User
from cms.members.selectors import unions_for

REFUSALS_SHOWN = timedelta(days=7)
RIGHTS = {
    "account": gettext_lazy("账号凭据"),
    Capability.PUBLISH.value: gettext_lazy("发布"),
    Capability.MASS.value: gettext_lazy("群发"),
    Capability.PREVIEW.value: gettext_lazy("发预览给指定的人"),
    Capability.CORRECT.value: gettext_lazy("修改已发布的内容"),
    Capability.WITHDRAW.value: gettext_lazy("撤回"),
    Capability.COMMENTS.value: gettext_lazy("读取评论"),
    Capability.REPLY.value: gettext_lazy("回复评论"),
    Capability.ELECT.value: gettext_lazy("精选评论"),
    Capability.DELETE_REPLY.value: gettext_lazy("删除读者的评论"),
    Capability.MESSAGES.value: gettext_lazy("回复私信"),
    Capability.MENU.value: gettext_lazy("自定义菜单"),
    Capability.STATISTICS.value: gettext_lazy("阅读数据"),
}
CALLS = {
    ALL_CALLS: gettext_lazy("全部调用"),
    "/cgi-bin/draft/add": gettext_lazy("新建草稿"),
    "/cgi-bin/draft/get": gettext_lazy("读取草稿"),
    "/cgi-bin/draft/update": gettext_lazy("修改草稿"),
    "/cgi-bin/draft/delete": gettext_lazy("删除草稿"),
    "/cgi-bin/draft/count": gettext_lazy("草稿总数"),
    "/cgi-bin/draft/batchget": gettext_lazy("草稿列表"),
    "/cgi-bin/freepublish/submit": gettext_lazy("提交发布"),
    "/cgi-bin/freepublish/get": gettext_lazy("查询发布结果"),
    "/cgi-bin/freepublish/delete": gettext_lazy("删除已发布的文章"),
    "/cgi-bin/freepublish/getarticle": gettext_lazy("读取已发布的文章"),
    "/cgi-bin/freepublish/batchget": gettext_lazy("已发布列表"),
    "/cgi-bin/message/mass/sendall": gettext_lazy("群发"),
    "/cgi-bin/message/mass/preview": gettext_lazy("发预览"),
    "/cgi-bin/message/mass/get": gettext_lazy("查询群发结果"),
    "/cgi-bin/message/mass/delete": gettext_lazy("删除群发的文章"),
    "/cgi-bin/comment/list": gettext_lazy("读取评论"),
    "/cgi-bin/message/custom/send": gettext_lazy("回复私信"),
}
# Reasons as the callback door counts them; "unreadable" comes with the parser's word for it.
REASONS = {
    "wrong signature": gettext_lazy("签名不对：不是平台发的，或者 Token 不一致"),
    "old": gettext_lazy("时间不对：相差超过 10 分钟"),
    "signature used before": gettext_lazy("签名被重复使用，内容却不同"),
    "repeated too often": gettext_lazy("同一条推送重复太多次"),
    "too large": gettext_lazy("内容太大"),
    "cannot be decrypted for this account": gettext_lazy(
        "解不开：密钥不一致，或者是发给别的账号的"
    ),
    "for another account": gettext_lazy("发给别的账号的"),
    "unreadable": gettext_lazy("内容读不懂"),
}
_ADDRESS = re.compile(r"IP\s*((?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+)")


def accounts_kept_by(user: User) -> QuerySet[ChannelAccount]:
    """The accounts a person administers: those of the union where he is ADMIN and below it."""
    return ChannelAccount.objects.filter(union__in=unions_for(user, Role.ADMIN)).select_related(
        "union"
    )


@dataclass(frozen=True)
class Right:
    """One thing a platform may let an account do. `can` None: nobody has asked yet."""

    label: str
    can: bool | None
    why: str = ""


def rights(account: ChannelAccount) -> list[Right]:
    """Everything an account could do, with what the last probe said about it."""
    return [_right(account, name, str(label)) for name, label in RIGHTS.items()]


def _right(account: ChannelAccount, name: str, label: str) -> Right:
    found = account.rights.get(name)
    if isinstance(found, str):
        return Right(label, False, found)
    impossible = name != "account" and name not in registry.get(account.channel).capabilities
    if found is False or impossible:
        return Right(label, False, _("这个平台没有这项功能"))
    return Right(label, found)


def address_to_allow(account: ChannelAccount) -> str:
    """The server's IP address, when the platform says that it is not on its white list (40164)."""
    said = f"{account.pause_reason} {account.rights.get('account', '')}"
    found = _ADDRESS.search(said) if "白名单" in said else None
    return found.group(1) if found else ""


def authorisation_ends_soon(account: ChannelAccount) -> bool:
    """Whether its authorisation is over, or will be within a week."""
    until = account.authorised_until
    return until is not None and until < timezone.now() + AUTHORISATION_WARNED


@dataclass(frozen=True)
class Meter:
    """The calls of one kind today: `kept` of what is left is reserved for what matters more."""

    call: str
    label: str
    used: int
    limit: int
    kept: int
    exhausted_until: datetime | None

    @property
    def idle(self) -> bool:
        """Nothing to look at: not one call today, and the platform has said nothing."""
        return not self.used and self.exhausted_until is None

    @property
    def share(self) -> int:
        """Used, in percent."""
        return min(100, round(100 * self.used / self.limit)) if self.limit else 100


def meters(account: ChannelAccount) -> list[Meter]:
    """Today's calls that have a limit, idle ones last, the fullest first; the day is Beijing's."""
    limits = {
        **registry.get(account.channel).daily_calls,
        **account.extra.get("daily_calls", {}),
    }
    today = timezone.now().astimezone(BEIJING).date()
    counts = list(CallCount.objects.filter(account=account, day=today))
    shown = [_meter(call, limit, counts) for call, limit in limits.items()]
    return sorted(shown, key=lambda meter: (meter.idle, -meter.share, meter.call))


def _meter(call: str, limit: int, counts: list[CallCount]) -> Meter:
    mine = [count for count in counts if call in (ALL_CALLS, count.call)]
    used: dict[str, int] = {}
    for count in mine:
        if count.purpose:
            used[count.purpose] = used.get(count.purpose, 0) + count.used
    total = sum(used.values())
    ends = [count.exhausted_until for count in mine if count.exhausted_until]
    until = max(ends, default=None)
    return Meter(
        call=call,
        label=str(CALLS.get(call, call)),
        used=total,
        limit=limit,
        kept=min(kept_for_others(Purpose.STATISTICS, limit, used), max(0, limit - total)),
        exhausted_until=until if until and until > timezone.now() else None,
    )


def quotas_told(account: ChannelAccount) -> tuple[datetime, list[tuple[str, int, int]]] | None:
    """The platform's last word on quotas within the hour: when, and (label, used, limit)."""
    kept = cache.get(quotas_key(account))
    if kept is None:
        return None
    asked_at, quotas = kept
    return asked_at, [(str(CALLS.get(path, path)), *told) for path, told in quotas.items()]


def refusals(account: ChannelAccount) -> Iterator[tuple[str, int, datetime]]:
    """Refused pushes of the last seven days: reason in Chinese, how many, the last one's time."""
    since = timezone.localdate() - REFUSALS_SHOWN
    rows = CallbackRefusal.objects.filter(account=account, day__gt=since)
    found = rows.values("reason").annotate(number=Sum("count"), last=Max("last_at"))
    for row in found.order_by("-number"):
        reason = REASONS.get(row["reason"].partition(":")[0], row["reason"])
        yield str(reason), row["number"], row["last"]
