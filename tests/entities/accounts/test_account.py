"""The account entity: what it shows to whom, with plain records; and what a page of accounts costs."""

import pytest

from chalicelib.domain.viewer import Viewer
from chalicelib.entities.accounts.account import arrange_account, render_accounts
from chalicelib.ids import new_flake
from chalicelib.store.accounts.accounts import Account, ViewerSet
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.relationships.relations import Relation

DEFAULT_AVATAR = "http://kenoma.test/images/avi.png"
DEFAULT_BANNER = "http://kenoma.test/images/banner.png"


@pytest.fixture
def account():
    """An account that never changed anything."""
    return Account("09Nn5dyzNLiQkSCkeP", "P", nickname="dora", nickname_lower="dora")


def viewer(account, **attributes):
    for name, value in attributes.items():
        setattr(account, name, value)
    return Viewer(account, ViewerSet(account.id, "X#0"))


@pytest.fixture
def somebody():
    return viewer(Account(new_flake(), "P", nickname="somebody", nickname_lower="somebody"))


def test_an_untouched_account_shows_the_defaults(account):
    shown = arrange_account(account, None)

    assert shown == {
        "id": "09Nn5dyzNLiQkSCkeP", "username": "dora", "acct": "dora", "display_name": "dora", "locked": False,
        "created_at": shown["created_at"], "followers_count": 0, "following_count": 0, "statuses_count": 0,
        "note": "", "url": "http://kenoma.test/users/dora", "avatar": DEFAULT_AVATAR, "avatar_static": DEFAULT_AVATAR,
        "header": DEFAULT_BANNER, "header_static": DEFAULT_BANNER, "emojis": [], "fields": [], "bot": False,
        "source": {"note": "", "sensitive": False, "fields": [],
                   "pleroma": {"actor_type": "Person", "discoverable": False}},
        "pleroma": {
            "ap_id": "http://kenoma.test/users/dora", "also_known_as": [], "confirmation_pending": False, "tags": [],
            "hide_followers": False, "hide_follows": False, "hide_followers_count": False, "hide_follows_count": False,
            "hide_favorites": True, "skip_thread_containment": False, "relationship": {}, "background_image": None,
            "accepts_chat_messages": True, "favicon": None, "is_admin": False, "is_moderator": False,
            "is_confirmed": True, "is_suggested": False, "is_active": True, "birthday": None,
            "avatar_description": "", "header_description": "",
        },
        "uri": "http://kenoma.test/users/dora", "fqn": "dora@kenoma.test", "group": False, "discoverable": False,
        "indexable": False, "noindex": True, "hide_collections": False, "last_status_at": None, "roles": [],
        "avatar_description": "", "header_description": "", "attribution_domains": [], "show_media": True,
        "show_media_replies": True, "show_featured": True,
        "feature_approval": {"automatic": [], "manual": [], "current_user": "denied"},
        "akkoma": {"instance": None, "status_ttl_days": None, "permit_followback": False, "web_feed": None},
    }
    assert shown["created_at"].endswith(".000Z")
    assert len(shown["created_at"]) == 24


def test_an_account_shows_what_its_profile_says(account):
    account.doc = {
        "display_name": "Dora <3 :blob:", "note": "Hi", "note_html": "<b>Hi</b>", "avatar": "/media/a.png",
        "header": "https://cdn.example/h.png", "background": "/media/b.png", "emojis": {"blob": "pack/blob one.png"},
        "fields": [["Site", "https://a.example", '<a href="https://a.example">a.example</a>']],
        "also_known_as": ["https://old.example/users/dora"], "hide_favorites": False, "discoverable": True,
        "skip_thread_containment": True, "accepts_chat_messages": False,
    }
    account.actor_type, account.locked, account.tags = "Service", True, ["mrf_tag:media-strip"]

    shown = arrange_account(account, None)

    assert shown["display_name"] == "Dora <3 :blob:"
    assert (shown["note"], shown["source"]["note"]) == ("<b>Hi</b>", "Hi")
    assert shown["avatar"] == shown["avatar_static"] == "http://kenoma.test/media/a.png"
    assert shown["header"] == shown["header_static"] == "https://cdn.example/h.png"
    assert shown["pleroma"]["background_image"] == "http://kenoma.test/media/b.png"
    url = "http://kenoma.test/emoji/pack/blob%20one.png"
    assert shown["emojis"] == [{"shortcode": "blob", "url": url, "static_url": url, "visible_in_picker": False}]
    assert shown["fields"] == [{"name": "Site", "value": '<a href="https://a.example">a.example</a>',
                                "verified_at": None}]
    assert shown["source"]["fields"] == [{"name": "Site", "value": "https://a.example"}]
    assert shown["bot"] is True
    assert shown["locked"] is True
    assert shown["source"]["pleroma"] == {"actor_type": "Service", "discoverable": True}
    assert shown["pleroma"]["tags"] == ["mrf_tag:media-strip"]
    assert shown["pleroma"]["accepts_chat_messages"] is False
    assert shown["pleroma"]["hide_favorites"] is False


@pytest.mark.parametrize(("hidden", "expected"), [
    ({}, (3, 4)), ({"hide_followers": True, "hide_follows": True}, (3, 4)),
    ({"hide_followers_count": True, "hide_follows_count": True}, (3, 4)),
    ({"hide_followers": True, "hide_followers_count": True}, (0, 4)),
    ({"hide_follows": True, "hide_follows_count": True}, (3, 0)),
])
def test_counts_are_hidden_only_where_list_and_count_are(account, somebody, hidden, expected):
    account.doc, account.followers_count, account.following_count = hidden, 3, 4

    to_others = arrange_account(account, somebody)
    to_itself = arrange_account(account, viewer(account))

    assert (to_others["followers_count"], to_others["following_count"]) == expected
    assert (to_itself["followers_count"], to_itself["following_count"]) == (3, 4)


def test_roles_show_to_others_unless_the_account_hides_them(account, somebody):
    account.is_moderator = True
    shown = arrange_account(account, somebody)["pleroma"]
    account.doc = {"show_role": False}
    hidden, own = arrange_account(account, somebody)["pleroma"], arrange_account(account, viewer(account))["pleroma"]

    assert (shown["is_admin"], shown["is_moderator"]) == (False, True)
    assert not {"is_admin", "is_moderator"} & hidden.keys()
    assert own["is_moderator"] is True


def test_deactivation_shows_to_administrators_only(account, somebody):
    account.deactivated = True
    admin = viewer(Account(new_flake(), "P", nickname="a", nickname_lower="a"), is_admin=True)

    assert arrange_account(account, admin)["pleroma"]["deactivated"] is True
    assert "deactivated" not in arrange_account(account, somebody)["pleroma"]


def test_the_owner_sees_their_settings(account):
    account.doc = {"default_scope": "private", "no_rich_text": True, "allow_following_move": False}
    account.notification_settings = {"hide_notification_contents": True, "remote": False}

    shown = arrange_account(account, viewer(account))

    assert shown["source"]["privacy"] == "private"
    assert shown["source"]["pleroma"]["no_rich_text"] is True
    assert shown["pleroma"]["allow_following_move"] is False
    assert shown["pleroma"]["notification_settings"] == {
        "block_from_strangers": False, "hide_notification_contents": True, "privacy_option": True,
        "followers": True, "follows": True, "remote": False, "local": True}


def test_an_account_from_elsewhere_says_nothing_about_chats(account):
    account.nickname, account.host = "dora@far.example", "far.example"

    shown = arrange_account(account, None)

    assert (shown["username"], shown["acct"]) == ("dora", "dora@far.example")
    assert shown["pleroma"]["accepts_chat_messages"] is None


def test_forty_accounts_with_relationships_cost_the_reads_of_two(alice, bob, cast):
    eyes = Viewer(alice.account, ViewerSet(alice.id, "X#0"))
    forty = [person.account for person in cast.people(40)]
    Relation(alice.id, forty[1].id, follow="a").save()

    with counted() as without:
        plain = render_accounts(forty, eyes)
    with counted() as two:
        render_accounts(forty[:2], eyes, with_relationships=True)
    with counted() as all_of_them:
        shown = render_accounts(forty, eyes, with_relationships=True)

    assert without.calls == 0
    assert (two.calls, two.rounds) == (all_of_them.calls, all_of_them.rounds) == (1, 1)
    assert [each["id"] for each in shown] == [each.id for each in forty]
    assert [each["pleroma"]["relationship"].get("following") for each in shown[:3]] == [False, True, False]
    assert plain[0]["pleroma"]["relationship"] == {}


def test_to_nobody_there_is_no_relationship(bob):
    assert render_accounts([bob.account], None, with_relationships=True)[0]["pleroma"]["relationship"] == {}
