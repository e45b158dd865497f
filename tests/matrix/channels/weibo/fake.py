"""A small Weibo, answering in the shapes of the contract's part B."""

from datetime import datetime, timedelta, timezone

import httpx

from ..platform import Platform, form_of

ACCESS_TOKEN = "2.00accesstoken"
UID = "1073880650"
APP_KEY, APP_SECRET = "1234567890", "app-secret"
_BEIJING = timezone(timedelta(hours=8))


class FakeWeibo(Platform):
    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[dict] = []
        self.comments: list[dict] = []
        self.pictures = 0
        self.expire_in = 2_000_000

    def answer(self, request: httpx.Request) -> httpx.Response:
        form = {**dict(request.url.params), **form_of(request)}
        if request.url.path == "/oauth2/access_token":
            return self.exchange(form)
        if form.get("access_token") != ACCESS_TOKEN:
            return _error(21332, "invalid_access_token", 403)
        path = request.url.path.removeprefix("/2/").removesuffix(".json").strip("/")
        return getattr(self, f"do_{path.replace('/', '_')}")(form, request)

    def do_statuses_share(self, form: dict, request: httpx.Request) -> httpx.Response:
        if not form.get("rip"):
            return _error(10016, "miss required parameter (rip)", 400)
        if "union.example.cn" not in form["status"]:
            return _error(10017, "text not find domain!", 400)
        if any(status["text"] == form["status"] for status in self.statuses):
            return _error(20019, "repeat content!", 400)
        self.pictures += b'name="pic"' in request.read()
        return httpx.Response(200, json=self.post(form["status"]))

    def post(self, text: str, at: datetime | None = None) -> dict:
        """Put a status into the timeline, as the platform or its user would."""
        number = 5_123_456_789_000_000 + len(self.statuses)
        status = {
            "created_at": (at or datetime.now(_BEIJING)).strftime("%a %b %d %H:%M:%S %z %Y"),
            "id": number,
            "mid": str(number),
            "idstr": str(number),
            "text": text,
            "user": {"id": int(UID), "idstr": UID, "screen_name": "市总工会"},
        }
        self.statuses.insert(0, status)
        return status

    def do_statuses_show(self, form: dict, request: httpx.Request) -> httpx.Response:
        for status in self.statuses:
            if status["idstr"] == form["id"]:
                return httpx.Response(200, json=status)
        return _error(20101, "target weibo does not exist!", 400)

    def do_statuses_user_timeline(self, form: dict, request: httpx.Request) -> httpx.Response:
        shown = [
            {**status, "text": status["text"].split(" http")[0] + " http://t.cn/A6abc"}
            for status in self.statuses[:5]
        ]
        return httpx.Response(200, json={"statuses": shown, "total_number": len(self.statuses)})

    def do_statuses_count(self, form: dict, request: httpx.Request) -> httpx.Response:
        rows = [
            {"id": int(mid), "idstr": mid, "comments": 3, "reposts": 2, "attitudes": "7"}
            for mid in form["ids"].split(",")
        ]
        return httpx.Response(200, json=rows)

    def do_comments_to_me(self, form: dict, request: httpx.Request) -> httpx.Response:
        since, until = int(form["since_id"]), int(form["max_id"]) or 2**63
        found = [item for item in self.comments if since < item["id"] <= until]
        newest = sorted(found, key=lambda item: -item["id"])[: int(form["count"])]
        return httpx.Response(200, json={"comments": newest, "total_number": len(found)})

    def comment(self, mid: str, text: str, uid: str = "998") -> dict:
        """A reader's comment under a status."""
        number = 4_900_000_000_000_000 + len(self.comments)
        item = {
            "created_at": "Wed Oct 24 23:49:17 +0800 2026",
            "id": number,
            "idstr": str(number),
            "text": text,
            "user": {"id": int(uid), "idstr": uid, "screen_name": "小李"},
            "status": {"id": int(mid), "idstr": mid},
        }
        self.comments.append(item)
        return item

    def do_comments_show(self, form: dict, request: httpx.Request) -> httpx.Response:
        found = [item for item in self.comments if item["status"]["idstr"] == form["id"]]
        newest = sorted(found, key=lambda item: -item["id"])[: int(form["count"])]
        return httpx.Response(200, json={"comments": newest, "total_number": len(found)})

    def do_comments_reply(self, form: dict, request: httpx.Request) -> httpx.Response:
        assert form["id"]
        answered = next(item for item in self.comments if item["idstr"] == form["cid"])
        ours = self.comment(form["id"], f"回复@小李:{form['comment']}", UID)
        ours["reply_comment"] = {"id": answered["id"], "idstr": answered["idstr"]}
        return httpx.Response(200, json=ours)

    def do_users_show(self, form: dict, request: httpx.Request) -> httpx.Response:
        user = {"id": int(form["uid"]), "followers_count": 128450, "statuses_count": 36}
        return httpx.Response(200, json=user)

    def exchange(self, form: dict) -> httpx.Response:
        if (form["client_id"], form["client_secret"]) != (APP_KEY, APP_SECRET):
            return _error(21324, "invalid_client", 401)
        if form.get("code") != "CODE":
            return _error(21325, "invalid_grant", 400)
        assert form["grant_type"] == "authorization_code"
        answer = {"access_token": "2.00new", "expires_in": 2626641, "remind_in": "2626641"}
        return httpx.Response(200, json={**answer, "uid": UID, "isRealName": "true"})

    def do_oauth2_revokeoauth2(self, form: dict, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"result": "true"})

    def do_oauth2_get_token_info(self, form: dict, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"uid": int(UID), "expire_in": self.expire_in})

    def do_account_rate_limit_status(self, form: dict, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"remaining_user_hits": 98, "user_limit": 100})


def _error(code: int, message: str, status: int) -> httpx.Response:
    answer = {"error": message, "error_code": code, "request": "/2/x.json"}
    return httpx.Response(status, json=answer)
