"""The Weibo side, as the platform contract (part B) describes it."""
