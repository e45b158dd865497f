"""WeChat's way of saying no: HTTP 200 with errcode, a hint and a request id (contract §1, §14)."""

import secrets
import time

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40009: "invalid image size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40066: "invalid url",
    40114: "invalid index value",
    40125: "invalid appsecret",
    40164: "invalid ip, not in whitelist",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41039: "invalid content_source_url",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    44002: "empty post data",
    44003: "empty news data",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45008: "article count out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45110: "author size out of limit",
    45166: "invalid content",
    47001: "data format error",
    47009: "api is switched off",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    53500: "publishing function is banned",
    53501: "publish too frequently",
    53502: "invalid publish_id",
    53503: "draft did not pass the pre-publish check",
    53600: "invalid article_id",
    61500: "date format error",
    61501: "date range error",
    61503: "data not ready",
    76021: "cgi_path not found",
    87009: "reply not exists",
    88000: "open comment without privilege",
    88001: "msg not exists",
    88003: "elected comment out of limit",
    88004: "comment deleted by user",
    88005: "already reply",
    88007: "reply content empty or out of limit",
    88008: "comment not exists",
    88010: "count range error",
}


class WeChatError(Exception):
    """An ``errcode`` to answer with."""

    def __init__(self, code: int, message: str = ""):
        super().__init__(code)
        self.code = code
        self.message = message or MESSAGES.get(code, "error")

    def body(self) -> dict:
        return {"errcode": self.code, "errmsg": f"{self.message} {_suffix()}"}


def _suffix() -> str:
    rid = f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return f"hint: [{secrets.token_urlsafe(6)}-0] rid: {rid}"
