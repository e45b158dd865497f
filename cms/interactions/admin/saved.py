"""常用回复: each union keeps its own; nobody reads, changes or writes those of another."""

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from cms.interactions import selectors, words
from cms.interactions.models import SavedAnswer
from search.text.normalise import one_line


class SavedAnswerForm(WagtailAdminModelForm):
    class Meta:
        model = SavedAnswer
        fields = ("union", "title", "text")

    def __init__(self, *args, for_user=None, **kwargs):
        super().__init__(*args, for_user=for_user, **kwargs)
        unions = self.fields["union"]
        if isinstance(unions, forms.ModelChoiceField) and for_user is not None:
            unions.queryset = selectors.moderated_unions(for_user).order_by("path")
            unions.label_from_instance = lambda union: union.indented_name

    def clean_title(self):
        return one_line(self.cleaned_data["title"])

    def clean_text(self):
        return words.tidy(self.cleaned_data["text"])


class OwnIndex(IndexView):
    def get_base_queryset(self):
        return selectors.saved_answers(self.request.user)


class OwnEdit(EditView):
    def get_queryset(self):
        return selectors.saved_answers(self.request.user)


class OwnDelete(DeleteView):
    def get_queryset(self):
        return selectors.saved_answers(self.request.user)


class SavedAnswerViewSet(ModelViewSet):
    model = SavedAnswer
    icon = "comment"
    menu_label = gettext_lazy("常用回复")
    index_view_class = OwnIndex
    edit_view_class = OwnEdit
    delete_view_class = OwnDelete
    list_display = ["title", "union"]
    search_fields = ["title", "text"]
    copy_view_enabled = False
    add_to_admin_menu = False

    def get_form_class(self, for_update=False):
        return SavedAnswerForm

    def get_urlpatterns(self):
        # Wagtail's history and usage ask nobody whose answer it is.
        left_out = {"history", "history_results", "usage"}
        return [each for each in super().get_urlpatterns() if each.name not in left_out]

    def get_common_view_kwargs(self, **kwargs):
        names = {"history_url_name": None, "usage_url_name": None}
        return super().get_common_view_kwargs(**{**names, **kwargs})
