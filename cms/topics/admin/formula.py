"""热度公式: how much each part of the heat weighs, seen in what the top ten would be."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.topics import heat, selectors, services
from cms.topics.admin.board import ConcernsMixin
from cms.topics.admin.forms import USUAL_DAYS
from cms.topics.selectors import Period

TOP = 10


class FormulaForm(forms.Form):
    """One weight for each part of the heat."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for part in heat.PARTS:
            self.fields[part.key] = forms.FloatField(
                label=part.name,
                help_text=part.meaning,
                min_value=0,
                max_value=1,
                widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"}),
                error_messages={
                    "required": _("请填这一项的权重，不算就填 0。"),
                    "invalid": _("请填 0 到 1 之间的数。"),
                    "min_value": _("请填 0 到 1 之间的数。"),
                    "max_value": _("请填 0 到 1 之间的数。"),
                },
            )

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            return services.weights_check(cleaned)
        return cleaned


class FormulaView(ConcernsMixin, TemplateView):
    """Tried first, then set: what is not yet set changes nothing."""

    template_name = "topics/admin/formula.html"
    page_title = _("热度公式")
    breadcrumbs_items = [*ConcernsMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("topics.add_heatformula"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        weights = selectors.weights_in_force()
        now = selectors.ranking(period=Period.of(USUAL_DAYS), unions=self.reach, weights=weights)
        form = kwargs.pop("form", None) or FormulaForm(initial=written(weights))
        tried = heat.Weights(**form.cleaned_data) if form.is_bound and form.is_valid() else None
        return super().get_context_data(
            tab="formula",
            form=form,
            formula=heat.formula(weights),
            usual=written(heat.WEIGHTS),
            top=compared(now, tried),
            tried=tried and heat.formula(tried),
            days=USUAL_DAYS,
            history=[
                (row, heat.formula(selectors.weights_of(row.weights)))
                for row in selectors.formulas()
            ],
            **kwargs,
        )

    def post(self, request):
        action = request.POST.get("action")
        if action == "usual":
            services.formula_set(weights=shares(heat.WEIGHTS), user=request.user)
            messages.success(request, _("已恢复默认权重。"))
            return redirect("topics_formula")
        form = FormulaForm(request.POST)
        if action == "set" and form.is_valid():
            services.formula_set(weights=form.cleaned_data, user=request.user)
            messages.success(request, _("新的权重已生效。"))
            return redirect("topics_formula")
        return self.render_to_response(self.get_context_data(form=form))


def shares(weights: heat.Weights) -> dict[str, float]:
    """By part its share, in hundredths."""
    return {part.key: round(weights.share(part.key), 2) for part in heat.PARTS}


def written(weights: heat.Weights) -> dict[str, str]:
    """By part its share, as one types it."""
    return {key: f"{share:.2f}" for key, share in shares(weights).items()}


def compared(rows: list[selectors.Row], tried: heat.Weights | None) -> list[tuple]:
    """The places of the top: [(place, row now, row as tried or None, places up or down)]."""
    if tried is None:
        return [(place, row, None, 0) for place, row in enumerate(rows[:TOP], start=1)]
    before = {row.topic.pk: place for place, row in enumerate(rows, start=1)}
    after = selectors.reweighed(rows, tried)
    return [
        (place, row, other, before[other.topic.pk] - place)
        for place, (row, other) in enumerate(zip(rows[:TOP], after[:TOP], strict=True), start=1)
    ]
