"""选题单: what it will say, and to whom it goes. Without a case, one is made along with it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.topics import selectors, services
from cms.topics.admin.case_forms import BriefForm
from cms.topics.admin.cases import CasesMixin
from cms.topics.models import Case, Topic


class BriefView(CasesMixin, TemplateView):
    page_title = _("派选题单")
    template_name = "topics/admin/brief.html"
    breadcrumbs_items = [*CasesMixin.breadcrumbs_items, {"url": "", "label": _("派选题单")}]

    @cached_property
    def topic(self) -> Topic:
        found = Topic.objects.select_related("parent")
        return get_object_or_404(
            found, slug=self.kwargs["slug"], state=Topic.State.SHOWN, merged_into=None
        )

    @cached_property
    def case(self) -> Case | None:
        """The topic's open case, if it is within this person's reach."""
        cases = selectors.cases_for(self.reach).filter(topic=self.topic)
        return cases.filter(state__in=Case.OPEN_STATES).first()

    @cached_property
    def plan(self):
        return selectors.plan_for(topic=self.topic, unions=self.reach)

    def form(self, data=None) -> BriefForm:
        sections = selectors.sections_for(self.reach)
        editors = selectors.editors_for(self.reach)
        return BriefForm(
            data,
            sections=sections,
            editors=editors,
            initial={
                "title": self.plan.title,
                "kind": self.plan.kind,
                "section": self.plan.section,
                "editor": self._first_editor(editors),
            },
        )

    def _first_editor(self, editors) -> int | None:
        """Oneself, if one writes; else the only one there is."""
        people = list(editors.values_list("pk", flat=True)[:2])
        if editors.filter(pk=self.request.user.pk).exists():
            return self.request.user.pk
        return people[0] if len(people) == 1 else None

    def get(self, request, *args, **kwargs):
        if self.case is not None and self.case.briefs.filter(page__isnull=False).exists():
            return redirect("topics_case", self.case.pk)
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request, *args, **kwargs):
        form = self.form(request.POST)
        if form.is_valid():
            try:
                brief = self._make(form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                said = _("草稿已建好，已通知%(editor)s。") % {
                    "editor": form.cleaned_data["editor"].real_name
                }
                messages.success(request, said)
                return redirect("topics_case", brief.case_id)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @transaction.atomic
    def _make(self, data):
        user = self.request.user
        case = self.case or services.case_open(topic=self.topic, user=user, union=self.union)
        return services.brief_make(case=case, user=user, unions=self.reach, **data)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            topic=self.topic,
            case=self.case,
            plan=self.plan,
            due_on=self.case.due_on if self.case else services.due_after(timezone.localdate()),
            **kwargs,
        )
