"""Finds emerging issues in what workers say. Knows neither Django nor the database."""

from cms.topics.detection.detector import Detector
from cms.topics.detection.model import Day, Said, Settings
from cms.topics.detection.state import UnknownState

__all__ = ["Day", "Detector", "Said", "Settings", "UnknownState"]
