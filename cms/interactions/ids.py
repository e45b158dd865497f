"""Numbers of rows in addresses."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class RowConverter(IntConverter):
    """`<row:pk>`: as many digits as a row's number can have. A longer one names no page: no
    database is asked for what it cannot hold."""

    regex = "[0-9]{1,9}"


register_converter(RowConverter, "row")
