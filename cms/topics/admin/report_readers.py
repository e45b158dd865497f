"""Those who get 职工关切周报 by e-mail."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.interactions.small import LEAST
from cms.members.models import User
from cms.topics import services
from cms.topics.admin.report_forms import ReaderForm
from cms.topics.admin.reports import ReportsMixin, row_of
from cms.topics.selectors.report_readers import report_readers, why_not_mailed
from cms.topics.selectors.report_words import latest_monday, week_of


class ReadersView(ReportsMixin, TemplateView):
    """Everybody says for himself whether he gets the report; those who tend it, for all."""

    page_title = _("收件人")
    template_name = "topics/admin/report_readers.html"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def latest(self):
        return week_of(latest_monday(timezone.localdate()))

    def get_context_data(self, **kwargs):
        readers = report_readers()
        return super().get_context_data(
            **{
                "readers": readers if self.may_tend else [],
                "is_reader": any(reader.user == self.request.user for reader in readers),
                "why_not": why_not_mailed(self.request.user),
                "latest": self.latest,
                "least": LEAST,
                "form": ReaderForm() if self.may_tend else None,
                **kwargs,
            }
        )

    def post(self, request, *args, **kwargs):
        acts = {
            "add": self.add,
            "remove": self.remove,
            "join": self.join,
            "leave": self.leave,
            "try": self.try_out,
        }
        act = acts.get(request.POST.get("action", ""))
        try:
            response = act() if act else None
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            response = None
        return response or redirect(reverse("topics_report_readers"))

    def join(self):
        services.reader_add(user=self.request.user, by=self.request.user)
        messages.success(self.request, _("从下一期开始，周报每周一早上发到您的邮箱。"))

    def leave(self):
        services.reader_remove(user=self.request.user, by=self.request.user)
        messages.success(self.request, _("不再给您发周报。"))

    def try_out(self):
        services.report_try_out(user=self.request.user, monday=self.latest.first)
        messages.success(self.request, _("已发到 %(email)s。") % {"email": self.request.user.email})

    def add(self):
        """Gives the page back where something is wrong."""
        self.must_tend()
        form = ReaderForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        user = form.cleaned_data["user"]
        services.reader_add(user=user, by=self.request.user)
        messages.success(self.request, _("已添加 %(name)s。") % {"name": user.real_name})

    def remove(self):
        self.must_tend()
        user = row_of(User.objects.all(), self.request.POST.get("user", ""))
        if user:
            services.reader_remove(user=user, by=self.request.user)
            messages.success(self.request, _("已移除 %(name)s。") % {"name": user.real_name})

    def must_tend(self):
        if not self.may_tend:
            raise PermissionDenied
