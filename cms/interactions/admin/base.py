"""What the desks share: who may come in, and how they answer."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages

PERMISSION = "interactions.change_moderationitem"


def may_moderate(user) -> bool:
    return user.has_perm(PERMISSION)


def answer(request, message: str, *, changed=(), failed=False, back: str):
    """The page again with a message; a script that asks for JSON gets the ids that are done."""
    if "application/json" in request.headers.get("Accept", ""):
        status = 422 if failed else 200
        return JsonResponse({"changed": list(changed), "message": str(message)}, status=status)
    (messages.error if failed else messages.success)(request, message)
    return redirect(back)


def words_of(error: ValidationError | PermissionDenied) -> str:
    return error.messages[0] if isinstance(error, ValidationError) else str(error)


def back_to(request, otherwise: str) -> str:
    """Where the form says it came from, when that is a path of this site: a bare word would be
    taken for the name of a view."""
    wanted = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else otherwise
