"""A person's data as a ZIP: 数据.json for machines, one table per holding for Excel."""

import csv
import io
import json
import zipfile
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from cms.members import personal
from cms.members.models import User

# A cell that begins so is run as a formula when the file is opened.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_zip(user: User) -> bytes:
    """Everything every room holds of `user`, as of now."""
    held = {str(holding.title): holding.rows(user) for holding in personal.holdings()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        everything = json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("数据.json", everything)
        for title, rows in held.items():
            archive.writestr(f"{title}.csv", table(rows))
    return file.getvalue()


def table(rows: list[dict]) -> bytes:
    """UTF-8 with the mark that makes Excel read it so."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], extrasaction="ignore")
    writer.writeheader()
    writer.writerows({head: cell(value) for head, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def cell(value) -> str:
    """The value as text; one that would be taken for a formula is marked as text with an '."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
