"""The Weibo channel."""
