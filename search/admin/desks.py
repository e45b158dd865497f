"""The desk's other screens: new words, history, import and export, progress of the index."""

import hashlib
import secrets

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from search.admin.forms import ImportForm
from search.admin.words import choices, jobs_to_show
from search.lexicon import files, store, words
from search.lexicon.proposals import new_word_accept, new_word_refuse
from search.lexicon.reindex import reindex_retry
from search.lexicon.services import Refused, lexicon_change, lexicon_undo
from search.models import LexiconReindex, LexiconVersion, NewWord
from search.tasks import find_new_words, reindex

VIEW = "search.view_term"
#: Undo and import do anything to any row.
KEEP = ("search.add_term", "search.change_term", "search.delete_term")
VERSIONS_A_PAGE = 20
LINES_SHOWN, LINES_MOST = 8, 200
PLAN_SHOWN = 200
#: How long a checked file waits to be imported.
IMPORT_SECONDS = 1800
EXPORTS = {"csv": (",", "text/csv"), "tsv": ("\t", "text/tab-separated-values")}


class DeskMixin(WagtailAdminTemplateMixin):
    """For those who may see the lexicon; what is posted needs ``keep``."""

    header_icon = "list-ul"
    keep: tuple[str, ...] = KEEP
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("lexicon:index"), "label": gettext_lazy("词库")},
    ]

    def dispatch(self, request, *args, **kwargs):
        needed = self.keep if request.method == "POST" else (VIEW,)
        if not request.user.has_perms(needed):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        may_keep = self.request.user.has_perms(self.keep)
        return super().get_context_data(may_keep=may_keep, **kwargs)

    def tell(self, error: ValidationError) -> None:
        for message in error.messages:
            messages.error(self.request, message)


# --- New words -----------------------------------------------------------------------------------


class NewWordsView(DeskMixin, TemplateView):
    page_title = gettext_lazy("新词提议")
    template_name = "search/admin/new_words.html"
    keep = ("search.add_term",)

    def get_context_data(self, **kwargs):
        waiting = NewWord.objects.filter(state=NewWord.State.NEW)
        return super().get_context_data(proposals=list(waiting), **choices(), **kwargs)

    def post(self, request):
        if "find" in request.POST:
            find_new_words.delay()
            messages.success(request, _("正在读最近的稿件和留言，稍后刷新本页看结果。"))
            return redirect("lexicon_new_words:index")
        new_word = get_object_or_404(NewWord, pk=_number(request.POST.get("word")))
        try:
            said = self._decide(new_word, request)
        except ValidationError as error:
            self.tell(error)
            address = reverse("lexicon_new_words:index")
            return redirect(f"{address}#word-{new_word.pk}")
        messages.success(request, said)
        return redirect("lexicon_new_words:index")

    def _decide(self, new_word: NewWord, request) -> str:
        if "refuse" in request.POST:
            new_word_refuse(user=request.user, new_word=new_word)
            return _("“%(word)s”不再提议。") % {"word": new_word.word}
        new_word_accept(
            user=request.user,
            new_word=new_word,
            topic=request.POST.get("topic", ""),
            canonical=request.POST.get("canonical", ""),
        )
        return _("“%(word)s”已收入词库。") % {"word": new_word.word}


def _number(value: str | None) -> int:
    """Return what a form sent as a key; 0, which no row has, when it is none."""
    usable = value and value.isascii() and value.isdigit() and len(value) < 10
    return int(value) if usable else 0


# --- History -------------------------------------------------------------------------------------


class HistoryView(DeskMixin, TemplateView):
    page_title = gettext_lazy("修改记录")
    template_name = "search/admin/history.html"

    def get_context_data(self, **kwargs):
        versions = LexiconVersion.objects.select_related("user", "undoes")
        page = Paginator(versions.prefetch_related("undone_by"), VERSIONS_A_PAGE).get_page(
            self.request.GET.get("p")
        )
        rows = [
            {"version": version, "lines": [words.describe(one) for one in version.as_changes()]}
            for version in page
        ]
        for row in rows:
            row["first"] = row["lines"][:LINES_SHOWN]
            row["rest"] = row["lines"][LINES_SHOWN:LINES_MOST]
            row["left_out"] = max(0, len(row["lines"]) - LINES_MOST)
        return super().get_context_data(page=page, rows=rows, **kwargs)

    def post(self, request):
        version = get_object_or_404(LexiconVersion, pk=_number(request.POST.get("undo")))
        try:
            made = lexicon_undo(user=request.user, version=version)
        except Refused as refused:
            self.tell(refused)
        else:
            messages.success(request, _("已%(note)s。") % {"note": made.note})
        return redirect("lexicon_history:index")


# --- Files ---------------------------------------------------------------------------------------


class ExportView(DeskMixin, View):
    def get(self, request, form: str):
        delimiter, content_type = EXPORTS[form]
        text = files.written(store.state(), delimiter)
        # With the mark that makes Excel read UTF-8.
        response = HttpResponse(
            text.encode("utf-8-sig"), content_type=f"{content_type}; charset=utf-8"
        )
        name = f"lexicon-{timezone.localdate():%Y%m%d}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class ImportView(DeskMixin, TemplateView):
    """First what the file would do, then, when nothing is refused, the import itself."""

    page_title = gettext_lazy("导入导出")
    template_name = "search/admin/files.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ImportForm())
        return super().get_context_data(**kwargs)

    def post(self, request):
        if token := request.POST.get("token", ""):
            return self._import(token)
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        file = form.cleaned_data["file"]
        try:
            text = files.decoded(file.read(files.MOST_BYTES + 1))
            plan = self._planned(text, form.cleaned_data["mode"])
        except files.Unreadable as error:
            form.add_error("file", str(error))
            return self.render_to_response(self.get_context_data(form=form))
        token = secrets.token_urlsafe(16)
        held = {"text": text, "mode": form.cleaned_data["mode"], "name": file.name[:80]}
        cache.set(self._place(token), held, IMPORT_SECONDS)
        return self._show(plan, held, token)

    def _import(self, token: str):
        held = cache.get(self._place(token))
        if held is None:
            messages.error(self.request, _("这份文件放得太久了，请重新选择文件。"))
            return redirect("lexicon_files:index")
        plan = self._planned(held["text"], held["mode"])
        if plan.refused or self.request.POST.get("seen") != _mark(plan):
            messages.warning(self.request, _("词库刚有变化，请再看一遍这份文件会做什么。"))
            return self._show(plan, held, token)
        note = _("导入 %(name)s：%(note)s") % {"name": held["name"], "note": plan.note}
        try:
            version = lexicon_change(user=self.request.user, changes=plan.changes, note=note)
        except Refused as refused:
            self.tell(refused)
            return redirect("lexicon_files:index")
        cache.delete(self._place(token))
        messages.success(
            self.request, _("已%(note)s。") % {"note": note} if version else _("没有改动。")
        )
        return redirect("lexicon_history:index")

    def _planned(self, text: str, mode: str) -> files.Plan:
        return files.planned(text, store.state(), replace=mode == "replace")

    def _show(self, plan: files.Plan, held: dict, token: str):
        groups = [
            (_("新增"), plan.added),
            (_("修改"), plan.changed),
            (_("删除"), plan.removed),
        ]
        context = self.get_context_data(
            plan=plan,
            groups=[(name, lines[:PLAN_SHOWN], len(lines)) for name, lines in groups if lines],
            refused=plan.refused[:PLAN_SHOWN],
            held=held,
            token=token,
            seen=_mark(plan),
            form=ImportForm(initial={"mode": held["mode"]}),
        )
        return self.render_to_response(context)

    def _place(self, token: str) -> str:
        return f"search.lexicon-import.{self.request.user.pk}.{token[:40]}"


def _mark(plan: files.Plan) -> str:
    """A short sign of exactly these changes."""
    return hashlib.sha256(repr(plan.changes).encode()).hexdigest()[:16]


# --- Progress ------------------------------------------------------------------------------------


class ProgressView(DeskMixin, View):
    """How far the index is, as a fragment; a POST lets a job that gave up go on."""

    keep = ("search.change_term",)

    def get(self, request):
        return render(request, "search/admin/progress.html", {"jobs": jobs_to_show()})

    def post(self, request):
        job = get_object_or_404(LexiconReindex, pk=_number(request.POST.get("job")))
        reindex_retry(job_id=job.pk)
        reindex.delay(job.pk)
        messages.success(request, _("已经重新开始。"))
        return redirect("lexicon:index")
