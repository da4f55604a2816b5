"""JSON as clients see it: one file per entity, its shape and its batch renderer.

An entity is imported when it is first named here (`entities.Status`), so that an endpoint brings its own and no others.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accounts.account import Account
    from .accounts.aliases import Aliases
    from .accounts.captcha import Captcha
    from .accounts.frontend_profile import FrontendProfile, FrontendProfileName
    from .accounts.mascot import Mascot
    from .accounts.picture import Picture
    from .accounts.preferences import Preferences
    from .accounts.profile import Profile
    from .accounts.signed_up import SignedUp
    from .backups.backup import Backup
    from .backups.export_stats import ExportStats
    from .chat import Chat
    from .chat_message import ChatMessage
    from .emoji.emoji import CustomEmojiEntry, Emoji, EmojiPicture
    from .emoji.pack import EmojiPack, EmojiPacks
    from .error import Error
    from .frontends.frontend import Frontend
    from .frontends.manifest import Manifest
    from .instance.activity import WeekOfActivity
    from .instance.announcement import Announcement
    from .instance.config import Config, DescribedConfig, NeedReboot
    from .instance.document import DocumentUrl, ExtendedDescription, PrivacyPolicy, TermsOfService
    from .instance.health import Health
    from .instance.instance import DomainBlock, Instance
    from .instance.language import Language
    from .instance.newer_instance import NewerInstance
    from .instance.nodeinfo import NodeInfo, NodeInfoLinks
    from .instance.rule import AdminRule, Rule
    from .instance.webfinger import HostMeta, Webfinger
    from .media.attachment import Attachment
    from .notifications.marker import Marker
    from .notifications.notification import Notification
    from .notifications.notification_groups import GroupedNotifications
    from .notifications.notification_policy import NotificationPolicy, OlderNotificationPolicy
    from .notifications.notification_request import NotificationRequest
    from .notifications.push_subscription import PushSubscription
    from .notifications.requests_merged import RequestsMerged
    from .notifications.unread_count import UnreadCount
    from .relationships.domain_block_preview import DomainBlockPreview
    from .relationships.familiar_followers import FamiliarFollowers
    from .relationships.imports import Import
    from .relationships.list import List
    from .relationships.relationship import Relationship
    from .relationships.remote_interaction import RemoteInteraction
    from .relationships.severed_relationships import SeveredRelationships
    from .relationships.suggestion import Suggestion
    from .search.results import Found, FoundPlainly
    from .signing_in.app import App, AppName
    from .signing_in.authorization_server import AuthorizationServer
    from .signing_in.mfa import BackupCodes, Mfa, MfaSettings, MfaSetUp, Nothing
    from .signing_in.password_reset import PasswordReset
    from .signing_in.token import Token, TokenEntry
    from .signing_in.userinfo import Userinfo
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
    from .statuses.bookmark_folder import BookmarkFolder
    from .statuses.card import Card
    from .statuses.context import Context
    from .statuses.oembed import OEmbed
    from .statuses.poll import Poll
    from .statuses.reaction import Reaction
    from .statuses.scheduled_status import ScheduledStatus
    from .statuses.scrobble import Scrobble
    from .statuses.status import Mention, Status, Tag
    from .statuses.status_edit import StatusEdit, StatusSource
    from .success import Success
    from .tags.featured_tag import FeaturedTag
    from .tags.tag import Hashtag
    from .tags.trends import TrendingLink
    from .timelines.conversation import Conversation
    from .timelines.filter import Filter, FilteredPhrase, FilterKeyword, FilterResult, FilterStatus

_MODULES = {
    "accounts.account": ("Account",),
    "accounts.aliases": ("Aliases",),
    "accounts.captcha": ("Captcha",),
    "accounts.frontend_profile": ("FrontendProfile", "FrontendProfileName"),
    "accounts.mascot": ("Mascot",),
    "accounts.picture": ("Picture",),
    "accounts.preferences": ("Preferences",),
    "accounts.profile": ("Profile",),
    "accounts.signed_up": ("SignedUp",),
    "backups.backup": ("Backup",),
    "backups.export_stats": ("ExportStats",),
    "chat": ("Chat",),
    "chat_message": ("ChatMessage",),
    "emoji.emoji": ("CustomEmojiEntry", "Emoji", "EmojiPicture"),
    "emoji.pack": ("EmojiPack", "EmojiPacks"),
    "error": ("Error",),
    "frontends.frontend": ("Frontend",),
    "frontends.manifest": ("Manifest",),
    "instance.activity": ("WeekOfActivity",),
    "instance.announcement": ("Announcement",),
    "instance.config": ("Config", "DescribedConfig", "NeedReboot"),
    "instance.document": ("DocumentUrl", "ExtendedDescription", "PrivacyPolicy", "TermsOfService"),
    "instance.health": ("Health",),
    "instance.instance": ("DomainBlock", "Instance"),
    "instance.language": ("Language",),
    "instance.newer_instance": ("NewerInstance",),
    "instance.nodeinfo": ("NodeInfo", "NodeInfoLinks"),
    "instance.rule": ("AdminRule", "Rule"),
    "instance.webfinger": ("HostMeta", "Webfinger"),
    "media.attachment": ("Attachment",),
    "notifications.marker": ("Marker",),
    "notifications.notification": ("Notification",),
    "notifications.notification_groups": ("GroupedNotifications",),
    "notifications.notification_policy": ("NotificationPolicy", "OlderNotificationPolicy"),
    "notifications.notification_request": ("NotificationRequest",),
    "notifications.push_subscription": ("PushSubscription",),
    "notifications.requests_merged": ("RequestsMerged",),
    "notifications.unread_count": ("UnreadCount",),
    "relationships.domain_block_preview": ("DomainBlockPreview",),
    "relationships.familiar_followers": ("FamiliarFollowers",),
    "relationships.imports": ("Import",),
    "relationships.list": ("List",),
    "relationships.relationship": ("Relationship",),
    "relationships.remote_interaction": ("RemoteInteraction",),
    "relationships.severed_relationships": ("SeveredRelationships",),
    "relationships.suggestion": ("Suggestion",),
    "search.results": ("Found", "FoundPlainly"),
    "signing_in.app": ("App", "AppName"),
    "signing_in.authorization_server": ("AuthorizationServer",),
    "signing_in.mfa": ("BackupCodes", "Mfa", "MfaSettings", "MfaSetUp", "Nothing"),
    "signing_in.password_reset": ("PasswordReset",),
    "signing_in.token": ("Token", "TokenEntry"),
    "signing_in.userinfo": ("Userinfo",),
    "staff.admin_account": ("AdminAccount",),
    "staff.admin_account_page": ("AdminAccountPage", "AdminAccounts"),
    "staff.admin_app": ("AdminApp", "AdminApps"),
    "staff.admin_chat": ("AdminChat",),
    "staff.admin_report": ("AdminReport", "AdminReports", "ReportFault", "ReportGroups"),
    "staff.admin_status": ("AdminStatus",),
    "staff.banned_urls": ("BannedUrls",),
    "staff.created_user": ("CreatedUser", "UncreatedUser"),
    "staff.credentials": ("StaffCredentials",),
    "staff.field_errors": ("FieldErrors",),
    "staff.invite": ("Invite", "Invites"),
    "staff.log_entry": ("LogEntry", "ModerationLog"),
    "staff.permission_groups": ("PermissionGroup", "PermissionGroups"),
    "staff.relay": ("Relays",),
    "staff.report": ("Report",),
    "staff.stats": ("AdminStats",),
    "statuses.bookmark_folder": ("BookmarkFolder",),
    "statuses.card": ("Card",),
    "statuses.context": ("Context",),
    "statuses.oembed": ("OEmbed",),
    "statuses.poll": ("Poll",),
    "statuses.reaction": ("Reaction",),
    "statuses.scheduled_status": ("ScheduledStatus",),
    "statuses.scrobble": ("Scrobble",),
    "statuses.status": ("Mention", "Status", "Tag"),
    "statuses.status_edit": ("StatusEdit", "StatusSource"),
    "success": ("Success",),
    "tags.featured_tag": ("FeaturedTag",),
    "tags.tag": ("Hashtag",),
    "tags.trends": ("TrendingLink",),
    "timelines.conversation": ("Conversation",),
    "timelines.filter": ("Filter", "FilteredPhrase", "FilterKeyword", "FilterResult", "FilterStatus"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"no entity is called {name}")
    found = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = found
    return found
