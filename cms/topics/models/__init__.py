"""What voices mean: voices, topics, and the public page of concerns."""

from cms.topics.models.pages import ConcernsPage
from cms.topics.models.voices import Topic, Voice, VoiceTopic, VoiceWord

__all__ = ["ConcernsPage", "Topic", "Voice", "VoiceTopic", "VoiceWord"]
