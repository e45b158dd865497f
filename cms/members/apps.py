from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class MembersConfig(AppConfig):
    default = True
    name = "cms.members"
    label = "members"
    verbose_name = _("人员与工会")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.members import checks, holdings, receivers  # noqa: F401

        receivers.connect()
        holdings.register_all()


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's screens for people, with our list."""

    user_viewset = "cms.members.people.PeopleViewSet"
