"""The draft box (contract §5). A draft on its way to publication is out of the box."""

import json
import secrets

from ..accounts import WeChatAccount
from ..box import Box
from . import material, sanitiser
from .endpoints import OK, Call, endpoint
from .errors import WeChatError

AUTHOR_LIMIT = 16
CONTENT_BYTES = 1024 * 1024
SOURCE_URL_BYTES = 1024
AUTO_DIGEST = 54
MOST_PICTURES = 20
OPTIONAL = (
    "pic_crop_235_1", "pic_crop_1_1", "cover_info", "image_info", "product_info", "show_cover_pic",
)  # fmt: skip


@endpoint("/cgi-bin/draft/add")
def add(call: Call) -> dict:
    articles = call.body.get("articles")
    if not isinstance(articles, list):
        raise WeChatError(47001)
    if not articles:
        raise WeChatError(44003)
    if len(articles) > call.account.max_articles:
        raise WeChatError(45008)
    kept = [_accept(call, article) for article in articles]
    if len(kept) == 1 and not kept[0]["digest"]:
        kept[0]["digest"] = sanitiser.plain_text(kept[0]["content"])[:AUTO_DIGEST]
    media_id = secrets.token_urlsafe(48)
    now = call.box.clock.now()
    call.box.store.execute(
        "insert into wx_draft (media_id, app_id, articles, created_at, updated_at)"
        " values (?, ?, ?, ?, ?)",
        *(media_id, call.account.app_id, json.dumps(kept, ensure_ascii=False), now, now),
    )
    return {"media_id": media_id, "item": []}


@endpoint("/cgi-bin/draft/update")
def update(call: Call) -> dict:
    article = call.body.get("articles")
    if not isinstance(article, dict):
        raise WeChatError(47001)
    with call.box.store.transaction():
        draft = find(call.box, call.account.app_id, call.text("media_id"))
        articles = json.loads(draft["articles"])
        index = call.number("index", 0)
        if not 0 <= index < len(articles):
            raise WeChatError(40114)
        articles[index] = _accept(call, article)
        call.box.store.execute(
            "update wx_draft set articles = ?, updated_at = ? where media_id = ?",
            json.dumps(articles, ensure_ascii=False),
            *(call.box.clock.now(), draft["media_id"]),
        )
    return OK


@endpoint("/cgi-bin/draft/get")
def get(call: Call) -> dict:
    draft = find(call.box, call.account.app_id, call.text("media_id"))
    return {
        "news_item": news_items(call.box, draft),
        "create_time": int(draft["created_at"]),
        "update_time": int(draft["updated_at"]),
    }


@endpoint("/cgi-bin/draft/delete")
def delete(call: Call) -> dict:
    draft = find(call.box, call.account.app_id, call.text("media_id"))
    call.box.store.execute("delete from wx_draft where media_id = ?", draft["media_id"])
    return OK


@endpoint("/cgi-bin/draft/count", method="GET", body="none")
def count(call: Call) -> dict:
    return {"total_count": _total(call.box, call.account.app_id)}


@endpoint("/cgi-bin/draft/switch", body="none")
def switch(call: Call) -> dict:
    """Obsolete: the draft box is open for everybody."""
    return OK | {"is_open": 1}


@endpoint("/cgi-bin/draft/batchget")
def batchget(call: Call) -> dict:
    most = call.number("count")
    if not 1 <= most <= 20:
        raise WeChatError(40007)
    rows = call.box.store.rows(
        "select * from wx_draft where app_id = ? and publish_id is null"
        " order by updated_at desc limit ? offset ?",
        *(call.account.app_id, most, call.number("offset", 0)),
    )
    hide = call.number("no_content", 0) == 1
    tells = call.account.draft_tells_thumb_url
    items = [
        {
            "media_id": row["media_id"],
            "content": {
                "news_item": news_items(call.box, row, hide_content=hide, tell_thumb_url=tells),
                "create_time": int(row["created_at"]),
                "update_time": int(row["updated_at"]),
            },
            "update_time": int(row["updated_at"]),
        }
        for row in rows
    ]
    total = _total(call.box, call.account.app_id)
    return {"total_count": total, "item_count": len(items), "item": items}


def find(box: Box, app_id: str, media_id: str):
    """The account's draft, while it is in the box; else 40007."""
    draft = box.store.row(
        "select * from wx_draft where media_id = ? and app_id = ? and publish_id is null",
        *(media_id, app_id),
    )
    if draft is None:
        raise WeChatError(40007)
    return draft


def take_out(box: Box, media_id: str, number: int) -> None:
    """Submitted to be published or sent as ``number``: out of the box until that is settled."""
    box.store.execute("update wx_draft set publish_id = ? where media_id = ?", number, media_id)


def put_back(box: Box, media_id: str) -> None:
    box.store.execute("update wx_draft set publish_id = null where media_id = ?", media_id)


def consume(box: Box, media_id: str) -> list[dict]:
    """The draft's articles; the draft is gone."""
    articles = box.store.value("select articles from wx_draft where media_id = ?", media_id)
    box.store.execute("delete from wx_draft where media_id = ?", media_id)
    return json.loads(articles)


def in_box(box: Box, app_id: str) -> list:
    return box.store.rows(
        "select * from wx_draft where app_id = ? and publish_id is null order by updated_at desc",
        app_id,
    )


def news_items(
    box: Box, draft, *, hide_content: bool = False, tell_thumb_url: bool = True
) -> list[dict]:
    hidden = set() if tell_thumb_url else {"thumb_url"}
    preview = f"{box.public_base}/s/preview/{draft['media_id']}"
    return [
        {name: value for name, value in article.items() if name not in hidden}
        | ({"content": ""} if hide_content else {})
        | {"url": f"{preview}/{index}", "is_deleted": False}
        for index, article in enumerate(json.loads(draft["articles"]))
    ]


def _total(box: Box, app_id: str) -> int:
    return box.store.value(
        "select count(*) from wx_draft where app_id = ? and publish_id is null", app_id
    )


def _accept(call: Call, article) -> dict:
    """One article checked and cleaned, in the shape draft/get returns it."""
    if not isinstance(article, dict):
        raise WeChatError(47001)
    account = call.account
    kind = article.get("article_type", "news")
    if kind not in {"news", "newspic"}:
        raise WeChatError(40008, "invalid article_type")
    kept = {
        "article_type": kind,
        "title": _limited(article, "title", account.title_limit, 45003, required=True),
        "author": _limited(article, "author", AUTHOR_LIMIT, 45110),
        "digest": _limited(article, "digest", account.digest_limit, 45004),
        "content": _content(call.box, account, article, kind),
        "content_source_url": _source_url(article),
        "need_open_comment": _switch(article, "need_open_comment"),
        "only_fans_can_comment": _switch(article, "only_fans_can_comment"),
    }
    if kept["need_open_comment"] and not (account.certified and account.comments):
        raise WeChatError(88000)
    kept |= _cover(call.box, account, article, kind)
    return kept | {name: article[name] for name in OPTIONAL if name in article}


def _limited(article: dict, name: str, most: int, code: int, *, required: bool = False) -> str:
    value = article.get(name) or ""
    if not isinstance(value, str):
        raise WeChatError(47001)
    if required and not value.strip():
        raise WeChatError(44003, f"{name} is empty")
    if len(value) > most:
        raise WeChatError(code)
    return value


def _content(box: Box, account: WeChatAccount, article: dict, kind: str) -> str:
    content = _limited(article, "content", CONTENT_BYTES, 45002, required=True)
    too_long = account.content_limit and len(content) > account.content_limit
    if too_long or len(content.encode()) >= CONTENT_BYTES:
        raise WeChatError(45002)
    if kind == "newspic":
        return sanitiser.plain_text(content)
    rules = sanitiser.Rules(
        picture_base=f"{box.public_base}/mmbiz/",
        article_base=f"{box.public_base}/s",
        dissolve_div=account.dissolve_div,
    )
    if account.refuse_iframe and sanitiser.refused(content):
        raise WeChatError(45166)
    if account.refuse_foreign_links and sanitiser.has_foreign_link(content, rules):
        raise WeChatError(45166)
    return sanitiser.clean(content, rules)


def _source_url(article: dict) -> str:
    url = article.get("content_source_url") or ""
    usable = isinstance(url, str) and len(url.encode()) <= SOURCE_URL_BYTES
    if not usable or (url and not url.startswith(("http://", "https://"))):
        raise WeChatError(41039)
    return url


def _switch(article: dict, name: str) -> int:
    value = article.get(name, 0)
    if value not in (0, 1):
        raise WeChatError(47001)
    return int(value)


def _cover(box: Box, account: WeChatAccount, article: dict, kind: str) -> dict:
    media_id = article.get("thumb_media_id", "")
    if kind == "newspic":
        media_id = _first_picture(box, account, article)
    url = material.cover_url(box, account.app_id, media_id)
    if url is None:
        raise WeChatError(40007)
    return {"thumb_media_id": media_id, "thumb_url": url}


def _first_picture(box: Box, account: WeChatAccount, article: dict) -> str:
    pictures = (article.get("image_info") or {}).get("image_list") or []
    ids = [picture.get("image_media_id", "") for picture in pictures if isinstance(picture, dict)]
    if not 1 <= len(ids) <= MOST_PICTURES:
        raise WeChatError(40007)
    if any(material.cover_url(box, account.app_id, media_id) is None for media_id in ids):
        raise WeChatError(40007)
    return ids[0]
