// Calls every method of megalodon, and tells of each in a line of JSON how it ended, or that it was not called.
// node megalodon.mjs FOLDER URL TOKEN_OF_ALICE TOKEN_OF_BOB KIND
import { createReadStream, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { later, load, png, told, tried } from "./trying.mjs";

const [, url, aliceToken, bobToken, kind] = process.argv.slice(2);
const { default: generator } = (await load("megalodon")).default;
const alice = generator(kind, url, aliceToken);
const bob = generator(kind, url, bobToken);
const left = new Set();
for (let known = Object.getPrototypeOf(alice); known !== Object.prototype; known = Object.getPrototypeOf(known)) {
  Object.getOwnPropertyNames(known).forEach((name) => left.add(name));
}
["constructor", "cancel", "generateAuthUrl", "streamingURL", "userStreaming", "publicStreaming", "localStreaming",
  "tagStreaming", "listStreaming", "directStreaming", "urlToAccounts"].forEach((name) => left.delete(name));  // no request, or a socket

async function call(name, ...given) {
  left.delete(name);
  return (await tried(name, () => alice[name](...given))).data;
}

const app = await (async () => {
  left.delete("registerApp");
  return await tried("registerApp", () => alice.registerApp("megalodon", { scopes: ["read", "write", "follow"] }));
})();
left.delete("createApp");
await tried("createApp", () => alice.createApp("megalodon", { scopes: ["read"] }));
for (const name of ["getInstance", "getInstancePeers", "getInstanceActivity", "getInstanceTrends", "getInstanceDirectory",
  "getInstanceCustomEmojis", "getInstanceAnnouncements", "verifyAppCredentials", "getPreferences", "getFollowedTags",
  "getSuggestions", "getSuggestedTags", "getFeaturedTags", "getEndorsements", "getBookmarks", "getFavourites", "getMutes",
  "getBlocks", "getDomainBlocks", "getFilters", "getFollowRequests", "getPublicTimeline", "getLocalTimeline",
  "getHomeTimeline", "getConversationTimeline", "getScheduledStatuses", "getLists", "getNotifications"]) {
  await call(name);
}
const me = await call("verifyAccountCredentials");
const him = (await bob.verifyAccountCredentials()).data;
await call("updateCredentials", { display_name: "Alice", note: "hello", source: { privacy: "public" } });
for (const name of ["getAccount", "getAccountStatuses", "getAccountFavourites", "getAccountFollowers", "getAccountFollowing",
  "getAccountLists", "getIdentityProof", "followAccount", "subscribeAccount", "unsubscribeAccount", "pinAccount",
  "unpinAccount", "muteAccount", "unmuteAccount", "setAccountNote", "getRelationship", "unfollowAccount", "blockAccount",
  "unblockAccount"]) {
  await call(name, him.id, ...(name === "muteAccount" ? [true] : []));
}
await call("getRelationships", [him.id]);
await call("searchAccount", him.acct);
await call("lookupAccount", him.acct);
await call("blockDomain", "bad.example");
await call("unblockDomain", "bad.example");
const filter = await call("createFilter", "word", ["home"]);
await call("getFilter", filter?.id);
await call("updateFilter", filter?.id, "words", ["home"]);
await call("deleteFilter", filter?.id);
await alice.updateCredentials({ locked: true });
for (const name of ["acceptFollowRequest", "rejectFollowRequest"]) {
  await bob.unfollowAccount(me.id).catch(() => {});
  await bob.followAccount(me.id);
  await call(name, him.id);
}
await alice.updateCredentials({ locked: false });
await call("report", him.id, { comment: "spam" });
const featured = await call("createFeaturedTag", "dogs");
await call("deleteFeaturedTag", featured?.id);
for (const name of ["getTag", "followTag", "unfollowTag"]) await call(name, "cats");

const file = join(mkdtempSync(join(tmpdir(), "megalodon-")), "a.png");
writeFileSync(file, png);
const picture = await call("uploadMedia", createReadStream(file), { description: "a dot" });
await call("getMedia", picture?.id);
await call("updateMedia", picture?.id, { description: "a small dot" });
const status = await call("postStatus", "hello #cats", picture ? { media_ids: [picture.id] } : {});
const his = (await bob.postStatus(`hi @${me.acct}`, { poll: { options: ["a", "b"], expires_in: 600 } })).data;
for (const name of ["getStatus", "getStatusContext", "getStatusSource", "getStatusRebloggedBy", "getStatusFavouritedBy",
  "favouriteStatus", "unfavouriteStatus", "reblogStatus", "unreblogStatus", "bookmarkStatus", "unbookmarkStatus",
  "muteStatus", "unmuteStatus", "getEmojiReactions"]) {
  await call(name, his.id);
}
await call("createEmojiReaction", his.id, "🔥");
await call("getEmojiReaction", his.id, "🔥");
await call("deleteEmojiReaction", his.id, "🔥");
await call("pinStatus", status.id);
await call("unpinStatus", status.id);
await call("editStatus", status.id, { status: "hello again" });
await call("getPoll", his.poll.id);
await call("votePoll", his.poll.id, [0]);
const planned = await call("postStatus", "later", { scheduled_at: later(3600) });
await call("getScheduledStatus", planned?.id);
await call("scheduleStatus", planned?.id, later(7200));
await call("cancelScheduledStatus", planned?.id);
await call("deleteStatus", status.id);

const list = await call("createList", "Friends");
await alice.followAccount(him.id);
await call("getList", list.id);
await call("updateList", list.id, "Best friends");
await call("addAccountsToList", list.id, [him.id]);
await call("getAccountsInList", list.id);
await call("getListTimeline", list.id);
await call("deleteAccountsFromList", list.id, [him.id]);
await call("deleteList", list.id);
await call("getTagTimeline", "cats");
await bob.postStatus(`psst @${me.acct}`, { visibility: "direct" });
const talks = (await alice.getConversationTimeline()).data;
await call("readConversation", talks[0].id);
await call("deleteConversation", talks[0].id);
await call("saveMarkers", { home: { last_read_id: his.id } });
await call("getMarkers", ["home"]);
const notices = (await alice.getNotifications()).data;
await call("getNotification", notices[0].id);
await call("readNotifications", { id: notices[0].id });
await call("dismissNotification", notices[0].id);
await call("dismissNotifications");
const keys = {
  p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "8eDyX_uCN0XRhSbY5hs7Hg",
};
await call("subscribePushNotification", { endpoint: "https://push.example/1", keys }, { alerts: { mention: true } });
await call("getPushSubscription");
await call("updatePushSubscription", { alerts: { follow: true } });
await call("deletePushSubscription");
await call("search", "hello");
for (const name of ["dismissInstanceAnnouncement", "addReactionToAnnouncement", "removeReactionFromAnnouncement"]) {
  await call(name, "1", "🔥");  // nothing is announced
}
left.delete("registerAccount");
const own = await (await fetch(`${url}/oauth/token`, { method: "POST", body: new URLSearchParams({
  grant_type: "client_credentials", client_id: app.client_id, client_secret: app.client_secret, scope: "read write" }) })).json();
await tried("registerAccount", () => generator(kind, url, own.access_token).registerAccount(
  `carol${kind}`, `${kind}@example.com`, "a long password", true, "en"));
await call("fetchAccessToken", app.client_id, app.client_secret, "no such code");
await call("refreshToken", app.client_id, app.client_secret, "no such token");
await call("revokeToken", app.client_id, app.client_secret, "no such token");
for (const name of left) await tried(name, () => Promise.reject(new Error("was not called")));
told();
