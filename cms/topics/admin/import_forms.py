"""Handing a file in, and telling what its columns hold."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.topics.importing.columns import Column
from cms.topics.importing.rows import REQUIRED
from cms.topics.models import ImportBatch
from cms.topics.tables.reading import MOST_BYTES


class IndentedUnions(forms.ModelChoiceField):
    def label_from_instance(self, union):
        return union.indented_name


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("类别"), choices=ImportBatch.Kind.choices, widget=forms.RadioSelect
    )
    union = IndentedUnions(
        label=_("工会"),
        queryset=None,
        empty_label=_("请选择"),
        help_text=_("文件里没有写明工会的记录，都算这个工会的。"),
        error_messages={"invalid_choice": _("您不能替这个工会导入。请选您负责的工会。")},
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("Excel（.xlsx）或 CSV，不超过 20 MB、5 万行。第一行写列名。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={
            "required": _("请选择文件。"),
            "empty": _("这是一个空文件。请检查是否选对了文件。"),
        },
    )

    def __init__(self, *args, unions, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["union"]
        field.queryset = unions.order_by("path")
        self.fields["kind"].initial = ImportBatch.Kind.HOTLINE
        field.initial = field.queryset.first()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("文件超过 20 MB。请分成几个文件导入。"))
        return file


#: Field → (its label, what a clerk should know).
TOLD = {
    "text": (_("内容"), _("职工说的话。姓名和号码会自动隐去。")),
    "said_at": (_("时间"), _("来电或提交的时间。")),
    "title": (_("标题"), ""),
    "union": (_("工会"), _("按名称找到工会；找不到的算上传时选的工会。")),
    "person": (_("电话或姓名"), _("只用来认出同一个人，不保存。有电话列就选电话列。")),
    "number": (_("记录编号"), _("用来认出导入过的记录。只是行序号的列不要选。")),
}
#: What to do when a field that is needed has no column.
MISSING = {
    "text": _("请选择内容在哪一列。"),
    "said_at": _("请选择时间在哪一列。文件里没有时间的，请先加一列再上传。"),
}


class ColumnsForm(forms.Form):
    """Which column holds what; the names of columns are its values."""

    def __init__(self, *args, columns: list[Column], **kwargs):
        super().__init__(*args, **kwargs)
        names = [(column.name, column.name) for column in columns]
        for field, (label, help_text) in TOLD.items():
            required = field in REQUIRED
            self.fields[field] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                choices=[("", _("请选择") if required else _("没有这一列")), *names],
                required=required,
                error_messages={
                    "required": MISSING.get(field, ""),
                    "invalid_choice": _("这个文件没有这一列，请重新选择。"),
                },
            )

    def clean(self):
        fields_of: dict[str, str] = {}
        for field, column in list(self.cleaned_data.items()):
            if column and column in fields_of:
                other = self.fields[fields_of[column]].label
                self.add_error(
                    field,
                    _("“%(other)s”已经用了这一列，请选另一列。") % {"other": other},
                )
            fields_of.setdefault(column, field)
        return self.cleaned_data

    def told(self) -> dict[str, str]:
        """Field → name of its column, of those that have one."""
        return {field: column for field, column in self.cleaned_data.items() if column}
