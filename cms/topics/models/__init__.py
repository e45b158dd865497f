"""What voices mean: voices, topics, cases, and the public pages made of them."""

from cms.topics.models.cases import Brief, Case, CaseExport, Follow
from cms.topics.models.imports import ImportBatch, ImportLayout
from cms.topics.models.pages import AnswersPage, ConcernsPage
from cms.topics.models.runs import (
    Checkpoint,
    GroupMerge,
    HeatFormula,
    LearnedModel,
    Progress,
    ReportMail,
    ReportReader,
    WeeklyReport,
)
from cms.topics.models.topics import Placement, Rise, Split, Topic, TopicGroup
from cms.topics.models.voices import Voice, VoiceTopic, VoiceWord

__all__ = [
    "AnswersPage",
    "Brief",
    "Case",
    "CaseExport",
    "Checkpoint",
    "ConcernsPage",
    "Follow",
    "GroupMerge",
    "HeatFormula",
    "ImportBatch",
    "ImportLayout",
    "LearnedModel",
    "Placement",
    "Progress",
    "ReportMail",
    "ReportReader",
    "Rise",
    "Split",
    "Topic",
    "TopicGroup",
    "Voice",
    "VoiceTopic",
    "VoiceWord",
    "WeeklyReport",
]
