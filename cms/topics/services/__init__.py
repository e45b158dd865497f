"""Verbs that write."""

from cms.topics.people import person_key
from cms.topics.services.answers import (
    answer_change,
    case_answer,
    case_reopen,
    story_published,
    story_withdrawn,
)
from cms.topics.services.briefs import brief_lost, brief_make
from cms.topics.services.care import care_give, care_take_back
from cms.topics.services.cases import case_change, case_close, case_open, due_after
from cms.topics.services.follows import followers_retry, followers_tell, follows_gather
from cms.topics.services.grouping import voices_group
from cms.topics.services.pages import answers_page_set_up, concerns_page_set_up, concerns_touch
from cms.topics.services.reading import topics_seed, voice_classify, voices_link, voices_read
from cms.topics.services.topics import topic_rename, topic_set_pinned, topic_set_state
from cms.topics.services.voices import (
    origin_of,
    tidy,
    utterance_take_in,
    voice_take_in,
    voice_withdraw,
)

__all__ = [
    "answer_change",
    "answers_page_set_up",
    "brief_lost",
    "brief_make",
    "care_give",
    "care_take_back",
    "case_answer",
    "case_change",
    "case_close",
    "case_open",
    "case_reopen",
    "concerns_page_set_up",
    "concerns_touch",
    "due_after",
    "followers_retry",
    "followers_tell",
    "follows_gather",
    "origin_of",
    "person_key",
    "story_published",
    "story_withdrawn",
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
