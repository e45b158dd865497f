"""Account profiles: what each account of the two platforms is, and what it may do.

``docs/sandbox.md`` explains every field; variants in which the platforms' own documents disagree
(contract §13) are fields whose default is what live accounts were seen to do.
"""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field, fields
from typing import ClassVar, Literal, get_args

Kind = Literal["certified_subscription", "certified_service", "uncertified", "personal"]
KIND_LABELS = {
    "certified_subscription": "认证订阅号",
    "certified_service": "认证服务号",
    "uncertified": "未认证",
    "personal": "个人号",
}
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
MOST_TEST_USERS = 15


class ProfileError(ValueError):
    """A profile that cannot be stored; the message is Chinese and says why."""


@dataclass(frozen=True)
class WeChatAccount:
    """One official account. ``quotas`` maps an API path to calls a day, over the defaults."""

    platform: ClassVar[str] = "wechat"
    app_id: str
    secret: str
    name: str
    kind: Kind = "certified_service"
    description: str = ""
    original_id: str = ""  # gh_…; the ToUserName of callbacks
    comments: bool = True  # the comment privilege, else 88000
    comments_shown: Literal["elected", "all"] = "elected"
    callback_token: str = ""
    callback_aes_key: str = ""
    callback_mode: Literal["", "plain", "compat", "safe"] = ""  # "" = safe when there is a key
    callback_format: Literal["xml", "json"] = "xml"
    callback_url: str = ""  # absolute, a path, or "" for the default path
    stats_same_day: bool = False
    stats_delayed: bool = False
    ip_whitelist: list[str] = field(default_factory=list)
    publish_delay: float = 2.0
    quotas: dict[str, int] = field(default_factory=dict)
    mass_limit: int = 0  # 0 = 1 a day for a subscription account, 4 a month for a service account
    mass_protection: bool = False
    mass_retry_seconds: int = 60
    mass_event_urls: bool = True
    tags: list[int] = field(default_factory=lambda: [2])
    # Variants of contract §13.
    title_limit: int = 32
    digest_limit: int = 120
    content_limit: int = 0  # characters; 0 = only 1 MB
    max_articles: int = 8
    dissolve_div: bool = True
    refuse_iframe: bool = True
    refuse_foreign_links: bool = False
    publish_id_as_text: bool = False
    submit_tells_msg_data_id: bool = True
    publish_event: Literal["PUBLISHJOBFINISH", "FREEPUBLISHJOBFINISH", "MASSSENDJOBFINISH"] = (
        "PUBLISHJOBFINISH"
    )
    fail_idx_while_publishing: bool = False
    reply_as_list: bool = False
    total_is_page_size: bool = True
    comment_index_from_one: bool = False
    classic_statistics: bool = False
    uncertified_may_publish: bool = False
    source_as_type_value: bool = False
    temporary_image_mb: int = 2
    draft_tells_thumb_url: bool = True
    documented_answers: bool = False  # errcode on success, no item:[], no rid: not the live quirks

    def __post_init__(self):
        if self.callback_aes_key and not AES_KEY.fullmatch(self.callback_aes_key):
            raise ProfileError("callback_aes_key 应为 43 位字母和数字。")
        if self.callback_mode in {"compat", "safe"} and not self.callback_aes_key:
            raise ProfileError("兼容模式和安全模式需要 callback_aes_key。")

    @property
    def certified(self) -> bool:
        return self.kind.startswith("certified")

    @property
    def is_service(self) -> bool:
        return self.kind == "certified_service"

    @property
    def biz(self) -> str:
        return b64encode(str(int(self._digest()[:8], 16)).encode()).decode()

    @property
    def gh_id(self) -> str:
        return self.original_id or f"gh_{self._digest()[:12]}"

    @property
    def mode(self) -> str:
        return self.callback_mode or ("safe" if self.callback_aes_key else "plain")

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[self.kind]

    def _digest(self) -> str:
        return hashlib.sha256(self.app_id.encode()).hexdigest()


@dataclass(frozen=True)
class WeiboAccount:
    """One Weibo user who authorised one app; ``app_id``/``secret`` are the app's key and secret."""

    platform: ClassVar[str] = "weibo"
    app_id: str
    secret: str
    name: str
    uid: str
    access_token: str = ""
    description: str = ""
    location: str = ""
    verified: bool = False
    followers: int = 0
    safe_domains: list[str] = field(default_factory=list)
    daily_calls: int = 100
    hourly_shares: int = 30
    rip_required: bool = True
    token_days: int = 30
    timeline_size: int = 5
    audited: bool = True
    test_users: list[str] = field(default_factory=list)  # nicknames; who sees an unaudited app
    commercial: bool = False
    error_code_as_text: bool = False

    def __post_init__(self):
        if len(self.test_users) > MOST_TEST_USERS:
            raise ProfileError(f"测试账号最多 {MOST_TEST_USERS} 个。")

    def shows_to(self, nickname: str) -> bool:
        """Posts of an unaudited app are there for its test accounts only."""
        return self.audited or nickname in self.test_users


Account = WeChatAccount | WeiboAccount
PLATFORMS: dict[str, type] = {"wechat": WeChatAccount, "weibo": WeiboAccount}


def build(account_type: type, values: dict) -> Account:
    """A checked profile; ProfileError names the field that is wrong."""
    known = {f.name: f for f in fields(account_type)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ProfileError(f"不认识的字段：{'、'.join(unknown)}。")
    for name, value in values.items():
        _check(name, value, known[name].type)
    try:
        return account_type(**values)
    except TypeError as error:
        raise ProfileError(f"账号资料不完整：{error}。") from error


def _check(name: str, value, expected) -> None:
    choices = get_args(expected)
    if choices and isinstance(choices[0], str):
        if value not in choices:
            raise ProfileError(f"{name} 只能是：{'、'.join(filter(None, choices))}。")
        return
    plain = getattr(expected, "__origin__", expected)
    accepted = (int, float) if plain is float else plain
    if not isinstance(value, accepted) or (plain is not bool and isinstance(value, bool)):
        raise ProfileError(f"{name} 的类型不对，应为 {plain.__name__}。")
