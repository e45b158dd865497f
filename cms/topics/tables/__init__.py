"""Tables that other systems put out, hotline records and surveys, read with distrust."""

from cms.topics.tables.errors import TableError
from cms.topics.tables.fields import FIRST_YEAR, guess_columns, moment_of, parse_moment
from cms.topics.tables.reading import Table, read_table
from cms.topics.tables.rejected import rejected_workbook

__all__ = [
    "FIRST_YEAR",
    "Table",
    "TableError",
    "guess_columns",
    "moment_of",
    "parse_moment",
    "read_table",
    "rejected_workbook",
]
