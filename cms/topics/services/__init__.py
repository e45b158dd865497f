"""Verbs that write."""

from cms.topics.services.grouping import voices_group
from cms.topics.services.pages import concerns_page_set_up, concerns_touch
from cms.topics.services.reading import topics_seed, voice_classify, voices_link, voices_read
from cms.topics.services.topics import topic_rename, topic_set_pinned, topic_set_state
from cms.topics.services.voices import (
    origin_of,
    person_key,
    tidy,
    utterance_take_in,
    voice_take_in,
    voice_withdraw,
)

__all__ = [
    "concerns_page_set_up",
    "concerns_touch",
    "origin_of",
    "person_key",
    "tidy",
    "topic_rename",
    "topic_set_pinned",
    "topic_set_state",
    "topics_seed",
    "utterance_take_in",
    "voice_classify",
    "voice_take_in",
    "voice_withdraw",
    "voices_group",
    "voices_link",
    "voices_read",
]
