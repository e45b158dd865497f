"""The first control page: the accounts, their keys and where to find them."""

from flask import Blueprint, render_template

from .box import current_box
from .wechat import posting

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home():
    box = current_box()
    wechat = [
        {"account": account, "callback_url": posting.callback_url(box, account)}
        for account in box.accounts.all("wechat")
    ]
    return render_template(
        "home.html",
        wechat=wechat,
        weibo=box.accounts.all("weibo"),
        public_base=box.public_base,
    )
