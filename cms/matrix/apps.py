from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatrixConfig(AppConfig):
    name = "cms.matrix"
    label = "matrix"
    verbose_name = _("渠道矩阵")
    default_auto_field = "django.db.models.BigAutoField"
