"""The admin's own policies: Wagtail needs inline styles there, and frames its own previews."""

from django.conf import settings


class AdminPolicyMiddleware:
    """Loosens the policy below /admin/ only. Stands right inside django-csp's middleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response
