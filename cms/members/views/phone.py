"""The way to a verified number and back."""

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ChangePhoneView
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

BACK_TO = "members.phone_back_to"
DONE = "members.phone_done"


@login_required
@require_safe
def phone(request):
    """Remember where the person came from; allauth's two pages do the rest."""
    request.session[BACK_TO] = get_next_redirect_url(request) or reverse("members:home")
    return redirect("account_change_phone")


class PhoneView(ChangePhoneView):
    """allauth comes back here when the number is verified: from here people go on."""

    def get(self, request, *args, **kwargs):
        if request.session.pop(DONE, False):
            return redirect(request.session.pop(BACK_TO, reverse("members:home")))
        return super().get(request, *args, **kwargs)
