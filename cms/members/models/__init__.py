"""The nouns: people, unions, what people agreed to, what they are told."""

from cms.members.models.notices import Notice
from cms.members.models.people import User, mainland_mobile
from cms.members.models.personal import BarredPhone, Consent
from cms.members.models.unions import Level, Membership, Role, RoleGroup, Union

__all__ = [
    "BarredPhone",
    "Consent",
    "Level",
    "Membership",
    "Notice",
    "Role",
    "RoleGroup",
    "Union",
    "User",
    "mainland_mobile",
]
