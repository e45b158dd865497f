"""Forms built upon allauth's. Apart from forms.py, upon which allauth's are built in turn."""

from allauth.account.forms import ChangePhoneForm, VerifyPhoneForm
from allauth.socialaccount.forms import SignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from cms.members.selectors import is_barred
from cms.members.services.phones import barred_words


class PhoneForm(ChangePhoneForm):
    """Another number, or the first one. A barred one is refused before a code is sent.

    That a number is another account's is told to who has that phone in hand only (CodeForm).
    """

    def clean_phone(self):
        phone = super().clean_phone()
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


class SocialSignupForm(SignupForm):
    """Coming in by WeChat or Weibo: the same fields but the password, and no e-mail address."""

    def _get_signup_fields(self, kwargs):
        """allauth insists on having an e-mail field here; ACCOUNT_SIGNUP_FIELDS has none."""
        kwargs.pop("email_required", None)
        return super()._get_signup_fields(kwargs)
