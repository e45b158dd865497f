"""Panels of the story editor that help with writing: they ask when told to, never before."""

from django.forms import Media
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class HelpPanel(Panel):
    """A button, and below it what the server answers to the text as it is typed at that moment."""

    def __init__(self, *, address: str, ask, about, **kwargs):
        super().__init__(**kwargs)
        self.address, self.ask, self.about = address, ask, about

    def clone_kwargs(self):
        return {
            **super().clone_kwargs(),
            "address": self.address,
            "ask": self.ask,
            "about": self.about,
        }

    @property
    def clean_name(self):
        return super().clean_name or self.address

    class BoundPanel(Panel.BoundPanel):
        template_name = "news/admin/writing_help.html"

        def get_context_data(self, parent_context=None):
            pk = self.instance.pk
            return {
                **super().get_context_data(parent_context),
                "address": reverse(self.panel.address) + (f"?page={pk}" if pk else ""),
                "ask": self.panel.ask,
                "about": self.panel.about,
            }

        @property
        def media(self):
            return Media(js=["js/writing-help.js"], css={"all": ["css/writing-help.css"]})


def keywords_panel() -> HelpPanel:
    return HelpPanel(
        heading=_("建议关键词"),
        icon="tag",
        address="news_writing_keywords",
        ask=_("根据稿件建议"),
        about=_("按标题、摘要和正文现在的文字找出关键词，点一下就加进上面的标签，再点一下去掉。"),
    )


def duplicates_panel() -> HelpPanel:
    return HelpPanel(
        heading=_("可能重复的稿件"),
        icon="copy",
        address="news_writing_duplicates",
        ask=_("查有没有重复"),
        about=_("和已经发布的稿件、您能编辑的草稿比文字。只作提醒，不影响保存和送审。"),
    )
