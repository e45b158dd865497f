"""The admin's own policies, and the site that a page is asked of."""

from django.conf import settings
from django.core.exceptions import BadRequest
from wagtail import views

from cms.news import selectors


class AdminPolicyMiddleware:
    """Loosens the policy below /admin/ only: Wagtail needs inline styles there, and frames its own
    previews. Stands right inside django-csp's middleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            # A preview went through all middleware as the public page it shows: the site's policy
            # on it would forbid the admin to frame it.
            response.headers.pop("Content-Security-Policy", None)
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response


class OnlyUtf8Middleware:
    """Refuses forms that name another character set: our pages send UTF-8, and Django would decode
    by any codec that Python has (「unicode_escape」 makes characters that no page and no database
    can hold). Of URL-encoded forms Django refuses them itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type == "multipart/form-data" and charset not in ("utf-8", "utf8"):
            raise BadRequest("A form in another character set than UTF-8.")
        return self.get_response(request)


class OnlySiteMiddleware:
    """Hands Wagtail's page view the site and its front page where there is only one of them.

    `Site.find_for_request` looks at the same attribute first; without it, the site and its root
    take two queries for every page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if view is views.serve and (site := selectors.only_site()):
            request._wagtail_site = site
