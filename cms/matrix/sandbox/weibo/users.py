"""Who someone on Weibo is: one of our accounts, or a reader known by nickname."""

import hashlib

from ..accounts import WeiboAccount
from ..box import Box
from .endpoints import Call, endpoint
from .errors import WeiboError


@endpoint("users/show")
def show(call: Call) -> dict:
    uid, name = call.params.get("uid", ""), call.params.get("screen_name", "")
    if not uid and not name:
        raise WeiboError(10016, "Miss required parameter (uid), see doc for more info")
    if not uid:
        named = [a.uid for a in call.box.accounts.all("weibo") if a.name == name]
        uid = named[0] if named else fan_uid(name)
    user = describe(call.box, uid)
    if user is None:
        raise WeiboError(20003)
    return user


def fan_uid(nickname: str) -> str:
    digest = hashlib.sha256(nickname.encode()).digest()
    return str(5_000_000_000 + int.from_bytes(digest[:4]) % 1_000_000_000)


def meet(box: Box, nickname: str) -> str:
    """Remember the reader; returns the uid."""
    uid = fan_uid(nickname)
    box.store.execute(
        "insert into wb_fan (uid, nickname) values (?, ?) on conflict do nothing", uid, nickname
    )
    return uid


def describe(box: Box, uid: str) -> dict | None:
    """The platform's user object; None when there is no such user."""
    account = box.accounts.weibo_user(uid)
    if account is not None:
        return _account_user(box, account)
    nickname = box.store.value("select nickname from wb_fan where uid = ?", uid)
    return None if nickname is None else _user(uid, nickname)


def _account_user(box: Box, account: WeiboAccount) -> dict:
    posts = box.store.value(
        "select count(*) from wb_status where uid = ? and visible_at <= ?",
        *(account.uid, box.clock.now()),
    )
    return _user(account.uid, account.name) | {
        "location": account.location,
        "description": account.description,
        "followers_count": account.followers,
        "statuses_count": posts,
        "verified": account.verified,
        "verified_type": 1 if account.verified else -1,
        "verified_reason": account.description if account.verified else "",
    }


def _user(uid: str, name: str) -> dict:
    return {
        "id": int(uid),
        "idstr": uid,
        "screen_name": name,
        "name": name,
        "location": "",
        "description": "",
        "profile_image_url": "",
        "profile_url": f"u/{uid}",
        "gender": "n",
        "followers_count": 0,
        "friends_count": 0,
        "statuses_count": 0,
        "verified": False,
        "verified_type": -1,
        "verified_reason": "",
        "lang": "zh-cn",
    }
