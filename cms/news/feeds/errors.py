"""The one exception of this package."""


class FeedError(Exception):
    """A feed cannot be read.

    `code` is one of: http_status, too_big, too_slow, private_address, bad_url, dns, tls, network,
    empty, not_a_feed, dangerous_xml, too_many_redirects. `message` is Chinese, for editors, and
    says what to do. `status` is the HTTP status where there was one, else None.
    """

    def __init__(self, code: str, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
