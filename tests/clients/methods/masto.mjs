// Calls every method of masto.js that people's apps have, and tells of each in a line of JSON how it ended.
// node masto.mjs FOLDER URL TOKEN_OF_ALICE TOKEN_OF_BOB
import { load, tried, told, png, later } from "./trying.mjs";

const [, url, aliceToken, bobToken] = process.argv.slice(2);
const { createRestAPIClient } = await load("masto");
const alice = createRestAPIClient({ url, accessToken: aliceToken });
const bob = createRestAPIClient({ url, accessToken: bobToken });
const { v1, v2 } = alice;
const me = await tried("accounts.verifyCredentials", () => v1.accounts.verifyCredentials());
const him = await bob.v1.accounts.verifyCredentials();
const his = v1.accounts.$select(him.id);

await tried("v1.instance", () => v1.instance.fetch());
await tried("v2.instance", () => v2.instance.fetch());
for (const each of ["peers", "activity", "languages", "translationLanguages"]) {
  await tried(`instance.${each}`, () => v1.instance[each].list());
}
await tried("instance.extendedDescription", () => v1.instance.extendedDescription.fetch());
await tried("instance.domainBlocks", () => v1.instance.domainBlocks.fetch());
await tried("customEmojis", () => v1.customEmojis.list());
await tried("preferences", () => v1.preferences.fetch());
await tried("apps.create", () => v1.apps.create({
  clientName: "masto.js", redirectUris: ["urn:ietf:wg:oauth:2.0:oob"], scopes: "read" }));
await tried("apps.verifyCredentials", () => v1.apps.verifyCredentials());

// Accounts.
await tried("accounts.updateCredentials", () => v1.accounts.updateCredentials({
  displayName: "Alice", note: "hello", fieldsAttributes: [{ name: "web", value: "https://kenoma.test" }],
  source: { privacy: "public", language: "en" } }));
await tried("accounts.fetch", () => v1.accounts.fetch({ id: [me.id, him.id] }));
await tried("accounts.fetch one", () => his.fetch());
await tried("accounts.lookup", () => v1.accounts.lookup({ acct: him.acct }));
await tried("accounts.search", () => v1.accounts.search.list({ q: him.acct, limit: 5 }));
await tried("accounts.relationships", () => v1.accounts.relationships.fetch({ id: [him.id] }));
await tried("accounts.familiarFollowers", () => v1.accounts.familiarFollowers.fetch([him.id]));
await tried("accounts.follow", () => his.follow({ reblogs: true, notify: true, languages: ["en"] }));
for (const each of ["followers", "following", "statuses", "lists", "endorsements", "featuredTags", "identityProofs"]) {
  await tried(`accounts.${each}`, () => his[each].list());
}
await tried("accounts.note", () => his.note.create({ comment: "a friend" }));
for (const each of ["pin", "unpin", "endorse", "unendorse", "mute", "unmute", "block", "unblock", "removeFromFollowers",
  "unfollow"]) {
  if (["pin", "removeFromFollowers"].includes(each)) await his.follow();
  await tried(`accounts.${each}`, () => his[each]());
}
await tried("profile.fetch", () => v1.profile.fetch());
await tried("profile.update", () => v1.profile.update({ displayName: "Alice" }));
await tried("profile.avatar.remove", () => v1.profile.avatar.remove());
await tried("profile.header.remove", () => v1.profile.header.remove());
for (const each of ["mutes", "blocks", "bookmarks", "favourites", "endorsements", "followRequests", "domainBlocks",
  "followedTags", "featuredTags", "lists", "announcements", "conversations", "scheduledStatuses", "suggestions",
  "directory", "filters", "notifications"]) {
  await tried(`${each}.list`, () => v1[each].list());
}
await tried("v2.suggestions", () => v2.suggestions.list());
await tried("suggestions.remove", () => v1.suggestions.$select(him.id).remove());
await tried("domainBlocks.create", () => v1.domainBlocks.create({ domain: "bad.example" }));
await tried("domainBlocks.remove", () => v1.domainBlocks.remove({ domain: "bad.example" }));
await tried("reports.create", () => v1.reports.create({ accountId: him.id, comment: "spam", category: "spam" }));
await v1.accounts.updateCredentials({ locked: true });
for (const each of ["authorize", "reject"]) {
  await bob.v1.accounts.$select(me.id).unfollow().catch(() => {});
  await bob.v1.accounts.$select(me.id).follow();
  await tried(`followRequests.${each}`, () => v1.followRequests.$select(him.id)[each]());
}
await v1.accounts.updateCredentials({ locked: false });

// Statuses.
const media = await tried("media.create", () => v2.media.create({ file: new Blob([png], { type: "image/png" }) }));
await tried("media.update", () => v1.media.$select(media.id).update({ description: "a dot" }));
await tried("media.fetch", () => v1.media.$select(media.id).fetch());
await tried("v1.media.create", () => v1.media.create({ file: new Blob([png], { type: "image/png" }) }));
const status = await tried("statuses.create", () => v1.statuses.create({
  status: "hello #cats", mediaIds: [media.id], language: "en", visibility: "public" }));
const mine = v1.statuses.$select(status.id);
const his_status = await bob.v1.statuses.create({ status: `hi @${me.acct}`, poll: { options: ["a", "b"], expiresIn: 600 } });
const other = v1.statuses.$select(his_status.id);
await tried("statuses.fetch several", () => v1.statuses.fetch({ id: [status.id, his_status.id] }));
for (const each of ["fetch", "context.fetch", "card.fetch", "source.fetch", "history.list", "rebloggedBy.list",
  "favouritedBy.list", "quotes.list"]) {
  const [first, then] = each.split(".");
  await tried(`statuses.${each}`, () => (then ? mine[first][then]() : mine[first]()));
}
await tried("statuses.update", () => mine.update({ status: "hello again #cats", mediaIds: [media.id] }));
await tried("statuses.quote", () => v1.statuses.create({ status: "look", quotedStatusId: his_status.id }));
for (const each of ["favourite", "unfavourite", "reblog", "unreblog", "bookmark", "unbookmark", "mute", "unmute"]) {
  await tried(`statuses.${each}`, () => other[each]());
}
await tried("statuses.pin", () => mine.pin());
await tried("statuses.unpin", () => mine.unpin());
await tried("statuses.translate", () => other.translate({ lang: "de" }));
await tried("polls.fetch", () => v1.polls.$select(his_status.poll.id).fetch());
await tried("polls.votes", () => v1.polls.$select(his_status.poll.id).votes.create({ choices: [1] }));
const planned = await tried("statuses.create scheduled", () => v1.statuses.create({
  status: "later", scheduledAt: later(3600) }));
const entry = v1.scheduledStatuses.$select(planned.id);
await tried("scheduledStatuses.fetch", () => entry.fetch());
await tried("scheduledStatuses.update", () => entry.update({ scheduledAt: later(7200) }));
await tried("scheduledStatuses.remove", () => entry.remove());

// Timelines, tags, lists, searching.
const list = await tried("lists.create", () => v1.lists.create({ title: "Friends", repliesPolicy: "list" }));
const friends = v1.lists.$select(list.id);
await tried("lists.fetch", () => friends.fetch());
await tried("lists.update", () => friends.update({ title: "Best friends", exclusive: true }));
await his.follow();
await tried("lists.accounts.create", () => friends.accounts.create({ accountIds: [him.id] }));
await tried("lists.accounts.list", () => friends.accounts.list());
await tried("timelines.list", () => v1.timelines.list.$select(list.id).list());
await tried("lists.accounts.remove", () => friends.accounts.remove({ accountIds: [him.id] }));
await tried("lists.remove", () => friends.remove());
await tried("timelines.home", () => v1.timelines.home.list({ limit: 5 }));
await tried("timelines.public", () => v1.timelines.public.list({ local: true, onlyMedia: true }));
await tried("timelines.tag", () => v1.timelines.tag.$select("cats").list({ any: ["dogs"] }));
await tried("timelines.direct", () => v1.timelines.direct.list());
await tried("timelines.link", () => v1.timelines.link.list({ url: "https://example.com" }));
for (const each of ["fetch", "follow", "unfollow", "feature", "unfeature"]) {
  await tried(`tags.${each}`, () => v1.tags.$select("cats")[each]());
}
const featured = await tried("featuredTags.create", () => v1.featuredTags.create({ name: "dogs" }));
await tried("featuredTags.suggestions", () => v1.featuredTags.suggestions.list());
await tried("featuredTags.remove", () => v1.featuredTags.$select(featured.id).remove());
for (const each of ["statuses", "links", "tags"]) {
  await tried(`trends.${each}`, () => v1.trends[each].list());
}
await tried("v2.search", () => v2.search.list({ q: "hello", resolve: false }));
await tried("v1.search", () => v1.search.list({ q: "hello" }));

// Notifications, filters, markers, conversations, push.
await bob.v1.statuses.create({ status: `psst @${me.acct}`, visibility: "direct" });
const found = await v1.notifications.list();
await tried("notifications.fetch", () => v1.notifications.$select(found[0].id).fetch());
await tried("notifications.unreadCount", () => v1.notifications.unreadCount.fetch());
const groups = await tried("v2.notifications.list", () => v2.notifications.list());
const group = v2.notifications.$select(groups.notificationGroups[0].groupKey);
await tried("v2.notifications.fetch", () => group.fetch());
await tried("v2.notifications.accounts", () => group.accounts.list());
await tried("v2.notifications.unreadCount", () => v2.notifications.unreadCount.fetch());
await tried("v2.notifications.dismiss", () => group.dismiss());
await tried("v2.notifications.policy.fetch", () => v2.notifications.policy.fetch());
await tried("v2.notifications.policy.update", () => v2.notifications.policy.update({ forNotFollowing: "accept" }));
await tried("notifications.requests.list", () => v1.notifications.requests.list());
await tried("notifications.requests.merged", () => v1.notifications.requests.merged.fetch());
await tried("notifications.requests.accept", () => v1.notifications.requests.accept({ id: [] }));
await tried("notifications.requests.dismiss", () => v1.notifications.requests.dismiss({ id: [] }));
await tried("notifications.dismiss", () => v1.notifications.$select(found.at(-1).id).dismiss());
await tried("notifications.clear", () => v1.notifications.clear());
const filter = await tried("v2.filters.create", () => v2.filters.create({
  title: "no spoilers", context: ["home"], filterAction: "warn", keywordsAttributes: [{ keyword: "ending" }] }));
const kept = v2.filters.$select(filter.id);
for (const each of ["fetch", "keywords.list", "statuses.list"]) {
  const [first, then] = each.split(".");
  await tried(`v2.filters.${each}`, () => (then ? kept[first][then]() : kept[first]()));
}
await tried("v2.filters.list", () => v2.filters.list());
await tried("v2.filters.update", () => kept.update({ title: "none", context: ["home"], filterAction: "hide" }));
const keyword = await tried("v2.filters.keywords.create", () => kept.keywords.create({ keyword: "butler" }));
for (const each of ["fetch", "update", "remove"]) {
  await tried(`v2.filters.keywords.${each}`, () => v2.filters.keywords.$select(keyword.id)[each](
    ...(each === "update" ? [{ keyword: "cook", wholeWord: true }] : [])));
}
const hidden = await tried("v2.filters.statuses.create", () => kept.statuses.create({ statusId: his_status.id }));
for (const each of ["fetch", "remove"]) {
  await tried(`v2.filters.statuses.${each}`, () => v2.filters.statuses.$select(hidden.id)[each]());
}
await tried("v2.filters.remove", () => kept.remove());
const older = await tried("filters.create", () => v1.filters.create({ phrase: "x", context: ["home"] }));
for (const each of ["fetch", "update", "remove"]) {
  await tried(`filters.${each}`, () => v1.filters.$select(older.id)[each](
    ...(each === "update" ? [{ phrase: "y", context: ["home"] }] : [])));
}
await tried("markers.create", () => v1.markers.create({ home: { lastReadId: status.id } }));
await tried("markers.fetch", () => v1.markers.fetch({ timeline: ["home", "notifications"] }));
const talks = await v1.conversations.list();
await tried("conversations.read", () => v1.conversations.$select(talks[0].id).read());
await tried("conversations.unread", () => v1.conversations.$select(talks[0].id).unread());
await tried("conversations.remove", () => v1.conversations.$select(talks[0].id).remove());
await tried("push.create", () => v1.push.subscription.create({
  subscription: { endpoint: "https://push.example/1", keys: {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", auth: "8eDyX_uCN0XRhSbY5hs7Hg" } },
  data: { alerts: { mention: true } }, policy: "all" }));
await tried("push.fetch", () => v1.push.subscription.fetch());
await tried("push.update", () => v1.push.subscription.update({ data: { alerts: { follow: true } }, policy: "all" }));
await tried("push.remove", () => v1.push.subscription.remove());
await tried("statuses.remove", () => mine.remove());
await tried("emails.confirmations", () => v1.emails.confirmations.create());
await tried("annualReports.list", () => v1.annualReports.list());
await tried("collections", () => his.collections.list());
told();
