"""导入记录: a clerk brings in records of the hotline or of a survey from a file."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import HeaderButton

from cms import spreadsheets
from cms.members.selectors import unions_for
from cms.topics import services
from cms.topics.admin.board import ConcernsMixin
from cms.topics.admin.import_forms import ColumnsForm, UploadForm
from cms.topics.importing.columns import columns_of, guessed
from cms.topics.models import ImportBatch
from cms.topics.selectors import imports as selectors
from cms.topics.tables import TableError
from cms.topics.tasks import import_send_off

State = ImportBatch.State
#: Between two looks at an import that goes on.
REFRESH_SECONDS = 3


class ImportsMixin(ConcernsMixin):
    """For those who may bring records in, for the unions they work for. They need not be allowed to
    see the board."""

    permission = "topics.add_importbatch"
    header_icon = "upload"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("topics_imports"), "label": _("导入记录")},
    ]

    @cached_property
    def unions(self):
        return unions_for(self.request.user, *services.IMPORTING_ROLES)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class ImportsView(ImportsMixin, TemplateView):
    page_title = _("导入记录")
    template_name = "topics/admin/imports_list.html"

    def get_breadcrumbs_items(self):
        return self.breadcrumbs_items

    def get_header_buttons(self):
        return [
            HeaderButton(
                _("上传文件"), url=reverse("topics_import_new"), icon_name="upload", priority=10
            )
        ]

    def get_context_data(self, **kwargs):
        page = selectors.imports_page(self.reach, self.request.GET.get("page", ""))
        return super().get_context_data(page=page, **kwargs)


class UploadView(ImportsMixin, TemplateView):
    page_title = _("上传文件")
    template_name = "topics/admin/imports_upload.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", UploadForm(unions=self.unions))
        return super().get_context_data(**kwargs)

    def post(self, request):
        form = UploadForm(request.POST, request.FILES, unions=self.unions)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                batch = services.import_receive(
                    data=file.read(),
                    name=file.name,
                    kind=form.cleaned_data["kind"],
                    union=form.cleaned_data["union"],
                    user=request.user,
                )
            except TableError as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("topics_import", batch.pk)
        return self.render_to_response(self.get_context_data(form=form))


class BatchMixin(ImportsMixin):
    """One file of a union that the person works for."""

    @cached_property
    def batch(self) -> ImportBatch:
        return get_object_or_404(selectors.imports_for(self.reach), pk=self.kwargs["pk"])

    def get_page_title(self):
        return f"{self.page_title}：{self.batch.name}" if self.page_title else self.batch.name

    def back(self, error: ValidationError | None = None):
        """To the page of the file, which shows what it has come to."""
        if error:
            messages.error(self.request, " ".join(error.messages))
        return redirect("topics_import", self.batch.pk)


class ImportView(BatchMixin, TemplateView):
    """What has become of the file, and what can be done next."""

    template_name = "topics/admin/imports_batch.html"

    @cached_property
    def is_open(self) -> bool:
        return self.batch.state == State.WAITING

    def get(self, request, *args, **kwargs):
        if self.is_open and not self.batch.layout:
            return redirect("topics_import_columns", self.batch.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        batch = self.batch
        context = super().get_context_data(
            batch=batch,
            history=selectors.history_of(batch),
            twin=selectors.twins_of(batch, self.reach).first(),
            has_file=selectors.has_file(batch),
            **kwargs,
        )
        if batch.state == State.RUNNING:
            return context | {
                "progress": services.import_progress(batch),
                "is_silent": services.import_is_silent(batch),
                "refresh": REFRESH_SECONDS,
            }
        if batch.state == State.DONE:
            return context | selectors.outcome(batch)
        return context | self._outlook() if self.is_open else context

    def _outlook(self) -> dict:
        try:
            checked = services.import_check(batch=self.batch, user=self.request.user)
        except TableError as refused:
            return {"refused": str(refused)}
        return {"outlook": selectors.outlook(checked, self.batch.layout)}


class ColumnsView(BatchMixin, TemplateView):
    """Which column holds what; asked once for each kind of header."""

    page_title = _("对应列")
    template_name = "topics/admin/imports_columns.html"

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except TableError as refused:
            messages.error(request, str(refused))
            return redirect("topics_imports")

    @cached_property
    def table(self):
        if self.batch.state != State.WAITING:
            raise Http404
        return services.import_table(self.batch)

    @cached_property
    def columns(self):
        return columns_of(self.table)

    def get_context_data(self, **kwargs):
        layout = self.batch.layout
        told = layout.columns if layout else guessed(self.table)
        kwargs.setdefault("form", ColumnsForm(columns=self.columns, initial=told))
        return super().get_context_data(
            batch=self.batch, columns=self.columns, rows=len(self.table.rows), **kwargs
        )

    def post(self, request, pk):
        form = ColumnsForm(request.POST, columns=self.columns)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        services.import_layout_set(batch=self.batch, columns=form.told(), user=request.user)
        return self.back()


class ConfirmView(BatchMixin, View):
    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            services.import_start(batch=self.batch, user=request.user)
        except ValidationError as error:
            return self.back(error)
        import_send_off(self.batch, request.user)
        return self.back()


class DropView(BatchMixin, View):
    http_method_names = ["post"]

    def post(self, request, pk):
        name = self.batch.name
        try:
            services.import_drop(batch=self.batch, user=request.user)
        except ValidationError as error:
            return self.back(error)
        messages.success(request, _("“%(name)s”已删除，没有导入。") % {"name": name})
        return redirect("topics_imports")


class UndoView(BatchMixin, TemplateView):
    """Asks first: what goes with the voices is said."""

    page_title = _("撤销导入")
    template_name = "topics/admin/imports_undo.html"

    def get_context_data(self, **kwargs):
        if self.batch.state != State.DONE:
            raise Http404
        return super().get_context_data(
            batch=self.batch, number=self.batch.voices.count(), **kwargs
        )

    def post(self, request, pk):
        try:
            gone = services.import_undo(batch=self.batch, user=request.user)
        except ValidationError as error:
            return self.back(error)
        messages.success(request, _("已撤销，删除了 %(n)d 条记录。") % {"n": gone})
        return self.back()


class RejectedView(BatchMixin, View):
    """The rows that stayed out, to be put right and handed in again."""

    def get(self, request, pk):
        if not self.batch.rejected:
            raise Http404
        response = HttpResponse(
            bytes(self.batch.rejected), content_type=spreadsheets.FILES["xlsx"][1]
        )
        name = f"未导入的行-{self.batch.name.rpartition('.')[0]}.xlsx"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


VERBS = {
    "columns": ColumnsView,
    "confirm": ConfirmView,
    "drop": DropView,
    "undo": UndoView,
    "rejected": RejectedView,
}
