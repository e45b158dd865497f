"""What was there before the desk: decisions become numbered and sealed events, comments know their
story and count their threads."""

from collections import Counter

from django.db import migrations
from django.db.models import F

from cms.interactions import audit, suspicions, words

BATCH = 500


def events_seal(apps, schema_editor):
    Event = apps.get_model("interactions", "ModerationEvent")
    last = {}
    for event in Event.objects.order_by("at", "pk").iterator(BATCH):
        number, before = last.get(event.item_id, (0, ""))
        event.number = number + 1
        event.seal = audit.seal(event, before)
        last[event.item_id] = event.number, event.seal
        Event.objects.filter(pk=event.pk).update(number=event.number, seal=event.seal)


def items_fill(apps, schema_editor):
    Item = apps.get_model("interactions", "ModerationItem")
    Item.objects.update(waiting_since=F("said_at"))
    for item in Item.objects.iterator(BATCH):
        Item.objects.filter(pk=item.pk).update(
            fingerprint=words.fingerprint(item.text, item.story_id),
            level=suspicions.level(item.marks, item.hints),
        )


def comments_fill(apps, schema_editor):
    Comment = apps.get_model("interactions", "UnionComment")
    Page = apps.get_model("wagtailcore", "Page")
    pages = set(Page.objects.values_list("pk", flat=True))
    replies = Counter(
        Comment.objects.filter(is_public=True, is_removed=False, level__gt=0).values_list(
            "thread_id", flat=True
        )
    )
    for comment in Comment.objects.iterator(BATCH):
        shown = comment.is_public and not comment.is_removed
        number = 0 if comment.level else replies[comment.pk]
        story = int(comment.object_pk) if comment.object_pk.isdecimal() else None
        Comment.objects.filter(pk=comment.pk).update(
            story_id=story if story in pages else None,
            shown=shown,
            replies=number,
            listed=not comment.level and (shown or number > 0),
        )


class Migration(migrations.Migration):
    dependencies = [("interactions", "0005_desk")]
    operations = [
        migrations.RunPython(events_seal, migrations.RunPython.noop),
        migrations.RunPython(items_fill, migrations.RunPython.noop),
        migrations.RunPython(comments_fill, migrations.RunPython.noop),
    ]
