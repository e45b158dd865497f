"""Account profiles: what each account of the two platforms is, and what it may do."""

import hashlib
import json
import re
import sqlite3
from base64 import b64encode
from dataclasses import asdict, dataclass, field, fields
from typing import ClassVar, Literal, get_args

from .clock import Clock
from .store import Store

Kind = Literal["certified_subscription", "certified_service", "uncertified", "personal"]
KIND_LABELS = {
    "certified_subscription": "认证订阅号",
    "certified_service": "认证服务号",
    "uncertified": "未认证",
    "personal": "个人号",
}
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


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
    callback_url: str = ""  # absolute, a path, or "" for the default path
    stats_same_day: bool = False
    ip_whitelist: list[str] = field(default_factory=list)
    publish_delay: float = 2.0
    quotas: dict[str, int] = field(default_factory=dict)
    # Variants of contract §13; the defaults are what live accounts were seen to do.
    title_limit: int = 32
    digest_limit: int = 120
    max_articles: int = 8
    dissolve_div: bool = True
    refuse_iframe: bool = True
    refuse_foreign_links: bool = False
    publish_id_as_text: bool = False
    submit_tells_msg_data_id: bool = True
    reply_as_list: bool = False
    total_is_page_size: bool = True
    publish_event: str = "PUBLISHJOBFINISH"
    classic_statistics: bool = False

    def __post_init__(self):
        if self.callback_aes_key and not AES_KEY.fullmatch(self.callback_aes_key):
            raise ProfileError("callback_aes_key 应为 43 位字母和数字。")
        if self.callback_mode in {"compat", "safe"} and not self.callback_aes_key:
            raise ProfileError("兼容模式和安全模式需要 callback_aes_key。")

    @property
    def certified(self) -> bool:
        return self.kind.startswith("certified")

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


Account = WeChatAccount | WeiboAccount
PLATFORMS: dict[str, type] = {"wechat": WeChatAccount, "weibo": WeiboAccount}


class Accounts:
    def __init__(self, store: Store, clock: Clock):
        self._store = store
        self._clock = clock

    def get(self, platform: str, app_id: str) -> Account | None:
        row = self._store.row(
            "select * from account where platform = ? and app_id = ?", platform, app_id
        )
        return None if row is None else _load(row)

    def all(self, platform: str) -> list[Account]:
        rows = self._store.rows(
            "select * from account where platform = ? order by created_at, rowid", platform
        )
        return [_load(row) for row in rows]

    def weibo_user(self, uid: str) -> WeiboAccount | None:
        return next((a for a in self.all("weibo") if a.uid == uid), None)

    def put(self, profile: dict) -> Account:
        """Create or change one account; fields left out keep their value. Raises ProfileError."""
        account_type = PLATFORMS.get(profile.get("platform"))
        app_id = profile.get("app_id")
        if account_type is None:
            raise ProfileError("platform 只能是 wechat 或 weibo。")
        if not isinstance(app_id, str) or not app_id:
            raise ProfileError("缺少 app_id。")
        given = {key: value for key, value in profile.items() if key != "platform"}
        known = self.get(profile["platform"], app_id)
        account = _build(account_type, (asdict(known) if known else {}) | given)
        self._save(account)
        return account

    def _save(self, account: Account) -> None:
        profile = json.dumps(asdict(account), ensure_ascii=False)
        now = self._clock.now()
        with self._store.transaction():
            self._store.execute(
                "insert into account (platform, app_id, profile, created_at) values (?, ?, ?, ?)"
                " on conflict (platform, app_id) do update set profile = excluded.profile",
                account.platform,
                account.app_id,
                profile,
                now,
            )
            if isinstance(account, WeiboAccount) and account.access_token:
                self._store.execute(
                    "insert into wb_token (token, app_id, uid, created_at, expires_at)"
                    " values (?, ?, ?, ?, ?) on conflict (token) do nothing",
                    account.access_token,
                    account.app_id,
                    account.uid,
                    now,
                    now + account.token_days * 86400,
                )


def public_profile(account: Account) -> dict:
    return {"platform": account.platform} | asdict(account)


def _load(row: sqlite3.Row) -> Account:
    return PLATFORMS[row["platform"]](**json.loads(row["profile"]))


def _build(account_type: type, values: dict) -> Account:
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
