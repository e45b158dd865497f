"""The editor's form of a poll: options that people have voted for stay as they are."""

from django.utils.translation import gettext_lazy as _

from cms.news.slugs import PinyinSlugForm


class PollForm(PinyinSlugForm):
    def clean(self):
        cleaned = super().clean()
        options = self.formsets.get("options")
        if options is not None and options.is_valid():
            self._refuse_twins(options)
            if self.instance.pk and self.instance.ballots.exists():
                self._refuse_changes(options)
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

    def _refuse_changes(self, options):
        """Adding counts as a change too: those who have voted never saw the new option."""
        changed = [form for form in options.forms if "text" in form.changed_data]
        for form in changed:
            form.add_error("text", _("已经有人投票，选项不能增加或改写。"))
        if changed or options.deleted_forms:
            self.add_error(None, _("已经有人投票，选项不能再改、再加或删除。请另建一个新的投票。"))
