"""Forms as a worker sees them: sign-up, the profile, leaving."""

from django import forms
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.members.models import Consent, Union, User, mainland_mobile
from cms.members.selectors import is_barred
from cms.members.services import consent_give
from cms.members.services.phones import barred_words
from search.text.normalise import one_line


class MobileField(forms.CharField):
    """A mainland mobile number; spaces, dashes and +86 are accepted and dropped."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("手机号"))
        kwargs["widget"] = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "tel-national",
                "type": "tel",
            }
        )
        super().__init__(max_length=20, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        digits = "".join(character for character in value if character.isdecimal())
        if len(digits) == 13 and digits.startswith("86"):
            digits = digits[2:]
        mainland_mobile(digits)
        return digits


class OwnUnionField(forms.ModelChoiceField):
    """Where a worker is a member: the tree as an indented list, left empty by who is unsure."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("所在工会"),
            queryset=Union.objects.order_by("path"),
            required=False,
            empty_label=_("不清楚，以后再选"),
            **kwargs,
        )

    def label_from_instance(self, union):
        return union.indented_name


class NameField(forms.CharField):
    """A name that is shown beside others': without what nobody sees and what turns lines round."""

    def to_python(self, value):
        return one_line(super().to_python(value))


def nickname_field() -> forms.CharField:
    return NameField(
        label=_("昵称"),
        max_length=20,
        help_text=_("评论时显示这个名字，不显示手机号。"),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )


def agree_field() -> forms.BooleanField:
    """Never ticked beforehand (个人信息保护法 art. 14)."""
    return forms.BooleanField(
        label=_("我已阅读并同意《个人信息处理规则》"),
        label_suffix="",
        help_text=lazy_link(
            "members:privacy", _("看看收集哪些信息、做什么用、保存多久（在新窗口打开）")
        ),
        error_messages={"required": _("同意后才能评论和投票。不同意也可以看全部稿件。")},
    )


def _link(name, words) -> str:
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', reverse(name), words)


lazy_link = lazy(_link, str)


class SignupExtras(forms.Form):
    """What sign-up asks besides phone and password, for allauth's two sign-up forms."""

    field_order = ("phone", "password1", "password2", "nickname", "union", "agree")

    nickname = nickname_field()
    union = OwnUnionField()
    agree = agree_field()

    def clean(self):
        cleaned = super().clean()
        if (phone := self.cleaned_data.get("phone")) and is_barred(phone):
            self.add_error("phone", barred_words())
        return cleaned

    def signup(self, request, user):
        user.nickname = self.cleaned_data["nickname"]
        user.union = self.cleaned_data["union"]
        user.save(update_fields=["nickname", "union"])
        consent_give(user=user, kind=Consent.Kind.RULES)


class ProfileForm(forms.ModelForm):
    nickname = nickname_field()
    union = OwnUnionField()

    class Meta:
        model = User
        fields = ("nickname", "union")


class AgreeForm(forms.Form):
    """Asked once of people who were here before there were rules to agree to."""

    agree = agree_field()


class LeaveForm(forms.Form):
    """The word is typed, so that nobody leaves by a slip of the thumb."""

    WORD = "注销"

    word = forms.CharField(
        label=_("请输入“注销”两个字"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_word(self):
        if self.cleaned_data["word"].strip() != self.WORD:
            raise forms.ValidationError(_("请准确输入“注销”两个字。不想注销就返回上一页。"))
        return self.WORD


class UnionForm(WagtailAdminModelForm):
    """A union and the union above it; saving puts it into its place in the tree."""

    parent = forms.ModelChoiceField(
        label=_("上级工会"), queryset=Union.objects.order_by("path"), required=False
    )

    class Meta:
        model = Union
        fields = ("name", "slug", "level", "member_count")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].label_from_instance = lambda union: union.indented_name
        if self.instance.pk:
            self.fields["parent"].initial = self.instance.get_parent()

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        here = self.instance
        if parent and here.pk and (parent == here or parent.is_descendant_of(here)):
            raise forms.ValidationError(_("上级工会不能是它自己或它的下级。"))
        return parent

    def save(self, commit=True):
        """Always writes: a node without a place in the tree cannot be saved later."""
        parent, union = self.cleaned_data["parent"], super().save(commit=False)
        if not union.pk:
            return parent.add_child(instance=union) if parent else Union.add_root(instance=union)
        union.save()
        if parent != union.get_parent():
            union.move(
                parent or Union.get_last_root_node(), "last-child" if parent else "last-sibling"
            )
        return Union.objects.get(pk=union.pk)
