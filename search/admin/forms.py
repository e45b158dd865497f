"""Forms of the lexicon's desk. They read and check; ``lexicon_change`` writes."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from search.lexicon import store, words
from search.lexicon.rules import Problem
from search.lexicon.services import Refused, checked
from search.lexicon.words import Change, Word
from search.models import Apart, Term

TOPICS_LIST, PROPER_LIST = "lexicon-topics", "lexicon-proper"


class WordForm(forms.ModelForm):
    """One row of the lexicon. ``changes`` says what saving would do, what hangs on it included.

    A subclass has ``row(cleaned)``, the row that the form asks for, and ``saved()``, the row as it
    stands after saving.
    """

    loaded = forms.CharField(widget=forms.HiddenInput, required=False)
    #: Fields of the form whose name differs from the row's.
    named = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.state = store.state()
        self.changes: list[Change] = []
        if self.instance.pk:
            self.initial["loaded"] = self._as_text(self.instance.as_word())

    @staticmethod
    def _as_text(word: Word) -> str:
        return json.dumps(word.as_json(), ensure_ascii=False, sort_keys=True)

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        before = self.instance.as_word() if self.instance.pk else None
        if before and cleaned["loaded"] != self._as_text(before):
            message = _("%(word)s刚被别人改过，请刷新页面再改。") % {"word": before.label}
            raise forms.ValidationError(message)
        before = before and self.state.get(before.key)
        change = Change(before, self.row(cleaned))
        self.changes = [change, *words.followers(self.state, change)]
        try:
            checked(self.state, self.changes)
        except Refused as refused:
            self.refuse(refused.problems)
        return cleaned

    def refuse(self, problems: list[Problem]) -> None:
        """Show each problem at the field that mends it, or above all fields."""
        for problem in problems:
            name = self.named.get(problem.field, problem.field)
            self.add_error(name if name in self.fields else None, problem.message)

    def _post_clean(self):
        """Nothing: the rules stand in ``lexicon.rules``, and the instance stays as it was."""


class TermForm(WordForm):
    canonical_word = forms.CharField(
        label=_("规范词"),
        required=False,
        max_length=words.LENGTHS["canonical"],
        help_text=_("只有同义词要填：它和哪个主题词是一个意思。"),
        widget=forms.TextInput(attrs={"list": PROPER_LIST, "autocomplete": "off"}),
    )
    named = {"canonical": "canonical_word"}
    #: {kind: the optional fields that it uses}; a script hides the others.
    used = {
        kind: ["canonical_word" if name == "canonical" else name for name in names]
        for kind, names in words.USED.items()
        if kind != words.APART
    }
    field_order = [
        "term",
        "kind",
        "canonical_word",
        "topic",
        "weight",
        "meaning",
        "category",
        "level",
        "loaded",
    ]

    class Meta:
        model = Term
        fields = ["term", "kind", "topic", "weight", "meaning", "category", "level"]
        help_texts = {
            "term": _("提示词和放行语境里可用“…”表示中间隔着别的字，如“贷款…秒放”“警惕…”。")
        }
        widgets = {"topic": forms.TextInput(attrs={"list": TOPICS_LIST, "autocomplete": "off"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.canonical:
            self.initial["canonical_word"] = self.instance.canonical.term
        self.fields["weight"].required = False

    def row(self, cleaned: dict) -> Word:
        return words.tidy(**cleaned, canonical=cleaned["canonical_word"])

    def saved(self) -> Term:
        word = self.row(self.cleaned_data)
        return Term.objects.get(term=word.term, kind=word.kind)


class ApartForm(WordForm):
    class Meta:
        model = Apart
        fields = ["term", "other", "reason"]

    def row(self, cleaned: dict) -> Word:
        return words.tidy(kind=words.APART, **cleaned)

    def saved(self) -> Apart:
        return Apart.objects.get(term=self.cleaned_data["term"], other=self.cleaned_data["other"])


class ImportForm(forms.Form):
    """A file to import and what becomes of the words that it lacks."""

    MODES = (
        ("merge", _("合并：文件里没有的词保持不变")),
        ("replace", _("以文件为准：文件里没有的词删除")),
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_(
            "CSV 或制表符分隔的文本，UTF-8 或 GBK 编码，不超过 2 MB。先导出一份，在它上面改。"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={
            "required": _("请选择要导入的文件。"),
            "empty": _("文件是空的，请换一个文件。"),
        },
    )
    mode = forms.ChoiceField(
        label=_("文件里没有的词"), choices=MODES, initial="merge", widget=forms.RadioSelect
    )
