"""Where the console channel "sends" to: a dict in this process, and the log."""

import logging
from dataclasses import dataclass, field
from typing import Any

from ..base import Json

logger = logging.getLogger(__name__)


@dataclass
class Outbox:
    """Everything the console channel did in this process, newest last."""

    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)

    def post(self, key: str, fields: Json) -> None:
        """Keep and log one post; the same key again changes nothing."""
        if key not in self.posts:
            self.posts[key] = {**fields, "withdrawn": False}
            logger.info("console post %s: %s", key, fields.get("title"))

    def withdraw(self, key: str) -> None:
        """Mark a post as taken back."""
        self.posts.setdefault(key, {})["withdrawn"] = True
        logger.info("console post %s withdrawn", key)

    def answer(self, external_id: str, text: str) -> None:
        """Keep and log one answer to a reader."""
        self.answers.append({"external_id": external_id, "text": text})
        logger.info("console answer to %s: %s", external_id, text)

    def clear(self) -> None:
        """Forget everything (between tests)."""
        self.posts.clear()
        self.answers.clear()


OUTBOX = Outbox()
