"""A mark that changes when what readers see changes: templates, styles, scripts."""

import hashlib
from pathlib import Path


def fingerprint(*folders: Path) -> str:
    """A short hash of the names and dates of all files below `folders`."""
    digest = hashlib.blake2b(digest_size=6)
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                digest.update(f"{file.name}:{file.stat().st_mtime_ns}".encode())
    return digest.hexdigest()
