"""Sign-up as a worker sees it: a phone number, a password, a nickname."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.members.models import mainland_mobile


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
