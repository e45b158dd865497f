"""What the matrix writes into a page's history: who withdrew a story, who sent it for preview."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter


@hooks.register("register_log_actions")
def register_actions(actions):
    @actions.register_action("matrix.withdraw")
    class Withdrawn(LogFormatter):
        label = _("从渠道撤回")

        def format_message(self, log_entry):
            where = _("渠道和网站") if log_entry.data.get("from_site") else _("渠道")
            return _("从%(where)s撤回：%(why)s") % {"where": where, "why": log_entry.data["why"]}

    @actions.register_action("matrix.preview")
    class Previewed(LogFormatter):
        label = _("发送预览")

        def format_message(self, log_entry):
            return _("用“%(account)s”发送了预览") % {"account": log_entry.data["account"]}
