"""JSON as clients see it: one file per entity, its shape and its batch renderer."""

from .accounts.account import Account, SignedUp
from .accounts.captcha import Captcha
from .accounts.mascot import Mascot
from .accounts.picture import Picture
from .backups.backup import Backup
from .chat import Chat
from .chat_message import ChatMessage
from .emoji.emoji import CustomEmojiEntry, Emoji, EmojiPicture
from .emoji.pack import EmojiPack, EmojiPacks
from .error import Error
from .instance.config import Config, DescribedConfig, NeedReboot
from .instance.document import DocumentUrl
from .instance.frontend import Frontend
from .instance.health import Health
from .instance.instance import Instance
from .instance.nodeinfo import NodeInfo, NodeInfoLinks
from .instance.webfinger import HostMeta, Webfinger
from .media.attachment import Attachment
from .notifications.marker import Marker
from .notifications.notification import Notification
from .notifications.push_subscription import PushSubscription
from .relationships.imports import Import
from .relationships.list import List
from .relationships.relationship import Relationship
from .search.results import Found, FoundPlainly
from .signing_in.app import App, AppName
from .signing_in.mfa import BackupCodes, Mfa, MfaSettings, MfaSetUp, Nothing
from .signing_in.password_reset import PasswordReset
from .signing_in.token import Token, TokenEntry
from .staff.admin_account import AdminAccount
from .staff.admin_account_page import AdminAccountPage, AdminAccounts
from .staff.admin_app import AdminApp, AdminApps
from .staff.admin_chat import AdminChat
from .staff.admin_report import AdminReport, AdminReports, ReportFault, ReportGroups
from .staff.admin_status import AdminStatus
from .staff.banned_urls import BannedUrls
from .staff.created_user import CreatedUser, UncreatedUser
from .staff.credentials import StaffCredentials
from .staff.field_errors import FieldErrors
from .staff.invite import Invite, Invites
from .staff.log_entry import LogEntry, ModerationLog
from .staff.permission_groups import PermissionGroup, PermissionGroups
from .staff.relay import Relays
from .staff.report import Report
from .staff.stats import AdminStats
from .statuses.card import Card
from .statuses.context import Context
from .statuses.poll import Poll
from .statuses.reaction import Reaction
from .statuses.scheduled_status import ScheduledStatus
from .statuses.scrobble import Scrobble
from .statuses.status import Mention, Status, Tag
from .success import Success
from .timelines.conversation import Conversation
from .timelines.filter import Filter

__all__ = [
    "Account",
    "AdminAccount",
    "AdminAccountPage",
    "AdminAccounts",
    "AdminApp",
    "AdminApps",
    "AdminChat",
    "AdminReport",
    "AdminReports",
    "AdminStats",
    "AdminStatus",
    "App",
    "AppName",
    "Attachment",
    "Backup",
    "BackupCodes",
    "BannedUrls",
    "Captcha",
    "Card",
    "Chat",
    "ChatMessage",
    "Config",
    "Context",
    "Conversation",
    "CreatedUser",
    "CustomEmojiEntry",
    "DescribedConfig",
    "DocumentUrl",
    "Emoji",
    "EmojiPack",
    "EmojiPacks",
    "EmojiPicture",
    "Error",
    "FieldErrors",
    "Filter",
    "Found",
    "FoundPlainly",
    "Frontend",
    "Health",
    "HostMeta",
    "Import",
    "Instance",
    "Invite",
    "Invites",
    "List",
    "LogEntry",
    "Marker",
    "Mascot",
    "Mention",
    "Mfa",
    "MfaSetUp",
    "MfaSettings",
    "ModerationLog",
    "NeedReboot",
    "NodeInfo",
    "NodeInfoLinks",
    "Nothing",
    "Notification",
    "PasswordReset",
    "PermissionGroup",
    "PermissionGroups",
    "Picture",
    "Poll",
    "PushSubscription",
    "Reaction",
    "Relationship",
    "Relays",
    "Report",
    "ReportFault",
    "ReportGroups",
    "ScheduledStatus",
    "Scrobble",
    "SignedUp",
    "StaffCredentials",
    "Status",
    "Success",
    "Tag",
    "Token",
    "TokenEntry",
    "UncreatedUser",
    "Webfinger",
]
