"""Plain tables of rows in the admin, on wagtail-modeladmin."""

from django.contrib.admin import AdminSite
from wagtail_modeladmin.options import ModelAdmin


class RowsAdmin(ModelAdmin):
    """A table that can be filtered by a related row without Django's own admin."""

    empty_value_display = ""

    def __init__(self, parent=None):
        super().__init__(parent)
        # Its filters ask the admin site how to sort their choices. Django's default site looks
        # for the app `django.contrib.admin`, which is not installed; an empty one has no opinion.
        self.admin_site = AdminSite()
