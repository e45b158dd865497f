from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatrixConfig(AppConfig):
    name = "cms.matrix"
    label = "matrix"
    verbose_name = _("渠道矩阵")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.matrix import receivers
        from cms.matrix.channels import registry
        from cms.matrix.panels import ChannelVersionsPanel
        from cms.matrix.story_forms import StoryForm
        from cms.news.models import StoryPage

        receivers.connect()
        StoryPage.channel_panels.append(
            ChannelVersionsPanel("channel_versions", label=_("账号"), heading=_("发到哪些账号"))
        )
        StoryPage.preview_modes += registry.choices()
        StoryPage.base_form_class = StoryForm
