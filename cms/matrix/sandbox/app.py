"""The Flask app: all blueprints around one ``Box``."""

from contextlib import suppress
from pathlib import Path

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from . import admin, books, control_pages, controls, crowd, feeds, home, seed
from .box import Box
from .wechat import api as wechat_api
from .wechat import console as wechat_console
from .wechat import fans, mass, publish
from .wechat import reader as wechat_reader
from .weibo import api as weibo_api
from .weibo import oauth as weibo_oauth
from .weibo import reader as weibo_reader

CALLBACKS = 8  # pushed at the same time, to as many accounts
LARGEST_UPLOAD = 12 * 1024 * 1024


def create_app(
    data: Path | str,
    *,
    public_base: str = "http://127.0.0.1:8100",
    callback_base: str = "http://127.0.0.1:8000",
    retry_seconds: float = 5.0,
) -> Flask:
    """The whole sandbox, its background worker running. ``data`` is the directory that keeps it."""
    box = Box.open(
        Path(data),
        public_base=public_base,
        callback_base=callback_base,
        retry_seconds=retry_seconds,
    )
    plant(box)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    app.extensions["sandbox"] = box
    for part in (wechat_api, wechat_console, wechat_reader, weibo_api, weibo_oauth, weibo_reader,
                 admin, controls, books, crowd, home, control_pages, feeds):  # fmt: skip
        app.register_blueprint(part.blueprint)
    _set_up_pages(app, box)
    box.jobs.handle("publish", lambda payload: publish.finish(box, payload))
    box.jobs.handle("mass", lambda payload: mass.finish(box, payload))
    box.jobs.handle("callback", lambda payload: fans.deliver(box, payload), workers=CALLBACKS)
    box.jobs.start()
    return app


def plant(box: Box) -> None:
    """Give an empty store the demo accounts."""
    with box.store.transaction():
        if box.store.value("select 1 from account limit 1") is None:
            for profile in seed.ACCOUNTS:
                box.accounts.put(profile)


def _set_up_pages(app: Flask, box: Box) -> None:
    @app.template_filter("moment")
    def moment(at: float) -> str:
        return f"{box.clock.local(at):%Y-%m-%d %H:%M}"

    @app.before_request
    def read_to_the_end():
        # As the platforms' front servers do. An answer before the end of a large upload makes our
        # server close the connection on which the client is sending its next call.
        with suppress(RequestEntityTooLarge):  # Whoever answers says so, in the platform's words.
            request.get_data()

    @app.after_request
    def keep_inside(response):
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if response.mimetype == "text/html":
            # Articles carry inline styles by nature; nothing may be fetched from elsewhere.
            response.headers["Content-Security-Policy"] = (
                f"default-src 'self'; img-src 'self' data: {box.public_base};"
                " style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
            )
        return response

    @app.errorhandler(HTTPException)
    def problem(error: HTTPException):
        if request.path.startswith("/__sandbox/"):
            return {"error": error.description}, error.code
        return render_template("problem.html", code=error.code), error.code

    @app.teardown_appcontext
    def close(_error):
        box.store.close()
