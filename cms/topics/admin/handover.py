"""移交热线: a case as a file for 12351, and the receipt that came back."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms import spreadsheets
from cms.interactions.admin.base import back_to
from cms.topics import selectors, services
from cms.topics.admin.cases import CasesMixin
from cms.topics.admin.export_forms import ReceiptForm, exports_context
from cms.topics.models import Case


class HandoverMixin(CasesMixin):
    @cached_property
    def case(self) -> Case:
        return get_object_or_404(selectors.cases_for(self.reach), pk=self.kwargs["pk"])

    @cached_property
    def page(self) -> str:
        return reverse("topics_case_exports", args=[self.case.pk])


class ExportsView(HandoverMixin, TemplateView):
    page_title = _("移交热线")
    template_name = "topics/admin/case_exports_page.html"

    def get_breadcrumbs_items(self):
        case = self.case
        return [
            *self.breadcrumbs_items,
            {"url": reverse("topics_case", args=[case.pk]), "label": case.topic.name},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **exports_context(self.case, bound=kwargs.pop("bound", None)), **kwargs
        )


class ExportView(HandoverMixin, View):
    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            export, content = services.case_export(
                case=self.case, unions=self.reach, user=request.user
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(back_to(request, self.page))
        response = HttpResponse(content, content_type=spreadsheets.FILES["xlsx"][1])
        name = f"移交单 {export.number}.xlsx"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


class ReceiptView(ExportsView):
    """Back to where the form stood; to the page of its own when something is wrong with it."""

    http_method_names = ["post"]

    def post(self, request, pk, export):
        export = get_object_or_404(self.case.exports, pk=export)
        form = ReceiptForm(request.POST, export=export)
        if form.is_valid():
            try:
                services.export_receipt_set(export=export, user=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("回执已登记。"))
                return redirect(back_to(request, self.page))
        return self.render_to_response(
            self.get_context_data(bound={export.pk: form}, back=back_to(request, self.page))
        )
