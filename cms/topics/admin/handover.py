"""移交热线: a case as a file for 12351, and the receipt that came back."""

from django import forms
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
from cms.topics import services
from cms.topics.admin.board import ConcernsMixin
from cms.topics.models import Case, CaseExport
from cms.topics.selectors import cases_for
from cms.topics.selectors import handover as selectors


class ReceiptForm(forms.Form):
    """What may stand in it is the service's to say."""

    receipt = forms.CharField(label=_("回执号"), required=False)
    receipt_on = forms.DateField(
        label=_("回执日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日期看不懂，请写成 2026-03-05 这样。")},
    )

    def __init__(self, data=None, *, export: CaseExport):
        initial = {"receipt": export.receipt, "receipt_on": export.receipt_on}
        super().__init__(data, initial=initial, prefix=f"export-{export.pk}")


def exports_context(case: Case, *, bound: dict[int, ReceiptForm] | None = None) -> dict:
    """For `topics/admin/case_exports.html`, on the page of a case or alone: `case` and `exports`,
    [(export, its form, whether its receipt is late)]. `bound`: a form with errors, by its export.
    One query."""
    bound = bound or {}
    return {
        "case": case,
        "exports": [
            (
                export,
                bound.get(export.pk) or ReceiptForm(export=export),
                selectors.receipt_is_due(export),
            )
            for export in selectors.exports_of(case)
        ],
    }


class HandoverMixin(ConcernsMixin):
    """For those who may decide on cases; each sees those of the unions he is in charge of."""

    permission = "topics.change_case"

    @cached_property
    def case(self) -> Case:
        return get_object_or_404(cases_for(self.reach), pk=self.kwargs["pk"])

    @cached_property
    def page(self) -> str:
        return reverse("topics_case_exports", args=[self.case.pk])


class ExportsView(HandoverMixin, TemplateView):
    page_title = _("移交热线")
    template_name = "topics/admin/case_exports_page.html"

    def get_breadcrumbs_items(self):
        topic = self.case.topic
        return [
            *self.breadcrumbs_items,
            {"url": reverse("topics_topic", args=[topic.slug]), "label": topic.name},
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
        return self.render_to_response(self.get_context_data(bound={export.pk: form}))
