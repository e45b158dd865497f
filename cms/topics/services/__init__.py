"""Verbs that write."""

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
from cms.topics.services.pages import concerns_page_set_up, concerns_touch
from cms.topics.services.reading import topics_seed, voice_classify, voices_read
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
    person_key,
    tidy,
    utterance_take_in,
    voice_take_in,
    voice_withdraw,
    voices_forget,
    voices_take_in,
)

__all__ = [
    "IMPORTING_ROLES",
    "LEAST_CORRECTIONS",
    "case_export",
    "concerns_page_set_up",
    "concerns_touch",
    "export_receipt_set",
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
    "voice_place",
    "voice_take_in",
    "voice_withdraw",
    "voices_forget",
    "voices_group",
    "voices_read",
    "voices_take_in",
]
