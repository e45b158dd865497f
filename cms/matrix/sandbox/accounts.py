"""The accounts of both platforms, kept as profiles."""

import json
import sqlite3
from dataclasses import asdict

from .clock import Clock
from .profiles import PLATFORMS, Account, ProfileError, WeChatAccount, WeiboAccount, build
from .store import Store

__all__ = ["Account", "Accounts", "ProfileError", "WeChatAccount", "WeiboAccount", "public_profile"]


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
        row = self._store.row(
            "select * from account where platform = 'weibo'"
            " and json_extract(profile, '$.uid') = ? order by created_at, rowid limit 1",
            uid,
        )
        return None if row is None else _load(row)

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
        account = build(account_type, (asdict(known) if known else {}) | given)
        self._save(account)
        return account

    def _save(self, account: Account) -> None:
        profile = json.dumps(asdict(account), ensure_ascii=False)
        now = self._clock.now()
        with self._store.transaction():
            self._store.execute(
                "insert into account (platform, app_id, profile, created_at) values (?, ?, ?, ?)"
                " on conflict (platform, app_id) do update set profile = excluded.profile",
                *(account.platform, account.app_id, profile, now),
            )
            if isinstance(account, WeiboAccount) and account.access_token:
                self._store.execute(
                    "insert into wb_token (token, app_id, uid, created_at, expires_at)"
                    " values (?, ?, ?, ?, ?) on conflict (token) do nothing",
                    *(account.access_token, account.app_id, account.uid, now),
                    now + account.token_days * 86400,
                )


def public_profile(account: Account) -> dict:
    return {"platform": account.platform} | asdict(account)


def _load(row: sqlite3.Row) -> Account:
    return PLATFORMS[row["platform"]](**json.loads(row["profile"]))
