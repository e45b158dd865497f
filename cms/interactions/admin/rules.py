"""评论开关: where comments are open, section by section and story by story."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Page

from cms.interactions import selectors, services
from cms.interactions.models import CommentRule


class RuleForm(forms.ModelForm):
    mode = forms.ChoiceField(
        label=_("评论"), choices=CommentRule.Mode.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = CommentRule
        fields = ("mode", "opens_at", "closes_at")
        widgets = {"opens_at": AdminDateTimeInput, "closes_at": AdminDateTimeInput}
        help_texts = {
            "opens_at": _("不填：马上开放。"),
            "closes_at": _("不填：一直开放。已有的评论关闭后仍然能看。"),
        }


@require_safe
def rules(request):
    """All sections of one's unions, and the stories that have a rule of their own."""
    sections = selectors.ruled_sections(request.user)
    if not sections:
        raise PermissionDenied
    context = {
        "sections": sections,
        "stories": selectors.ruled_stories(request.user),
        **_header(_("评论开关")),
    }
    return render(request, "interactions/admin/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, page_id):
    """Open, close, or set the hours of one section or story; or give a story its section's rule."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not selectors.may_rule(request.user, page):
        raise PermissionDenied
    found = CommentRule.objects.filter(page=page.pk).first()
    instance = found or CommentRule(page_id=page.pk)
    form = RuleForm(request.POST or None, instance=instance)
    if request.method == "POST" and "remove" in request.POST:
        services.rule_remove(page=page, user=request.user)
        messages.success(request, _("已改为按栏目的规定。"))
        return redirect("interactions_rules")
    if request.method == "POST" and form.is_valid():
        services.rule_set(rule=form.instance, user=request.user)
        messages.success(request, _("已保存，网页上马上生效。"))
        return redirect("interactions_rules")
    context = {
        "page": page,
        "form": form,
        "rule": found,
        "open_now": selectors.takes_comments(page),
        **_header(page.get_admin_display_title()),
    }
    return render(request, "interactions/admin/rule.html", context)


def _header(title: str) -> dict:
    return {
        "header_title": title,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("首页")},
            {"url": reverse("interactions_rules"), "label": _("评论开关")},
        ],
    }
