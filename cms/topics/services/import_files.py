"""A file of records is received, its columns are told, its rows are checked; and it is deleted.

It is kept only until its rows are in, or a day (个人信息保护法 art. 19: no longer than needed).
"""

import hashlib
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log as log_action

from cms.members.models import Role, Union, User
from cms.members.selectors import unions_for
from cms.topics.importing.columns import column_names, header_key
from cms.topics.importing.rows import Checked, Unions, rows_check
from cms.topics.models import ImportBatch, ImportLayout
from cms.topics.services.voices import TEXT_LIMIT
from cms.topics.tables import Table, TableError, read_table
from search.text.normalise import clean

IMPORTING_ROLES = (Role.MODERATOR, Role.MANAGER, Role.ADMIN)
State = ImportBatch.State
FILE_KEPT = timedelta(days=1)
REJECTED_KEPT = timedelta(days=7)
NAME_LIMIT = ImportBatch._meta.get_field("name").max_length


def import_receive(*, data: bytes, name: str, kind: str, union: Union, user: User) -> ImportBatch:
    """Keep a file that can be read, until it is confirmed; the same one that still waits is that
    one. Raises TableError for one that cannot be read."""
    table = read_table(data, name)
    digest = hashlib.sha256(data).hexdigest()
    waiting = ImportBatch.objects.filter(
        kind=kind, union=union, digest=digest, state=State.WAITING, file__isnull=False
    ).first()
    if waiting:
        return waiting
    return ImportBatch.objects.create(
        kind=kind,
        union=union,
        name=clean(name)[-NAME_LIMIT:],
        digest=digest,
        file=data,
        layout=ImportLayout.objects.filter(header_key=header_key(table)).first(),
        made_by=user,
    )


def import_table(batch: ImportBatch) -> Table:
    """The table of a file that is still here. Raises TableError."""
    if batch.file is None:
        raise TableError(_("文件已删除。请重新上传。"))
    return read_table(bytes(batch.file), batch.name)


def import_layout_set(*, batch: ImportBatch, columns: dict[str, str], user: User) -> ImportLayout:
    """Remember what the columns of this header hold: field → name of its column."""
    table = import_table(batch)
    with transaction.atomic():
        layout, _made = ImportLayout.objects.update_or_create(
            header_key=header_key(table),
            defaults={"header": column_names(table), "columns": columns, "set_by": user},
        )
        batch.layout = layout
        batch.save(update_fields=["layout"])
    return layout


def import_check(*, batch: ImportBatch, user: User) -> Checked:
    """What would become of each row if `user` brought it in. Raises TableError."""
    table = import_table(batch)
    names = column_names(table)
    told = batch.layout.columns if batch.layout else {}
    columns = {field: names.index(name) for field, name in told.items() if name in names}
    return rows_check(
        table=table,
        columns=columns,
        kind=batch.kind,
        unions=_unions(batch, user),
        longest=TEXT_LIMIT,
    )


def _unions(batch: ImportBatch, user: User) -> Unions:
    if batch.union is None:
        raise TableError(_("这个文件所属的工会已不存在。请重新上传，选别的工会。"))
    reach = unions_for(user, *IMPORTING_ROLES)
    mine = None if user.is_superuser else set(reach.values_list("pk", flat=True))
    return Unions(own=batch.union, reach=mine)


@transaction.atomic
def import_drop(*, batch: ImportBatch, user: User) -> None:
    """Delete a file that was not brought in. Raises ValidationError for one that was, or is."""
    log_action(batch, "topics.import_drop", user=user, deleted=True)
    gone, _each = ImportBatch.objects.filter(
        pk=batch.pk, state__in=[State.WAITING, State.FAILED]
    ).delete()
    if not gone:
        raise ValidationError(_("这个文件已经在导入，或已经处理过。"))


def imports_purge() -> None:
    """Delete files after a day and rejected rows after a week: both hold names and numbers."""
    now = timezone.now()
    ImportBatch.objects.filter(file__isnull=False, made_at__lt=now - FILE_KEPT).update(
        state=State.FAILED, file=None, problem=_("放了一天没有导入，文件已删除。请重新上传。")
    )
    ImportBatch.objects.filter(rejected__isnull=False, made_at__lt=now - REJECTED_KEPT).update(
        rejected=None
    )
