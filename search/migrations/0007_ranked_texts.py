from django.db import migrations

# What the ranking reads of an entry: its runs alone, as bytes. An entry's own row is three pages
# of the file, this one mostly one.
RUNS = "CAST(coalesce(substr({0}, 1, instr({0}, '|')), '') AS BLOB)"
SQLITE = [
    """
CREATE TABLE search_ranked (
    id integer PRIMARY KEY,
    prior real NOT NULL,
    title blob NOT NULL,
    body blob NOT NULL
)""",
    f"""
CREATE TRIGGER search_ranked_in AFTER INSERT ON wagtailsearch_indexentry BEGIN
    INSERT INTO search_ranked VALUES (
        NEW.id, NEW.title_norm, {RUNS.format("NEW.title")}, {RUNS.format("NEW.body")}
    );
END""",
    """
CREATE TRIGGER search_ranked_out AFTER DELETE ON wagtailsearch_indexentry BEGIN
    DELETE FROM search_ranked WHERE id = OLD.id;
END""",
    f"""
INSERT INTO search_ranked
    SELECT id, title_norm, {RUNS.format("title")}, {RUNS.format("body")}
    FROM wagtailsearch_indexentry""",
]


def create(apps, schema_editor):
    """SQLite's index only; the table has no model. See docs/decisions/0012."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for thing in (
            "TRIGGER search_ranked_in",
            "TRIGGER search_ranked_out",
            "TABLE search_ranked",
        ):
            schema_editor.execute(f"DROP {thing}")


class Migration(migrations.Migration):
    dependencies = [("search", "0006_sayings")]

    operations = [migrations.RunPython(create, drop)]
