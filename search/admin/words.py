"""The desk's lists of words and of pairs kept apart: every change shows its effect first."""

from django.db.models import Case, Count, When
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views import generic

from search.admin.forms import PROPER_LIST, TOPICS_LIST, WordForm
from search.lexicon import store, words
from search.lexicon.effects import effects
from search.lexicon.services import Refused, lexicon_change
from search.lexicon.words import Change
from search.models import LexiconReindex, Term


class TermIndexView(generic.IndexView):
    """All words, the house's own topics first; what moderation looks for has none."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("canonical")

    def order_queryset(self, queryset):
        if self.is_explicitly_ordered:
            return super().order_queryset(queryset)
        without_topic = Case(When(topic="", then=1), default=0)
        return queryset.order_by(without_topic, "topic", "-kind", "term")

    def get_context_data(self, **kwargs):
        counts = dict(Term.objects.order_by().values_list("kind").annotate(Count("pk")))
        return super().get_context_data(
            jobs=jobs_to_show(),
            kind=self.request.GET.get("kind", ""),
            kinds=[(value, label, counts.get(value, 0)) for value, label in Term.Kind.choices],
            index_url=reverse("lexicon:index"),
            **kwargs,
        )


def jobs_to_show() -> list[LexiconReindex]:
    """The jobs that run, wait or gave up; when there are none, the last that was done."""
    open_jobs = LexiconReindex.objects.exclude(state=LexiconReindex.State.DONE)
    shown = list(open_jobs.select_related("version")[:5])
    return shown or list(LexiconReindex.objects.select_related("version")[:1])


def choices() -> dict:
    """What the forms offer while one types: the topics and the topic words there are."""
    proper = Term.objects.filter(kind=words.TOPIC).order_by("topic", "term")
    return {
        "lists": {
            TOPICS_LIST: list(dict.fromkeys(proper.values_list("topic", flat=True))),
            PROPER_LIST: list(proper.values_list("term", flat=True)),
        }
    }


class EffectsFirst:
    """Mixin of the add and edit views: one button shows what saving would do, the other saves."""

    form: WordForm
    effects = None
    success_message = None

    def form_valid(self, form):
        if "preview" in self.request.POST:
            return self._preview(form)
        try:
            version = lexicon_change(user=self.request.user, changes=form.changes)
        except Refused as refused:  # Somebody else was quicker than this form.
            form.refuse(refused.problems)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        self.form = form
        if version is None:
            messages.info(self.request, _("没有改动。"))
        else:
            messages.success(self.request, _("已保存：%(note)s。") % {"note": version.note})
        return HttpResponseRedirect(self.get_success_url())

    def _preview(self, form):
        self.form = form
        self.effects = effects(form.changes)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        return super().get_context_data(effects=self.effects, **choices(), **kwargs)


class AddView(EffectsFirst, generic.CreateView):
    submit_button_label = gettext_lazy("保存")
    submit_button_active_label = gettext_lazy("正在保存…")
    error_message = gettext_lazy("没有保存，请看下面的说明。")


class ChangeView(EffectsFirst, generic.EditView):
    error_message = gettext_lazy("没有保存，请看下面的说明。")


class RemoveView(generic.DeleteView):
    """Deleting a topic word takes its synonyms along; it says so, and what else it would do."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        state = store.state()
        gone = Change(state.get(self.object.as_word().key), None)
        self.changes = [gone, *words.followers(state, gone)] if gone.before else []

    def get_context_data(self, **kwargs):
        try:
            found = effects(self.changes)
        except Refused:  # Told when it is tried.
            found = None
        followers = [change.before.term for change in self.changes[1:]]
        return super().get_context_data(effects=found, followers=followers, **kwargs)

    def form_valid(self, form):
        try:
            version = lexicon_change(user=self.request.user, changes=self.changes)
        except Refused as refused:
            for message in refused.messages:
                messages.error(self.request, message)
            return HttpResponseRedirect(self.get_delete_url())
        messages.success(self.request, _("已%(note)s。") % {"note": version.note})
        return HttpResponseRedirect(self.get_success_url())
