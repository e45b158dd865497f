"""The form of a menu: 3 buttons with 5 sub-buttons each, every one a small form of its own."""

import json
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from cms.matrix.services.menus import page_url

BUTTONS, SUB_BUTTONS = 3, 5
# Bytes of a name: of a button, of a sub-button. The phone shows 4 and 8 characters of them.
NAME_BYTES, SUB_NAME_BYTES = 16, 60
SHOWN, SUB_SHOWN = 4, 8
URL_BYTES, KEY_BYTES = 1024, 128
VIEW, PAGE, CLICK, KEEP = "view", "page", "click", "keep"
KINDS = (
    (VIEW, gettext_lazy("打开网页")),
    (PAGE, gettext_lazy("打开本站页面")),
    (CLICK, gettext_lazy("发送关键词")),
)
is_web_address = URLValidator(["http", "https"])


class ButtonForm(forms.Form):
    """One button. Without a name and anything to do it is not there."""

    name = forms.CharField(required=False, label=gettext_lazy("名称"))
    kind = forms.ChoiceField(required=False, choices=KINDS, label=gettext_lazy("点了以后"))
    url = forms.CharField(required=False, label=gettext_lazy("网址"))
    page = forms.ModelChoiceField(
        Page.objects.live(),
        required=False,
        widget=AdminPageChooser,
        label=gettext_lazy("页面"),
    )
    key = forms.CharField(required=False, label=gettext_lazy("关键词"))
    # What the platform's console made and we do not know (a mini-program): kept as it is.
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, channel: str = "", is_sub: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.channel = channel
        self.most = SUB_NAME_BYTES if is_sub else NAME_BYTES
        self.shown = SUB_SHOWN if is_sub else SHOWN
        self.has_subs = False
        if self["kept"].value():
            self.fields["kind"].choices = [*KINDS, (KEEP, _("保持原样（小程序等）"))]

    @property
    def is_blank(self) -> bool:
        """Nothing was typed into it."""
        return not any(self[name].value() for name in ("name", "url", "page", "key", "kept"))

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        if (over := len(name.encode()) - self.most) > 0:
            raise ValidationError(
                _("名称超出 %(over)d 个字节，一个汉字占 3 个字节。请写短一些。") % {"over": over}
            )
        return name

    def clean(self):
        given = super().clean()
        if self.is_blank:
            return given
        if not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("请写按钮的名称。"))
        if not self.has_subs:
            self._check_action(given)
        return given

    def _check_action(self, given) -> None:
        match given.get("kind"):
            case "click":
                self._check_text("key", _("请写点击后发送的关键词。"), KEY_BYTES)
            case "page":
                page = given.get("page")
                if not page or page.get_view_restrictions().exists():
                    self.add_error("page", _("请选一个已发布、人人都能看的页面。"))
            case "view":
                self._check_text("url", _("请写点击后打开的网址。"), URL_BYTES)
                self._check_address(given.get("url", "").strip())

    def _check_text(self, name: str, missing: str, most: int) -> None:
        value = self.cleaned_data.get(name, "").strip()
        if not value:
            self.add_error(name, missing)
        elif len(value.encode()) > most:
            self.add_error(name, _("太长了，最多 %(most)d 个字节。") % {"most": most})

    def _check_address(self, url: str) -> None:
        try:
            if url:
                is_web_address(url)
        except ValidationError:
            self.add_error("url", _("网址不完整，要以 http:// 或 https:// 开头。"))

    def as_button(self) -> dict:
        """The platform's button; only after `is_valid`, and without its sub-buttons."""
        given = self.cleaned_data
        button = {"name": given["name"]}
        if self.has_subs:
            return button
        match given["kind"]:
            case "click":
                return button | {"type": "click", "key": given["key"].strip()}
            case "page":
                page = given["page"]
                address = page_url(page, self.channel)
                return button | {"type": "view", "url": address, "page": page.pk}
            case "keep":
                return _kept(given["kept"]) | button
        return button | {"type": "view", "url": given["url"].strip()}


@dataclass
class Button:
    """A button's form and those of its sub-buttons."""

    form: ButtonForm
    subs: list[ButtonForm] = field(default_factory=list)

    @property
    def has_subs(self) -> bool:
        return any(not sub.is_blank for sub in self.subs)


class MenuForm:
    """The whole menu, from a draft or from what was typed."""

    def __init__(self, channel: str, buttons=(), data: QueryDict | None = None):
        self.rows = []
        for number in range(BUTTONS):
            button = buttons[number] if number < len(buttons) else {}
            subs = button.get("sub_button") or []
            self.rows.append(
                Button(
                    _form(f"b{number}", button, data, channel),
                    [
                        _form(f"b{number}-s{at}", subs[at] if at < len(subs) else {}, data, channel)
                        for at in range(SUB_BUTTONS)
                    ],
                )
            )
        for row in self.rows:
            row.form.has_subs = row.has_subs
        self.problem = ""

    @property
    def media(self):
        """What the page chooser needs."""
        return self.rows[0].form.media

    def is_valid(self) -> bool:
        """Whether every button that is there is whole; `problem` speaks of the menu itself."""
        forms_there = [form for row in self.rows for form in (row.form, *row.subs)]
        valid = all(form.is_valid() for form in forms_there)
        for row in self.rows:
            if row.has_subs and row.form.is_blank:
                row.form.add_error("name", _("有子菜单的按钮也要有名称。"))
                valid = False
        if all(form.is_blank for form in forms_there):
            self.problem = _("菜单是空的。请至少写一个按钮；不想要菜单，请点“停用菜单”。")
        return valid and not self.problem

    def buttons(self) -> list[dict]:
        """The draft; only after `is_valid`."""
        found = []
        for row in self.rows:
            if row.form.is_blank:
                continue
            button = row.form.as_button()
            if row.has_subs:
                button["sub_button"] = [sub.as_button() for sub in row.subs if not sub.is_blank]
            found.append(button)
        return found


def moved(data: QueryDict, asked: str) -> QueryDict:
    """What was typed, with one button changed with its neighbour. `asked`: "b0:down", "b1-s2:up";
    anything else moves nothing."""
    prefix, _colon, way = asked.partition(":")
    stem, number = prefix[:-1], prefix[-1:]
    if not number.isdigit():
        return data
    other = f"{stem}{int(number) + (1 if way == 'down' else -1)}"
    swapped = data.copy()
    for name in data:
        for one, two in ((prefix, other), (other, prefix)):
            if name.startswith(f"{one}-"):
                swapped.setlist(name.replace(one, two, 1), data.getlist(name))
    return swapped


def _form(prefix: str, button: dict, data, channel: str) -> ButtonForm:
    return ButtonForm(
        data, prefix=prefix, initial=_typed(button), channel=channel, is_sub="-" in prefix
    )


def _typed(button: dict) -> dict:
    """What would have been typed for a button of the platform."""
    typed = {"name": button.get("name", "")}
    match button.get("type"):
        case "view" if "page" in button:
            return typed | {"kind": PAGE, "page": button["page"]}
        case "view":
            return typed | {"kind": VIEW, "url": button.get("url", "")}
        case "click":
            return typed | {"kind": CLICK, "key": button.get("key", "")}
        case None:
            return typed
    return typed | {"kind": KEEP, "kept": json.dumps(button, ensure_ascii=False)}


def _kept(text: str) -> dict:
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
