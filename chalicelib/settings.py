"""Every setting: its name in the environment, its default when deployed, and why one would change it.

`settings` is read once at import; `settings.load(environ)` reads again (the local stage and the tests do). A setting
that has a place (`at`) can be changed while the server runs: `overrides` tells how.
`docs/settings.md` is made from this file, so a setting without a meaning cannot be added. A comment that begins with
`##` is a heading of that document: the settings below it stand under it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from .overrides import ConfigPlace, Overlay, at

SECRETS = frozenset({"secret_key", "encryption_key", "fetching_key", "vapid_private_key", "admin_token"})
FALSE_WORDS = frozenset({"", "0", "f", "false", "off", "no"})


def _setting(default: Any, meaning: str, *, env: str | None = None, local: str | None = None,
             place: ConfigPlace | None = None) -> Any:
    """One setting: `env` defaults to KENOMA_ + its name in capitals; `local` is what `make run` sets instead.

    `place`: where administrators change it while the server runs. Without one only a deployment changes it.
    """
    return field(default=default, metadata={"meaning": meaning, "env": env, "local": local, "place": place})


@dataclass
class Settings(Overlay):
    ## Where it runs
    base_url: str = _setting("http://127.0.0.1:8000", "Public address, without a trailing slash",
                             local="http://HOST:PORT")
    stage: str = _setting("prod", "Name of the deployment. `local` allows what must never be deployed", local="local")
    region: str = _setting("us-east-1", "AWS region of tables, bucket and queues", env="AWS_DEFAULT_REGION")
    table_prefix: str = _setting("kenoma-", "Prefix of every table's name")
    queue_prefix: str = _setting("kenoma-", "Prefix of every queue's name")
    bucket: str = _setting("kenoma-files", "Bucket for emoji, media, imports and large job payloads")
    cdn: str = _setting("", "Id of the CloudFront distribution in front. It forgets its copies of what administrators "
                            "purge. Empty: nothing has copies")
    outgoing_ports: str = _setting("80 443", "Ports of other servers that are fetched from and pushed to, separated by "
                                             "blanks. The local stage reaches any port of its own machine too")
    log_level: str = _setting("INFO", "Lowest level that is logged", local="WARNING")
    figures: str = _setting("off", "What the header X-Kenoma-DynamoDB of replies tells: `off` (no header), `calls`, or "
                                   "`capacity`, which adds read and write units",
                            local="calls or capacity, as the engine reports")
    metrics: str = _setting("default", "Which metrics are written into the log: `default` (ten, which are free), `all` "
                                       "(seventeen, $2.10 a month; docs/operations.md lists them) or `off`",
                            local="off")
    public_shards: int = _setting(1, "How many partitions take turns in holding the public timeline. One takes some "
                                     "500 statuses a second; with more, each page costs a query for each of them and "
                                     "one for what was written before. It may grow at any time, and never shrink")
    streaming: bool = _setting(True, "Whether clients may listen to what happens, by sockets at /api/v1/streaming")
    ends_sockets: bool = _setting(False, "Whether sockets are closed between 100 and 118 minutes after they opened, so "
                                        "that clients do not come back all at once. Off: the gateway closes each after "
                                        "120, perhaps with a code that more clients come back after")
    healthcheck: bool = _setting(True, "Whether /api/pleroma/healthcheck answers")
    configurable_from_database: bool = _setting(False, "Whether administrators may change some settings while the "
                                                       "server runs. Each process then reads them once a minute")
    frontend_paths: str = _setting("", "Beginnings of people's addresses that an installed frontend shows instead of "
                                       "our own pages, separated by commas: `/users/,/notice/,/tag/` for pleroma-fe")
    frontend_csp: str = _setting("", "Content security policy of an installed frontend. Empty: one under which it may "
                                     "load its own files and run the scripts of its index, and talk to any server")
    pickable_frontends: str = _setting("", "Installed frontends that people may choose for themselves, as `NAME/REF`, "
                                           "separated by blanks")
    robots: str = _setting("default", "What /robots.txt asks of robots: `default` (not to come to what is no page) or "
                                      "`none` (not to come at all)")
    frontends_available: str = _setting("", "Frontends that administrators are shown, as a JSON list of objects with "
                                            "`name`, `ref` and perhaps `git` and `build_url`. Empty: none")

    ## Keys and secrets
    secret_key: str = _setting("", "Secret. Signs session cookies and seals captchas. Without it there are neither",
                               local="made once, kept in the data folder")
    encryption_key: str = _setting("", "Secret. Encrypts the secrets of MFA and push, and the keys that accounts sign "
                                       "with. `ID:BASE64` of 32 bytes; several are separated by commas, the newest "
                                       "first. Without it none of them can be made",
                                   local="made once, kept in the data folder")
    fetching_key: str = _setting("", "Secret. Encrypts the key that the server itself signs with, as `encryption_key` "
                                     "does those of accounts: a function that only fetches reads no other. Empty: "
                                     "`encryption_key` does it",
                                 local="made once, kept in the data folder")
    secrets: str = _setting("", "Names of SSM parameters, separated by commas. Each holds the secret that its last "
                                "part names: `PATH/secret_key`. They are read together, when one is first needed")
    front_key: str = _setting("", "Secret. The CDN in front sends it as X-Kenoma-Front. What only the CDN can tell, "
                                  "such as a client's address, is believed only of requests that show this key")
    admin_token: str = _setting("", "Secret. A request that sends it (`admin_token`, X-Admin-Token) may do "
                                    "what administrators may. Empty: none may")
    enforce_oauth_admin_scope_usage: bool = _setting(True, "Administration needs scopes that begin with `admin:`. "
                                                           "Off: the same scopes without that word do as well")

    ## The instance
    instance_name: str = _setting("Kenoma", "Title of the instance",
                                  place=at(":instance", ":name", suggestions=("Kenoma",)))
    instance_description: str = _setting("A Kenoma instance: the Pleroma API, serverless",
                                         "Short description, HTML allowed", place=at(":instance", ":description"))
    instance_rules: str = _setting("", "Rules of the instance, one per line, until an administrator "
                                         "changes them")
    instance_email: str = _setting("admin@localhost.localdomain", "Contact address shown by the instance",
                                   place=at(":instance", ":email", label="Contact address", address=True,
                                            suggestions=("admin@example.org",)))
    instance_contact: str = _setting("", "Nickname of the account that people may turn to. Empty: none is shown",
                                     place=at(":instance", ":contact_username"))
    repository: str = _setting("", "Where the source of this server can be found; shown in nodeinfo 2.1")
    federating: bool = _setting(True, "Whether this server speaks with others: they find its accounts and "
                                           "what is public")
    authorized_fetch: bool = _setting(False, "Other servers must sign what they ask for, so that those who are "
                                             "blocked read nothing. Caches then keep nothing of it")
    inbox_limit: int = _setting(600, "How many messages of one host the inboxes take in a minute. 0: any number")
    outgoing_blocks: bool = _setting(True, "Whether an account of another server is told that somebody here blocks it")
    delivery_pace: float = _setting(1.0, "What the pauses between the tries of a delivery are multiplied by")

    ## Policies for other servers
    mrf_simple_accept: str = _setting("", "The only hosts that are taken from and sent to. Empty: all. Hosts are "
                                          "separated by commas; `*.host` is a host with all below it, `host|reason` "
                                          "tells why",
                                      place=at(":mrf_simple", ":accept", hosts=True))
    mrf_simple_reject: str = _setting("", "Hosts of which nothing is taken but deletions, and to which nothing is sent",
                                      place=at(":mrf_simple", ":reject", hosts=True))
    mrf_simple_media_removal: str = _setting("", "Hosts whose statuses lose their attachments",
                                             place=at(":mrf_simple", ":media_removal", hosts=True))
    mrf_simple_media_nsfw: str = _setting("", "Hosts whose statuses are sensitive if they have attachments",
                                          place=at(":mrf_simple", ":media_nsfw", hosts=True))
    mrf_simple_federated_timeline_removal: str = _setting(
        "", "Hosts whose public statuses become unlisted",
        place=at(":mrf_simple", ":federated_timeline_removal", hosts=True))
    mrf_simple_followers_only: str = _setting("", "Hosts whose public and unlisted statuses become private",
                                              place=at(":mrf_simple", ":followers_only", hosts=True))
    mrf_simple_report_removal: str = _setting("", "Hosts whose reports are dropped",
                                              place=at(":mrf_simple", ":report_removal", hosts=True))
    mrf_simple_avatar_removal: str = _setting("", "Hosts whose accounts are shown without their avatar",
                                              place=at(":mrf_simple", ":avatar_removal", hosts=True))
    mrf_simple_banner_removal: str = _setting("", "Hosts whose accounts are shown without their header",
                                              place=at(":mrf_simple", ":banner_removal", hosts=True))
    mrf_simple_reject_deletes: str = _setting("", "Hosts whose deletions are dropped",
                                              place=at(":mrf_simple", ":reject_deletes", hosts=True))
    quarantined_instances: str = _setting("", "Hosts to which only public activities are sent",
                                          place=at(":instance", ":quarantined_instances", hosts=True))
    mrf_object_age_threshold: int = _setting(604800, "Seconds after which a status of another server comes too late "
                                                     "for any timeline. 0: never",
                                             place=at(":mrf_object_age", ":threshold"))
    mrf_transparency: bool = _setting(True, "Whether everybody may see these policies",
                                      place=at(":mrf", ":transparency"))
    mrf_transparency_exclusions: str = _setting("", "Hosts that are left out where the policies are shown",
                                                place=at(":mrf", ":transparency_exclusions", hosts=True))

    ## What visitors may read
    public: bool = _setting(True, "Whether anonymous visitors may read", place=at(":instance", ":public"))
    limit_to_local_content: str = _setting("unauthenticated",
                                           "Who finds nothing but local content: `unauthenticated`, `all` or `off`")
    restrict_profiles: bool = _setting(False, "Anonymous visitors see no local profiles")
    restrict_timelines: bool = _setting(False, "Anonymous visitors see no public or tag timelines")
    restrict_statuses: bool = _setting(False, "Anonymous visitors cannot open a local status")

    ## Rate limits
    rate_limits: bool = _setting(True, "Whether rate limits are enforced", local="off")
    rate_limit_overrides: str = _setting("", "Other limits than the built-in ones, separated by commas: "
                                             "`name=window_ms/count`, `name=anonymous|signed-in`, or `name=off`")

    ## Letters
    mail: bool = _setting(True, "Whether letters are sent")
    notify_email: str = _setting("noreply@localhost.localdomain",
                                 "Sender of letters; SES sends for addresses and domains it has verified",
                                 place=at(":instance", ":notify_email", label="Sender of letters", address=True,
                                          suggestions=("noreply@example.org",)))

    ## Push
    vapid_public_key: str = _setting("", "Browsers subscribe to push with this key: 65 bytes as url-safe base64. "
                                         "Nothing is pushed without the pair, or without an encryption key",
                                     local="made once, kept in the data folder")
    vapid_private_key: str = _setting("", "Secret. The private half of that key signs what is pushed: 32 bytes as "
                                          "url-safe base64", local="made once, kept in the data folder")

    ## Signing up
    registrations_open: bool = _setting(True, "Whether anybody may sign up",
                                        place=at(":instance", ":registrations_open"))
    invites_enabled: bool = _setting(False, "Administrators may mail invites while registrations are closed",
                                     place=at(":instance", ":invites_enabled"))
    captcha: str = _setting("native", "Which captcha a sign-up solves: `none`, `native` or `kocaptcha`", local="none")
    captcha_seconds_valid: int = _setting(300, "Seconds within which a captcha must be solved")
    kocaptcha_endpoint: str = _setting("https://captcha.kotobank.ch", "Where the captchas of `kocaptcha` come from")
    email_blacklist: str = _setting("", "Domains, separated by commas. E-mail addresses there, or at a subdomain, may "
                                        "not sign up")
    account_activation_required: bool = _setting(False, "A new account must confirm its e-mail address",
                                                 place=at(":instance", ":account_activation_required"))
    account_approval_required: bool = _setting(False, "An administrator must approve a new account",
                                               place=at(":instance", ":account_approval_required"))
    birthday_required: bool = _setting(False, "A new account must say when its owner was born",
                                       place=at(":instance", ":birthday_required"))
    birthday_min_age: int = _setting(0, "Days since then that a new account must have. 0: any number. With another, "
                                        "who signs up has to say when they were born",
                                     place=at(":instance", ":birthday_min_age"))
    extended_nickname_format: bool = _setting(True, "Nicknames may hold `_` and `-`")
    registration_reason_length: int = _setting(500, "Longest reason given when signing up")

    ## New accounts
    autofollowed_nicknames: str = _setting("", "Every new account follows these: nicknames separated by commas")
    autofollowing_nicknames: str = _setting("", "These follow every new account: nicknames separated by commas")
    welcome_email: bool = _setting(False, "Whether a new account is welcomed by a letter",
                                   place=at(":welcome", ":email", ":enabled"))
    welcome_email_text: str = _setting("", "What that letter says. Empty: one sentence",
                                       place=at(":welcome", ":email", ":text"))
    welcome_direct_enabled: bool = _setting(True, "Off: no direct status to new accounts, whatever it would say",
                                            place=at(":welcome", ":direct_message", ":enabled"))
    welcome_direct_message: str = _setting("", "Direct status to every new account. Empty: none",
                                           place=at(":welcome", ":direct_message", ":message"))
    welcome_direct_sender: str = _setting("", "Nickname of the author of that status",
                                          place=at(":welcome", ":direct_message", ":sender_nickname"))
    welcome_chat_enabled: bool = _setting(True, "Off: no chat message to new accounts, whatever it would say",
                                          place=at(":welcome", ":chat_message", ":enabled"))
    welcome_chat_message: str = _setting("", "Chat message to every new account. Empty: none",
                                         place=at(":welcome", ":chat_message", ":message"))
    welcome_chat_sender: str = _setting("", "Nickname of the author of that message",
                                        place=at(":welcome", ":chat_message", ":sender_nickname"))

    ## Signing in
    token_expires_in: int = _setting(3153600000, "Life of an access token in seconds")
    issue_new_refresh_token: bool = _setting(True, "On: a refresh keeps the refresh token. Off: it makes a new one")
    password_reset_token_validity: int = _setting(86400, "Seconds within which a link to a new password must be used")
    totp_issuer: str = _setting("", "Name beside the codes in an authenticator app. Empty: the instance's name")
    totp_digits: int = _setting(6, "Digits of a code, 6 or 8. After a change, apps must be set up again")
    totp_period: int = _setting(30, "Seconds that a code lasts. After a change, apps must be set up again")
    backup_codes_number: int = _setting(5, "How many backup codes an account gets")
    backup_codes_length: int = _setting(16, "Hexadecimal digits of a backup code")

    ## Profiles
    user_name_length: int = _setting(100, "Longest display name, in characters",
                                     place=at(":instance", ":user_name_length", least=1))
    user_bio_length: int = _setting(5000, "Longest bio, in characters", place=at(":instance", ":user_bio_length"))
    max_account_fields: int = _setting(10, "Most profile fields of an account")
    account_field_name_length: int = _setting(512, "Longest name of a profile field")
    account_field_value_length: int = _setting(2048, "Longest value of a profile field")
    max_pinned_statuses: int = _setting(1, "Most statuses that an account may pin",
                                        place=at(":instance", ":max_pinned_statuses"))

    ## Relationships
    deny_follow_blocked: bool = _setting(True, "A blocked account may not follow its blocker")
    unfollow_blocked: bool = _setting(True, "Blocking somebody also ends their follow")

    ## Statuses and chats
    limit: int = _setting(5000, "Longest status, in characters", place=at(":instance", ":limit", least=1))
    chat_limit: int = _setting(5000, "Longest chat message, in characters")
    min_lifetime: int = _setting(600, "A status with an end must live longer than this, in seconds")
    scheduled_daily_limit: int = _setting(25, "Most statuses that an account may schedule for one UTC day")
    scheduled_total_limit: int = _setting(300, "Most statuses that an account may have scheduled")
    show_reactions: bool = _setting(True, "Whether replies show who favourited and reacted")
    safe_dm_mentions: bool = _setting(False, "Only mentions at the beginning of a direct status address people")
    rich_media: bool = _setting(True, "Whether previews of links are fetched")
    rich_media_ignore_hosts: str = _setting("", "Hosts whose pages are never fetched, separated by commas")

    ## Polls
    poll_max_options: int = _setting(20, "Most options of a poll")
    poll_max_option_chars: int = _setting(200, "Longest poll option")
    poll_min_expiration: int = _setting(0, "Shortest life of a poll in seconds")
    poll_max_expiration: int = _setting(31536000, "Longest life of a poll in seconds")

    ## Media
    description_limit: int = _setting(5000, "Longest description of an attachment")
    upload_limit: int = _setting(4500000, "Largest upload in bytes. Lambda takes no more",
                                 local="16000000")
    avatar_upload_limit: int = _setting(2000000, "Largest avatar in bytes")
    background_upload_limit: int = _setting(4000000, "Largest background in bytes")
    banner_upload_limit: int = _setting(4000000, "Largest banner in bytes")

    ## Emoji and reports
    emoji_pack_extensions: str = _setting(".png .gif", "Which files are emoji when a folder without a list is "
                                                       "imported: extensions separated by blanks")
    max_report_comment_size: int = _setting(1000, "Longest comment of a report, in characters")

    ## Search
    search_foreign: bool = _setting(False, "Whether statuses of other servers can be found by their words too")
    search_statuses: bool = _setting(True, "Whether statuses can be found by their words. Writing the index is a "
                                           "large part of the cost of posting")

    ## How long things are kept
    home_days: int = _setting(90, "Days that a status stays on home timelines. 0: for ever")
    federated_days: int = _setting(30, "Days that public statuses of other servers stay on federated timelines, and on "
                                       "those of tags. 0: for ever")
    remote_post_retention_days: int = _setting(90, "Days after which statuses of other servers are forgotten, unless "
                                                   "somebody here has to do with them or their thread. 0: never")
    notification_days: int = _setting(365, "Days that a notification is kept")
    backup_limit_days: int = _setting(7, "An account gets another backup when more than this many whole days have "
                                        "passed")
    backup_purge_after_days: int = _setting(30, "Days after which a backup is deleted. The bucket keeps none "
                                              "for more than 90")
    deletion_pause: int = _setting(90, "Seconds between closing an account and deleting what it wrote. Requests that "
                                       "were under way must have ended by then")

    read_secrets: ClassVar[Callable[[list[str]], Mapping[str, str]]]
    """Answers the values of existing parameters by name. `aws.secrets` sets it."""

    def load(self, environ: Mapping[str, str]) -> None:
        """Read every setting from `environ`; absent ones take their default. ValueError: a malformed number or list."""
        for each in fields(self):
            text = environ.get(variable(each.name))
            setattr(self, each.name, each.default if text is None else _parsed(text, each.name, each.default))
        self.begin()
        _ = self.frontends
        self.base_url = self.base_url.rstrip("/")
        for name in self._named_secrets():
            vars(self).pop(name, None)

    def holds(self, secret: str) -> bool:
        """Whether a secret is set, without reading it. A deployed server has all of them, but not every function may
        read each.
        """
        return bool(self.secrets or vars(self).get(secret))

    def may_read(self, secret: str) -> bool:
        """Whether a secret is set, and this function may read it. Nothing is read."""
        return secret in self._named_secrets() or bool(vars(self).get(secret))

    def _named_secrets(self) -> dict[str, str]:
        """The parameters that hold secrets, by setting."""
        names = [name.strip() for name in self.secrets.split(",") if name.strip()]
        return {name.rpartition("/")[2]: name for name in names if name.rpartition("/")[2] in SECRETS}

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> str:
            """Get a secret that was not read before. All secrets of this function are read together."""
            if name not in SECRETS:
                raise AttributeError(f"there is no setting {name}")
            with _reading:
                if name not in vars(self):
                    named = self._named_secrets()
                    found = Settings.read_secrets(list(named.values()))
                    vars(self).update({each: found.get(parameter, "") for each, parameter in named.items()})
            return vars(self).get(name, "")

    @property
    def host(self) -> str:
        """The host (with port) that accounts of this server carry behind their @."""
        return self.base_url.partition("://")[2]

    @property
    def hostname(self) -> str:
        return self.host.partition(":")[0]

    @property
    def open_ports(self) -> frozenset[int]:
        """The ports of other servers that may be connected to."""
        return frozenset(int(port) for port in self.outgoing_ports.replace(",", " ").split() if port.isdecimal())

    @property
    def frontends(self) -> list[dict[str, Any]]:
        """The frontends that administrators are shown. ValueError: the setting is not a list of these."""
        try:
            found = json.loads(self.frontends_available or "[]")
            wrong = [each for each in found if not all(isinstance(each[name], str) for name in ("name", "ref"))]
        except (ValueError, TypeError, KeyError):
            wrong = [None]
        if wrong or not isinstance(found, list):
            raise ValueError(f"{variable('frontends_available')} must be a JSON list of objects with name and ref")
        return found

    @property
    def is_local(self) -> bool:
        return self.stage == "local"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    known = {each.name: each.metadata["env"] for each in fields(Settings)}
    return known[name] or "KENOMA_" + name.upper()


def _parsed(text: str, name: str, default: Any) -> Any:
    if isinstance(default, bool):
        return text.strip().lower() not in FALSE_WORDS
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{variable(name)} must be a whole number, not {text!r}") from None
    if isinstance(default, float):
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{variable(name)} must be a number, not {text!r}") from None
    return text


for _name in SECRETS:
    delattr(Settings, _name)  # the default, which would stand in for what has to be read
_reading = threading.Lock()
settings = Settings()
settings.load(os.environ)
