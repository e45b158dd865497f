from django.db import migrations, models

POSTGRESQL = [
    """
CREATE TABLE search_segment (
    id serial PRIMARY KEY,
    level smallint NOT NULL,
    documents integer NOT NULL
)""",
    """
CREATE TABLE search_posting (
    token text COLLATE "C" NOT NULL,
    field smallint NOT NULL,
    segment integer NOT NULL,
    holding integer NOT NULL,
    entries integer[] NOT NULL,
    impacts smallint[] NOT NULL,
    PRIMARY KEY (token, field, segment)
)""",
    "CREATE INDEX search_posting_segment ON search_posting (segment)",
]
# An entry's row holds all of its text; what a hit is looked up by stands in a narrow table beside.
SQLITE = [
    "CREATE VIRTUAL TABLE search_token USING fts5vocab('wagtailsearch_indexentry_fts', 'row')",
    """
CREATE TABLE search_entry (
    id integer PRIMARY KEY,
    content_type_id integer NOT NULL,
    object_id text NOT NULL
)""",
    """
CREATE TRIGGER search_entry_in AFTER INSERT ON wagtailsearch_indexentry BEGIN
    INSERT INTO search_entry VALUES (NEW.id, NEW.content_type_id, NEW.object_id);
END""",
    """
CREATE TRIGGER search_entry_out AFTER DELETE ON wagtailsearch_indexentry BEGIN
    DELETE FROM search_entry WHERE id = OLD.id;
END""",
    "INSERT INTO search_entry SELECT id, content_type_id, object_id FROM wagtailsearch_indexentry",
]


def create(apps, schema_editor):
    """The index's own tables; none of them has a model. See docs/decisions/0012."""
    statements = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
    for statement in statements.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    things = {
        "postgresql": ("TABLE search_posting", "TABLE search_segment"),
        "sqlite": (
            "TABLE search_token",
            "TRIGGER search_entry_in",
            "TRIGGER search_entry_out",
            "TABLE search_entry",
        ),
    }
    for thing in things.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(f"DROP {thing}")


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
                ("frequent", models.JSONField(default=dict)),
                ("counted", models.PositiveIntegerField(default=0)),
            ],
            options={"verbose_name": "索引统计", "verbose_name_plural": "索引统计"},
        ),
    ]
