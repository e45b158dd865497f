"""Decompression that stops at a size limit, so a gzip bomb never unfolds."""

import zlib

from .errors import FeedError


class Inflater:
    """Unfolds a gzip or deflate body piece by piece; `encoding` is the Content-Encoding header.

    Raises FeedError network for encodings nobody asked for and for broken data.
    """

    def __init__(self, encoding: str) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FeedError(
                "network", "对方用了无法识别的压缩方式，请联系对方网站，或换一个订阅地址。"
            )
        self._plain = encoding in ("", "identity")
        # 32 + MAX_WBITS recognises gzip and zlib headers by itself.
        self._unzip = zlib.decompressobj(32 + zlib.MAX_WBITS)

    def feed(self, data: bytes, limit: int) -> bytes:
        """At most `limit` bytes of the unfolded `data` (what exceeds it may be dropped)."""
        if self._plain:
            return data[:limit]
        try:
            return self._unzip.decompress(data, limit)
        except zlib.error as error:
            raise FeedError(
                "network", "对方发来的压缩数据已损坏，请稍后再试；若一直如此，请联系对方网站。"
            ) from error
