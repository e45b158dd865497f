"""The page 我的, the profile, what was agreed to, and the rules for all to read."""

from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.members import personal, rules, selectors, services
from cms.members.forms import AgreeForm, ProfileForm
from cms.members.models import Consent

GIVEN = {
    Consent.Kind.RULES: _("已同意，可以评论和投票了。"),
    Consent.Kind.EMAIL: _("以后每天最多给您发一封邮件。"),
    Consent.Kind.WECHAT: _("以后有新消息会在微信上告诉您。"),
}
WITHDRAWN = {
    Consent.Kind.RULES: _("已撤回同意。您仍可看稿件；要再评论或投票，重新同意即可。"),
    Consent.Kind.EMAIL: _("不再给您发邮件。"),
    Consent.Kind.WECHAT: _("不再在微信上提醒您。"),
}


@never_cache
@login_required
@require_safe
def home(request):
    """Everything about oneself on one calm page."""
    user = request.user
    given = selectors.consents(user)
    linked = list(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    addresses = list(EmailAddress.objects.filter(user=user).order_by("-verified"))
    context = {
        "person": user,
        "hindrance": selectors.why_not_speak(user),
        "way": selectors.way_to_speak(user, request.path),
        "rules": given.get(Consent.Kind.RULES),
        "email": given.get(Consent.Kind.EMAIL),
        "wechat": given.get(Consent.Kind.WECHAT),
        "wechat_offered": "weixin" in linked or Consent.Kind.WECHAT in given,
        "linked": linked,
        "addresses": addresses,
        "confirmed": any(address.verified for address in addresses),
        "pages": [holding for holding in personal.holdings() if holding.url],
    }
    return render(request, "members/home.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Correct what is shown of oneself (个人信息保护法 art. 46)."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("已保存。"))
        return redirect("members:home")
    return render(request, "members/profile.html", {"form": form}, status=_status(form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request):
    """Asked once, on the way to speaking; then back to where the person was."""
    back_to = get_next_redirect_url(request) or ""
    form = AgreeForm(request.POST or None)
    if form.is_valid():
        services.consent_give(user=request.user, kind=Consent.Kind.RULES)
        messages.success(request, GIVEN[Consent.Kind.RULES])
        return redirect(back_to or "members:home")
    context = {"form": form, "back_to": back_to}
    return render(request, "members/consent.html", context, status=_status(form))


@login_required
@require_POST
def switch(request, kind):
    """Give or withdraw one consent: one button each, equally easy (art. 15)."""
    if kind not in Consent.Kind.values:
        raise Http404
    if request.POST.get("on") == "1":
        services.consent_give(user=request.user, kind=kind)
        messages.success(request, GIVEN[kind])
    else:
        services.consent_withdraw(user=request.user, kind=kind)
        messages.success(request, WITHDRAWN[kind])
    return redirect("members:home")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """The link in every digest. Asks once: mail programs open links by themselves."""
    user = selectors.unsubscriber(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        services.consent_withdraw(user=user, kind=Consent.Kind.EMAIL)
    return render(request, "members/unsubscribe.html", {"done": request.method == "POST"})


@require_safe
def privacy(request):
    """个人信息处理规则 in one place, as lists (art. 17; 网络数据安全管理条例 art. 21)."""
    context = {"version": rules.VERSION, "contact": settings.UNION_CONTACT}
    return render(request, "members/privacy.html", context)


def _status(form) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200
