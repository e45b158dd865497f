from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TopicsConfig(AppConfig):
    name = "cms.topics"
    label = "topics"
    verbose_name = _("职工关切")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.topics import receivers, selectors
        from search.registry import register_texts

        receivers.connect()
        register_texts(selectors.texts_since)
