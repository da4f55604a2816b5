"""JSON as clients see it: one file per entity, its shape and its batch renderer."""

from .account import Account, SignedUp
from .app import App, AppName
from .attachment import Attachment
from .context import Context
from .emoji import CustomEmojiEntry, Emoji, EmojiPicture
from .error import Error
from .health import Health
from .instance import Instance
from .nodeinfo import NodeInfo, NodeInfoLinks
from .reaction import Reaction
from .relationship import Relationship
from .status import Mention, Status, Tag
from .token import Token, TokenEntry

__all__ = [
    "Account",
    "App",
    "AppName",
    "Attachment",
    "Context",
    "CustomEmojiEntry",
    "Emoji",
    "EmojiPicture",
    "Error",
    "Health",
    "Instance",
    "Mention",
    "NodeInfo",
    "NodeInfoLinks",
    "Reaction",
    "Relationship",
    "SignedUp",
    "Status",
    "Tag",
    "Token",
    "TokenEntry",
]
