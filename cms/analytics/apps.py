from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "cms.analytics"
    label = "analytics"
    verbose_name = _("传播数据")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.analytics import receivers

        receivers.connect()
