"""Telling pictures apart."""

SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}


def picture_type(content: bytes) -> str | None:
    """The picture's media type by its first bytes; names and headers are not believed."""
    return next((t for start, t in SIGNATURES.items() if content.startswith(start)), None)
