"""Verbs that write: rights, consents, phone numbers, notices, leaving."""

from cms.members.services.consents import consent_give, consent_withdraw
from cms.members.services.leaving import account_erase, personal_data_purge
from cms.members.services.notices import digest_send, notices_mark_read, notify
from cms.members.services.phones import phone_bar, phone_settle, phone_unbar
from cms.members.services.rights import (
    ROLE_PERMISSIONS,
    group_sync_permissions,
    membership_grant,
    role_group,
    user_sync_groups,
)

__all__ = [
    "ROLE_PERMISSIONS",
    "account_erase",
    "consent_give",
    "consent_withdraw",
    "digest_send",
    "group_sync_permissions",
    "membership_grant",
    "notices_mark_read",
    "notify",
    "personal_data_purge",
    "phone_bar",
    "phone_settle",
    "phone_unbar",
    "role_group",
    "user_sync_groups",
]
