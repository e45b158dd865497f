"""What all public pages share: Wagtail's question who may read them, asked cheaply."""

from wagtail.models import PageViewRestriction

from cms.news import selectors


class PublicPage:
    """Mixin for page models, before the page class."""

    def get_view_restrictions(self):
        """As in Wagtail, which takes two queries a page, unless no page has a restriction."""
        if selectors.has_view_restrictions():
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()
