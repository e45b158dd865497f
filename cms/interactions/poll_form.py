"""The editor's form of a poll: what people have voted on stays as it is."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.news.slugs import PinyinSlugForm


class PollForm(PinyinSlugForm):
    def clean(self):
        cleaned = super().clean()
        options = self.formsets.get("options")
        if options is not None and options.is_valid():
            self._refuse_twins(options)
            self._check_number(options, cleaned)
            if self.instance.pk and self.instance.turnout.exists():
                self._refuse_changes(options)
                self._refuse_new_rules(cleaned)
        return cleaned

    def _refuse_twins(self, options):
        seen = set()
        for form in options.forms:
            text = form.cleaned_data.get("text", "").strip()
            if not text or form in options.deleted_forms:
                continue
            if text in seen:
                form.add_error("text", _("这个选项和前面的重复了，请改一个。"))
                self.add_error(None, _("有两个选项写得一样。"))
            seen.add(text)

    def _check_number(self, options, cleaned):
        """How many options the way of answering needs."""
        kinds = self.instance.Choice
        choice = cleaned.get("choice")
        number = sum(
            1
            for form in options.forms
            if form.cleaned_data.get("text") and form not in options.deleted_forms
        )
        if choice == kinds.TEXT:
            if number:
                self.add_error("choice", _("“写一句话”没有选项，请删去选项，或者换一种回答方式。"))
        elif number < (1 if choice == kinds.RATING else 2):
            self.add_error("choice", _("选项太少：请至少写 2 个，“打分”至少 1 个。"))
        elif choice in (kinds.MULTIPLE, kinds.RANKED) and number < (
            cleaned.get("max_choices") or 0
        ):
            self.add_error("max_choices", _("“最多选几项”比选项还多，请改小。"))

    def _refuse_changes(self, options):
        """Adding counts as a change too: those who have voted never saw the new option."""
        changed = [form for form in options.forms if "text" in form.changed_data]
        for form in changed:
            form.add_error("text", _("已经有人投票，选项不能增加或改写。"))
        if changed or options.deleted_forms:
            self.add_error(None, _("已经有人投票，选项不能再改、再加或删除。请另建一个新的投票。"))

    def _refuse_new_rules(self, cleaned):
        stored = type(self.instance).objects.get(pk=self.instance.pk)
        for name in stored.fixed_rules:
            if name in cleaned and cleaned[name] != getattr(stored, name):
                self.add_error(name, _("已经有人投票，这一项不能再改。请另建一个新的投票。"))
        closes_at = cleaned.get("closes_at")
        if stored.state == stored.State.CLOSED and (not closes_at or closes_at > timezone.now()):
            self.add_error("closes_at", _("结果已经公布，不能重新开放。请另建一个新的投票。"))
