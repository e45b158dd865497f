"""What readers see: the article as the platform kept it, the account's page, a chat with it."""

import json
import secrets
from urllib.parse import quote, unquote

from flask import Blueprint, abort, redirect, render_template, request, send_file

from ..box import current_box
from . import comments, fans, menu, stats
from .articles import article_url

blueprint = Blueprint("wechat_reader", __name__)
REACTIONS = {"like", "zaikan", "share"}
SCENES = {"profile": "公众号主页", "chat": "聊天会话", "moments": "朋友圈", "search": "搜一搜"}


@blueprint.get("/s")
def article():
    box = current_box()
    row = _article_or_404(request.args)
    account = box.accounts.get("wechat", row["app_id"])
    if row["deleted"]:
        return render_template("wechat/gone.html", account=account)
    if "stay" not in request.args:
        scene = SCENES.get(request.args.get("scene", ""), "其他")
        stats.record(box, row["mid"], row["idx"], "read", scene=scene)
    nickname = _nickname()
    openid = fans.openid_of(account, nickname) if nickname else ""
    return render_template(
        "wechat/article.html",
        account=account,
        article=json.loads(row["article"]),
        body=_with_pictures(json.loads(row["article"])["content"]),
        row=row,
        totals=stats.totals(box, row["mid"], row["idx"]),
        comments=comments.visible(box, row["mid"], row["idx"], account.comments_shown, openid),
        nickname=nickname,
        openid=openid,
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/s/comment")
def leave_comment():
    box = current_box()
    row = _article_or_404(request.form)
    account = box.accounts.get("wechat", row["app_id"])
    nickname = request.form.get("nickname", "").strip()
    content = request.form.get("content", "").strip()
    problem = _comment_problem(box, account, row, nickname, content)
    if problem:
        return _back_to(account, row, problem)
    openid = fans.meet(box, account, nickname)
    comments.leave(box, row["mid"], row["idx"], openid, content)
    shown = "留言已发出。" if account.comments_shown == "all" else "留言已发出，精选后所有人可见。"
    return _remember(_back_to(account, row, shown), nickname)


def _comment_problem(box, account, row, nickname: str, content: str) -> str:
    if row["deleted"] or not row["comments_open"]:
        return "这篇文章没有开放留言。"
    if not 0 < len(nickname) <= fans.NICKNAME_LIMIT:
        return f"请填写昵称，最多 {fans.NICKNAME_LIMIT} 个字。"
    if not 0 < len(content) <= fans.CONTENT_LIMIT:
        return f"请写下留言，最多 {fans.CONTENT_LIMIT} 个字。"
    fans_only = json.loads(row["article"]).get("only_fans_can_comment")
    if fans_only and not fans.follows(box, fans.openid_of(account, nickname)):
        return "这篇文章只有关注了公众号的人可以留言，请先关注。"
    return ""


@blueprint.post("/s/comment/delete")
def take_comment_back():
    box = current_box()
    row = _article_or_404(request.form)
    account = box.accounts.get("wechat", row["app_id"])
    openid = fans.openid_of(account, _nickname())
    comment_id = request.form.get("comment_id", 0, type=int)
    comments.take_back(box, row["mid"], row["idx"], comment_id, openid)
    return _back_to(account, row, "留言已删除。")


@blueprint.post("/s/react")
def react():
    box = current_box()
    row = _article_or_404(request.form)
    kind = request.form.get("kind")
    if kind not in REACTIONS:
        abort(400)
    visitor = request.cookies.get("visitor") or secrets.token_hex(8)
    if kind == "share":
        stats.record(box, row["mid"], row["idx"], kind, visitor)
    else:
        stats.toggle(box, row["mid"], row["idx"], kind, visitor)
    response = _back_to(box.accounts.get("wechat", row["app_id"]), row, "", "reactions")
    response.set_cookie("visitor", visitor, max_age=86400 * 365, httponly=True, samesite="Lax")
    return response


@blueprint.get("/s/preview/<media_id>/<int:index>")
def preview(media_id: str, index: int):
    box = current_box()
    draft = box.store.row("select * from wx_draft where media_id = ?", media_id)
    articles = json.loads(draft["articles"]) if draft else []
    if index >= len(articles):
        abort(404)
    return render_template(
        "wechat/preview.html",
        account=box.accounts.get("wechat", draft["app_id"]),
        article=articles[index],
        body=_with_pictures(articles[index]["content"]),
        drafted_at=draft["updated_at"],
    )


@blueprint.get("/mmbiz/<name>/0")
def picture(name: str):
    box = current_box()
    row = box.store.row("select * from wx_image where name = ?", name)
    if row is None:
        abort(404)
    path = box.media / row["name"]
    return send_file(path.resolve(), mimetype=row["content_type"], max_age=86400 * 30)


@blueprint.get("/wechat/<app_id>/")
def account_page(app_id: str):
    box = current_box()
    account = _account_or_404(app_id)
    rows = box.store.rows(
        "select * from wx_article where app_id = ? and deleted = 0 order by mid desc, idx limit 50",
        app_id,
    )
    articles = [
        json.loads(row["article"])
        | {
            "address": article_url(box, account, row).replace("#rd", "&scene=profile"),
            "published_at": row["published_at"],
            "totals": stats.totals(box, row["mid"], row["idx"]),
        }
        for row in rows
    ]
    nickname = _nickname()
    openid = fans.openid_of(account, nickname) if nickname else ""
    return render_template(
        "wechat/account.html",
        account=account,
        articles=articles,
        nickname=nickname,
        following=fans.follows(box, openid),
        messages=fans.messages(box, openid),
        buttons=menu.shown(box, account),
        notice=request.args.get("notice", ""),
    )


@blueprint.post("/wechat/<app_id>/message")
def send_message(app_id: str):
    box = current_box()
    account = _account_or_404(app_id)
    nickname = request.form.get("nickname", "").strip()
    content = request.form.get("content", "").strip()
    if not 0 < len(nickname) <= fans.NICKNAME_LIMIT or not 0 < len(content) <= fans.CONTENT_LIMIT:
        return redirect(f"/wechat/{app_id}/?notice={quote('请填写昵称和要说的话。')}#chat", 303)
    fans.say(box, account, nickname, content)
    return _remember(redirect(f"/wechat/{app_id}/#chat", 303), nickname)


@blueprint.post("/wechat/<app_id>/menu")
def tap_menu(app_id: str):
    account = _account_or_404(app_id)
    nickname = request.form.get("nickname", "").strip() or _nickname()
    if not 0 < len(nickname) <= fans.NICKNAME_LIMIT:
        return redirect(f"/wechat/{app_id}/?notice={quote('请先填写昵称。')}", 303)
    button = menu.tap(current_box(), account, nickname, request.form.get("place", ""))
    if button is None:
        abort(404)
    is_view = button.get("type") == "view"
    address = button["url"] if is_view else f"/wechat/{app_id}/#chat"
    return _remember(redirect(address, 303), nickname)


@blueprint.post("/wechat/<app_id>/follow")
def follow(app_id: str):
    account = _account_or_404(app_id)
    nickname = request.form.get("nickname", "").strip()
    if not 0 < len(nickname) <= fans.NICKNAME_LIMIT:
        return redirect(f"/wechat/{app_id}/?notice={quote('请先填写昵称。')}", 303)
    fans.follow(current_box(), account, nickname, request.form.get("following") == "1")
    return _remember(redirect(f"/wechat/{app_id}/", 303), nickname)


def _article_or_404(source):
    row = current_box().store.row(
        "select * from wx_article where mid = ? and idx = ? and sn = ?",
        *(source.get("mid", ""), source.get("idx", ""), source.get("sn", "")),
    )
    if row is None:
        abort(404)
    return row


def _account_or_404(app_id: str):
    account = current_box().accounts.get("wechat", app_id)
    if account is None:
        abort(404)
    return account


def _back_to(account, row, notice: str, anchor: str = "comments"):
    """Back to the article without counting another read."""
    query = f"__biz={account.biz}&mid={row['mid']}&idx={row['idx']}&sn={row['sn']}&stay=1"
    notice_query = f"&notice={quote(notice)}" if notice else ""
    return redirect(f"/s?{query}{notice_query}#{anchor}", 303)


def _nickname() -> str:
    return unquote(request.cookies.get("reader", ""))[: fans.NICKNAME_LIMIT]


def _remember(response, nickname: str):
    response.set_cookie(
        "reader", quote(nickname), max_age=86400 * 365, httponly=True, samesite="Lax"
    )
    return response


def _with_pictures(content: str) -> str:
    """Kept HTML says data-src; the article page shows the picture itself."""
    return content.replace("<img data-src=", '<img loading="lazy" src=')
