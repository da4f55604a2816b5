"""The people and statuses that are measured. Runs inside the server's process, between measurements.

Readers always see the same first: a hundred statuses that were really posted. *History* is what is older. It is written
directly to the store, thousands in seconds, but as the same items that posting leaves.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.domain import chats
from chalicelib.domain.accounts import registration
from chalicelib.domain.relationships import following
from chalicelib.domain.search.stems import stems
from chalicelib.domain.statuses import favourites, posting, reactions
from chalicelib.domain.statuses.drafts import Draft
from chalicelib.domain.statuses.edits import making
from chalicelib.domain.statuses.edits.making import EditedDraft
from chalicelib.domain.timelines import filters
from chalicelib.domain.timelines.filters import WantedFilter, WantedKeyword
from chalicelib.domain.viewer import Viewer
from chalicelib.ids import encode, new_flake
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import Record, transaction, write_batch
from chalicelib.store.instance import counters
from chalicelib.store.relationships import relations
from chalicelib.store.search.index import status_words
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.apps import App
from chalicelib.store.statuses.statuses import Status
from chalicelib.store.timelines import feeds
from chalicelib.store.timelines.feeds import FOLLOWED, SELF, FeedRow

PASSWORD = "kenoma-bench"
SCOPES = "read write follow push"
AUTHORS, CROWD, TOLD, HUNDRED, THREAD = 4, 40, 20, 100, 12
HISTORY_MS_APART = 180_000
CHUNK = 200
NOTE = ("Keeper of the old light at the harbour mouth. Writes about weather, bread, boats and whatever the tide "
        "brings in; answers slowly, reads everything. Photographs are my own unless it says otherwise.\n") * 2
FIELDS = [  # name, as typed, as shown
    ("Pronouns", "they/them", "they/them"),
    ("Garden", "https://garden.example/plots/42",
     '<a href="https://garden.example/plots/42" rel="ugc">https://garden.example/plots/42</a>'),
    ("Reading", "a book about moths", "a book about moths"),
]
TEXTS = (
    "Fog until noon, then the whole bay at once. The horn has been going since four and nobody minds any more.",
    "Baked with the new flour today: https://bread.example/notes/2024/a-denser-crumb says what went wrong, mostly me.",
    "Three boats out, three boats in. #harbour #log",
    "If you have a spare lamp of the old kind, I know somebody who would be very glad of it. :lighthouse:",
    "Long walk, short answer: no. But the view from the upper path is worth the stairs, and there were goldfinches "
    "all along the hedge, a dozen at least, not in the least impressed by anyone coming past with a bucket.",
    "@{name} did you see the comet last night? It stood right over the mole. :comet:",
    "**Tomorrow:** tar, rope, and the other half of the list.",
    "The kettle is on. #log",
)
REACTIONS = ("👍", "❤️", "🔥", "🎉", "😄", "👀")


@dataclass
class Person:
    id: str
    nickname: str
    token: str


@dataclass
class World:
    """Who takes part.

    `statuses`: the latest hundred, newest first. `thread`: a conversation of twelve. `chat`: one of the viewer's, with
    twenty messages. `edited`: a status of the writer's with ten earlier versions. `sifter`: somebody with many filters.
    """

    viewer: Person
    writer: Person
    authors: list[Person]
    crowd: list[Person]
    client_id: str
    client_secret: str
    password: str = PASSWORD
    chat: str = ""
    edited: str = ""
    statuses: list[str] = field(default_factory=list)
    thread: list[str] = field(default_factory=list)
    fans: list[Person] = field(default_factory=list)
    sifter: Person | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def make_world() -> World:
    """The people: a viewer who follows four authors, a writer without followers, and a crowd of which the viewer
    follows half."""
    app = apps.add(App(tokens.random_token(), id=new_flake(), secret=tokens.random_token(), name="Kenoma bench",
                       redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes=SCOPES))
    viewer = new_person(app, "viewer", password_hash=None)
    sifter = new_person(app, "sifter")
    bring_filters(sifter)
    writer = new_person(app, "writer")
    authors = [new_person(app, f"author{number}") for number in range(AUTHORS)]
    crowd = [new_person(app, f"crowd{number}") for number in range(CROWD)]
    for other in [*authors, *crowd[::2]]:
        following.follow(other.id, by=viewer_of(viewer))
    chat = talk(viewer, crowd[:TOLD])
    tell(viewer, crowd[:TOLD])
    return World(viewer, writer, authors, crowd, app.client_id, app.secret, chat=chat, edited=edit(writer),
                 sifter=sifter)


def edit(writer: Person) -> str:
    """A status that its author edited ten times."""
    status, _ = posting.post(Draft("Entry 0 of the log: fog."), viewer_of(writer))
    for number in range(1, 11):
        making.edit(status.id, EditedDraft(f"Entry {number} of the log: still fog."), viewer_of(writer))
    return str(status.id)


def bring_filters(sifter: Person) -> None:
    """Twenty filters of five keywords each, of which a few stand in some of the texts."""
    words = ["kettle", "goldfinches", "fog until noon", "comet", *(f"no such word {number}" for number in range(96))]
    for number in range(20):
        keywords = [WantedKeyword(word, whole_word=number % 2 == 0) for word in words[number::20]]
        filters.create(WantedFilter(f"Filter {number}", ["home", "public"], keywords=keywords), viewer_of(sifter))


def talk(viewer: Person, crowd: Sequence[Person]) -> str:
    """A conversation and a chat with each of the crowd. Answers the chat that has as many messages as all others."""
    for other in crowd:
        draft = Draft(f"@{viewer.nickname} between us: the lamp is back.", visibility="direct")
        posting.post(draft, viewer_of(other))
        [chat] = chats.with_account(viewer.id, viewer_of(other)).listed
        chats.post(chat.id, chats.MessageDraft("Are you there?"), viewer_of(other))
    [own] = chats.with_account(crowd[0].id, viewer_of(viewer)).listed
    for number in range(len(crowd)):
        chats.post(own.id, chats.MessageDraft(f"{number} times yes. The kettle is on."), viewer_of(viewer))
    return str(own.id)


def tell(viewer: Person, crowd: Sequence[Person]) -> None:
    """A notification by each of the crowd: of mentions, favourites and reactions."""
    written, _ = posting.post(Draft("Who else is up before the gulls?"), viewer_of(viewer))
    for number, other in enumerate(crowd):
        if number % 3 == 0:
            posting.post(Draft(f"@{viewer.nickname} I am, {number} times a week."), viewer_of(other))
        elif number % 3 == 1:
            favourites.add(written.id, viewer_of(other))
        else:
            reactions.add(written.id, REACTIONS[number % len(REACTIONS)], viewer_of(other))


def bring_fans(world: World, count: int) -> None:
    """Add new accounts, which follow nobody yet."""
    app = apps.find(world.client_id)
    assert app is not None
    world.fans = [new_person(app, f"fan{new_flake()}") for _ in range(count)]


def dismiss_fans(world: World) -> None:
    """Make the fans follow nobody any more: else later posts would go to all their home timelines."""
    for fan in world.fans:
        for author_id in relations.following_ids(fan.id)[0]:
            following.unfollow(author_id, by=viewer_of(fan))
    world.fans = []


def new_person(app: App, nickname: str, password_hash: str | None = "nobody signs in with this") -> Person:
    account = registration.create_account(
        nickname, PASSWORD, f"{nickname}@localhost.localdomain", display_name=f"{nickname.title()} of the harbour",
        note=NOTE, fields=FIELDS, password_hash=password_hash,
    )
    minted = tokens.issue(account.id, app.client_id, SCOPES.split(), int(account.token_generation))
    return Person(account.id, account.nickname, minted.access_token)


def viewer_of(person: Person) -> Viewer:
    account = accounts.find(person.id)
    assert account is not None
    return Viewer(account, accounts.ViewerSet(person.id, accounts.VIEWER_SET))


def post_hundred(world: World) -> None:
    """A hundred statuses by the authors in turn. The first twelve are one thread, some later ones have reactions."""
    authors = [viewer_of(author) for author in world.authors]
    ids: list[str] = []
    for number, by in zip(range(HUNDRED), itertools.cycle(authors), strict=False):
        text = TEXTS[number % len(TEXTS)].format(name=world.authors[(number + 1) % AUTHORS].nickname)
        parent = ids[-1] if 0 < number < THREAD else ids[-2] if number % 5 == 4 else None
        kind = "text/markdown" if "**" in text else "text/plain"
        status, _ = posting.post(Draft(text, in_reply_to_id=parent, content_type=kind), by)
        ids.append(status.id)
    fond = [viewer_of(person) for person in [world.viewer, *world.crowd[:3]]]
    for status_id in ids[-40::4]:
        for by, emoji in zip(fond, REACTIONS, strict=False):
            reactions.add(status_id, emoji if by is not fond[-1] else REACTIONS[0], by)
    for status_id in ids[-TOLD:]:
        favourites.add(status_id, viewer_of(world.viewer))
    world.thread = ids[:THREAD]
    world.statuses = ids[::-1]


# History.


def write_history(world: World, count: int) -> None:
    """`count` statuses of the authors, older than all that were posted: one every three minutes, back in time."""
    by_author = [(author.id, _templates(author), relations.follower_ids(author.id)[0]) for author in world.authors]
    newest = int(time.time() * 1000) - 3_600_000
    written: dict[str, int] = {}
    for part in _chunked(range(count)):
        rows: list[Record] = []
        for number in part:
            author_id, templates, followers = by_author[number % len(by_author)]
            template = templates[(number // len(by_author)) % len(templates)]
            id = encode(((newest - number * HISTORY_MS_APART) << 64) | (0x5EED << 16) | (number & 0xFFFF))
            rows += as_posted(template, id, followers)
            written[author_id] = written.get(author_id, 0) + 1
        write_batch(puts=rows)
    _count(written)


def _templates(author: Person) -> list[Status]:
    """Statuses as the author would have posted them, but not stored. Only the real hundred have mentions."""
    by = viewer_of(author)
    texts = [text for text in TEXTS if "{name}" not in text]
    return [posting.post(Draft(text, preview=True), by)[0] for text in texts]


def as_posted(template: Status, id: str, followers: Sequence[str]) -> list[Record]:
    """All items that exist after a status without addressees is posted and delivered."""
    values = {name: value for name, value in template.attribute_values.items() if name not in ("id", "thread")}
    words = stems(template.content.get("plain", ""))
    status = Status(id, **values | {"thread": id, "counted": True, "in_statistics": True, "stems": words})
    homes = [feeds.home_row(status, follower, FOLLOWED) for follower in followers]
    return [status, *feeds.permanent_rows(status), feeds.row_of(status, FeedRow, "all"),
            feeds.home_row(status, status.account_id, SELF), *homes, *status_words(status, words)]


def _count(written: dict[str, int]) -> None:
    with transaction() as write:
        for author_id, count in written.items():
            write.update(Account.stub(author_id, PROFILE), [Account.statuses_count.add(count)])
        count = sum(written.values())
        counters.count_statuses(write, next(iter(written)), count, {"public": count})


def _chunked(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start:start + CHUNK]
