// The smallest web client that people could use. It asks the server as the larger ones do: by masto.js, by OAuth with
// PKCE and a redirect, over a socket, all in one page at whatever address the server was opened.
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";

const url = location.origin, redirectUri = `${url}/`, scope = "read write follow push";
const kept = (name, value) => (value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function h(tag, given = {}, ...within) {
  const element = Object.assign(document.createElement(tag), given);
  element.append(...within);
  return element;
}

const show = (...elements) => document.querySelector("#app").replaceChildren(...elements);
const button = (textContent, onclick) => h("button", { textContent, onclick, type: "button" });

// Signing in.

async function signIn() {
  const app = await createRestAPIClient({ url }).v1.apps.create({ clientName: "Tiny", redirectUris: redirectUri, scopes: scope });
  const verifier = base64(crypto.getRandomValues(new Uint8Array(48)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  kept("app", JSON.stringify({ ...app, verifier }));
  location.href = `${url}/oauth/authorize?${new URLSearchParams({
    client_id: app.clientId, redirect_uri: redirectUri, response_type: "code", scope, state: "tiny",
    code_challenge: base64(new Uint8Array(digest)), code_challenge_method: "S256" })}`;
}

async function exchange(code) {
  const { clientId, clientSecret, verifier: codeVerifier } = JSON.parse(kept("app"));
  const token = await createOAuthAPIClient({ url }).token.create({
    grantType: "authorization_code", clientId, clientSecret, redirectUri, scope, code, codeVerifier });
  kept("token", token.accessToken);
  history.replaceState(null, "", "/");
}

// What is signed in.

async function home(accessToken) {
  const masto = createRestAPIClient({ url, accessToken });
  const [instance, me] = await Promise.all([masto.v2.instance.fetch(), masto.v1.accounts.verifyCredentials()]);
  const list = h("section", { ariaLabel: "Statuses" });
  const shown = new Map();

  function put(status) {
    const element = article(status);
    if (shown.has(status.id)) shown.get(status.id).replaceWith(element);
    else list.prepend(element);
    shown.set(status.id, element);
  }

  function article(status) {
    const { v1 } = masto, one = v1.statuses.$select(status.id);
    if (status.filtered?.length) return h("article", {}, `Filtered: ${status.filtered[0].filter.title}`);
    const content = h("div");
    content.innerHTML = status.content; // the server has made it safe
    const reactions = status.pleroma?.emojiReactions?.map((each) => `${each.name} ${each.count}`).join(" ") ?? "";
    const react = async () => {
      const path = `${url}/api/v1/pleroma/statuses/${status.id}/reactions/${encodeURIComponent("🎉")}`;
      await fetch(path, { method: "PUT", headers: { Authorization: `Bearer ${accessToken}` } });
      put(await one.fetch());
    };
    const within = h("article", {}, h("h2", { textContent: status.account.displayName }), content,
      ...status.mediaAttachments.map((each) => h("img", { src: each.previewUrl, alt: each.description ?? "" })),
      h("p", { textContent: `${reactions}${status.editedAt ? " edited" : ""}` }),
      button("Favourite", async () => put(await one.favourite())), button("React with 🎉", react));
    if (status.account.id === me.id) within.append(button("Edit", () => edit(status, within)));
    return within;
  }

  async function edit(status, within) {
    const source = await masto.v1.statuses.$select(status.id).source.fetch();
    const text = h("textarea", { value: source.text, ariaLabel: "Edit" });
    within.append(text, button("Save", async () => {
      put(await masto.v1.statuses.$select(status.id).update({ status: text.value }));
    }));
    text.focus();
  }

  async function notifications() {
    const { notificationGroups, accounts, statuses } = await masto.v2.notifications.list();
    const named = (id) => accounts.find((each) => each.id === id).displayName;
    show(button("Home", () => location.reload()), h("h1", { textContent: "Notifications" }), ...notificationGroups.map((group) =>
      h("article", {}, `${group.sampleAccountIds.map(named).join(", ")}: ${group.type} ${group.notificationsCount}`,
        h("p", { textContent: statuses.find((each) => each.id === group.statusId)?.content.replace(/<[^>]+>/g, "") ?? "" }))));
  }

  async function filter() {
    await masto.v2.filters.create({ title: word.value, context: ["home"], filterAction: "warn",
      keywordsAttributes: [{ keyword: word.value, wholeWord: true }] });
    location.reload();
  }

  const text = h("textarea", { ariaLabel: "What is new?" }), file = h("input", { type: "file", ariaLabel: "Picture" });
  const word = h("input", { ariaLabel: "Word to filter" });
  const post = async () => {
    const media = file.files.length ? [await masto.v2.media.create({ file: file.files[0], description: "A picture" })] : [];
    put(await masto.v1.statuses.create({ status: text.value, mediaIds: media.map((each) => each.id) }));
    text.value = "";
  };
  show(h("h1", { textContent: instance.title }), button("Notifications", notifications), text, file, button("Post", post),
    word, button("Filter", filter), list);
  for (const status of (await masto.v1.timelines.home.list()).reverse()) put(status);
  const streaming = createStreamingAPIClient({ streamingApiUrl: instance.configuration.urls.streaming, accessToken });
  await streaming.prepare();
  list.before(h("p", { textContent: "Listening" }));
  for await (const { event, payload } of streaming.user.subscribe()) {
    if ((event === "update" && !shown.has(payload.id)) || event === "status.update") put(payload);
  }
}

const code = new URLSearchParams(location.search).get("code");
if (code) await exchange(code);
const token = kept("token");
if (token) await home(token);
else show(h("h1", { textContent: "Tiny" }), button("Log in", signIn));
