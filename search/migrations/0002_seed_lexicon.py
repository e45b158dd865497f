from django.db import migrations

from search.lexicon.base import from_files


def seed(apps, schema_editor):
    """Fill an empty table with the words that ship with the package."""
    Term = apps.get_model("search", "Term")
    if Term.objects.exists():
        return
    lexicon = from_files()
    entries = lexicon.entries.values()
    Term.objects.bulk_create(
        Term(term=entry.term, kind="topic", topic=entry.topic, weight=entry.weight)
        for entry in entries
        if entry.term == entry.canonical
    )
    topic_words = {term.term: term for term in Term.objects.all()}
    Term.objects.bulk_create(
        Term(
            term=entry.term,
            kind="synonym",
            topic=entry.topic,
            weight=entry.weight,
            canonical=topic_words[entry.canonical],
        )
        for entry in entries
        if entry.term != entry.canonical
    )
    known = set(lexicon.entries)
    Term.objects.bulk_create(
        Term(term=word, kind="stop") for word in sorted(lexicon.stop_words) if word not in known
    )
    apps.get_model("search", "LexiconStamp").objects.create(pk=1, version=1)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
