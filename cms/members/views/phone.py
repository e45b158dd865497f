"""The way to a verified number and back."""

from allauth.account.internal.flows.phone_verification import PHONE_VERIFICATION_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ChangePhoneView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

BACK_TO = "members.phone_back_to"
DONE = "members.phone_done"
WAITING = "members.phone_waiting"


@login_required
@require_safe
def phone(request):
    """Remember where the person came from; allauth's two pages do the rest."""
    request.session[BACK_TO] = get_next_redirect_url(request) or reverse("members:home")
    return redirect("account_change_phone")


class PhoneView(ChangePhoneView):
    """allauth comes back here when a code was entered, ran out or was wrong too often."""

    def form_valid(self, form):
        response = super().form_valid(form)
        self.request.session[WAITING] = True
        return response

    def get(self, request, *args, **kwargs):
        session = request.session
        if session.pop(DONE, False):
            session.pop(WAITING, None)
            return redirect(session.pop(BACK_TO, reverse("members:home")))
        if WAITING in session and PHONE_VERIFICATION_SESSION_KEY not in session:
            del session[WAITING]
            messages.error(request, _("验证码已经失效，号码没有改动。请重新发一次。"))
        return super().get(request, *args, **kwargs)
