from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TopicsConfig(AppConfig):
    name = "cms.topics"
    label = "topics"
    verbose_name = _("职工关切")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.news.models import StoryPage
        from cms.topics import holdings, receivers, selectors
        from cms.topics.panels import brief_panel
        from search.registry import register_texts

        receivers.connect()
        holdings.register_all()
        StoryPage.task_panels.append(brief_panel())
        register_texts(selectors.texts_since)
