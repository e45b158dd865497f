from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatrixConfig(AppConfig):
    name = "cms.matrix"
    label = "matrix"
    verbose_name = _("渠道矩阵")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.admin.panels import InlinePanel

        from cms.matrix import receivers
        from cms.matrix.channels import registry
        from cms.news.models import StoryPage

        receivers.connect()
        StoryPage.channel_panels.append(
            InlinePanel("channel_versions", label=_("账号"), heading=_("发到哪些账号"))
        )
        StoryPage.preview_modes += registry.choices()
