"""The installation's own secret key: made on first run, readable by its owner only."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def key_from_file(path: Path) -> str:
    """Return the key kept in `path`, making it first if there is none.

    Two processes may start at once: the file is written aside and linked into place, and whoever
    comes second reads what the first one left.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # Another process was first; its key is the one we all use.
        finally:
            draft.unlink()
    return path.read_text().strip()
