// Listens by a client library, and tells each event that the library gives in a line of JSON.
// node listen.mjs FOLDER LIBRARY URL TOKEN
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, library, url, token] = process.argv.slice(2);
const { resolve } = createRequire(`${folder}/package.json`);
const load = async (name) => await import(pathToFileURL(resolve(name)).href);
const tell = (event, payload) => console.log(JSON.stringify({ event, payload }));

async function byMasto() {
  const { createRestAPIClient, createStreamingAPIClient } = await load("masto");
  const instance = await createRestAPIClient({ url }).v2.instance.fetch();
  const streaming = createStreamingAPIClient({
    streamingApiUrl: instance.configuration.urls.streaming,
    accessToken: token,
  });
  const events = streaming.user.subscribe();
  tell("connect");
  for await (const { event, payload } of events) {
    tell(event, payload);
  }
  tell("end");
}

async function byMegalodon(kind) {
  const { default: generator } = (await load("megalodon")).default;
  const stream = await generator(kind, url, token).userStreaming();
  for (const event of ["connect", "update", "status_update", "delete", "notification", "conversation", "heartbeat",
    "close"]) {
    stream.on(event, (payload) => tell(event, payload));
  }
  for (const event of ["error", "parser-error"]) {
    stream.on(event, (error) => tell(event, String(error)));
  }
}

const libraries = { masto: byMasto, mastodon: () => byMegalodon("mastodon"), pleroma: () => byMegalodon("pleroma") };
await libraries[library]();
