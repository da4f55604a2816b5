"""What administrators have laid down for other servers by their host: at the inbox, in the worker, on the way out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.federation import resolving
from chalicelib.domain.federation.receiving import accepting
from chalicelib.ids import iso
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from tests import leftovers
from tests.cast import Person
from tests.endpoints.federation.sending import HERE, Drain, create, follow, followers, sends, to, told, undo, uri
from tests.peers.scripted import PUBLIC, Document, Peer
from tests.peers.spelling import key_pair
from tests.simulated_aws import LocalAws

Setting = Callable[..., None]
ACTIVITY = "application/activity+json"
PICTURE = {"type": "Document", "mediaType": "image/png", "url": "https://files.example/a.png"}


@pytest.fixture
def fern(far: Peer, alice: Person, drain: Drain) -> Document:
    """Follows alice, and is followed by alice."""
    fern = far.actor("fern", icon={"type": "Image", "url": "https://files.example/me.png"},
                     image={"type": "Image", "url": "https://files.example/wide.png"})
    sends(far, follow(far, fern, alice), fern)
    drain()
    alice.post(f"/api/v1/accounts/{_account(far)['id']}/follow")
    drain()
    (asked,) = [each.json for each in far.received if each.json["type"] == "Follow"]
    sends(far, far.activity("Accept", fern, asked), fern)
    drain()
    far.asked.clear()
    return fern


def _account(far: Peer, name: str = "fern") -> dict[str, Any]:
    account = accounts.find_by_nickname(f"{name}@{far.host}")
    assert account is not None
    return {"id": account.id, "profile": account.profile}


def posts(far: Peer, fern: Document, drain: Drain, content: str = "hello", **changes: Any) -> Document:
    note = far.note(fern, content, **changes)
    sends(far, create(far, note, fern), fern)
    drain()
    return note


def home(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get("/api/v1/timelines/home").json
    return found


# Rejected.


def rejecting(far: Peer) -> list[dict[str, str]]:
    host = far.host.partition(":")[0]
    return [{"mrf_simple_reject": f"other.example, {far.host.upper()}|they are rude"}, {"mrf_simple_reject": host},
            {"mrf_simple_reject": f"*.{far.host}"}, {"mrf_simple_accept": "friend.example"}]


def test_nothing_is_taken_of_a_rejected_host_and_nothing_asked_of_it(
        far: Peer, fern: Document, alice: Person, aws: LocalAws, setting: Setting) -> None:
    note = far.note(fern, "hello")
    for number, rejected in enumerate(rejecting(far)):
        setting(mrf_simple_reject="", mrf_simple_accept="")
        setting(**rejected)
        reply = sends(far, create(far, note, fern, id=f"{fern['id']}#{number}"), fern)
        assert (reply.status, reply.body, reply.calls) == (202, "", 0)
        assert aws.messages("inbox") == []
        found = alice.get("/api/v2/search", {"q": f"gina{number}@{far.host}", "resolve": True}).json
        assert ([each["username"] for each in found["accounts"]], far.asked) == (["fern"], []), "who is known is found"


@pytest.mark.parametrize("policy", [{"mrf_simple_reject": "elsewhere.example, 127.0.0.1:1, *.0.0.1:2"},
                                    {"mrf_simple_accept": "127.0.0.1"}])
def test_others_are_taken(far: Peer, fern: Document, alice: Person, drain: Drain, setting: Setting,
                          policy: dict[str, str]) -> None:
    setting(**policy)
    posts(far, fern, drain)

    assert [each["account"]["username"] for each in home(alice)] == ["fern"]


def test_what_a_host_deletes_is_taken_though_it_is_rejected(
        far: Peer, fern: Document, alice: Person, drain: Drain, setting: Setting) -> None:
    note = posts(far, fern, drain)
    setting(mrf_simple_reject=far.host)
    assert home(alice), "what was here stays"

    sends(far, far.activity("Delete", fern, note["id"]), fern)
    drain()

    assert home(alice) == []


def test_deletions_of_a_host_are_dropped_and_all_else_taken(
        far: Peer, fern: Document, alice: Person, drain: Drain, setting: Setting, aws: LocalAws) -> None:
    setting(mrf_simple_reject_deletes=far.host)
    note = posts(far, fern, drain)

    for about in (note["id"], fern["id"]):
        assert sends(far, far.activity("Delete", fern, about), fern).status == 202

    assert aws.messages("inbox") == []
    assert home(alice)


@pytest.mark.parametrize("activity", ["Create", "Delete"])
def test_what_was_taken_before_the_policy_is_left_out_by_the_worker(
        far: Peer, fern: Document, alice: Person, drain: Drain, setting: Setting, activity: str) -> None:
    note = posts(far, fern, drain) if activity == "Delete" else far.note(fern, "late")
    sends(far, far.activity(activity, fern, note if activity == "Create" else note["id"], to=[PUBLIC]), fern)
    before = home(alice)

    setting(mrf_simple_reject=far.host, mrf_simple_reject_deletes=far.host)
    drain()

    assert home(alice) == before


def test_what_passes_on_something_of_a_rejected_host_is_dropped(
        far: Peer, fern: Document, third: Peer, alice: Person, aws: LocalAws, setting: Setting) -> None:
    setting(mrf_simple_reject=third.host)
    note = third.note(third.actor("gina"), "hello")

    for about in (note["id"], note):
        assert sends(far, far.activity("Announce", fern, about, to=[PUBLIC]), fern).status == 202

    assert (aws.messages("inbox"), third.asked) == ([], [])


def test_what_a_rejected_host_has_written_is_not_fetched_for_those_who_answer_it(
        far: Peer, fern: Document, third: Peer, alice: Person, drain: Drain, setting: Setting) -> None:
    setting(mrf_simple_reject=third.host)
    note = third.note(third.actor("gina"), "hello")

    posts(far, fern, drain, "I answer", inReplyTo=note["id"])

    (shown,) = home(alice)
    assert (shown["in_reply_to_id"], third.asked) == (None, [])


def test_nothing_is_sent_to_a_rejected_host(
        far: Peer, fern: Document, alice: Person, drain: Drain, setting: Setting) -> None:
    alice.posts("before, and on its way when the host is rejected")
    setting(mrf_simple_reject=far.host)
    alice.posts("hello")
    alice.posts(f"hello @fern@{far.host}", visibility="direct")
    alice.post(f"/api/v1/accounts/{_account(far)['id']}/unfollow")
    drain()

    assert far.received == []


@pytest.mark.parametrize(("demanded", "status"), [(True, 403), (False, 404)])
def test_a_rejected_host_reads_nothing_under_its_own_name(
        far: Peer, fern: Document, alice: Person, setting: Setting, demanded: bool, status: int) -> None:
    setting(authorized_fetch=demanded, mrf_simple_reject=far.host)
    path = alice.posts("hello")["uri"].removeprefix(HERE)

    assert far.asks(path, by=fern).status == status
    assert far.asks(path, by=far.actor("gina")).status == (403 if demanded else 200), "a key that nobody knows"
    assert far.asked == [], "no key is fetched of it"


def test_a_signature_counts_in_whichever_header_it_is(
        far: Peer, fern: Document, alice: Person, anonymous: Person) -> None:
    path = alice.posts("hello")["uri"].removeprefix(HERE)
    alice.post(f"/api/v1/accounts/{_account(far)['id']}/block")
    headers = far.headers_for("GET", path, by=fern)
    signature = headers.pop("signature")

    def asks(**more: str) -> int:
        return anonymous.get(path, headers=headers | {"accept": ACTIVITY} | more).status

    assert (asks(), asks(authorization=f"Signature {signature}"), asks(signature=signature)) == (200, 404, 404)
    assert asks(authorization="Bearer nonsense") == 200


def test_administrators_reject_a_host_and_take_it_back(
        far: Peer, fern: Document, alice: Person, admin: Person, drain: Drain, setting: Setting) -> None:
    setting(configurable_from_database=True)

    def rejects(hosts: list[str]) -> None:
        value = [{"tuple": [":reject", hosts]}]
        sent = {"configs": [{"group": ":pleroma", "key": ":mrf_simple", "value": value}]}
        assert admin.post("/api/pleroma/admin/config", json=sent).status == 200

    for hosts, here in (([far.host], 0), ([], 1)):
        rejects(hosts)
        posts(far, fern, drain)
        assert len(home(alice)) == here


# Quarantined.


def test_those_in_quarantine_get_what_is_for_everybody_and_nothing_else(
        far: Peer, fern: Document, alice: Person, drain: Drain, setting: Setting) -> None:
    liked = posts(far, fern, drain)
    setting(quarantined_instances=f"{far.host}|they leak")
    (status,) = home(alice)
    for visibility in ("public", "unlisted", "private"):
        alice.posts(f"hello {visibility}", visibility=visibility)
    gone = alice.posts(f"hello @fern@{far.host}", visibility="direct")
    alice.post(f"/api/v1/statuses/{status['id']}/favourite")
    alice.delete(f"/api/v1/statuses/{gone['id']}")
    drain()

    said = [(each.json["type"], each.json["object"].get("content", "")) for each in far.received]
    assert sorted(said) == [("Create", "hello public"), ("Create", "hello unlisted")], liked


# Reports.


@pytest.mark.parametrize(("policy", "reports"), [({}, 1), ({"mrf_simple_report_removal": "*.{host}"}, 0),
                                                 ({"mrf_simple_reject": "{host}"}, 0)])
def test_reports_of_a_host_are_dropped(far: Peer, fern: Document, alice: Person, admin: Person, drain: Drain,
                                       setting: Setting, policy: dict[str, str], reports: int) -> None:
    setting(**{name: text.format(host=far.host) for name, text in policy.items()})
    assert sends(far, far.activity("Flag", fern, uri(alice), content="rude"), fern).status == 202
    drain()

    assert admin.get("/api/pleroma/admin/reports").json["total"] == reports


# Statuses that become less.


@pytest.mark.parametrize(("policy", "left"), [
    ("nothing", ("public", 1, False, [])),
    ("media_removal", ("public", 0, False, [])),
    ("media_nsfw", ("public", 1, True, ["nsfw"])),
    ("federated_timeline_removal", ("unlisted", 1, False, [])),
    ("followers_only", ("private", 1, False, [])),
])
def test_a_policy_makes_less_of_a_status(far: Peer, fern: Document, alice: Person, bob: Person, drain: Drain,
                                         setting: Setting, policy: str, left: tuple[Any, ...]) -> None:
    if policy != "nothing":
        setting(**{f"mrf_simple_{policy}": f"*.{far.host}"})
    note = posts(far, fern, drain, attachment=[PICTURE])

    (shown,) = home(alice)
    assert (shown["visibility"], len(shown["media_attachments"]), shown["sensitive"],
            [each["name"] for each in shown["tags"]]) == left
    assert len(bob.get("/api/v1/timelines/public").json) == (left[0] == "public")
    assert bob.get(f"/api/v1/statuses/{shown['id']}").status == (404 if left[0] == "private" else 200)

    edited = {**note, "content": "<p>edited</p>", "updated": "2099-01-01T00:00:00Z"}
    sends(far, far.activity("Update", fern, edited, to=[PUBLIC]), fern)
    drain()
    (again,) = home(alice)
    assert "edited" in again["content"]
    assert (again["visibility"], len(again["media_attachments"]), again["sensitive"]) == left[:3]


def test_what_has_no_media_is_not_sensitive(far: Peer, fern: Document, alice: Person, drain: Drain,
                                            setting: Setting) -> None:
    setting(mrf_simple_media_nsfw=far.host)
    posts(far, fern, drain)

    assert (home(alice)[0]["sensitive"], home(alice)[0]["tags"]) == (False, [])


@pytest.mark.parametrize(("policy", "visibility"), [("federated_timeline_removal", "unlisted"),
                                                    ("followers_only", "private")])
def test_reblogs_of_a_host_become_less_too(far: Peer, fern: Document, alice: Person, bob: Person, drain: Drain,
                                           setting: Setting, policy: str, visibility: str) -> None:
    setting(**{f"mrf_simple_{policy}": far.host})
    status = bob.posts("hello")
    sends(far, far.activity("Announce", fern, status["uri"], to=[PUBLIC]), fern)
    drain()

    (reblog,) = [each for each in home(alice) if each["reblog"]]
    assert reblog["visibility"] == visibility


@pytest.mark.parametrize(("policy", "lacks"), [("avatar_removal", "avatar"), ("banner_removal", "header")])
def test_a_policy_takes_pictures_of_accounts(far: Peer, fern: Document, drain: Drain, setting: Setting, policy: str,
                                             lacks: str) -> None:
    assert {"avatar", "header"} <= _account(far)["profile"].keys()
    setting(**{f"mrf_simple_{policy}": far.host})
    sends(far, far.activity("Update", fern, fern, to=[PUBLIC]), fern)
    drain()

    assert {"avatar", "header"} - _account(far)["profile"].keys() == {lacks}


# Tags that administrators give to accounts of other servers.


@pytest.mark.parametrize(("tag", "left"), [
    ("mrf_tag:media-strip", ("public", 0, False)), ("mrf_tag:media-force-nsfw", ("public", 1, True)),
    ("mrf_tag:force-unlisted", ("unlisted", 1, False)), ("mrf_tag:sandbox", ("private", 1, False)),
])
def test_tags_act_on_accounts_of_other_servers(far: Peer, fern: Document, alice: Person, admin: Person, drain: Drain,
                                               tag: str, left: tuple[Any, ...]) -> None:
    names = {"nicknames": [f"fern@{far.host}"], "tags": [tag]}
    assert admin.put("/api/pleroma/admin/users/tag", json=names).status == 204
    posts(far, fern, drain, attachment=[PICTURE])

    (shown,) = home(alice)
    assert (shown["visibility"], len(shown["media_attachments"]), shown["sensitive"]) == left


def test_nobody_follows_an_account_elsewhere_whose_tag_forbids_it(
        far: Peer, fern: Document, admin: Person, bob: Person) -> None:
    names = {"nicknames": [f"fern@{far.host}"], "tags": ["mrf_tag:disable-any-subscription"]}
    admin.put("/api/pleroma/admin/users/tag", json=names)

    assert bob.post(f"/api/v1/accounts/{_account(far)['id']}/follow").status == 403


# Late ones.


@pytest.mark.parametrize(("threshold", "placed"), [(604_800, False), (0, True), (40 * 86_400, True)])
def test_how_late_a_status_may_come_is_a_setting(far: Peer, fern: Document, alice: Person, drain: Drain,
                                                 setting: Setting, threshold: int, placed: bool) -> None:
    setting(mrf_object_age_threshold=threshold)
    posts(far, fern, drain, published=iso(time.time() - 30 * 86_400))

    assert bool(home(alice)) is placed


# What is not here.


@pytest.mark.parametrize("type", ["Like", "EmojiReact", "Announce", "Update", "View"])
def test_what_is_about_things_that_are_not_here_writes_nothing(
        far: Peer, bob: Person, alice: Person, drain: Drain, aws: LocalAws, type: str) -> None:
    gina = far.actor("gina")
    wanted = follow(far, gina, alice)
    for activity in (wanted, undo(far, wanted)):
        sends(far, activity, gina)
        drain()
    before = leftovers.contents(aws).items

    for about in (f"{HERE}/objects/9e3c5a1e-0000-4000-8000-000000000000", f"{far.url}/notes/1"):
        assert sends(far, far.activity(type, gina, about, content="🔥", to=[PUBLIC]), gina).status == 202
        drain()

    assert leftovers.contents(aws).items == before


# One host sends too much.


def test_one_host_sends_too_much_and_others_are_served(
        far: Peer, fern: Document, third: Peer, alice: Person, bob: Person, drain: Drain, setting: Setting) -> None:
    setting(inbox_limit=5)
    accepting.forget()
    ivy = third.actor("ivy")
    sends(third, follow(third, ivy, bob), ivy)
    drain()
    accepting.forget()

    flood = [sends(far, far.activity("Delete", fern, f"{fern['id']}/{number}"), fern) for number in range(8)]
    served = [sends(third, create(third, third.note(ivy, "hi", **to(bob)), ivy), ivy).status for _ in range(3)]
    drain()

    assert [each.status for each in flood] == [202] * 5 + [429] * 3
    assert (flood[-1].calls, flood[-1].headers["retry-after"]) == (0, "60"), "refused without a read"
    assert (served, len(told(bob))) == ([202] * 3, 4)
    assert alice.posts("and people post")["id"]


def test_nobody_uses_up_what_another_host_may_send(
        far: Peer, fern: Document, alice: Person, setting: Setting) -> None:
    """Who sends in the name of a host without its key counts by where it comes from."""
    setting(inbox_limit=5)
    accepting.forget()
    right = far.keys[fern["id"]]

    def likes(ip: str) -> int:
        front = {"x_kenoma_front": settings.front_key, "x_kenoma_client": ip}
        return sends(far, far.activity("Like", fern, uri(alice)), fern, **front).status

    far.keys[fern["id"]] = key_pair("another")
    forged = [likes("192.0.2.7") for _ in range(8)]
    far.keys[fern["id"]] = right

    assert forged == [401] * 5 + [429] * 3
    assert likes("198.51.100.9") == 202


def test_followers_are_as_they_were(far: Peer, fern: Document, alice: Person, setting: Setting) -> None:
    setting(mrf_simple_reject=far.host)

    assert followers(alice) == [f"fern@{far.host}"], "relations stay"
    assert resolving.find_account(fern["id"]) is not None
