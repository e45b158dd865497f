"""Celery's broker in a folder, with messages that appear whole.

Kombu creates a message under its final name and fills it afterwards. A worker that looks in
between takes an empty file, cannot read it and ends (kombu 5.7, `transport/filesystem.py`).
"""

import os
import time
import uuid
from pathlib import Path

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        """Write under a name that no worker looks for, then rename. Raises ChannelError."""
        folder = Path(self.data_folder_out)
        # In the order of sending, also across a restart of the machine.
        message = folder / f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        draft = message.with_suffix(".part")
        try:
            draft.write_text(dumps(payload), encoding="utf-8")
            os.replace(draft, message)
        except OSError as error:
            raise ChannelError(f"Cannot add {message} to the folder") from error


class Transport(filesystem.Transport):
    Channel = Channel
