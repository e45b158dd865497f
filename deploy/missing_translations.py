"""Collect what the installed packages leave untranslated, into our own catalogues.

For whoever upgrades a dependency: `python deploy/missing_translations.py` lists the messages that
have no Simplified Chinese; with `--write` it adds them, empty, to cms/locale/zh_Hans. Nothing that
is there already is changed or removed: the catalogues also hold corrections of what a package
translates badly (Django reads LOCALE_PATHS last, so ours win).
"""

import argparse
import os
import sys
from pathlib import Path

import django
import polib
from django.apps import apps

BASE_DIR = Path(__file__).resolve().parents[1]
OURS = BASE_DIR / "cms" / "locale" / "zh_Hans" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
Key = tuple[str | None, str]
Entry = polib.POEntry | polib.MOEntry


def key_of(entry: Entry) -> Key:
    return entry.msgctxt, entry.msgid


def locale_roots() -> dict[str, Path]:
    """Package name → its locale folder: Django itself and every installed app not our own."""
    folders = {"django": Path(django.__file__).parent / "conf"}
    for app in apps.get_app_configs():
        if "site-packages" in Path(app.path).parts:
            folders[app.name] = Path(app.path)
    return {
        name: folder / "locale" for name, folder in folders.items() if (folder / "locale").is_dir()
    }


def entries(folder: Path, domain: str, *suffixes: str) -> list[Entry]:
    """One language's messages, from the first kind of file (".po", ".mo") that exists."""
    for suffix in suffixes:
        source = folder / "LC_MESSAGES" / f"{domain}{suffix}"
        if source.exists():
            read = polib.pofile if suffix == ".po" else polib.mofile
            return [entry for entry in read(str(source)) if entry.msgid and not entry.obsolete]
    return []


def messages(locale: Path, domain: str) -> list[Entry]:
    """All messages of a package: its English catalogue, or the fullest one if it ships none."""
    english = entries(locale / "en", domain, ".po", ".mo")
    others = (entries(folder, domain, ".po", ".mo") for folder in sorted(locale.iterdir()))
    return english or max(others, key=len, default=[])


def is_translated(entry: Entry) -> bool:
    texts = list((entry.msgstr_plural or {}).values()) or [entry.msgstr]
    return all(texts) and not getattr(entry, "fuzzy", False)


def untranslated(domain: str) -> dict[Key, tuple[Entry, list[str]]]:
    """Messages no installed package translates → (entry, packages that use it).

    What counts is the compiled .mo, for that is all Django reads (some packages ship none), of
    any package, for Django merges them into one catalogue.
    """
    roots = locale_roots()
    done = {
        key_of(entry)
        for locale in roots.values()
        for entry in entries(locale / "zh_Hans", domain, ".mo")
        if is_translated(entry)
    }
    found: dict[Key, tuple[Entry, list[str]]] = {}
    for package, locale in roots.items():
        for entry in messages(locale, domain):
            if key_of(entry) not in done:
                found.setdefault(key_of(entry), (entry, []))[1].append(package)
    return found


def load_ours(domain: str) -> polib.POFile:
    return polib.pofile(str(OURS / f"{domain}.po"), wrapwidth=100)


def lacking(domain: str) -> dict[Key, tuple[Entry, list[str]]]:
    """What neither a package nor our catalogue translates."""
    ours = {key_of(entry) for entry in load_ours(domain) if is_translated(entry)}
    return {key: found for key, found in untranslated(domain).items() if key not in ours}


def add_empty(domain: str) -> None:
    """Append what our catalogue has not yet, empty, with the packages' names as its place."""
    ours = load_ours(domain)
    known = {key_of(entry) for entry in ours}
    for key, (entry, packages) in lacking(domain).items():
        if key not in known:
            new = polib.POEntry(msgctxt=entry.msgctxt, msgid=entry.msgid)
            new.occurrences = [(package, "") for package in packages]
            if entry.msgid_plural:
                new.msgid_plural, new.msgstr_plural = entry.msgid_plural, {0: ""}
            ours.append(new)
    ours.save()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="add them to cms/locale/zh_Hans")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    sys.path.insert(0, str(BASE_DIR))
    django.setup()
    for domain in DOMAINS:
        for (_, msgid), (_, packages) in lacking(domain).items():
            print(f"{domain}\t{', '.join(packages)}\t{msgid!r}")
        if arguments.write:
            add_empty(domain)
