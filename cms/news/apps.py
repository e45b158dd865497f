from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "cms.news"
    label = "news"
    verbose_name = _("稿件")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.news import receivers, selectors
        from cms.news.search_source import StorySource
        from search.registry import register_source, register_texts

        receivers.connect()
        register_source(StorySource())
        register_texts(selectors.texts_since)
