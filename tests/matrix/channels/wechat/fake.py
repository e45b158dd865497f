"""A small WeChat, answering in the shapes of the contract's part A (live quirks included)."""

import json
from datetime import date

import httpx

from ..platform import Platform

APP_ID, SECRET = "wx0123456789abcdef", "s3cret-of-the-account"


class FakeWeChat(Platform):
    def __init__(self) -> None:
        super().__init__()
        self.token = "TOKEN-1"
        self.token_is_stale = False
        self.token_calls: list[bool] = []
        self.drafts: dict[str, dict] = {}
        self.published: list[dict] = []
        self.jobs: dict[str, dict] = {}
        self.uploads: list[httpx.Request] = []
        self.comments: list[dict] = []
        self.reports: dict[str, list[dict]] = {}
        self.replies: list[dict] = []
        self.deleted: list[str] = []
        self.has_publish = True
        self.mass: dict[str, dict] = {}
        self.mass_status = "SEND_SUCCESS"
        self.previews: list[dict] = []
        self.menu: list[dict] | None = None
        self.tickets = 0
        self.keep = lambda html: html

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/cgi-bin/stable_token":
            return self._stable_token(json.loads(request.read()))
        if self.token_is_stale or request.url.params.get("access_token") != self.token:
            return _error(40001, "invalid credential, access_token is invalid rid: 66aa-1-2")
        name = path.removeprefix("/cgi-bin/").removeprefix("/").replace("/", "_")
        if path.startswith("/datacube/"):
            return self._datacube(path, json.loads(request.read()))
        if name in ("media_uploadimg", "material_add_material"):
            return self._upload(name, request)
        body = json.loads(request.read()) if request.method == "POST" else {}
        if name.startswith("freepublish") and not self.has_publish:
            return _error(48001, "api unauthorized rid: 66aa-1-3")
        return getattr(self, f"do_{name}")(body)

    def _stable_token(self, body: dict) -> httpx.Response:
        if body["appid"] != APP_ID:
            return _error(40013, "invalid appid")
        if body["secret"] != SECRET:
            return _error(40125, "invalid appsecret")
        self.token_calls.append(body["force_refresh"])
        if body["force_refresh"]:
            self.token = f"TOKEN-{len(self.token_calls) + 1}"
            self.token_is_stale = False
        return httpx.Response(200, json={"access_token": self.token, "expires_in": 7200})

    def _upload(self, name: str, request: httpx.Request) -> httpx.Response:
        request.read()
        self.uploads.append(request)
        if name == "media_uploadimg":
            url = f"http://mmbiz.qpic.cn/mmbiz_png/{len(self.uploads)}/0?wx_fmt=png&from=appmsg"
            return httpx.Response(200, json={"url": url, "errcode": 0, "errmsg": "ok"})
        number = len(self.uploads)
        return httpx.Response(200, json={"media_id": f"MATERIAL{number}", "url": "", "item": []})

    def do_draft_add(self, body: dict) -> httpx.Response:
        media_id = f"DRAFT-{len(self.drafts) + len(self.published) + 1}"
        article = dict(body["articles"][0])
        article["content"] = self.keep(article["content"])
        self.drafts[media_id] = article
        return httpx.Response(200, json={"media_id": media_id, "item": []})

    def do_draft_update(self, body: dict) -> httpx.Response:
        if body["media_id"] not in self.drafts:
            return _error(40007, "invalid media_id")
        self.drafts[body["media_id"]] = dict(body["articles"])
        return _error(0, "ok")

    def do_draft_get(self, body: dict) -> httpx.Response:
        if body["media_id"] not in self.drafts:
            return _error(40007, "invalid media_id hint: [x-0] rid: 686b9c63-71515ae1-3be2bce2")
        item = {**self.drafts[body["media_id"]], "url": "http://mp.weixin.qq.com/s?preview=1"}
        return httpx.Response(
            200, json={"news_item": [item], "create_time": 1750000000, "update_time": 1750000000}
        )

    def do_draft_delete(self, body: dict) -> httpx.Response:
        return _error(0, "ok") if self.drafts.pop(body["media_id"], None) else _error(40007, "bad")

    def do_draft_count(self, body: dict) -> httpx.Response:
        return httpx.Response(200, json={"total_count": len(self.drafts)})

    def do_freepublish_submit(self, body: dict) -> httpx.Response:
        article = self.drafts.pop(body["media_id"], None)
        if article is None:
            return _error(40007, "invalid media_id")
        number = len(self.jobs) + 1
        mid = str(2650177000 + number)
        publish_id = 2247503000 + number
        self.jobs[str(publish_id)] = {"status": 0, "mid": mid, "article_id": f"ARTICLE_{number}"}
        self.published.insert(0, {**article, "article_id": f"ARTICLE_{number}", "mid": mid})
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok", "publish_id": publish_id})

    def do_freepublish_get(self, body: dict) -> httpx.Response:
        assert isinstance(body["publish_id"], str)
        job = self.jobs[body["publish_id"]]
        answer = {"publish_id": body["publish_id"], "publish_status": job["status"], "fail_idx": []}
        if job["status"] == 0:
            item = {"idx": 1, "article_url": "https://mp.weixin.qq.com/s/AbCdEf"}
            answer |= {
                "article_id": job["article_id"],
                "article_detail": {"count": 1, "item": [item]},
            }
        return httpx.Response(200, json=answer)

    def do_freepublish_getarticle(self, body: dict) -> httpx.Response:
        for article in self.published:
            if article["article_id"] == body["article_id"]:
                return httpx.Response(200, json={"news_item": [_shown(article)]})
        return _error(53600, "Article ID is invalid")

    def do_freepublish_batchget(self, body: dict) -> httpx.Response:
        assert 1 <= body["count"] <= 20
        items = [
            {
                "article_id": article["article_id"],
                "content": {"news_item": [_shown(article)]},
                "update_time": 1750000900,
            }
            for article in self.published
        ]
        answer = {"total_count": len(items), "item_count": len(items), "item": items}
        return httpx.Response(200, json=answer)

    def do_freepublish_delete(self, body: dict) -> httpx.Response:
        kept = [item for item in self.published if item["article_id"] != body["article_id"]]
        if len(kept) == len(self.published):
            return _error(53600, "Article ID is invalid")
        self.published = kept
        return _error(0, "ok")

    def do_comment_list(self, body: dict) -> httpx.Response:
        if body["count"] >= 50:
            return _error(88010, "count range error. cout <= 0 or count > 50")
        assert isinstance(body["msg_data_id"], int)
        assert body["index"] == 0
        if str(body["msg_data_id"]) not in {article["mid"] for article in self.published}:
            return _error(88001, "article not exist")
        page = self.comments[body["begin"] : body["begin"] + body["count"]]
        return httpx.Response(
            200, json={"errcode": 0, "errmsg": "ok", "total": len(page), "comment": page}
        )

    def do_comment_reply_add(self, body: dict) -> httpx.Response:
        self.replies.append(body)
        found = self._comment(body)
        if found is None:
            return _error(88008, "comment is not exists")
        if found.get("reply"):
            return _error(88005, "already reply")
        found["reply"] = {"content": body["content"], "create_time": 1750002000}
        return _error(0, "ok")

    def do_comment_markelect(self, body: dict) -> httpx.Response:
        return self._change(body, comment_type=1)

    def do_comment_unmarkelect(self, body: dict) -> httpx.Response:
        return self._change(body, comment_type=0)

    def do_comment_delete(self, body: dict) -> httpx.Response:
        found = self._comment(body)
        if found is None:
            return _error(88008, "comment is not exists")
        self.comments.remove(found)
        return _error(0, "ok")

    def _comment(self, body: dict) -> dict | None:
        assert body["index"] == 0
        assert isinstance(body["msg_data_id"], int)
        wanted = body["user_comment_id"]
        return next((item for item in self.comments if item["user_comment_id"] == wanted), None)

    def _change(self, body: dict, **changes) -> httpx.Response:
        found = self._comment(body)
        if found is None:
            return _error(88008, "comment is not exists")
        found |= changes
        return _error(0, "ok")

    def do_message_mass_sendall(self, body: dict) -> httpx.Response:
        assert body["msgtype"] == "mpnews"
        assert len(body["clientmsgid"].encode()) <= 32
        key = body["clientmsgid"]
        if key in self.mass:
            known = {name: self.mass[key][name] for name in ("msg_id", "msg_data_id")}
            answer = {"errcode": 45065, "errmsg": "clientmsgid exist rid: 1-2-3", **known}
            return httpx.Response(200, json=answer)
        article = self.drafts.pop(body["mpnews"]["media_id"], None)
        if article is None:
            return _error(40007, "invalid media_id")
        ids = {"msg_id": 34182 + len(self.mass), "msg_data_id": 206227730 + len(self.mass)}
        self.mass[key] = {**ids, "filter": body["filter"], "article": article}
        sent = {"errcode": 0, "errmsg": "send job submission success", **ids}
        return httpx.Response(200, json=sent)

    def do_message_mass_get(self, body: dict) -> httpx.Response:
        return httpx.Response(
            200, json={"msg_id": int(body["msg_id"]), "msg_status": self.mass_status}
        )

    def do_message_mass_delete(self, body: dict) -> httpx.Response:
        assert isinstance(body["msg_id"], int)
        assert body["article_idx"] == 1
        self.mass_status = "DELETE"
        return _error(0, "ok")

    def do_message_mass_preview(self, body: dict) -> httpx.Response:
        self.previews.append(body)
        return _error(0, "preview success")

    def do_message_mass_speed_get(self, body: dict) -> httpx.Response:
        return httpx.Response(200, json={"speed": 0, "realspeed": 80})

    def do_menu_get(self, body: dict) -> httpx.Response:
        if self.menu is None:
            return _error(46003, "menu no exist")
        return httpx.Response(200, json={"menu": {"button": self.menu}})

    def do_menu_create(self, body: dict) -> httpx.Response:
        self.menu = body["button"]
        return _error(0, "ok")

    def do_menu_delete(self, body: dict) -> httpx.Response:
        self.menu = None
        return _error(0, "ok")

    def do_openapi_quota_get(self, body: dict) -> httpx.Response:
        if "mass" in body["cgi_path"]:
            return _error(76022, "could not use this cgi_path, no permission")
        quota = {"daily_limit": 100, "used": 7, "remain": 93}
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok", "quota": quota})

    def do_ticket_getticket(self, body: dict) -> httpx.Response:
        self.tickets += 1
        answer = {"errcode": 0, "errmsg": "ok", "ticket": f"TICKET-{self.tickets}"}
        return httpx.Response(200, json={**answer, "expires_in": 7200})

    def do_message_custom_send(self, body: dict) -> httpx.Response:
        self.replies.append(body)
        return _error(0, "ok")

    def _datacube(self, path: str, body: dict) -> httpx.Response:
        assert date.fromisoformat(body["begin_date"]) <= date.fromisoformat(body["end_date"])
        name = path.removeprefix("/datacube/")
        if name != "getarticletotaldetail":
            return httpx.Response(200, json={"list": self.reports.get(name, [])})
        rows = self.reports.get(body["begin_date"], [])
        return httpx.Response(200, json={"list": rows, "is_delay": False})


def _shown(article: dict) -> dict:
    url = f"http://mp.weixin.qq.com/s?__biz=MzA&mid={article['mid']}&idx=1&sn=ab&chksm=1#rd"
    kept = {name: value for name, value in article.items() if name not in ("article_id", "mid")}
    return {**kept, "url": url, "is_deleted": False}


def _error(code: int, message: str) -> httpx.Response:
    return httpx.Response(200, json={"errcode": code, "errmsg": message})
