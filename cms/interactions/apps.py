from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "cms.interactions"
    label = "interactions"
    verbose_name = _("互动")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.interactions import holdings, receivers

        receivers.connect()
        holdings.register_all()
