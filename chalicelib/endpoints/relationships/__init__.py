"""How accounts stand to each other: follows, requests, blocks, mutes, subscriptions, lists."""
