"""Sign-up as a worker sees it: a phone number, a password, a nickname."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.members.models import Union, mainland_mobile


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


class SignupExtras(forms.Form):
    nickname = forms.CharField(
        label=_("昵称"), max_length=20, help_text=_("评论时显示这个名字，不显示手机号。")
    )

    def signup(self, request, user):
        user.nickname = self.cleaned_data["nickname"]
        user.save(update_fields=["nickname"])


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
