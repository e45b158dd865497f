"""Forms of the matrix's desks."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.matrix.channels import registry
from cms.matrix.channels.base import Capability, Channel, SetupField
from cms.matrix.models import ChannelAccount
from cms.matrix.services.accounts import COLUMNS, PENDING
from cms.members.models import Union

WHOSE = ("name", "union")


class AccountKindForm(forms.Form):
    """First step of connecting: which channel, whose account, and what we call it."""

    channel = forms.ChoiceField(label=_("渠道"), widget=forms.RadioSelect)
    union = forms.ModelChoiceField(
        label=_("所属工会"), queryset=None, help_text=_("这个工会的编辑可以用这个账号发稿。")
    )
    name = forms.CharField(
        label=_("账号名称"), max_length=60, help_text=_("编辑在稿件里看到的名称。")
    )

    def __init__(self, *args, unions: Iterable[Union], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = registry.choices()
        self.fields["union"].queryset = unions
        if len(unions) == 1:
            self.fields["union"].initial = unions[0]


class AccountSetupForm(forms.Form):
    """What a channel's `setup` asks for. Secrets go in and are never shown again.

    `given()` is what was filled in; an empty secret there means: as it was.
    """

    base_url = forms.URLField(
        label=_("接口地址"),
        required=False,
        assume_scheme="https",
        help_text=_("留空为平台正式地址；演示时指向本机沙箱。"),
    )

    def __init__(self, *args, kind: type[Channel], account: ChannelAccount | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self._kind, self._account = kind, account
        asked = {field.name: self._field(field) for field in kind.setup}
        if Capability.MESSAGES in kind.capabilities:
            for name in ("greeting", "search_answers"):
                asked[name] = ChannelAccount._meta.get_field(name).formfield()
            asked["greeting"].widget.attrs["rows"] = 4
        asked.setdefault("base_url", self.fields["base_url"])
        self.fields = asked
        for name, field in asked.items():
            if account and not isinstance(field.widget, forms.PasswordInput):
                field.initial = _kept(account, name)

    def clean_app_id(self):
        app_id = self.cleaned_data["app_id"]
        same = ChannelAccount.objects.filter(channel=self._kind.slug, app_id=app_id)
        if same.exclude(pk=self._account and self._account.pk).exists():
            raise forms.ValidationError(_("这个账号已经接入，不能再接一次。请核对填写的编号。"))
        return app_id

    def given(self) -> dict[str, object]:
        """name → value for services.accounts."""
        return dict(self.cleaned_data)

    def changes_access(self) -> bool:
        """Whether the platform has to be asked again if it lets us in."""
        asked = {field.name for field in self._kind.setup} | {"base_url"}
        return bool(asked.intersection(self.changed_data))

    def _field(self, field: SetupField) -> forms.Field:
        if field.choices:
            return forms.ChoiceField(
                label=field.label,
                help_text=field.help,
                required=field.required,
                choices=field.choices,
                widget=forms.RadioSelect,
            )
        kept = bool(field.secret and self._account and _kept(self._account, field.name))
        return forms.CharField(
            label=field.label,
            help_text=_("已保存。留空保持不变。") if kept else field.help,
            required=field.required and not kept,
            max_length=400,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
            if field.secret
            else forms.TextInput,
        )


class AccountEditForm(AccountSetupForm):
    """The same, with the account's name and union."""

    def __init__(self, *args, unions: Iterable[Union], account: ChannelAccount, **kwargs):
        super().__init__(*args, kind=registry.get(account.channel), account=account, **kwargs)
        whose = AccountKindForm(unions=unions).fields
        for name in WHOSE:
            whose[name].initial = getattr(account, name)
        self.fields = {**{name: whose[name] for name in WHOSE}, **self.fields}

    def given(self) -> dict[str, object]:
        """As above; name and union are no part of it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in WHOSE}


def _kept(account: ChannelAccount, name: str):
    if name == "app_id" and account.app_id.startswith(PENDING):
        return ""
    return getattr(account, name) if name in COLUMNS else account.extra.get(name, "")


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
