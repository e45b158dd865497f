"""Forms about the phone number. Apart from forms.py, which allauth's own forms are built upon."""

from allauth.account.forms import ChangePhoneForm, VerifyPhoneForm
from django import forms
from django.utils.translation import gettext_lazy as _

from cms.members.selectors import is_barred
from cms.members.services.phones import barred_words


class PhoneForm(ChangePhoneForm):
    """Another number, or the first one. A barred one is refused before a code is sent."""

    def clean_phone(self):
        phone = super().clean_phone()
        if self.account_already_exists:
            raise forms.ValidationError(_("这个手机号已经绑定了别的账号。请用那个账号登录。"))
        if is_barred(phone):
            raise forms.ValidationError(barred_words())
        return phone


class CodeForm(VerifyPhoneForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("验证码")
        self.fields["code"].widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "8"}
        )

    def clean_code(self):
        """The right code may still come too late: barred, or taken, since it was sent."""
        code = super().clean_code()
        if is_barred(self.phone):
            raise forms.ValidationError(barred_words())
        return code
