"""An account's page: state, keys to copy, what the platform lets it do, calls, refused pushes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.log_actions import LogFormatter, log

from cms.matrix import account_selectors as selectors
from cms.matrix import oauth
from cms.matrix.channels.base import ChannelError
from cms.matrix.models import ChannelAccount
from cms.matrix.services import accounts as services

INDEX = "channel_accounts:index"
PAGE = "channel_accounts:inspect"
LOGGED = "matrix.account"


@never_cache
@require_safe
def account_page(request, pk):
    """All about one account. Token and key stand here because they go into the platform's form."""
    account = account_kept(request, pk)
    pushes = services.takes_pushes(account)
    meters = selectors.meters(account)
    return render(
        request,
        "matrix/account/page.html",
        {
            "account": account,
            "paused": account.state == ChannelAccount.State.PAUSED,
            "address": selectors.address_to_allow(account),
            "pushes": pushes,
            "callback": pushes and _callback(request, account),
            "aes_key": account.aes_keys.partition("\n")[0],
            "refusals": list(selectors.refusals(account)) if pushes else [],
            "oauth": services.uses_oauth(account),
            "return_address": oauth.return_address(request, account.channel),
            "ends_soon": selectors.authorisation_ends_soon(account),
            "pending": account.app_id.startswith(services.PENDING),
            "rights": selectors.rights(account),
            "meters": meters,
            "idle": sum(meter.idle for meter in meters),
            "quotas": selectors.quotas_told(account),
            **header(account.name),
        },
    )


@require_safe
def account_agree(request, pk):
    """On to the platform's page; a link, because the site's own forms may not lead elsewhere."""
    account = account_kept(request, pk)
    try:
        return redirect(oauth.place_to_agree(request, account))
    except ChannelError as error:
        messages.error(request, error.human or str(error))
        return redirect(PAGE, pk)


@require_POST
def account_act(request, pk, verb):
    """One button of the page."""
    account = account_kept(request, pk)
    if verb not in VERBS:
        raise PermissionDenied
    VERBS[verb](request, account)
    return redirect(PAGE, pk)


def _probe(request, account):
    found = services.account_probe(account=account)
    refused = found.get("account", True)
    if refused is True:
        messages.success(request, _("已重新检测，结果见下。"))
    else:
        messages.warning(request, str(refused))


def _resume(request, account):
    if services.account_resume(account=account, by=request.user):
        note(request, account, _("恢复使用"))
        messages.success(request, _("平台已接受，账号恢复使用，等待的稿件会接着发出。"))
    else:
        messages.warning(request, account.pause_reason)


def _pause(request, account):
    services.account_pause(account=account, reason=_("由管理员暂停。"))
    note(request, account, _("暂停"))
    messages.success(request, _("已暂停。等待的稿件和回复先不发出，恢复后接着发。"))


def _key(request, account):
    services.account_rotate_key(account=account)
    note(request, account, _("换 EncodingAESKey"))
    messages.success(request, _("已换新密钥。请复制到平台后台；换好之前旧密钥仍然有效。"))


def _token(request, account):
    services.account_rotate_token(account=account)
    note(request, account, _("换 Token"))
    messages.success(request, _("已换新 Token。请马上复制到平台后台，否则平台的推送会被拒绝。"))


def _quotas(request, account):
    try:
        told = services.account_ask_quotas(account=account)
    except ChannelError as error:
        messages.warning(request, error.human or str(error))
    else:
        if not told:
            messages.info(request, _("这个平台不提供额度查询。"))


VERBS = {
    "probe": _probe,
    "resume": _resume,
    "pause": _pause,
    "key": _key,
    "token": _token,
    "quotas": _quotas,
}


def account_kept(request, pk) -> ChannelAccount:
    """The account, if this person keeps it."""
    return get_object_or_404(selectors.accounts_kept_by(request.user), pk=pk)


def _callback(request, account: ChannelAccount) -> str:
    return request.build_absolute_uri(reverse("matrix:wechat_callback", args=[account.app_id]))


def header(title: str) -> dict:
    return {
        "page_title": title,
        "header_icon": "site",
        "breadcrumbs_items": [
            {"url": reverse_lazy("wagtailadmin_home"), "label": _("首页")},
            {"url": reverse_lazy(INDEX), "label": _("渠道账号")},
            {"url": "", "label": title},
        ],
    }


def note(request, account: ChannelAccount, what: str) -> None:
    log(instance=account, action=LOGGED, user=request.user, data={"what": what})


@hooks.register("register_log_actions")
def register_action(actions):
    @actions.register_action(LOGGED)
    class AccountChanged(LogFormatter):
        label = gettext_lazy("渠道账号")

        def format_message(self, log_entry):
            return _("渠道账号：%(what)s") % {"what": log_entry.data["what"]}


@hooks.register("register_admin_urls")
def register_urls():
    base = "channel_accounts/<int:pk>/"
    return [
        path(f"{base}agree/", account_agree, name="matrix_account_agree"),
        path(f"{base}<slug:verb>/", account_act, name="matrix_account_act"),
    ]
