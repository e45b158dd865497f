"""What the page of a case shows of its exports to the hotline, and the form of a receipt."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.topics.models import Case, CaseExport
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
