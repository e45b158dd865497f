"""The way to the login and back, for plain forms and for htmx."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect


def to_login(request, back_to):
    address = f"{reverse('account_login')}?{urlencode({'next': back_to})}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
