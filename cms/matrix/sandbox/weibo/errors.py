"""Weibo's way of saying no: HTTP 400/401/403 with error, error_code and request (contract §18)."""

FORBIDDEN = 403
MESSAGES = {
    10001: (FORBIDDEN, "System error"),
    10002: (FORBIDDEN, "Service unavailable"),
    10003: (FORBIDDEN, "Remote service error"),
    10004: (FORBIDDEN, "IP limit"),
    10005: (FORBIDDEN, "Permission denied, need a high level appkey"),
    10006: (400, "Source paramter (appkey) is missing"),
    10007: (400, "Does not support this media type"),
    10008: (400, "Param error, see doc for more info"),
    10009: (FORBIDDEN, "Too many pending tasks, system is busy"),
    10010: (FORBIDDEN, "Job expired"),
    10011: (FORBIDDEN, "RPC error"),
    10012: (400, "Illegal request"),
    10013: (FORBIDDEN, "Invalid weibo user"),
    10014: (FORBIDDEN, "Insufficient app permissions!"),
    10016: (400, "Miss required parameter, see doc for more info"),
    10017: (400, "text not find domain!"),
    10018: (400, "Request body length over limit"),
    10020: (404, "Request api not found!"),
    10021: (405, "HTTP method is not suported for this request!"),
    10022: (FORBIDDEN, "IP requests out of rate limit!"),
    10023: (FORBIDDEN, "User requests out of rate limit!"),
    10024: (FORBIDDEN, "User requests for this api out of rate limit!"),
    20003: (400, "User does not exists!"),
    20005: (400, "Unsupported image type, only suport JPG, GIF, PNG!"),
    20006: (400, "Image size too large!"),
    20007: (400, "Does multipart has image?"),
    20008: (400, "Content is null!"),
    20012: (400, "Text too long, please input text less than 140 characters!"),
    20013: (400, "Text too long, please input text less than 300 characters!"),
    20016: (FORBIDDEN, "Out of limit!"),
    20017: (FORBIDDEN, "Repeat content!"),
    20018: (400, "Contain illegal website!"),
    20019: (400, "Repeat content!"),
    20020: (400, "Contain advertising!"),
    20021: (400, "Content is illegal!"),
    20023: (FORBIDDEN, "Function is unavailable!"),
    20031: (FORBIDDEN, "Test and verify! Please input the captcha"),
    20032: (400, "Update success, while server slow now, please wait 1-2 minutes!"),
    20033: (FORBIDDEN, "Abnormal login, please change your password"),
    20101: (400, "Target weibo does not exist!"),
    20102: (400, "Not your own weibo!"),
    20111: (400, "Can not publish two same weibo!"),
    20112: (FORBIDDEN, "Permission denied, do not have authority to view this weibo!"),
    20120: (FORBIDDEN, "Permission denied, the weibo is visible to some users only!"),
    20201: (400, "Target weibo comment does not exist!"),
    20203: (FORBIDDEN, "Illegal comment!"),
    20204: (400, "Comment id is null!"),
    20206: (FORBIDDEN, "Only users that the author follows may comment!"),
    20207: (FORBIDDEN, "Only trusted users may comment!"),
    21301: (401, "auth faild!"),
    21314: (401, "Token used"),
    21315: (401, "Token expired"),
    21316: (401, "Token revoked"),
    21317: (401, "Token rejected"),
    21319: (FORBIDDEN, "Accessor was revoked"),
    21322: (400, "redirect_uri_mismatch"),
    21323: (400, "invalid_request"),
    21324: (401, "invalid_client"),
    21325: (400, "invalid_grant"),
    21326: (401, "unauthorized_client"),
    21327: (FORBIDDEN, "expired_token"),
    21328: (400, "unsupported_grant_type"),
    21329: (400, "unsupported_response_type"),
    21330: (FORBIDDEN, "access_denied"),
    21331: (FORBIDDEN, "temporarily_unavailable"),
    21332: (401, "invalid_access_token"),
}


class WeiboError(Exception):
    def __init__(self, code: int, message: str = "", status: int | None = None):
        super().__init__(code)
        usual_status, usual_message = MESSAGES.get(code, (400, "error"))
        self.code = code
        self.message = message or usual_message
        self.status = status or usual_status

    def body(self, path: str) -> dict:
        body = {"error": self.message, "error_code": self.code, "request": path}
        if path.startswith("/oauth2/"):
            body |= {"error_description": self.message, "error_uri": path}
        return body
