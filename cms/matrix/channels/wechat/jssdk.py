"""The signature a page shows to the JS-SDK of WeChat (contract §12)."""

import hashlib


def jssdk_signature(ticket: str, noncestr: str, timestamp: int, url: str) -> str:
    """SHA-1 (hex) over ticket, nonce, time (seconds) and the page's address without its #part."""
    page = url.partition("#")[0]
    signed = f"jsapi_ticket={ticket}&noncestr={noncestr}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(signed.encode()).hexdigest()
