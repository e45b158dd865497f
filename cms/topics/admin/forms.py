"""The filters of the board and of its drill-down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.topics.asking import asking
from cms.topics.models import Voice
from cms.topics.selectors import DAY_CHOICES, Period


class BoardForm(forms.Form):
    """All from the address. What cannot be understood is left out and said so."""

    days = forms.TypedChoiceField(
        label=_("时间"),
        choices=[(days, _("近 %(n)d 天") % {"n": days}) for days in DAY_CHOICES],
        coerce=int,
        empty_value=28,
        required=False,
        error_messages={"invalid_choice": _("没有这个时间范围，已按近 28 天显示。")},
    )
    source = forms.ChoiceField(
        label=_("来源"),
        choices=[("", _("全部来源")), *Voice.Source.choices],
        required=False,
        error_messages={"invalid_choice": _("没有这个来源，已显示全部来源。")},
    )
    union = forms.ModelChoiceField(
        label=_("工会"),
        queryset=None,
        empty_label=_("全部工会"),
        required=False,
        error_messages={"invalid_choice": _("您不能看这个工会的声音，已显示可看的全部。")},
    )
    hidden = forms.BooleanField(label=_("含已隐藏的话题"), required=False)

    def __init__(self, data, *, unions):
        data = data.copy()
        data.setdefault("days", "28")
        super().__init__(data)
        self.fields["union"].queryset = unions.order_by("path")

    @property
    def shown(self):
        return [self["days"], self["source"], self["union"]]

    @property
    def hidden_too(self):
        return self["hidden"]

    def scope(self) -> dict:
        """days, source and union, for the selectors."""
        self.is_valid()
        return {
            "days": self.cleaned_data.get("days") or 28,
            "source": self.cleaned_data.get("source", ""),
            "union": self.cleaned_data.get("union"),
        }


class DrillForm(BoardForm):
    """Besides the board's: one word, or the period before; days of its own, only what asks, one
    mood."""

    word = forms.CharField(max_length=40, required=False)
    before = forms.BooleanField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    asking = forms.BooleanField(required=False)
    mood = forms.TypedChoiceField(
        choices=[("", ""), *((str(value), label) for value, label in Voice.Mood.choices)],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def own_period(self) -> Period | None:
        """The days that were asked for by date; None for those of `days`."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return Period(since, until) if since and until and since <= until else None

    def narrow(self, voices):
        """Only the voices that ask, or of one mood, when that was asked for."""
        if self.cleaned_data.get("asking"):
            voices = voices.filter(asking())
        mood = self.cleaned_data.get("mood")
        return voices if mood is None else voices.filter(mood=mood)

    def narrowed_to(self) -> list[str]:
        """In words, for the reader."""
        said = [_("只看提问的")] if self.cleaned_data.get("asking") else []
        mood = self.cleaned_data.get("mood")
        if mood is not None:
            said.append(_("只看%(mood)s的") % {"mood": Voice.Mood(mood).label})
        return said

    def more(self) -> dict:
        """These filters as the address has them."""
        names = ("since", "until", "asking", "mood")
        given = {name: self.cleaned_data.get(name) for name in names}
        asked = {name: value for name, value in given.items() if value not in (None, "", False)}
        return {name: 1 if value is True else str(value) for name, value in asked.items()}
