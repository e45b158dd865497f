"""Every error code of the WeChat contract (§14): what it means for us, and what to tell people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..base import (
    CallerBug,
    ChannelError,
    ContentRejected,
    CredentialError,
    Gone,
    NeedsConsole,
    PermissionMissing,
    QuotaExceeded,
    ReplyGone,
    Transient,
)
from ..http import lost

BEIJING = ZoneInfo("Asia/Shanghai")
TOKEN_REJECTED = frozenset({"40001", "40014", "42001"})
MEDIA_UNKNOWN = "40007"
ALREADY_SENT = "45065"
ALREADY_ANSWERED = "88005"
MASS_USED_UP = "45028"
NOT_READY = "61503"
CONFIRMATION_NEEDED = "89504"
NO_INTERFACE = "48001"
_RID = re.compile(r"rid:\s*([0-9a-zA-Z-]+)")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+")


@dataclass(frozen=True)
class Rule:
    """What one code means. `field` is the payload field an editor can mend."""

    kind: type[ChannelError]
    human: str
    field: str = ""
    retry_after: int | None = None


def _rules(codes: Iterable[int], rule: Rule) -> dict[str, Rule]:
    return {str(code): rule for code in codes}


_CREDENTIALS = "账号凭据失效。请管理员在账号设置里核对 AppID 和 AppSecret，然后重新连接。"
_BUG = "系统调用微信接口的方式有误，内容没有发出。请把错误代码交给技术人员。"

RULES: dict[str, Rule] = {
    **_rules((40001, 40014, 42001), Rule(CredentialError, _CREDENTIALS)),
    **_rules(
        (45011, 42010, 45066, 53501),
        Rule(Transient, "操作太频繁，系统会在一分钟后自动再试。", retry_after=60),
    ),
    "45009": Rule(QuotaExceeded, "今天的接口调用次数已用完，明天零点后自动继续。"),
    "45028": Rule(QuotaExceeded, "本期群发次数已用完，请等下一期，或改用不推送的“发布”。"),
    "48006": Rule(QuotaExceeded, "本月清零次数已用完，请等额度自然恢复。"),
    "48001": Rule(PermissionMissing, "该账号没有这个接口的权限。请在公众号后台“接口权限”核对。"),
    "48004": Rule(PermissionMissing, "接口权限被封禁。请登录公众号后台查看通知。"),
    "50001": Rule(PermissionMissing, "该账号未获得这个接口的授权。请在公众号后台核对。"),
    "50002": Rule(PermissionMissing, "账号被限制使用。请登录公众号后台查看通知。"),
    "50007": Rule(PermissionMissing, "账号已被冻结或注销。请联系微信客服。"),
    "50004": Rule(PermissionMissing, "账号被禁止使用接口。请登录公众号后台查看通知。"),
    "53500": Rule(PermissionMissing, "该账号的发布功能被封禁。请登录公众号后台查看通知。"),
    "88000": Rule(PermissionMissing, "该账号没有留言功能，无法读取或回复留言。"),
    "40200": Rule(PermissionMissing, "账号状态异常，不能使用该接口。请登录公众号后台查看。"),
    **_rules(
        (40002, 40013, 40125, 41002, 41004),
        Rule(CredentialError, _CREDENTIALS),
    ),
    "40164": Rule(
        CredentialError,
        "服务器 IP {address}不在公众号的白名单里。请在公众号后台把它加入 IP 白名单。",
    ),
    "40243": Rule(CredentialError, "AppSecret 已被冻结。请在公众号后台解冻或重置后更新设置。"),
    "89503": Rule(CredentialError, "这次调用需要公众号管理员确认。请管理员在微信里点确认。"),
    "89506": Rule(CredentialError, "管理员拒绝了本服务器的调用，24 小时内不能再试。"),
    "89507": Rule(CredentialError, "管理员拒绝了本服务器的调用，1 小时内不能再试。"),
    "53503": Rule(NeedsConsole, "草稿没有通过发布前检查。请到公众号后台打开草稿，按提示处理。"),
    "53504": Rule(NeedsConsole, "这篇草稿只能在公众号后台发表。请到后台草稿箱手动发表。"),
    "53505": Rule(NeedsConsole, "请到公众号后台打开草稿，手动保存一次后再发布。"),
    "48021": Rule(NeedsConsole, "这是后台自动保存的草稿。请到公众号后台手动保存后再发。"),
    CONFIRMATION_NEEDED: Rule(
        NeedsConsole,
        "群发要管理员 30 分钟内在微信里确认。过时没有发出，请到公众号后台群发这篇草稿。",
    ),
    "89505": Rule(NeedsConsole, "群发确认已超时，没有发出。请到公众号后台群发这篇草稿。"),
    **_rules(
        (40059, 40060, 40065, 40204),
        Rule(NeedsConsole, "微信没有接受删除这次群发。请登录公众号后台删除这篇文章。"),
    ),
    "40152": Rule(NeedsConsole, "群发的标签不存在。请管理员在账号设置里改正群发标签。"),
    "40007": Rule(ContentRejected, "封面图或草稿在微信一侧已失效。请重新选择封面后再发。", "cover"),
    "44003": Rule(ContentRejected, "正文是空的。请补充正文。", "content"),
    "44004": Rule(ContentRejected, "内容是空的。请补充内容。", "content"),
    "45002": Rule(ContentRejected, "正文太长。请删减到 2 万字以内。", "content"),
    "45003": Rule(ContentRejected, "标题太长。请改到 32 个字以内。", "title"),
    "45004": Rule(ContentRejected, "摘要太长。请改到 120 个字以内。", "digest"),
    "45005": Rule(ContentRejected, "原文链接太长。请缩短网页地址。", "content_source_url"),
    "45166": Rule(
        ContentRejected, "正文含有微信不允许的内容。请检查外部链接和嵌入内容。", "content"
    ),
    "41039": Rule(ContentRejected, "原文链接无效。请检查稿件网址。", "content_source_url"),
    "40137": Rule(ContentRejected, "图片格式不支持。请换成 JPG 或 PNG。", "pictures"),
    "40005": Rule(ContentRejected, "文件类型不支持。请换成 JPG 或 PNG 图片。", "pictures"),
    "40009": Rule(ContentRejected, "图片太大。请换一张小一些的图片。", "pictures"),
    "45001": Rule(ContentRejected, "文件太大。请换一张小一些的图片。", "pictures"),
    "88007": Rule(ContentRejected, "回复为空或太长。请改短后再发。", "text"),
    **_rules(
        (40132, 43004),
        Rule(ContentRejected, "微信号不对，或对方没有关注这个公众号。请核对后再预览。", "reader"),
    ),
    **_rules(
        (40015, 40016, 40017, 40018, 40019, 40020, 40023, 40024, 40025, 40026, 40027, 40028),
        Rule(
            ContentRejected,
            "菜单不合要求。一级最多 3 个、每个下面最多 5 个；名称和网址请写短一些。",
            "menu",
        ),
    ),
    **_rules(
        (40054, 40055), Rule(ContentRejected, "菜单里的网址不对。请填完整的网页地址。", "menu")
    ),
    "40003": Rule(NeedsConsole, "微信里找不到这位读者，可能已取消关注。不能再回复。"),
    "45015": Rule(NeedsConsole, "距离对方上次留言已超过 48 小时，微信不允许再主动回复。"),
    "45047": Rule(NeedsConsole, "给这位读者的回复已达上限，要等对方再次留言。"),
    **_rules(
        (40008, 40114, 41001, 41005, 41006, 43001, 43002, 44001, 44002, 47001, 88010, 76021),
        Rule(CallerBug, _BUG),
    ),
    **_rules((45065, 45067, 61500, 61501, 47009, 53502), Rule(CallerBug, _BUG)),
    "88005": Rule(CallerBug, "这条留言已经有作者回复，微信只允许回复一次。"),
    "61503": Rule(Transient, "微信还没有算好这一天的数据，一小时后自动再取。", retry_after=3600),
    "53600": Rule(Gone, "这篇文章在公众号里已不存在。"),
    "88001": Rule(Gone, "公众号里找不到这篇文章，读不到它的留言。"),
    "46003": Rule(Gone, "这个公众号还没有自定义菜单。"),
    "76022": Rule(PermissionMissing, "该账号没有权限查询这个接口的额度。"),
    "88002": Rule(NeedsConsole, "这篇文章被微信标为敏感，不开放留言。请到公众号后台查看。"),
    "88003": Rule(NeedsConsole, "精选留言已满。请先在公众号后台取消一些精选。"),
    "88004": Rule(ReplyGone, "这条留言已被读者删除。"),
    "88008": Rule(ReplyGone, "这条留言已不存在。"),
}


def error_for(code: str, message: str, *, effect: bool = False) -> ChannelError:
    """The error for one answered code; `effect` as in `Wire.call`."""
    rid = match.group(1) if (match := _RID.search(message)) else ""
    if code == "-1":
        error = lost(effect, code, message)
        error.rid = rid
        return error
    rule = RULES.get(code) or Rule(
        CallerBug, f"微信返回了没见过的代码 {code}，没有自动重试。请把代码和 rid 交给技术人员。"
    )
    human = rule.human.replace("{address}", _address(message))
    if rule.kind is QuotaExceeded:
        return QuotaExceeded(code, message, human, rid, until=_quota_end(code))
    if rule.kind is ContentRejected:
        return ContentRejected(code, message, human, rid, field=rule.field)
    return rule.kind(code, message, human, rid, rule.retry_after)


def _address(message: str) -> str:
    found = _ADDRESS.search(message)
    return f"{found.group(0)} " if found else ""


def tomorrow(now: datetime) -> datetime:
    """00:00 in Beijing, when daily quotas start again."""
    return _midnight(now) + timedelta(days=1)


def next_month(now: datetime) -> datetime:
    """00:00 in Beijing on the first of the next month."""
    return (_midnight(now).replace(day=1) + timedelta(days=32)).replace(day=1)


def _midnight(now: datetime) -> datetime:
    return now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)


def _quota_end(code: str) -> datetime:
    now = datetime.now(BEIJING)
    return next_month(now) if code == "48006" else tomorrow(now)
