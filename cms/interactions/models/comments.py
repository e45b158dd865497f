"""A comment on the site. The text is cleaned and rendered once, when it is written."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment


class UnionComment(XtdComment):
    body_html = models.TextField(blank=True, editable=False)
    shown_name = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("评论")
        verbose_name_plural = _("评论")
