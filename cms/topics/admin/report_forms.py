"""Who is to get the report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.topics.selectors.report_readers import reader_candidates


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user) -> str:
        return f"{user.real_name}（{user.email or _('没有邮箱')}）"


class ReaderForm(forms.Form):
    user = PersonField(
        label=_("添加收件人"),
        queryset=None,
        empty_label=_("选一位"),
        help_text=_("只列出能看职工关切的人。从下一期开始收。"),
        error_messages={
            "required": _("请选一位。"),
            "invalid_choice": _("这位不在名单里，可能刚被添加过。请重新选一位。"),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = reader_candidates()
