"""The desk of cases: the list, one case with everything, and making one of a topic."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.members.models import Union, User
from cms.news.models import HomePage
from cms.topics import selectors, services, tasks
from cms.topics.admin.board import ConcernsMixin
from cms.topics.admin.case_forms import AnswerForm, CaseForm, ReasonForm, WordsForm
from cms.topics.admin.export_forms import exports_context
from cms.topics.models import Brief, Case, Topic
from cms.topics.selectors import Period
from cms.topics.selectors.cases import FILTERS

FIGURE_DAYS = 28
CASES = {"url": reverse_lazy("topics_cases"), "label": _("事项")}


class CasesMixin(ConcernsMixin):
    """For those who may decide on cases; each sees those of the unions he is in charge of."""

    permission = "topics.change_case"
    tab = "cases"
    breadcrumbs_items = [*ConcernsMixin.breadcrumbs_items, CASES]

    @cached_property
    def union(self) -> Union | None:
        """For which union this person opens cases: the highest he is in charge of."""
        if self.request.user.is_superuser:
            home = HomePage.objects.select_related("union").first()
            return (home and home.union) or Union.get_first_root_node()
        return self.unions.order_by("depth", "path").first()

    def owners(self, union: Union | None, *also: User | None):
        """Who may be chosen, and those who were already."""
        found = selectors.owners_for(union).values("pk")
        kept = [person.pk for person in also if person]
        return (User.objects.filter(pk__in=found) | User.objects.filter(pk__in=kept)).order_by("pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"tab": self.tab, **kwargs})


class CaseListView(CasesMixin, TemplateView):
    page_title = _("事项")
    template_name = "topics/admin/cases.html"

    def get_context_data(self, **kwargs):
        which = self.request.GET.get("which", "todo")
        which = which if which in FILTERS else "todo"
        cases, filters = selectors.case_list(
            unions=self.reach, which=which, number=self.request.GET.get("page", "")
        )
        return super().get_context_data(which=which, cases=cases, filters=filters, **kwargs)


class CaseOpenView(CasesMixin, TemplateView):
    """Make a topic a case."""

    page_title = _("立为事项")
    template_name = "topics/admin/case_open.html"
    breadcrumbs_items = [*CasesMixin.breadcrumbs_items, {"url": "", "label": _("立为事项")}]

    @cached_property
    def topic(self) -> Topic:
        return get_object_or_404(Topic, slug=self.kwargs["slug"])

    def form(self, data=None) -> CaseForm:
        user = self.request.user
        due = services.due_after(timezone.localdate())
        initial = {"owner": user.pk, "due_on": due}
        return CaseForm(data, owners=self.owners(self.union, user), initial=initial)

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request, *args, **kwargs):
        form = self.form(request.POST)
        if form.is_valid():
            try:
                case = services.case_open(
                    topic=self.topic, user=request.user, union=self.union, **form.cleaned_data
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("已立为事项。下一步：派选题单，或直接答复。"))
                return redirect("topics_case", case.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(topic=self.topic, union=self.union, **kwargs)


class CaseView(CasesMixin, TemplateView):
    """One case: its figures, brief, answer, those who are told, what came of it, its history."""

    template_name = "topics/admin/case.html"

    @cached_property
    def case(self) -> Case:
        found = selectors.cases_for(self.reach).select_related("topic__parent")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_page_title(self):
        return self.case.topic.name

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.case.topic.name}]

    def forms(self) -> dict:
        case = self.case
        return {
            "change": CaseForm(
                owners=self.owners(case.union, case.owner),
                case=case,
                initial={"owner": case.owner_id, "due_on": case.due_on, "note": case.note},
            ),
            "answer": AnswerForm(initial=self._suggested_answer(), prefix="answer"),
            "words": WordsForm(initial={"words": case.answer, "shown": case.shown}, prefix="words"),
            "close": ReasonForm(prefix="close"),
            "reopen": ReasonForm(prefix="reopen"),
        }

    def _suggested_answer(self) -> dict:
        """A brief's story that was published before its case was open again."""
        page = self.drafts[0].page if self.drafts else None
        return {"page": page} if page and page.live else {}

    @cached_property
    def drafts(self) -> list[Brief]:
        return list(self.case.briefs.filter(page__isnull=False).select_related("page"))

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(forms=self.forms()))

    def post(self, request, *args, **kwargs):
        verb = VERBS.get(request.POST.get("action", ""))
        if verb is None:
            messages.error(request, _("没有这个操作，请刷新页面后重试。"))
            return redirect("topics_case", self.case.pk)
        name, form, act = verb
        form = form(self, request.POST)
        if form.is_valid():
            try:
                messages.success(request, act(self.case, request.user, form.cleaned_data))
                return redirect("topics_case", self.case.pk)
            except ValidationError as error:
                form.add_error(None, error)
        forms = {**self.forms(), name: form}
        return self.render_to_response(self.get_context_data(forms=forms, wrong=name), status=422)

    def get_context_data(self, **kwargs):
        case = self.case
        case.drafts = self.drafts
        period = Period.of(FIGURE_DAYS)
        voices = selectors.voices_behind(topic=case.topic, period=period, unions=self.reach)
        return super().get_context_data(
            case=selectors.describe(case),
            brief=self.drafts[0] if self.drafts else None,
            period=period,
            days=FIGURE_DAYS,
            totals=selectors.totals(voices),
            telling=selectors.telling(case),
            weeks=selectors.weeks(case, self.reach),
            history=selectors.case_history(case),
            exports=exports_context(case)["exports"],
            media=sum((form.media for form in kwargs["forms"].values()), AnswerForm().media),
            **kwargs,
        )


def _change(case, user, data):
    services.case_change(case=case, user=user, **data)
    return _("已保存。")


def _answer(case, user, data):
    services.case_answer(case=case, user=user, **data)
    tasks.dispatch_telling(case.pk)
    return _("已答复，正在告诉提出要回音的人。")


def _words(case, user, data):
    services.answer_change(case=case, user=user, **data)
    return _("已保存。")


def _close(case, user, data):
    services.case_close(case=case, user=user, **data)
    return _("已了结。")


def _reopen(case, user, data):
    services.case_reopen(case=case, user=user, **data)
    return _("已重新打开，原来的答复不再公开。")


def _retry(case, user, data):
    number = services.followers_retry(case=case)
    tasks.dispatch_telling(case.pk)
    return _("正在再告诉 %(number)d 人。") % {"number": number}


#: action → (which form of the page it belongs to, how it is bound, what is done).
VERBS = {
    "change": (
        "change",
        lambda view, data: CaseForm(
            data, owners=view.owners(view.case.union, view.case.owner), case=view.case
        ),
        _change,
    ),
    "answer": ("answer", lambda view, data: AnswerForm(data, prefix="answer"), _answer),
    "words": ("words", lambda view, data: WordsForm(data, prefix="words"), _words),
    "close": ("close", lambda view, data: ReasonForm(data, prefix="close"), _close),
    "reopen": ("reopen", lambda view, data: ReasonForm(data, prefix="reopen"), _reopen),
    "retry": ("retry", lambda view, data: Form(data), _retry),
}
