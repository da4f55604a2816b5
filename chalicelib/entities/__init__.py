"""JSON as clients see it: one file per entity, its shape and its batch renderer."""

from .account import Account, SignedUp
from .app import App, AppName
from .attachment import Attachment
from .backup import Backup
from .captcha import Captcha
from .card import Card
from .chat import Chat
from .chat_message import ChatMessage
from .context import Context
from .conversation import Conversation
from .emoji import CustomEmojiEntry, Emoji, EmojiPicture
from .emoji_pack import EmojiPack, EmojiPacks
from .error import Error
from .filter import Filter
from .health import Health
from .instance import Instance
from .list import List
from .marker import Marker
from .mascot import Mascot
from .mfa import BackupCodes, Mfa, MfaSettings, MfaSetUp, Nothing
from .nodeinfo import NodeInfo, NodeInfoLinks
from .notification import Notification
from .password_reset import PasswordReset
from .picture import Picture
from .poll import Poll
from .push_subscription import PushSubscription
from .reaction import Reaction
from .relationship import Relationship
from .report import Report
from .scheduled_status import ScheduledStatus
from .scrobble import Scrobble
from .search import Found, FoundPlainly
from .status import Mention, Status, Tag
from .success import Success
from .token import Token, TokenEntry
from .webfinger import Webfinger

__all__ = [
    "Account",
    "App",
    "AppName",
    "Attachment",
    "Backup",
    "BackupCodes",
    "Captcha",
    "Card",
    "Chat",
    "ChatMessage",
    "Context",
    "Conversation",
    "CustomEmojiEntry",
    "Emoji",
    "EmojiPack",
    "EmojiPacks",
    "EmojiPicture",
    "Error",
    "Filter",
    "Found",
    "FoundPlainly",
    "Health",
    "Instance",
    "List",
    "Marker",
    "Mascot",
    "Mention",
    "Mfa",
    "MfaSetUp",
    "MfaSettings",
    "NodeInfo",
    "NodeInfoLinks",
    "Nothing",
    "Notification",
    "PasswordReset",
    "Picture",
    "Poll",
    "PushSubscription",
    "Reaction",
    "Relationship",
    "Report",
    "ScheduledStatus",
    "Scrobble",
    "SignedUp",
    "Status",
    "Success",
    "Tag",
    "Token",
    "TokenEntry",
    "Webfinger",
]
