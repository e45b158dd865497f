"""Compile our .po files without gettext installed; only what is newer than its .mo."""

from pathlib import Path

import polib

for source in (Path(__file__).resolve().parents[1] / "cms" / "locale").rglob("*.po"):
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        polib.pofile(str(source)).save_as_mofile(str(target))
