"""GET /users/NICK/feed… and /tags/TAG…: feeds for feed readers."""

from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import feedparser
import pytest

from tests import emoji

ALICE, TAG = "/users/alice/feed", "/tags/moths"
PATHS = [ALICE, f"{ALICE}.atom", f"{ALICE}.rss", TAG, f"{TAG}.atom", f"{TAG}.rss"]
ATOM, RSS = "application/atom+xml; charset=utf-8", "application/rss+xml; charset=utf-8"
XML = {"a": "http://www.w3.org/2005/Atom", "thr": "http://purl.org/syndication/thread/1.0",
       "media": "http://search.yahoo.com/mrss/", "atom": "http://www.w3.org/2005/Atom",
       "dc": "http://purl.org/dc/elements/1.1/"}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
                    "0000000049454e44ae426082")


def read(reply):
    """What a reader library finds, which must not complain."""
    assert reply.status == 200, reply.text
    found = feedparser.parse(reply.body.encode(), response_headers={"content-type": reply.headers["content-type"]})
    assert not found.bozo, found.bozo_exception
    return found


def tree(reply):
    return ElementTree.fromstring(reply.body)


def uploaded(person, **form):
    return person.post("/api/v1/media", form=form, files={"file": ("a.png", PNG, "image/png")}).json["id"]


# Which statuses.


def test_each_address_has_its_format(alice, anonymous):
    alice.posts("#moths")

    assert [anonymous.get(path).headers["content-type"] for path in PATHS] == [ATOM, ATOM, RSS] * 2
    assert [read(anonymous.get(path)).version for path in PATHS] == ["atom10", "atom10", "rss20"] * 2


def test_an_account_has_what_it_wrote_for_everybody_newest_first(alice, bob, anonymous, drain):
    public, unlisted = alice.posts("one"), alice.posts("two", visibility="unlisted")
    for hidden in ("private", "direct", "local"):
        alice.posts("hidden", visibility=hidden)
    alice.post(f"/api/v1/statuses/{bob.posts('other')['id']}/reblog")
    drain()

    assert [each.id for each in read(anonymous.get(ALICE)).entries] == [unlisted["uri"], public["uri"]]


def test_replies_are_those_to_oneself(alice, bob, anonymous):
    first = alice.posts("one")
    second = alice.posts("two", in_reply_to_id=first["id"])
    alice.posts("three", in_reply_to_id=bob.posts("other")["id"])

    reply = anonymous.get(ALICE)

    assert [each.id for each in read(reply).entries] == [second["uri"], first["uri"]]
    (answers,) = tree(reply).findall("a:entry/thr:in-reply-to", XML)
    assert answers.attrib == {"ref": first["uri"], "href": f"http://kenoma.test/notice/{first['id']}"}


def test_a_tag_has_public_statuses_only_and_any_letter_case(alice, bob, anonymous, drain):
    first = alice.posts("#Moths")
    second = bob.posts("again #moths")
    alice.posts("#moths", visibility="unlisted")
    drain()

    assert [each.id for each in read(anonymous.get("/tags/MOTHS")).entries] == [second["uri"], first["uri"]]


@pytest.mark.parametrize("path", [f"{ALICE}.atom", f"{ALICE}.rss", f"{TAG}.atom", f"{TAG}.rss"])
def test_there_are_twenty_and_older_ones_by_max_id(alice, anonymous, drain, path):
    posted = [alice.posts(f"{number} #moths") for number in range(22)]
    drain()

    first = read(anonymous.get(path)).entries
    rest = read(anonymous.get(path, {"max_id": posted[2]["id"]})).entries

    assert [each.id for each in first] == [each["uri"] for each in posted[:1:-1]]
    assert [each.id for each in rest] == [posted[1]["uri"], posted[0]["uri"]]


def test_a_full_page_names_the_next_one(alice, anonymous):
    posted = [alice.posts(f"{number}") for number in range(21)]

    (following,) = [link.href for link in read(anonymous.get(ALICE)).feed.links if link.rel == "next"]
    rest = read(anonymous.get(following.removeprefix("http://kenoma.test")))

    assert [each.id for each in rest.entries] == [posted[0]["uri"]]
    assert [link.rel for link in rest.feed.links] == ["self", "alternate"]


def test_nobody_has_used_a_tag(anonymous):
    reply = anonymous.get(f"{TAG}.rss")

    assert read(reply).entries == []
    assert "last-modified" not in reply.headers


# What they say.


def test_an_atom_feed_says_whose_it_is(alice, anonymous):
    alice.patch("/api/v1/accounts/update_credentials",
                json={"display_name": "Al & Co", "note": "I like\nmoths & <b>x</b>"})
    status = alice.posts("hello")

    reply = anonymous.get(ALICE)

    feed = read(reply).feed
    assert (feed.id, feed.title) == ("http://kenoma.test/users/alice/feed.atom", "Al & Co (@alice@kenoma.test)")
    assert feed.subtitle == "I like moths & <b>x</b>"
    assert feed.updated == status["created_at"].replace(".000Z", "Z")
    assert feed.logo == feed.icon == "http://kenoma.test/images/avi.png"
    assert (feed.author_detail.name, feed.author_detail.href) == ("Al & Co", "http://kenoma.test/users/alice")
    assert feed.generator.startswith("Kenoma ")
    assert [(each.rel, each.type, each.href) for each in feed.links] == [
        ("self", "application/atom+xml", "http://kenoma.test/users/alice/feed.atom"),
        ("alternate", "text/html", "http://kenoma.test/users/alice")]


def test_an_rss_feed_says_the_same(alice, anonymous):
    status = alice.posts("hello")

    reply = anonymous.get(f"{ALICE}.rss")

    channel = tree(reply).find("channel")
    texts = {child.tag: child.text for child in channel}
    assert texts["title"] == "alice (@alice@kenoma.test)"
    assert texts["link"] == "http://kenoma.test/users/alice"
    assert texts["description"] == "@alice@kenoma.test on Kenoma"
    assert parsedate_to_datetime(texts["lastBuildDate"]).isoformat() == status["created_at"].replace(".000Z", "+00:00")
    assert {child.tag: child.text for child in channel.find("image")} == {
        "url": "http://kenoma.test/images/avi.png", "title": texts["title"], "link": texts["link"]}
    assert channel.find("atom:link", XML).attrib == {
        "rel": "self", "type": "application/rss+xml", "href": "http://kenoma.test/users/alice/feed.rss"}


def test_without_statuses_it_is_as_old_as_the_account(alice, anonymous):
    created = anonymous.get(f"/api/v1/accounts/{alice.id}").json["created_at"]

    reply = anonymous.get(ALICE)

    assert read(reply).feed.updated == created.replace(".000Z", "Z")
    assert parsedate_to_datetime(reply.headers["last-modified"]).isoformat() == created.replace(".000Z", "+00:00")


def test_a_tag_names_the_author_of_each(alice, anonymous):
    alice.posts("#moths")

    found = read(anonymous.get(TAG))

    assert (found.feed.id, found.feed.title) == ("http://kenoma.test/tags/moths.atom", "#moths")
    assert found.feed.subtitle == "Public posts tagged #moths"
    assert found.feed.logo == "http://kenoma.test/static/logo.svg"
    assert "author_detail" not in found.feed
    assert found.entries[0].author_detail.href == "http://kenoma.test/users/alice"
    assert found.entries[0].tags[0].term == "moths"


def test_an_entry_in_both_formats(alice, anonymous):
    status = alice.posts("one\ntwo <3")

    entry, item = (read(anonymous.get(path)).entries[0] for path in (ALICE, f"{ALICE}.rss"))

    assert entry.id == item.id == status["uri"]
    assert entry.title == item.title == "one two <3"
    assert entry.link == item.link == f"http://kenoma.test/notice/{status['id']}"
    assert entry.content[0].type == "text/html"
    assert entry.published == entry.updated == status["created_at"].replace(".000Z", "Z")
    assert tree(anonymous.get(ALICE)).find("a:entry/a:content", XML).text == status["content"]
    assert tree(anonymous.get(f"{ALICE}.rss")).find("channel/item/description").text == status["content"]
    assert item.author == "@alice@kenoma.test"
    assert not item.guidislink


def test_an_edit_changes_what_is_updated_and_not_what_is_published(alice, anonymous):
    status = alice.posts("hello")
    edited = alice.put(f"/api/v1/statuses/{status['id']}", json={"status": "hello again"}).json

    entry = read(anonymous.get(ALICE)).entries[0]

    assert entry.published == status["created_at"].replace(".000Z", "Z")
    assert entry.updated == edited["edited_at"].replace(".000Z", "Z")


def test_a_long_text_is_cut_in_the_title(alice, anonymous):
    alice.posts("x" * 100)
    alice.posts("y" * 99)

    assert [each.title for each in read(anonymous.get(ALICE)).entries] == ["y" * 99, "x" * 97 + "..."]


def test_a_content_warning_is_title_summary_and_before_the_text(alice, anonymous):
    alice.posts("spiders", spoiler_text="legs & <more>")

    entry, item = (read(anonymous.get(path)).entries[0] for path in (ALICE, f"{ALICE}.rss"))

    assert entry.title == item.title == "legs & <more>"
    assert entry.summary == "legs & <more>"
    assert tree(anonymous.get(f"{ALICE}.rss")).find("channel/item/description").text == (
        "<p><strong>Content warning:</strong> legs &amp; &lt;more&gt;</p>spiders")


def test_emoji_are_pictures(alice, anonymous):
    emoji.made("kit", 1)
    alice.posts("a :kit0: b")

    html = tree(anonymous.get(f"{ALICE}.rss")).find("channel/item/description").text

    assert html == ('a <img src="http://kenoma.test/emoji/kit/kit0.png" alt=":kit0:" title=":kit0:" height="20"> b')


def test_pictures_are_enclosures_with_their_descriptions(alice, anonymous):
    first, second = uploaded(alice, description="a <moth>"), uploaded(alice)
    status = alice.posts("", media_ids=[first, second])
    urls = [each["url"] for each in status["media_attachments"]]

    atom, rss = tree(anonymous.get(ALICE)), tree(anonymous.get(f"{ALICE}.rss"))

    assert atom.find("a:entry/a:title", XML).text == "Post by alice"
    assert [each.attrib for each in atom.findall("a:entry/a:link[@rel='enclosure']", XML)] == [
        {"rel": "enclosure", "href": urls[0], "type": "image/png", "title": "a <moth>"},
        {"rel": "enclosure", "href": urls[1], "type": "image/png"}]
    assert [each.attrib for each in rss.findall("channel/item/enclosure")] == [
        {"url": urls[0], "length": "0", "type": "image/png"}]
    contents = rss.findall("channel/item/media:content", XML)
    assert [each.attrib for each in contents] == [
        {"url": url, "type": "image/png", "medium": "image"} for url in urls]
    assert contents[0].find("media:description", XML).text == "a <moth>"
    assert [each.find("media:rating", XML).text for each in contents] == ["nonadult"] * 2
    html = rss.find("channel/item/description").text
    assert f'<img src="{urls[0]}" alt="a &lt;moth&gt;" width="1" height="1" />' in html


def test_sensitive_pictures_are_not_shown(alice, anonymous):
    alice.posts("look", media_ids=[uploaded(alice)], sensitive=True)

    item = tree(anonymous.get(f"{ALICE}.rss")).find("channel/item")

    assert item.find("description").text == "look"
    assert item.find("media:content/media:rating", XML).text == "adult"


@pytest.mark.parametrize("path", [ALICE, f"{ALICE}.rss"])
def test_characters_that_xml_forbids_are_dropped(alice, anonymous, path):
    alice.posts("a\x08b\ufffe ]]> <script>alert(1)</script> &amp;")

    entry = read(anonymous.get(path)).entries[0]

    assert entry.title.startswith("ab ]]>")


def test_search_engines_may_list_a_feed_as_its_author_wants(alice, anonymous):
    before = anonymous.get(ALICE).headers
    alice.patch("/api/v1/accounts/update_credentials", json={"discoverable": True})

    assert before["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in anonymous.get(ALICE).headers
    assert anonymous.get(TAG).headers["x-robots-tag"] == "noindex"


# Validators.


@pytest.mark.parametrize("path", PATHS)
def test_who_has_it_gets_no_body(alice, anonymous, path):
    alice.posts("#moths")
    first = anonymous.get(path)
    tag, moment = first.headers["etag"], first.headers["last-modified"]

    by_tag = anonymous.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    by_time = anonymous.get(path, headers={"If-Modified-Since": moment})
    other = anonymous.get(path, headers={"If-None-Match": '"other"', "If-Modified-Since": moment})
    earlier = anonymous.get(path, headers={"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"})
    senseless = anonymous.get(path, headers={"If-Modified-Since": "yesterday"})

    assert tag.startswith('"')
    assert [(each.status, each.body) for each in (by_tag, by_time)] == [(304, "")] * 2
    assert by_tag.headers["etag"] == tag
    assert [each.status for each in (other, earlier, senseless)] == [200] * 3
    assert first.headers["cache-control"] == "public, max-age=60"


def test_another_status_is_another_tag(alice, anonymous):
    alice.posts("one")
    before = anonymous.get(ALICE).headers["etag"]
    alice.posts("two")

    assert anonymous.get(ALICE, headers={"If-None-Match": before}).status == 200


@pytest.mark.parametrize("path", PATHS)
def test_the_head_can_be_asked_for(alice, anonymous, path):
    reply = anonymous.request("HEAD", path)

    assert (reply.status, reply.body) == (200, "")
    assert reply.headers["content-type"] in (ATOM, RSS)


def test_nobody_s_cookie_or_token_matters(alice, anonymous):
    alice.posts("mine", visibility="private")

    assert alice.get(ALICE).body == anonymous.get(ALICE).body
    assert "set-cookie" not in alice.get(ALICE).headers


# What leads here, and what is not there.


@pytest.mark.parametrize(("path", "target"), [
    ("/@alice.rss", f"{ALICE}.rss"), ("/@alice.atom", f"{ALICE}.atom"),
    ("/@alice/feed.rss", f"{ALICE}.rss"), ("/@alice/feed.atom", f"{ALICE}.atom"), ("/tag/moths.rss", f"{TAG}.rss"),
])
def test_addresses_of_other_servers_lead_here(alice, anonymous, path, target):
    reply = anonymous.get(path)

    assert (reply.status, reply.headers["location"]) == (301, f"http://kenoma.test{target}")


@pytest.mark.parametrize(("accept", "kind"), [("application/atom+xml", ATOM), ("application/rss+xml", RSS)])
def test_the_page_of_a_tag_is_a_feed_for_who_wants_one(alice, anonymous, accept, kind):
    status = alice.posts("#moths")

    reply = anonymous.get("/tag/moths", headers={"Accept": accept})

    assert reply.headers["content-type"] == kind
    assert "Accept" in reply.headers["vary"]
    assert [each.id for each in read(reply).entries] == [status["uri"]]


@pytest.mark.parametrize("accept", ["application/atom+xml", "application/rss+xml"])
def test_the_page_of_an_account_leads_there_too(alice, anonymous, accept):
    reply = anonymous.get("/users/alice", headers={"Accept": accept})

    ending = "atom" if "atom" in accept else "rss"
    assert (reply.status, reply.headers["location"]) == (302, f"http://kenoma.test{ALICE}.{ending}")


@pytest.mark.parametrize(("accept", "status"), [
    ("text/html,application/xhtml+xml,*/*;q=0.8", 302), ("*/*", 200), ("application/atom+xml, text/html;q=0.5", 200),
])
def test_browsers_are_led_to_the_page_of_a_tag(anonymous, accept, status):
    reply = anonymous.get("/tags/Motten", headers={"Accept": accept})

    assert reply.status == status
    assert "Accept" in reply.headers["vary"]
    assert reply.headers.get("location") == ("http://kenoma.test/tag/Motten" if status == 302 else None)


@pytest.mark.parametrize(("hidden", "profile", "tag"), [
    ({"public": False}, 404, 404), ({"restrict_profiles": True}, 404, 200), ({"restrict_timelines": True}, 200, 404),
    ({"restrict_statuses": True}, 404, 404),
])
def test_what_is_hidden_from_visitors_has_no_feed(alice, anonymous, setting, hidden, profile, tag):
    setting(**hidden)

    assert [anonymous.get(path).status for path in PATHS] == [profile] * 3 + [tag] * 3


@pytest.mark.parametrize("path", ["/users/nobody/feed", "/users/a@b.example/feed.rss", f"{ALICE}?max_id=x!",
                                  f"{TAG}?max_id=x!"])
def test_what_is_unknown_is_not_found(alice, anonymous, path):
    reply = anonymous.get(path)

    assert (reply.status, list(reply.json)) == (404, ["error"])


def test_a_deactivated_account_has_none_and_a_deleted_one_is_gone(alice, bob, admin, anonymous, drain):
    admin.patch("/api/pleroma/admin/users/deactivate", json={"nicknames": ["alice"]})
    bob.post("/api/pleroma/delete_account", json={"password": "kenoma-local"})
    drain()

    assert [anonymous.get(f"/users/{name}/feed").status for name in ("alice", "bob")] == [404, 410]


@pytest.mark.parametrize(("path", "calls"), [(ALICE, 4), (f"{ALICE}.rss", 4), (TAG, 2)])
def test_what_a_feed_costs(alice, anonymous, drain, path, calls):
    alice.posts("#moths")
    drain()
    one = anonymous.get(path).calls
    for number in range(25):
        alice.posts(f"{number} #moths")
    drain()

    assert (one, anonymous.get(path).calls) == (calls, calls)
