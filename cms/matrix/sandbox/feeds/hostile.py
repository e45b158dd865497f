"""Answers a collector must survive: missing, endless, redirected inward, exploding, slow."""

import time
from collections.abc import Iterator

from flask import Blueprint, Response, abort, redirect

BIG = 50 * 1024 * 1024
BLOCK = 64 * 1024
SLOW_BYTES, SLOW_PAUSE = 600, 1.0  # ten minutes in all


def register(blueprint: Blueprint) -> None:
    blueprint.get("/404")(missing)
    blueprint.get("/big")(big)
    blueprint.get("/redirect-private")(redirect_private)
    blueprint.get("/redirect-loop")(redirect_loop)
    blueprint.get("/bomb.xml")(bomb)
    blueprint.get("/empty")(empty)
    blueprint.get("/html200")(html200)
    blueprint.get("/slow")(slow)


def missing():
    abort(404)


def big() -> Response:
    def blocks() -> Iterator[bytes]:
        yield b'<?xml version="1.0"?><rss version="2.0"><channel><title>'
        for _ in range(BIG // BLOCK):
            yield b"A" * BLOCK

    return Response(blocks(), content_type="application/rss+xml")


def redirect_private():
    return redirect("http://169.254.169.254/latest/meta-data/")


def redirect_loop():
    return redirect("/feeds/redirect-loop")


def bomb() -> Response:
    """Billion laughs: a kilobyte that wants to become gigabytes."""
    entities = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY lol0 "lol">{entities}]>'
        '<rss version="2.0"><channel><title>&lol9;</title></channel></rss>'
    )
    return Response(body, content_type="application/rss+xml")


def empty() -> Response:
    return Response(b"", content_type="application/rss+xml")


def html200() -> Response:
    return Response(
        "<!doctype html><html lang=zh><title>系统维护</title><p>系统维护中，请稍后再来。</p>",
        content_type="text/html; charset=utf-8",
    )


def slow() -> Response:
    def drip() -> Iterator[bytes]:
        yield b'<?xml version="1.0"?><rss version="2.0"><channel><title>'
        for _ in range(SLOW_BYTES):
            time.sleep(SLOW_PAUSE)
            yield b"A"

    return Response(drip(), content_type="application/rss+xml")
