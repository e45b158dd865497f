"""The account form: secrets go in and are never shown again."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.matrix.models import ChannelAccount

SECRETS = ("secret", "token")


class ChannelAccountForm(WagtailAdminModelForm):
    class Meta:
        model = ChannelAccount
        fields = ("union", "channel", "name", "app_id", *SECRETS, "base_url", "extra", "state")
        widgets = {name: forms.PasswordInput(render_value=False) for name in SECRETS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in SECRETS:
            if self.instance.pk and getattr(self.instance, name):
                self.fields[name].help_text = _("已保存。留空保持不变。")

    def clean(self):
        cleaned = super().clean()
        for name in SECRETS:
            if self.instance.pk and not cleaned.get(name):
                cleaned[name] = getattr(self.instance, name)
        return cleaned

    def save(self, commit=True):
        if self.instance.state == ChannelAccount.State.ACTIVE:
            self.instance.pause_reason = ""
        return super().save(commit)


class PublishedByHandForm(forms.Form):
    """Where an article stands that a person published in the platform's console."""

    url = forms.URLField(
        label=_("文章链接"),
        assume_scheme="https",
        error_messages={
            "required": _("请粘贴文章在平台上的链接，再点确认。"),
            "invalid": _("链接不完整，请从平台上复制完整的网址。"),
        },
    )
