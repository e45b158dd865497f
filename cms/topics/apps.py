from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TopicsConfig(AppConfig):
    name = "cms.topics"
    label = "topics"
    verbose_name = _("职工关切")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.topics import receivers

        receivers.connect()
