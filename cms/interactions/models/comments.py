"""A comment on the site. The text is cleaned and rendered once, when it is written."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment


class UnionComment(XtdComment):
    """`comment` keeps the words as written; readers only ever get `body_html`, masked."""

    body_html = models.TextField(blank=True, editable=False)
    shown_name = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("评论")
        verbose_name_plural = _("评论")

    def save(self, *args, **kwargs):
        """Insert a new comment; a written one changes only by `queryset.update`.

        Saving one that is public would make the replies public that still wait below it
        (`publish_or_unpublish_on_pre_save` of django-comments-xtd), past the moderators.
        """
        if not self._state.adding:
            raise TypeError("A written comment is not saved again: use queryset.update().")
        super().save(*args, **kwargs)
