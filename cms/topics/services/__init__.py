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
from cms.topics.services.formula import formula_set, weights_check
from cms.topics.services.grouping import groups_rebuild, voices_group
from cms.topics.services.handover import case_export, export_receipt_set
from cms.topics.services.import_files import (
    IMPORTING_ROLES,
    import_check,
    import_drop,
    import_layout_set,
    import_receive,
    import_table,
    imports_purge,
)
from cms.topics.services.imports import (
    import_fail,
    import_is_silent,
    import_progress,
    import_run,
    import_start,
    import_undo,
)
from cms.topics.services.learning import (
    LEAST_CORRECTIONS,
    learning_start,
    model_adopt,
    model_retire,
    model_train,
)
from cms.topics.services.pages import answers_page_set_up, concerns_page_set_up, concerns_touch
from cms.topics.services.reading import topics_seed, voice_classify, voices_read
from cms.topics.services.reports import (
    reader_add,
    reader_remove,
    report_make,
    report_make_due,
    report_send,
    report_try_out,
)
from cms.topics.services.topics import (
    topic_merge,
    topic_rename,
    topic_set_pinned,
    topic_set_state,
    topic_split,
    topic_unmerge,
    voice_place,
)
from cms.topics.services.voices import (
    origin_of,
    tidy,
    utterance_take_in,
    voice_of,
    voice_take_in,
    voice_withdraw,
    voices_forget,
    voices_take_in,
)

__all__ = [
    "IMPORTING_ROLES",
    "LEAST_CORRECTIONS",
    "answer_change",
    "answers_page_set_up",
    "brief_lost",
    "brief_make",
    "care_give",
    "care_take_back",
    "case_answer",
    "case_change",
    "case_close",
    "case_export",
    "case_open",
    "case_reopen",
    "concerns_page_set_up",
    "concerns_touch",
    "due_after",
    "export_receipt_set",
    "followers_retry",
    "followers_tell",
    "follows_gather",
    "formula_set",
    "groups_rebuild",
    "import_check",
    "import_drop",
    "import_fail",
    "import_is_silent",
    "import_layout_set",
    "import_progress",
    "import_receive",
    "import_run",
    "import_start",
    "import_table",
    "import_undo",
    "imports_purge",
    "learning_start",
    "model_adopt",
    "model_retire",
    "model_train",
    "origin_of",
    "person_key",
    "reader_add",
    "reader_remove",
    "report_make",
    "report_make_due",
    "report_send",
    "report_try_out",
    "story_published",
    "story_withdrawn",
    "tidy",
    "topic_merge",
    "topic_rename",
    "topic_set_pinned",
    "topic_set_state",
    "topic_split",
    "topic_unmerge",
    "topics_seed",
    "utterance_take_in",
    "voice_classify",
    "voice_of",
    "voice_place",
    "voice_take_in",
    "voice_withdraw",
    "voices_forget",
    "voices_group",
    "voices_read",
    "voices_take_in",
    "weights_check",
]
