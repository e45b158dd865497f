"""The forms of a case and of its brief. What was typed stays when something is wrong."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser
from wagtail.models import Page

from cms.news.models.stories import STORY_MODELS
from cms.topics import briefing
from cms.topics.models import Case
from cms.topics.services.briefs import MODELS
from cms.topics.services.cases import WORDS_LIMIT


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.real_name


class SectionChoice(forms.ModelChoiceField):
    def label_from_instance(self, section):
        return f"{section.title}（{section.union}）"


class CaseForm(forms.Form):
    """Who answers, until when. `owners`: who may be chosen; `case`: the one that is changed."""

    owner = PersonChoice(label=_("负责人"), queryset=None, empty_label=None)
    due_on = forms.DateField(
        label=_("办结期限"),
        widget=AdminDateInput(),
        error_messages={"invalid": _("请按 2026-11-30 这样写日期。")},
    )
    note = forms.CharField(
        label=_("内部备注"),
        max_length=WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("只在后台看得到。"),
    )

    def __init__(self, data=None, *, owners, case: Case | None = None, **kwargs):
        super().__init__(data, **kwargs)
        self.case = case
        self.fields["owner"].queryset = owners

    def clean_due_on(self):
        due = self.cleaned_data["due_on"]
        unchanged = self.case is not None and due == self.case.due_on
        if due < timezone.localdate() and not unchanged:
            raise forms.ValidationError(_("期限已经过了，请选今天或以后的日期。"))
        return due


class AnswerForm(forms.Form):
    """A public story, words, or both."""

    page = forms.ModelChoiceField(
        label=_("答复稿件"),
        queryset=Page.objects.live(),
        required=False,
        widget=AdminPageChooser(target_models=STORY_MODELS),
        error_messages={
            "invalid_choice": _("这篇稿件不在了或还没发布，请换一篇。"),
        },
    )
    words = forms.CharField(
        label=_("答复摘要"),
        max_length=WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("一两句话，公众在“您说我办”里先读到它。不写就用稿件的摘要。"),
    )


class WordsForm(forms.Form):
    """The words of an answer, and whether it is shown."""

    words = forms.CharField(
        label=_("答复摘要"), max_length=WORDS_LIMIT, widget=forms.Textarea({"rows": 3})
    )
    shown = forms.BooleanField(label=_("在“您说我办”公开"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), max_length=WORDS_LIMIT, widget=forms.Textarea({"rows": 2})
    )


class BriefForm(forms.Form):
    """Before the draft is made: which kind, where, by whom, under which working title."""

    title = forms.CharField(
        label=_("暂定标题"),
        max_length=briefing.TITLE_LIMIT,
        help_text=_("32 字以内，编辑可以再改。"),
    )
    kind = forms.ChoiceField(
        label=_("稿件类型"),
        choices=[(kind, model._meta.verbose_name) for kind, model in MODELS.items()],
        widget=forms.RadioSelect,
    )
    section = SectionChoice(label=_("栏目"), queryset=None, empty_label=_("请选择栏目"))
    editor = PersonChoice(label=_("交给谁写"), queryset=None, empty_label=_("请选择编辑"))

    def __init__(self, data=None, *, sections, editors, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["section"].queryset = sections
        self.fields["editor"].queryset = editors
