"""What the screens of concerns are asked for in their address. What cannot be understood is left
out and said so."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.topics.concerns import PLANS
from cms.topics.models import Topic, Voice
from cms.topics.selectors import DAY_CHOICES, Period

#: The week, which is what the board is opened for.
USUAL_DAYS = 7
#: The longest time of one's own choice.
MOST_DAYS = 366


class ScopeForm(forms.Form):
    """Which voices: of which days, from where, of which union.

    `unions`: those that may be chosen. `query()` gives the address back, and `kept` names what
    stays in it on the way from one screen to another.
    """

    days = forms.TypedChoiceField(
        label=_("时间"),
        choices=[(days, _("近 %(n)d 天") % {"n": days}) for days in DAY_CHOICES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    since = forms.DateField(
        label=_("或从"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("没有看懂这个日期，请写成 2026-05-01 的样子。")},
    )
    until = forms.DateField(
        label=_("到"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("没有看懂这个日期，请写成 2026-05-01 的样子。")},
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

    usual_days = USUAL_DAYS
    kept = ("days", "since", "until", "source", "union")
    #: Fields at hand, and those that fold out.
    at_hand: tuple[str, ...] = ("days", "source", "union")
    folded: tuple[str, ...] = ("since", "until")
    of_unions: tuple[str, ...] = ("union",)

    def __init__(self, data, *, unions):
        data = data.copy()
        data.setdefault("days", str(self.usual_days))
        super().__init__(data)
        self.fields["days"].error_messages["invalid_choice"] = _(
            "没有这个时间范围，已按近 %(n)d 天显示。"
        ) % {"n": self.usual_days}
        for name in self.of_unions:
            self.fields[name].queryset = unions.order_by("path")
        self.is_valid()

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if bool(since) != bool(until) and not self.errors:
            since = cleaned["since"] = since or until
            until = cleaned["until"] = until or timezone.localdate()
        if since and until and since > until:
            since, until = cleaned["since"], cleaned["until"] = until, since
        if since and until and (until - since).days >= MOST_DAYS:
            cleaned["since"] = until - timedelta(days=MOST_DAYS - 1)
            self.add_error(None, _("最多看 %(n)d 天，已从结束那天往前算。") % {"n": MOST_DAYS})
        return cleaned

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.at_hand]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.folded]

    @property
    def is_open(self) -> bool:
        """Whether something that folds out is set, or wrong."""
        return any(
            _is_set(self.cleaned_data.get(name)) or self[name].errors for name in self.folded
        )

    @property
    def period(self) -> Period:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until:
            return Period(since, until)
        return Period.of(self.cleaned_data.get("days") or self.usual_days)

    def scope(self) -> dict:
        """period, source and union, for the selectors."""
        return {
            "period": self.period,
            "source": self.cleaned_data.get("source", ""),
            "union": self.cleaned_data.get("union"),
        }

    def query(self, **changes) -> str:
        """The address of this scope, with `changes`; nothing for what is not set."""
        asked = {name: self.cleaned_data.get(name) for name in self.kept} | changes
        if asked.get("since") and asked.get("until"):
            asked.pop("days", None)
        return urlencode({name: _written(value) for name, value in asked.items() if _is_set(value)})


def _is_set(value) -> bool:
    return value is not None and value is not False and value != ""


def _written(value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if value is True:
        return "1"
    return str(getattr(value, "pk", value))


class LongScopeForm(ScopeForm):
    """For what changes slowly."""

    usual_days = 28


class BoardForm(ScopeForm):
    """The board: besides, which topics."""

    kind = forms.ChoiceField(
        label=_("看什么"),
        choices=[("", _("全部话题")), *reversed(Topic.Kind.choices)],
        required=False,
        error_messages={"invalid_choice": _("没有这类话题，已显示全部。")},
    )
    concern = forms.ChoiceField(
        label=_("所属关切"),
        required=False,
        choices=[
            ("", _("全部关切")),
            *((name, name) for name in dict.fromkeys(plan.concern for plan in PLANS.values())),
        ],
        error_messages={"invalid_choice": _("没有这个关切，已显示全部。")},
    )
    hidden = forms.BooleanField(label=_("含已隐藏的话题"), required=False)

    own = ("kind", "concern", "hidden")
    at_hand = ("days", "kind", "union")
    folded = ("since", "until", "source", "concern", "hidden")

    def board_query(self, **changes) -> str:
        """As `query`, with what belongs to the board alone."""
        return self.query(**{name: self.cleaned_data.get(name) for name in self.own}, **changes)


class WordsForm(ScopeForm):
    """The words behind a figure: besides, which of them.

    Its fields besides those of the scope come from the links of the screens, not from a person:
    what is wrong with them is left out without a word.
    """

    mood = forms.TypedChoiceField(
        label=_("情绪"),
        choices=[("", _("全部情绪")), *Voice.Mood.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    industry = forms.CharField(label=_("行业"), max_length=20, required=False)
    word = forms.CharField(label=_("说到"), max_length=40, required=False)
    asking = forms.BooleanField(label=_("只看提问"), required=False)
    own = forms.BooleanField(label=_("不含同样的话"), required=False)
    each = forms.BooleanField(required=False)
    before = forms.BooleanField(required=False)
    loudest = forms.BooleanField(required=False)
    same = forms.CharField(max_length=200, required=False)
    also = forms.ModelChoiceField(
        queryset=Topic.objects.all(), to_field_name="slug", required=False
    )

    at = forms.ModelChoiceField(queryset=None, required=False)

    narrowing = (
        "at",
        "mood",
        "industry",
        "word",
        "asking",
        "own",
        "loudest",
        "also",
        "same",
        "before",
    )
    kept = (*ScopeForm.kept, *narrowing, "each")
    of_unions = ("union", "at")

    at_hand = ("days", "union", "mood")
    folded = ("since", "until", "word", "asking", "own")

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What stays when the form is sent, without a field to be seen."""
        asked = self.cleaned_data
        also = asked.get("also")
        values = {name: asked.get(name) for name in ("at", "source", "industry", "loudest", "each")}
        values["also"] = also and also.slug
        return [(name, _written(value)) for name, value in values.items() if _is_set(value)]

    @property
    def is_narrowed(self) -> bool:
        names = (*self.narrowing, "source")
        return any(_is_set(self.cleaned_data.get(name)) for name in names)

    @property
    def mood_label(self) -> str:
        mood = self.cleaned_data.get("mood")
        return "" if mood is None else str(Voice.Mood(mood).label)

    def whole_query(self) -> str:
        """The same days and union, all voices."""
        return self.query(**dict.fromkeys((*self.narrowing, "each", "source")))

    def query(self, **changes) -> str:
        also = self.cleaned_data.get("also")
        return super().query(**{"also": also and also.slug, **changes})
