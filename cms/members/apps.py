from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "cms.members"
    label = "members"
    verbose_name = _("人员与工会")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.members import receivers

        receivers.connect()
