"""分发渠道 in the story's editor: which accounts a story goes to, and what it says there."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.panels import InlinePanel

from cms.matrix.adaptation import account_facts, accounts_in_line
from cms.matrix.models import ChannelAccount
from cms.news.models.review import union_of


class ChannelVersionsPanel(InlinePanel):
    """An inline panel that offers the union's accounts and hands their limits to its script."""

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "matrix/story/versions_panel.html"

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            if self.form is None:
                return
            choices = [("", _("请选择账号")), *((one.pk, _label(one)) for one in self.accounts)]
            for child in (*self.children, self.empty_child):
                child.form.fields["account"].choices = choices

        @cached_property
        def accounts(self) -> list[ChannelAccount]:
            """Those of the union's own line, and those that were chosen before they left it."""
            chosen = {child.form.instance.account_id for child in self.children} - {None}
            offered = accounts_in_line(union_of(self._parent)) if self._parent else []
            found = list(offered)
            found += ChannelAccount.objects.filter(pk__in=chosen - {one.pk for one in found})
            return found

        @property
        def facts(self) -> dict[str, dict]:
            place = self.instance if self.instance.path else self._parent
            return account_facts(self.accounts, (place and place.full_url) or "")

        @cached_property
        def _parent(self):
            parent = getattr(self.form, "parent_page", None)
            return parent or (self.instance.get_parent() if self.instance.path else None)

        @property
        def media(self):
            own = forms.Media(
                js=["js/channel-versions.js"], css={"all": ["css/channel-versions.css"]}
            )
            return super().media + own


def _label(account: ChannelAccount) -> str:
    if account.state == ChannelAccount.State.PAUSED:
        return _("%(account)s（已暂停）") % {"account": account}
    return str(account)
