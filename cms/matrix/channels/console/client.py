"""Where the console channel "sends" to: lists in this process, and the log."""

import logging
from dataclasses import dataclass, field
from typing import Any

from ..base import Json

logger = logging.getLogger(__name__)


@dataclass
class Outbox:
    """Everything the console channel did in this process, newest last.

    `posts` by key: the payload's fields, `way` and `withdrawn`. `comments`: what readers say
    (`comment` lets one speak), with `answer`, `elected` and `deleted`.
    """

    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    previews: list[dict[str, Any]] = field(default_factory=list)

    def post(self, key: str, fields: Json, way: str) -> None:
        """Keep and log one post; the same key again changes nothing."""
        if key not in self.posts:
            self.posts[key] = {**fields, "way": way, "withdrawn": False}
            logger.info("console post %s: %s", key, fields.get("title"))

    def correct(self, key: str, fields: Json) -> bool:
        """Change a post; False when there is none."""
        if key not in self.posts:
            return False
        self.posts[key].update(fields)
        logger.info("console post %s corrected: %s", key, fields.get("title"))
        return True

    def withdraw(self, key: str) -> None:
        """Mark a post as taken back."""
        self.posts.setdefault(key, {})["withdrawn"] = True
        logger.info("console post %s withdrawn", key)

    def preview(self, reader: str, fields: Json) -> None:
        """Show one reader what is not public yet."""
        self.previews.append({**fields, "reader": reader})
        logger.info("console preview for %s: %s", reader, fields.get("title"))

    def comment(self, key: str, text: str, posted_at: str) -> str:
        """A reader speaks under a post (ISO time); the comment's id."""
        number = str(len(self.comments) + 1)
        self.comments.append(
            {"id": number, "post": key, "text": text, "posted_at": posted_at, "answer": ""}
        )
        return number

    def change_comment(self, number: str, **changes: Any) -> bool:
        """Answer, elect or delete a comment; False when there is none."""
        for comment in self.comments:
            if comment["id"] == number and not comment.get("deleted"):
                comment.update(changes)
                logger.info("console comment %s: %s", number, changes)
                return True
        return False

    def message(self, reader: str, text: str) -> None:
        """Keep and log one message to a reader."""
        self.messages.append({"reader": reader, "text": text})
        logger.info("console message to %s: %s", reader, text)

    def clear(self) -> None:
        """Forget everything (between tests)."""
        for kept in (self.posts, self.comments, self.messages, self.previews):
            kept.clear()


OUTBOX = Outbox()
