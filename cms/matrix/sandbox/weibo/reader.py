"""What readers see on Weibo: a timeline, a post, and a place to answer."""

import secrets
from urllib.parse import quote, unquote

from flask import Blueprint, abort, redirect, render_template, request, send_file
from markupsafe import Markup, escape

from ..box import current_box
from . import comments, mid, statuses, text, users

blueprint = Blueprint("weibo_reader", __name__, url_prefix="/weibo")
NICKNAME_LIMIT = 20


@blueprint.get("/u/<uid>")
def timeline(uid: str):
    box = current_box()
    account = box.accounts.weibo_user(uid)
    if account is None:
        abort(404)
    shown = statuses.posts_of(box, account) if account.shows_to(_nickname()) else []
    posts = [_card(box, row) for row in shown]
    return render_template("weibo/timeline.html", account=account, posts=posts)


@blueprint.get("/<uid>/<code>")
def post(uid: str, code: str):
    """A post by its short code, or as the web also takes it, by its number."""
    box = current_box()
    row = _post_or_404(uid, code)
    return render_template(
        "weibo/post.html",
        account=box.accounts.weibo_user(uid),
        post=_card(box, row),
        comments=comments.under(box, row["id"]),
        nickname=_nickname(),
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/<uid>/<code>/comment")
def leave_comment(uid: str, code: str):
    box = current_box()
    row = _post_or_404(uid, code)
    nickname = request.form.get("nickname", "").strip()
    content = request.form.get("content", "").strip()
    taken = {account.name for account in box.accounts.all("weibo")}
    if not 0 < len(nickname) <= NICKNAME_LIMIT or nickname in taken:
        return _back(uid, code, f"请换一个昵称，最多 {NICKNAME_LIMIT} 个字。")
    if not 0 < len(content) <= comments.TEXT_LIMIT:
        return _back(uid, code, f"请写下评论，最多 {comments.TEXT_LIMIT} 个字。")
    comments.leave(box, row["id"], users.meet(box, nickname), content)
    response = _back(uid, code, "评论已发出。")
    response.set_cookie(
        "reader", quote(nickname), max_age=86400 * 365, httponly=True, samesite="Lax"
    )
    return response


@blueprint.post("/<uid>/<code>/like")
def like(uid: str, code: str):
    box = current_box()
    row = _post_or_404(uid, code)
    visitor = request.cookies.get("visitor") or secrets.token_hex(8)
    taken_back = box.store.execute(
        "delete from wb_like where status_id = ? and fan = ?", row["id"], visitor
    )
    if not taken_back.rowcount:
        box.store.execute("insert into wb_like (status_id, fan) values (?, ?)", row["id"], visitor)
    response = _back(uid, code)
    response.set_cookie("visitor", visitor, max_age=86400 * 365, httponly=True, samesite="Lax")
    return response


@blueprint.post("/<uid>/<code>/repost")
def repost(uid: str, code: str):
    row = _post_or_404(uid, code)
    current_box().store.execute(
        "update wb_status set reposts = reposts + 1 where id = ?", row["id"]
    )
    return _back(uid, code)


@blueprint.get("/pic/<any('thumbnail', 'bmiddle', 'large'):size>/<name>")
def picture(size: str, name: str):
    box = current_box()
    row = box.store.row("select * from wb_status where picture = ?", name)
    if row is None:
        abort(404)
    path = (box.media / row["picture"]).resolve()
    return send_file(path, mimetype=row["content_type"], max_age=86400 * 30)


def _post_or_404(uid: str, code: str):
    box = current_box()
    try:
        status_id = int(code) if code.isdigit() and len(code) > 12 else mid.decode(code)
    except ValueError:
        abort(404)
    row = None
    if status_id < 2**62:
        row = statuses.visible(box, status_id)
    account = box.accounts.weibo_user(uid)
    if row is None or row["uid"] != uid or not account or not account.shows_to(_nickname()):
        abort(404)
    return row


def _nickname() -> str:
    """Who reads: what the form says, else what was said last time."""
    given = request.form.get("nickname") or unquote(request.cookies.get("reader", ""))
    return given.strip()[:NICKNAME_LIMIT]


def _card(box, row) -> dict:
    address = f"/weibo/{row['uid']}/{mid.encode(row['id'])}"
    return {
        "row": row,
        "address": address,
        "html": linked(row["text"]),
        "counts": statuses.counters(box, row),
    }


def linked(content: str) -> Markup:
    """The text with its links live."""
    parts, end = [], 0
    for match in text.URL.finditer(content):
        parts.append(escape(content[end : match.start()]))
        parts.append(Markup('<a href="{0}" rel="nofollow noopener">网页链接</a>').format(match[0]))
        end = match.end()
    return Markup("").join([*parts, escape(content[end:])])


def _back(uid: str, code: str, notice: str = ""):
    query = f"?notice={quote(notice)}" if notice else ""
    return redirect(f"/weibo/{uid}/{code}{query}#comments", 303)
