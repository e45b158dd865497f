"""消息: what the site told this person."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cms.members import services
from cms.members.models import Notice

PER_PAGE = 20


@never_cache
@login_required
@require_GET
def notices(request):
    """Newest first. What is shown is read; on this one look it still counts as new."""
    paginator = Paginator(Notice.objects.filter(user=request.user), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    services.notices_mark_read(user=request.user, notices=shown)
    return render(request, "members/messages.html", {"page": page, "notices": shown})
