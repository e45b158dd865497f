"""Records of the hotline and of surveys, as a clerk would have brought them in."""

import json
from hashlib import sha256

from django.db import transaction

from cms.demo import content
from cms.demo.loader.clock import moment
from cms.demo.loader.people import NEWSROOM
from cms.members.models import Union, User
from cms.topics.models import ImportBatch, Voice
from cms.topics.services import voice_of, voices_take_in

FILES = {
    ImportBatch.Kind.HOTLINE: "12351热线工单.xlsx",
    ImportBatch.Kind.SURVEY: "职工问卷.xlsx",
}


def load_records(unions: dict[str, Union], clerk: User) -> int:
    """Take the records in, one import for each kind; returns how many are new."""
    return sum(_load_kind(kind, unions, clerk) for kind in FILES)


@transaction.atomic
def _load_kind(kind: str, unions: dict[str, Union], clerk: User) -> int:
    rows = [row for row in content.hotline() if row["kind"] == kind]
    digest = sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
    if ImportBatch.objects.filter(digest=digest).exists():
        return 0
    batch = ImportBatch.objects.create(
        kind=kind,
        union=unions[NEWSROOM],
        name=FILES[kind],
        digest=digest,
        state=ImportBatch.State.DONE,
        good=len(rows),
        made_by=clerk,
    )
    return voices_take_in(_voice(row, unions, batch) for row in rows).new


def _voice(row: content.Record, unions: dict[str, Union], batch: ImportBatch) -> Voice:
    return voice_of(
        origin=f"import:{row['kind']}:{row['number']}",
        source=batch.kind,
        title=row.get("title", ""),
        text=row["text"],
        said_at=moment(row["days_ago"], row["minute"]),
        author_key=f"demo:{row['person']}",
        union=unions[row["union"]],
        batch=batch,
    )
