"""Where stories go, and what comes back from there."""

from cms.matrix.models.accounts import ChannelAccount, ChannelVersion
from cms.matrix.models.deliveries import Delivery, DeliveryEvent
from cms.matrix.models.returns import AccountSnapshot, AutoReply, Reply, ReplyAct, StatSnapshot
from cms.matrix.models.traffic import (
    CallbackEvent,
    CallbackRefusal,
    CallCount,
    UploadedPicture,
    WorkerBeat,
)

__all__ = [
    "AccountSnapshot",
    "AutoReply",
    "CallCount",
    "CallbackEvent",
    "CallbackRefusal",
    "ChannelAccount",
    "ChannelVersion",
    "Delivery",
    "DeliveryEvent",
    "Reply",
    "ReplyAct",
    "StatSnapshot",
    "UploadedPicture",
    "WorkerBeat",
]
