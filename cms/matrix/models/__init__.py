"""Where stories go, and what comes back from there."""

from cms.matrix.models.accounts import ChannelAccount, ChannelVersion
from cms.matrix.models.deliveries import Delivery
from cms.matrix.models.returns import Reply, StatSnapshot

__all__ = ["ChannelAccount", "ChannelVersion", "Delivery", "Reply", "StatSnapshot"]
