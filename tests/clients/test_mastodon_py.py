"""Mastodon.py signs in, reads, writes, pages and signs out, as people use it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonIllegalArgumentError, MastodonNotFoundError

from infra.local.seed import PASSWORD
from tests.clients.browser import Browser
from tests.running.stage import Stage, until

SCOPES = ["read", "write", "follow", "push"]


@pytest.fixture(scope="module")
def app(stage: Stage) -> tuple[str, str]:
    made: tuple[str, str] = Mastodon.create_app("Client tests", api_base_url=stage.url, scopes=SCOPES,
                                                website="https://app.example")
    return made


def signed_in(stage: Stage, app: tuple[str, str], name: str) -> Mastodon:
    # `pleroma` lets the client pass content_type; everything else is the same.
    client = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=stage.url, feature_set="pleroma")
    client.log_in(name, PASSWORD, scopes=SCOPES, allow_http=True)
    return client


@pytest.fixture(scope="module")
def alice(stage: Stage, app: tuple[str, str]) -> Mastodon:
    return signed_in(stage, app, "alice")


@pytest.fixture(scope="module")
def bob(stage: Stage, app: tuple[str, str]) -> Mastodon:
    return signed_in(stage, app, "bob")


@pytest.fixture(scope="module")
def anonymous(stage: Stage) -> Mastodon:
    return Mastodon(api_base_url=stage.url)


def ids(statuses: Any) -> list[str]:
    return [status.id for status in statuses]


def test_it_knows_the_server_for_what_it_is(anonymous, stage):
    instance = anonymous.instance_v1()

    assert (instance.title, instance.uri) == ("Kenoma", stage.url)
    assert instance.version.startswith("4.5.0 (compatible; Pleroma ")
    assert instance.registrations is True
    assert anonymous.instance().configuration.urls.streaming == stage.url.replace("http", "ws")
    assert anonymous.instance_nodeinfo().software.name == "pleroma"
    assert anonymous.instance_peers() == []


def test_it_signs_in_and_sees_its_own_account(alice):
    me = alice.account_verify_credentials()

    assert (me.username, me.acct, me.source.privacy) == ("alice", "alice", "public")
    assert isinstance(me.created_at, datetime)
    assert alice.app_verify_credentials().name == "Client tests"


def test_a_wrong_password_does_not_sign_in(stage, app):
    client = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=stage.url)

    with pytest.raises(MastodonIllegalArgumentError, match="Invalid credentials"):
        client.log_in("alice", "not this", scopes=SCOPES, allow_http=True)


def test_it_signs_in_with_the_code_from_the_page(stage, app):
    client = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=stage.url)
    url = client.auth_request_url(scopes=SCOPES, allow_http=True)

    code = Browser().sign_in(url, "alice", PASSWORD).code

    client.log_in(code=code, scopes=SCOPES, allow_http=True)
    assert client.account_verify_credentials().username == "alice"


def test_it_posts_and_finds_it_at_home_and_in_public(alice, anonymous):
    status = alice.status_post("plain <b>text</b> & more")

    assert status.content == "plain &lt;b&gt;text&lt;/b&gt; &amp; more"
    assert status.visibility == "public"
    assert abs((datetime.now(UTC) - status.created_at).total_seconds()) < 60
    assert ids(alice.timeline_home())[0] == status.id
    assert status.id in ids(alice.timeline_local())
    assert status.id in ids(anonymous.timeline_public())
    assert anonymous.status(status.id).uri == status.uri


def test_markdown_a_mention_a_tag_and_a_custom_emoji(alice, bob):
    status = alice.status_post("**hello** @bob :comet: #Tea", content_type="text/markdown")

    assert "<strong>hello</strong>" in status.content
    assert [mention.acct for mention in status.mentions] == ["bob"]
    assert [tag.name for tag in status.tags] == ["tea"]
    assert [emoji.shortcode for emoji in status.emojis] == ["comet"]
    assert status.id in ids(bob.timeline_home())


def test_visibility_spoiler_and_direct(alice, bob, anonymous):
    private = alice.status_post("for followers", visibility="private", spoiler_text="careful", sensitive=True)
    direct = alice.status_post("@bob only you", visibility="direct")

    assert (private.spoiler_text, private.sensitive) == ("careful", True)
    assert bob.status(direct.id).visibility == "direct"
    for hidden in (private, direct):
        with pytest.raises(MastodonNotFoundError):
            anonymous.status(hidden.id)


def test_a_thread_and_its_end(alice, bob):
    first = alice.status_post("first")
    second = bob.status_reply(to_status=first, status="second")
    third = alice.status_post("third", in_reply_to_id=second)

    context = alice.status_context(second)

    assert (ids(context.ancestors), ids(context.descendants)) == ([first.id], [third.id])
    assert alice.status(first).replies_count == 1
    gone = alice.status_delete(first)
    assert gone.text == "first"
    with pytest.raises(MastodonNotFoundError):
        alice.status(first)
    with pytest.raises(MastodonAPIError):
        alice.status_delete(second)


def test_the_same_key_posts_once(alice):
    one, other = (alice.status_post("once", idempotency_key="a key") for _ in range(2))

    assert one.id == other.id


def test_paging_in_both_directions(alice, bob):
    written = [bob.status_post(f"number {number}", visibility="unlisted").id for number in range(12)][::-1]
    me = bob.me()

    first = alice.account_statuses(me, limit=5)
    second = alice.fetch_next(first)
    third = alice.fetch_next(second)

    assert ids(first) + ids(second) + ids(third)[:2] == written
    assert ids(alice.fetch_previous(second)) == ids(first)
    assert ids(alice.fetch_remaining(first))[:12] == written
    assert ids(alice.timeline_home(max_id=first[0], limit=1)) != ids(first)[:1]
    home = bob.timeline_home(limit=5)
    assert ids(home) == written[:5]
    assert ids(bob.fetch_next(home)) == written[5:10]
    assert ids(bob.fetch_previous(bob.fetch_next(home))) == written[:5]


def test_following_and_its_end(alice, bob):
    friend = alice.me()

    relationship = bob.account_follow(friend)

    assert (relationship.following, relationship.showing_reblogs) == (True, True)
    assert [each.acct for each in alice.account_followers(friend)] == ["bob"]
    assert [each.acct for each in bob.account_following(bob.me())] == ["alice"]
    assert alice.account_relationships([bob.me()])[0].followed_by is True
    status = alice.status_post("to those who follow", visibility="private")
    until(lambda: status.id in ids(bob.timeline_home()), 5)
    assert bob.account_follow(friend, reblogs=False).showing_reblogs is False
    assert bob.account_unfollow(friend).following is False
    assert alice.me().followers_count == 0


def test_accounts_by_id_and_by_name(alice, bob):
    assert alice.account(bob.me().id).acct == "bob"
    assert alice.account_lookup("bob").id == bob.me().id
    with pytest.raises(MastodonNotFoundError):
        alice.account_lookup("nobody")


def test_custom_emoji_have_pictures(anonymous):
    found = anonymous.custom_emojis()

    assert {"comet", "kettle"} <= {emoji.shortcode for emoji in found}
    picture = anonymous.session.get(found[0].url, timeout=10)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")


def test_lists_that_are_empty_here(alice):
    assert (alice.suggestions(), alice.endorsements()) == ([], [])


def test_it_signs_up_an_account(stage, app):
    client = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=stage.url)

    client.create_account("dave", "a good password", "dave@example.org", agreement=True, scopes=["read", "write"])

    assert client.account_verify_credentials().acct == "dave"
    with pytest.raises(MastodonIllegalArgumentError, match="has already been taken"):
        client.create_account("dave", "a good password", "d@example.org", agreement=True, scopes=["read", "write"])


def test_pleroma_s_own_endpoints_through_the_client_s_session(stage, alice, bob, tmp_path: Path):
    """This version has no methods for reactions and imports; its users call them with its token."""
    status = alice.status_post("react to this")
    headers = {"Authorization": f"Bearer {bob.access_token}"}
    path = f"{stage.url}/api/v1/pleroma/statuses/{status.id}/reactions"

    shown = bob.session.put(f"{path}/😀", headers=headers, timeout=10).json()

    assert shown["pleroma"]["emoji_reactions"] == [{"name": "😀", "count": 1, "me": True}]
    assert alice.status(status).pleroma.emoji_reactions[0].count == 1
    assert [each["name"] for each in bob.session.get(path, headers=headers, timeout=10).json()] == ["😀"]
    assert bob.session.delete(f"{path}/%F0%9F%98%80", headers=headers, timeout=10).status_code == 200
    exported = io.BytesIO(b"Account address,Show boosts\nalice,true\nnobody@elsewhere.example,true\n")
    started = bob.session.post(f"{stage.url}/api/pleroma/follow_import", headers=headers, timeout=10,
                               files={"list": ("following_accounts.csv", exported, "text/csv")})
    assert started.json() == "job started"
    until(lambda: bob.account_relationships(alice.me())[0].following, 10)


def test_a_revoked_token_is_over(stage, app):
    client = signed_in(stage, app, "admin")
    token = client.access_token

    client.revoke_access_token(allow_http=True)

    late = Mastodon(access_token=token, api_base_url=stage.url)
    with pytest.raises(MastodonAPIError, match="Invalid credentials"):
        late.account_verify_credentials()
