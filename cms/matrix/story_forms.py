"""The story's form, as far as the matrix has a say: what would be refused later is told now.

A draft may be incomplete. Sent in for review, or passed on in it, a story must be such that each
of its accounts can take it; what stands in the way is shown at its field.
"""

import copy

from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.matrix.adaptation import accounts_in_line, faults
from cms.matrix.gateway import story_of
from cms.matrix.models import ChannelAccount
from cms.news.models.review import union_of
from cms.news.slugs import PinyinSlugForm

VERSIONS = "channel_versions"


class StoryForm(PinyinSlugForm):
    def is_valid(self):
        valid = super().is_valid()
        if self.is_bound and VERSIONS in self.formsets and not hasattr(self, "_looked_at"):
            self._looked_at = True
            self._look_at_versions()
            valid = super().is_valid()
        return valid

    def _look_at_versions(self) -> None:
        forms = [form for form in self.formsets[VERSIONS].forms if _has_account(form)]
        if not forms:
            return
        self._look_at_accounts(forms)
        if self.is_deferred_validation or not self._is_sound():
            return
        story = story_of(self._placed())
        for form in forms:
            if form.is_valid():
                for name, message in faults(story, form.instance):
                    form.add_error(name if name in form.fields else None, message)

    def _look_at_accounts(self, forms) -> None:
        """Accounts of the union's own line, and each of them once."""
        parent = self.parent_page or self.instance.get_parent()
        offered = set(accounts_in_line(parent and union_of(parent)).values_list("pk", flat=True))
        seen = set()
        for form in forms:
            account: ChannelAccount = form.cleaned_data["account"]
            if account.pk not in offered:
                form.add_error("account", _("这个账号不属于本栏目的工会，请换一个账号。"))
            elif account.pk in seen:
                form.add_error("account", _("这个账号已经选过了，请删掉一个。"))
            seen.add(account.pk)

    def _is_sound(self) -> bool:
        """Whether the story itself can be shaped; if not, its own errors come first."""
        return not self.errors

    def _placed(self) -> Page:
        """The story where it stands, or where it is about to be put."""
        page = self.instance
        if page.path or self.parent_page is None:
            return page
        page = copy.copy(page)
        page.depth = self.parent_page.depth + 1
        page.path = Page._get_path(self.parent_page.path, page.depth, 1)
        page.set_url_path(self.parent_page)
        return page


def _has_account(form) -> bool:
    given = getattr(form, "cleaned_data", {})
    return bool(given.get("account")) and not given.get("DELETE")
