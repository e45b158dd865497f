"""Every error code of the Weibo contract (§18): what it means for us, and what to tell people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..base import (
    CallerBug,
    ChannelError,
    ContentRejected,
    CredentialError,
    Gone,
    NeedsConsole,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExceeded,
    ReplyGone,
    Transient,
)
from ..http import lost

DUPLICATE = frozenset({"20017", "20019", "20111"})
ACCEPTED_LATE = "20032"
ONE_CALL_LIMITED = "10024"
PICTURE_REFUSED = frozenset({"20005", "20006"})
_UNSURE = frozenset({"10001", "10002", "10003", "10009", "10010", "10011"})


@dataclass(frozen=True)
class Rule:
    """What one code means. `field` is the payload field an editor can mend."""

    kind: type[ChannelError]
    human: str
    field: str = ""
    retry_after: int | None = None


def _rules(codes: Iterable[int], rule: Rule) -> dict[str, Rule]:
    return {str(code): rule for code in codes}


_BUG = "系统调用微博接口的方式有误，内容没有发出。请把错误代码交给技术人员。"
_AGAIN = "微博授权已失效。请管理员在账号设置里重新授权。"
_SAME = "微博认为内容与近期的一条重复。请先到微博主页核对，需要再发就改写文字。"
_SETUP = "微博授权设置有误。请管理员核对 App Key、App Secret 和回调地址后重新授权。"

RULES: dict[str, Rule] = {
    **_rules(
        (10004, 10022),
        Rule(QuotaExceeded, "本服务器调用微博太频繁，一小时后自动继续。", retry_after=3600),
    ),
    **_rules(
        (10023, 10024),
        Rule(QuotaExceeded, "微博接口的调用次数已用完，一小时后自动继续。", retry_after=3600),
    ),
    **_rules(
        (10005, 10014),
        Rule(PermissionMissing, "微博应用没有这个接口的权限。请在微博开放平台申请高级接口。"),
    ),
    **_rules((10006, 10007, 10008, 10012, 10018, 10020, 10021), Rule(CallerBug, _BUG)),
    "10016": Rule(CallerBug, "缺少必填参数。请在账号设置里填写发布者的公网 IP，再重试。"),
    "10013": Rule(CredentialError, "微博账号状态异常。请登录微博核对账号。"),
    "10017": Rule(
        ContentRejected,
        "微博要求正文里带安全域名下的链接。请管理员在微博开放平台登记本站域名。",
        "status",
    ),
    "20003": Rule(CredentialError, "微博用户不存在。请管理员重新授权。"),
    "20005": Rule(ContentRejected, "图片格式不支持。请换成 JPG、PNG 或 GIF。", "cover"),
    "20006": Rule(ContentRejected, "图片太大。请换一张 5 MB 以内的图片。", "cover"),
    "20007": Rule(CallerBug, _BUG),
    "20008": Rule(ContentRejected, "微博内容是空的。请写好文字。", "status"),
    "20012": Rule(ContentRejected, "文字太长。请改到 140 个汉字以内。", "status"),
    "20013": Rule(ContentRejected, "文字太长。请改到 140 个汉字以内。", "status"),
    "20016": Rule(Transient, "发得太频繁，系统十分钟后自动再试。", retry_after=600),
    **_rules((20017, 20019, 20111), Rule(ContentRejected, _SAME, "status")),
    "20018": Rule(ContentRejected, "微博不接受文中的链接。请检查网址。", "status"),
    "20020": Rule(ContentRejected, "微博认为内容像广告。请改写后重发。", "status"),
    "20021": Rule(ContentRejected, "微博认为内容违规。请改写后重发。", "status"),
    "20023": Rule(NeedsConsole, "微博暂时停用了这项功能。请登录微博查看通知。"),
    "20031": Rule(NeedsConsole, "微博要求输入验证码。请登录微博发一条微博后再试。"),
    "20033": Rule(NeedsConsole, "微博提示登录异常。请登录微博按提示验证身份。"),
    "20032": Rule(OutcomeUnknown, "微博已收下，一两分钟后才会显示。系统稍后自动核对。"),
    "20101": Rule(Gone, "这条微博已不存在。"),
    "20102": Rule(Gone, "这条微博不属于本账号。"),
    "20112": Rule(Gone, "没有权限查看这条微博。"),
    "20120": Rule(Gone, "没有权限查看这条微博。"),
    "20201": Rule(ReplyGone, "这条评论已不存在。"),
    "20203": Rule(PermissionMissing, "这条评论不是本账号发的，不能操作。"),
    "20204": Rule(CallerBug, _BUG),
    "20206": Rule(NeedsConsole, "对方只允许关注的人评论，无法回复。"),
    "20207": Rule(NeedsConsole, "对方只允许信任的人评论，无法回复。"),
    **_rules(
        (21301, 21314, 21315, 21316, 21317, 21319, 21327, 21332), Rule(CredentialError, _AGAIN)
    ),
    **_rules((21322, 21323, 21324, 21326, 21328, 21329), Rule(CredentialError, _SETUP)),
    "21325": Rule(CredentialError, "这次授权已过期或用过了。请回到账号设置，重新点“授权”。"),
    "21330": Rule(CredentialError, "没有在微博页面上同意授权。需要时请重新点“授权”。"),
    "21331": Rule(Transient, "微博授权服务暂时不可用，稍后自动再试。", retry_after=60),
}


def error_for(code: str, message: str, *, effect: bool = False) -> ChannelError:
    """The error for one answered code; `effect` as in `Wire.call`."""
    if code in _UNSURE:
        return lost(effect, code, message)
    rule = RULES.get(code) or Rule(
        CallerBug, f"微博返回了没见过的代码 {code}，没有自动重试。请把代码交给技术人员。"
    )
    if rule.kind is QuotaExceeded:
        until = datetime.now(UTC) + timedelta(seconds=rule.retry_after or 0)
        return QuotaExceeded(code, message, rule.human, retry_after=rule.retry_after, until=until)
    if rule.kind is ContentRejected:
        return ContentRejected(code, message, rule.human, field=rule.field)
    return rule.kind(code, message, rule.human, retry_after=rule.retry_after)
