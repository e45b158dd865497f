"""Our own image and document models, so that later fields need no change of model."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.search import index


class CustomImage(AbstractImage):
    """A picture with what a newsroom must know of it: who made it and under which licence."""

    credit = models.CharField(_("作者或来源"), max_length=100, blank=True)
    licence = models.CharField(_("授权"), max_length=100, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit", "licence")
    search_fields = [
        *AbstractImage.search_fields,
        index.SearchField("credit"),
        index.AutocompleteField("credit"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")
        permissions = [("choose_image", "Can choose image")]


class CustomRendition(AbstractRendition):
    image = models.ForeignKey(CustomImage, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class CustomDocument(AbstractDocument):
    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        permissions = [("choose_document", "Can choose document")]
