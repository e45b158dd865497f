from django.db import migrations, models

POSTGRESQL = """
CREATE TABLE search_segment (
    id serial PRIMARY KEY,
    level smallint NOT NULL,
    documents integer NOT NULL
);
CREATE TABLE search_posting (
    token text COLLATE "C" NOT NULL,
    field smallint NOT NULL,
    segment integer NOT NULL,
    holding integer NOT NULL,
    entries integer[] NOT NULL,
    impacts smallint[] NOT NULL,
    PRIMARY KEY (token, field, segment)
);
CREATE INDEX search_posting_segment ON search_posting (segment);
"""
SQLITE = """
CREATE VIRTUAL TABLE search_token USING fts5vocab('wagtailsearch_indexentry_fts', 'row')
"""


def create(apps, schema_editor):
    """The index's own tables; none of them has a model. See docs/decisions/0012."""
    statement = {"postgresql": POSTGRESQL, "sqlite": SQLITE}.get(schema_editor.connection.vendor)
    if statement:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    names = {"postgresql": ("search_posting", "search_segment"), "sqlite": ("search_token",)}
    for name in names.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(f"DROP TABLE {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_seed_lexicon"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [
        migrations.RunPython(create, drop),
        migrations.CreateModel(
            name="IndexStatistics",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("documents", models.PositiveIntegerField(default=0)),
                ("units", models.PositiveBigIntegerField(default=0)),
                ("common", models.JSONField(default=list)),
                ("counted", models.PositiveIntegerField(default=0)),
            ],
            options={"verbose_name": "索引统计", "verbose_name_plural": "索引统计"},
        ),
    ]
