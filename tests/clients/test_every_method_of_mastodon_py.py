"""Every method of Mastodon.py for people, in its newest version, against a running server."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonNotFoundError

from infra.local.seed import PASSWORD
from tests.clients.test_mastodon_py import SCOPES
from tests.pictures import picture
from tests.running.stage import Stage

NOT_SERVED = {"annual_report", "annual_report_generate", "annual_report_read", "annual_report_state", "annual_reports",
              "status_translate"}
"""`docs/clients.md` has the reasons."""
ELSEWHERE = {"create_account", "create_app", "log_in", "auth_request_url", "oauth_authorization_server_info",
             "oauth_userinfo", "stream_healthy", "instance_nodeinfo", "instance_health", "email_resend_confirmation",
             "follows", "reports"}
"""Tried in other tests of this folder, of no use to who is signed in, or gone from newer servers for the library."""
LOCAL = {"await_async_refresh", "clear_caches", "decode_blurhash", "fetch_next", "fetch_previous", "fetch_remaining",
         "filters_apply", "generate_media_edit_attributes", "get_approx_server_time", "get_async_refresh_info",
         "get_async_refresh_status", "get_pagination_info", "get_status_length", "get_supported_version", "make_poll",
         "pagination_iterator", "pagination_page_iterator", "persistable_login_credentials",
         "push_subscription_decrypt_push", "push_subscription_generate_keys", "set_language", "verify_minimum_version",
         "retrieve_mastodon_version", "revoke_access_token"}
"""Those that ask the server nothing, or nothing of their own."""
OF_OTHERS = ("admin_", "stream_", "collection", "account_collections", "account_in_collections", "announcement_")
"""Mastodon's administration, streams, collections, and reactions to announcements, of which there is none."""


class Noting:
    """The client, with the names of all methods that were called."""

    def __init__(self, client: Mastodon) -> None:
        self._client, self.called = client, set[str]()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.called.add(name)
        found: Callable[..., Any] = getattr(self._client, name)
        return found


@pytest.fixture(scope="module")
def people(stage: Stage) -> tuple[Noting, Mastodon]:
    app = Mastodon.create_app("Every method", api_base_url=stage.url, scopes=[*SCOPES, "profile"])

    def signed_in(name: str) -> Mastodon:
        client = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=stage.url)
        client.log_in(name, PASSWORD, scopes=[*SCOPES, "profile"], allow_http=True)
        return client

    return Noting(signed_in("alice")), signed_in("bob")


def about_the_server(alice: Any) -> None:
    for name in ("instance", "instance_v1", "instance_v2", "instance_peers", "instance_rules", "instance_languages",
                 "instance_domain_blocks", "instance_extended_description", "instance_translation_languages",
                 "instance_terms_of_service", "instance_activity",
                 "custom_emojis", "announcements", "directory", "trends", "trending_tags", "trending_links",
                 "trending_statuses", "app_verify_credentials", "preferences"):
        getattr(alice, name)()
    assert alice.instance().api_versions.mastodon == 7


def of_accounts(alice: Any, bob: Mastodon) -> None:
    me, him = alice.account_verify_credentials(), bob.me()
    alice.me()
    alice.account_update_credentials(display_name="Alice", note="hi", avatar=picture(), avatar_mime_type="image/png")
    alice.profile()
    alice.profile_update(display_name="Alice")
    alice.account_delete_avatar()
    alice.account_delete_header()
    alice.account(him), alice.accounts([him]), alice.account_lookup("bob"), alice.account_search("bob")
    alice.account_relationships([him]), alice.account_familiar_followers([him])
    alice.account_follow(him, notify=True)
    assert alice.account_note_set(him, "a friend").note == "a friend"
    for name in ("account_followers", "account_following", "account_statuses", "account_lists",
                 "account_featured_tags", "account_endorse", "account_unendorse", "account_pin", "account_unpin",
                 "account_mute", "account_unmute", "account_unfollow", "account_block", "account_unblock"):
        getattr(alice, name)(him)
    bob.account_follow(me)
    alice.account_remove_from_followers(him)
    for name in ("blocks", "mutes", "bookmarks", "favourites", "endorsements", "follow_requests", "followed_tags",
                 "suggestions", "suggestions_v1", "suggestions_v2", "domain_blocks"):
        getattr(alice, name)()
    alice.suggestion_delete(him)
    alice.domain_block("bad.example")
    alice.domain_unblock("bad.example")
    alice.account_update_credentials(locked=True)
    for answer in (alice.follow_request_authorize, alice.follow_request_reject):
        if bob.account_relationships([me])[0].following:
            bob.account_unfollow(me)
        bob.account_follow(me)
        answer(him)
    alice.account_update_credentials(locked=False)
    assert alice.report(him, comment="spam", category="spam").category == "spam"


def of_statuses(alice: Any, bob: Mastodon) -> None:
    image = alice.media_post(io.BytesIO(picture()), mime_type="image/png", description="a gradient")
    alice.media(image)
    alice.media_update(image, description="a small gradient")
    mine, his = alice.status_post("hello #cats", media_ids=[image]), bob.status_post(
        "@alice which?", poll=bob.make_poll(["a", "b"], 600))
    alice.toot("plain")
    alice.status_reply(his, "this one")
    alice.status(his), alice.statuses([mine, his]), alice.status_context(his), alice.status_card(his)
    alice.status_favourited_by(his), alice.status_reblogged_by(his), alice.status_quotes(his)
    for name in ("favourite", "unfavourite", "reblog", "unreblog", "bookmark", "unbookmark", "mute", "unmute"):
        getattr(alice, f"status_{name}")(his)
    alice.status_pin(mine)
    alice.status_unpin(mine)
    assert alice.status_update(mine, "hello again #cats").edited_at is not None
    assert len(alice.status_history(mine)) == 2
    assert alice.status_source(mine).text == "hello again #cats"
    alice.status_update_quote_approval_policy(mine, "public")
    quoting = bob.status_post("look", quoted_status_id=mine)
    assert alice.status_quote_revoke(mine, quoting).quote.state == "revoked"
    alice.poll(his.poll)
    assert alice.poll_vote(his.poll, [1]).voted
    planned = alice.status_post("later", scheduled_at=datetime.now(UTC) + timedelta(hours=1))
    alice.scheduled_statuses(), alice.scheduled_status(planned)
    alice.scheduled_status_update(planned, datetime.now(UTC) + timedelta(hours=2))
    alice.scheduled_status_delete(planned)
    alice.status_delete(mine)
    with pytest.raises(MastodonNotFoundError):
        alice.status(mine)


def of_timelines(alice: Any, bob: Mastodon) -> None:
    for name in ("timeline", "timeline_home", "timeline_local", "timeline_public", "conversations", "lists",
                 "featured_tags", "featured_tag_suggestions", "timeline_is_available"):
        getattr(alice, name)()
    alice.timeline_hashtag("cats")
    alice.timeline_link("https://example.com")
    for name in ("tag", "tag_follow", "tag_unfollow", "tag_feature", "tag_unfeature"):
        getattr(alice, name)("cats")
    alice.featured_tag_delete(alice.featured_tag_create("dogs"))
    friends, him = alice.list_create("Friends", exclusive=True), bob.me()
    alice.account_follow(him)
    alice.list(friends)
    alice.list_update(friends, "Best friends")
    alice.list_accounts_add(friends, [him])
    alice.list_accounts(friends)
    alice.timeline_list(friends)
    alice.list_accounts_delete(friends, [him])
    alice.list_delete(friends)
    for search in (alice.search, alice.search_v1, alice.search_v2):
        search("hello")
    bob.status_post("@alice psst", visibility="direct")
    alice.conversations_read(alice.conversations()[0])
    alice.markers_set("home", [alice.timeline_home()[0]])
    alice.markers_get(["home"])


def of_notifications_and_filters(alice: Any, bob: Mastodon) -> None:
    him = bob.me()
    several = alice.notifications()
    alice.notifications(several[0].id)
    alice.notifications_unread_count()
    groups = alice.grouped_notifications()
    key = groups.notification_groups[0].group_key
    alice.grouped_notification(key), alice.grouped_notification_accounts(key)
    alice.unread_grouped_notifications_count()
    alice.dismiss_grouped_notification(key)
    alice.notifications_policy()
    alice.update_notifications_policy(for_not_following="filter")
    alice.account_unfollow(him)
    bob.status_post("@alice are you there?")
    asked = alice.notification_requests()
    assert [each.account.id for each in asked] == [him.id]
    alice.notification_request(asked[0])
    alice.accept_notification_request(asked[0])
    alice.dismiss_multiple_notification_requests([])
    alice.accept_multiple_notification_requests([])
    with pytest.raises(MastodonNotFoundError):
        alice.dismiss_notification_request(asked[0])
    assert alice.notifications_merged() is True
    alice.notifications_dismiss(alice.notifications()[0])
    alice.notifications_clear()
    kept = alice.create_filter_v2("Films", ["home"], "warn", keywords_attributes=[{"keyword": "butler"}])
    alice.filters_v2(), alice.filter_v2(kept), alice.update_filter_v2(kept, title="All films")
    word = alice.add_filter_keyword_v2(kept, "cook")
    alice.filter_keywords_v2(kept)
    alice.delete_filter_keyword_v2(word["id"])
    left_out = alice.add_filter_status_v2(kept, alice.timeline_public()[0])
    alice.filter_statuses_v2(kept), alice.filter_status_v2(left_out)
    alice.delete_filter_status_v2(left_out)
    alice.delete_filter_v2(kept)
    older = alice.filter_create("word", ["home"])
    alice.filters(), alice.filter(older), alice.filter_update(older, phrase="words", context=["home"])
    alice.filter_delete(older)
    private, public = alice.push_subscription_generate_keys()
    assert private["auth"] == public["auth"]
    alice.push_subscription_set("https://push.example/1", public, mention_events=True)
    alice.push_subscription(), alice.push_subscription_update(follow_events=True)
    alice.push_subscription_delete()


def test_every_method_is_answered_as_it_expects(people: tuple[Noting, Mastodon]) -> None:
    alice, bob = people
    about_the_server(alice)
    of_accounts(alice, bob)
    of_statuses(alice, bob)
    of_timelines(alice, bob)
    of_notifications_and_filters(alice, bob)

    known = {name for name, _ in inspect.getmembers(Mastodon, callable) if not name.startswith(("_", *OF_OTHERS))}
    assert known - alice.called - NOT_SERVED - ELSEWHERE - LOCAL == set()
