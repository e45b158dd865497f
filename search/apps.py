from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = _("中文检索")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from search import lexicon, receivers  # noqa: F401 - models must be loaded first.
        from search.backends import rescore  # noqa: F401 - connects itself.
        from search.lexicon import store
        from search.text import segment

        segment.configure(Path(settings.VAR_DIR) / "jieba")
        if getattr(settings, "SEARCH_LEXICON_FROM_DATABASE", True):
            lexicon.use(store.current)
