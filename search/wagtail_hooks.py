"""The lexicon's desk in the admin: words, new words, history, files, pairs kept apart."""

from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from search.admin import desks
from search.admin.forms import ApartForm, TermForm
from search.admin.words import AddView, ChangeView, RemoveView, TermIndexView
from search.models import Apart, Term

#: Wagtail's own log and reference index know nothing of these rows.
WITHOUT = {"history_url_name": None, "usage_url_name": None}


class WordViewSet(ModelViewSet):
    """Rows of the lexicon, written through its service and shown with their effect."""

    icon = "list-ul"
    add_view_class = AddView
    edit_view_class = ChangeView
    delete_view_class = RemoveView
    index_template_name = "search/admin/word_index.html"
    create_template_name = "search/admin/word_form.html"
    edit_template_name = "search/admin/word_form.html"
    delete_template_name = "search/admin/word_delete.html"
    search_backend_name = None
    copy_view_enabled = False
    # A word is no content: nothing refers to it, and its versions are its history.
    add_to_reference_index = False

    def get_edit_view_kwargs(self, **kwargs):
        return super().get_edit_view_kwargs(**{**kwargs, **WITHOUT})

    def get_delete_view_kwargs(self, **kwargs):
        return super().get_delete_view_kwargs(**{**kwargs, **WITHOUT})


class TermViewSet(WordViewSet):
    model = Term
    name = "lexicon"
    menu_label = _("词语")
    index_view_class = TermIndexView
    list_display = [
        "term",
        "kind",
        "topic",
        "canonical",
        Column("weight", label=_("权重"), accessor="shown_weight", sort_key="weight"),
        "category",
        "level",
    ]
    list_filter = ["kind", "topic", "category", "level"]
    list_export = ["term", "kind", "topic", "canonical", "weight", "category", "level"]
    search_fields = ["term", "topic"]
    ordering = ["topic", "term"]

    def get_form_class(self, for_update=False):
        return TermForm

    def get_urlpatterns(self):
        progress = path("progress/", desks.ProgressView.as_view(), name="progress")
        return [*super().get_urlpatterns(), progress]


class ApartViewSet(WordViewSet):
    model = Apart
    name = "lexicon_apart"
    url_prefix = "lexicon/apart"
    menu_label = _("不可混同")
    list_display = ["term", "other", "reason"]
    search_fields = ["term", "other", "reason"]
    ordering = ["term"]

    def get_form_class(self, for_update=False):
        return ApartForm


class DeskMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(desks.VIEW)


class DeskViewSet(ViewSet):
    """A screen of the desk that is no list of a model."""

    menu_item_class = DeskMenuItem
    view_class = None

    @cached_property
    def url_prefix(self):
        return self.name.replace("_", "/", 1).replace("_", "-")

    def get_urlpatterns(self):
        return [path("", self.view_class.as_view(), name="index")]


class NewWordsViewSet(DeskViewSet):
    name = "lexicon_new_words"
    icon = "plus"
    menu_label = _("新词提议")
    view_class = desks.NewWordsView


class HistoryViewSet(DeskViewSet):
    name = "lexicon_history"
    icon = "history"
    menu_label = _("修改记录")
    view_class = desks.HistoryView


class FilesViewSet(DeskViewSet):
    name = "lexicon_files"
    icon = "upload"
    menu_label = _("导入导出")
    view_class = desks.ImportView

    def get_urlpatterns(self):
        exports = [
            path(f"lexicon.{form}", desks.ExportView.as_view(), {"form": form}, name=form)
            for form in desks.EXPORTS
        ]
        return [*super().get_urlpatterns(), *exports]


class LexiconGroup(ViewSetGroup):
    items = (TermViewSet, NewWordsViewSet, HistoryViewSet, FilesViewSet, ApartViewSet)
    menu_label = _("词库")
    menu_icon = "list-ul"
    menu_order = 650


@hooks.register("register_admin_viewset")
def register_lexicon():
    return LexiconGroup()
