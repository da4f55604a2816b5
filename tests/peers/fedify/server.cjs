// A server of Fedify's, with two people: fern, who does all that is not said to be by the other one, and moss.
//
//     node server.cjs FOLDER PORT KNOCK [strict]        node_modules is in FOLDER
//
// All that other servers meet is Fedify's: it reads and writes documents, signs, and checks signatures. KNOCK is the
// kind of signature that it tries first. `strict`: who asks for a document must sign.
//
// Tests tell it what to do by POST /tests/ACT, with JSON. GET /tests/heard is what came to the inboxes and Fedify found
// well signed, in order. GET /tests/asked is what it asked of others and sent to them.
"use strict";

const http = require("node:http");
const path = require("node:path");
const { createRequire } = require("node:module");

const [folder, port, firstKnock, strict] = process.argv.slice(2);
const origin = `http://127.0.0.1:${port}`;
const NAME = "fern";
const KINDS_OF_KEYS = ["RSASSA-PKCS1-v1_5", "Ed25519"];
const PEOPLE = new Set([NAME, "moss"]);

const asked = [];
const plainFetch = globalThis.fetch;
globalThis.fetch = async (resource, init) => {
  const { method = "GET", url = String(resource) } = resource;
  const headers = new Headers(resource.headers ?? init?.headers);
  const signed = headers.has("Signature-Input") ? "rfc9421" : headers.has("Signature") ? "cavage" : null;
  const entry = { method, url, signed, status: null };
  asked.push(entry);
  const response = await plainFetch(resource, init);
  entry.status = response.status;
  return response;
};

const load = createRequire(path.join(folder, "package.json"));
const { createFederation, generateCryptoKeyPair, MemoryKvStore } = load("@fedify/fedify");
const { Temporal } = load("@js-temporal/polyfill");
const vocabulary = load("@fedify/vocab");
const { Accept, Activity, Announce, Collection, Create, Delete, Endpoints, Follow, Image, Like, Mention } = vocabulary;
const { Add, Block, ChatMessage, Emoji, EmojiReact, Flag, Move, Remove } = vocabulary;
const { Note, Person, PUBLIC_COLLECTION, Question, Tombstone, Undo, Update } = vocabulary;

const heard = [];
const notes = new Map();
const sent = new Map();
const met = new Map();
const followers = new Map();
const names = new Map([[NAME, "Fern"]]);
const pinned = new Map();
const aliases = [new URL("/users/moss", origin)];
const keys = new Map();
let number = 0;

const federation = createFederation({ kv: new MemoryKvStore(), origin, allowPrivateAddress: true, firstKnock });

federation
  .setActorDispatcher("/users/{identifier}", async (context, identifier) => {
    if (!PEOPLE.has(identifier)) return null;
    const pairs = await context.getActorKeyPairs(identifier);
    return new Person({
      id: context.getActorUri(identifier),
      preferredUsername: identifier,
      name: names.get(identifier) ?? identifier,
      summary: "<p>I live at Fedify</p>",
      url: new URL(`/@${identifier}`, origin),
      inbox: context.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
      followers: context.getFollowersUri(identifier),
      featured: context.getFeaturedUri(identifier),
      aliases: identifier === NAME ? aliases : [],
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
  .setKeyPairsDispatcher(async (_, identifier) => {
    if (!keys.has(identifier)) keys.set(identifier, Promise.all(KINDS_OF_KEYS.map(generateCryptoKeyPair)));
    return await keys.get(identifier);
  })
  .authorize(async (context) => !strict || (await context.getSignedKeyOwner()) != null);

federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...followers.values()] }));

federation.setFeaturedDispatcher("/users/{identifier}/featured", (_, identifier) => {
  return { items: identifier === NAME ? [...pinned.values()] : [] };
});

federation
  .setObjectDispatcher(Note, "/users/{identifier}/notes/{id}", (_, { id }) => notes.get(id) ?? null)
  .authorize(async (context) => !strict || (await context.getSignedKeyOwner()) != null);

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .setSharedKeyDispatcher(() => ({ identifier: NAME }))
  .on(Activity, async (context, activity) => {
    heard.push(await activity.toJsonLd({ format: "compact", contextLoader: context.contextLoader }));
    if (activity instanceof Follow) await accept(context, activity);
    if (activity instanceof Undo) followers.delete(unfollowed(activity, await activity.getObject(context)));
  });

function unfollowed(undo, object) {
  return object instanceof Follow ? undo.actorId.href : null;
}

async function accept(context, follow) {
  const follower = await look(context, follow.actorId);
  if (follow.objectId.href === context.getActorUri(NAME).href) followers.set(follower.id.href, follower);
  await send(context, new Accept({ actor: follow.objectId, object: follow }), follower);
}

/** An object of another server, asked for with a signature of fern's. */
async function look(context, address) {
  const documentLoader = await context.getDocumentLoader({ identifier: NAME });
  const found = await context.lookupObject(address, { documentLoader });
  if (found) met.set(found.id.href, found);
  return found;
}

/** Gives it an id, keeps it for a later Undo, and sends it. */
async function send(context, activity, to) {
  const named = activity.clone({ id: new URL(`/activities/${++number}`, origin) });
  sent.set(named.id.href, { activity: named, to });
  await context.sendActivity({ identifier: context.parseUri(named.actorId).identifier }, to, named);
  return { id: named.id.href };
}

function addressees(context, visibility, mentioned) {
  const own = context.getFollowersUri(NAME);
  const people = mentioned.map((each) => each.id);
  switch (visibility) {
    case "public": return { tos: [PUBLIC_COLLECTION, ...people], ccs: [own] };
    case "unlisted": return { tos: [own, ...people], ccs: [PUBLIC_COLLECTION] };
    case "private": return { tos: [own, ...people], ccs: [] };
    default: return { tos: people, ccs: [] };
  }
}

const all = () => [...followers.values()];

const acts = {
  /** An object as Fedify understands it. */
  async find(context, { address }) {
    const found = await look(context, address);
    return found && (await found.toJsonLd({ format: "compact", contextLoader: context.contextLoader }));
  },

  /** What the webfinger of a server says of an address. */
  async named(context, { address }) {
    return await context.lookupWebFinger(new URL(address));
  },

  /** The whole of a collection, page by page. */
  async collect(context, { address }) {
    const collection = await look(context, address);
    const documentLoader = await context.getDocumentLoader({ identifier: NAME });
    const ids = [];
    let page = await collection.getFirst({ documentLoader });
    while (page) {
      ids.push(...page.itemIds.map((each) => each.href));
      page = await page.getNext({ documentLoader });
    }
    return { totalItems: collection.totalItems, ids };
  },

  async follow(context, { address }) {
    const followed = met.get(address) ?? (await look(context, address));
    const follow = new Follow({ actor: context.getActorUri(NAME), object: followed.id, to: followed.id });
    return await send(context, follow, followed);
  },

  async note(context, { text, visibility = "public", to = [], answering = null, by = NAME, pictures = [] }) {
    const mentioned = await Promise.all(to.map((each) => look(context, each)));
    const id = String(++number);
    const actor = context.getActorUri(by);
    const note = new Note({
      id: context.getObjectUri(Note, { identifier: by, id }),
      attribution: actor,
      content: text,
      ...addressees(context, visibility, mentioned),
      replyTarget: answering && new URL(answering),
      tags: mentioned.map((each) => new Mention({ href: each.id, name: `@${each.preferredUsername}` })),
      attachments: pictures.map(({ url, name }) => new Image({ url: new URL(url), mediaType: "image/png", name })),
      published: Temporal.Now.instant(),
    });
    if (visibility === "public" || visibility === "unlisted") notes.set(id, note);
    const create = new Create({ actor, object: note, ...addressees(context, visibility, mentioned) });
    const reached = visibility === "direct" ? mentioned : [...all(), ...mentioned];
    return { ...(await send(context, create, reached)), note: note.id.href };
  },

  /** A poll with one choice. Answers the id of the Question. */
  async poll(context, { text, options }) {
    const id = new URL(`/polls/${++number}`, origin);
    const actor = context.getActorUri(NAME);
    const count = new Collection({ totalItems: 0 });
    const question = new Question({
      id,
      attribution: actor,
      content: text,
      ...addressees(context, "public", []),
      exclusiveOptions: options.map((name) => new Note({ name, replies: count })),
      published: Temporal.Now.instant(),
      endTime: Temporal.Now.instant().add({ hours: 1 }),
    });
    await send(context, new Create({ actor, object: question, ...addressees(context, "public", []) }), all());
    return { id: id.href };
  },

  /** What the options of a poll of fern's have got. */
  async count(context, { id, text, counts }) {
    const actor = context.getActorUri(NAME);
    const question = new Question({
      id: new URL(id),
      attribution: actor,
      content: text,
      ...addressees(context, "public", []),
      exclusiveOptions: Object.entries(counts).map(
        ([name, totalItems]) => new Note({ name, replies: new Collection({ totalItems }) })),
      endTime: Temporal.Now.instant().add({ hours: 1 }),
    });
    return await send(context, new Update({ actor, object: question, to: PUBLIC_COLLECTION }), all());
  },

  async pin(context, { note }) {
    const actor = context.getActorUri(NAME);
    pinned.set(note, notes.get(note.split("/").at(-1)));
    const target = context.getFeaturedUri(NAME);
    return await send(context, new Add({ actor, object: new URL(note), target, to: PUBLIC_COLLECTION }), all());
  },

  async unpin(context, { note }) {
    const actor = context.getActorUri(NAME);
    pinned.delete(note);
    const target = context.getFeaturedUri(NAME);
    return await send(context, new Remove({ actor, object: new URL(note), target, to: PUBLIC_COLLECTION }), all());
  },

  async block(context, { address }) {
    const to = await look(context, address);
    return await send(context, new Block({ actor: context.getActorUri(NAME), object: to.id, to: to.id }), to);
  },

  async report(context, { address, status, text }) {
    const to = await look(context, address);
    const objects = [to.id, new URL(status)];
    return await send(context, new Flag({ actor: context.getActorUri(NAME), objects, content: text }), to);
  },

  /** From now on fern is also known by this address. */
  async names(context, { address }) {
    aliases.push(new URL(address));
    return {};
  },

  /** The account of moss moves to that of fern. */
  async move(context, { hears }) {
    const actor = context.getActorUri("moss");
    const move = new Move({ actor, object: actor, target: context.getActorUri(NAME), to: PUBLIC_COLLECTION });
    return await send(context, move, await look(context, hears));
  },

  async rename(context, { name }) {
    names.set(NAME, name);
    const actor = context.getActorUri(NAME);
    const update = new Update({ actor, object: await context.getActor(NAME), to: PUBLIC_COLLECTION });
    return await send(context, update, all());
  },

  /** The account of moss ends. */
  async leave(context, { hears }) {
    const actor = context.getActorUri("moss");
    const removal = new Delete({ actor, object: actor, to: PUBLIC_COLLECTION });
    return await send(context, removal, await look(context, hears));
  },

  async edit(context, { note, text }) {
    const id = note.split("/").at(-1);
    const edited = notes.get(id).clone({ content: text, updated: Temporal.Now.instant() });
    notes.set(id, edited);
    const update = new Update({ actor: context.getActorUri(NAME), object: edited, to: PUBLIC_COLLECTION });
    return await send(context, update, all());
  },

  async remove(context, { note }) {
    notes.delete(note.split("/").at(-1));
    const gone = new Tombstone({ id: new URL(note) });
    const removal = new Delete({ actor: context.getActorUri(NAME), object: gone, to: PUBLIC_COLLECTION });
    return await send(context, removal, all());
  },

  async like(context, { status, author }) {
    const to = await look(context, author);
    return await send(context, new Like({ actor: context.getActorUri(NAME), object: new URL(status), to: to.id }), to);
  },

  /** `picture`: of a custom emoji. */
  async react(context, { status, author, emoji, picture = null }) {
    const to = await look(context, author);
    const icon = picture && new Image({ url: new URL(picture), mediaType: "image/png" });
    const react = new EmojiReact({
      actor: context.getActorUri(NAME),
      object: new URL(status),
      to: to.id,
      content: emoji,
      tags: picture ? [new Emoji({ id: new URL(picture), name: emoji, icon })] : [],
    });
    return await send(context, react, to);
  },

  async vote(context, { question, author, name }) {
    const to = await look(context, author);
    const actor = context.getActorUri(NAME);
    const id = new URL(`/votes/${++number}`, origin);
    const vote = new Note({ id, attribution: actor, name, replyTarget: new URL(question), to: to.id });
    return await send(context, new Create({ actor, object: vote, to: to.id }), to);
  },

  async say(context, { text, to: address }) {
    const to = await look(context, address);
    const actor = context.getActorUri(NAME);
    const id = new URL(`/messages/${++number}`, origin);
    const message = new ChatMessage({ id, attribution: actor, content: text, to: to.id });
    return { ...(await send(context, new Create({ actor, object: message, to: to.id }), to)), message: id.href };
  },

  async announce(context, { status, author }) {
    const by = await look(context, author);
    const announce = new Announce({
      actor: context.getActorUri(NAME),
      object: new URL(status),
      to: PUBLIC_COLLECTION,
      ccs: [by.id, context.getFollowersUri(NAME)],
      published: Temporal.Now.instant(),
    });
    return await send(context, announce, by);
  },

  async undo(context, { id }) {
    const { activity, to } = sent.get(id);
    return await send(context, new Undo({ actor: context.getActorUri(NAME), object: activity }), to);
  },
};

async function told(request, what) {
  if (request.method === "GET") return { heard, asked, followers: [...followers.keys()] }[what];
  const context = federation.createContext(new Request(origin), undefined);
  return (await acts[what](context, await request.json())) ?? null;
}

async function answer(request) {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith("/tests/")) return await federation.fetch(request, { contextData: undefined });
  try {
    return Response.json(await told(request, pathname.slice("/tests/".length)));
  } catch (error) {
    return Response.json({ error: String(error?.stack ?? error) }, { status: 500 });
  }
}

async function serve(incoming, outgoing) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = chunks.length ? Buffer.concat(chunks) : undefined;
  const headers = Object.entries(incoming.headersDistinct).map(([name, values]) => [name, values.join(", ")]);
  const response = await answer(new Request(origin + incoming.url, { method: incoming.method, headers, body }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

http.createServer((incoming, outgoing) => {
  serve(incoming, outgoing).catch((error) => {
    console.error(error);
    outgoing.writeHead(500).end();
  });
}).listen(Number(port), "127.0.0.1", () => console.log(`Fedify answers at ${origin}`));
